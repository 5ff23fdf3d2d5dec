import { list, show } from "../check";
import type { Kind } from "../contracts";
import { InputError } from "../errors";
import type { Sight } from "./look";

/** A decision about a column: its kind, or that it is only carried, why, and what the user should hear. */
export interface Decision {
  readonly kind?: Kind;
  readonly why: string;
  readonly note?: string;
}

/**
 * The kind of a feature nobody described. What could be meant in two ways is carried with a note, or refused.
 * @throws {InputError} for numbers in texts and for cells that are no values.
 */
export function inferKind(name: string, sight: Sight, parseNumbers: boolean): Decision {
  const quoted = show(name);
  refuseMixed(name, sight);
  switch (sight.type) {
    case "number":
      return {
        kind: sight.whole ? "integer" : "numeric",
        why: sight.whole ? "whole numbers" : "numbers",
        ...(sight.counts && {
          note: `Column ${quoted} counts its rows and is used as a feature; if it is an identifier, name it in carry: [${quoted}].`,
        }),
      };
    case "boolean":
      return { kind: "nominal", why: "true or false" };
    case "string":
      return sight.spellsNumbers && parseNumbers
        ? { kind: sight.whole ? "integer" : "numeric", why: sight.whole ? "whole numbers" : "numbers" }
        : inferText(quoted, sight);
    case "Date":
      return {
        why: "dates",
        note: `Column ${quoted} holds dates, which are carried from the base row; name it in time to split by it, or turn it into numbers.`,
      };
    case "bigint":
      return {
        why: "bigints",
        note: `Column ${quoted} holds bigints, which are carried from the base row; kinds: { ${quoted}: "integer" } makes it a feature.`,
      };
    case "nothing":
      return { why: "no values", note: `Column ${quoted} has no values at all; it is carried and stays empty.` };
    default:
      throw new InputError(
        "COLUMN",
        `Column ${quoted} holds ${show(sight.first)}, which cannot be a feature; drop it, or copy it along with carry: [${quoted}].`,
      );
  }
}

function inferText(quoted: string, sight: Sight): Decision {
  if (sight.spellsNumbers) {
    throw new InputError(
      "COLUMN",
      `Column ${quoted} holds numbers as texts (${show(sight.first)}); say parseNumbers: true or kinds: { ${quoted}: "numeric" } to read them, kinds: { ${quoted}: "nominal" } to keep them as categories, or carry: [${quoted}].`,
    );
  }
  if (sight.different) {
    return {
      why: "every text is different",
      note: `Column ${quoted} holds ${sight.different} different texts, none twice, and is carried from the base row; if it is a feature, say kinds: { ${quoted}: "nominal" }.`,
    };
  }
  const distinct = sight.values.size;
  const many = distinct > 20 && distinct * 2 > sight.present;
  return {
    kind: "nominal",
    why: `${distinct} different texts`,
    ...(many && {
      note: `Column ${quoted} has ${distinct} different texts in ${sight.present} rows; as a nominal feature it says little, carry: [${quoted}] leaves it out.`,
    }),
  };
}

function refuseMixed(name: string, { mixed }: Sight): void {
  if (!mixed) return;
  const quoted = show(name);
  throw new InputError(
    "COLUMN",
    `Column ${quoted} mixes ${mixed}; use one type, name texts that mean "missing" in the option missing, or say kinds: { ${quoted}: "nominal" } or carry: [${quoted}].`,
  );
}

/** Checks that the cells allow the kind the caller declared. */
export function checkKind(name: string, kind: Kind, sight: Sight, levels: readonly unknown[] | undefined): void {
  const quoted = show(name);
  if (sight.type === "nothing" || kind === "nominal") {
    if (sight.type === "other" || sight.type === "Date") {
      throw new InputError(
        "COLUMN",
        `Column ${quoted} is declared nominal but holds ${sight.type === "Date" ? "dates" : show(sight.first)}; use texts, numbers or booleans.`,
      );
    }
    return;
  }
  if (kind === "ordinal" && levels) return;
  refuseMixed(name, sight);
  if (kind === "ordinal") {
    if (sight.type === "number") return;
    throw new InputError(
      "COLUMN",
      `Column ${quoted} is ordinal but holds ${sight.type}s, whose order is not known; give it in levels: { ${quoted}: [lowest, …, highest] }.`,
    );
  }
  const numbers = sight.type === "number" || sight.type === "bigint" || sight.spellsNumbers;
  if (!numbers) {
    throw new InputError(
      "COLUMN",
      `Column ${quoted} is declared ${kind} but holds ${sight.type === "string" ? "texts that are not all numbers" : `${sight.type}s`} (${show(sight.first)}); use one of ${list(["nominal", "ordinal"], "or")}, or name texts that mean "missing" in the option missing.`,
    );
  }
}
