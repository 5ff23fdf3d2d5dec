import type { Pointer, StatsExports } from "../engine/exports";
import type { Instance } from "../engine/lease";
import { blockSizes, inBlocks, type Work } from "../run/work";

/** A classifier's problem, or some of its rows, and how far it is solved. Rows are scaled so that their kernel is 2^−squared distance. */
export interface Problem {
  /** f64 (n, d). */
  readonly values: Float64Array;
  readonly n: number;
  readonly d: number;
  /** f64 (n): 1 or −1. */
  readonly signs: Float64Array;
  /** f64 (n): the most that an alpha may be, C. */
  readonly limits: Float64Array;
  /** f64 (n). */
  readonly alphas: Float64Array;
  /** f64 (n): sign − Σ alpha · sign · kernel, over all rows of the whole problem. */
  readonly gains: Float64Array;
}

/** When a problem is taken as solved. */
export interface Until {
  readonly tolerance: number;
  /** Steps. */
  readonly most: number;
  readonly cacheBytes: number;
}

/** Work of a step on n rows: it goes over them twice; a kernel row that is not at hand costs d multiply-adds and an exponential for each. */
export function stepCost(n: number, d: number): number {
  return n * (d + 10);
}

function wide(n: number): number {
  return 8 * Math.ceil(n / 8);
}

/** Rows of the kernel that the cache holds. */
function slotsFor(n: number, bytes: number): number {
  return Math.max(2, Math.min(n, Math.floor(bytes / (4 * wide(n)))));
}

/** Bytes that solving n rows takes. */
export function machineBytes(n: number, d: number, cacheBytes: number): number {
  return wide(n) * (16 * d + 8 * 7 + 4 * (1 + slotsFor(n, cacheBytes))) + 16 * d + 1e4;
}

/** Alphas and gains ← those at the optimum, or after `most` steps. Returns the steps, and by how much two rows still violate the conditions of the optimum. */
export async function solve(
  { arena, kernels }: Instance<StatsExports>,
  work: Pick<Work, "step">,
  { values, n, d, signs, limits, alphas, gains }: Problem,
  { tolerance, most, cacheBytes }: Until,
): Promise<{ readonly steps: number; readonly gap: number }> {
  return arena.during(async () => {
    const slots = slotsFor(n, cacheBytes);
    const [rows, packed] = [arena.put(values), arena.room(Float64Array, (n + 1) * d)];
    kernels.pack_pairs(packed, rows, n, d);
    const alpha = arena.put(alphas);
    const [gain, ups, downs, squares] = [0, 0, 0, 0].map(() => arena.room(Float64Array, wide(n))) as [number, number, number, number];
    arena.view(Float64Array, gain, n).set(gains);
    const at = arena.allocate<"machine">(kernels.machine_bytes());
    kernels.set_machine(
      at,
      alpha,
      arena.put(limits),
      arena.put(signs),
      gain,
      ups,
      downs,
      rows,
      packed,
      squares,
      arena.room(Float32Array, slots * wide(n)),
      arena.room(Uint32Array, n),
      arena.room(Uint32Array, slots),
      arena.room(Uint32Array, slots),
      n,
      d,
      slots,
      tolerance,
    );
    const size = blockSizes();
    const cost = stepCost(n, d);
    let done = 0;
    for (let steps = 1, taken = 1; taken === steps && done < most;) {
      steps = Math.min(most - done, Math.max(1, Math.floor(size() / cost)));
      taken = kernels.solve_machine(at, steps);
      done += taken;
      await work.step(taken * cost);
    }
    alphas.set(arena.view(Float64Array, alpha, n));
    gains.set(arena.view(Float64Array, gain, n));
    return { steps: done, gap: kernels.machine_gap(at) };
  });
}

/** f64 (m): Σ coefficients (n) · kernel with rows f64 (n, d), for each query of f64 (m, d). */
export async function kernelSums(
  { arena, kernels }: Instance<StatsExports>,
  work: Pick<Work, "step">,
  rows: Float64Array,
  coefficients: Float64Array,
  d: number,
  queries: Float64Array,
): Promise<Float64Array> {
  const [n, m] = [coefficients.length, d ? queries.length / d : 0];
  return arena.during(async () => {
    const packed: Pointer<Float64Array> = arena.room(Float64Array, (n + 1) * d);
    arena.scope(() => kernels.pack_pairs(packed, arena.put(rows), n, d));
    const [weights, squares] = [arena.put(coefficients), arena.put(new Float64Array(wide(n)))];
    const [row, asked, out] = [arena.room(Float32Array, wide(n)), arena.put(queries), arena.room(Float64Array, m)];
    await inBlocks(work, m, stepCost(n + 1, d), (from, to) =>
      kernels.sum_kernels(out, asked, packed, weights, row, squares, n, d, from, to),
    );
    return arena.take(Float64Array, out, m);
  });
}

/** Where free rows lie on their margins: their mean; without any, the middle of what the others allow. */
export function biasOf(problem: Problem): number {
  let [free, sum] = [0, 0];
  problem.gains.forEach((gain, i) => {
    if (!waysOf(problem, i).every(Boolean)) return;
    free++;
    sum += gain;
  });
  if (free > 0) return sum / free;
  const [low, high] = edgesOf(problem);
  return low > -Infinity && high < Infinity ? (low + high) / 2 : Math.max(low, Math.min(high, 0));
}

/** The largest gain of an alpha that may move along its sign, and the least of one that may move against it. */
export function edgesOf(problem: Problem): readonly [highest: number, lowest: number] {
  let [highest, lowest] = [-Infinity, Infinity];
  problem.gains.forEach((gain, i) => {
    const [up, down] = waysOf(problem, i);
    if (up) highest = Math.max(highest, gain);
    if (down) lowest = Math.min(lowest, gain);
  });
  return [highest, lowest];
}

/** Whether an alpha may move along its sign, and against it. */
export function waysOf({ signs, limits, alphas }: Problem, i: number): readonly [up: boolean, down: boolean] {
  const [more, less] = [alphas[i]! < limits[i]!, alphas[i]! > 0];
  return signs[i]! > 0 ? [more, less] : [less, more];
}
