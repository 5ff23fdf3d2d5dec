import type { Origins } from "../contracts";
import { InputError } from "../errors";

/** What a method made of other data. */
export interface Mark {
  /** Name of the method. */
  readonly method: string;
  /** Where each row comes from; rows are those of the data that went in. */
  readonly origins: Origins;
}

/** Of a method or a learner that one of our functions made of its `options`: what it works with besides, the methods of a chain or the learner that another one asks. */
export interface Making {
  readonly inside?: readonly object[];
}

/** By what was returned. A copy of it, or what a caller built alike, bears no mark. */
const marks = new WeakMap<object, Mark | Making>();

/** Remembers that a method made this data set, so that no one divides it into training and test rows; or that one of our functions made this method, so that it can be told of elsewhere. */
export function marked<T extends object>(made: T, mark: Mark | Making): T {
  marks.set(made, mark);
  return made;
}

/** How this data set was made, if a method returned it. */
export function markOf(data: object): Mark | undefined {
  return marks.get(data) as Mark | undefined;
}

/** How this method or learner was made, if one of our functions made it. */
export function makingOf(made: object): Making | undefined {
  return marks.get(made) as Making | undefined;
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
