import { show } from "../check";
import type { Columns } from "../contracts";
import { InputError } from "../errors";
import { columnsOfArrow, isArrowTable, type ArrowTable } from "./arrow/from";
import { chosenNames, tidyCells } from "./columns";
import { reasonOf } from "./failure";

/** A data frame of another library, known by its shape: arquero, nodejs-polars, danfojs, or an Arrow table. */
export type Frame =
  | ArrowTable
  | { columnNames(): string[]; array(name: string): ArrayLike<unknown> }
  | { readonly columns: readonly string[]; getColumn(name: string): { toArray(): ArrayLike<unknown> } }
  | { readonly columns: readonly string[]; readonly values: unknown };

/** Reads one column of a frame whose columns have these names. */
interface Reader {
  readonly names: readonly string[];
  read(name: string, place: number): ArrayLike<unknown>;
}

/**
 * Takes the data frame of another library apart into columns of n cells each, ready for `table(columns, { target })`: of arquero (`columnNames()`,
 * `array(name)`), nodejs-polars (`columns`, `getColumn(name)`), danfojs (`columns`, `values` row by row), and Arrow tables, for which see `fromArrow`. Loads
 * none of them. Columns of numbers without missing cells come as `Float64Array`, 64-bit integers as numbers if all are safe integers. What is missing is
 * null; NaN stays NaN among numbers.
 * @throws {InputError} when the shape is none of these.
 */
export function fromFrame(frame: Frame): Columns {
  if (isArrowTable(frame)) return columnsOfArrow("fromFrame", frame, undefined);
  const { names, read } = readerOf(frame);
  if (chosenNames("fromFrame", undefined, names).length === 0)
    throw new InputError("DATA", "fromFrame was given a frame without columns; at least one is needed.");
  const columns = names.map((name, place) => {
    try {
      const cells = read(name, place);
      return [name, isNumbers(cells) ? cells : tidyCells(Array.from(cells))] as const;
    } catch (error) {
      throw new InputError(
        "DATA",
        `fromFrame cannot read column ${show(name)} (${reasonOf(error)}); drop it, or pass plain columns to table.`,
      );
    }
  });
  const n = columns[0]![1].length;
  const uneven = columns.find(([, { length }]) => length !== n);
  if (uneven)
    throw new InputError(
      "DATA",
      `Column ${show(uneven[0])} has ${uneven[1].length} cells but ${show(names[0])} has ${n}; all need the same length.`,
    );
  return Object.fromEntries(columns);
}

function readerOf(frame: unknown): Reader {
  if (typeof frame === "object" && frame !== null) {
    const { columnNames, array, columns, getColumn, values } = frame as Record<string, unknown>;
    if (typeof columnNames === "function" && typeof array === "function") {
      const arquero = frame as { columnNames(): unknown; array(name: string): ArrayLike<unknown> };
      const names = arquero.columnNames();
      if (isNames(names)) return { names, read: (name) => arquero.array(name) };
    }
    if (isNames(columns) && typeof getColumn === "function") {
      const polars = frame as { getColumn(name: string): { toArray(): ArrayLike<unknown> } };
      return { names: columns, read: (name) => polars.getColumn(name).toArray() };
    }
    if (isNames(columns) && isRows(values, columns.length)) return { names: columns, read: (_, place) => values.map((row) => row[place]) };
  }
  throw new InputError(
    "DATA",
    `fromFrame was given ${show(frame)}, but needs a frame of arquero, nodejs-polars, danfojs or Arrow; records and columns go to table() as they are.`,
  );
}

function isNames(names: unknown): names is string[] {
  return Array.isArray(names) && names.every((name) => typeof name === "string");
}

function isRows(values: unknown, width: number): values is unknown[][] {
  return Array.isArray(values) && values.every((row) => Array.isArray(row) && row.length === width);
}

function isNumbers(cells: ArrayLike<unknown>): boolean {
  return ArrayBuffer.isView(cells) && !(cells instanceof BigInt64Array) && !(cells instanceof BigUint64Array);
}
