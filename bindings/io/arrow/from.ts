import { checkOptions, show } from "../../check";
import type { Columns } from "../../contracts";
import { InputError } from "../../errors";
import { chosenNames, narrowBigints, tidyCells } from "../columns";
import { reasonOf } from "../failure";

/** A table of apache-arrow, of @uwdata/flechette, or of anything else that looks the same. */
export interface ArrowTable {
  readonly numRows: number;
  readonly schema: { readonly fields: readonly { readonly name: string; readonly type: unknown }[] };
  getChild(name: string): ArrowColumn | null | undefined;
}

/** A column of an Arrow table. */
export interface ArrowColumn {
  readonly nullCount?: number;
  toArray(): ArrayLike<unknown>;
  [Symbol.iterator]?(): Iterator<unknown>;
}

export interface FromArrowOptions {
  /** Names of the columns to take, in the order wanted. Default: all. */
  readonly columns?: readonly string[] | undefined;
}

/** What Arrow writes about a type; the numbers are those of its format. */
interface ArrowType {
  readonly typeId?: unknown;
  readonly bitWidth?: unknown;
  readonly signed?: unknown;
  readonly isSigned?: unknown;
  readonly precision?: unknown;
  readonly scale?: unknown;
  readonly unit?: unknown;
  /** Of a dictionary: the type of its values. */
  readonly dictionary?: unknown;
}

const [INT, FLOAT, DECIMAL, DATE, TIMESTAMP, DICTIONARY] = [2, 3, 7, 8, 10, -1];
/** Lists, records, unions, maps, runs and views of lists. */
const NESTED = [12, 13, 14, 16, 17, 21, 22, 25, 26];
const HALF = 0;

/**
 * Takes an Arrow table apart into columns of n cells each, ready for `table(columns, { target })`. Loads nothing: tables of apache-arrow and of
 * @uwdata/flechette are known by their shape.
 *
 * Numbers without missing cells come as the typed arrays that the table holds, not copied where it does not copy; 64-bit integers as `Float64Array` if all
 * are safe integers, else as bigints. Dates and timestamps are `Date`s (cut to milliseconds), decimals numbers, dictionaries their values. A missing cell is
 * `null`, in a plain array.
 * @throws {InputError} when it is no Arrow table, or a column holds lists or records.
 */
export function fromArrow(table: ArrowTable, options: FromArrowOptions = {}): Columns {
  checkOptions("fromArrow", options, ["columns"]);
  if (!isArrowTable(table)) {
    throw new InputError(
      "DATA",
      `fromArrow was given ${show(table)}, but needs an Arrow table with numRows, schema.fields and getChild(name); for bytes use readArrow.`,
    );
  }
  return columnsOfArrow("fromArrow", table, options.columns);
}

/** Whether a value has the shape of an Arrow table. */
export function isArrowTable(value: unknown): value is ArrowTable {
  if (typeof value !== "object" || value === null) return false;
  const { numRows, schema, getChild } = value as Partial<ArrowTable>;
  return typeof numRows === "number" && typeof getChild === "function" && Array.isArray(schema?.fields);
}

export function columnsOfArrow(where: string, table: ArrowTable, asked: unknown): Columns {
  const { fields } = table.schema;
  const names = chosenNames(
    where,
    asked,
    fields.map(({ name }) => name),
  );
  if (names.length === 0) throw new InputError("DATA", `${where} was given an Arrow table without columns; at least one is needed.`);
  return Object.fromEntries(
    names.map((name) => {
      const { type } = fields.find((field) => field.name === name)!;
      refuseNested(name, valueType(type));
      try {
        return [name, cellsOf(table.getChild(name), (type ?? {}) as ArrowType, table.numRows)];
      } catch (error) {
        throw new InputError(
          "DATA",
          `${where} cannot decode column ${show(name)} (${reasonOf(error)}); read the table again, with { useBigInt: true } if integers are large, or leave the column out.`,
        );
      }
    }),
  );
}

function refuseNested(name: string, { typeId }: ArrowType): void {
  if (!NESTED.includes(typeId as number)) return;
  throw new InputError(
    "COLUMN",
    `Column ${show(name)} holds lists or records, which a table cannot use; name the columns to take in columns: ["a", …].`,
  );
}

function cellsOf(column: ArrowColumn | null | undefined, type: ArrowType, n: number): ArrayLike<unknown> {
  if (typeof column?.toArray !== "function") throw new Error("there is no such column");
  if (isPlainNumber(type) && column.nullCount === 0) {
    const cells = column.toArray();
    if (ArrayBuffer.isView(cells) && cells.length >= n)
      return cells.length === n ? cells : (cells as unknown as Float64Array).subarray(0, n);
  }
  // its iterator gives null where a cell is missing and looks dictionaries up, which toArray does not in every library
  const cells = Array.from((column[Symbol.iterator] ? column : column.toArray()) as ArrayLike<unknown>);
  if (cells.length !== n) throw new Error(`it has ${cells.length} cells but the table ${n} rows`);
  if (cells.includes(undefined)) throw new Error("cells are not there");
  const value = valueType(type);
  if (value.typeId === INT && cells.every((cell) => typeof cell === "bigint")) {
    // each library has its own word for it
    const unsigned = value.signed === false || value.isSigned === false;
    return narrowBigints(unsigned ? BigUint64Array.from(cells) : BigInt64Array.from(cells));
  }
  const decode = decoderOf(value);
  const tidy = tidyCells(decode ? cells.map((cell) => (cell === null ? null : decode(cell))) : cells);
  return value.typeId === FLOAT && value.precision === HALF && tidy instanceof Float64Array ? Float32Array.from(tidy) : tidy;
}

/** Numbers whose array is what they are. */
function isPlainNumber({ typeId, bitWidth, precision }: ArrowType): boolean {
  return (typeId === INT && bitWidth !== 64) || (typeId === FLOAT && precision !== HALF);
}

function valueType(type: unknown): ArrowType {
  const { typeId, dictionary } = (type ?? {}) as ArrowType;
  return ((typeId === DICTIONARY ? dictionary : type) ?? {}) as ArrowType;
}

/** How a present cell is turned into what a column holds; undefined where it is that already. */
function decoderOf({ typeId, unit, scale }: ArrowType): ((cell: unknown) => unknown) | undefined {
  if (typeId === DATE || typeId === TIMESTAMP) return (cell) => (cell instanceof Date ? cell : new Date(milliseconds(cell, unit)));
  if (typeId === DECIMAL) return (cell) => decimal(cell, typeof scale === "number" ? scale : 0);
  return undefined;
}

/** Ticks per second by unit: seconds, milliseconds, microseconds, nanoseconds. */
const TICKS = [1n, 1000n, 1_000_000n, 1_000_000_000n];

/** Both libraries hand out milliseconds as numbers, and whole ticks as bigints. */
function milliseconds(cell: unknown, unit: unknown): number {
  if (typeof cell === "number") return cell;
  if (typeof cell !== "bigint") throw new Error(`a date is ${show(cell)}`);
  return Number((cell * 1000n) / (TICKS[unit as number] ?? 1000n));
}

/** A decimal as the number it is written as: from a number, from a whole number of its last digit, or from that one's 32-bit words. */
function decimal(cell: unknown, scale: number): number {
  if (typeof cell === "number") return cell;
  const factor = Number(`1e${scale}`);
  if (typeof cell === "bigint") return Number(cell) / factor;
  if (!(cell instanceof Uint32Array)) throw new Error(`a decimal is ${show(cell)}`);
  const whole = cell.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  return Number(BigInt.asIntN(32 * cell.length, whole)) / factor;
}
