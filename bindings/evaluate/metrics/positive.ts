import { list, show } from "../../check";
import type { Label } from "../../contracts";
import { InputError } from "../../errors";
import type { Actual } from "./given";

/** Of metrics that look at one class against the rest. */
export interface PositiveOption {
  /**
   * The label that counts as found or missed; all others are the rest. Default, of two classes: 1 or true where labels are 0 and 1, −1 and 1, or booleans;
   * otherwise the class with fewer rows, and an error where both have as many.
   */
  readonly positive?: Label | undefined;
}

/**
 * Code of the positive class. A class that no row has, and that is not among the classes, gets the code behind all others.
 * @throws {InputError} where it would have to be guessed.
 */
export function positiveCode(where: string, actual: Pick<Actual, "classes" | "codes">, positive: Label | undefined): number {
  const { classes } = actual;
  if (positive === undefined) return customary(where, actual);
  const code = classes.indexOf(positive);
  if (code >= 0) return code;
  // rows of one class do not tell what the other is called
  if (classes.length < 2 && typeof positive === typeof classes[0]) return classes.length;
  throw new InputError("OPTION", `positive is ${show(positive)}, but the classes are ${list(classes.slice(0, 9))}; name one of these.`);
}

function customary(where: string, { classes, codes }: Pick<Actual, "classes" | "codes">): number {
  if (classes.length > 2) {
    throw new InputError(
      "OPTION",
      `${where} looks at one class against the rest, and there are ${classes.length}; name the class: positive: ${show(classes[0])}.`,
    );
  }
  const custom = classes.every((label) => typeof label === "boolean") ? true : classes.every((label) => isSign(label)) ? 1 : undefined;
  if (custom !== undefined) {
    const code = classes.indexOf(custom);
    if (code >= 0 || classes.length < 2) return code >= 0 ? code : classes.length;
  }
  const counts = [0, 0];
  for (let i = 0; i < codes.length; i++) counts[codes[i]!]!++;
  if (classes.length === 2 && counts[0] !== counts[1]) return counts[0]! < counts[1]! ? 0 : 1;
  const why = classes.length < 2 ? `all rows have label ${show(classes[0])}` : `labels ${list(classes)} are equally frequent`;
  throw new InputError(
    "OPTION",
    `${where} needs to know which class is the positive one, and ${why}; name it: positive: ${show(classes[0])}.`,
  );
}

function isSign(label: Label): boolean {
  return label === 0 || label === 1 || label === -1;
}
