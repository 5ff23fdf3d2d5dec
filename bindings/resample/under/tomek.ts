import { checkOptions } from "../../check";
import type { CleaningStrategy, Resampler } from "../../contracts";
import { allRows } from "../../data/dataset";
import { classesToClean } from "../reduction";
import { undersampler, type Scene } from "../undersample";
import { CLEANING_OPTIONS, cleaningOptions, nearestAmong, searchAllWork, type CleaningOptions, type Comparison } from "./nearest";

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
    select: async (scene) => ({ rows: await withoutLinks(scene, allRows(scene.data.n), cleaning) }),
  });
}

/** The rows, ascending, without those of a class to be cleaned that form a link with one of another class among them. */
export async function withoutLinks(
  scene: Scene,
  rows: Uint32Array,
  { strategy, ...compare }: Comparison & { readonly strategy: CleaningStrategy },
): Promise<Uint32Array> {
  const cleaned = new Set(classesToClean(strategy, scene.standing));
  const labels = rows.map((row) => scene.data.labels[row]!);
  const nearest = await nearestAmong(scene, rows, 1, compare);
  return rows.filter((_, i) => {
    const j = nearest[i]!;
    return !(cleaned.has(labels[i]!) && labels[j] !== labels[i] && nearest[j] === i);
  });
}
