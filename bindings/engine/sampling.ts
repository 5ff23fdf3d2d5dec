import { compile, instantiate } from "#kernels/generator";
import type { SamplingExports } from "./exports";
import { binary } from "./lease";

/** The kernels that make rows, alone. */
export const sampling = binary(compile, instantiate as unknown as (module: WebAssembly.Module) => SamplingExports);
