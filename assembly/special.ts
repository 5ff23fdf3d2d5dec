/** Functions whose digits must not depend on the engine: only + − × ÷ sqrt and bits. No tables: they are small, and accurate to about one unit. */

const LN2_HIGH: f64 = 0.6931471803691238; // the upper 32 bits of ln 2, so that multiples up to 2²⁰ are exact
const LN2_LOW: f64 = 1.9082149292705877e-10;

/** e^x; 0 below the range, Infinity above it. */
export function exp(x: f64): f64 {
  if (!(x > -745.2)) return x != x ? x : 0;
  if (x > 709.79) return Infinity;
  const power = nearest(x * 1.4426950408889634);
  const r = x - power * LN2_HIGH - power * LN2_LOW;
  // Taylor series to r^13 on |r| ≤ ln 2 / 2: the first term left out is below 2⁻⁵⁶
  let sum: f64 = 1 / 6227020800.0;
  sum = sum * r + 1 / 479001600.0;
  sum = sum * r + 1 / 39916800.0;
  sum = sum * r + 1 / 3628800.0;
  sum = sum * r + 1 / 362880.0;
  sum = sum * r + 1 / 40320.0;
  sum = sum * r + 1 / 5040.0;
  sum = sum * r + 1 / 720.0;
  sum = sum * r + 1 / 120.0;
  sum = sum * r + 1 / 24.0;
  sum = sum * r + 1 / 6.0;
  sum = sum * r + 0.5;
  sum = 1 + (r + r * r * sum);
  // in two steps, so that results below the smallest normal number round once
  const first = (<i64>power) >> 1,
    second = <i64>power - first;
  return sum * powerOfTwo(first) * powerOfTwo(second);
}

function powerOfTwo(exponent: i64): f64 {
  return reinterpret<f64>((exponent + 1023) << 52);
}

/** Natural logarithm; −Infinity at 0, NaN below. */
export function log(x: f64): f64 {
  if (!(x > 0)) return x == 0 ? -Infinity : NaN;
  if (x == Infinity) return x;
  return x < f64.MIN_NORMAL_VALUE ? logOf(x * 18014398509481984.0, -54) : logOf(x, 0);
}

/** Natural logarithm of x · 2^shift, x positive, finite and not subnormal. */
export function logOf(x: f64, shift: f64): f64 {
  const bits = reinterpret<i64>(x);
  let exponent = (bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    exponent++;
  }
  const power = <f64>exponent + shift;
  // log m = 2 artanh((m − 1) / (m + 1)), |s| ≤ 0.1716: the first term left out is below 2⁻⁵⁸
  const f = m - 1,
    s = f / (m + 1),
    z = s * s;
  let series: f64 = 0;
  for (let odd: f64 = 21; odd > 2; odd -= 2) series = series * z + 1 / odd;
  // 2s = f − s·f, so the leading digits come from f itself
  return power * LN2_HIGH + (f - (s * (f - 2 * z * series) - power * LN2_LOW));
}
