import type { Dataset } from "../data/dataset";
import { core } from "../engine/core";
import { withInstanceNow } from "../engine/lease";
import { limitsOf } from "../resample/emit";
import { statisticsOf } from "../search/statistics";

/**
 * How rows of a larger class take the place of rows of a smaller one. `"diag"`: each numeric column moved and stretched to the mean and standard deviation of the smaller class; `"translate"`: moved
 * alone; `"affine"`: covariances matched too, each shrunk by a tenth towards its diagonal; `"own"`: left where they are, with their own label.
 */
export type Transfer = "diag" | "translate" | "affine" | "own";

/** Share of what columns have in common that is given up, so that few rows of many columns have a covariance that can be inverted. */
const SHRINKAGE = 0.1;

/** The numeric cells of a row somewhere else; null leaves rows where they are. */
export type Move = ((row: number) => ArrayLike<number>) | null;

/** The map from the place of some rows to that of others. Whole numbers stay whole, and bounds hold. */
export function mapBetween(data: Dataset, transfer: Transfer, from: Uint32Array, to: Uint32Array): Move {
  if (transfer === "own") return null;
  const { numeric, schema } = data;
  const { d } = schema;
  const [left, right] = [momentsOf(data, from), momentsOf(data, to)];
  const { columns, lows, highs } = limitsOf(schema);
  const roots = transfer === "affine" ? [rootOf(left), rootOf(right)] : undefined;
  const factors = right.deviations.map((deviation, c) =>
    transfer === "diag" && left.deviations[c]! > 0 ? deviation / left.deviations[c]! : 1,
  );
  return (row) => {
    const apart = factors.map((factor, c) => factor * (numeric[row * d + c]! - left.means[c]!));
    const moved = roots ? recolored(roots[0]!, roots[1]!, apart) : apart;
    return columns.map(({ kind }, c) => {
      const value = right.means[c]! + moved[c]!;
      return Math.min(Math.max(kind === "numeric" ? value : Math.round(value), lows[c]!), highs[c]!);
    });
  };
}

interface Moments {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  /** f64 (n, d) offsets from the means; NaN is missing. */
  readonly apart: Float64Array;
}

function momentsOf({ numeric, schema: { d } }: Dataset, rows: Uint32Array): Moments {
  const values = new Float64Array(rows.length * d);
  rows.forEach((i, t) => values.set(numeric.subarray(i * d, (i + 1) * d), t * d));
  const { means, deviations } = withInstanceNow(core, (instance) => statisticsOf(instance, values, rows.length, d));
  return { means, deviations, apart: values.map((value, at) => value - means[at % d]!) };
}

/** f64 (d, d) ← L of the shrunk covariance = L · Lᵀ, by Cholesky; columns without a spread of their own are 0. */
function rootOf({ deviations, apart }: Moments): Float64Array {
  const d = deviations.length;
  const n = apart.length / d;
  const root = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let at = 0; at < apart.length; at += d) sum += (apart[at + i]! * apart[at + j]! || 0) * (i === j ? 1 : 1 - SHRINKAGE);
      sum /= n;
      const whole = sum;
      for (let k = 0; k < j; k++) sum -= root[i * d + k]! * root[j * d + k]!;
      root[i * d + j] = i === j ? (sum > 1e-12 * whole ? Math.sqrt(sum) : 0) : root[j * d + j] ? sum / root[j * d + j]! : 0;
    }
  }
  return root;
}

/** right · left⁻¹ · apart; a missing number counts as the mean for the others, and stays missing. */
function recolored(left: Float64Array, right: Float64Array, apart: Float64Array): Float64Array {
  const d = apart.length;
  const white = new Float64Array(d);
  return apart.map((value, i) => {
    let sum = value || 0;
    for (let k = 0; k < i; k++) sum -= left[i * d + k]! * white[k]!;
    white[i] = left[i * d + i] ? sum / left[i * d + i]! : 0;
    let moved = value - value;
    for (let k = 0; k <= i; k++) moved += right[i * d + k]! * white[k]!;
    return moved;
  });
}
