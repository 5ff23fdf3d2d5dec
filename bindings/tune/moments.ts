import { withInstance } from "../engine/lease";
import { learn } from "../engine/learn";
import { blocksOver } from "../learn/likelihood";
import type { Work } from "../run/work";
import { combined } from "./matrix";

/** Rows of one class as a linear layer sees them, and how their loss bends with the log odds: the score of row i is slope · z, its second derivative curve · z · zᵀ. */
export interface Group {
  /** Columns of z. */
  readonly p: number;
  /** p, or one more so that it is even. */
  readonly stride: number;
  /** f64 (m, stride) */
  readonly z: Float64Array;
  /** f64 (m), what each row counts for: their sum is 1. */
  readonly shares: Float64Array;
  /** How many rows of equal shares these are worth. */
  readonly size: number;
  /** f64 (m) */
  readonly slopes: Float64Array;
  readonly curves: Float64Array;
}

/** Means over a group. */
export interface Moments {
  /** f64 (p): of the scores. */
  readonly score: Float64Array;
  /** f64 (p, p) */
  readonly hessian: Float64Array;
  /** f64 (p, p), of the scores, by size − 1. */
  readonly covariance: Float64Array;
}

export async function momentsOf(group: Group, work: Work): Promise<Moments> {
  const { slopes, curves, size } = group;
  const score = meanOf(group, slopes);
  const [squares, hessian] = (await grams(group, [slopes.map((slope) => slope * slope), curves], work)) as [Float64Array, Float64Array];
  const by = size / (size - 1);
  return { score, hessian, covariance: combined([by, squares], [-by, outer(score)]) };
}

/** Work of so many sums over m rows. */
export function gramWork(m: number, stride: number, count: number): number {
  return (m * count * stride * (stride + 2)) / 2;
}

/** Σ share · factor · z · zᵀ for each list of factors (m): f64 (p, p). */
export async function grams(
  { p, stride, z, shares }: Pick<Group, "p" | "stride" | "z" | "shares">,
  lists: readonly Float64Array[],
  work: Work,
): Promise<Float64Array[]> {
  const m = shares.length;
  return withInstance(learn, async ({ arena, kernels }) =>
    arena.during(async () => {
      arena.reserve(z.byteLength + 8 * m + 8 * stride * stride + 64, `Diagnosis of ${m} rows of ${p} columns`);
      const rows = arena.put(z);
      const [factors, gram] = [arena.room(Float64Array, m), arena.room(Float64Array, stride * stride)];
      const blocks = blocksOver(work, m);
      const found: Float64Array[] = [];
      for (const list of lists) {
        arena.view(Float64Array, factors, m).set(list.map((factor, i) => factor * shares[i]!));
        arena.view(Float64Array, gram, stride * stride).fill(0);
        await blocks(gramWork(1, stride, 1), (from, to) => kernels.add_gram(gram, rows, factors, stride, from, to));
        const half = arena.view(Float64Array, gram, stride * stride);
        found.push(
          Float64Array.from({ length: p * p }, (_, at) => {
            const [a, b] = [Math.floor(at / p), at % p];
            return half[Math.min(a, b) * stride + Math.max(a, b)]!;
          }),
        );
      }
      return found;
    }),
  );
}

/** Σ share · factor · z: f64 (p). */
export function meanOf({ p, stride, z, shares }: Pick<Group, "p" | "stride" | "z" | "shares">, factors: Float64Array): Float64Array {
  const sums = new Float64Array(p);
  for (let i = 0; i < shares.length; i++) {
    const by = shares[i]! * factors[i]!;
    for (let c = 0; c < p; c++) sums[c]! += by * z[i * stride + c]!;
  }
  return sums;
}

/** vector · vectorᵀ. */
export function outer(vector: Float64Array): Float64Array {
  const p = vector.length;
  return Float64Array.from({ length: p * p }, (_, at) => vector[Math.floor(at / p)]! * vector[at % p]!);
}
