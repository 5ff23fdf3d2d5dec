import { compile } from "#kernels/generator";
import type { SamplingExports } from "./exports";
import { binary } from "./lease";

/** The kernels that make rows, alone. Without the loader, which would be a quarter of the entry they are for. */
export const sampling = binary(
  compile,
  (module) => new WebAssembly.Instance(module, { env: { abort } }).exports as unknown as SamplingExports,
);

/** Only the debug twin has assertions to fail. */
function abort(_message: number, _file: number, line: number): never {
  throw new Error(`kernel assertion, line ${line}`);
}
