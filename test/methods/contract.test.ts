import { randomOversample, smote } from "../../bindings/index";
import { contract, KINDS } from "./contract";

contract({ name: "smote", kinds: KINDS, make: (options) => smote({ onTooFew: "reduce", ...(options as object) }) });
contract({ name: "randomOversample", kinds: KINDS, make: (options) => randomOversample(options as object) });
contract({
  name: "randomOversample with shrinkage",
  kinds: KINDS.filter((kinds) => kinds.some((kind) => kind !== "nominal")),
  make: (options) => randomOversample({ shrinkage: 0.5, ...(options as object) }),
});
