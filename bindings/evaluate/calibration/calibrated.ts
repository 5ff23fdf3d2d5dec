import { checkInteger, checkOneOf, checkOptions } from "../../check";
import type { Learner } from "../../contracts";
import { partOf } from "../../run/work";
import { adjustedLearner, checkLearner } from "./adjusted";
import { fitCalibration, type CalibrationMethod } from "./calibrator";
import { heldOut, mostFolds } from "./heldOut";

export interface CalibratedClassifierOptions {
  /**
   * `"platt"`: a straight line in log odds, for few rows too; `"isotonic"`: any rising function, which takes about a thousand rows of the rarest class and gives probabilities of exactly 0 and 1 at the ends.
   * Default `"platt"`.
   */
  readonly method?: CalibrationMethod | undefined;
  /** Parts of the rows, each judged by what was learned from the others; at most the rows of the rarest class. Default 5. */
  readonly folds?: number | undefined;
  /** Of the folds. Default 0. */
  readonly seed?: number | undefined;
}

export const METHODS = ["platt", "isotonic"] as const;

/**
 * A learner whose probabilities are calibrated by what it says of rows that it has not learned from: models of all folds but one judge that one, a function from what they said to what was true is fitted, and is applied to a
 * model of all rows. Fits folds + 1 models. Groups stay together and times in order where the table has such a column.
 *
 * Of two classes as scikit-learn's CalibratedClassifierCV with ensemble=False, on log odds; of more, `"platt"` is one slope for all classes and an intercept for each, `"isotonic"` one class against the rest, brought to a sum of
 * 1 (Zadrozny, Elkan, KDD 2002). Data that a method returned are refused: calibrate on real rows, with `resampledClassifier`.
 *
 * @throws {InputError} for unknown options or values; when used, where a class has one row only.
 */
export function calibratedClassifier(learner: Learner, options: CalibratedClassifierOptions = {}): Learner {
  checkLearner("calibratedClassifier", learner);
  checkOptions("calibratedClassifier", options, ["method", "folds", "seed"]);
  const method = checkOneOf("method", options.method ?? "platt", METHODS);
  const folds = checkInteger("folds", options.folds ?? 5, 2);
  const seed = checkInteger("seed", options.seed ?? 0, 0);
  return adjustedLearner({
    name: "calibratedClassifier",
    options: { method, folds, seed },
    learner,
    async fit(data, dataset, training, weights, run) {
      const judged = await heldOut(learner.fit, data, dataset, training, weights, { folds, seed }, partOf(run, 0, 2));
      const calibration = await fitCalibration(method, judged);
      const inner = await learner.fit(data, training, partOf(run, 1, 2));
      const notes = [...inner.notes, `Probabilities were calibrated on rows held out in ${Math.min(folds, mostFolds(dataset))} folds.`];
      return { inner, notes, calibration, factors: null, against: null, cut: null };
    },
  });
}
