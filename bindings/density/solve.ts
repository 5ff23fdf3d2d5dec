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

/** Columns that the kernel eliminates at a time, and whose elimination reaches the columns to the right at once; rows of the matrix that it works on. */
const [PANEL, DEEP, ROWS] = [24, 144, 16];
/** Columns to the right that are brought up to date together: what they need stays near. */
const STRIPE = 512;

/** Work of factoring n equations, of inverting the factors. */
export function factorWork(n: number): number {
  return (n * n * n) / 3;
}

/** Bytes of a matrix of n rows with what factoring takes. */
export function matrixBytes(n: number): number {
  return 8 * ((n + 8 + PANEL + 8) * (n + 8) + DEEP * (STRIPE + ROWS));
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
    const [panel, packed, scratch] = [
      arena.room(Float64Array, PANEL * n),
      arena.room(Float64Array, DEEP * STRIPE),
      arena.room(Float64Array, DEEP * ROWS),
    ];
    /** Columns [from, to) ← what the elimination of columns [first, first + deep) makes of them. */
    const reach = async (first: number, deep: number, from: number, to: number): Promise<void> => {
      kernels.solve_rows(matrix, packed, scratch, stride, first, deep, from, to);
      const cost = deep * (to - from);
      const rows = ROWS * Math.max(1, Math.floor(BLOCK / cost / ROWS));
      await work.step((deep * cost) / 2);
      for (let row = first + deep; row < n; row += rows) {
        const end = Math.min(n, row + rows);
        kernels.update_rows(matrix, packed, scratch, stride, first, deep, from, to, row, end);
        await work.step((end - row) * cost);
      }
    };
    for (let first = 0; first < n; first += DEEP) {
      const end = Math.min(n, first + DEEP);
      for (let from = first; from < end; from += PANEL) {
        if (from > first) await reach(first, from - first, from, Math.min(stride, from + PANEL));
        least = Math.min(least, kernels.factor_panel(matrix, pivots, panel, n, stride, from));
      }
      for (let from = end; from < n; from += STRIPE) await reach(first, DEEP, from, Math.min(stride, from + STRIPE));
    }
  });
  return { matrix, pivots, n, stride, least };
}

/** f64 (n) each: the solutions for right sides, eight at a time. */
export function solve(
  { arena, kernels }: Instance<DensityExports>,
  { matrix, pivots, n, stride }: Factors,
  rights: readonly Float64Array[],
): Float64Array[] {
  return arena.scope(() => {
    const at = arena.room(Float64Array, 8 * n);
    return rights.flatMap((_, first) => {
      if (first % 8) return [];
      const eight = rights.slice(first, first + 8);
      const x = arena.view(Float64Array, at, 8 * n).fill(0);
      eight.forEach((right, lane) => right.forEach((value, i) => (x[8 * i + lane] = value)));
      kernels.solve_lu(at, matrix, pivots, n, stride);
      return eight.map((right, lane) => right.map((_value, i) => x[8 * i + lane]!));
    });
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
