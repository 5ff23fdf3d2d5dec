import { checkInteger } from "../../check";
import type { Labels } from "../../contracts";
import { InputError } from "../../errors";
import { totalWeight } from "./given";
import { ranked } from "./ranking";
import { isOf, onlyContest, readScores, type ScoreOptions, type Scores } from "./scores";

export interface PrecisionAtKOptions extends ScoreOptions {
  /** How many rows can be looked at. */
  readonly k: number;
}

/**
 * The share of positive rows among the k that score highest: what a team finds that can check k cases. Where rows of equal score straddle the k-th place, it
 * is what to expect if those that count are drawn among them, so it does not depend on the order of rows. With weights, k counts weight.
 *
 * @param labels n true labels.
 * @param scores n finite numbers, higher for the positive class, or rows of one number for each class.
 * @throws {InputError} for a k below 1 or above the number of rows.
 */
export function precisionAtK(labels: Labels, scores: Scores, options: PrecisionAtKOptions): number {
  const scored = readScores("precisionAtK", labels, scores, options ?? {}, ["k"]);
  const k = checkInteger("k", options?.k, 1);
  const total = totalWeight(scored);
  if (k > total) throw new InputError("OPTION", `k is ${k}, but there are ${total} rows (by weight); use ${Math.floor(total)} or less.`);
  const { code, scores: own } = onlyContest("precisionAtK", scored, options.positive);
  const { truePositives, falsePositives } = ranked(own, isOf(scored, code), scored.weights);
  for (let i = 0, found = 0, seen = 0; i < truePositives.length; i++) {
    const [foundNow, seenNow] = [truePositives[i]!, truePositives[i]! + falsePositives[i]!];
    if (seenNow >= k) return (found + ((foundNow - found) * (k - seen)) / (seenNow - seen)) / k;
    [found, seen] = [foundNow, seenNow];
  }
  // sums in another order may have rounded to a little less than k
  return truePositives[truePositives.length - 1]! / k;
}
