import { show } from "../../check";
import type { Labels } from "../../contracts";
import { InputError } from "../../errors";
import { meanScore } from "./average";
import { readPairs, type MetricOptions } from "./given";
import { classCounts, correlation, outcomesOf, sensitivityOf } from "./outcomes";

export interface BalancedAccuracyOptions extends MetricOptions {
  /** Rescale so that guessing gives 0 and being always right 1. Default false. */
  readonly adjusted?: boolean | undefined;
}

/**
 * The mean of the sensitivities of all classes: the accuracy if every class had as many rows. Classes without rows are left out, whatever was predicted.
 * Source: Brodersen, Ong, Stephan and Buhmann (2010).
 *
 * @throws {InputError} as `sensitivity`; `adjusted` needs rows of two classes.
 */
export function balancedAccuracy(labels: Labels, predictions: Labels, options: BalancedAccuracyOptions = {}): number {
  const pairs = readPairs("balancedAccuracy", labels, predictions, options, ["adjusted"]);
  const { adjusted = false } = options;
  if (typeof adjusted !== "boolean") throw new InputError("OPTION", `adjusted is ${show(adjusted)}, but needs true or false.`);
  const counts = classCounts(pairs);
  const found = pairs.classes.map((_, code) => sensitivityOf(outcomesOf(counts, code)));
  const mean = meanScore("balancedAccuracy", found, null);
  if (!adjusted) return mean;
  const present = found.filter((share) => share === share).length;
  if (present < 2) {
    throw new InputError(
      "DATA",
      "adjusted: true compares with guessing, but all rows are of one class; give rows of two, or leave it out.",
    );
  }
  return (mean - 1 / present) / (1 - 1 / present);
}

/**
 * The correlation of true and predicted labels, −1 to 1, for any number of classes; it is high only where all classes are predicted well. 0 where
 * all labels, or all predictions, are the same. Sources: Matthews (1975), Gorodkin (2004) for many classes.
 *
 * @throws {InputError} as `sensitivity`.
 */
export function matthewsCorrelation(labels: Labels, predictions: Labels, options: MetricOptions = {}): number {
  const { right, actual, predicted, total } = classCounts(readPairs("matthewsCorrelation", labels, predictions, options, []));
  let [agreeing, together, squareActual, squarePredicted] = [0, 0, 0, 0];
  for (let code = 0; code < actual.length; code++) {
    const [a, p] = [actual[code]! / total, predicted[code]! / total];
    agreeing += right[code]! / total;
    together += a * p;
    squareActual += a * a;
    squarePredicted += p * p;
  }
  return correlation(agreeing, together, squareActual, squarePredicted);
}
