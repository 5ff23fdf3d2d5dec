import { compile } from "#kernels/core";
import type { CoreExports } from "./exports";
import { binary } from "./lease";

/** All kernels of the main entry. */
export const core = binary<CoreExports>(compile);
