/** Naive f64 twins of the kernels: plain loops, no cleverness. */

/** Squared distance in column order. */
export function squaredDistance(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let c = 0; c < x.length; c++) {
    const apart = x[c]! - y[c]!;
    sum += apart * apart;
  }
  return sum;
}

export interface OracleNeighbors {
  readonly indices: Uint32Array;
  readonly keys: Float64Array;
}

/** The k nearest of m rows for each of n, by (distance, index); `self`: no row is its own neighbor. */
export function nearest(n: number, m: number, k: number, self: boolean, distance: (i: number, j: number) => number): OracleNeighbors {
  const indices = new Uint32Array(n * k);
  const keys = new Float64Array(n * k);
  const order = new Uint32Array(m);
  const all = new Float64Array(m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      order[j] = j;
      all[j] = self && i === j ? Infinity : distance(i, j);
    }
    const sorted = order.sort((a, b) => all[a]! - all[b]! || (self && a === i ? 1 : self && b === i ? -1 : a - b));
    for (let p = 0; p < k; p++) {
      indices[i * k + p] = sorted[p]!;
      keys[i * k + p] = all[sorted[p]!]!;
    }
  }
  return { indices, keys };
}

/** Rows of a flat block. */
export function rowsOf(values: Float64Array, d: number): Float64Array[] {
  return Array.from({ length: d ? values.length / d : 0 }, (_, i) => values.subarray(i * d, (i + 1) * d));
}
