import { f64At, putF64, putU32, u32At } from "../lanes";

/** Columns that are eliminated together; a multiple of 4. With 32 it takes 8 % longer. */
const PANEL: i32 = 48;

/** Rows whose part of a panel stays near while all columns to the right are brought up to date. */
const ROWS: i32 = 64;

/**
 * P · A = L · U with partial pivoting, in place, a panel of 48 columns at a time: `factor_panel` and then `update_rows` for all rows below it, for from = 0, 48, … Rows of a matrix (n, stride) lie `stride` f64 apart, a multiple
 * of 4. L has ones on its diagonal, which are not written.
 */

/** matrix ← columns [from, from + 48) eliminated; pivots (n) ← the rows that were exchanged; returns the smallest absolute pivot. scratch (n, 48) + (48, stride): on return the packed rows of U. */
export function factor_panel(matrix: usize, pivots: usize, scratch: usize, n: i32, stride: i32, from: i32): f64 {
  const wide = min(PANEL, n - from),
    width = (<usize>stride) << 3,
    corner = matrix + <usize>from * width + ((<usize>from) << 3);
  let least: f64 = Infinity;
  // the panel is brought together: its columns are gone over again and again
  for (let i = from; i < n; i++)
    memory.copy(scratch + ((<usize>(i - from) * PANEL) << 3), corner + <usize>(i - from) * width, (<usize>wide) << 3);
  for (let c = 0; c < wide; c++) {
    let best = c,
      most = abs(f64At(scratch, c * PANEL + c));
    for (let i = c + 1; i < n - from; i++) {
      const value = abs(f64At(scratch, i * PANEL + c));
      if (value <= most) continue;
      most = value;
      best = i;
    }
    putU32(pivots, from + c, from + best);
    least = min(least, most);
    if (best != c) swapRows(scratch + ((<usize>c * PANEL) << 3), scratch + ((<usize>best * PANEL) << 3), PANEL);
    if (most == 0) continue;
    const pivot = scratch + ((<usize>c * PANEL) << 3),
      reciprocal = 1 / f64At(pivot, c);
    for (let i = c + 1; i < n - from; i++) {
      const row = scratch + ((<usize>i * PANEL) << 3),
        factor = f64At(row, c) * reciprocal;
      putF64(row, c, factor);
      let other = c + 1;
      if (other & 1 && other < PANEL) {
        putF64(row, other, f64At(row, other) - factor * f64At(pivot, other));
        other++;
      }
      for (; other < PANEL; other += 2) {
        const at = (<usize>other) << 3;
        v128.store(row + at, f64x2.sub(v128.load(row + at), f64x2.mul(f64x2.splat(factor), v128.load(pivot + at))));
      }
    }
  }
  for (let c = from; c < from + wide; c++) {
    const best = u32At(pivots, c);
    if (best != c) swapRows(matrix + <usize>c * width, matrix + <usize>best * width, stride);
  }
  for (let i = from; i < n; i++)
    memory.copy(corner + <usize>(i - from) * width, scratch + ((<usize>(i - from) * PANEL) << 3), (<usize>wide) << 3);
  // rows of U right of the panel
  for (let r = 1; r < wide; r++) {
    for (let k = 0; k < r; k++) {
      subtractRow(corner + <usize>r * width, corner + <usize>k * width, f64At(corner + <usize>r * width, k), wide, stride - from);
    }
  }
  if (wide < PANEL) return least;
  const packed = scratch + ((<usize>n * PANEL) << 3);
  for (let c = from + PANEL, at = packed; c < stride; c += 4) {
    for (let k = 0; k < PANEL; k++, at += 32) memory.copy(at, matrix + <usize>(from + k) * width + ((<usize>c) << 3), 32);
  }
  return least;
}

function swapRows(a: usize, b: usize, count: i32): void {
  for (const end = a + ((<usize>count) << 3); a < end; a += 16, b += 16) {
    const kept = v128.load(a);
    v128.store(a, v128.load(b));
    v128.store(b, kept);
  }
}

/** Cells [from, to) of a row less those of another times a factor. */
function subtractRow(row: usize, other: usize, factor: f64, from: i32, to: i32): void {
  let c = from;
  for (; c & 1 && c < to; c++) putF64(row, c, f64At(row, c) - factor * f64At(other, c));
  for (; c + 2 <= to; c += 2) {
    const at = (<usize>c) << 3;
    v128.store(row + at, f64x2.sub(v128.load(row + at), f64x2.mul(f64x2.splat(factor), v128.load(other + at))));
  }
  for (; c < to; c++) putF64(row, c, f64At(row, c) - factor * f64At(other, c));
}

/** Rows [first, last), behind the panel from `from` on ← what is right of it, less L · U. Four rows and four columns at a time: 16 sums in registers. */
export function update_rows(matrix: usize, scratch: usize, n: i32, stride: i32, from: i32, first: i32, last: i32): void {
  const width = (<usize>stride) << 3,
    packed = scratch + ((<usize>n * PANEL) << 3);
  for (let block = first; block < last; block += ROWS) {
    const end = min(block + ROWS, last);
    for (let c = from + PANEL, tile = packed; c < stride; c += 4, tile += PANEL << 5) {
      let i = block;
      for (; i + 4 <= end; i += 4) updateFour(matrix + <usize>i * width + ((<usize>from) << 3), tile, width, (<usize>(c - from)) << 3);
      for (; i < end; i++) {
        const row = matrix + <usize>i * width + ((<usize>from) << 3),
          cells = row + ((<usize>(c - from)) << 3);
        let s = v128.load(cells),
          t = v128.load(cells, 16);
        for (let k: usize = 0; k < <usize>PANEL; k++) {
          const factor = v128.load64_splat(row + (k << 3));
          s = f64x2.sub(s, f64x2.mul(factor, v128.load(tile + (k << 5))));
          t = f64x2.sub(t, f64x2.mul(factor, v128.load(tile + (k << 5), 16)));
        }
        v128.store(cells, s);
        v128.store(cells, t, 16);
      }
    }
  }
}

function updateFour(row: usize, tile: usize, width: usize, apart: usize): void {
  const second = row + width,
    third = second + width,
    fourth = third + width;
  let s0 = v128.load(row + apart),
    s1 = v128.load(row + apart, 16),
    t0 = v128.load(second + apart),
    t1 = v128.load(second + apart, 16),
    u0 = v128.load(third + apart),
    u1 = v128.load(third + apart, 16),
    v0 = v128.load(fourth + apart),
    v1 = v128.load(fourth + apart, 16);
  for (let k: usize = 0; k < (<usize>PANEL) << 3; k += 8, tile += 32) {
    const a = v128.load(tile),
      b = v128.load(tile, 16);
    let factor = v128.load64_splat(row + k);
    s0 = f64x2.sub(s0, f64x2.mul(factor, a));
    s1 = f64x2.sub(s1, f64x2.mul(factor, b));
    factor = v128.load64_splat(second + k);
    t0 = f64x2.sub(t0, f64x2.mul(factor, a));
    t1 = f64x2.sub(t1, f64x2.mul(factor, b));
    factor = v128.load64_splat(third + k);
    u0 = f64x2.sub(u0, f64x2.mul(factor, a));
    u1 = f64x2.sub(u1, f64x2.mul(factor, b));
    factor = v128.load64_splat(fourth + k);
    v0 = f64x2.sub(v0, f64x2.mul(factor, a));
    v1 = f64x2.sub(v1, f64x2.mul(factor, b));
  }
  v128.store(row + apart, s0);
  v128.store(row + apart, s1, 16);
  v128.store(second + apart, t0);
  v128.store(second + apart, t1, 16);
  v128.store(third + apart, u0);
  v128.store(third + apart, u1, 16);
  v128.store(fourth + apart, v0);
  v128.store(fourth + apart, v1, 16);
}

/** x (n) ← A⁻¹ · x. */
export function solve_lu(x: usize, matrix: usize, pivots: usize, n: i32, stride: i32): void {
  for (let i = 0; i < n; i++) {
    const other = u32At(pivots, i),
      kept = f64At(x, i);
    putF64(x, i, f64At(x, other));
    putF64(x, other, kept);
  }
  for (let i = 1; i < n; i++) putF64(x, i, f64At(x, i) - products(matrix + ((<usize>i * stride) << 3), x, 0, i));
  for (let i = n - 1; i >= 0; i--) {
    const row = matrix + ((<usize>i * stride) << 3);
    putF64(x, i, (f64At(x, i) - products(row, x, i + 1, n)) / f64At(row, i));
  }
}

/** Σ of the products of cells [from, to) of two rows. */
function products(a: usize, b: usize, from: i32, to: i32): f64 {
  let s = f64x2.splat(0),
    t = s,
    c = from,
    sum: f64 = 0;
  for (; c + 4 <= to; c += 4) {
    const at = (<usize>c) << 3;
    s = f64x2.add(s, f64x2.mul(v128.load(a + at), v128.load(b + at)));
    t = f64x2.add(t, f64x2.mul(v128.load(a + at, 16), v128.load(b + at, 16)));
  }
  s = f64x2.add(s, t);
  for (; c < to; c++) sum += f64At(a, c) * f64At(b, c);
  return sum + f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}

/** The factors in rows [from, to) of matrix ← their inverses, both triangles at once; L's from 0 on, U's from n down to 0: row `from + t` of one and `n − 1 − from − t` of the other. */
export function invert_rows(matrix: usize, scratch: usize, n: i32, stride: i32, from: i32, to: i32): void {
  const width = (<usize>stride) << 3;
  for (let t = from; t < to; t++) {
    // L⁻¹: −Σ L_ik · (row k of L⁻¹), whose diagonal is 1
    const row = matrix + <usize>t * width;
    memory.copy(scratch, row, (<usize>t) << 3);
    for (let c = 0; c < t; c++) putF64(row, c, -f64At(scratch, c));
    for (let k = 1; k < t; k++) subtractRow(row, matrix + <usize>k * width, f64At(scratch, k), 0, k);
    // U⁻¹: −Σ U_ik · (row k of U⁻¹) / U_ii
    const i = n - 1 - t,
      other = matrix + <usize>i * width,
      reciprocal = 1 / f64At(other, i);
    memory.copy(scratch, other, (<usize>n) << 3);
    for (let c = i; c < n; c++) putF64(other, c, c == i ? reciprocal : 0);
    for (let k = i + 1; k < n; k++) subtractRow(other, matrix + <usize>k * width, f64At(scratch, k) * reciprocal, k, n);
  }
}

/** diagonal (n) ← that of A⁻¹ = U⁻¹ · L⁻¹ · P, from the inverses of the factors. where (n): scratch. column (n): scratch. */
export function inverse_diagonal(diagonal: usize, matrix: usize, pivots: usize, where: usize, n: i32, stride: i32): void {
  const width = (<usize>stride) << 3;
  for (let i = 0; i < n; i++) putU32(where, i, i);
  for (let i = 0; i < n; i++) {
    const other = u32At(pivots, i),
      kept = u32At(where, i);
    putU32(where, i, u32At(where, other));
    putU32(where, other, kept);
  }
  // row p of the factors was row where[p] = i of A: column p of L⁻¹ is column i of L⁻¹ · P
  for (let p = 0; p < n; p++) {
    const i = <i32>u32At(where, p),
      row = matrix + <usize>i * width;
    let sum: f64 = i <= p ? f64At(row, p) : 0;
    for (let k = max(i, p + 1); k < n; k++) sum += f64At(row, k) * f64At(matrix + <usize>k * width, p);
    putF64(diagonal, i, sum);
  }
}
