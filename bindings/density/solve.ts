import type { DensityExports, Pointer } from "../engine/exports";
import type { Instance } from "../engine/lease";
import { BLOCK, type Work } from "../run/work";

type F64 = Pointer<Float64Array>;

/** A square matrix in the arena, and its factors in its place. */
export interface Factors {
  readonly matrix: F64;
  readonly pivots: Pointer<Uint32Array>;
  readonly n: number;
  readonly stride: number;
  /** Smallest absolute pivot; 0 of a singular matrix. */
  readonly least: number;
}

/** Columns that the kernel eliminates at a time. */
const PANEL = 48;

/** Work of factoring n equations, of inverting the factors. */
export function factorWork(n: number): number {
  return (n * n * n) / 3;
}

/** Bytes of a matrix of n rows with what factoring takes. */
export function matrixBytes(n: number): number {
  return 8 * (n + 8 + 2 * PANEL + 8) * (n + 8);
}

/** matrix (n, stride) ← its factors, by Gaussian elimination with partial pivoting. */
export async function factor(
  { arena, kernels }: Instance<DensityExports>,
  work: Work,
  matrix: F64,
  n: number,
  stride: number,
): Promise<Factors> {
  const pivots = arena.room(Uint32Array, n);
  let least = Infinity;
  await arena.during(async () => {
    const scratch = arena.room(Float64Array, PANEL * (n + stride));
    for (let from = 0; from < n; from += PANEL) {
      least = Math.min(least, kernels.factor_panel(matrix, pivots, scratch, n, stride, from));
      const cost = PANEL * (n - from);
      const rows = 4 * Math.max(1, Math.floor(BLOCK / cost / 4));
      for (let row = from + PANEL; row < n; row += rows) {
        kernels.update_rows(matrix, scratch, n, stride, from, row, Math.min(n, row + rows));
        await work.step(Math.min(rows, n - row) * cost);
      }
    }
  });
  return { matrix, pivots, n, stride, least };
}

/** f64 (n): the solution for a right side. */
export function solve(
  { arena, kernels }: Instance<DensityExports>,
  { matrix, pivots, n, stride }: Factors,
  right: Float64Array,
): Float64Array {
  return arena.scope(() => {
    const x = arena.put(right);
    kernels.solve_lu(x, matrix, pivots, n, stride);
    return arena.take(Float64Array, x, n);
  });
}

/** f64 (n): the diagonal of the inverse. The factors are used up. */
export async function inverseDiagonal(
  { arena, kernels }: Instance<DensityExports>,
  work: Work,
  { matrix, pivots, n, stride }: Factors,
): Promise<Float64Array> {
  return arena.during(async () => {
    const [scratch, where, diagonal] = [arena.room(Float64Array, n), arena.room(Uint32Array, n), arena.room(Float64Array, n)];
    const rows = Math.max(1, Math.floor(BLOCK / n / n));
    for (let row = 0; row < n; row += rows) {
      const to = Math.min(n, row + rows);
      kernels.invert_rows(matrix, scratch, n, stride, row, to);
      await work.step(((to - row) * n * n) / 3);
    }
    kernels.inverse_diagonal(diagonal, matrix, pivots, where, n, stride);
    return arena.take(Float64Array, diagonal, n);
  });
}
