import {
  adasyn,
  borderlineSmote,
  geometricSmote,
  gkSmote,
  kdeOversample,
  kmeansSmote,
  leeSmote,
  polynomFitSmote,
  prowsyn,
  randomOversample,
  safeLevelSmote,
  smote,
  svmSmote,
} from "../../bindings/index";
import { contract, KINDS } from "./contract";

const MEASURED = KINDS.filter((kinds) => kinds.some((kind) => kind !== "nominal"));
const FEW = { onTooFew: "reduce" } as const;

contract({ name: "smote", kinds: KINDS, make: (options) => smote({ ...FEW, ...(options as object) }) });
contract({ name: "randomOversample", kinds: KINDS, make: (options) => randomOversample(options as object) });
contract({
  name: "randomOversample with shrinkage",
  kinds: MEASURED,
  make: (options) => randomOversample({ shrinkage: 0.5, ...(options as object) }),
});
contract({ name: "kdeOversample", kinds: MEASURED, make: (options) => kdeOversample(options as object) });
contract({
  name: "kdeOversample by likelihood",
  kinds: MEASURED,
  make: (options) => kdeOversample({ bandwidth: "likelihood", ...(options as object) }),
});
contract({
  name: "kdeOversample by local density",
  kinds: MEASURED,
  unstored: true,
  make: (options) => kdeOversample({ bandwidth: { abramson: "scott" }, ...(options as object) }),
});
contract({
  name: "borderlineSmote",
  kinds: KINDS,
  make: (options) => borderlineSmote({ ...FEW, onNoDanger: "all", ...(options as object) }),
});
contract({
  name: "borderlineSmote of kind 2",
  kinds: KINDS,
  companions: 0.5,
  make: (options) => borderlineSmote({ ...FEW, kind: 2, onNoDanger: "all", nominal: "parent", ...(options as object) }),
});
contract({ name: "adasyn", kinds: KINDS, weighted: true, make: (options) => adasyn({ ...FEW, ...(options as object) }) });
contract({
  name: "safeLevelSmote",
  kinds: KINDS,
  weighted: true,
  make: (options) => safeLevelSmote({ ...FEW, onNoSafe: "all", ...(options as object) }),
});
contract({ name: "prowsyn", kinds: KINDS, weighted: true, make: (options) => prowsyn({ ...FEW, ...(options as object) }) });
contract({
  name: "kmeansSmote",
  kinds: KINDS,
  weighted: true,
  make: (options) => kmeansSmote({ ...FEW, clusters: 4, minShare: 0, onNoCluster: "all", ...(options as object) }),
});
contract({
  name: "kmeansSmote of one cluster",
  kinds: KINDS,
  make: (options) => kmeansSmote({ ...FEW, clusters: 1, ...(options as object) }),
});
contract({
  name: "svmSmote",
  kinds: KINDS,
  lowestGap: -0.5,
  compatShares: true,
  make: (options) => svmSmote({ ...FEW, onAllNoise: "all", ...(options as object) }),
});
contract({
  name: "leeSmote",
  kinds: KINDS,
  weighted: true,
  unstored: true,
  make: (options) => leeSmote({ ...FEW, ...(options as object) }),
});
contract({ name: "geometricSmote", kinds: KINDS, companions: 1, make: (options) => geometricSmote({ ...FEW, ...(options as object) }) });
contract({
  name: "geometricSmote to the minority",
  kinds: KINDS,
  make: (options) => geometricSmote({ ...FEW, selection: "minority", deformation: 0.5, ...(options as object) }),
});
contract({
  name: "geometricSmote to the majority",
  kinds: KINDS,
  companions: 1,
  make: (options) => geometricSmote({ selection: "majority", nominal: "parent", ...(options as object) }),
});
contract({ name: "gkSmote", kinds: KINDS, weighted: true, unstored: true, make: (options) => gkSmote({ ...FEW, ...(options as object) }) });
contract({
  name: "gkSmote as its repository",
  kinds: KINDS,
  weighted: true,
  make: (options) => gkSmote({ ...FEW, mode: "repository", ...(options as object) }),
});
for (const [topology, kinds] of [
  ["star", MEASURED],
  ["bus", KINDS],
  ["mesh", KINDS],
  ["poly", MEASURED],
] as const) {
  contract({
    name: `polynomFitSmote as ${topology}`,
    kinds,
    weighted: topology === "bus",
    make: (options) => polynomFitSmote({ topology, ...(options as object) }),
  });
}
