import { checkNumber, checkOneOf, checkOptions, isRecord, show } from "../check";
import { InputError } from "../errors";
import type { CandidateScores, CrossValidation } from "./crossValidate";
import { studentT, studentTQuantile } from "./distributions";
import type { Fold } from "./folds";

export interface CompareScoresOptions {
  /** Default: the first one. */
  readonly metric?: string | undefined;
  /** Name of the candidate that the others are held against. Default: the first one. */
  readonly baseline?: string | undefined;
  /** Of the intervals, between 0 and 1. Default 0.95. */
  readonly level?: number | undefined;
}

/** A mean over folds with its interval; null where two folds at least are not there. */
export interface CorrectedMean {
  /** Folds that count. */
  readonly folds: number;
  readonly mean: number | null;
  /** Its standard error, with the correction. */
  readonly error: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** One candidate less the baseline. */
export interface ComparedCandidate extends CorrectedMean {
  readonly name: string;
  /** Two-sided, of no difference. */
  readonly pValue: number | null;
  /** By Holm, for as many candidates as there are: below 0.05 for any with a chance of 5 % if none differs. */
  readonly adjusted: number | null;
}

export interface ComparedScores {
  readonly metric: string;
  readonly baseline: string;
  readonly level: number;
  /** In the order of the result, the baseline left out; `mean` is that of candidate − baseline over the folds that both have. */
  readonly candidates: readonly ComparedCandidate[];
}

/**
 * Whether candidates differ from one of them by more than folds do by chance: mean differences over the same folds with a t interval whose variance is corrected for training parts that overlap, (1/J + test rows / training rows)
 * · s² over J folds, J − 1 degrees of freedom, and p-values adjusted for the number of candidates. Without the correction a difference is found far too often. It is made for folds drawn at random, and a heuristic for others; more repeats
 * make it sharper, up to what the rows allow. It speaks of this table; of several tables, see `wilcoxon`.
 *
 * Sources: Nadeau, Bengio, Machine Learning 52 (2003); Bouckaert, Frank, PAKDD (2004), for repeated folds; Holm, Scandinavian Journal of Statistics 6 (1979).
 *
 * @param result what `crossValidate` returned.
 * @throws {InputError} for names that the result does not have.
 */
export function compareScores(result: CrossValidation, options: CompareScoresOptions = {}): ComparedScores {
  checkOptions("compareScores", options, ["metric", "baseline", "level"]);
  if (!isRecord(result) || !("candidates" in result)) {
    throw new InputError("DATA", `compareScores was given ${show(result)}, but needs what crossValidate returned.`);
  }
  const names = result.candidates.map(({ name }) => name);
  const metric = checkOneOf("metric", options.metric ?? result.metrics[0], result.metrics);
  const baseline = checkOneOf("baseline", options.baseline ?? names[0], names);
  const level = checkNumber("level", options.level ?? 0.95, 0, 1);
  const held = result.candidates[names.indexOf(baseline)]!.scores[metric]!;
  const compared = result.candidates.flatMap(({ name, scores }) => {
    if (name === baseline) return [];
    const differences = scores[metric]!.map((score, f) => (score === null || held[f] == null ? null : score - held[f]));
    const found = correctedMean(differences, result.folds, level);
    return [{ name, ...found, pValue: pValueOf(found) }];
  });
  const adjusted = holm(compared.map(({ pValue }) => pValue));
  return { metric, baseline, level, candidates: compared.map((row, c) => ({ ...row, adjusted: adjusted[c]! })) };
}

/** The mean score of a candidate with the same corrected interval. */
export function scoreInterval({ scores }: CandidateScores, metric: string, folds: readonly Fold[], level: number): CorrectedMean {
  return correctedMean(scores[metric]!, folds, level);
}

/** The mean of scores of folds, with the corrected interval. */
export function correctedMean(values: readonly (number | null)[], folds: readonly Fold[], level: number): CorrectedMean {
  let [count, sum, train, test] = [0, 0, 0, 0];
  values.forEach((value, f) => {
    if (value === null) return;
    count++;
    sum += value;
    train += folds[f]!.train.length;
    test += folds[f]!.test.length;
  });
  const mean = count > 0 ? sum / count : null;
  if (count < 2) return { folds: count, mean, error: null, low: null, high: null };
  const squares = values.reduce<number>((total, value) => total + (value === null ? 0 : (value - mean!) * (value - mean!)), 0);
  const error = Math.sqrt((1 / count + test / train) * (squares / (count - 1)));
  const reach = error > 0 ? error * studentTQuantile(0.5 + level / 2, count - 1) : 0;
  return { folds: count, mean, error, low: mean! - reach, high: mean! + reach };
}

/** Two-sided, of a mean of 0. */
export function pValueOf({ folds, mean, error }: CorrectedMean): number | null {
  if (error === null) return null;
  // folds that all differ by the same: certain, or no difference at all
  if (error === 0) return mean === 0 ? 1 : 0;
  return Math.min(1, 2 * studentT(Math.abs(mean! / error), folds - 1).above);
}

/** Holm's step-down: the smallest p-value times the number of them, the next times one less, none smaller than the one before. */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  const known = pValues.flatMap((p, c) => (p === null ? [] : [{ p, c }])).sort((a, b) => a.p - b.p || a.c - b.c);
  const adjusted: (number | null)[] = pValues.map(() => null);
  let last = 0;
  known.forEach(({ p, c }, rank) => (adjusted[c] = last = Math.max(last, Math.min(1, p * (known.length - rank)))));
  return adjusted;
}
