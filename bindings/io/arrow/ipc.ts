import { checkOneOf, checkOptions, show } from "../../check";
import type { Columns } from "../../contracts";
import { InputError } from "../../errors";
import { columnsOf, type Writable } from "../columns";
import { bytesOf, decoding, notInstalled, reasonOf } from "../failure";
import { needsUnsigned, profileOf } from "../profile";
import { columnsOfArrow, isArrowTable, type ArrowTable } from "./from";
import { mostRows, verifyIpc } from "./verify";

export interface ReadArrowOptions {
  /** Names of the columns to take, in the order wanted. Default: all. */
  readonly columns?: readonly string[] | undefined;
  /** What decodes the bytes. Default: that of @uwdata/flechette, or of apache-arrow. */
  readonly tableFromIPC?: ((bytes: Uint8Array, options: { useBigInt: true }) => ArrowTable) | undefined;
}

export interface ToArrowOptions<T> {
  /** What makes the table. Default: that of @uwdata/flechette, or of apache-arrow. */
  readonly tableFromArrays?: ((columns: Record<string, ArrowArray>) => T) | undefined;
}

export interface WriteArrowOptions {
  /** `"file"`, which pandas and Polars call Feather or IPC file, or `"stream"`. Default `"file"`. */
  readonly format?: "file" | "stream" | undefined;
  /** What makes the table. Default: that of @uwdata/flechette, or of apache-arrow. */
  readonly tableFromArrays?: ((columns: Record<string, ArrowArray>) => unknown) | undefined;
  /** What encodes that table, called with it and the format; of the same library. */
  readonly tableToIPC?: ((table: never, format: never) => Uint8Array | null) | undefined;
}

/** A column as both libraries take it. */
export type ArrowArray =
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>
  | unknown[];

/** The functions used of either library. */
interface Library {
  tableFromIPC(bytes: Uint8Array, options: { useBigInt: true }): ArrowTable;
  tableFromArrays(columns: Record<string, ArrowArray>): ArrowTable;
  tableToIPC(table: ArrowTable, format: "file" | "stream"): Uint8Array | null;
}

/**
 * Reads Arrow IPC bytes, file or stream, into columns as `fromArrow` does. Needs one of the packages @uwdata/flechette and apache-arrow, or `tableFromIPC` of
 * one. Numbers may be views of the bytes. The bytes' own counts are checked before anything is decoded, so that a damaged file is an error and not an endless
 * loop; wrong values in a body of right size cannot be told, nor can a stream that ends between two batches.
 * @throws {InputError} when it is no intact Arrow file or stream, or a column holds lists or records.
 */
export async function readArrow(bytes: ArrayBuffer | ArrayBufferView, options: ReadArrowOptions = {}): Promise<Columns> {
  checkOptions("readArrow", options, ["columns", "tableFromIPC"]);
  const decode = checkFunction("tableFromIPC", options.tableFromIPC);
  const given = bytesOf("readArrow", bytes);
  // typed arrays begin at multiples of their width
  const aligned = given.byteOffset % 8 === 0 ? given : Uint8Array.from(given);
  const tableFromIPC = decode ?? (await loadLibrary("readArrow")).tableFromIPC;
  return decoding("readArrow", "Arrow file or stream", () => {
    const packed = verifyIpc(aligned);
    const table = packed ? unpacking(() => tableFromIPC(aligned, { useBigInt: true })) : tableFromIPC(aligned, { useBigInt: true });
    if (!isArrowTable(table)) throw new InputError("OPTION", `tableFromIPC returned ${show(table)}, but needs to return an Arrow table.`);
    if (table.numRows > mostRows(given.length, packed)) throw new Error(`${table.numRows} rows in ${given.length} bytes`);
    return columnsOfArrow("readArrow", table, options.columns);
  });
}

/** The libraries unpack nothing unless they were told how. */
function unpacking<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new InputError(
      "DATA",
      `readArrow was given compressed Arrow bytes that are not unpacked (${reasonOf(error)}); write them uncompressed, or register a codec with the library and pass its tableFromIPC.`,
    );
  }
}

/**
 * Makes an Arrow table of columns, or of a table made by `table`. Needs one of the packages @uwdata/flechette and apache-arrow, or `tableFromArrays` of one.
 * Typed arrays keep their type; plain arrays of numbers become 32-bit integers if all are such, else doubles; texts become dictionaries. `null` and `undefined`
 * are missing, NaN stays NaN.
 * @throws {InputError} when a column mixes types or holds objects.
 */
export async function toArrow<T = ArrowTable>(data: Writable, options: ToArrowOptions<T> = {}): Promise<T> {
  checkOptions("toArrow", options, ["tableFromArrays"]);
  const build = checkFunction("tableFromArrays", options.tableFromArrays);
  const arrays = arraysOf("toArrow", data);
  return build ? built("toArrow", build, arrays) : (built("toArrow", (await loadLibrary("toArrow")).tableFromArrays, arrays) as T);
}

/**
 * Writes columns, or a table made by `table`, as Arrow IPC bytes, by the rules of `toArrow`. Give both functions of a library of yours, or none.
 * @throws {InputError} when a column mixes types or holds objects.
 */
export async function writeArrow(data: Writable, options: WriteArrowOptions = {}): Promise<Uint8Array> {
  checkOptions("writeArrow", options, ["format", "tableFromArrays", "tableToIPC"]);
  const format = checkOneOf("format", options.format ?? "file", ["file", "stream"]);
  const build = checkFunction("tableFromArrays", options.tableFromArrays);
  const encode = checkFunction("tableToIPC", options.tableToIPC);
  if (!build !== !encode) {
    throw new InputError("OPTION", "writeArrow was given one of tableFromArrays and tableToIPC, but needs both of one library, or none.");
  }
  const arrays = arraysOf("writeArrow", data);
  let bytes: unknown;
  if (build && encode) bytes = encode(built("writeArrow", build, arrays) as never, format as never);
  else {
    const library = await loadLibrary("writeArrow");
    bytes = library.tableToIPC(built("writeArrow", library.tableFromArrays, arrays), format);
  }
  return bytesOf("writeArrow, by tableToIPC,", bytes);
}

/** The smaller library if both are there. */
async function loadLibrary(where: string): Promise<Library> {
  const missing = notInstalled(where, "@uwdata/flechette", "apache-arrow");
  const loaded: unknown = await import("@uwdata/flechette").catch(() => import("apache-arrow").catch(missing));
  // a CommonJS build arrives whole, under "default", where its names cannot be read off
  const { default: whole } = loaded as { default?: unknown };
  return ("tableFromIPC" in (loaded as object) ? loaded : whole) as Library;
}

type Build<T> = (columns: Record<string, ArrowArray>, options: { types: object }) => T;

/** The table of a library, with every column: names such as "__proto__" are lost in some. */
function built<T>(where: string, build: Build<T>, arrays: Record<string, ArrowArray>): T {
  // flechette looks names up here, where "constructor" is to be no type
  const made = build(arrays, { types: Object.create(null) as object });
  const names = isArrowTable(made) ? made.schema.fields.map(({ name }) => name) : undefined;
  const lost = names && Object.keys(arrays).find((name) => name === "" || !names.includes(name));
  if (lost === undefined) return made;
  throw new InputError("DATA", `${where} loses a column of the name ${show(lost)} in an Arrow table; rename it.`);
}

function arraysOf(where: string, data: Writable): Record<string, ArrowArray> {
  const columns = Object.entries(columnsOf(where, data));
  // neither library types a column without cells
  if (columns[0]![1].length === 0) throw new InputError("DATA", `${where} was given columns without rows; at least one is needed.`);
  return Object.fromEntries(columns.map(([name, cells]) => [name, arrayOf(where, name, cells)]));
}

function arrayOf(where: string, name: string, cells: ArrayLike<unknown>): ArrowArray {
  if (cells instanceof Uint8ClampedArray) return Uint8Array.from(cells);
  if (!Array.isArray(cells)) return cells as ArrowArray;
  const { type, missing, whole } = profileOf(where, name, cells);
  const unsigned = type === "bigints" && needsUnsigned(where, name, cells);
  if (unsigned && missing) {
    throw new InputError(
      "COLUMN",
      `Column ${show(name)} holds bigints beyond 2^63 and missing cells, which ${where} cannot type; turn it into texts.`,
    );
  }
  if (missing) return cells.map((cell) => cell ?? null);
  if (type === "numbers") return whole === "int32" ? Int32Array.from(cells as number[]) : Float64Array.from(cells as number[]);
  if (type === "bigints") return unsigned ? BigUint64Array.from(cells as bigint[]) : BigInt64Array.from(cells as bigint[]);
  return cells;
}

function checkFunction<F>(option: string, given: F | undefined): F | undefined {
  if (given === undefined || typeof given === "function") return given;
  throw new InputError("OPTION", `${option} is ${show(given)}, but needs the function of that name of an Arrow library.`);
}
