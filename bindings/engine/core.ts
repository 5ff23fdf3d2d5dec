import { compile, instantiate } from "#kernels/core";
import type { CoreExports } from "./exports";
import { binary } from "./lease";

/** All kernels of the main entry. */
export const core = binary(compile, (module) => instantiate(module) as unknown as CoreExports);
