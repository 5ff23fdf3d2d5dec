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
  let shift: i64 = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984.0; // 2⁵⁴
    shift = -54;
  }
  let bits = reinterpret<i64>(x);
  let exponent = (bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    exponent++;
  }
  const power = <f64>(exponent + shift);
  // log m = 2 artanh((m − 1) / (m + 1)), |s| ≤ 0.1716: the first term left out is below 2⁻⁵⁸
  const f = m - 1,
    s = f / (m + 1),
    z = s * s;
  let series: f64 = 1 / 21.0;
  series = series * z + 1 / 19.0;
  series = series * z + 1 / 17.0;
  series = series * z + 1 / 15.0;
  series = series * z + 1 / 13.0;
  series = series * z + 1 / 11.0;
  series = series * z + 1 / 9.0;
  series = series * z + 1 / 7.0;
  series = series * z + 1 / 5.0;
  series = series * z + 1 / 3.0;
  // 2s = f − s·f, so the leading digits come from f itself
  return power * LN2_HIGH + (f - (s * (f - 2 * z * series) - power * LN2_LOW));
}

/** Quantile of the standard normal distribution for 0 < p < 1: algorithm AS 241, PPND16 (Wichura 1988), relative error about 1e−16. */
export function normal_quantile(p: f64): f64 {
  const q = p - 0.5;
  if (abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (
      (q *
        (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r + 45921.953931549871457) * r +
          13731.693765509461125) *
          r +
          1971.5909503065514427) *
          r +
          133.14166789178437745) *
          r +
          3.387132872796366608)) /
      (((((((5226.495278852854561 * r + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867) * r +
        5394.1960214247511077) *
        r +
        687.1870074920579083) *
        r +
        42.313330701600911252) *
        r +
        1)
    );
  }
  let r = sqrt(-log(q < 0 ? p : 1 - p)),
    value: f64;
  if (r <= 5) {
    r -= 1.6;
    value =
      (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r + 1.27045825245236838258) * r +
        3.64784832476320460504) *
        r +
        5.7694972214606914055) *
        r +
        4.6303378461565452959) *
        r +
        1.42343711074968357734) /
      (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r + 0.14810397642748007459) * r +
        0.68976733498510000455) *
        r +
        1.6763848301838038494) *
        r +
        2.05319162663775882187) *
        r +
        1);
  } else {
    r -= 5;
    value =
      (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r + 0.026532189526576123093) * r +
        0.29656057182850489123) *
        r +
        1.7848265399172913358) *
        r +
        5.4637849111641143699) *
        r +
        6.6579046435011037772) /
      (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r +
        0.0148753612908506148525) *
        r +
        0.13692988092273580531) *
        r +
        0.59983220655588793769) *
        r +
        1);
  }
  return q < 0 ? -value : value;
}
