import type { Compressors, FileMetaData } from "hyparquet";
import { checkOptions, isRecord, show } from "../../check";
import type { Columns } from "../../contracts";
import { InputError } from "../../errors";
import { decoding, notInstalled } from "../failure";
import { collect, type Piece } from "./collect";
import { layoutOf } from "./layout";
import { checkPages, type Unpack } from "./pages";
import { fileOf, openFile, type FileSource, type Opened } from "./source";

export type { FileSource } from "./source";

export interface ReadParquetOptions {
  /** Names of the columns to read, in the order wanted; no bytes of others are fetched. Default: all. */
  readonly columns?: readonly string[] | undefined;
  /** How codecs other than Snappy are unpacked, by name: what the package hyparquet-compressors exports. */
  readonly compressors?: Readonly<Record<string, (packed: Uint8Array, length: number) => Uint8Array>> | undefined;
}

type Library = typeof import("hyparquet");

/**
 * Reads a Parquet file into columns of n cells each, ready for `table(columns, { target })`. Needs the package hyparquet.
 *
 * Numbers without missing cells come as typed arrays of their own width, 64-bit integers and decimals as `Float64Array`; 64-bit integers of which one is no
 * safe integer as bigints. Dates and timestamps are `Date`s (cut to milliseconds), texts, categories and JSON are texts, booleans booleans. A missing cell is
 * `null`, in a plain array. Bytes are decoded only after their counts were checked, so that a damaged file is an error and not an endless loop; wrong values
 * in a page of right size cannot be told.
 *
 * @param source the whole file, or `{ byteLength, slice(start, end) }` to fetch parts of it
 * @throws {InputError} when it is no intact Parquet file, holds lists or records, or is compressed in a way that `compressors` lacks.
 */
export async function readParquet(source: ArrayBuffer | ArrayBufferView | FileSource, options: ReadParquetOptions = {}): Promise<Columns> {
  checkOptions("readParquet", options, ["columns", "compressors"]);
  const compressors = checkCompressors(options.compressors);
  const file = openFile("readParquet", source);
  const library = await import("hyparquet").catch(notInstalled("readParquet", "hyparquet"));
  return decoding("readParquet", "Parquet file", async () => {
    const metadata = await readFooter(library, file);
    const layout = layoutOf(metadata, options.columns, file.byteLength, ["UNCOMPRESSED", "SNAPPY", ...Object.keys(compressors)]);
    const parts = await Promise.all(layout.places.map(({ start, end }) => file.part(start, end)));
    layout.places.forEach((place, i) => checkPages(parts[i]!.bytes, place, unpacker(library, compressors, place.codec)));
    const pieces = new Map<string, Piece[]>(layout.fields.map(({ name }) => [name, []]));
    await library.parquetRead({
      file: fileOf(parts, file.byteLength),
      metadata,
      columns: layout.fields.map(({ name }) => name),
      compressors: compressors as Compressors,
      geoparquet: false,
      parsers: { stringFromBytes: text, jsonFromBytes: text },
      onChunk: ({ columnName, columnData, rowStart }) => pieces.get(columnName)!.push({ cells: columnData, start: rowStart }),
    });
    return Object.fromEntries(layout.fields.map((field) => [field.name, collect(field.element, pieces.get(field.name)!, layout.rows)]));
  });
}

/** hyparquet fetches the end of the file, and more of it if the footer is long. */
async function readFooter(library: Library, file: Opened): Promise<FileMetaData> {
  const { byteLength } = file;
  if (byteLength < 12) throw new Error(`${byteLength} bytes are too few`);
  const slice = async (start: number, end = byteLength): Promise<ArrayBuffer> => {
    const { bytes } = await file.part(start, end);
    return Uint8Array.from(bytes).buffer;
  };
  return library.parquetMetadataAsync({ byteLength, slice }, { geoparquet: false });
}

function unpacker({ snappyUncompress }: Library, compressors: Record<string, Unpack>, codec: string): Unpack {
  const own = compressors[codec];
  if (own) return own;
  return (packed, length) => {
    const page = new Uint8Array(length);
    snappyUncompress(packed, page);
    return page;
  };
}

/** Texts keep a byte order mark, which is part of the cell. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function text(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new InputError(
      "DATA",
      'A column of bytes holds some that are no UTF-8 text; name the columns to read without it in columns: ["a", …].',
    );
  }
}

function checkCompressors(given: unknown): Record<string, Unpack> {
  if (given === undefined) return {};
  if (!isRecord(given) && Object.prototype.toString.call(given) !== "[object Module]") throw notCompressors(given);
  for (const one of Object.values(given as object)) if (typeof one !== "function") throw notCompressors(given);
  return given as Record<string, Unpack>;
}

function notCompressors(given: unknown): InputError {
  return new InputError(
    "OPTION",
    `compressors is ${show(given)}, but needs functions by codec; npm install hyparquet-compressors has them.`,
  );
}
