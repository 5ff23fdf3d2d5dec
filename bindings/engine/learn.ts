import { compile, instantiate } from "#kernels/learn";
import type { LearnExports } from "./exports";
import { binary } from "./lease";

/** The kernels of logistic regression. Marked as free of effects, so that a bundle without it goes without them. */
export const learn = /* @__PURE__ */ binary(compile, (module) => instantiate(module) as unknown as LearnExports);
