import { isRecord, list, show } from "../check";
import type { Columns, ColumnTable, RowTable } from "../contracts";
import { InputError } from "../errors";

/** What writers take: columns of equal length by name, or what `table` made. */
export type Writable = Columns | ColumnTable | RowTable;

/**
 * The columns of what a writer was given.
 * @throws {InputError} when it is neither columns of equal length nor a table.
 */
export function columnsOf(where: string, data: Writable): Columns {
  if (Array.isArray(data) || ArrayBuffer.isView(data) || !isRecord(data)) throw notColumns(where, data);
  // a column is an array, so a text in "target" tells a table from columns
  if (typeof data["target"] === "string" && (Array.isArray(data["rows"]) || isRecord(data["columns"]))) return ofTable(data as never);
  const names = Object.keys(data);
  if (names.length === 0) throw new InputError("DATA", `${where} was given no columns; give { name: array, … }.`);
  const columns = data as Columns;
  const n = columns[names[0]!]?.length;
  for (const name of names) {
    const cells = columns[name];
    if (!isArray(cells))
      throw new InputError("DATA", `Column ${show(name)} is ${show(cells)}, but ${where} needs an array for each column.`);
    if (cells.length !== n) {
      throw new InputError(
        "DATA",
        `Column ${show(name)} has ${cells.length} cells but ${show(names[0])} has ${n}; all need the same length.`,
      );
    }
  }
  return columns;
}

/** Names that are asked for, each of which there is and none twice; all there are when none is asked for. */
export function chosenNames(where: string, asked: unknown, names: readonly string[]): readonly string[] {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new InputError("DATA", `${where} found two columns of the name ${show(twice)}; rename one of them.`);
  if (asked === undefined) return names;
  if (!Array.isArray(asked) || asked.length === 0) {
    throw new InputError("OPTION", `columns is ${show(asked)}, but needs a list of column names: columns: ["a", "b"].`);
  }
  for (const name of asked) {
    if (typeof name !== "string" || !names.includes(name)) {
      throw new InputError(
        "OPTION",
        `columns names ${show(name)}, which is no column; there are ${list(names.slice(0, 12))}${names.length > 12 ? " …" : ""}.`,
      );
    }
  }
  return [...new Set(asked as string[])];
}

/** Whole 64-bit numbers as numbers if all are safe integers, in a Float64Array if none is missing; else as they are. */
export function narrowBigints(cells: ArrayLike<unknown>): ArrayLike<unknown> {
  const complete = !Array.isArray(cells) || !cells.includes(null);
  const numbers = complete ? new Float64Array(cells.length) : new Array<number | null>(cells.length);
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    const value = cell === null ? null : Number(cell);
    if (value !== null && !Number.isSafeInteger(value)) return cells;
    numbers[i] = value!;
  }
  return numbers;
}

/**
 * Cells as a column: numbers without missing cells as a Float64Array, bigints as numbers if all are safe integers. NaN among texts, as some data frames
 * write missing cells, becomes null, and so does undefined.
 */
export function tidyCells(cells: unknown[]): ArrayLike<unknown> {
  if (cells.every((cell) => typeof cell === "number")) return Float64Array.from(cells as number[]);
  const numbers = cells.every((cell) => cell === null || cell === undefined || typeof cell === "number");
  const column = cells.map((cell) => (cell === undefined || (!numbers && cell !== cell) ? null : cell));
  if (!column.some((cell) => typeof cell === "bigint")) return column;
  return column.every((cell) => cell === null || typeof cell === "bigint") ? narrowBigints(column) : column;
}

function ofTable(table: ColumnTable | RowTable): Columns {
  if (!table.rows) return table.columns;
  const { rows } = table;
  const names = table.description.map(({ name }) => name);
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])]));
}

function isArray(cells: unknown): cells is ArrayLike<unknown> {
  return Array.isArray(cells) || (ArrayBuffer.isView(cells) && !(cells instanceof DataView));
}

function notColumns(where: string, data: unknown): InputError {
  return new InputError(
    "DATA",
    `${where} was given ${show(data)}, but needs columns, { name: array, … }, or what table() returned; for records use table(rows, { target }).`,
  );
}
