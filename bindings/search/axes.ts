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
/** Share of the variance that axes beyond the last one may hold; fewer axes than these spare nothing, and leave much to be compared in f64 (two columns, one of them narrow: 274 rows instead of 12). */
const SPARED = 0.02;
const FEWEST_AXES = 4;

/**
 * The leading principal axes of rows (n, d), from at most 512 of them, by orthogonal iteration. How good they are decides how fast a search is, never what it finds; that
 * they are orthonormal is all it relies on.
 */
export function principalAxes(values: Float64Array, n: number, d: number): Axes | undefined {
  const { center, covariance } = covarianceOf(values, n, d);
  const most = Math.min(d, MOST_AXES);
  // any directions that are not all alike will do to begin with
  let axes: Float64Array[] = Array.from({ length: most }, (_, a) =>
    Float64Array.from({ length: d }, (_cell, c) => (Math.imul(a * d + c, 0x9e3779b1) >> 16) + 0.5),
  );
  for (let round = 0; round < ROUNDS; round++) axes = orthonormal(axes.map((axis) => turned(axis, covariance)));
  return axes.length ? leading(axes, covariance, center, d) : undefined;
}

/** covariance · axis */
function turned(axis: Float64Array, covariance: Float64Array): Float64Array {
  return axis.map((_, c) => dot(axis, covariance.subarray(c * axis.length)));
}

/** As many of the axes as it takes to leave little out, the widest first. */
function leading(axes: readonly Float64Array[], covariance: Float64Array, center: Float64Array, d: number): Axes {
  const variances = axes.map((axis) => dot(axis, turned(axis, covariance)));
  let total = 0;
  for (let c = 0; c < d; c++) total += covariance[c * d + c]!;
  const order = variances.map((_, a) => a).sort((a, b) => variances[b]! - variances[a]! || a - b);
  let [r, held] = [0, 0];
  while (r < axes.length && (r < FEWEST_AXES || held < (1 - SPARED) * total)) held += variances[order[r++]!]!;
  const directions = new Float64Array(r * d);
  // shorter by a hair than orthonormal vectors may be, so that no distance grows on them
  for (let a = 0; a < r; a++)
    directions.set(
      axes[order[a]!]!.map((value) => value * (1 - 1e-8)),
      a * d,
    );
  return { directions, center, r, share: total > 0 ? held / total : 1 };
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

/** Orthonormal vectors of the same span, by Gram and Schmidt, twice. Those that vanish are left out, and all that are no numbers. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const kept: Float64Array[] = [];
  for (const vector of vectors) {
    let left = normalize(vector, 0);
    for (let twice = 0; twice < 2; twice++) {
      for (const other of kept) {
        const along = dot(vector, other);
        for (let c = 0; c < vector.length; c++) vector[c]! -= along * other[c]!;
      }
      left &&= normalize(vector, 1e-6);
    }
    if (left) kept.push(vector);
  }
  return kept;
}

/** Whether something longer than that was there to be brought to length 1. */
function normalize(vector: Float64Array, least: number): boolean {
  const length = Math.sqrt(dot(vector, vector));
  for (let c = 0; c < vector.length; c++) vector[c]! /= length;
  return length > least && length < Infinity;
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let c = 0; c < x.length; c++) sum += x[c]! * y[c]!;
  return sum;
}
