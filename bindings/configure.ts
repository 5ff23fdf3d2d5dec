import { checkOptions, show } from "./check";
import { core } from "./engine/core";
import { limitMemory } from "./engine/lease";
import { InputError } from "./errors";
import { makeLanesBy, type LaneMaker } from "./run/lanes";

export interface Configuration {
  /** "counterpoise/kernels.wasm", compiled by the caller, for hosts that forbid compiling at run time. */
  readonly module?: WebAssembly.Module | undefined;
  /** Bytes that one call may use inside WebAssembly; default and most: 4 GiB. A call that needs more fails at once and says how much. */
  readonly memoryLimit?: number | undefined;
  /**
   * Makes a worker that imports "counterpoise/lane", for folds and divisions to share the threads of a browser: `() => new Worker(new URL("./lane.js", import.meta.url), { type: "module" })`, where lane.js is a file of
   * yours with `import "counterpoise/lane";`. Node, Deno and Bun need none as long as the library is not bundled.
   */
  readonly lane?: LaneMaker | undefined;
}

/**
 * The only global settings; not needed as a rule.
 * @throws {InputError} for anything else than these settings.
 */
export function configure(settings: Configuration): void {
  checkOptions("configure", settings ?? null, ["module", "memoryLimit", "lane"]);
  const { module, memoryLimit, lane } = settings;
  if (module !== undefined && !isModule(module)) {
    throw new InputError("OPTION", `module is ${show(module)}, but needs a WebAssembly.Module; try await WebAssembly.compile(bytes).`);
  }
  if (memoryLimit !== undefined && !(typeof memoryLimit === "number" && memoryLimit >= 65536)) {
    throw new InputError("OPTION", `memoryLimit is ${show(memoryLimit)}, but needs a number of bytes of at least 65536.`);
  }
  if (lane !== undefined && typeof lane !== "function") {
    throw new InputError("OPTION", `lane is ${show(lane)}, but needs a function that makes a worker.`);
  }
  if (lane) makeLanesBy(lane);
  if (module) {
    core.module = module;
    core.idle.length = 0;
  }
  if (memoryLimit !== undefined) limitMemory(memoryLimit);
}

/** Whether it is a compiled module, also of another realm, which `instanceof` does not know. */
function isModule(value: unknown): value is WebAssembly.Module {
  try {
    return WebAssembly.Module.exports(value as WebAssembly.Module).length > 0;
  } catch {
    return false;
  }
}
