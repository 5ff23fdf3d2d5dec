import type { Data } from "../contracts";
import { read } from "../data/read";
import { cutter } from "../data/some";
import { InputError } from "../errors";
import { folds } from "../evaluate/folds";
import { ranked } from "../evaluate/metrics/ranking";
import { largest } from "../learn/learner";
import { meanOf } from "./grid";
import type { Division } from "./trials";

/** Parts that training rows are divided into once more. */
export const INNER = 3;

/** Divisions of the training rows, in row numbers of the data; undefined where classes are too small for them. */
export function innerFolds(data: Data, train: Uint32Array): Division[] | undefined {
  const part = cutter(data, read(data))(train);
  try {
    return folds(part, { folds: INNER }).map((fold) => ({
      train: fold.train.map((i) => train[i]!),
      test: fold.test.map((i) => train[i]!),
    }));
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** The threshold on probabilities of class 1 with the best balanced accuracy, of equally good ones the highest; that of `chooseThreshold`, without its door. */
export function balancedThreshold(codes: readonly number[], chances: readonly number[]): number {
  const { thresholds, truePositives, falsePositives } = ranked(Float64Array.from(chances), Uint8Array.from(codes), null);
  const last = thresholds.length - 1;
  let [best, highest] = [last, -Infinity];
  for (let i = 0; i <= last; i++) {
    const gain = truePositives[i]! / truePositives[last]! - falsePositives[i]! / falsePositives[last]!;
    if (!(gain > highest)) continue;
    best = i;
    highest = gain;
  }
  return best === last ? 0 : (thresholds[best]! + thresholds[best + 1]!) / 2;
}

/** u32 (m) ← probabilities (m, 2): class 1 from the threshold on. */
export function decided(probabilities: Float64Array, threshold: number): Uint32Array {
  return Uint32Array.from({ length: probabilities.length / 2 }, (_, i) => (probabilities[2 * i + 1]! >= threshold ? 1 : 0));
}

/** u32 (m) ← probabilities (m, c), of equal ones the first. */
export function mostProbable(probabilities: Float64Array, c: number): Uint32Array {
  return Uint32Array.from({ length: probabilities.length / c }, (_, i) => largest(probabilities, i * c, c));
}

/** The mean over classes of the share of their rows that was found. */
export function accuracyOf(predicted: Uint32Array, codes: Uint32Array, classes: number): number {
  const [found, total] = [new Float64Array(classes), new Float64Array(classes)];
  codes.forEach((code, i) => {
    total[code]!++;
    if (predicted[i] === code) found[code]!++;
  });
  return meanOf(Array.from(found, (count, code) => count / total[code]!));
}
