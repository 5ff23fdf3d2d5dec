import { f64At, putF64 } from "./lanes";

/**
 * Rows two by two: packed (⌈m ÷ 2⌉, d, 2) f64 holds the cells of a column of both side by side, so that one row can be compared with two at a time while every
 * sum keeps its column order.
 */

/** packed ← m rows (d); what an odd number lacks is infinitely far from everything. */
export function pack_pairs(packed: usize, rows: usize, m: i32, d: i32): void {
  for (let i = 0; i < m; i++) {
    const pair = packed + ((<usize>(i >> 1) * d) << 4) + ((<usize>(i & 1)) << 3),
      row = rows + ((<usize>i * d) << 3);
    for (let c = 0; c < d; c++) putF64(pair, 2 * c, f64At(row, c));
  }
  if (!(m & 1)) return;
  const last = packed + ((<usize>(m >> 1) * d) << 4) + 8;
  for (let c = 0; c < d; c++) putF64(last, 2 * c, Infinity);
}

/** squares (2 · pairs) ← squared distances of one row (d) to packed rows, each summed in column order. Eight rows at a time: one sum alone waits for itself. */
export function squares_to_pairs(squares: usize, row: usize, packed: usize, pairs: i32, d: i32): void {
  const end = row + ((<usize>d) << 3),
    width = (<usize>d) << 4;
  let p = 0;
  for (; p + 4 <= pairs; p += 4) {
    let a = packed + <usize>p * width;
    const b = width,
      c = width << 1,
      e = width + c;
    let s0 = f64x2.splat(0),
      s1 = f64x2.splat(0),
      s2 = f64x2.splat(0),
      s3 = f64x2.splat(0);
    for (let x = row; x < end; x += 8, a += 16) {
      const value = v128.load64_splat(x);
      const t0 = f64x2.sub(value, v128.load(a)),
        t1 = f64x2.sub(value, v128.load(a + b)),
        t2 = f64x2.sub(value, v128.load(a + c)),
        t3 = f64x2.sub(value, v128.load(a + e));
      s0 = f64x2.add(s0, f64x2.mul(t0, t0));
      s1 = f64x2.add(s1, f64x2.mul(t1, t1));
      s2 = f64x2.add(s2, f64x2.mul(t2, t2));
      s3 = f64x2.add(s3, f64x2.mul(t3, t3));
    }
    const out = squares + ((<usize>p) << 4);
    v128.store(out, s0);
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
  }
  for (; p < pairs; p++) {
    let a = packed + <usize>p * width,
      sum = f64x2.splat(0);
    for (let x = row; x < end; x += 8, a += 16) {
      const apart = f64x2.sub(v128.load64_splat(x), v128.load(a));
      sum = f64x2.add(sum, f64x2.mul(apart, apart));
    }
    v128.store(squares + ((<usize>p) << 4), sum);
  }
}

/** Squared distance of two rows (d), summed in column order. */
export function squaredDistance(row: usize, other: usize, d: i32): f64 {
  let sum: f64 = 0;
  for (let c = 0; c < d; c++) {
    const apart = f64At(row, c) - f64At(other, c);
    sum += apart * apart;
  }
  return sum;
}

/** sums (m) ← of each row [from, to) the sum of its distances to the rows behind it. packed: the m rows (d); squares: scratch (m, rounded up to even). */
export function sum_distances(sums: usize, rows: usize, packed: usize, squares: usize, m: i32, d: i32, from: i32, to: i32): void {
  for (let i = from; i < to; i++) {
    // the pair that the row itself is in, and all behind it
    const first = i >> 1;
    squares_to_pairs(squares, rows + ((<usize>i * d) << 3), packed + ((<usize>first * d) << 4), ((m + 1) >> 1) - first, d);
    let sum: f64 = 0;
    for (let j = i + 1; j < m; j++) sum += sqrt(f64At(squares, j - 2 * first));
    putF64(sums, i, sum);
  }
}
