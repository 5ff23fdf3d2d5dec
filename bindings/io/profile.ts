import { show } from "../check";
import { InputError } from "../errors";

/** What the cells of a column are, null and undefined aside. */
export interface Profile {
  readonly type: "numbers" | "bigints" | "booleans" | "texts" | "dates" | "nothing";
  readonly missing: boolean;
  /** Numbers: whether all are whole and fit into 32 bits, or 53, so that an integer type loses nothing; −0 is no integer. */
  readonly whole: "int32" | "safe" | "no";
}

/**
 * Looks at every cell of a column that is to be written.
 * @throws {InputError} when types are mixed, or cells are objects that no column type holds.
 */
export function profileOf(where: string, name: string, cells: ArrayLike<unknown>): Profile {
  let type: Profile["type"] = "nothing";
  let missing = false;
  let [int32, safe] = [true, true];
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    if (cell === null || cell === undefined) {
      missing = true;
      continue;
    }
    const own = typeOf(cell);
    if (own === "dates" && Number.isNaN((cell as Date).getTime())) {
      throw new InputError("COLUMN", `Column ${show(name)} holds an invalid date in row ${i}; write null where a date is not known.`);
    }
    if (!own) {
      throw new InputError(
        "COLUMN",
        `Column ${show(name)} holds ${show(cell)} in row ${i}, but ${where} writes numbers, bigints, booleans, texts and dates; drop the column or turn it into texts.`,
      );
    }
    if (type === "nothing") type = own;
    else if (own !== type) {
      throw new InputError(
        "COLUMN",
        `Column ${show(name)} mixes ${type} and ${own} (row ${i}: ${show(cell)}), but ${where} needs one type in a column; try String(cell).`,
      );
    }
    if (own === "numbers") {
      const value = cell as number;
      safe &&= Number.isSafeInteger(value) && !Object.is(value, -0);
      int32 &&= safe && value === (value | 0);
    }
  }
  return { type, missing, whole: type !== "numbers" || !safe ? "no" : int32 ? "int32" : "safe" };
}

const TWO_63 = 1n << 63n;

/**
 * Whether the bigints of a column need an unsigned type: one is 2^63 or more, none is negative.
 * @throws {InputError} when no integer type of 64 bits holds them all.
 */
export function needsUnsigned(where: string, name: string, cells: ArrayLike<unknown>): boolean {
  const present = Array.from(cells).filter((cell) => typeof cell === "bigint");
  const unsigned = present.some((cell) => cell >= TWO_63);
  const wrong = present.find((cell) => (unsigned ? cell < 0n || cell >= 2n * TWO_63 : cell < -TWO_63));
  if (wrong === undefined) return unsigned;
  throw new InputError("COLUMN", `Column ${show(name)} holds ${wrong}n, but ${where} writes integers of 64 bits; turn it into texts.`);
}

function typeOf(cell: unknown): Exclude<Profile["type"], "nothing"> | undefined {
  if (cell instanceof Date) return "dates";
  switch (typeof cell) {
    case "number":
      return "numbers";
    case "bigint":
      return "bigints";
    case "boolean":
      return "booleans";
    case "string":
      return "texts";
    default:
      return undefined;
  }
}
