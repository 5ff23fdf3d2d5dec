import type { StatsExports } from "../engine/exports";
import type { Instance } from "../engine/lease";
import { estimated, type Work } from "../run/work";
import { biasOf, kernelSums, machineBytes, solve, stepCost, type Problem } from "./machine";
import { solveSifted } from "./sieve";

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
  /** Rows beyond which those that matter are sought first (`solveSifted`), by a pilot of half as many of each class. Default 4096. */
  readonly siftBeyond?: number;
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

/** Work of a problem, if a tenth of the rows are support vectors. */
export function supportWork(n: number, d: number): number {
  return (n * stepCost(n, d)) / 10;
}

/** 1 / (columns · variance of all cells), scikit-learn's gamma: "scale"; 1 where all cells are equal. */
export function scaleGamma(values: Float64Array, d: number): number {
  const n = values.length;
  let [mean, squares] = [0, 0];
  for (let at = 0; at < n; at++) mean += values[at]! / n;
  for (let at = 0; at < n; at++) squares += ((values[at]! - mean) * (values[at]! - mean)) / n;
  return squares > 0 ? 1 / (d * squares) : 1;
}

/**
 * The support vector classifier (C-SVC) of two classes with a Gaussian kernel, by sequential minimal optimization with second-order working sets (Fan, Chen, Lin, JMLR 6, 2005), as
 * in libsvm, and without its shrinking: of many rows those that may matter are found first (`solveSifted`), which changes the time only. Of equally good pairs the first rows are taken.
 */
export async function supportVectors(
  instance: Instance<StatsExports>,
  work: Work,
  { values, n, d, signs }: TwoClasses,
  { costs, gamma, tolerance, maxIterations, cacheBytes = 1e8, siftBeyond = 4096 }: SupportVectorOptions,
): Promise<SupportVectors> {
  instance.arena.reserve(machineBytes(n, d, cacheBytes), `Finding support vectors among ${n} rows of ${d} columns`);
  const problem: Problem = {
    values: spread(values, values, d, gamma),
    n,
    d,
    signs,
    limits: signs.map((sign) => costs[sign > 0 ? 1 : 0]),
    alphas: new Float64Array(n),
    gains: Float64Array.from(signs),
  };
  const counted = estimated(work, supportWork(n, d));
  const until = { tolerance, most: maxIterations, cacheBytes };
  const { steps, gap } = await (n > siftBeyond
    ? solveSifted(instance, counted, problem, until, Math.max(1, siftBeyond / 2))
    : solve(instance, counted, problem, until));
  await counted.finish();
  const { alphas } = problem;
  return {
    alphas,
    bias: biasOf(problem),
    supportIndices: Uint32Array.from(alphas.keys()).filter((i) => alphas[i]! > 0),
    iterations: steps,
    gap,
  };
}

/** Rows about the problem's first, so that large values close together keep their digits, times the root of gamma / ln 2: 2^−squared distance is the kernel. */
function spread(rows: Float64Array, values: Float64Array, d: number, gamma: number): Float64Array {
  const factor = Math.min(Math.sqrt(gamma * Math.LOG2E), 1e150);
  return rows.map((value, at) => (value - values[at % d]!) * factor);
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
  const support = new Float64Array(supportIndices.length * d);
  supportIndices.forEach((i, t) => support.set(values.subarray(i * d, i * d + d), t * d));
  const coefficients = Float64Array.from(supportIndices, (i) => signs[i]! * alphas[i]!);
  const [rows, asked] = [support, queries].map((each) => spread(each, values, d, gamma)) as [Float64Array, Float64Array];
  const sums = await kernelSums(instance, work, rows, coefficients, d, asked);
  return sums.map((sum) => sum + bias);
}
