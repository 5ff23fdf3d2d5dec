import { instantiateSync } from "@assemblyscript/loader";
import { compile } from "#kernels/core";
import type { CoreExports } from "./exports";
import { binary } from "./lease";

/** All kernels of the main entry. The loader turns a failed assertion of the debug twin into a readable error. */
export const core = binary(compile, (module) => instantiateSync(module, {}).exports as unknown as CoreExports);
