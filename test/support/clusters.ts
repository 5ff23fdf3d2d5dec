import type { Points } from "../../bindings/cluster/lloyd";
import { squaredDistance } from "./oracle";

export const pointsOf = (values: Float64Array, d: number, weights: Float64Array | null = null): Points => ({
  values,
  n: values.length / d,
  d,
  weights,
});

/** The nearest of some centers by plain comparison. */
export function nearestCenters({ values, n, d }: Points, centers: Float64Array): Uint32Array {
  return Uint32Array.from({ length: n }, (_, i) => {
    const row = values.subarray(i * d, i * d + d);
    let best = 0;
    let least = Infinity;
    for (let j = 0; j < centers.length / d; j++) {
      const square = squaredDistance(row, centers.subarray(j * d, j * d + d));
      if (square < least) [least, best] = [square, j];
    }
    return best;
  });
}
