import { f64At, putF64, u32At } from "../lanes";
import { NONE } from "./tiles";

/**
 * Sums of Gaussians in boxes of a grid. A row at u within its box, from −1 to 1 in each column, is known by the products T(u) of Chebyshev polynomials below degree p: their weighted sums over a box are
 * its moments, and an expansion is p^d coefficients, of the first column slowest, of such products. p is a multiple of 4.
 */

/** moments (boxes, p^d) ← themselves and weight · T, over rows [from, to) of (n, d) in the boxes that `at` (n) names; NONE for none. rest: p^(d − 1). scratch: rest + p. */
export function add_moments(
  moments: usize,
  rows: usize,
  weights: usize,
  origins: usize,
  scratch: usize,
  at: usize,
  d: i32,
  p: i32,
  rest: i32,
  side: f64,
  from: i32,
  to: i32,
): void {
  const tail = scratch + ((<usize>rest) << 3),
    end = tail + ((<usize>p) << 3);
  for (let i = from; i < to; i++) {
    if (u32At(at, i) == NONE) continue;
    products(scratch, rows + ((<usize>i * d) << 3), origins, d, p, rest, side, f64At(weights, i));
    let moment = moments + ((<usize>u32At(at, i) * rest * p) << 3);
    for (let head = scratch; head < tail; head += 8) {
      const by = v128.load64_splat(head);
      for (let t = tail; t < end; t += 16, moment += 16) v128.store(moment, f64x2.add(v128.load(moment), f64x2.mul(by, v128.load(t))));
    }
  }
}

/** out (m) ← expansions at queries [from, to) of (m, d), of the boxes that `at` (m) names; 0 for NONE. rest: p^(d − 1). scratch: rest + p. */
export function expand(
  out: usize,
  expansions: usize,
  queries: usize,
  origins: usize,
  scratch: usize,
  at: usize,
  d: i32,
  p: i32,
  rest: i32,
  side: f64,
  from: i32,
  to: i32,
): void {
  const tail = scratch + ((<usize>rest) << 3),
    end = tail + ((<usize>p) << 3);
  for (let i = from; i < to; i++) {
    putF64(out, i, 0);
    if (u32At(at, i) == NONE) continue;
    products(scratch, queries + ((<usize>i * d) << 3), origins, d, p, rest, side, 1);
    let coefficient = expansions + ((<usize>u32At(at, i) * rest * p) << 3),
      sum = f64x2.splat(0);
    for (let head = scratch; head < tail; head += 8) {
      let s = f64x2.splat(0),
        u = s;
      for (let t = tail; t < end; t += 32, coefficient += 32) {
        s = f64x2.add(s, f64x2.mul(v128.load(coefficient), v128.load(t)));
        u = f64x2.add(u, f64x2.mul(v128.load(coefficient, 16), v128.load(t, 16)));
      }
      sum = f64x2.add(sum, f64x2.mul(v128.load64_splat(head), f64x2.add(s, u)));
    }
    putF64(out, i, f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
  }
}

/** scratch (rest) ← a factor times the products T of all columns but the last; T of that behind them. */
function products(scratch: usize, row: usize, origins: usize, d: i32, p: i32, rest: i32, side: f64, factor: f64): void {
  const last = scratch + ((<usize>rest) << 3);
  putF64(scratch, 0, factor);
  for (let c = 0, heads = 1; ; c++, heads *= p) {
    const place = (f64At(row, c) - f64At(origins, c)) / side,
      twice = 4 * (place - floor(place)) - 2;
    let before: f64 = 1,
      value: f64 = twice / 2;
    putF64(last, 0, 1);
    for (let a = 1; a < p; a++) {
      putF64(last, a, value);
      const next = twice * value - before;
      before = value;
      value = next;
    }
    if (c == d - 1) return;
    // from behind, so that no product is overwritten before it was multiplied
    for (let h = heads - 1; h >= 0; h--) {
      const by = f64At(scratch, h);
      for (let a = 0; a < p; a++) putF64(scratch, h * p + a, by * f64At(last, a));
    }
  }
}

/**
 * out (boxes, rest, p) ← of boxes (…, p, rest) the sums over their first index of coefficient · matrices (offsets, p, p), added up over edges [from, to) of (e, 3): box of out, box, offset. Edges to a box come one after the other.
 * So the first index becomes the last: after d such steps, each along one column, they are in their order.
 */
export function translate(out: usize, boxes: usize, matrices: usize, edges: usize, p: i32, rest: i32, from: i32, to: i32): void {
  const size = (<usize>p * rest) << 3,
    row = (<usize>p) << 3,
    step = (<usize>rest) << 3;
  for (let e = from; e < to; e++) {
    const box = u32At(edges, 3 * e),
      matrix = matrices + <usize>u32At(edges, 3 * e + 2) * p * row,
      source = boxes + <usize>u32At(edges, 3 * e + 1) * size;
    let target = out + <usize>box * size;
    if (e == 0 || u32At(edges, 3 * e - 3) != box) memory.fill(target, 0, size);
    if (rest == 1) {
      for (let i = 0, by = matrix; i < p; i++, by += row) {
        const x = v128.load64_splat(source + ((<usize>i) << 3));
        for (let a: usize = 0; a < row; a += 16) v128.store(target + a, f64x2.add(v128.load(target + a), f64x2.mul(x, v128.load(by + a))));
      }
      continue;
    }
    // four by four, which stay in registers
    for (let r = source, last = source + step; r < last; r += 32) {
      for (let a: usize = 0; a < row; a += 32, target += 32) {
        let s0 = v128.load(target),
          t0 = v128.load(target, 16),
          s1 = v128.load(target + row),
          t1 = v128.load(target + row, 16),
          s2 = v128.load(target + 2 * row),
          t2 = v128.load(target + 2 * row, 16),
          s3 = v128.load(target + 3 * row),
          t3 = v128.load(target + 3 * row, 16);
        for (let at = r, by = matrix + a, end = r + size; at < end; at += step, by += row) {
          const s = v128.load(by),
            t = v128.load(by, 16);
          let x = v128.load64_splat(at);
          s0 = f64x2.add(s0, f64x2.mul(x, s));
          t0 = f64x2.add(t0, f64x2.mul(x, t));
          x = v128.load64_splat(at, 8);
          s1 = f64x2.add(s1, f64x2.mul(x, s));
          t1 = f64x2.add(t1, f64x2.mul(x, t));
          x = v128.load64_splat(at, 16);
          s2 = f64x2.add(s2, f64x2.mul(x, s));
          t2 = f64x2.add(t2, f64x2.mul(x, t));
          x = v128.load64_splat(at, 24);
          s3 = f64x2.add(s3, f64x2.mul(x, s));
          t3 = f64x2.add(t3, f64x2.mul(x, t));
        }
        v128.store(target, s0);
        v128.store(target, t0, 16);
        v128.store(target + row, s1);
        v128.store(target + row, t1, 16);
        v128.store(target + 2 * row, s2);
        v128.store(target + 2 * row, t2, 16);
        v128.store(target + 3 * row, s3);
        v128.store(target + 3 * row, t3, 16);
      }
      target += 3 * row;
    }
  }
}
