import { environmentError } from "../errors";
import type { Pointer } from "./exports";

type Numbers = Uint8Array | Uint32Array | Int32Array | Float32Array | Float64Array;
type NumbersConstructor<T extends Numbers> = {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, at: number, length: number): T;
};

const PAGE = 65536;

/**
 * The memory of one instance as a stack: what is allocated above a mark is gone when the arena returns to it. The only file that looks at `memory.buffer`,
 * because growing detaches every view: ask for a view, use it, forget it.
 */
export class Arena {
  readonly base: number;
  /** First free byte. */
  top: number;
  /** The highest byte ever allocated: memory beyond it was reserved, but never touched. */
  most = 0;
  readonly #memory: WebAssembly.Memory;
  readonly #limit: () => number;

  constructor(memory: WebAssembly.Memory, base: number, limit: () => number) {
    this.#memory = memory;
    this.base = Math.ceil(base / 16) * 16;
    this.top = this.base;
    this.#limit = limit;
  }

  /** Room for `bytes`, 16-byte aligned, not cleared. */
  allocate<T>(bytes: number): Pointer<T> {
    this.reserve(bytes, "this call");
    const at = this.top;
    this.top += Math.ceil(bytes / 16) * 16;
    this.most = Math.max(this.most, this.top);
    return at;
  }

  /** Makes sure that `bytes` more can be allocated, or throws naming `what` needs them. Nothing is allocated yet. */
  reserve(bytes: number, what: string): void {
    const end = this.top + Math.ceil(bytes / 16) * 16 + 16;
    const refuse = (why: string, cause?: unknown): Error =>
      environmentError("OUT_OF_MEMORY", `${what} needs ${megabytes(end)} of memory, but ${why}; use fewer rows or columns.`, cause);
    const limit = this.#limit();
    if (end > limit) throw refuse(`memoryLimit is ${megabytes(limit)}`);
    const missing = end - this.#memory.buffer.byteLength;
    if (missing <= 0) return;
    try {
      this.#memory.grow(Math.ceil(missing / PAGE));
    } catch (cause) {
      throw refuse("the machine has less", cause);
    }
  }

  /** A copy of `values` in the arena. */
  put<T extends Numbers>(values: T): Pointer<T> {
    const at = this.allocate<T>(values.byteLength);
    this.view(values.constructor as NumbersConstructor<T>, at, values.length).set(values as never);
    return at;
  }

  /** Room for `length` numbers, not cleared. */
  room<T extends Numbers>(type: NumbersConstructor<T>, length: number): Pointer<T> {
    return this.allocate<T>(length * type.BYTES_PER_ELEMENT);
  }

  /** The numbers themselves, until the next allocation. */
  view<T extends Numbers>(type: NumbersConstructor<T>, at: Pointer<T>, length: number): T {
    return new type(this.#memory.buffer, at, length);
  }

  /** A copy of the numbers that outlives the arena. */
  take<T extends Numbers>(type: NumbersConstructor<T>, at: Pointer<T>, length: number): T {
    return this.view(type, at, length).slice() as T;
  }

  /** Runs `work` and then forgets all it allocated, also when it fails. */
  scope<R>(work: () => R): R {
    const mark = this.top;
    try {
      return work();
    } finally {
      this.top = mark;
    }
  }

  /** As `scope`, for work that waits. */
  async during<R>(work: () => Promise<R>): Promise<R> {
    const mark = this.top;
    try {
      return await work();
    } finally {
      this.top = mark;
    }
  }
}

function megabytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${Math.ceil(bytes / 1e8) / 10} GB`;
}
