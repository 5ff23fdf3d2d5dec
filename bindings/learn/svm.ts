import type { MachinePointer, StatsExports } from "../engine/exports";
import type { Instance } from "../engine/lease";
import { BLOCK, blockSizes, estimated, type Work } from "../run/work";

/** Rows of two classes. */
export interface TwoClasses {
  /** f64 (n, d), complete, of widths near 1 (`unitScale`). */
  readonly values: Float64Array;
  readonly n: number;
  readonly d: number;
  /** f64 (n): 1 or −1. */
  readonly signs: Float64Array;
}

export interface SupportVectorOptions {
  /** What a row on the wrong side costs, C, for the rows of sign −1 and of sign 1. */
  readonly costs: readonly [negative: number, positive: number];
  /** Of the kernel exp(−gamma · squared distance). */
  readonly gamma: number;
  /** Solved when no pair of rows violates the conditions of an optimum by more. libsvm's default: 1e-3. */
  readonly tolerance: number;
  /** Steps after which it is left as it is. */
  readonly maxIterations: number;
  /** Bytes for rows of the kernel, at least two of which are kept; never changes the result. Default 1e8, half of libsvm's. */
  readonly cacheBytes?: number;
}

/** A solved problem: row x is on the side of sign(bias + Σ alphas · signs · kernel(x, row)). */
export interface SupportVectors {
  /** f64 (n). */
  readonly alphas: Float64Array;
  readonly bias: number;
  /** u32: rows whose alpha is above 0, ascending. */
  readonly supportIndices: Uint32Array;
  readonly iterations: number;
  /** By how much the conditions are violated still. */
  readonly gap: number;
}

/** Work of a problem, if it takes as many steps as there are rows and computes half as many rows of the kernel. */
export function supportWork(n: number, d: number): number {
  return (n * stepCost(n, d)) / 2;
}

/** A step goes over all rows four times; a kernel row that is not at hand costs d multiply-adds and an exponential for each. */
function stepCost(n: number, d: number): number {
  return n * (d + 40);
}

/** Bytes that it takes. */
export function supportBytes(n: number, d: number, cacheBytes?: number): number {
  return n * (16 * d + 8 * 5 + 4) + 4 * (n + 2) * slotsFor(n, cacheBytes) + 16 * d + 1e4;
}

/** 1 / (columns · variance of all cells), scikit-learn's gamma: "scale"; 1 where all cells are equal. */
export function scaleGamma(values: Float64Array, d: number): number {
  const n = values.length;
  let [mean, squares] = [0, 0];
  for (const value of values) mean += value / n;
  for (const value of values) squares += ((value - mean) * (value - mean)) / n;
  return squares > 0 ? 1 / (d * squares) : 1;
}

/**
 * The support vector classifier (C-SVC) of two classes with a Gaussian kernel, by sequential minimal optimization with second-order working sets (Fan, Chen, Lin, JMLR 6, 2005), as
 * in libsvm; without shrinking, which changes the time only. Of equally good pairs the first rows are taken.
 */
export async function supportVectors(
  instance: Instance<StatsExports>,
  work: Work,
  { values, n, d, signs }: TwoClasses,
  { costs, gamma, tolerance, maxIterations, cacheBytes }: SupportVectorOptions,
): Promise<SupportVectors> {
  const { arena, kernels } = instance;
  arena.reserve(supportBytes(n, d, cacheBytes), `Finding support vectors among ${n} rows of ${d} columns`);
  return arena.during(async () => {
    const slots = slotsFor(n, cacheBytes);
    const rows = arena.put(values);
    const packed = arena.room(Float64Array, (n + 1) * d);
    kernels.pack_pairs(packed, rows, n, d);
    const alphas = arena.room(Float64Array, n);
    const gradient = arena.room(Float64Array, n);
    const limits = arena.put(signs.map((sign) => costs[sign > 0 ? 1 : 0]));
    const at = arena.allocate<"machine">(kernels.machine_bytes());
    kernels.set_machine(
      at,
      alphas,
      gradient,
      limits,
      arena.put(signs),
      rows,
      packed,
      arena.room(Float64Array, n + 1),
      arena.room(Float32Array, slots * n),
      arena.room(Uint32Array, n),
      arena.room(Uint32Array, slots),
      arena.room(Uint32Array, slots),
      n,
      d,
      slots,
      gamma,
      tolerance,
    );
    const iterations = await solve(instance, estimated(work, supportWork(n, d)), at, stepCost(n, d), maxIterations);
    const solved = arena.take(Float64Array, alphas, n);
    return {
      alphas: solved,
      bias: biasOf(solved, arena.view(Float64Array, gradient, n), signs, costs),
      supportIndices: Uint32Array.from(solved.keys()).filter((i) => solved[i]! > 0),
      iterations,
      gap: kernels.machine_gap(at),
    };
  });
}

async function solve(
  { kernels }: Instance<StatsExports>,
  work: ReturnType<typeof estimated>,
  at: MachinePointer,
  cost: number,
  most: number,
): Promise<number> {
  const size = blockSizes();
  for (let done = 0; ;) {
    const steps = Math.min(most - done, Math.max(1, Math.floor(size() / cost)));
    const taken = kernels.solve_machine(at, steps);
    done += taken;
    if (taken < steps || done === most) {
      await work.finish();
      return done;
    }
    await work.step(taken * cost);
  }
}

/** Rows of the kernel that the cache holds. */
function slotsFor(n: number, bytes = 1e8): number {
  return Math.max(2, Math.min(n, Math.floor(bytes / (4 * n))));
}

/** Where free rows lie on their margins: their mean; without any, the middle of what the others allow. */
function biasOf(alphas: Float64Array, gradient: Float64Array, signs: Float64Array, costs: readonly [number, number]): number {
  let [free, sum, low, high] = [0, 0, -Infinity, Infinity];
  alphas.forEach((alpha, i) => {
    const sign = signs[i]!;
    const place = -sign * gradient[i]!;
    if (alpha > 0 && alpha < costs[sign > 0 ? 1 : 0]) {
      free++;
      sum += place;
    } else if (alpha > 0 === sign > 0) high = Math.min(high, place);
    else low = Math.max(low, place);
  });
  if (free > 0) return sum / free;
  return low > -Infinity && high < Infinity ? (low + high) / 2 : Math.max(low, Math.min(high, 0));
}

/** f64 (m): bias + Σ alphas · signs · kernel for each query of f64 (m, d). */
export async function decisionValues(
  instance: Instance<StatsExports>,
  work: Work,
  { values, d, signs }: TwoClasses,
  { alphas, bias, supportIndices }: SupportVectors,
  gamma: number,
  queries: Float64Array,
): Promise<Float64Array> {
  const { arena, kernels } = instance;
  const m = d ? queries.length / d : 0;
  const s = supportIndices.length;
  return arena.during(async () => {
    const support = new Float64Array(s * d);
    supportIndices.forEach((i, t) => support.set(values.subarray(i * d, i * d + d), t * d));
    const packed = arena.room(Float64Array, (s + 1) * d);
    arena.scope(() => kernels.pack_pairs(packed, arena.put(support), s, d));
    const coefficients = arena.put(Float64Array.from(supportIndices, (i) => signs[i]! * alphas[i]!));
    const squares = arena.room(Float64Array, s + 1);
    const [asked, out] = [arena.put(queries), arena.room(Float64Array, m)];
    const cost = s * (d + 20) + 1;
    const block = Math.max(1, Math.floor(BLOCK / cost));
    for (let from = 0; from < m; from += block) {
      const to = Math.min(m, from + block);
      kernels.decide_rows(out, asked, packed, coefficients, squares, s, d, gamma, bias, from, to);
      await work.step((to - from) * cost);
    }
    return arena.take(Float64Array, out, m);
  });
}
