import { withInstanceNow } from "../engine/lease";
import { learn } from "../engine/learn";
import { factor } from "../learn/likelihood";

/* Symmetric matrices (p, p), row after row. */

/** Its inverse, with as much added to the diagonal as Cholesky's factorization takes. */
export function inverse(matrix: Float64Array, p: number): Float64Array {
  return withInstanceNow(learn, (instance) => {
    const { arena, kernels } = instance;
    return arena.scope(() => {
      const factored = arena.room(Float64Array, p * p);
      factor(instance, factored, matrix, p);
      const column = arena.room(Float64Array, p);
      const whole = new Float64Array(p * p);
      for (let c = 0; c < p; c++) {
        arena.view(Float64Array, column, p).fill(0)[c] = 1;
        kernels.solve_cholesky(column, factored, p);
        whole.set(arena.view(Float64Array, column, p), c * p);
      }
      return whole;
    });
  });
}

/** a (p, p) · b (p, p). */
export function product(a: Float64Array, b: Float64Array, p: number): Float64Array {
  const out = new Float64Array(p * p);
  for (let i = 0; i < p; i++) {
    for (let k = 0; k < p; k++) {
      const by = a[i * p + k]!;
      for (let j = 0; j < p; j++) out[i * p + j]! += by * b[k * p + j]!;
    }
  }
  return out;
}

/** Matrix (p, p) · vector (p). */
export function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  return vector.map((_, i) => dot(matrix.subarray(i * vector.length, (i + 1) * vector.length), vector));
}

/** Σ a · b; of two symmetric matrices the trace of their product. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Σ factor · list, entry by entry. */
export function combined(...terms: readonly (readonly [factor: number, list: Float64Array])[]): Float64Array {
  return terms[0]![1].map((_, i) => terms.reduce((sum, [by, list]) => sum + by * list[i]!, 0));
}
