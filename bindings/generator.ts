/** The entry "counterpoise/generator": restore a stored generator and sample, nothing else. */
import type { Generator, StoredGenerator } from "./contracts";
import type { Written } from "./data/write";
import { sampling } from "./engine/sampling";
import { generatorOf } from "./resample/generate";
import { restore } from "./resample/restore";

export type { Generator, Label, Origins, Sample, StoredGenerator } from "./contracts";
export { InputError } from "./errors";

/**
 * Restores what a generator's `toJSON` returned, here or elsewhere, and makes the same rows, byte for byte. Samples come as `{ X, y }`, as an array of
 * records or as an object of columns, in the layout of the data it was fitted on.
 * @throws {InputError} when it is no stored generator, is damaged, or is of a later version.
 */
export function restoreGenerator(stored: StoredGenerator | unknown): Generator<Written> {
  return generatorOf(
    sampling,
    restore(stored),
    (content) => content,
    () => stored as StoredGenerator,
  );
}
