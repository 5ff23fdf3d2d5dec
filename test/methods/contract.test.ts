import { kmeansSmote, randomOversample, smote, svmSmote } from "../../bindings/index";
import { contract, KINDS } from "./contract";

contract({ name: "smote", kinds: KINDS, make: (options) => smote({ onTooFew: "reduce", ...(options as object) }) });
contract({ name: "randomOversample", kinds: KINDS, make: (options) => randomOversample(options as object) });
contract({
  name: "randomOversample with shrinkage",
  kinds: KINDS.filter((kinds) => kinds.some((kind) => kind !== "nominal")),
  make: (options) => randomOversample({ shrinkage: 0.5, ...(options as object) }),
});
contract({
  name: "kmeansSmote",
  kinds: KINDS,
  uneven: true,
  make: (options) => kmeansSmote({ clusters: 4, minShare: 0, onTooFew: "reduce", onNoCluster: "all", ...(options as object) }),
});
contract({
  name: "kmeansSmote of one cluster",
  kinds: KINDS,
  make: (options) => kmeansSmote({ clusters: 1, onTooFew: "reduce", ...(options as object) }),
});
contract({
  name: "svmSmote",
  kinds: KINDS,
  uneven: true,
  lowestGap: -0.5,
  make: (options) => svmSmote({ onTooFew: "reduce", onAllNoise: "all", ...(options as object) }),
});
