import { compile, instantiate } from "#kernels/stats";
import type { StatsExports } from "./exports";
import { binary } from "./lease";

/** The kernels of clustering and of support vectors. Marked as free of effects, so that a bundle without their methods goes without them. */
export const stats = /* @__PURE__ */ binary(compile, (module) => instantiate(module) as unknown as StatsExports);
