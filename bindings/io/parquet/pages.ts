import { readStruct, varint, type Cursor, type Struct } from "./thrift";

/** What the footer says of one column chunk. */
export interface Chunk {
  readonly rows: number;
  readonly nullable: boolean;
  readonly type: string;
  readonly codec: string;
}

/** A page as bytes: compressed bytes → that many bytes. */
export type Unpack = (packed: Uint8Array, length: number) => Uint8Array;

/** Snappy copies at most 64 bytes for 3. */
const MOST_SNAPPY = 22;
/** A run may go on behind the last value: writers pad to whole groups. */
const SLACK = 512;
const [DATA_PAGE, DICTIONARY_PAGE, DATA_PAGE_V2] = [0, 2, 3];
const [PLAIN_DICTIONARY, RLE, DELTA, DELTA_LENGTH, DELTA_BYTES, RLE_DICTIONARY] = [2, 3, 5, 6, 7, 8];

/**
 * Walks over the pages of a column chunk and throws where a count in them contradicts the footer or the bytes there are. hyparquet trusts those counts: a
 * single flipped bit in one makes it run for hours, or until memory ends. What passes decodes in time and space of the order of the rows, if not to the right
 * values: pages have no checksum.
 */
export function checkPages(bytes: Uint8Array, chunk: Chunk, unpack: Unpack): void {
  const cursor: Cursor = { bytes, at: 0 };
  let rows = 0;
  let dictionary = false;
  while (rows < chunk.rows) {
    const header = readStruct(cursor);
    const [length, packed] = [count(header, 2), count(header, 3)];
    const page = bytes.subarray(cursor.at, cursor.at + packed);
    if (page.length < packed) throw new Error("a page ends early");
    cursor.at += packed;
    const kind = header.get(1);
    if (kind === DICTIONARY_PAGE) {
      if (count(part(header, 7), 1) > 8 * length) throw new Error("a dictionary is longer than its bytes");
      dictionary = true;
    } else if (kind === DATA_PAGE || kind === DATA_PAGE_V2) {
      const second = kind === DATA_PAGE_V2;
      const about = part(header, second ? 8 : 5);
      const n = count(about, 1);
      if (n > chunk.rows - rows) throw new Error("a page has more rows than its row group");
      const encoding = count(about, second ? 4 : 2);
      if (isDictionary(encoding) && !dictionary) throw new Error("a page refers to a dictionary that is not there");
      if (second) checkSecond(page, about, length, n, encoding, chunk, unpack);
      else checkFirst(open(page, length, chunk, unpack), about, n, encoding, chunk);
      rows += n;
    } else throw new Error("a page is of an unknown kind");
  }
}

/** A page of the first kind: levels with their length before them, then values, all compressed as one. */
function checkFirst(page: Uint8Array, about: Struct, n: number, encoding: number, chunk: Chunk): void {
  let at = 0;
  let present = n;
  if (chunk.nullable) {
    if (count(about, 3) !== RLE) throw new Error("levels are not run-length encoded");
    const length = uint32(page, 0);
    if (length > page.length - 4) throw new Error("levels are longer than their page");
    present = walkRuns({ bytes: page.subarray(0, 4 + length), at: 4 }, 1, n);
    at = 4 + length;
  }
  checkValues(page.subarray(at), present, encoding, chunk.type);
}

/** A page of the second kind: levels, whose length the header says, are never compressed. */
function checkSecond(page: Uint8Array, about: Struct, length: number, n: number, encoding: number, chunk: Chunk, unpack: Unpack): void {
  const [nulls, rows, levels, repeats] = [count(about, 2), count(about, 3), count(about, 5), about.get(6) ?? 0];
  if (nulls > n || rows !== n || repeats !== 0 || levels > Math.min(page.length, length)) throw new Error("a page contradicts itself");
  if (!chunk.nullable && (nulls > 0 || levels > 0)) throw new Error("a page has missing cells in a column without");
  if (chunk.nullable && walkRuns({ bytes: page.subarray(0, levels), at: 0 }, 1, n) !== n - nulls)
    throw new Error("levels contradict their page");
  const rest = page.subarray(levels);
  const values = about.get(7) === 0 ? rest : open(rest, length - levels, chunk, unpack);
  checkValues(values, n - nulls, encoding, chunk.type);
}

function checkValues(values: Uint8Array, present: number, encoding: number, type: string): void {
  if (present === 0) return;
  if (isDictionary(encoding)) {
    const width = values[0];
    if (width === undefined || width > 32) throw new Error("indices of a dictionary are of no width");
    if (width > 0) walkRuns({ bytes: values, at: 1 }, width, present);
  } else if (encoding === RLE) {
    if (type !== "BOOLEAN") throw new Error("values are run-length encoded that cannot be");
    walkRuns({ bytes: values, at: 4 }, 1, present);
  } else if (encoding === DELTA || encoding === DELTA_LENGTH || encoding === DELTA_BYTES) {
    const cursor = { bytes: values, at: 0 };
    walkDeltas(cursor, present);
    if (encoding === DELTA_BYTES) walkDeltas(cursor, present);
  }
}

/** Walks over the blocks that encode n differences. */
function walkDeltas(cursor: Cursor, n: number): void {
  const [block, parts] = [varint(cursor, 5), varint(cursor, 5)];
  const each = block / parts;
  if (block === 0 || block > 1 << 20 || each % 8 !== 0) throw new Error("deltas are in blocks of no size");
  varint(cursor, 5);
  varint(cursor, 10);
  for (let seen = 1; seen < n;) {
    varint(cursor, 10);
    const widths = cursor.bytes.subarray(cursor.at, cursor.at + parts);
    cursor.at += parts;
    for (let i = 0; i < parts && seen < n; i++, seen += each) cursor.at += (each * (widths[i] ?? 0)) / 8;
    if (cursor.at > cursor.bytes.length) throw new Error("deltas end early");
  }
}

/**
 * Walks over the hybrid of runs and packed bits that encodes n values of so many bits. Returns how many of them are 1, which counts the cells that are
 * present where the values are levels.
 */
function walkRuns(cursor: Cursor, width: number, n: number): number {
  let ones = 0;
  for (let seen = 0; seen < n;) {
    const header = varint(cursor, 5);
    const values = header & 1 ? (header >>> 1) * 8 : header >>> 1;
    if (values > n - seen + SLACK) throw new Error("a run is longer than its page");
    const kept = Math.min(values, n - seen);
    if (header & 1) {
      const start = cursor.at;
      cursor.at += (header >>> 1) * width;
      if (width === 1) for (let i = 0; i < kept; i++) ones += (cursor.bytes[start + (i >> 3)]! >> (i & 7)) & 1;
    } else {
      if (width === 1) ones += kept * (cursor.bytes[cursor.at]! & 1);
      cursor.at += (width + 7) >> 3;
    }
    seen += values;
  }
  return ones;
}

/** The page unpacked, which gives as many bytes as its header says. */
function open(packed: Uint8Array, length: number, { codec }: Chunk, unpack: Unpack): Uint8Array {
  if (codec === "UNCOMPRESSED") {
    if (packed.length !== length) throw new Error("a page is not as long as its header says");
    return packed;
  }
  if (codec === "SNAPPY" && length > MOST_SNAPPY * packed.length) throw new Error("a page is longer than its bytes can hold");
  return unpack(packed, length);
}

const isDictionary = (encoding: number): boolean => encoding === PLAIN_DICTIONARY || encoding === RLE_DICTIONARY;

/** A number of at least 0 in a header. */
function count(fields: Struct, field: number): number {
  const value = fields.get(field);
  if (typeof value !== "number" || value < 0) throw new Error("a page header lacks a count");
  return value;
}

function part(fields: Struct, field: number): Struct {
  const value = fields.get(field);
  if (value === undefined || typeof value === "number") throw new Error("a page header lacks a part");
  return value;
}

function uint32(bytes: Uint8Array, at: number): number {
  if (bytes.length < at + 4) throw new Error("a page ends early");
  return new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
}
