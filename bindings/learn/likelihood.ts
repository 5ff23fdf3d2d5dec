import type { Pointer, LearnExports } from "../engine/exports";
import type { Instance } from "../engine/lease";
import { blockSizes, inBlocks, type Work } from "../run/work";
import type { Objective } from "./minimize";

type F64 = Pointer<Float64Array>;

/** Rows and labels of a logistic regression, in the arena. */
export interface Placed {
  readonly n: number;
  /** d columns of deviation 1 or 0 about 0, one of ones, and zeros up to an even number. */
  readonly stride: number;
  /** Parameter vectors: 1 for two classes, else one for each. */
  readonly lines: number;
  /** f64 (n + 7, stride), those behind the last 0. */
  readonly rows: F64;
  /** f64 (n + 7) of two classes, 0 or 1; u32 (n) of more. */
  readonly targets: F64;
  readonly codes: Pointer<Uint32Array>;
  /** f64 (n + 7), those behind the last 0. */
  readonly weights: F64;
}

/** Rows of weight 0 behind the last, because kernels take four or eight at a time. */
export const BEHIND = 7;

/** Room for n rows of a logistic regression, to be written. */
export function placeRows({ arena }: Instance<LearnExports>, n: number, stride: number, lines: number): Placed {
  const more = n + BEHIND;
  const rows = arena.room(Float64Array, more * stride);
  const [targets, weights] = [arena.room(Float64Array, more), arena.room(Float64Array, more)];
  const codes = arena.room(Uint32Array, n);
  arena.view(Float64Array, rows, more * stride).fill(0, n * stride);
  for (const at of [targets, weights]) arena.view(Float64Array, at, more).fill(0, n);
  return { n, stride, lines, rows, targets, codes, weights };
}

/** Bytes of `placeRows` and of the sums over them; `dense`: second derivatives are wanted. */
export function placedBytes(n: number, stride: number, lines: number, dense: boolean): number {
  return (
    (n + BEHIND) * (8 * (stride + 3 + lines) + 4) +
    8 * lines * stride * (3 + (dense ? lines * stride : 0)) +
    8 * stride * stride * +dense +
    1e4
  );
}

/** Work of one pass over the rows. */
export function passWork(n: number, stride: number, lines: number): number {
  return n * lines * (2 * stride + 40);
}

/** Work of the second derivatives. */
export function curvatureWork(n: number, stride: number, lines: number): number {
  return (n * lines * (lines + 1) * stride * (stride + 2)) / 4;
}

/** The loss of a logistic regression with a ridge, and its derivatives by the parameters (lines, stride). */
export interface Likelihood extends Objective {
  /** f64 (size, size), symmetric: the second derivatives where the loss was last computed. */
  hessian(): Promise<Float64Array>;
  /** Whether they are positive definite, but for what rounds off. */
  bend(at: Float64Array): Promise<boolean>;
}

/**
 * Σ weight · loss + ½ Σ ridge · theta², of two classes by the log odds of the second, of more by softmax. ridge: f64 (lines · stride). Its solver inverts second derivatives by Cholesky's
 * factorization; where they are not positive definite, as between directions that make no difference or with weights below 0, with as much added to the diagonal as it takes, in steps of ten
 * (Nocedal, Wright, Numerical Optimization, 2006, algorithm 3.3), so that every direction leads down.
 */
export function likelihood(instance: Instance<LearnExports>, work: Work, placed: Placed, ridge: Float64Array): Likelihood {
  const { arena, kernels } = instance;
  const { n, stride, lines, rows, targets, codes, weights } = placed;
  const size = lines * stride;
  const [value, gradient, theta] = [arena.room(Float64Array, 1), arena.room(Float64Array, size), arena.room(Float64Array, size)];
  const chances = arena.room(Float64Array, (n + BEHIND) * lines);
  const blocks = blocksOver(work, n);
  // room for second derivatives, at the first that are wanted: many parameters have none
  let room: { gram: F64; factors: F64; factored: F64 } | undefined;
  const own = (): NonNullable<typeof room> =>
    (room ??= {
      gram: arena.room(Float64Array, stride * stride),
      factors: arena.room(Float64Array, n),
      factored: arena.room(Float64Array, size * size),
    });

  const hessian = async (): Promise<Float64Array> => {
    const whole = new Float64Array(size * size);
    const { gram, factors } = own();
    for (let k = 0; k < lines; k++) {
      for (let l = k; l < lines; l++) {
        arena.view(Float64Array, gram, stride * stride).fill(0);
        await blocks((stride * (stride + 2)) / 2, (from, to) => {
          kernels.curvature_factors(factors, chances, weights, lines, k, l, from, to);
          kernels.add_gram(gram, rows, factors, stride, from, to);
        });
        place(whole, arena.view(Float64Array, gram, stride * stride), stride, size, k, l);
      }
    }
    for (let at = 0; at < size; at++) whole[at * size + at]! += ridge[at]!;
    return whole;
  };

  return {
    size,
    async evaluate(at) {
      arena.view(Float64Array, theta, size).set(at);
      arena.view(Float64Array, value, 1).fill(0);
      arena.view(Float64Array, gradient, size).fill(0);
      await blocks(lines * (2 * stride + 40), (from, to) => {
        if (lines === 1) kernels.logistic_pass(value, gradient, chances, rows, targets, weights, theta, stride, from, to);
        else kernels.softmax_pass(value, gradient, chances, rows, codes, weights, theta, lines, stride, from, to);
      });
      return withRidge(arena.view(Float64Array, value, 1)[0]!, arena.take(Float64Array, gradient, size), at, ridge);
    },
    hessian,
    async bend() {
      return factor(instance, own().factored, await hessian(), size);
    },
    solve: (vector) => solved(instance, own().factored, vector),
  };
}

/** A loss and its gradient with what the ridge adds to them. */
export function withRidge(
  value: number,
  gradient: Float64Array,
  at: Float64Array,
  ridge: Float64Array,
): { readonly value: number; readonly gradient: Float64Array } {
  let sum = value;
  for (let c = 0; c < at.length; c++) {
    sum += (ridge[c]! * at[c]! * at[c]!) / 2;
    gradient[c]! += ridge[c]! * at[c]!;
  }
  return { value: sum, gradient };
}

/** whole (size, size) ← one block (k, l) and its mirror images, from its upper triangle. */
function place(whole: Float64Array, gram: Float64Array, stride: number, size: number, k: number, l: number): void {
  for (let a = 0; a < stride; a++) {
    for (let b = a; b < stride; b++) {
      const value = gram[a * stride + b]!;
      for (const [i, j] of [
        [k * stride + a, l * stride + b],
        [k * stride + b, l * stride + a],
      ] as const) {
        whole[i * size + j] = value;
        whole[j * size + i] = value;
      }
    }
  }
}

/** Share of the largest diagonal entry that is added first where a matrix has no factorization. */
const FIRST_SHIFT = 1e-8;

/** at (size, size) ← Cholesky's factor of a symmetric matrix, with as much added to its diagonal as that takes; whether nothing was. */
export function factor({ arena, kernels }: Instance<LearnExports>, at: F64, whole: Float64Array, size: number): boolean {
  let largest = 0;
  for (let c = 0; c < size; c++) largest = Math.max(largest, Math.abs(whole[c * size + c]!));
  const first = FIRST_SHIFT * (largest || 1);
  for (let shift = 0; shift < Infinity; shift = shift === 0 ? first : 10 * shift) {
    const view = arena.view(Float64Array, at, size * size);
    view.set(whole);
    for (let c = 0; c < size; c++) view[c * size + c]! += shift;
    if (kernels.factor_cholesky(at, size)) return shift <= first;
  }
  // numbers that are none
  return false;
}

/** A factored matrix, inverted, times a vector. */
export function solved({ arena, kernels }: Instance<LearnExports>, factored: F64, vector: Float64Array): Float64Array {
  return arena.scope(() => {
    const at = arena.put(vector);
    kernels.solve_cholesky(at, factored, vector.length);
    return arena.take(Float64Array, at, vector.length);
  });
}

/** Runs a kernel over n rows in counted blocks, cut between so many rows. */
export function blocksOver(work: Work, n: number, rows = 4): (cost: number, kernel: (from: number, to: number) => void) => Promise<void> {
  const size = blockSizes();
  return (cost, kernel) =>
    inBlocks(work, Math.ceil(n / rows), rows * cost, (from, to) => kernel(rows * from, Math.min(n, rows * to)), size);
}
