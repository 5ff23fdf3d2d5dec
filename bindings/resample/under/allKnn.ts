import { checkOptions } from "../../check";
import type { Resampler } from "../../contracts";
import { undersampler } from "../undersample";
import { EDITING_OPTIONS, editingOptions, editRepeatedly, type EditingOptions } from "./edit";
import { checkFlag, searchAllWork } from "./nearest";

export interface AllKnnOptions extends EditingOptions {
  /** Go on when another class than the smallest has fewer rows left than the smallest class had. Default false. */
  readonly allowMinority?: boolean | undefined;
}

/**
 * All k-NN: `editedNearestNeighbors` with one neighbor, then on what is left with two, and so on to `kNeighbors`. Ends early as `repeatedEditedNearestNeighbors` does, and differs from imbalanced-learn
 * where that does; `allowMinority` lifts the rule about the smallest class.
 *
 * Tomek: An experiment with the edited nearest-neighbor rule, IEEE Transactions on Systems, Man, and Cybernetics 6 (1976).
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function allKnn(options: AllKnnOptions = {}): Resampler {
  checkOptions("allKnn", options, [...EDITING_OPTIONS, "allowMinority"]);
  const editing = editingOptions(options);
  const allowMinority = checkFlag("allowMinority", options.allowMinority);
  return undersampler({
    name: "allKnn",
    options: { ...editing, scale: editing.scale ?? "auto", allowMinority },
    workFor: (data) => searchAllWork(data) * editing.kNeighbors,
    select: async (scene) => ({
      rows: await editRepeatedly(scene, editing, { count: editing.kNeighbors, kOf: (pass) => pass + 1, belowSmallest: allowMinority }),
    }),
  });
}
