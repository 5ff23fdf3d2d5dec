import { compile } from "#kernels/generator";
import type { SamplingExports } from "./exports";
import { binary, exportsOf } from "./lease";

/** The kernels that make rows, alone. Without the loader, which would be a quarter of the entry they are for. */
export const sampling = binary(compile, (module) => exportsOf(module) as unknown as SamplingExports);
