import { compile, instantiate } from "#kernels/core";
import type { CoreExports } from "./exports";
import { binary } from "./lease";

/** All kernels of the main entry. */
export const core = binary(compile, instantiate as unknown as (module: WebAssembly.Module) => CoreExports);
