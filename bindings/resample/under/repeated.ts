import { checkInteger, checkOptions } from "../../check";
import type { Resampler } from "../../contracts";
import { undersampler } from "../undersample";
import { EDITING_OPTIONS, editingOptions, editRepeatedly, type EditingOptions } from "./edit";
import { searchAllWork } from "./nearest";

export interface RepeatedEditingOptions extends EditingOptions {
  /** Most passes over the rows. Default 100. */
  readonly maxIterations?: number | undefined;
}

/** Passes that are counted on for progress; more rarely change much. */
const USUAL_PASSES = 5;

/**
 * Repeated edited nearest neighbors: `editedNearestNeighbors` on what it left, until nothing changes, another class than the smallest has fewer rows left than the smallest class had, or a class
 * has none (an error, unless `allowEmpty`). What the last pass removed stays removed. A note tells when it ended before it had to.
 *
 * Tomek: An experiment with the edited nearest-neighbor rule, IEEE Transactions on Systems, Man, and Cybernetics 6 (1976). Ours, beside what is ours in `editedNearestNeighbors`: which classes lose rows
 * is decided once, by the data as it came. imbalanced-learn decides again before each pass, so that a class that has been cut to the size of the smallest may from then on be
 * spared in its place; its row numbers are wrong when the first pass of unsorted labels removes nothing; and it fails when fewer rows than neighbors are left, where this stops.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function repeatedEditedNearestNeighbors(options: RepeatedEditingOptions = {}): Resampler {
  checkOptions("repeatedEditedNearestNeighbors", options, [...EDITING_OPTIONS, "maxIterations"]);
  const editing = editingOptions(options);
  const maxIterations = checkInteger("maxIterations", options.maxIterations ?? 100, 1);
  return undersampler({
    name: "repeatedEditedNearestNeighbors",
    options: { ...editing, scale: editing.scale ?? "auto", maxIterations },
    workFor: (data) => searchAllWork(data) * Math.min(maxIterations, USUAL_PASSES),
    select: async (scene) => ({
      rows: await editRepeatedly(scene, editing, { count: maxIterations, kOf: () => editing.kNeighbors, belowSmallest: false }),
    }),
  });
}
