import type { Numbers } from "../../../test/support/numbers";

/* Squared loss (θᵀx − y)² without an intercept: everything about it is sums over rows, so each size costs one small solve. */

/** n rows of d numbers, row after row. */
export interface Block {
  readonly d: number;
  readonly values: Float64Array;
}

/** Σ x xᵀ, Σ x y, Σ y² and the number of rows. */
export interface Sums {
  readonly d: number;
  readonly A: Float64Array;
  readonly b: Float64Array;
  square: number;
  n: number;
}

export function emptySums(d: number): Sums {
  return { d, A: new Float64Array(d * d), b: new Float64Array(d), square: 0, n: 0 };
}

export function sizeOf({ d, values }: Block): number {
  return values.length / d;
}

/** Some rows of a block. */
export function rowsOf({ d, values }: Block, rows: ArrayLike<number>): Block {
  const picked = new Float64Array(rows.length * d);
  for (let t = 0; t < rows.length; t++) picked.set(values.subarray(rows[t]! * d, (rows[t]! + 1) * d), t * d);
  return { d, values: picked };
}

/** Adds rows [from, to) with one target, each counted `weight` times. */
export function addRows(sums: Sums, { d, values }: Block, target: number, from = 0, to = values.length / d, weight = 1): Sums {
  for (let i = from; i < to; i++) {
    for (let a = 0, at = i * d; a < d; a++) {
      const x = weight * values[at + a]!;
      sums.b[a]! += x * target;
      for (let b = a; b < d; b++) sums.A[a * d + b]! += x * values[at + b]!;
    }
  }
  sums.square += weight * target * target * (to - from);
  sums.n += weight * (to - from);
  return sums;
}

/** Both, each times a factor. */
export function mixed(first: Sums, by: number, second: Sums, its: number): Sums {
  return {
    d: first.d,
    A: first.A.map((entry, at) => by * entry + its * second.A[at]!),
    b: first.b.map((entry, at) => by * entry + its * second.b[at]!),
    square: by * first.square + its * second.square,
    n: by * first.n + its * second.n,
  };
}

/** The optimum, with a tiny ridge. */
export function solveSums({ d, A, b }: Sums, ridge = 1e-8): Float64Array {
  const lines = Array.from({ length: d }, (_, i) => [
    ...Array.from({ length: d }, (_cell, j) => A[Math.min(i, j) * d + Math.max(i, j)]! + (i === j ? ridge : 0)),
    b[i]!,
  ]);
  for (let k = 0; k < d; k++) {
    for (let i = k + 1; i < d; i++) {
      const by = lines[i]![k]! / lines[k]![k]!;
      for (let j = k; j <= d; j++) lines[i]![j]! -= by * lines[k]![j]!;
    }
  }
  const theta = new Float64Array(d);
  for (let k = d - 1; k >= 0; k--) {
    let rest = lines[k]![d]!;
    for (let j = k + 1; j < d; j++) rest -= lines[k]![j]! * theta[j]!;
    theta[k] = rest / lines[k]![k]!;
  }
  return theta;
}

/** Mean loss over the rows of the sums. */
export function lossOf({ d, A, b, square, n }: Sums, theta: Float64Array): number {
  let sum = square;
  for (let i = 0; i < d; i++) {
    sum -= 2 * theta[i]! * b[i]!;
    for (let j = 0; j < d; j++) sum += theta[i]! * theta[j]! * A[Math.min(i, j) * d + Math.max(i, j)]!;
  }
  return sum / n;
}

/** A sample of two classes, and the targets of both. */
export interface Sample {
  readonly zeros: Block;
  readonly ones: Block;
  readonly targets: readonly [number, number];
}

/** Makes rows of a class out of rows of it. */
export type Make = (seeds: Block, count: number, numbers: Numbers) => Block | Promise<Block>;

/** θ for each size γ: both classes, and the first round(γ · gap) of one pool of made rows. */
export async function pathOf(
  { zeros, ones, targets }: Sample,
  make: Make,
  gammas: readonly number[],
  numbers: Numbers,
): Promise<Float64Array[]> {
  const gap = sizeOf(zeros) - sizeOf(ones);
  const sums = addRows(addRows(emptySums(zeros.d), zeros, targets[0]), ones, targets[1]);
  const counts = gammas.map((gamma) => Math.round(gamma * gap));
  const pool = await make(ones, Math.max(...counts), numbers);
  const order = [...counts.keys()].sort((a, b) => counts[a]! - counts[b]!);
  const path: Float64Array[] = [];
  let done = 0;
  for (const k of order) {
    addRows(sums, pool, targets[1], done, counts[k]);
    done = counts[k]!;
    path[k] = solveSums(sums);
  }
  return path;
}

/** The size with the least balanced validation loss in folds, the smallest of equally good ones: plain VTSS. */
export async function tuneSquared(sample: Sample, make: Make, gammas: readonly number[], folds: number, numbers: Numbers): Promise<number> {
  const losses = gammas.map(() => 0);
  for (const { train, test } of foldsOf(sample, folds, numbers)) {
    const path = await pathOf(train, make, gammas, numbers);
    const [zeros, ones] = classSums(test);
    path.forEach((theta, k) => (losses[k]! += (lossOf(zeros, theta) + lossOf(ones, theta)) / 2));
  }
  return gammas[losses.indexOf(Math.min(...losses))]!;
}

export function classSums({ zeros, ones, targets }: Sample): [Sums, Sums] {
  return [addRows(emptySums(zeros.d), zeros, targets[0]), addRows(emptySums(ones.d), ones, targets[1])];
}

/** The optimum of both classes weighing the same. */
export function balancedFit(sample: Sample): Float64Array {
  const [zeros, ones] = classSums(sample);
  return solveSums(mixed(zeros, 1 / zeros.n, ones, 1 / ones.n));
}

/** Every row in one test part, classes apart; rows are taken as drawn at random. */
export function foldsOf({ zeros, ones, targets }: Sample, folds: number, numbers: Numbers): { train: Sample; test: Sample }[] {
  const places = [zeros, ones].map((block) => {
    const order = Array.from({ length: sizeOf(block) }, (_, i) => i);
    for (let i = order.length - 1; i > 0; i--) {
      const j = numbers.below(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  });
  const part = (block: Block, order: readonly number[], fold: number, inside: boolean): Block =>
    rowsOf(
      block,
      order.filter((_, t) => (t % folds === fold) === inside),
    );
  return Array.from({ length: folds }, (_, fold) => {
    const side = (inside: boolean): Sample => ({
      zeros: part(zeros, places[0]!, fold, inside),
      ones: part(ones, places[1]!, fold, inside),
      targets,
    });
    return { train: side(false), test: side(true) };
  });
}
