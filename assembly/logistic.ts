import { f64At, putF64, u32At } from "./lanes";
import { exp, log } from "./special";

/**
 * Logistic regression: its loss, gradient and curvature. Rows are f64 (n, stride), the stride even and what is beyond the columns 0. Sums go into memory row after row,
 * so cuts between blocks leave no trace; where rows are taken four at a time, cuts are between fours, and rows of weight 0 lie behind the last.
 */

const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;

/** e^x of two numbers in [−700, 0], as in special.ts. */
function expLow(x: v128): v128 {
  // adding 3 · 2^51 rounds to a whole number, whose bits are then the lowest
  const rounded = f64x2.add(f64x2.mul(x, f64x2.splat(1.4426950408889634)), f64x2.splat(6755399441055744)),
    power = f64x2.sub(rounded, f64x2.splat(6755399441055744));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(power, f64x2.splat(LN2_HIGH))), f64x2.mul(power, f64x2.splat(LN2_LOW)));
  const q = f64x2.mul(r, r);
  // the Taylor series to r^13 in odd and even terms, which need not wait for each other
  let odd = f64x2.splat(1 / 6227020800.0),
    even = f64x2.splat(1 / 479001600.0);
  odd = f64x2.add(f64x2.mul(odd, q), f64x2.splat(1 / 39916800.0));
  even = f64x2.add(f64x2.mul(even, q), f64x2.splat(1 / 3628800.0));
  odd = f64x2.add(f64x2.mul(odd, q), f64x2.splat(1 / 362880.0));
  even = f64x2.add(f64x2.mul(even, q), f64x2.splat(1 / 40320.0));
  odd = f64x2.add(f64x2.mul(odd, q), f64x2.splat(1 / 5040.0));
  even = f64x2.add(f64x2.mul(even, q), f64x2.splat(1 / 720.0));
  odd = f64x2.add(f64x2.mul(odd, q), f64x2.splat(1 / 120.0));
  even = f64x2.add(f64x2.mul(even, q), f64x2.splat(1 / 24.0));
  odd = f64x2.add(f64x2.mul(odd, q), f64x2.splat(1 / 6.0));
  even = f64x2.add(f64x2.mul(even, q), f64x2.splat(0.5));
  const sum = f64x2.add(f64x2.splat(1), f64x2.add(r, f64x2.mul(q, f64x2.add(even, f64x2.mul(odd, r)))));
  return f64x2.mul(sum, i64x2.shl(i64x2.add(rounded, i64x2.splat(1023)), 52));
}

/** log(1 + e) of two numbers in [0, 1]: 2 artanh(s), s = e / (2 + e), or ln 2 more than that of s = (e − 1) / (e + 3), whichever is nearer 0: the first term left out is below 2⁻⁵⁷. */
function logOnePlus(e: v128): v128 {
  const far = f64x2.gt(e, f64x2.splat(0.414)),
    top = f64x2.sub(e, v128.and(far, f64x2.splat(1))),
    s = f64x2.div(top, f64x2.add(top, v128.bitselect(f64x2.splat(4), f64x2.splat(2), far))),
    z = f64x2.mul(s, s),
    z2 = f64x2.mul(z, z);
  let high = f64x2.splat(1 / 21.0),
    low = f64x2.splat(1 / 19.0);
  high = f64x2.add(f64x2.mul(high, z2), f64x2.splat(1 / 17.0));
  low = f64x2.add(f64x2.mul(low, z2), f64x2.splat(1 / 15.0));
  high = f64x2.add(f64x2.mul(high, z2), f64x2.splat(1 / 13.0));
  low = f64x2.add(f64x2.mul(low, z2), f64x2.splat(1 / 11.0));
  high = f64x2.add(f64x2.mul(high, z2), f64x2.splat(1 / 9.0));
  low = f64x2.add(f64x2.mul(low, z2), f64x2.splat(1 / 7.0));
  high = f64x2.add(f64x2.mul(high, z2), f64x2.splat(1 / 5.0));
  low = f64x2.add(f64x2.mul(low, z2), f64x2.splat(1 / 3.0));
  const series = f64x2.add(f64x2.splat(1), f64x2.mul(z, f64x2.add(low, f64x2.mul(z, high))));
  return f64x2.add(v128.and(far, f64x2.splat(0.6931471805599453)), f64x2.mul(f64x2.add(s, s), series));
}

/** Two sums in one number. */
function both(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/**
 * value (1), gradient (stride) ← themselves and those of Σ weight · (log(1 + e^m) − target · m), m = theta · row, of the rows [from, to); chances (n) ← 1 / (1 + e^−m).
 * targets f64 (n): 0 or 1. Of two classes.
 */
export function logistic_pass(
  value: usize,
  gradient: usize,
  chances: usize,
  rows: usize,
  targets: usize,
  weights: usize,
  theta: usize,
  stride: i32,
  from: i32,
  to: i32,
): void {
  assert(!(from & 3) && !(stride & 1), "logistic_pass: rows go four at a time, columns two");
  const width = (<usize>stride) << 3,
    end = theta + width,
    one = f64x2.splat(1),
    zero = f64x2.splat(0);
  let sum = zero;
  for (let i = from; i < to; i += 4) {
    const first = rows + <usize>i * width;
    let at = (<usize>i) << 3,
      a = zero,
      b = zero,
      c = zero,
      d = zero;
    // theta and gradient are fetched once for four rows
    for (let t = theta, x = first; t < end; t += 16, x += 16) {
      const factor = v128.load(t),
        y = x + 2 * width;
      a = f64x2.add(a, f64x2.mul(factor, v128.load(x)));
      b = f64x2.add(b, f64x2.mul(factor, v128.load(x + width)));
      c = f64x2.add(c, f64x2.mul(factor, v128.load(y)));
      d = f64x2.add(d, f64x2.mul(factor, v128.load(y + width)));
    }
    v128.store(chances + at, f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3)));
    v128.store(chances + at, f64x2.add(v128.shuffle<f64>(c, d, 0, 2), v128.shuffle<f64>(c, d, 1, 3)), 16);
    let r = zero,
      s = zero;
    for (const pairs = at + 32; at < pairs; at += 16) {
      const m = v128.load(chances + at),
        target = v128.load(targets + at),
        weight = v128.load(weights + at),
        e = expLow(f64x2.pmax(f64x2.neg(f64x2.abs(m)), f64x2.splat(-700))),
        likelier = f64x2.div(one, f64x2.add(one, e)),
        chance = v128.bitselect(likelier, f64x2.mul(e, likelier), f64x2.ge(m, zero)),
        loss = f64x2.add(f64x2.sub(f64x2.pmax(m, zero), f64x2.mul(target, m)), logOnePlus(e));
      v128.store(chances + at, chance);
      sum = f64x2.add(sum, f64x2.mul(weight, loss));
      r = s;
      s = f64x2.mul(weight, f64x2.sub(chance, target));
    }
    const r0 = v128.shuffle<f64>(r, r, 0, 0),
      r1 = v128.shuffle<f64>(r, r, 1, 1),
      s0 = v128.shuffle<f64>(s, s, 0, 0),
      s1 = v128.shuffle<f64>(s, s, 1, 1);
    for (let g = gradient, x = first, stop = gradient + width; g < stop; g += 16, x += 16) {
      const y = x + 2 * width,
        more = f64x2.add(f64x2.mul(r0, v128.load(x)), f64x2.mul(r1, v128.load(x + width))),
        most = f64x2.add(f64x2.mul(s0, v128.load(y)), f64x2.mul(s1, v128.load(y + width)));
      v128.store(g, f64x2.add(v128.load(g), f64x2.add(more, most)));
    }
  }
  putF64(value, 0, f64At(value, 0) + both(sum));
}

/** chances (n, 2) ← 1 / (1 + e^m) and 1 / (1 + e^−m), m = theta · row, of the rows [from, to) and, where they are an odd number, of the next. */
export function logistic_chances(chances: usize, rows: usize, theta: usize, stride: i32, from: i32, to: i32): void {
  const width = (<usize>stride) << 3,
    end = theta + width,
    one = f64x2.splat(1);
  for (let i = from; i < to; i += 2) {
    const put = chances + ((<usize>i) << 4);
    let a = f64x2.splat(0),
      b = a;
    for (let t = theta, x = rows + <usize>i * width; t < end; t += 16, x += 16) {
      const factor = v128.load(t);
      a = f64x2.add(a, f64x2.mul(factor, v128.load(x)));
      b = f64x2.add(b, f64x2.mul(factor, v128.load(x + width)));
    }
    const m = f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3)),
      e = expLow(f64x2.pmax(f64x2.neg(f64x2.abs(m)), f64x2.splat(-700))),
      likelier = f64x2.div(one, f64x2.add(one, e)),
      other = f64x2.mul(e, likelier),
      isSecond = f64x2.ge(m, f64x2.splat(0)),
      first = v128.bitselect(other, likelier, isSecond),
      second = v128.bitselect(likelier, other, isSecond);
    v128.store(put, v128.shuffle<f64>(first, second, 0, 2));
    v128.store(put, v128.shuffle<f64>(first, second, 1, 3), 16);
  }
}

/** out (n, stride) ← (cells (n, width) − shifts) · factors, then a one and zeros; rows [from, to). cells and out: their first rows. */
export function move_cells(out: usize, cells: usize, shifts: usize, factors: usize, width: i32, stride: i32, from: i32, to: i32): void {
  for (let i = from; i < to; i++) {
    const row = cells + ((<usize>i * width) << 3),
      put = out + ((<usize>i * stride) << 3);
    let c = 0;
    for (; c + 2 <= width; c += 2) {
      const at = (<usize>c) << 3;
      v128.store(put + at, f64x2.mul(f64x2.sub(v128.load(row + at), v128.load(shifts + at)), v128.load(factors + at)));
    }
    for (; c < width; c++) putF64(put, c, (f64At(row, c) - f64At(shifts, c)) * f64At(factors, c));
    for (; c < stride; c++) putF64(put, c, c == width ? 1 : 0);
  }
}

/** value (1), gradient (classes, stride) ← themselves and those of Σ −weight · log chance of the row's class, rows [from, to); chances (n, classes) ← softmax of theta (classes, stride) · row. */
export function softmax_pass(
  value: usize,
  gradient: usize,
  chances: usize,
  rows: usize,
  codes: usize,
  weights: usize,
  theta: usize,
  classes: i32,
  stride: i32,
  from: i32,
  to: i32,
): void {
  const width = (<usize>stride) << 3;
  let sum = f64At(value, 0);
  for (let i = from; i < to; i++) {
    const row = rows + <usize>i * width,
      chance = chances + ((<usize>i * classes) << 3),
      code = u32At(codes, i),
      weight = f64At(weights, i);
    let highest = -Infinity;
    for (let k = 0; k < classes; k++) {
      const m = dot(theta + <usize>k * width, row, stride);
      putF64(chance, k, m);
      highest = max(highest, m);
    }
    const own = f64At(chance, code);
    let total: f64 = 0;
    for (let k = 0; k < classes; k++) {
      const e = exp(f64At(chance, k) - highest);
      putF64(chance, k, e);
      total += e;
    }
    sum += weight * (log(total) + (highest - own));
    for (let k = 0; k < classes; k++) {
      const p = f64At(chance, k) / total;
      putF64(chance, k, p);
      add(gradient + <usize>k * width, row, weight * (p - (k == code ? 1 : 0)), stride);
    }
  }
  putF64(value, 0, sum);
}

/** Σ a · b over an even number of columns. */
function dot(a: usize, b: usize, stride: i32): f64 {
  let sum = f64x2.splat(0);
  for (const end = a + ((<usize>stride) << 3); a < end; a += 16, b += 16) sum = f64x2.add(sum, f64x2.mul(v128.load(a), v128.load(b)));
  return both(sum);
}

/** out ← out + factor · row, over an even number of columns. */
function add(out: usize, row: usize, factor: f64, stride: i32): void {
  const by = f64x2.splat(factor);
  for (const end = out + ((<usize>stride) << 3); out < end; out += 16, row += 16)
    v128.store(out, f64x2.add(v128.load(out), f64x2.mul(by, v128.load(row))));
}

/** factors (n) ← weight · p_k · ((k = l) − p_l), the second derivative of a row's loss by m_k and m_l; chances (n, columns), rows [from, to). */
export function curvature_factors(factors: usize, chances: usize, weights: usize, columns: i32, k: i32, l: i32, from: i32, to: i32): void {
  for (let i = from; i < to; i++) {
    const p = f64At(chances, i * columns + k);
    putF64(factors, i, f64At(weights, i) * p * ((k == l ? 1 : 0) - f64At(chances, i * columns + l)));
  }
}

/** Rows whose sums are taken one block of the matrix after the other: they stay in the cache meanwhile. */
const NEAR: i32 = 64;

/** gram (stride, stride), from the diagonal on ← itself and Σ factor · row · rowᵀ of the rows [from, to). What is left of the diagonal means nothing. */
export function add_gram(gram: usize, rows: usize, factors: usize, stride: i32, from: i32, to: i32): void {
  for (let start = from; start < to; start += NEAR) {
    const end = min(to, start + NEAR);
    for (let a = 0; a < stride; a += 2) {
      // from the right, blocks of eight columns until they are past the diagonal
      let b = stride;
      for (; b > a && b >= 8; b -= 8) add_eight(gram, rows, factors, stride, a, b - 8, start, end);
      for (; b > a; b -= 2) add_two(gram, rows, factors, stride, a, b - 2, start, end);
    }
  }
}

/** Of the lines a and a + 1 the columns from b on; sums stay in registers while the rows go by. */
function add_eight(gram: usize, rows: usize, factors: usize, stride: i32, a: i32, b: i32, from: i32, to: i32): void {
  const width = (<usize>stride) << 3,
    out = gram + ((<usize>(a * stride + b)) << 3),
    next = out + width,
    last = rows + <usize>to * width,
    left = (<usize>a) << 3,
    right = (<usize>b) << 3;
  let s0 = v128.load(out),
    s1 = v128.load(out, 16),
    s2 = v128.load(out, 32),
    s3 = v128.load(out, 48),
    t0 = v128.load(next),
    t1 = v128.load(next, 16),
    t2 = v128.load(next, 32),
    t3 = v128.load(next, 48);
  for (let row = rows + <usize>from * width, factor = factors + ((<usize>from) << 3); row < last; row += width, factor += 8) {
    const by = v128.load64_splat(factor),
      x = f64x2.mul(by, v128.load64_splat(row + left)),
      y = f64x2.mul(by, v128.load64_splat(row + left, 8)),
      z = row + right,
      z0 = v128.load(z),
      z1 = v128.load(z, 16),
      z2 = v128.load(z, 32),
      z3 = v128.load(z, 48);
    s0 = f64x2.add(s0, f64x2.mul(x, z0));
    s1 = f64x2.add(s1, f64x2.mul(x, z1));
    s2 = f64x2.add(s2, f64x2.mul(x, z2));
    s3 = f64x2.add(s3, f64x2.mul(x, z3));
    t0 = f64x2.add(t0, f64x2.mul(y, z0));
    t1 = f64x2.add(t1, f64x2.mul(y, z1));
    t2 = f64x2.add(t2, f64x2.mul(y, z2));
    t3 = f64x2.add(t3, f64x2.mul(y, z3));
  }
  v128.store(out, s0);
  v128.store(out, s1, 16);
  v128.store(out, s2, 32);
  v128.store(out, s3, 48);
  v128.store(next, t0);
  v128.store(next, t1, 16);
  v128.store(next, t2, 32);
  v128.store(next, t3, 48);
}

/** As `add_eight`, of two columns. */
function add_two(gram: usize, rows: usize, factors: usize, stride: i32, a: i32, b: i32, from: i32, to: i32): void {
  const width = (<usize>stride) << 3,
    out = gram + ((<usize>(a * stride + b)) << 3);
  let s = v128.load(out),
    t = v128.load(out + width);
  for (let i = from; i < to; i++) {
    const row = rows + <usize>i * width,
      by = v128.load64_splat(factors + ((<usize>i) << 3)),
      z = v128.load(row + ((<usize>b) << 3)),
      line = row + ((<usize>a) << 3);
    s = f64x2.add(s, f64x2.mul(f64x2.mul(by, v128.load64_splat(line)), z));
    t = f64x2.add(t, f64x2.mul(f64x2.mul(by, v128.load64_splat(line, 8)), z));
  }
  v128.store(out, s);
  v128.store(out + width, t);
}
