import type { SchemaElement } from "hyparquet";
import type { Columns } from "../../contracts";
import { columnsOf, type Writable } from "../columns";
import { notInstalled } from "../failure";
import { needsUnsigned, profileOf } from "../profile";

/** How one column is written. */
interface Written {
  readonly element: SchemaElement;
  readonly data: unknown[];
}

/**
 * Writes columns, or a table made by `table`, as one Parquet file, Snappy-compressed. Needs the package hyparquet-writer.
 *
 * Typed arrays keep their type; a plain array is written as 32-bit or 64-bit integers if all its numbers are whole, else as doubles, as booleans, texts or
 * timestamps in milliseconds. `null` and `undefined` are missing; NaN stays NaN. `readParquet` reads the same cells back, with these differences: `undefined`
 * comes as null, bigints that are all safe integers come as numbers, lone surrogates in texts as U+FFFD.
 *
 * @param data columns of equal length by name, or what `table` returned
 * @throws {InputError} when a column mixes types or holds objects.
 */
export async function writeParquet(data: Writable): Promise<Uint8Array> {
  const columns = columnsOf("writeParquet", data);
  const written = Object.entries(columns).map(([name, cells]) => ({ name, ...writtenAs(name, cells) }));
  const { parquetWriteBuffer } = await import("hyparquet-writer").catch(notInstalled("writeParquet", "hyparquet-writer"));
  const buffer = parquetWriteBuffer({
    schema: [{ name: "root", num_children: written.length }, ...written.map(({ element }) => element)],
    columnData: written.map(({ name, data: cells }) => ({ name, data: cells })),
  });
  return new Uint8Array(buffer);
}

const INTEGERS: Readonly<Record<string, SchemaElement["converted_type"]>> = {
  Int8Array: "INT_8",
  Uint8Array: "UINT_8",
  Uint8ClampedArray: "UINT_8",
  Int16Array: "INT_16",
  Uint16Array: "UINT_16",
  Int32Array: "INT_32",
};

function writtenAs(name: string, cells: Columns[string]): Written {
  const required = { name, repetition_type: "REQUIRED" } as const;
  const array = cells.constructor.name;
  const data = cells as unknown[];
  // the writer turns them into signed numbers of the same bits in a plain array only
  if (cells instanceof Uint32Array) return { element: { ...required, type: "INT32", converted_type: "UINT_32" }, data: Array.from(cells) };
  const integer = INTEGERS[array];
  if (integer) return { element: { ...required, type: "INT32", converted_type: integer }, data };
  if (array === "Float32Array") return { element: { ...required, type: "FLOAT" }, data };
  if (array === "Float64Array") return { element: { ...required, type: "DOUBLE" }, data };
  if (array === "BigInt64Array") return { element: { ...required, type: "INT64" }, data };
  if (array === "BigUint64Array") return { element: { ...required, type: "INT64", converted_type: "UINT_64" }, data };
  return writtenPlain(name, data);
}

function writtenPlain(name: string, cells: readonly unknown[]): Written {
  const { type, missing, whole } = profileOf("writeParquet", name, cells);
  const element = { name, repetition_type: missing || type === "nothing" ? "OPTIONAL" : "REQUIRED" } as const;
  const turned = (turn: (cell: never) => unknown): unknown[] =>
    Array.from(cells, (cell) => (cell === null || cell === undefined ? null : turn(cell as never)));
  const same = (cell: unknown): unknown => cell;
  switch (type) {
    case "numbers":
      if (whole === "safe") return { element: { ...element, type: "INT64" }, data: turned(BigInt) };
      return { element: { ...element, type: whole === "int32" ? "INT32" : "DOUBLE" }, data: turned(same) };
    case "bigints":
      return { element: { ...element, type: "INT64", ...unsigned(needsUnsigned("writeParquet", name, cells)) }, data: turned(same) };
    case "booleans":
      return { element: { ...element, type: "BOOLEAN" }, data: turned(same) };
    case "dates":
      return { element: { ...element, type: "INT64", converted_type: "TIMESTAMP_MILLIS" }, data: turned(same) };
    default:
      return { element: { ...element, type: "BYTE_ARRAY", converted_type: "UTF8" }, data: turned(same) };
  }
}

const unsigned = (needed: boolean): Pick<SchemaElement, "converted_type"> => (needed ? { converted_type: "UINT_64" } : {});
