import type { Label, Labels } from "../../contracts";
import { InputError } from "../../errors";
import { readPairs, type MetricOptions } from "./given";

export interface ConfusionMatrix {
  /** What rows and columns stand for. */
  readonly classes: readonly Label[];
  /** counts[a][p]: rows, or their weight, with label a that were predicted as p. */
  readonly counts: readonly (readonly number[])[];
}

/** More classes than this are a mistake, such as row numbers in place of labels, and their square fills the memory. */
const MOST_CLASSES = 4096;

/**
 * How many rows of each class were predicted as each: (classes, classes), true labels down, predictions across. Classes are those that occur in either,
 * sorted, or `classes` in the order given.
 *
 * @param labels n true labels.
 * @param predictions n predicted labels.
 * @throws {InputError} when lengths differ or weights are negative or all 0.
 */
export function confusionMatrix(labels: Labels, predictions: Labels, options: MetricOptions = {}): ConfusionMatrix {
  const { classes, codes, predicted, weights } = readPairs("confusionMatrix", labels, predictions, options, []);
  if (classes.length > MOST_CLASSES) {
    throw new InputError(
      "LABEL",
      `There are ${classes.length} classes, and confusionMatrix takes up to ${MOST_CLASSES}; are these labels row numbers?`,
    );
  }
  const counts = classes.map(() => classes.map(() => 0));
  for (let i = 0; i < codes.length; i++) counts[codes[i]!]![predicted[i]!]! += weights ? weights[i]! : 1;
  return { classes, counts };
}
