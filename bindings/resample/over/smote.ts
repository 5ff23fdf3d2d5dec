import { checkInteger, checkOneOf, checkOptions } from "../../check";
import type { Oversampler, Scale } from "../../contracts";
import { searchWork } from "../../search/neighbors";
import { checkScale, METRIC } from "../../search/space";
import { enoughNeighbors, neighborsInClass } from "../neighborhood";
import { COMMON_OPTIONS, commonOptions, oversampler, type CommonOptions } from "../oversample";

export interface SmoteOptions extends CommonOptions {
  /** Neighbors of its own class that a row may lean towards, k. Default 5. */
  readonly kNeighbors?: number | undefined;
  /** How columns are made comparable. Default `"none"` for `{ X, y }`, `"standard"` for a table. */
  readonly scale?: Scale | undefined;
  /**
   * What to do with a class of k rows or fewer. Default `"error"`. `"reduce"`: use as many neighbors as there are; `"copy"`: repeat its rows;
   * `"skip"`: leave it as it is. A note says what was done.
   */
  readonly onTooFew?: "error" | "reduce" | "copy" | "skip" | undefined;
  /**
   * What a missing number counts for between rows. Default `"expected"`: the expected squared difference under the class's mean and variance;
   * `"rescale"`: nothing, the rest counts for more (scikit-learn's nan_euclidean).
   */
  readonly missing?: "expected" | "rescale" | undefined;
  /** Where a nominal value comes from. Default `"vote"`: the most frequent among the k neighbors, ties by draw; `"parent"`: the nearer of the two parents. */
  readonly nominal?: "vote" | "parent" | undefined;
}

export const SMOTE_OPTIONS = [...COMMON_OPTIONS, "kNeighbors", "scale", "onTooFew", "missing", "nominal"] as const;

/**
 * SMOTE: each new row lies between a row of its class and one of that row's k nearest in the class. By the kinds of the columns it is SMOTE (all numeric),
 * SMOTE-NC (numeric and nominal: a mismatch weighs the median of the class's standard deviations, nominal values by vote) or SMOTE-N (all nominal: Value
 * Difference Metric, the row itself votes too).
 *
 * Chawla, Bowyer, Hall, Kegelmeyer: SMOTE, JAIR 16 (2002). Ours: missing values (a row keeps its base's missing cells; where only the neighbor lacks a value the
 * base's is kept), exact neighbors with ties by row number, even bases. Unlike imbalanced-learn, a row is never its own neighbor, every class has random
 * numbers of its own, whole numbers are rounded and not cut, and ties in SMOTE-N are drawn instead of going to the smallest code.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function smote(options: SmoteOptions = {}): Oversampler {
  checkOptions("smote", options, SMOTE_OPTIONS);
  const common = commonOptions(options);
  const kNeighbors = checkInteger("kNeighbors", options.kNeighbors ?? 5, 1);
  const scale = checkScale(options.scale);
  const onTooFew = checkOneOf("onTooFew", options.onTooFew ?? "error", ["error", "reduce", "copy", "skip"]);
  const missing = checkOneOf("missing", options.missing ?? "expected", ["expected", "rescale"]);
  const nominal = checkOneOf("nominal", options.nominal ?? "vote", ["vote", "parent"]);
  return oversampler({
    name: "smote",
    options: { ...common, kNeighbors, scale: scale ?? "auto", onTooFew, missing, nominal },
    workFor: ({ schema }, n) => searchWork(schema, n, n, true),
    async choose(scene) {
      const bases = { draws: common.draws, shares: null };
      const k = enoughNeighbors(scene, kNeighbors, onTooFew);
      if (k === null) return null;
      if (k === 0) return { bases, neighbors: new Uint32Array(0), k, rule: { name: "copy" } };
      const { indices, space } = await neighborsInClass(scene, k, { scale: scale ?? scene.data.scale, missing });
      return { bases, neighbors: indices, k, rule: { name: "lerp", nominal, withBase: space.metric === METRIC.valueDifference } };
    },
  });
}
