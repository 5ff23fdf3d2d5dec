import type { Instance } from "./engine/lease";
import type { KernelExports } from "./engine/exports";

/**
 * Random draws. Each is a function of (seed, purpose, class, row of the stream, slot) by Philox4x32-10, so that no result depends on an order,
 * a block or a thread.
 */
export const PURPOSE = {
  base: 1,
  neighbor: 2,
  gap: 3,
  vote: 4,
  jitter: 5,
  split: 6,
  batch: 7,
  stay: 8,
  cluster: 20,
  fold: 21,
  beta: 22,
} as const;
/** Apart, because the smallest entries need none of them. */
export const SUBSET = 41;
export const SAMPLE = 42;
/** One of these, or of a room whose bundle is its own: density/noise.ts. */
export type Purpose = number;

/** Whose draws: a seed and a class code. */
export interface Draws {
  readonly seed: number;
  readonly label: number;
}

/** The four words a kernel takes: the seed's two halves, what for, and which class. */
export function stream(draws: Draws, purpose: Purpose): [seedLow: number, seedHigh: number, purpose: number, label: number] {
  return [draws.seed >>> 0, Math.floor(draws.seed / 4294967296), purpose, draws.label];
}

/** `count` numbers uniform on [0, 1), of rows `from`, `from` + 1, …: f64 (count). */
export function units(
  { kernels, arena }: Instance<KernelExports>,
  draws: Draws,
  purpose: Purpose,
  from: number,
  count: number,
): Float64Array {
  return arena.scope(() => {
    const at = arena.room(Float64Array, count);
    kernels.draw_units(at, count, ...stream(draws, purpose), from);
    return arena.take(Float64Array, at, count);
  });
}

/** `count` whole numbers uniform on 0 … bound − 1, bound at most 2^32, of rows `from`, `from` + 1, …: u32 (count). */
export function integers(
  instance: Instance<KernelExports>,
  draws: Draws,
  purpose: Purpose,
  bound: number,
  from: number,
  count: number,
): Uint32Array {
  return Uint32Array.from(units(instance, draws, purpose, from, count), (unit) => unit * bound);
}

/**
 * The first row whose running sum exceeds the place, or the last row: a draw by weight, from a place below the total. Where sums are about row numbers, as those of a plan are, the first
 * guess is near, and from there on halves are guessed well by the processor too (5000 alike: 30 ns instead of 100).
 */
export function rowAt(cumulative: Float64Array, place: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  for (let middle = Math.min(high - 1, place >>> 0); low < high; middle = (low + high) >> 1) {
    if (cumulative[middle]! > place) high = middle;
    else low = middle + 1;
  }
  return low;
}
