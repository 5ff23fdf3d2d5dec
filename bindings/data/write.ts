import type { Columns, Data, Matrix, Row } from "../contracts";
import type { Column, Made, MissingCell, Schema } from "./dataset";

/** Rows and labels, or rows, or columns: the caller's layout without what surrounds it. */
export type Written = Matrix | readonly Row[] | Columns;

/** Writes encoded rows in the caller's layout. */
export function write(schema: Schema, made: Made): Written {
  if (schema.layout === "rows") return writeRows(schema, made);
  if (schema.layout === "columns") {
    return Object.fromEntries(schema.columns.map((column) => [column.name, writeColumn(schema, column, made)]));
  }
  const y = arrayOf(schema.labelArray, made.m);
  for (let i = 0; i < made.m; i++) y[i] = schema.classes[made.labels[i]!];
  const X = schema.layout === "flat" ? writeFlat(schema, made) : writeNested(schema, made);
  const bounds = schema.columns.filter((column) => column.bounds).map((column) => [column.name, column.bounds] as const);
  return { X, y, ...schema.extra, ...(bounds.length && { bounds: Object.fromEntries(bounds) }) } as unknown as Matrix;
}

function writeFlat(schema: Schema, made: Made): ArrayLike<unknown> {
  const width = schema.columns.length;
  const type = schema.columns[0]!.array;
  if (schema.q === 0 && schema.columns.every((column) => !column.levels)) {
    return type === "Float64Array" ? made.numeric : Float32Array.from(made.numeric);
  }
  const X = arrayOf(type, made.m * width);
  schema.columns.forEach((column, c) => {
    const cell = cellReader(schema, column, made);
    for (let i = 0; i < made.m; i++) X[i * width + c] = cell(i);
  });
  return X;
}

function writeNested(schema: Schema, made: Made): unknown[][] {
  const readers = schema.columns.map((column) => cellReader(schema, column, made));
  return Array.from({ length: made.m }, (_, i) => readers.map((cell) => cell(i)));
}

function writeRows(schema: Schema, made: Made): Row[] {
  const readers = schema.columns.map((column) => [column.name, cellReader(schema, column, made)] as const);
  return Array.from({ length: made.m }, (_, i) => {
    const row: Record<string, unknown> = {};
    for (const [name, cell] of readers) row[name] = cell(i);
    return row;
  });
}

function writeColumn(schema: Schema, column: Column, made: Made): ArrayLike<unknown> {
  const cell = cellReader(schema, column, made);
  const cells = arrayOf(column.array, made.m);
  for (let i = 0; i < made.m; i++) cells[i] = cell(i);
  return cells;
}

/** What row i holds in a column. */
function cellReader(schema: Schema, column: Column, made: Made): (i: number) => unknown {
  const { place, levels } = column;
  if (column.role === "target") return (i) => schema.classes[made.labels[i]!];
  const rewrite = column.form === "string" ? String : column.form === "bigint" ? BigInt : (value: number) => value;
  if (column.role === "weight") return (i) => rewrite(made.weights![i]!);
  if (!column.kind) return (i) => made.carried[place]![i];
  const missing = valueOf(column.missing);
  if (column.kind === "nominal") {
    return (i) => {
      const code = made.nominal[i * schema.q + place]!;
      return code === 0 ? missing : levels![code - 1];
    };
  }
  return (i) => {
    const value = made.numeric[i * schema.d + place]!;
    if (value !== value) return missing;
    return levels ? levels[value] : rewrite(value);
  };
}

function valueOf(missing: MissingCell): unknown {
  return missing === "null" ? null : missing === "undefined" ? undefined : missing === "NaN" ? NaN : missing.slice("text:".length);
}

/** Names of the types of array that data comes in. */
export const ARRAY_NAME = /^(Array|(Int|Uint)(8|16|32)Array|Uint8ClampedArray|Float(32|64)Array|Big(Int|Uint)64Array)$/;

/** An array of the named type, plain or typed. */
export function arrayOf(type: string, length: number): unknown[] {
  return new (globalThis as unknown as Record<string, { new (length: number): unknown[] }>)[type]!(length);
}

/** The caller's layout of one piece of data, as `write` returns it. */
export function written(data: Data): Written {
  return "target" in data ? (data.rows ?? data.columns!) : data;
}
