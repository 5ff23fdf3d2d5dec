import { checkOptions, show } from "../../check";
import type { Resampler } from "../../contracts";
import { classesToClean } from "../reduction";
import { flagged, undersampler } from "../undersample";
import { SEEDED_OPTIONS, seededOptions, storesOf, storesWork, type SeededOptions } from "./seeded";

/**
 * Condensed nearest neighbor: of each class stays what a nearest-neighbor learner needs to tell it from the smallest. Beginning with the smallest class and `seeds` rows, it goes once through
 * the class, in the order of the rows, and keeps every row whose nearest kept one is of the smallest class. What stays lies along the border, noise above all; `oneSidedSelection` cleans that.
 *
 * Hart: The condensed nearest neighbor rule, IEEE Transactions on Information Theory 14 (1968), who goes through the rows until none enters. One pass, and each class against the smallest
 * alone, are imbalanced-learn's. Ours: ties by row number; seeds are different rows that enter once; the smallest class never loses rows. There one list mixes row numbers with places
 * in the class, so that rows are passed over which should enter, unless the class comes first in the data.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function condensedNearestNeighbor(options: SeededOptions = {}): Resampler {
  checkOptions("condensedNearestNeighbor", options, SEEDED_OPTIONS);
  const seeded = seededOptions(options);
  return undersampler({
    name: "condensedNearestNeighbor",
    options: { ...seeded, scale: seeded.scale ?? "auto" },
    // how many rows enter is not known before
    workFor: (data) => storesWork(data, data.n / 20),
    async select(scene) {
      const { standing, note } = scene;
      if (classesToClean(seeded.strategy, standing).includes(standing.smallest)) {
        note(`Class ${show(standing.classes[standing.smallest])} is the smallest, which the others are told from, and stays whole.`);
      }
      const { stays, wrong, without } = await storesOf(scene, seeded);
      for (let rows of wrong) {
        while (rows.length > 0) {
          const entering = rows[0]!;
          stays[entering] = 1;
          // rows before it have had their turn, and rows that are right stay so: only these are left to compare
          rows = await without(rows.slice(1), entering);
        }
      }
      return { rows: flagged(stays) };
    },
  });
}
