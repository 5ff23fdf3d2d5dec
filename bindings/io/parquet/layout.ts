import type { ColumnChunk, FileMetaData, SchemaElement } from "hyparquet";
import { show } from "../../check";
import { InputError } from "../../errors";
import { chosenNames } from "../columns";
import type { Chunk } from "./pages";

/** One column to be read. */
export interface Field {
  readonly name: string;
  readonly element: SchemaElement;
}

/** One column chunk to be read, and where its bytes are. */
export interface Place extends Chunk {
  readonly start: number;
  readonly end: number;
}

export interface Layout {
  readonly rows: number;
  readonly fields: readonly Field[];
  readonly places: readonly Place[];
}

/** As many cells as an array can hold. */
const MOST_ROWS = (1 << 27) - 1;

/**
 * What is to be read, from the footer of the file, which it checks against itself.
 * @param codecs names of compressions that can be unpacked
 */
export function layoutOf(metadata: FileMetaData, asked: unknown, byteLength: number, codecs: readonly string[]): Layout {
  const fields = fieldsOf(metadata, asked);
  const counts = metadata.row_groups.map(({ num_rows }) => Number(num_rows));
  const rows = counts.reduce((sum, count) => sum + count, 0);
  if (rows !== Number(metadata.num_rows) || counts.some((count) => !(count >= 0))) throw new Error("row groups and footer differ in rows");
  if (rows > MOST_ROWS)
    throw new InputError("DATA", `The file has ${rows} rows, but an array holds at most ${MOST_ROWS}; write it in parts.`);
  const places = metadata.row_groups.flatMap(({ columns }, group) => {
    if (counts[group] === 0) return [];
    return fields.map((field) => placeOf(field, columns, counts[group]!, byteLength, codecs));
  });
  return { rows, fields, places };
}

function fieldsOf({ schema }: FileMetaData, asked: unknown): Field[] {
  const [root, ...elements] = schema;
  const top: SchemaElement[] = [];
  for (let i = 0; i < elements.length; i += sizeOf(elements, i, 0)) top.push(elements[i]!);
  if (!root || top.length === 0 || root.num_children !== top.length) throw new Error("the schema names no columns");
  const names = chosenNames(
    "readParquet",
    asked,
    top.map(({ name }) => name),
  );
  return names.map((name) => {
    const element = top.find((one) => one.name === name)!;
    refuseUnread(element, top);
    return { name, element };
  });
}

/** How many elements the tree has that begins here. */
function sizeOf(elements: readonly SchemaElement[], at: number, level: number): number {
  const element = elements[at];
  if (!element || level > 100) throw new Error("the schema ends early");
  let size = 1;
  for (let i = 0; i < (element.num_children ?? 0); i++) size += sizeOf(elements, at + size, level + 1);
  return size;
}

function refuseUnread(element: SchemaElement, top: readonly SchemaElement[]): void {
  const { name, num_children, repetition_type, converted_type, logical_type } = element;
  const [converted, logical] = [converted_type ?? "", logical_type?.type ?? ""];
  const unread =
    num_children || repetition_type === "REPEATED"
      ? "holds lists or records"
      : ["BSON", "INTERVAL"].includes(converted) || ["GEOMETRY", "GEOGRAPHY"].includes(logical)
        ? `is of type ${converted || logical}`
        : undefined;
  if (!unread) return;
  const rest = top.filter((one) => one !== element).map((one) => show(one.name));
  throw new InputError(
    "COLUMN",
    `Column ${show(name)} ${unread}, which a table cannot use; name the columns to read, columns: [${rest.slice(0, 4).join(", ")}${rest.length > 4 ? ", …" : ""}].`,
  );
}

function placeOf(field: Field, columns: readonly ColumnChunk[], rows: number, byteLength: number, codecs: readonly string[]): Place {
  const { name, element } = field;
  const chunks = columns.filter(({ meta_data }) => meta_data?.path_in_schema[0] === name);
  const meta = chunks[0]?.meta_data;
  if (chunks.length !== 1 || !meta || meta.type !== element.type || meta.path_in_schema.length !== 1) {
    throw new Error(`column ${show(name)} is not where the footer says`);
  }
  if (!codecs.includes(meta.codec)) {
    throw new InputError(
      "DATA",
      `Column ${show(name)} is compressed with ${meta.codec}; write the file with Snappy, or npm install hyparquet-compressors and pass its compressors: readParquet(bytes, { compressors }).`,
    );
  }
  const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
  const end = start + Number(meta.total_compressed_size);
  if (!(start >= 4 && end > start && end <= byteLength) || Number(meta.num_values) !== rows) {
    throw new Error(`column ${show(name)} lies outside the file`);
  }
  return { start, end, rows, nullable: element.repetition_type !== "REQUIRED", type: meta.type, codec: meta.codec };
}
