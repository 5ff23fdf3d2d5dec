import type { SchemaElement } from "hyparquet";
import { narrowBigints } from "../columns";

/** Cells of some rows of a column, as hyparquet decodes them. */
export interface Piece {
  readonly cells: ArrayLike<unknown>;
  /** Row of the first. */
  readonly start: number;
}

type NumberArray = new (length: number) => {
  [i: number]: number;
  set(cells: ArrayLike<number>, at: number): void;
  readonly length: number;
};

/** One column of n cells from its pieces: a typed array for numbers without missing cells, else a plain one. */
export function collect(element: SchemaElement, pieces: readonly Piece[], n: number): ArrayLike<unknown> {
  checkPieces(pieces, n);
  const type = isWide(element) ? undefined : arrayFor(element);
  const complete = pieces.every(({ cells }) => !Array.isArray(cells) || !cells.includes(null));
  const scale = element.converted_type === "DECIMAL" ? (element.scale ?? 0) : undefined;
  if (type && complete) {
    const column = new type(n);
    for (const { cells, start } of pieces) column.set(cells as ArrayLike<number>, start);
    if (scale !== undefined) for (let i = 0; i < n; i++) column[i] = roundTo(column[i]!, scale);
    return column;
  }
  const column = new Array<unknown>(n);
  for (const { cells, start } of pieces) for (let i = 0; i < cells.length; i++) column[start + i] = cells[i];
  if (isWide(element)) return narrowBigints(complete ? wide(element, column as bigint[]) : column);
  return scale === undefined ? column : column.map((cell) => (typeof cell === "number" ? roundTo(cell, scale) : cell));
}

/** Every row there is, once, with a value or null. */
function checkPieces(pieces: readonly Piece[], n: number): void {
  let next = 0;
  for (const { cells, start } of [...pieces].sort((a, b) => a.start - b.start)) {
    if (start !== next) throw new Error("rows are missing");
    if (Array.isArray(cells) && cells.includes(undefined)) throw new Error("a dictionary lacks values");
    next += cells.length;
  }
  if (next !== n) throw new Error("rows are missing");
}

/** The array that holds such numbers; undefined where cells are no numbers. */
function arrayFor({ type, converted_type, logical_type }: SchemaElement): NumberArray | undefined {
  if (converted_type === "DECIMAL") return Float64Array;
  if (logical_type?.type === "FLOAT16") return Float32Array;
  if (type === "DOUBLE") return Float64Array;
  if (type === "FLOAT") return Float32Array;
  if (type !== "INT32" || converted_type === "DATE" || logical_type?.type === "DATE") return undefined;
  const integer = logical_type?.type === "INTEGER" ? logical_type : undefined;
  const bits = integer?.bitWidth ?? Number(/\d+$/.exec(converted_type ?? "")?.[0] ?? 32);
  const signed = integer?.isSigned ?? !converted_type?.startsWith("UINT");
  if (bits === 8) return signed ? Int8Array : Uint8Array;
  if (bits === 16) return signed ? Int16Array : Uint16Array;
  return signed ? Int32Array : Uint32Array;
}

/** Whether cells are 64-bit integers. */
function isWide({ type, converted_type, logical_type }: SchemaElement): boolean {
  const dated = converted_type?.startsWith("TIMESTAMP") || logical_type?.type === "TIMESTAMP";
  return type === "INT64" && !dated && converted_type !== "DECIMAL";
}

function wide({ converted_type, logical_type }: SchemaElement, cells: readonly bigint[]): ArrayLike<unknown> {
  const unsigned = converted_type === "UINT_64" || (logical_type?.type === "INTEGER" && !logical_type.isSigned);
  return unsigned ? BigUint64Array.from(cells) : BigInt64Array.from(cells);
}

/** hyparquet multiplies by a power of ten, which is off in the last digit; this is the number that the decimal is written as. */
function roundTo(value: number, scale: number): number {
  const factor = Number(`1e${scale}`);
  const whole = Math.round(value * factor);
  return Number.isSafeInteger(whole) ? whole / factor : value;
}
