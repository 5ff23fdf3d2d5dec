import type { Origins } from "../contracts";
import { InputError } from "../errors";

/** What a method made of other data. */
export interface Mark {
  /** Name of the method. */
  readonly method: string;
  /** Where each row comes from; rows are those of the data that went in. */
  readonly origins: Origins;
}

/** By what was returned. A copy of it bears no mark. */
const marks = new WeakMap<object, Mark>();

/** Remembers that a method made this data set, so that no one divides it into training and test rows. */
export function marked<D extends object>(data: D, mark: Mark): D {
  marks.set(data, mark);
  return data;
}

/** How this data set was made, if a method returned it. */
export function markOf(data: object): Mark | undefined {
  return marks.get(data);
}

/**
 * Refuses to divide rows of which some were made of others: parts of one row would be in both parts.
 * @throws {InputError} when a method returned this data set.
 */
export function checkUnmarked(data: object, door: string): void {
  const mark = markOf(data);
  if (!mark) return;
  throw new InputError(
    "DATA",
    `${door} was given what ${mark.method} returned, but needs data as they were before: rows made of others, or chosen by them, would be on both sides; divide first, then resample the training rows only, as crossValidate does.`,
  );
}
