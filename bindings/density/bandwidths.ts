import { checkInteger, checkOneOf, isRecord, show } from "../check";
import type { Run } from "../contracts";
import { allRows } from "../data/dataset";
import { core } from "../engine/core";
import { power } from "../engine/math";
import type { DensityExports } from "../engine/exports";
import { withInstanceNow, type Instance } from "../engine/lease";
import { InputError } from "../errors";
import type { Work } from "../run/work";
import { nearestNeighbors } from "../search/nearest";
import { median } from "../search/statistics";
import { kernelWork, logSums, placeLeaves, type Centers } from "./sums";

/** A bandwidth by the number of rows and columns alone. */
export type BandwidthRule = "scott" | "silverman";

/**
 * How wide kernels are, in scaled columns. A number; `"scott"`: n^(−1/(d + 4)); `"silverman"`: (4 / ((d + 2) n))^(1/(d + 4)); `"likelihood"`: what makes each row likeliest by the
 * others; `{ abramson }`: around that bandwidth, narrower where rows are dense; `{ neighbor: k }`: for each row the distance to its k-th nearest.
 */
export type Bandwidth =
  number | BandwidthRule | "likelihood" | { readonly abramson: number | BandwidthRule } | { readonly neighbor: number };

export type KernelName = "gaussian" | "laplacian";

/** Complete points with weights, in scaled columns. */
export interface WeightedPoints extends Pick<Centers, "values" | "n" | "d" | "laplacian"> {
  /** f64 (n), sum above 0; null: all alike. */
  readonly weights: Float64Array | null;
}

/** Refuses what is no bandwidth. */
export function checkBandwidth(given: unknown): Bandwidth {
  if (given === "likelihood") return given;
  if (isRecord(given) && "neighbor" in given) return { neighbor: checkInteger("neighbor", given["neighbor"], 1) };
  if (isRecord(given) && "abramson" in given) return { abramson: checkWidth("abramson", given["abramson"]) };
  return checkWidth("bandwidth", given);
}

function checkWidth(name: string, given: unknown): number | BandwidthRule {
  if (typeof given === "string") return checkOneOf<BandwidthRule>(name, given, ["scott", "silverman"]);
  if (typeof given === "number" && given > 0 && given < Infinity) return given;
  throw new InputError("OPTION", `${name} is ${show(given)}, but needs a number above 0, "scott" or "silverman".`);
}

/** The number that a rule gives for n rows of d columns. */
export function widthBy(rule: number | BandwidthRule, n: number, d: number): number {
  if (typeof rule === "number") return rule;
  return rule === "scott" ? power(n, -1 / (d + 4)) : power(4 / ((d + 2) * n), 1 / (d + 4));
}

/** Rows whose likelihood is looked at, and bandwidths that are tried. */
const ASKED = 2000;
const TRIED = 13;

/** Work of finding the bandwidths of n points. */
export function widthsWork(bandwidth: Bandwidth, n: number, d: number): number {
  if (bandwidth === "likelihood") return TRIED * Math.min(n, ASKED) * kernelWork(n, d);
  return isRecord(bandwidth) ? n * kernelWork(n, d) : 0;
}

/** One bandwidth for all points, or one for each: f64 (n). */
export async function widthsOf(
  instance: Instance<DensityExports>,
  work: Work,
  points: WeightedPoints,
  bandwidth: Bandwidth,
  note: (sentence: string) => void,
): Promise<number | Float64Array> {
  const { n, d, weights } = points;
  const [sum, squares] = weights ? weights.reduce(([s, q], w) => [s! + w, q! + w * w], [0, 0]) : [n, n];
  const rows = (sum! * sum!) / squares!;
  if (typeof bandwidth === "number" || bandwidth === "scott" || bandwidth === "silverman") return widthBy(bandwidth, rows, d);
  if (bandwidth === "likelihood") return likeliest(instance, work, points, widthBy("silverman", rows, d), note);
  if ("neighbor" in bandwidth) return neighborWidths(work, points, bandwidth.neighbor, note);
  const width = widthBy(bandwidth.abramson, rows, d);
  const placed = centersOf(points, width);
  return instance.arena.during(async () => {
    const logs = await logSums(instance, work, placeLeaves(instance, placed), placed, points.values, { tolerance: 0 });
    const mean = logs.reduce((total, value) => total + value, 0) / n;
    // each as (density / geometric mean)^−½
    return withInstanceNow(core, ({ kernels: { exp } }) => logs.map((value) => width * exp((mean - value) / (2 * Math.LOG2E))));
  });
}

/** Points with their bandwidths, as kernels are summed: the sum over all is the density but for a constant. */
export function centersOf(points: WeightedPoints, widths: number | Float64Array): Centers {
  const { values, n, d, laplacian, weights } = points;
  const total = weights ? weights.reduce((sum, weight) => sum + weight, 0) : n;
  const scales = new Float64Array(n);
  const biases = new Float64Array(n);
  withInstanceNow(core, ({ kernels: { log } }) => {
    const shared = log(total);
    for (let i = 0; i < n; i++) {
      const width = typeof widths === "number" ? widths : widths[i]!;
      // infinite, it would make nothing of a distance of 0
      scales[i] = Math.min(Number.MAX_VALUE, laplacian ? Math.LOG2E / width : Math.LOG2E / (2 * width * width));
      biases[i] = (d * log(width) - (weights ? log(weights[i]!) : 0) + shared) * Math.LOG2E;
    }
  });
  return { values, n, d, laplacian, scales, biases };
}

/** Leave-one-out likelihood at multiples of a bandwidth: powers of two, then halfway, a quarter and an eighth of the way to the next, around the best. */
async function likeliest(
  instance: Instance<DensityExports>,
  work: Work,
  points: WeightedPoints,
  around: number,
  note: (sentence: string) => void,
): Promise<number> {
  const { n, d, weights } = points;
  if (n < 2) throw new InputError("TOO_FEW_ROWS", `bandwidth is "likelihood" but there is one row; give a number.`);
  const step = Math.ceil(n / ASKED);
  const own = allRows(Math.ceil(n / step)).map((t) => t * step);
  const queries = new Float64Array(own.length * d);
  own.forEach((i, t) => queries.set(points.values.subarray(i * d, i * d + d), t * d));
  const likelihood = (width: number): Promise<number> =>
    instance.arena.during(async () => {
      const centers = centersOf(points, width);
      const logs = await logSums(instance, work, placeLeaves(instance, centers), centers, queries, { own, tolerance: 0 });
      return own.reduce((sum, i, t) => sum + (weights ? weights[i]! : 1) * logs[t]!, 0);
    });
  let factor = 2;
  let best = { width: 0, found: -Infinity };
  const attempt = async (width: number): Promise<void> => {
    const found = await likelihood(width);
    if (found > best.found) best = { width, found };
  };
  for (let width = around / 32; width < 4 * around; width *= 2) await attempt(width);
  if (best.width < around / 20) note("The narrowest bandwidth tried was the likeliest: rows repeat, and a density at them has no bound.");
  while (factor > 1.1) {
    factor = Math.sqrt(factor);
    const { width } = best;
    await attempt(width / factor);
    await attempt(width * factor);
  }
  if (step > 1) note(`The bandwidth was chosen by the likelihood of every ${step}th row.`);
  return best.width;
}

/** Distances to the k-th nearest point, of which none is nothing. */
async function neighborWidths(
  { run, step }: Work,
  { values, n, d, laplacian }: WeightedPoints,
  k: number,
  note: (sentence: string) => void,
): Promise<Float64Array> {
  const quiet: Run = { signal: run?.signal, threads: run?.threads };
  const metric = laplacian ? "manhattan" : "euclidean";
  const { distances } = await nearestNeighbors({ X: values, columns: d }, { kNeighbors: k, scale: "none", metric }, quiet);
  await step(n * kernelWork(n, d));
  const widths = new Float64Array(n).map((_, i) => distances[i * k + k - 1]!);
  const { floor, floored } = floorOf(widths);
  if (floored) note(`${floored} rows have ${k} equal ones or more; their bandwidth is a millionth of the median.`);
  return widths.map((width) => Math.max(width, floor));
}

/** A millionth of the median of the widths above 0, and how many lie below it. */
export function floorOf(widths: Float64Array): { readonly floor: number; readonly floored: number } {
  const floor = 1e-6 * (median(widths.filter((width) => width > 0)) || 1e6);
  return { floor, floored: widths.filter((width) => width < floor).length };
}
