import { checkInteger, checkOneOf } from "../../check";
import type { Labels } from "../../contracts";
import { totalWeight } from "./given";
import { descending } from "./ranking";
import { isOf, onlyContest, readProbabilities, type ScoreOptions, type Scored, type Scores } from "./scores";

export interface CalibrationErrorOptions extends ScoreOptions {
  /** Default 10. */
  readonly bins?: number | undefined;
  /** `"uniform"`: bins of equal width, each with its upper edge. `"quantile"`: of about equal weight, equal probabilities together. Default `"uniform"`. */
  readonly strategy?: "uniform" | "quantile" | undefined;
}

/**
 * The mean, over bins by weight, of how far the mean probability in a bin is from the share of rows that came true: 0 is calibrated. It depends on the bins, and
 * rises by chance where they hold few rows. Probabilities of more than two classes without `positive`: of the most likely class, against how often it was
 * right. Sources: Naeini, Cooper and Hauskrecht (2015); Guo, Pleiss, Sun and Weinberger (2017) for many classes. Middle ranks in `"quantile"` are ours.
 *
 * @param labels n true labels.
 * @param probabilities n numbers for the positive class, or rows of one number for each class.
 * @throws {InputError} for probabilities outside 0 to 1, or rows that do not add up to 1.
 */
export function expectedCalibrationError(labels: Labels, probabilities: Scores, options: CalibrationErrorOptions = {}): number {
  const where = "expectedCalibrationError";
  const scored = readProbabilities(where, labels, probabilities, options, ["bins", "strategy"]);
  const bins = checkInteger("bins", options.bins ?? 10, 1, 1e6);
  const strategy = checkOneOf("strategy", options.strategy ?? "uniform", ["uniform", "quantile"]);
  const { believed, came } = beliefs(where, scored, options);
  const total = totalWeight(scored);
  const places = strategy === "uniform" ? believed.map((p) => binOf(p, bins)) : quantilePlaces(believed, scored.weights, total, bins);
  const gaps = new Float64Array(bins);
  for (let i = 0; i < scored.n; i++) gaps[places[i]!]! += (scored.weights ? scored.weights[i]! : 1) * (believed[i]! - came[i]!);
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / total;
}

/** What was given to one class or the most likely one, and whether it came true. */
export function beliefs(where: string, scored: Scored, { positive }: ScoreOptions): { believed: Float64Array; came: Uint8Array } {
  const { n, rows, classes, codes } = scored;
  if (!rows || classes.length <= 2 || positive !== undefined) {
    const { code, scores } = onlyContest(where, scored, positive);
    return { believed: scores, came: isOf(scored, code) };
  }
  const believed = new Float64Array(n);
  const came = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    let best = 0;
    const row = rows.subarray(i * classes.length, (i + 1) * classes.length);
    for (let c = 1; c < row.length; c++) if (row[c]! > row[best]!) best = c;
    believed[i] = row[best]!;
    came[i] = codes[i] === best ? 1 : 0;
  }
  return { believed, came };
}

/** The b with b / bins < p ≤ (b + 1) / bins; 0 is in the first. */
export function binOf(p: number, bins: number): number {
  let b = Math.max(0, Math.ceil(p * bins) - 1);
  // the product may have been rounded across an edge
  if (b > 0 && p <= b / bins) b--;
  if (p > (b + 1) / bins) b++;
  return b;
}

/** (n) ← bins of about equal weight: equal probabilities go where the middle of their weight falls. */
function quantilePlaces(believed: Float64Array, weights: Float64Array | null, total: number, bins: number): Float64Array {
  const order = descending(believed).reverse();
  const places = new Float64Array(order.length);
  for (let from = 0, below = 0, to = 0; from < order.length; from = to) {
    let weight = 0;
    for (to = from; to < order.length && believed[order[to]!] === believed[order[from]!]; to++)
      weight += weights ? weights[order[to]!]! : 1;
    const place = Math.min(bins - 1, Math.floor((bins * (below + weight / 2)) / total));
    for (let t = from; t < to; t++) places[order[t]!] = place;
    below += weight;
  }
  return places;
}
