import { checkOptions } from "../../check";
import type { Resampler } from "../../contracts";
import { flagged, undersampler } from "../undersample";
import { searchAllWork } from "./nearest";
import { SEEDED_OPTIONS, seededOptions, storesOf, storesWork, type SeededOptions } from "./seeded";
import { withoutLinks } from "./tomek";

/**
 * One-sided selection: of each class stay `seeds` rows and all those that they and the smallest class get wrong; rows well inside the class go. Of what stays, rows that form Tomek links go too,
 * so that noise and the border are thinned out as well.
 *
 * Kubat, Matwin: Addressing the curse of imbalanced training sets, ICML (1997). Each class against the smallest alone, and links sought once among the rows that stayed, as in
 * imbalanced-learn. Ours: ties by row number, also between equal rows; seeds are different rows; the smallest class loses rows to links only where the strategy names it, and no others.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function oneSidedSelection(options: SeededOptions = {}): Resampler {
  checkOptions("oneSidedSelection", options, SEEDED_OPTIONS);
  const seeded = seededOptions(options);
  return undersampler({
    name: "oneSidedSelection",
    options: { ...seeded, scale: seeded.scale ?? "auto" },
    workFor: (data) => storesWork(data, 1) + searchAllWork(data),
    async select(scene) {
      const { stays, wrong } = await storesOf(scene, seeded);
      for (const row of wrong.flat()) stays[row] = 1;
      return { rows: await withoutLinks(scene, flagged(stays), seeded) };
    },
  });
}
