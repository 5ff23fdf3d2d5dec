import { show } from "../check";
import { InputError } from "../errors";
import { numberFromText, type IsMissing } from "./cells";
import type { Column, Dataset, Schema } from "./dataset";
import { encodeLabels } from "./labels";

/** Encodes the columns of a table as its schema says. */
export function encodeColumns(schema: Schema, cellsOf: (name: string) => ArrayLike<unknown>, isMissing: IsMissing): Dataset {
  const { d, q } = schema;
  const target = cellsOf(schema.target);
  const n = target.length;
  const numeric = new Float64Array(n * d);
  const nominal = new Uint32Array(n * q);
  const carried: ArrayLike<unknown>[] = [];
  let weights: Float64Array | null = null;
  for (const column of schema.columns) {
    if (column.role === "target") continue;
    const cells = cellsOf(column.name);
    if (column.role === "weight") weights = encodeWeights(column.name, cells);
    else if (!column.kind) carried[column.place] = cells;
    else if (column.levels)
      encodeLevels(column, cells, isMissing, column.kind === "nominal" ? nominal : numeric, column.kind === "nominal" ? q : d);
    else encodeNumbers(column, cells, isMissing, numeric, d);
  }
  const { codes } = encodeLabels(target, `Target column ${show(schema.target)}`, schema.classes);
  return { schema, n, numeric, nominal, labels: codes, weights, carried, scale: "standard" };
}

function encodeNumbers(column: Column, cells: ArrayLike<unknown>, isMissing: IsMissing, numeric: Float64Array, d: number): void {
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    const value = isMissing(cell)
      ? NaN
      : typeof cell === "number"
        ? cell
        : typeof cell === "bigint"
          ? Number(cell)
          : numberFromText(cell as string);
    if (typeof cell === "bigint" && !Number.isSafeInteger(value)) {
      throw new InputError("COLUMN", `Column ${show(column.name)} is ${cell}n in row ${i}, beyond 2^53; carry it, or divide it first.`);
    }
    if (column.kind === "integer" && value % 1 !== 0 && value === value) throw notWhole(column.name, value, i);
    numeric[i * d + column.place] = value;
  }
}

/** Nominal cells become codes from 1, with 0 for missing; ordinal cells become ranks from 0, with NaN for missing. */
function encodeLevels(
  column: Column,
  cells: ArrayLike<unknown>,
  isMissing: IsMissing,
  out: Uint32Array | Float64Array,
  width: number,
): void {
  const first = column.kind === "nominal" ? 1 : 0;
  const codes = new Map(column.levels!.map((value, place) => [value, place + first]));
  const missing = column.kind === "nominal" ? 0 : NaN;
  for (let i = 0; i < cells.length; i++) out[i * width + column.place] = isMissing(cells[i]) ? missing : codes.get(cells[i])!;
}

function encodeWeights(name: string, cells: ArrayLike<unknown>): Float64Array {
  return Float64Array.from(cells, (cell, i) => weightOf(name, cell, i));
}

/** The weight that a cell in row i holds. */
export function weightOf(name: string, cell: unknown, i: number): number {
  const weight = typeof cell === "string" ? numberFromText(cell) : cell;
  if (typeof weight === "number" && weight >= 0 && weight < Infinity) return weight;
  throw new InputError(
    "COLUMN",
    `Weight column ${show(name)} is ${show(cell)} in row ${i}, but needs a number of at least 0; mend or drop the row.`,
  );
}

export function notWhole(name: string, value: number, i: number): InputError {
  return new InputError("COLUMN", `Column ${show(name)} is ${value} in row ${i} but is declared integer; use kind "numeric".`);
}
