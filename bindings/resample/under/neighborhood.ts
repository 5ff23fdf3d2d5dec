import { checkInteger, checkOneOf, checkOptions, show } from "../../check";
import type { Resampler } from "../../contracts";
import { allRows } from "../../data/dataset";
import { InputError } from "../../errors";
import { classesToClean } from "../reduction";
import { flagged, undersampler } from "../undersample";
import { votes, winner } from "./edit";
import { CLEANING_OPTIONS, cleaningOptions, nearestAmong, searchAllWork, type CleaningOptions } from "./nearest";

export interface NeighborhoodCleaningOptions extends CleaningOptions {
  /** Neighbors that are asked, k. Default 3. */
  readonly kNeighbors?: number | undefined;
  /** Classes smaller than this times the smallest class lose no rows for the sake of the smallest. Default 0.5. */
  readonly threshold?: number | undefined;
  /** `"imbalanced-learn"`: a row of the smallest class has a vote in whether it is outvoted, beside k − 1 neighbors, as in that library. */
  readonly compat?: "imbalanced-learn" | undefined;
}

/**
 * Neighborhood cleaning rule (NCL): first, rows that most of their neighbors outvote go, as in `editedNearestNeighbors` with `select: "mode"`; second, where the neighbors outvote a row of the
 * smallest class, the neighbors go. Both are found in the data as it came. Cleans more around the smallest class than elsewhere.
 *
 * Laurikkala: Improving identification of difficult small classes by balancing class distribution, AIME (2001). A class of just `threshold` times the smallest is cleaned, as the
 * paper has it. Unlike imbalanced-learn, a row has no vote on itself (`compat` gives it one), and ties of distance go by row number.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function neighborhoodCleaningRule(options: NeighborhoodCleaningOptions = {}): Resampler {
  checkOptions("neighborhoodCleaningRule", options, [...CLEANING_OPTIONS, "kNeighbors", "threshold", "compat"]);
  const cleaning = cleaningOptions(options);
  const k = checkInteger("kNeighbors", options.kNeighbors ?? 3, 1);
  const threshold = options.threshold ?? 0.5;
  if (!(typeof threshold === "number" && threshold >= 0 && threshold < Infinity)) {
    throw new InputError("OPTION", `threshold is ${show(threshold)}, but needs a number of at least 0.`);
  }
  const compat = options.compat && checkOneOf("compat", options.compat, ["imbalanced-learn"]);
  return undersampler({
    name: "neighborhoodCleaningRule",
    options: { ...cleaning, scale: cleaning.scale ?? "auto", kNeighbors: k, threshold, ...(compat && { compat }) },
    workFor: searchAllWork,
    async select(scene) {
      const { data, standing } = scene;
      const { labels, n } = data;
      const { counts, smallest } = standing;
      const cleaned = new Set(classesToClean(cleaning.strategy, standing));
      const large = counts.map((count, code) => cleaned.has(code) && count >= threshold * counts[smallest]!);
      const nearest = await nearestAmong(scene, allRows(n), k, cleaning);
      const stays = new Uint8Array(n).fill(1);
      for (let i = 0; i < n; i++) {
        const own = labels[i]!;
        const near = votes(nearest, i, k, labels);
        if (cleaned.has(own) && winner(near) !== own) stays[i] = 0;
        if (own !== smallest || winner(compat ? Uint32Array.of(own, ...near.subarray(0, k - 1)) : near) === own) continue;
        for (const j of nearest.subarray(i * k, i * k + k)) if (large[labels[j]!]) stays[j] = 0;
      }
      return { rows: flagged(stays) };
    },
  });
}
