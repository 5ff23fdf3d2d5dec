import { show } from "../check";
import { InputError } from "../errors";

/**
 * What the owner of a format stored, checked; `door` was to restore it. Generators are restored without this, because their entry may hardly weigh anything.
 * @throws {InputError} when it is something else, or of another version.
 */
export function storedAs(format: string, owner: string, door: string, stored: unknown): Record<string, unknown> {
  const given = (stored ?? {}) as Record<string, unknown>;
  const { version } = given;
  if (given["format"] === format && version === 1) return given;
  throw new InputError(
    "DATA",
    given["format"] === format
      ? `This ${owner} has version ${show(version)} of the format, but this release reads version 1; use the release that stored it.`
      : `${door} was given ${show(stored)}, but needs what toJSON() of a ${owner} returned; parse the text with JSON.parse first.`,
  );
}
