import { checkOptions } from "../../check";
import type { Oversampler } from "../../contracts";
import { searchWork } from "../../search/neighbors";
import { leanOnClass, NEIGHBOR_OPTIONS, neighborOptions, type NeighborOptions, type WithinOptions } from "../kin";
import { COMMON_OPTIONS, commonOptions, oversampler, type CommonOptions } from "../oversample";

export interface SmoteOptions extends CommonOptions, NeighborOptions, WithinOptions {}

export const SMOTE_OPTIONS = [...COMMON_OPTIONS, ...NEIGHBOR_OPTIONS, "within"];

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
  const leaning = neighborOptions(options);
  return oversampler({
    name: "smote",
    options: { ...common, ...leaning },
    workFor: ({ schema }, n) => searchWork(schema, n, n, true),
    async choose(scene) {
      const kin = await leanOnClass(scene, leaning);
      return kin && { bases: { draws: common.draws, shares: null }, ...kin };
    },
  });
}
