import { checkOneOf, checkOptions } from "../../check";
import type { Oversampler } from "../../contracts";
import { searchWork } from "../../search/neighbors";
import { leanSomeOnClass } from "../companions";
import { NEIGHBOR_OPTIONS, neighborOptions, type NeighborOptions, type WithinOptions } from "../kin";
import { enoughNeighbors } from "../neighborhood";
import { COMMON_OPTIONS, commonOptions, oversampler, type CommonOptions } from "../oversample";
import { growFromNone, surroundingsOf, type NonePolicy } from "../surroundings";

export interface AdasynOptions extends CommonOptions, NeighborOptions, WithinOptions {
  /** When no row of a class has a row of another class among its nearest. Default `"all"`: grow from all rows alike, as SMOTE does; `"skip"`: leave the class as it is. A note says so. */
  readonly onNoForeign?: NonePolicy | undefined;
}

/**
 * ADASYN: rows have children in proportion to how many of their k nearest rows are of other classes, so a class grows where it is hard to learn. New rows lie between
 * a row and one of its k nearest in the class. It follows noise too: where labels are unsure, prefer `smote` or `safeLevelSmote`.
 *
 * He, Bai, Garcia, Li: ADASYN, IJCNN 2008. Ours: every column kind and missing cells, as in `smote`; exact totals: a row has its share of every part of the stream, to within a few.
 * imbalanced-learn rounds each row's count, so that its totals are missed by some rows or are 0, which it answers with an error; under `compat` totals stay exact.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function adasyn(options: AdasynOptions = {}): Oversampler {
  checkOptions("adasyn", options, [...COMMON_OPTIONS, ...NEIGHBOR_OPTIONS, "within", "onNoForeign"]);
  const common = commonOptions(options);
  const leaning = neighborOptions(options);
  const onNoForeign = checkOneOf("onNoForeign", options.onNoForeign ?? "all", ["error", "all", "skip"]);
  return oversampler({
    name: "adasyn",
    options: { ...common, ...leaning, onNoForeign },
    workFor: ({ schema, n: all }, n) => searchWork(schema, n, all, false),
    async choose(scene) {
      const k = enoughNeighbors(scene, leaning.kNeighbors, leaning.onTooFew);
      if (k === null) return null;
      const { foreign, counted } = await surroundingsOf(scene, "kNeighbors", leaning.kNeighbors, leaning);
      const some = foreign.some((count) => count > 0);
      const none = `no row of another class among the ${counted} nearest of any of its rows`;
      const bases = some ? scene.rows.filter((_, t) => foreign[t]! > 0) : growFromNone(scene, none, "onNoForeign", onNoForeign);
      const kin = bases && (await leanSomeOnClass(scene, leaning, bases, k));
      const shares = some ? Float64Array.from(foreign.filter((count) => count > 0)) : new Float64Array(scene.rows.length).fill(1);
      return kin && { bases: { draws: common.draws, shares }, ...kin };
    },
  });
}
