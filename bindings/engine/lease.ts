import { instantiateSync } from "@assemblyscript/loader";
import { environmentError } from "../errors";
import { Arena } from "./arena";
import type { SamplingExports } from "./exports";

/** One instance of a binary and the memory it owns. */
export interface Instance<E> {
  readonly kernels: E;
  readonly arena: Arena;
}

/** A binary: how to get it, and the idle instances made of it. */
export interface Binary<E> {
  readonly compile: () => WebAssembly.Module;
  module: WebAssembly.Module | undefined;
  readonly idle: Instance<E>[];
}

export function binary<E>(compile: () => WebAssembly.Module): Binary<E> {
  return { compile, module: undefined, idle: [] };
}

/** Memory cannot shrink, so an instance that grew beyond this is dropped after its call. */
const KEPT_BYTES = 64 * 1024 * 1024;
const KEPT_INSTANCES = 4;
const LARGEST_MEMORY = 65536 * 65536;

let memoryLimit = LARGEST_MEMORY;

/** Bytes one instance may grow to. */
export function limitMemory(bytes: number): void {
  memoryLimit = Math.min(bytes, LARGEST_MEMORY);
}

/**
 * Runs `work` with an instance of its own, so that overlapping and nested calls never meet. An instance whose arena did not come back to where it was is not
 * used again.
 */
export async function withInstance<E extends SamplingExports, R>(from: Binary<E>, work: (instance: Instance<E>) => Promise<R>): Promise<R> {
  const instance = lease(from);
  try {
    return await work(instance);
  } finally {
    giveBack(from, instance);
  }
}

/** As `withInstance`, for work that does not wait. */
export function withInstanceNow<E extends SamplingExports, R>(from: Binary<E>, work: (instance: Instance<E>) => R): R {
  const instance = lease(from);
  try {
    return work(instance);
  } finally {
    giveBack(from, instance);
  }
}

function lease<E extends SamplingExports>(from: Binary<E>): Instance<E> {
  const idle = from.idle.pop();
  if (idle) return idle;
  from.module ??= compiled(from);
  const exports = instantiateSync(from.module, {}).exports as unknown as E & { heap_base: WebAssembly.Global };
  return { kernels: exports, arena: new Arena(exports.memory, exports.heap_base.value as number, () => memoryLimit) };
}

function giveBack<E>(to: Binary<E>, instance: Instance<E>): void {
  const { arena } = instance;
  if (arena.top === arena.base && arena.bytes <= KEPT_BYTES && to.idle.length < KEPT_INSTANCES) to.idle.push(instance);
}

function compiled<E>(from: Binary<E>): WebAssembly.Module {
  if (typeof WebAssembly === "undefined") {
    throw environmentError("NO_WEBASSEMBLY", "counterpoise needs WebAssembly, which this runtime does not have; use a newer runtime.");
  }
  try {
    return from.compile();
  } catch (cause) {
    const reason = String((cause as Error)?.message ?? cause);
    if (/unsafe-eval|content security|disallowed by embedder|code generation/i.test(reason)) {
      throw environmentError(
        "WASM_BLOCKED",
        "This page or runtime forbids compiling WebAssembly; allow it with the header Content-Security-Policy: script-src 'self' 'wasm-unsafe-eval', or hand in a compiled module with configure({ module }).",
        cause,
      );
    }
    throw environmentError(
      "NO_SIMD",
      "This runtime could not compile counterpoise's WebAssembly, which uses SIMD; Node 20.19, Chrome 91, Firefox 89 and Safari 16.4 or newer can.",
      cause,
    );
  }
}
