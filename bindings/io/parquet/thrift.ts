/** A struct of the Thrift compact protocol: its whole numbers and structs by field number. Texts, lists and fractions are passed over. */
export type Struct = ReadonlyMap<number, number | Struct>;

/** Bytes and how far they are read. */
export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

const [STOP, TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, STRUCT] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12];
/** Deeper than any header of a page. */
const MOST_LEVELS = 8;

/** Reads one struct and leaves the cursor behind it. Throws where the bytes end, or nest or repeat beyond what a page header may. */
export function readStruct(cursor: Cursor, level = 0): Struct {
  if (level > MOST_LEVELS) throw new Error("a page header nests too deep");
  const fields = new Map<number, number | Struct>();
  let field = 0;
  for (;;) {
    const byte = next(cursor);
    const type = byte & 15;
    if (type === STOP) return fields;
    field = byte >> 4 ? field + (byte >> 4) : zigzag(varint(cursor, 5));
    const value = readValue(cursor, type, level);
    if (value !== undefined) fields.set(field, value);
  }
}

function readValue(cursor: Cursor, type: number, level: number): number | Struct | undefined {
  switch (type) {
    case TRUE:
      return 1;
    case FALSE:
      return 0;
    case BYTE:
      return next(cursor);
    case I16:
    case I32:
      return zigzag(varint(cursor, 5));
    case I64:
      return void varint(cursor, 10);
    case DOUBLE:
      return skip(cursor, 8);
    case BINARY:
      return skip(cursor, varint(cursor, 5));
    case LIST:
      return skipList(cursor, level);
    case STRUCT:
      return readStruct(cursor, level + 1);
    default:
      throw new Error(`a page header holds a field of type ${type}`);
  }
}

function skipList(cursor: Cursor, level: number): undefined {
  const byte = next(cursor);
  const type = byte & 15;
  const size = byte >> 4 === 15 ? varint(cursor, 5) : byte >> 4;
  for (let i = 0; i < size; i++) readValue(cursor, type === TRUE || type === FALSE ? BYTE : type, level + 1);
}

function skip(cursor: Cursor, count: number): undefined {
  if (count > cursor.bytes.length - cursor.at) throw new Error("a page header ends early");
  cursor.at += count;
}

function next(cursor: Cursor): number {
  const byte = cursor.bytes[cursor.at++];
  if (byte === undefined) throw new Error("a page ends early");
  return byte;
}

/** An unsigned number of up to so many bytes, seven bits each; modulo 2^32. */
export function varint(cursor: Cursor, most: number): number {
  let value = 0;
  for (let i = 0; i < most; i++) {
    const byte = next(cursor);
    if (i < 5) value |= (byte & 127) << (7 * i);
    if (byte < 128) return value >>> 0;
  }
  throw new Error("a number in a page is too long");
}

function zigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}
