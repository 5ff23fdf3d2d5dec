import { checkOptions } from "../../check";
import type { Resampler } from "../../contracts";
import { allRows } from "../../data/dataset";
import { undersampler } from "../undersample";
import { edit, EDITING_OPTIONS, editingOptions, type EditingOptions } from "./edit";
import { searchAllWork } from "./nearest";

/**
 * Edited nearest neighbors (ENN): rows whose neighbors are of other classes go. With `select: "all"` one such neighbor is enough, which clears a wide strip between classes; with `"mode"` the row has
 * to be outvoted, which removes little more than noise. All rows are judged at once, by the data as it came.
 *
 * Wilson: Asymptotic properties of nearest neighbor rules using edited data, IEEE Transactions on Systems, Man, and Cybernetics 2 (1972), which has the majority decide: `"mode"`. The default is
 * imbalanced-learn's. Ours: ties of distance by row number, and a row is never its own neighbor, where imbalanced-learn takes the first of equal rows for the row that is asked;
 * rows stay in their order.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function editedNearestNeighbors(options: EditingOptions = {}): Resampler {
  checkOptions("editedNearestNeighbors", options, EDITING_OPTIONS);
  const editing = editingOptions(options);
  return undersampler({
    name: "editedNearestNeighbors",
    options: { ...editing, scale: editing.scale ?? "auto" },
    workFor: searchAllWork,
    select: async (scene) => ({ rows: await edit(scene, allRows(scene.data.n), editing.kNeighbors, editing) }),
  });
}
