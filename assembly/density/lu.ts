import { f64At, putF64, putU32, u32At } from "../lanes";

/** Columns that are eliminated one by one, in a copy of them; a multiple of 4. With 48 it takes 3 % longer. */
const PANEL: i32 = 24;

/** Columns at most whose elimination reaches the rest of the matrix at once: products are as deep, so that the rest is read and written seldom. A multiple of `PANEL`. With 48 it takes 15 % longer. */
const DEEP: i32 = 144;

/** Rows whose factors stay near while all columns are brought up to date. */
const ROWS: i32 = 16;

/**
 * P · A = L · U with partial pivoting, in place. Rows of a matrix (n, stride) lie `stride` f64 apart, a multiple of 4; L has ones on its diagonal, which are not written. What was eliminated from
 * column `first` on reaches the next 24 columns just before `factor_panel` eliminates these, and all columns to the right once there are 144: `solve_rows` makes rows of U, `update_rows` goes on with the rows below. Each cell
 * loses its products in the order of columns, whatever the blocks are.
 */

/** matrix ← columns [from, from + 24) eliminated, rows exchanged; pivots (n) ← with which; returns the smallest absolute pivot. scratch (n, 24). */
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

/**
 * Rows [first, first + deep), columns [from, to), both multiples of 4 ← L⁻¹ of what is there: rows of U. packed ((to − from) / 4, 144, 4) ← the same. scratch (16, 144).
 */
export function solve_rows(matrix: usize, packed: usize, scratch: usize, stride: i32, first: i32, deep: i32, from: i32, to: i32): void {
  const width = (<usize>stride) << 3;
  for (let row = first; row < first + deep; row += PANEL) {
    update_rows(matrix, packed, scratch, stride, first, row - first, from, to, row, row + PANEL);
    for (let r = row; r < row + PANEL; r++) {
      const cells = matrix + <usize>r * width;
      for (let k = row; k < r; k++) subtractRow(cells, matrix + <usize>k * width, f64At(cells, k), from, to);
      let at = packed + ((<usize>(r - first)) << 5);
      for (let c = from; c < to; c += 4, at += DEEP << 5) {
        v128.store(at, v128.load(cells + ((<usize>c) << 3)));
        v128.store(at, v128.load(cells + ((<usize>c) << 3), 16), 16);
      }
    }
  }
}

/**
 * Rows [begin, end), columns [from, to) ← what is there less L · U, L from columns [first, first + deep), U packed by `solve_rows`. scratch (16, 144). Four rows and four columns at a time: 16 sums in registers.
 */
export function update_rows(
  matrix: usize,
  packed: usize,
  scratch: usize,
  stride: i32,
  first: i32,
  deep: i32,
  from: i32,
  to: i32,
  begin: i32,
  end: i32,
): void {
  const width = (<usize>stride) << 3,
    long = (<usize>deep) << 5;
  for (let block = begin; block < end; block += ROWS) {
    const last = min(block + ROWS, end),
      fours = block + ((last - block) & -4);
    for (let i = block, at = scratch; i < fours; i += 4) {
      let row = matrix + <usize>i * width + ((<usize>first) << 3);
      for (let k = 0; k < deep; k++, at += 32, row += 8) {
        store<f64>(at, load<f64>(row));
        store<f64>(at, load<f64>(row + width), 8);
        store<f64>(at, load<f64>(row + 2 * width), 16);
        store<f64>(at, load<f64>(row + 3 * width), 24);
      }
    }
    for (let c = from, tile = packed; c < to; c += 4, tile += DEEP << 5) {
      let cells = matrix + <usize>block * width + ((<usize>c) << 3),
        i = block;
      for (let factors = scratch; i < fours; i += 4, cells += 4 * width, factors += long) updateFour(cells, factors, tile, width, long);
      for (; i < last; i++, cells += width) {
        let row = matrix + <usize>i * width + ((<usize>first) << 3),
          s = v128.load(cells),
          t = v128.load(cells, 16);
        for (let at = tile; at < tile + long; at += 32, row += 8) {
          const factor = v128.load64_splat(row);
          s = f64x2.sub(s, f64x2.mul(factor, v128.load(at)));
          t = f64x2.sub(t, f64x2.mul(factor, v128.load(at, 16)));
        }
        v128.store(cells, s);
        v128.store(cells, t, 16);
      }
    }
  }
}

function updateFour(cells: usize, factors: usize, tile: usize, width: usize, long: usize): void {
  const second = cells + width,
    third = second + width,
    fourth = third + width;
  let s0 = v128.load(cells),
    s1 = v128.load(cells, 16),
    t0 = v128.load(second),
    t1 = v128.load(second, 16),
    u0 = v128.load(third),
    u1 = v128.load(third, 16),
    v0 = v128.load(fourth),
    v1 = v128.load(fourth, 16);
  for (const end = tile + long; tile < end; tile += 32, factors += 32) {
    const a = v128.load(tile),
      b = v128.load(tile, 16);
    let factor = v128.load64_splat(factors);
    s0 = f64x2.sub(s0, f64x2.mul(factor, a));
    s1 = f64x2.sub(s1, f64x2.mul(factor, b));
    factor = v128.load64_splat(factors, 8);
    t0 = f64x2.sub(t0, f64x2.mul(factor, a));
    t1 = f64x2.sub(t1, f64x2.mul(factor, b));
    factor = v128.load64_splat(factors, 16);
    u0 = f64x2.sub(u0, f64x2.mul(factor, a));
    u1 = f64x2.sub(u1, f64x2.mul(factor, b));
    factor = v128.load64_splat(factors, 24);
    v0 = f64x2.sub(v0, f64x2.mul(factor, a));
    v1 = f64x2.sub(v1, f64x2.mul(factor, b));
  }
  v128.store(cells, s0);
  v128.store(cells, s1, 16);
  v128.store(second, t0);
  v128.store(second, t1, 16);
  v128.store(third, u0);
  v128.store(third, u1, 16);
  v128.store(fourth, v0);
  v128.store(fourth, v1, 16);
}

/** x (n, 8) ← A⁻¹ · x: eight right sides, each as if it were alone. */
export function solve_lu(x: usize, matrix: usize, pivots: usize, n: i32, stride: i32): void {
  const width = (<usize>stride) << 3;
  for (let i = 0; i < n; i++) {
    const other = u32At(pivots, i);
    if (other != i) swapRows(x + ((<usize>i) << 6), x + ((<usize>other) << 6), 8);
  }
  for (let i = 1; i < n; i++) subtractProducts(x + ((<usize>i) << 6), matrix + <usize>i * width, x, i, 1);
  for (let i = n - 1; i >= 0; i--) {
    const cells = matrix + <usize>i * width + ((<usize>i) << 3),
      own = x + ((<usize>i) << 6);
    subtractProducts(own, cells + 8, own + 64, n - 1 - i, f64At(cells, 0));
  }
}

/** own (8) ← what is there less Σ factor · row, over `count` factors and as many rows of eight, divided by `divisor`. */
function subtractProducts(own: usize, factors: usize, rows: usize, count: i32, divisor: f64): void {
  let s = v128.load(own),
    t = v128.load(own, 16),
    u = v128.load(own, 32),
    v = v128.load(own, 48);
  for (const end = factors + ((<usize>count) << 3); factors < end; factors += 8, rows += 64) {
    const factor = v128.load64_splat(factors);
    s = f64x2.sub(s, f64x2.mul(factor, v128.load(rows)));
    t = f64x2.sub(t, f64x2.mul(factor, v128.load(rows, 16)));
    u = f64x2.sub(u, f64x2.mul(factor, v128.load(rows, 32)));
    v = f64x2.sub(v, f64x2.mul(factor, v128.load(rows, 48)));
  }
  const by = f64x2.splat(divisor);
  v128.store(own, f64x2.div(s, by));
  v128.store(own, f64x2.div(t, by), 16);
  v128.store(own, f64x2.div(u, by), 32);
  v128.store(own, f64x2.div(v, by), 48);
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
