import { checkOneOf, show } from "../../check";
import type { Label } from "../../contracts";
import { InputError } from "../../errors";
import type { MetricOptions, Pairs } from "./given";
import { outcomesOf, pooled, type ClassCounts, type Outcomes } from "./outcomes";
import { positiveCode, type PositiveOption } from "./positive";

/**
 * How the scores of several classes become one. `"macro"`: their mean; `"weighted"`: their mean by number of rows with that label; `"micro"`: the score of the
 * outcomes of all classes added up.
 */
export type Average = "macro" | "micro" | "weighted";

/**
 * The score where its denominator is 0, as the precision of a class that was never predicted. `"skip"` leaves such a class out of averages, and
 * is an error where nothing is left.
 */
export type ZeroDivision = 0 | 1 | "skip" | "error";

export interface RateOptions extends MetricOptions, PositiveOption {
  /** Default: the score of the positive class where there are two classes, `"macro"` where there are more. Not together with `positive`. */
  readonly average?: Average | undefined;
  /** Default 0. */
  readonly zeroDivision?: ZeroDivision | undefined;
}

export const RATE_OPTIONS = ["positive", "average", "zeroDivision"] as const;

/** One class by its code, or an average over all of them. */
export type View = { readonly code: number } | { readonly average: Average };

export function viewOf(where: string, pairs: Pairs, { positive, average }: Pick<RateOptions, "positive" | "average">): View {
  if (average === undefined) {
    return positive === undefined && pairs.classes.length > 2 ? { average: "macro" } : { code: positiveCode(where, pairs, positive) };
  }
  checkOneOf("average", average, ["macro", "micro", "weighted"]);
  if (positive !== undefined) {
    throw new InputError("OPTION", `${where} was given both positive: ${show(positive)} and average: ${show(average)}; give one of them.`);
  }
  return { average };
}

export function checkZeroDivision(value: unknown): ZeroDivision {
  if (value === undefined) return 0;
  if (value === 0 || value === 1 || value === "skip" || value === "error") return value;
  throw new InputError("OPTION", `zeroDivision is ${show(value)}, but needs 0, 1, "skip" or "error".`);
}

/** One number ← a score of outcomes, seen as told. */
export function seen(
  where: string,
  classes: readonly Label[],
  counts: ClassCounts,
  view: View,
  policy: ZeroDivision,
  score: (outcomes: Outcomes) => number,
): number {
  if ("code" in view) return settled(where, score(outcomesOf(counts, view.code)), policy, classes[view.code]);
  if (view.average === "micro") return settled(where, score(pooled(counts)), policy);
  const scores = classes.map((label, code) => settled(where, score(outcomesOf(counts, code)), policy, label, true));
  return meanScore(where, scores, view.average === "weighted" ? counts.actual : null);
}

/** The mean of the scores that are not NaN. */
export function meanScore(where: string, scores: readonly number[], weights: ArrayLike<number> | null): number {
  let sum = 0;
  let total = 0;
  scores.forEach((score, code) => {
    const weight = weights ? weights[code]! : 1;
    if (score !== score || weight === 0) return;
    sum += weight * score;
    total += weight;
  });
  if (total > 0) return sum / total;
  throw new InputError("DATA", `${where} is undefined for every class of these rows; give rows of more classes, or zeroDivision: 0.`);
}

/** A score, or what stands for it where it is NaN. */
export function settled(where: string, score: number, policy: ZeroDivision, label?: Label, skippable = false): number {
  if (score === score) return score;
  if (policy === 0 || policy === 1) return policy;
  if (policy === "skip" && skippable) return NaN;
  const whose = label === undefined ? "" : ` of class ${show(label)}`;
  throw new InputError(
    "DATA",
    `${where}${whose} divides 0 by 0 on these rows; give more rows, or zeroDivision: 0 or 1 to say what it is then.`,
  );
}
