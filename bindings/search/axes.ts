/** Directions along which rows differ most. */
export interface Axes {
  /** f64 (r, d): orthonormal, to within 1e-10, and no longer. */
  readonly directions: Float64Array;
  readonly center: Float64Array;
  readonly r: number;
  /** Share of the variance that they hold. */
  readonly share: number;
}

export const MOST_AXES = 12;
const SAMPLE = 512;
const ROUNDS = 6;
/** Share of the variance that axes beyond the last one may hold. */
const SPARED = 0.02;

/**
 * The leading principal axes of rows (n, d), from at most 512 of them, by orthogonal iteration. How good they are decides how fast a search is, never what it finds; that
 * they are orthonormal is all it relies on.
 */
export function principalAxes(values: Float64Array, n: number, d: number): Axes | undefined {
  const { center, covariance } = covarianceOf(values, n, d);
  const most = Math.min(d, MOST_AXES);
  // any directions that are not all alike will do to begin with
  let directions = Float64Array.from({ length: most * d }, (_, at) => (Math.imul(at, 0x9e3779b1) >> 16) + 0.5);
  for (let round = 0; round < ROUNDS; round++) {
    const turned = new Float64Array(most * d);
    for (let a = 0; a < most; a++) {
      for (let c = 0; c < d; c++) {
        for (let e = 0; e < d; e++) turned[a * d + e]! += directions[a * d + c]! * covariance[c * d + e]!;
      }
    }
    orthonormalize(turned, most, d);
    directions = turned;
  }
  if (!isOrthonormal(directions, most, d)) return undefined;
  return leading(directions, covariance, center, most, d);
}

/** As many of the axes as it takes to leave little out, the widest first. */
function leading(directions: Float64Array, covariance: Float64Array, center: Float64Array, most: number, d: number): Axes {
  const variances = Array.from({ length: most }, (_, a) => {
    let sum = 0;
    for (let c = 0; c < d; c++) for (let e = 0; e < d; e++) sum += directions[a * d + c]! * covariance[c * d + e]! * directions[a * d + e]!;
    return sum;
  });
  let total = 0;
  for (let c = 0; c < d; c++) total += covariance[c * d + c]!;
  const order = variances.map((_, a) => a).sort((a, b) => variances[b]! - variances[a]! || a - b);
  let [r, held] = [0, 0];
  while (r < most && (r === 0 || held < (1 - SPARED) * total)) held += variances[order[r++]!]!;
  const chosen = new Float64Array(r * d);
  // shorter by a hair than orthonormal vectors may be, so that no distance grows on them
  for (let a = 0; a < r; a++) for (let c = 0; c < d; c++) chosen[a * d + c] = directions[order[a]! * d + c]! * (1 - 1e-8);
  return { directions: chosen, center, r, share: total > 0 ? held / total : 1 };
}

function covarianceOf(values: Float64Array, n: number, d: number): { center: Float64Array; covariance: Float64Array } {
  const step = Math.ceil(n / SAMPLE);
  const count = Math.ceil(n / step);
  const center = new Float64Array(d);
  for (let i = 0; i < n; i += step) for (let c = 0; c < d; c++) center[c]! += values[i * d + c]! / count;
  const covariance = new Float64Array(d * d);
  const apart = new Float64Array(d);
  for (let i = 0; i < n; i += step) {
    for (let c = 0; c < d; c++) apart[c] = values[i * d + c]! - center[c]!;
    for (let c = 0; c < d; c++) for (let e = 0; e < d; e++) covariance[c * d + e]! += (apart[c]! * apart[e]!) / count;
  }
  return { center, covariance };
}

/** vectors (r, d) ← orthonormal ones of the same span, by Gram and Schmidt, twice; a column in place of those that vanish. */
function orthonormalize(vectors: Float64Array, r: number, d: number): void {
  for (let a = 0; a < r; a++) {
    const own = vectors.subarray(a * d, (a + 1) * d);
    for (let column = 0; column <= d; column++) {
      normalize(own);
      for (let twice = 0; twice < 2; twice++) {
        for (let b = 0; b < a; b++) {
          const other = vectors.subarray(b * d, (b + 1) * d);
          const along = dot(own, other);
          for (let c = 0; c < d; c++) own[c]! -= along * other[c]!;
        }
      }
      if (dot(own, own) > 1e-12) break;
      own.fill(0).fill(1, column, column + 1);
    }
    normalize(own);
  }
}

function isOrthonormal(vectors: Float64Array, r: number, d: number): boolean {
  for (let a = 0; a < r; a++) {
    for (let b = 0; b <= a; b++) {
      const product = dot(vectors.subarray(a * d, (a + 1) * d), vectors.subarray(b * d, (b + 1) * d));
      if (!(Math.abs(product - Number(a === b)) < 1e-11)) return false;
    }
  }
  return true;
}

function normalize(vector: Float64Array): void {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  if (!(largest > 0 && largest < Infinity)) return;
  for (let c = 0; c < vector.length; c++) vector[c]! /= largest;
  const length = Math.sqrt(dot(vector, vector));
  for (let c = 0; c < vector.length; c++) vector[c]! /= length;
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let c = 0; c < x.length; c++) sum += x[c]! * y[c]!;
  return sum;
}
