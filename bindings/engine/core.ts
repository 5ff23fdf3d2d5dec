import { instantiateSync } from "@assemblyscript/loader";
import { compile } from "#kernels/core";
import type { CoreExports } from "./exports";
import { binary, exportsOf } from "./lease";

/**
 * All kernels of the main entry. The loader turns a failed assertion of the debug twin into a readable error, but takes a module of another realm, which an edge
 * runtime's host compiles outside of the sandbox, for bytes.
 */
export const core = binary(compile, (module) => {
  const ours = module instanceof WebAssembly.Module;
  return (ours ? instantiateSync(module, {}).exports : exportsOf(module)) as unknown as CoreExports;
});
