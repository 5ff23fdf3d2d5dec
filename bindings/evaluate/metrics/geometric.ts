import { show } from "../../check";
import type { Label, Labels } from "../../contracts";
import { rootOfProduct } from "../../engine/math";
import { InputError } from "../../errors";
import { checkZeroDivision, RATE_OPTIONS, seen, settled, viewOf, type RateOptions, type ZeroDivision } from "./average";
import { readPairs, type Pairs } from "./given";
import { classCounts, outcomesOf, sensitivityOf, specificityOf, type ClassCounts } from "./outcomes";

export interface GMeanOptions extends RateOptions {
  /** What a sensitivity of 0 is taken for in the root over all classes, so that one lost class does not hide the others. Default 0. */
  readonly correction?: number | undefined;
}

export interface IndexBalancedAccuracyOptions extends GMeanOptions {
  /** How much it counts that the class is favored over the rest. Default 0.1. */
  readonly alpha?: number | undefined;
  /** Square the score first, as in the paper. Default true. */
  readonly squared?: boolean | undefined;
  /** What is weighed: a score of labels, predictions and options. Default `gMean`. */
  readonly metric?: ((labels: Labels, predictions: Labels, options: RateOptions) => number) | undefined;
}

/**
 * The geometric mean of sensitivities: for c classes the c-th root of the product of each one's, which for two is √(sensitivity · specificity). It is 0 where
 * one class is lost altogether. With `positive` it is √(sensitivity · specificity) of that class against the rest, with `average` the same of both
 * averages. Sources: Kubat and Matwin (1997) for two classes, Sun, Kamel and Wang (2006) for many; definitions of imbalanced-learn.
 *
 * @throws {InputError} as `sensitivity`.
 */
export function gMean(labels: Labels, predictions: Labels, options: GMeanOptions = {}): number {
  const pairs = readPairs("gMean", labels, predictions, options, [...RATE_OPTIONS, "correction"]);
  return geometric(pairs, classCounts(pairs), options);
}

/**
 * (1 + alpha · (sensitivity − specificity)) · score²: a score that is better when, of two classifiers that do equally well, the one finds more of the positive
 * class. Two classes: dominance of the positive one; more: of the averages, `"macro"` unless told. Source: García, Mollineda and Sánchez (2009).
 * imbalanced-learn's default averages both classes of two, which makes the dominance 0 always; here that takes `average: "macro"`.
 *
 * @throws {InputError} as `sensitivity`.
 */
export function indexBalancedAccuracy(labels: Labels, predictions: Labels, options: IndexBalancedAccuracyOptions = {}): number {
  const own = ["correction", "alpha", "squared", "metric"];
  const pairs = readPairs("indexBalancedAccuracy", labels, predictions, options, [...RATE_OPTIONS, ...own]);
  const { alpha: _, squared = true, metric, ...rest } = options;
  const alpha = checkAlpha(options.alpha);
  if (typeof squared !== "boolean") throw new InputError("OPTION", `squared is ${show(squared)}, but needs true or false.`);
  if (metric !== undefined && typeof metric !== "function") {
    throw new InputError(
      "OPTION",
      `metric is ${show(metric)}, but needs a function of labels, predictions and options, such as precision.`,
    );
  }
  const counts = classCounts(pairs);
  const policy = checkZeroDivision(rest.zeroDivision);
  const view = viewOf("indexBalancedAccuracy", pairs, rest);
  const [found, spared] = [sensitivityOf, specificityOf].map((rate) =>
    seen("indexBalancedAccuracy", pairs.classes, counts, view, policy, rate),
  );
  const { correction: __, ...common } = rest;
  const score = metric ? metric(labels, predictions, common) : geometric(pairs, counts, rest);
  return balanced(score, found! - spared!, alpha, squared);
}

/** The index of a score and a dominance. */
export function balanced(score: number, dominance: number, alpha: number, squared: boolean): number {
  return (1 + alpha * dominance) * (squared ? score * score : score);
}

export function checkAlpha(alpha: unknown): number {
  if (alpha === undefined) return 0.1;
  if (typeof alpha === "number" && alpha >= 0 && alpha <= 1) return alpha;
  throw new InputError("OPTION", `alpha is ${show(alpha)}, but needs a number from 0 to 1.`);
}

function geometric(pairs: Pairs, counts: ClassCounts, options: GMeanOptions): number {
  const { positive, average, correction = 0 } = options;
  if (typeof correction !== "number" || !(correction >= 0 && correction <= 1)) {
    throw new InputError("OPTION", `correction is ${show(correction)}, but needs a number from 0 to 1; try 0.001.`);
  }
  const policy = checkZeroDivision(options.zeroDivision);
  if (positive === undefined && average === undefined) return overClasses(pairs.classes, counts, policy, correction);
  const view = viewOf("gMean", pairs, options);
  return Math.sqrt(
    seen("gMean", pairs.classes, counts, view, policy, sensitivityOf) * seen("gMean", pairs.classes, counts, view, policy, specificityOf),
  );
}

function overClasses(classes: readonly Label[], counts: ClassCounts, policy: ZeroDivision, correction: number): number {
  const found = classes.map((label, code) => settled("gMean", sensitivityOf(outcomesOf(counts, code)), policy, label, true));
  return rootOfProduct(found.filter((share) => share === share).map((share) => (share === 0 ? correction : share)));
}
