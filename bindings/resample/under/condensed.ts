import { checkOptions } from "../../check";
import type { Resampler } from "../../contracts";
import { undersampler } from "../undersample";
import { contestsOf, contestWork, pairWork, SEEDED_OPTIONS, seededOptions, staying, type SeededOptions } from "./seeded";

/**
 * Condensed nearest neighbor: of each class that may lose rows stays what the nearest neighbor needs to tell it from the smallest class. Beginning with the smallest class and `seeds` rows,
 * it goes through the class once, in the order of the rows, and keeps each row whose nearest kept one is of the smallest class. What stays lies along the border, noise above all: for a
 * nearest-neighbor learner; `oneSidedSelection` is for the others.
 *
 * Hart: The condensed nearest neighbor rule, IEEE Transactions on Information Theory 14 (1968), who goes through the rows until none enters. One pass, and each class against the smallest
 * alone, are imbalanced-learn's. Ours: ties by row number; seeds are different rows and enter once; the smallest class never loses rows. There a list mixes row numbers with places in the
 * class and so passes over rows that should enter, on most data unless the class comes first. A row that enters is compared with the rows that are still wrong and with
 * no others, once: the time is far below that of searching again for each.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function condensedNearestNeighbor(options: SeededOptions = {}): Resampler {
  checkOptions("condensedNearestNeighbor", options, SEEDED_OPTIONS);
  const seeded = seededOptions(options);
  return undersampler({
    name: "condensedNearestNeighbor",
    options: { ...seeded, scale: seeded.scale ?? "auto" },
    workFor: (data) => contestWork(data, data.n / 50),
    async select(scene) {
      const entered: number[] = [];
      const contests = await contestsOf(scene, seeded);
      for (const { seeds, wrong, without } of contests) {
        entered.push(...seeds);
        for (let left = wrong; left.length > 0;) {
          const [row] = left;
          entered.push(row!);
          const turn = scene.work.step(left.length * pairWork(scene.data));
          if (turn) await turn;
          left = without(left.slice(1), row!);
        }
      }
      return { rows: staying(scene, contests, entered) };
    },
  });
}
