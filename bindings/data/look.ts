import { show } from "../check";
import { InputError } from "../errors";
import { missingForm, numberFromText, type IsMissing } from "./cells";
import type { MissingCell } from "./dataset";

/** What is seen of a column that is no feature. */
export interface Glance {
  readonly missing: number;
  /** Type of the first present cell: "number", "string", "boolean", "bigint", "Date", "other" or "nothing". */
  readonly type: string;
}

/** What a look at the cells of a column shows. */
export interface Sight extends Glance {
  readonly present: number;
  readonly missingForm: MissingCell;
  readonly whole: boolean;
  /** Every text spells a number. */
  readonly spellsNumbers: boolean;
  /** The different values in order of appearance. */
  readonly values: ReadonlySet<unknown>;
  /** How many texts were compared without one that occurs twice; 0 if one does, or there are fewer than two. */
  readonly different: number;
  /** 1, 2, 3 … or any other start, in order. */
  readonly counts: boolean;
  readonly first: unknown;
  /** The first cell of another type than the first, in words, if there is one. */
  readonly mixed: string | undefined;
}

/** Cells that are compared to tell whether every text is different: enough to be sure, and bounded however long the table is. */
export const COMPARED = 100_000;

/** `Sight.different` of `present` texts, `distinct` of them different, or as told of the first COMPARED. */
export function differentTexts(present: number, distinct: number, differentAtFirst: boolean): number {
  if (present > COMPARED) return differentAtFirst ? COMPARED : 0;
  return present > 1 && distinct === present ? present : 0;
}

/**
 * Looks at every cell once.
 * @throws {InputError} for infinite numbers.
 */
export function lookAt(name: string, cells: ArrayLike<unknown>, isMissing: IsMissing): Sight {
  let present = 0;
  let type = "nothing";
  let form: MissingCell | undefined;
  let whole = true;
  let spellsNumbers = true;
  let counts = true;
  let first: unknown;
  let before: unknown;
  let mixed: string | undefined;
  let differentAtFirst = false;
  const seen = new Set<unknown>();
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    if (isMissing(cell)) {
      form ??= missingForm(cell);
      counts = false;
      continue;
    }
    const own = typeOf(cell);
    if (present++ === 0) {
      type = own;
      first = cell;
    } else if (own !== type) mixed ??= `${type}s and ${own}s (row ${i}: ${show(cell)})`;
    if (own === "number") {
      const value = cell as number;
      if (value === Infinity || value === -Infinity) {
        throw new InputError("COLUMN", `Column ${show(name)} is ${value} in row ${i}; only finite numbers and missing cells are allowed.`);
      }
      whole &&= value % 1 === 0;
      counts &&= before === undefined || value - 1 === before;
    } else if (own === "string" && spellsNumbers) {
      const value = numberFromText(cell as string);
      spellsNumbers = value - value === 0;
      whole &&= value % 1 === 0;
    }
    before = cell;
    seen.add(own === "Date" ? (cell as Date).getTime() : cell);
    if (present === COMPARED) differentAtFirst = seen.size === COMPARED;
  }
  return {
    present,
    missing: cells.length - present,
    missingForm: form ?? "null",
    type,
    whole,
    spellsNumbers: type === "string" && spellsNumbers,
    values: seen,
    different: type === "string" ? differentTexts(present, seen.size, differentAtFirst) : 0,
    counts: type === "number" && whole && counts && present > 2,
    first,
    mixed,
  };
}

function typeOf(cell: unknown): string {
  if (cell instanceof Date) return "Date";
  const type = typeof cell;
  return type === "object" || type === "function" || type === "symbol" ? "other" : type;
}

/** Looks no closer than at what is there. */
export function glanceAt(cells: ArrayLike<unknown>, isMissing: IsMissing): Glance {
  let missing = 0;
  let type = "nothing";
  for (let i = 0; i < cells.length; i++) {
    if (isMissing(cells[i])) missing++;
    else if (type === "nothing") type = typeOf(cells[i]);
  }
  return { missing, type };
}
