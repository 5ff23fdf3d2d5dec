import { checkOptions } from "../../check";
import type { Resampler } from "../../contracts";
import { allRows } from "../../data/dataset";
import { classesToClean } from "../reduction";
import { flagged, undersampler } from "../undersample";
import { CLEANING_OPTIONS, cleaningOptions, nearestAmong, searchAllWork, type CleaningOptions } from "./nearest";

/**
 * Tomek links: two rows of different classes, each of which is the other's nearest. Those of the classes that the strategy names go: of each pair the row of the larger
 * class by default, both with `"all"`. Removes little, and only where classes touch; a last step after an oversampler.
 *
 * Tomek: Two modifications of CNN, IEEE Transactions on Systems, Man, and Cybernetics 6 (1976). Ours: ties by row number, and a row is never its own nearest, where
 * imbalanced-learn takes the first of two equal rows for the row that is asked.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function tomekLinks(options: CleaningOptions = {}): Resampler {
  checkOptions("tomekLinks", options, CLEANING_OPTIONS);
  const cleaning = cleaningOptions(options);
  return undersampler({
    name: "tomekLinks",
    options: { ...cleaning, scale: cleaning.scale ?? "auto" },
    workFor: searchAllWork,
    async select(scene) {
      const { data, standing } = scene;
      const { labels, n } = data;
      const cleaned = new Set(classesToClean(cleaning.strategy, standing));
      const nearest = await nearestAmong(scene, allRows(n), 1, cleaning);
      const stays = new Uint8Array(n).fill(1);
      nearest.forEach((j, i) => {
        if (cleaned.has(labels[i]!) && labels[j] !== labels[i] && nearest[j] === i) stays[i] = 0;
      });
      return { rows: flagged(stays) };
    },
  });
}
