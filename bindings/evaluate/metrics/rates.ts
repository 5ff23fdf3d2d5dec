import { show } from "../../check";
import type { Labels } from "../../contracts";
import { InputError } from "../../errors";
import { checkZeroDivision, RATE_OPTIONS, seen, viewOf, type RateOptions } from "./average";
import { readPairs } from "./given";
import { classCounts, fBetaOf, precisionOf, sensitivityOf, specificityOf, type Outcomes } from "./outcomes";

export interface FBetaOptions extends RateOptions {
  /** How many times as much sensitivity counts as precision. Default 1. */
  readonly beta?: number | undefined;
}

/**
 * The share of the rows of a class that were found: true positives / (true positives + false negatives). Also called recall or true positive rate.
 * Two classes: of the positive one; more: the mean over classes. For each class at once use `classificationReport`.
 *
 * @param labels n true labels.
 * @param predictions n predicted labels.
 * @throws {InputError} when lengths differ, weights are negative or all 0, or the positive class would have to be guessed.
 */
export function sensitivity(labels: Labels, predictions: Labels, options: RateOptions = {}): number {
  return rate("sensitivity", labels, predictions, options, sensitivityOf);
}

/**
 * The share of the other rows that were not taken for this class: true negatives / (true negatives + false positives). Also called true negative rate.
 * With weights it is that of rows repeated as often; imbalanced-learn 0.14 counts rows there, whatever their weights.
 *
 * @throws {InputError} as `sensitivity`.
 */
export function specificity(labels: Labels, predictions: Labels, options: RateOptions = {}): number {
  return rate("specificity", labels, predictions, options, specificityOf);
}

/**
 * The share of the rows taken for a class that have it: true positives / (true + false positives).
 *
 * @throws {InputError} as `sensitivity`.
 */
export function precision(labels: Labels, predictions: Labels, options: RateOptions = {}): number {
  return rate("precision", labels, predictions, options, precisionOf);
}

/**
 * The harmonic mean of precision and sensitivity, in which sensitivity counts `beta` times as much; `beta: 1` is the F1 score. 0 where nothing of a class was
 * found. Source: van Rijsbergen, Information Retrieval (1979).
 *
 * @throws {InputError} as `sensitivity`, and for a beta that is not above 0.
 */
export function fBeta(labels: Labels, predictions: Labels, options: FBetaOptions = {}): number {
  const beta = options?.beta ?? 1;
  if (typeof beta !== "number" || !(beta > 0 && beta < 1e100)) {
    throw new InputError("OPTION", `beta is ${show(beta)}, but needs a number above 0; 1 weighs both alike, 2 favors sensitivity.`);
  }
  return rate("fBeta", labels, predictions, options, (outcomes) => fBetaOf(outcomes, beta), ["beta"]);
}

function rate(
  where: string,
  labels: Labels,
  predictions: Labels,
  options: RateOptions,
  score: (outcomes: Outcomes) => number,
  more: readonly string[] = [],
): number {
  const pairs = readPairs(where, labels, predictions, options, [...RATE_OPTIONS, ...more]);
  const policy = checkZeroDivision(options.zeroDivision);
  return seen(where, pairs.classes, classCounts(pairs), viewOf(where, pairs, options), policy, score);
}
