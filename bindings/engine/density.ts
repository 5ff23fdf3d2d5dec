import { compile, instantiate } from "#kernels/density";
import type { DensityExports } from "./exports";
import { binary } from "./lease";

/** The kernels of densities and of classifiers made of kernels. Marked as free of effects, so that a bundle without them goes without them. */
export const density = /* @__PURE__ */ binary(compile, (module) => instantiate(module) as unknown as DensityExports);
