import type { Labels } from "../../contracts";
import { InputError } from "../../errors";
import { checkLength, checkList, readLabels, readNumbers, readPairs, type MetricOptions } from "./given";
import { meanByClass } from "./losses";

/**
 * For classes with an order: the mean over the true classes of how far predictions are off, so that a rare grade counts as much as a frequent one. Labels that
 * are numbers are compared as numbers, and predictions may lie between them; other labels need their order, lowest first, in `classes`, and
 * are one step apart. Source: Baccianella, Esuli and Sebastiani (2009). Classes that were only predicted have no rows to be off and do not count.
 *
 * @param labels n true labels.
 * @param predictions n predicted labels.
 * @throws {InputError} as `sensitivity`, and for texts or booleans without `classes`.
 */
export function macroAveragedMae(labels: Labels, predictions: Labels, options: MetricOptions = {}): number {
  if (options?.classes !== undefined) {
    const pairs = readPairs("macroAveragedMae", labels, predictions, options, []);
    const off = Float64Array.from(pairs.codes, (code, i) => Math.abs(code - pairs.predicted[i]!));
    return meanByClass(off, pairs);
  }
  const actual = readLabels("macroAveragedMae", labels, options, []);
  if (typeof actual.classes[0] !== "number") {
    throw new InputError(
      "LABEL",
      `labels are ${typeof actual.classes[0]}s, which have no distances; give their order in classes, lowest first.`,
    );
  }
  checkList("predictions of macroAveragedMae", predictions, "an array of numbers");
  checkLength("predictions", predictions.length, labels.length);
  const guesses = readNumbers("predictions", predictions, -Infinity, Infinity);
  const off = Float64Array.from(guesses, (guess, i) => Math.abs((labels[i] as number) - guess));
  return meanByClass(off, actual);
}
