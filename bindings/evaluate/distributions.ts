import { withMath } from "../engine/math";
import type { CoreExports } from "../engine/exports";

/* Distribution functions of tests and intervals. Each gives the shares below and above, because 1 minus one of them has lost its digits where that matters. */

type Functions = Pick<CoreExports, "exp" | "log">;

/** Probability of a value up to x, and of one above it. */
export interface Tails {
  readonly below: number;
  readonly above: number;
}

/** Standard normal distribution. */
export function normal(x: number): Tails {
  return withMath((math) => normalTails(math, x));
}

/** The z with P(Z ≤ z) = p, for p from 0 to 1. */
export function normalQuantile(p: number): number {
  return withMath((math) => symmetricQuantile(p, (z) => normalTails(math, z).above));
}

/** Student's t distribution of df > 0 degrees of freedom, whole or not; Infinity: the normal one. */
export function studentT(t: number, df: number): Tails {
  return withMath((math) => studentTails(math, t, df));
}

/** The t with P(T ≤ t) = p. */
export function studentTQuantile(p: number, df: number): number {
  return withMath((math) => symmetricQuantile(p, (t) => studentTails(math, t, df).above));
}

/** Chi-squared distribution of df > 0 degrees of freedom. */
export function chiSquared(x: number, df: number): Tails {
  return withMath((math) => gammaTails(math, df / 2, x / 2));
}

/** The x with P(X ≤ x) = p. */
export function chiSquaredQuantile(p: number, df: number): number {
  return withMath((math) => {
    const tails = (x: number): Tails => gammaTails(math, df / 2, x / 2);
    if (!(p > 0 && p < 1)) return p === 0 ? 0 : p === 1 ? Infinity : NaN;
    return solve(p < 0.5 ? (x) => tails(x).below < p : (x) => tails(x).above > 1 - p);
  });
}

function normalTails(math: Functions, x: number): Tails {
  const { below, above } = gammaTails(math, 0.5, (x * x) / 2);
  return x < 0 ? { below: above / 2, above: 0.5 + below / 2 } : { below: 0.5 + below / 2, above: above / 2 };
}

function studentTails(math: Functions, t: number, df: number): Tails {
  if (df === Infinity) return normalTails(math, t);
  if (t - t !== 0) return t === t ? { below: t > 0 ? 1 : 0, above: t > 0 ? 0 : 1 } : { below: NaN, above: NaN };
  // t² may leave the range where its share does not
  const ratio = (t / df) * t;
  const far = beta(math, df / 2, 1 / (1 + ratio), ratio === Infinity ? 1 : ratio / (1 + ratio)) / 2;
  return t < 0 ? { below: far, above: 1 - far } : { below: 1 - far, above: far };
}

/** For p ≤ 1/2 the negative of the point above which there is a share of p. */
function symmetricQuantile(p: number, above: (x: number) => number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  const tail = p < 0.5 ? p : 1 - p;
  const point = tail === 0 ? Infinity : tail === 0.5 ? 0 : solve((x) => above(x) > tail);
  return p < 0.5 ? -point : point;
}

/** The x ≥ 0 up to which something is true; Infinity if it always is. By bisection: as exact as the tails are, and fast enough. */
function solve(isBelow: (x: number) => boolean): number {
  let [low, high] = [0, 1];
  while (isBelow(high)) {
    if (high > 1e300) return Infinity;
    [low, high] = [high, 2 * high];
  }
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
}

/** Regularized incomplete gamma functions P(a, x) and Q(a, x): the series where it is short, else the continued fraction, by Lentz's way of adding it up. */
function gammaTails(math: Functions, a: number, x: number): Tails {
  if (!(a > 0) || x !== x) return { below: NaN, above: NaN };
  if (!(x > 0)) return { below: 0, above: 1 };
  if (x === Infinity) return { below: 1, above: 0 };
  // x^a e^−x / Γ(a), about its peak at x = a, where the parts cancel
  const off = (x - a) / a;
  const ratio = off < -0.5 ? math.log(x) - math.log(a) : logOnePlus(math, off);
  const front = math.exp(a * (ratio - off) - stirling(math, a)) * Math.sqrt(a / (2 * Math.PI));
  if (x < a + 1) {
    let sum = 1 / a;
    for (let term = sum, k = a + 1; term > sum * 1e-17; k++) sum += term *= x / k;
    const below = Math.min(front * sum, 1);
    return { below, above: 1 - below };
  }
  const above = Math.min(front / fraction(x + 1 - a, (k) => [k * (a - k), x + 2 * k + 1 - a]), 1);
  return { below: 1 - above, above };
}

/** Regularized incomplete beta function I_x(a, 1/2), y = 1 − x. */
function beta(math: Functions, a: number, x: number, y: number): number {
  if (!(a > 0) || x !== x) return NaN;
  if (x === 0 || y === 0) return y === 0 ? 1 : 0;
  // x^a √y / B(a, 1/2)
  const logPeak = a * logOnePlus(math, 0.5 / a) - 0.5 + stirling(math, a + 0.5) - stirling(math, a);
  const front = Math.sqrt((y * a) / Math.PI) * math.exp(a * (x < 0.5 ? math.log(x) : logOnePlus(math, -y)) + logPeak);
  return x < (a + 1) / (a + 2.5) ? front / (a * betaFraction(a, 0.5, x)) : 1 - front / (0.5 * betaFraction(0.5, a, y));
}

function betaFraction(a: number, b: number, x: number): number {
  return fraction(1, (k) => {
    const m = Math.floor(k / 2);
    const top = k % 2 === 0 ? m * (b - m) * x : -(a + m) * (a + b + m) * x;
    return [top / ((a + k - 1) * (a + k)), 1];
  });
}

/** Stands for 0, by which the fractions must not divide. */
const TINY = 1e-300;

/** first + n₁ / (d₁ + n₂ / (d₂ + …)). */
function fraction(first: number, part: (k: number) => [numerator: number, denominator: number]): number {
  let value = first === 0 ? TINY : first;
  let [c, d] = [value, 0];
  for (let k = 1; k < 100_000; k++) {
    const [top, bottom] = part(k);
    d = 1 / (bottom + top * d || TINY);
    c = bottom + top / c || TINY;
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return value;
}

/** log(1 + x), with the digits of a small x. */
function logOnePlus(math: Functions, x: number): number {
  const sum = 1 + x;
  return sum === 1 ? x : sum === Infinity ? math.log(x) : (math.log(sum) * x) / (sum - 1);
}

/** log Γ(a) less (a − 1/2) log a − a + log √2π: Stirling's series from 10 on, and the recurrence below. */
function stirling(math: Functions, a: number): number {
  let below = 0;
  for (; a < 10; a++) below += (a + 0.5) * logOnePlus(math, 1 / a) - 1;
  const z = 1 / (a * a);
  return below + (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z * (1 / 1188 - z * (691 / 360360 - z / 156)))))) / a;
}
