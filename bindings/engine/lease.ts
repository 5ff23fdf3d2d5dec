import { environmentError } from "../errors";
import { Arena } from "./arena";
import type { MemoryExports } from "./exports";

/** One instance of a binary and the memory it owns. */
export interface Instance<E> {
  readonly kernels: E;
  readonly arena: Arena;
}

/** A binary: how to get it, how to make instances, and the idle ones. */
export interface Binary<E> {
  readonly compile: () => WebAssembly.Module;
  readonly instantiate: (module: WebAssembly.Module) => E;
  module: WebAssembly.Module | undefined;
  readonly idle: Instance<E>[];
}

export function binary<E>(compile: () => WebAssembly.Module, instantiate: (module: WebAssembly.Module) => E): Binary<E> {
  return { compile, instantiate, module: undefined, idle: [] };
}

/** Memory cannot shrink, so an instance that has used more than this is dropped after its call. */
const KEPT_BYTES = 64 * 1024 * 1024;
const KEPT_INSTANCES = 4;
const LARGEST_MEMORY = 65536 * 65536;

let memoryLimit = LARGEST_MEMORY;

export const memoryLimitNow = (): number => memoryLimit;

/** Bytes one instance may grow to. */
export function limitMemory(bytes: number): void {
  memoryLimit = Math.min(bytes, LARGEST_MEMORY);
}

/**
 * Runs `work` with an instance of its own, so that overlapping and nested calls never meet. An instance whose arena did not come back to where it was is not
 * used again.
 */
export async function withInstance<E extends MemoryExports, R>(from: Binary<E>, work: (instance: Instance<E>) => Promise<R>): Promise<R> {
  const instance = lease(from);
  try {
    return await work(instance);
  } finally {
    giveBack(from, instance);
  }
}

/** As `withInstance`, for work that does not wait. */
export function withInstanceNow<E extends MemoryExports, R>(from: Binary<E>, work: (instance: Instance<E>) => R): R {
  const instance = lease(from);
  try {
    return work(instance);
  } finally {
    giveBack(from, instance);
  }
}

/** An instance that nobody else has. */
export function lease<E extends MemoryExports>(from: Binary<E>): Instance<E> {
  const idle = from.idle.pop();
  if (idle) return idle;
  const kernels = from.instantiate((from.module ??= compiled(from)));
  return { kernels, arena: new Arena(kernels.memory, kernels.heap_base.value as number, () => memoryLimit) };
}

function giveBack<E>(to: Binary<E>, instance: Instance<E>): void {
  const { arena } = instance;
  if (arena.top === arena.base && arena.most <= KEPT_BYTES && to.idle.length < KEPT_INSTANCES) to.idle.push(instance);
}

function compiled<E>(from: Binary<E>): WebAssembly.Module {
  try {
    return from.compile();
  } catch (cause) {
    if (/eval|polic|CSP|disallowed/i.test(String(cause))) {
      throw environmentError(
        "WASM_BLOCKED",
        "Compiling WebAssembly is forbidden here; allow it with the header Content-Security-Policy: script-src 'wasm-unsafe-eval'.",
        cause,
      );
    }
    throw environmentError(
      "NO_SIMD",
      "This runtime cannot compile WebAssembly with SIMD; Node 20.19, Chrome 91, Firefox 89 and Safari 16.4 can.",
      cause,
    );
  }
}
