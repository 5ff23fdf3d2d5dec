import { checkOneOf, show } from "../check";
import type { Features, Scale } from "../contracts";
import { alignTo } from "../data/align";
import { checkComplete } from "../data/complete";
import { namesOf } from "../data/dataset";
import { core } from "../engine/core";
import { withInstanceNow } from "../engine/lease";
import { InputError } from "../errors";
import { readFeatures } from "../search/nearest";
import { checkScale, divisorsOf, tooLarge } from "../search/space";
import { median, statisticsOf } from "../search/statistics";
import type { KernelName } from "./bandwidths";
import type { Centers } from "./sums";

/** By which kernel two samples are compared. */
export interface DiscrepancyOptions {
  /** `"gaussian"` (default): exp(−‖x − y‖² / 2σ²); `"laplacian"`: exp(−Σ |x − y| / σ). */
  readonly kernel?: KernelName | undefined;
  /** σ; several: the sum of their kernels. Default `"median"`: that of the distances between rows, of at most 1000 of both samples. */
  readonly bandwidth?: "median" | number | readonly number[] | undefined;
  /** How columns are made comparable: by what both samples teach. Default `"none"` for `{ X }`, `"standard"` for a table. */
  readonly scale?: Scale | undefined;
}

/** Two samples as points, one behind the other, and the kernels between them. */
export interface Pair extends Pick<Centers, "laplacian" | "d"> {
  /** f64 (n + m, d), scaled. */
  readonly values: Float64Array;
  readonly n: number;
  readonly m: number;
  readonly bandwidths: readonly number[];
}

/** Rows whose distances are looked at for their median. */
const MEDIAN_ROWS = 1000;

/** Both samples, checked. */
export function pairOf(a: Features, b: Features, options: DiscrepancyOptions): Pair {
  const kernel = checkOneOf("kernel", options.kernel ?? "gaussian", ["gaussian", "laplacian"]);
  const { bandwidth = "median" } = options;
  const widths = typeof bandwidth === "number" ? [bandwidth] : bandwidth;
  const known =
    Array.isArray(widths) &&
    widths.length > 0 &&
    widths.every((width: unknown) => typeof width === "number" && width > 0 && width < Infinity);
  if (widths !== "median" && !known) {
    throw new InputError("OPTION", `bandwidth is ${show(bandwidth)}, but needs "median", a number above 0, or several.`);
  }
  const first = readFeatures(a);
  const second = alignTo(first.schema, readFeatures(b));
  checkComplete("A discrepancy", first);
  checkComplete("A discrepancy", second);
  const { schema } = first;
  const { d } = schema;
  if (d === 0) throw new InputError("DATA", "The data has no feature columns, so there is nothing to compare; describe a numeric one.");
  const [n, m] = [first.n, second.n];
  const both = new Float64Array((n + m) * d);
  both.set(first.numeric);
  both.set(second.numeric, n * d);
  const statistics = withInstanceNow(core, (instance) => statisticsOf(instance, both, n + m, d));
  const divisors = divisorsOf(schema, checkScale(options.scale) ?? first.scale, () => statistics);
  statistics.highs.forEach((high, c) => {
    if (!((high - statistics.lows[c]!) / divisors[c]! < 1e140)) throw tooLarge(namesOf(schema, "numeric")[c]!);
  });
  const values = both.map((value, at) => value / divisors[at % d]!);
  const laplacian = kernel === "laplacian";
  return { values, n, m, d, laplacian, bandwidths: widths === "median" ? [medianDistance(values, d, laplacian)] : (widths as number[]) };
}

/** The median distance between rows, evenly taken from all; 1 where it is 0. */
function medianDistance(values: Float64Array, d: number, laplacian: boolean): number {
  const rows = values.length / d;
  const taken = Math.min(rows, MEDIAN_ROWS);
  const place = (t: number): number => Math.floor((t * rows) / taken) * d;
  const distances = new Float64Array((taken * (taken - 1)) / 2);
  let at = 0;
  for (let s = 0; s < taken; s++) {
    for (let t = 0; t < s; t++) {
      let sum = 0;
      for (let c = 0, x = place(s), y = place(t); c < d; c++) {
        const apart = Math.abs(values[x + c]! - values[y + c]!);
        sum += laplacian ? apart : apart * apart;
      }
      distances[at++] = sum;
    }
  }
  const middle = laplacian ? median(distances) : median(distances.map(Math.sqrt));
  return middle || 1;
}

/** The points from `from` to `to` as the centers of kernels of one bandwidth. */
export function kernelsOf(
  { values, d, laplacian }: Pick<Pair, "values" | "d" | "laplacian">,
  from: number,
  to: number,
  width: number,
): Centers {
  const n = to - from;
  const scale = laplacian ? Math.LOG2E / width : Math.LOG2E / (2 * width * width);
  return {
    values: values.subarray(from * d, to * d),
    n,
    d,
    laplacian,
    scales: new Float64Array(n).fill(scale),
    biases: new Float64Array(n),
  };
}

/** Sums of kernels: over pairs of different rows of either sample, each pair once, and over pairs of one row of each. */
export interface PairSums {
  readonly within: number;
  readonly without: number;
  readonly between: number;
}

/** The squared discrepancy; `kernels` is how many are added up, each 1 at distance 0. */
export function squaredOf({ within, without, between }: PairSums, n: number, m: number, kernels: number, unbiased: boolean): number {
  const mean = (sum: number, rows: number): number =>
    unbiased ? (2 * sum) / (rows * (rows - 1)) : (2 * sum + rows * kernels) / (rows * rows);
  return mean(within, n) + mean(without, m) - (2 * between) / (n * m);
}
