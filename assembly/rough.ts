import { f32At, f64At, putF32, putF64 } from "./lanes";

/**
 * Logistic regression in f32, for the way to an optimum: four numbers at a time and half the memory, 7 ns a row of 21 columns where `logistic_pass` takes 17. Sums are of 256 rows in f32 and of these in
 * f64, which leaves about 1e-7 of the mean gradient unknown. Rows are f32 (n, width), the width a multiple of eight, and 0 beyond the columns.
 */

/** Rows between two of which sums go into f64: part of the result, so cuts between blocks are at multiples of it. */
const CHUNK: i32 = 256;

/** out f32 (n, width) ← rows f64 (n, stride), then zeros; rows [from, to). */
export function narrow_cells(out: usize, rows: usize, stride: i32, width: i32, from: i32, to: i32): void {
  for (let i = from; i < to; i++) {
    const row = rows + ((<usize>i * stride) << 3),
      put = out + ((<usize>i * width) << 2);
    for (let c = 0; c < width; c += 2) {
      const pair = c < stride ? f32x4.demote_f64x2_zero(v128.load(row + ((<usize>c) << 3))) : f32x4.splat(0);
      v128.store64_lane(put + ((<usize>c) << 2), pair, 0);
    }
  }
}

/** e^x of four numbers in [−87, 0]: the Taylor series to r^6. */
function expLow(x: v128): v128 {
  // adding 3 · 2^22 rounds to a whole number, whose bits are then the lowest
  const rounded = f32x4.add(f32x4.mul(x, f32x4.splat(1.442695)), f32x4.splat(12582912)),
    power = f32x4.sub(rounded, f32x4.splat(12582912)),
    r = f32x4.sub(f32x4.sub(x, f32x4.mul(power, f32x4.splat(0.693145751953125))), f32x4.mul(power, f32x4.splat(1.4286068e-6)));
  let sum = f32x4.add(f32x4.mul(r, f32x4.splat(1 / 720.0)), f32x4.splat(1 / 120.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1 / 24.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1 / 6.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(0.5));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1));
  return f32x4.mul(sum, i32x4.shl(i32x4.add(rounded, i32x4.splat(127)), 23));
}

/** log(1 + e) of four numbers in [0, 1], to 2e-7: the polynomial of e times degree 7 that is never farther off. */
function logOnePlus(e: v128): v128 {
  let sum = f32x4.add(f32x4.mul(e, f32x4.splat(-0.008783306)), f32x4.splat(0.044944473));
  sum = f32x4.add(f32x4.mul(sum, e), f32x4.splat(-0.108857945));
  sum = f32x4.add(f32x4.mul(sum, e), f32x4.splat(0.17825508));
  sum = f32x4.add(f32x4.mul(sum, e), f32x4.splat(-0.24523586));
  sum = f32x4.add(f32x4.mul(sum, e), f32x4.splat(0.33280173));
  sum = f32x4.add(f32x4.mul(sum, e), f32x4.splat(-0.499977));
  sum = f32x4.add(f32x4.mul(sum, e), f32x4.splat(0.9999998));
  return f32x4.mul(sum, e);
}

/** The sums of the lanes of each. */
function across(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7)),
    cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** Four f64 as f32. */
function four(at: usize): v128 {
  return v128.shuffle<f64>(f32x4.demote_f64x2_zero(v128.load(at)), f32x4.demote_f64x2_zero(v128.load(at, 16)), 0, 2);
}

/** losses (4) and bends (4) behind them ← themselves and those of four rows of log odds m, curvatures (4) ← weight · p · (1 − p); returned: what the rows count for in the gradient. */
function judge(losses: usize, curvatures: usize, m: v128, targets: usize, weights: usize): v128 {
  const zero = f32x4.splat(0),
    one = f32x4.splat(1),
    target = four(targets),
    weight = four(weights),
    e = expLow(f32x4.pmax(f32x4.neg(f32x4.abs(m)), f32x4.splat(-87))),
    likelier = f32x4.div(one, f32x4.add(one, e)),
    chance = v128.bitselect(likelier, f32x4.mul(e, likelier), f32x4.ge(m, zero)),
    loss = f32x4.add(f32x4.sub(f32x4.pmax(m, zero), f32x4.mul(target, m)), logOnePlus(e));
  const curvature = f32x4.mul(weight, f32x4.mul(f32x4.mul(e, likelier), likelier));
  v128.store(losses, f32x4.add(v128.load(losses), f32x4.mul(weight, loss)));
  v128.store(losses, f32x4.add(v128.load(losses, 16), curvature), 16);
  v128.store(curvatures, curvature);
  return f32x4.mul(weight, f32x4.sub(chance, target));
}

/**
 * value (2), gradient (width) f64 ← themselves and those of Σ weight · (log(1 + e^m) − target · m), m = theta · row, of the rows [from, to); curvatures f32 (n) ← weight · p · (1 − p), p = 1 / (1 + e^−m), whose
 * sum is the second value. rows and theta f32, targets and weights f64. sums f32 (8 + width): room. From a multiple of 256 on; up to seven rows behind the last are read, and weigh nothing.
 */
export function rough_pass(
  value: usize,
  gradient: usize,
  curvatures: usize,
  sums: usize,
  rows: usize,
  targets: usize,
  weights: usize,
  theta: usize,
  width: i32,
  from: i32,
  to: i32,
): void {
  assert(!(from & (CHUNK - 1)) && !(width & 7), "rough_pass: rows go 256 at a time, columns eight");
  const step = (<usize>width) << 2,
    losses = sums + step;
  for (let start = from; start < to; start += CHUNK) {
    memory.fill(sums, 0, step + 32);
    const end = min(to, start + CHUNK);
    for (let i = start; i < end; i += 8) {
      const at = (<usize>i) << 3;
      add_rows(sums, curvatures + (at >> 1), rows + <usize>i * step, targets + at, weights + at, theta, step);
    }
    for (let c = 0; c < width; c++) putF64(gradient, c, f64At(gradient, c) + <f64>f32At(sums, c));
    for (let k = 0; k < 8; k++) putF64(value, k >> 2, f64At(value, k >> 2) + <f64>f32At(losses, k));
  }
}

/** Eight rows of it. */
function add_rows(sums: usize, curvatures: usize, first: usize, targets: usize, weights: usize, theta: usize, step: usize): void {
  const zero = f32x4.splat(0),
    end = theta + step;
  let a = zero,
    b = zero,
    c = zero,
    d = zero,
    e = zero,
    f = zero,
    g = zero,
    h = zero;
  // theta and sums are fetched once for eight rows
  for (let t = theta, x = first; t < end; t += 16, x += 16) {
    const factor = v128.load(t),
      y = x + 2 * step,
      z = y + 2 * step,
      w = z + 2 * step;
    a = f32x4.add(a, f32x4.mul(factor, v128.load(x)));
    b = f32x4.add(b, f32x4.mul(factor, v128.load(x + step)));
    c = f32x4.add(c, f32x4.mul(factor, v128.load(y)));
    d = f32x4.add(d, f32x4.mul(factor, v128.load(y + step)));
    e = f32x4.add(e, f32x4.mul(factor, v128.load(z)));
    f = f32x4.add(f, f32x4.mul(factor, v128.load(z + step)));
    g = f32x4.add(g, f32x4.mul(factor, v128.load(w)));
    h = f32x4.add(h, f32x4.mul(factor, v128.load(w + step)));
  }
  const r = judge(sums + step, curvatures, across(a, b, c, d), targets, weights),
    s = judge(sums + step, curvatures + 16, across(e, f, g, h), targets + 32, weights + 32);
  a = v128.shuffle<f32>(r, r, 0, 0, 0, 0);
  b = v128.shuffle<f32>(r, r, 1, 1, 1, 1);
  c = v128.shuffle<f32>(r, r, 2, 2, 2, 2);
  d = v128.shuffle<f32>(r, r, 3, 3, 3, 3);
  e = v128.shuffle<f32>(s, s, 0, 0, 0, 0);
  f = v128.shuffle<f32>(s, s, 1, 1, 1, 1);
  g = v128.shuffle<f32>(s, s, 2, 2, 2, 2);
  h = v128.shuffle<f32>(s, s, 3, 3, 3, 3);
  for (let o = sums, x = first, stop = sums + step; o < stop; o += 16, x += 16) {
    const y = x + 2 * step,
      z = y + 2 * step,
      w = z + 2 * step,
      p = f32x4.add(f32x4.mul(a, v128.load(x)), f32x4.mul(b, v128.load(x + step))),
      q = f32x4.add(f32x4.mul(c, v128.load(y)), f32x4.mul(d, v128.load(y + step))),
      u = f32x4.add(f32x4.mul(e, v128.load(z)), f32x4.mul(f, v128.load(z + step))),
      v = f32x4.add(f32x4.mul(g, v128.load(w)), f32x4.mul(h, v128.load(w + step)));
    v128.store(o, f32x4.add(v128.load(o), f32x4.add(f32x4.add(p, q), f32x4.add(u, v))));
  }
}

/** Rows whose products are summed in f32 before they go into f64. */
const NEAR: i32 = 128;

/**
 * gram (width, width) f64, from the diagonal on ← itself and Σ curvature · row · rowᵀ of the rows [from, to). Of rows with less than `least` each time their sum (left: what is over, f64) comes to it one is taken, for as much: what bends
 * the loss little is a sample, in proportion. picked f32 (128, width): room. From a multiple of 128 on.
 */
export function rough_gram(
  gram: usize,
  left: usize,
  picked: usize,
  rows: usize,
  curvatures: usize,
  width: i32,
  least: f64,
  from: i32,
  to: i32,
): void {
  assert(!(from & (NEAR - 1)), "rough_gram: rows go 128 at a time");
  let rest = f64At(left, 0);
  for (let start = from; start < to; start += NEAR) {
    const end = min(to, start + NEAR);
    let m = 0;
    for (let i = start; i < end; i++) {
      let curvature = <f64>f32At(curvatures, i);
      if (curvature < least) {
        rest += curvature;
        if (rest < least) continue;
        rest -= least;
        curvature = least;
      }
      // times the root, so that one copy serves for both sides
      const by = f32x4.splat(<f32>sqrt(curvature)),
        row = rows + ((<usize>i * width) << 2),
        put = picked + ((<usize>m * width) << 2);
      for (let c: usize = 0; c < (<usize>width) << 2; c += 16) v128.store(put + c, f32x4.mul(by, v128.load(row + c)));
      m++;
    }
    for (let a = 0; a < width; a += 4) for (let b = a & ~7; b < width; b += 8) add_block(gram, picked, width, a, b, m);
  }
  putF64(left, 0, rest);
}

/** Of the lines from a on four, of the columns from b on eight, of m rows; sums stay in registers while the rows go by. */
function add_block(gram: usize, picked: usize, width: i32, a: i32, b: i32, m: i32): void {
  const zero = f32x4.splat(0),
    step = (<usize>width) << 2;
  let s0 = zero,
    t0 = zero,
    s1 = zero,
    t1 = zero,
    s2 = zero,
    t2 = zero,
    s3 = zero,
    t3 = zero;
  for (let x = picked + ((<usize>a) << 2), z = picked + ((<usize>b) << 2), end = z + <usize>m * step; z < end; x += step, z += step) {
    const u = v128.load(z),
      v = v128.load(z, 16),
      x0 = v128.load32_splat(x),
      x1 = v128.load32_splat(x, 4),
      x2 = v128.load32_splat(x, 8),
      x3 = v128.load32_splat(x, 12);
    s0 = f32x4.add(s0, f32x4.mul(x0, u));
    t0 = f32x4.add(t0, f32x4.mul(x0, v));
    s1 = f32x4.add(s1, f32x4.mul(x1, u));
    t1 = f32x4.add(t1, f32x4.mul(x1, v));
    s2 = f32x4.add(s2, f32x4.mul(x2, u));
    t2 = f32x4.add(t2, f32x4.mul(x2, v));
    s3 = f32x4.add(s3, f32x4.mul(x3, u));
    t3 = f32x4.add(t3, f32x4.mul(x3, v));
  }
  const out = gram + ((<usize>(a * width + b)) << 3),
    line = step << 1;
  put_eight(out, s0, t0);
  put_eight(out + line, s1, t1);
  put_eight(out + 2 * line, s2, t2);
  put_eight(out + 3 * line, s3, t3);
}

/** out (8) f64 ← itself and eight f32. */
function put_eight(out: usize, low: v128, high: v128): void {
  v128.store(out, f64x2.add(v128.load(out), f64x2.promote_low_f32x4(low)));
  v128.store(out, f64x2.add(v128.load(out, 16), f64x2.promote_low_f32x4(v128.shuffle<f64>(low, low, 1, 1))), 16);
  v128.store(out, f64x2.add(v128.load(out, 32), f64x2.promote_low_f32x4(high)), 32);
  v128.store(out, f64x2.add(v128.load(out, 48), f64x2.promote_low_f32x4(v128.shuffle<f64>(high, high, 1, 1))), 48);
}
