/** Checks Arrow IPC metadata: that every offset and count in it stays within the bytes there are. */

/**
 * What a field of a flatbuffer table is: so many bytes of number, a text, a vector of items of so many bytes, a table, a vector of tables, or a table whose
 * shape the number in the field before it picks.
 */
type Part =
  | number
  | "text"
  | { readonly items: number }
  | { readonly table: Shape }
  | { readonly tables: Shape }
  | { readonly picked: readonly Shape[]; check?(metadata: Reader, table: number, id: number): void };
type Shape = () => readonly Part[];

const NOTHING: Shape = () => [];
const INT: Shape = () => [4, 1];
const UNIT: Shape = () => [2];
const PAIR: Shape = () => ["text", "text"];
/** Shapes of the types by their number: 2 is an integer, 10 a timestamp; most say nothing more. */
const TYPES: readonly Shape[] = Array.from({ length: 27 }, (_, id): Shape => {
  if (id === 2) return INT;
  if (id === 3 || id === 8 || id === 11 || id === 18) return UNIT;
  if (id === 7) return () => [4, 4, 4];
  if (id === 9) return () => [2, 4];
  if (id === 10) return () => [2, "text"];
  if (id === 14) return () => [2, { items: 4 }];
  if (id === 15 || id === 16) return () => [4];
  return id === 17 ? () => [1] : NOTHING;
});
const DICTIONARY: Shape = () => [8, { table: INT }, 1, 2];
const FIELD: Shape = () => ["text", 1, 1, { picked: TYPES, check: checkType }, { table: DICTIONARY }, { tables: FIELD }, { tables: PAIR }];
const SCHEMA: Shape = () => [2, { tables: FIELD }, { tables: PAIR }, { items: 8 }];
const BATCH: Shape = () => [8, { items: 16 }, { items: 16 }, { table: () => [1, 1] }, { items: 8 }];
const DICTIONARY_BATCH: Shape = () => [8, { table: BATCH }, 1];
const HEADERS: readonly Shape[] = [NOTHING, SCHEMA, DICTIONARY_BATCH, BATCH];
const MESSAGE: Shape = () => [2, 1, { picked: HEADERS }, 8, { tables: PAIR }];
const FOOTER: Shape = () => [2, { table: SCHEMA }, { items: 24 }, { items: 24 }, { tables: PAIR }];

const MAGIC = "ARROW1";
/** Beyond what a schema of a table needs. */
const MOST_LEVELS = 32;
/** So many rows may be said to be in any file, however small: columns of type null take no bytes. */
const ALWAYS = 100_000;
/** LZ4 makes at most 255 bytes of one; what Zstandard makes of equal cells is refused beyond that. */
const MOST_PACKED = 255;

/** The most rows that so many bytes are believed to hold: a bit a row is the least. */
export function mostRows(bytes: number, packed: boolean): number {
  return Math.max(ALWAYS, 8 * bytes * (packed ? MOST_PACKED : 1));
}

/**
 * Throws where Arrow IPC metadata contradicts the bytes there are. The libraries trust its counts: a single flipped bit in one makes them run until memory ends.
 * Returns whether batches are compressed.
 */
export function verifyIpc(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const messages = text(bytes, 0) === MAGIC ? blocksOf(view, bytes) : streamOf(view);
  let packed = false;
  for (const message of messages) packed = verifyMessage(message) || packed;
  return packed;
}

/** A message: its metadata, and how many bytes follow as its body. */
interface Message {
  readonly metadata: Reader;
  readonly root: number;
  readonly body: number;
}

/** The messages that the footer of a file names. */
function blocksOf(view: DataView, bytes: Uint8Array): Message[] {
  const end = bytes.length - MAGIC.length;
  if (end < 18 || text(bytes, end) !== MAGIC) throw new Error("its end is missing");
  const length = view.getInt32(end - 4, true);
  if (length <= 0 || length > end - 12) throw new Error("its footer is missing");
  const footer = new Reader(view, end - 4 - length, end - 4);
  const root = footer.root(FOOTER);
  const messages: Message[] = [];
  // dictionaries, then batches: fields of these numbers hold messages of these kinds
  for (const field of [2, 3]) {
    footer.items(root, field, 24, (at) => {
      const opened = openMessage(view, Number(view.getBigInt64(at, true)));
      if (!opened || opened.metadata.byte(opened.root, 1) !== field) throw new Error("its footer names what is no batch");
      messages.push(opened);
    });
  }
  return messages;
}

/** The messages of a stream, one behind another. */
function streamOf(view: DataView): Message[] {
  if (view.byteLength < 8) throw new Error(`${view.byteLength} bytes are too few`);
  const messages: Message[] = [];
  for (let at = 0; at < view.byteLength;) {
    const opened = openMessage(view, at);
    if (!opened) break;
    messages.push(opened);
    at = opened.next;
  }
  return messages;
}

/** The message at an offset and where the next one begins; undefined for the mark of the end. */
function openMessage(view: DataView, offset: number): (Message & { readonly next: number }) | undefined {
  if (!(offset >= 0 && offset + 4 <= view.byteLength)) throw new Error("a message is outside the file");
  let at = offset;
  // before format 0.15 there was no mark
  if (view.getInt32(at, true) === -1) at += 4;
  if (at + 4 > view.byteLength) throw new Error("a message ends early");
  const length = view.getInt32(at, true);
  at += 4;
  if (length === 0) return undefined;
  if (length < 0 || at + length > view.byteLength) throw new Error("a message ends early");
  const metadata = new Reader(view, at, at + length);
  const root = metadata.root(MESSAGE);
  const body = metadata.long(root, 3);
  const next = at + length + body;
  if (body < 0 || next > view.byteLength) throw new Error("a message ends early");
  return { metadata, root, body, next };
}

/** Rows and buffers of a batch fit its body. Returns whether it is compressed. */
function verifyMessage({ metadata, root, body }: Message): boolean {
  const kind = metadata.byte(root, 1);
  const header = metadata.child(root, 2);
  if (header === undefined || kind === 0 || kind >= HEADERS.length) throw new Error("a message is of an unknown kind");
  if (kind === 1) return false;
  const batch = kind === 2 ? metadata.child(header, 1) : header;
  if (batch === undefined) throw new Error("a dictionary is empty");
  const packed = metadata.child(batch, 3) !== undefined;
  const most = mostRows(body, packed);
  const check = (rows: number): void => {
    if (!(rows >= 0 && rows <= most)) throw new Error(`${rows} rows in ${body} bytes`);
  };
  check(metadata.long(batch, 0));
  const { view } = metadata;
  metadata.items(batch, 1, 16, (at) => check(Number(view.getBigInt64(at, true))));
  metadata.items(batch, 2, 16, (at) => {
    const [start, length] = [Number(view.getBigInt64(at, true)), Number(view.getBigInt64(at + 8, true))];
    if (!(start >= 0 && length >= 0 && start + length <= body)) throw new Error("a buffer lies outside its batch");
  });
  return packed;
}

/** A decimal has at most 76 digits: libraries count powers of ten up to its scale. */
function checkType(metadata: Reader, type: number, id: number): void {
  if (id !== 7) return;
  const [precision, scale] = [metadata.number(type, 0), metadata.number(type, 1)];
  if (!(precision >= 1 && precision <= 76 && scale >= -76 && scale <= 76)) throw new Error("a decimal has too many digits");
}

/** Reads a flatbuffer between two offsets; throws before it reads outside. */
class Reader {
  /** Tables that may still be visited: each has bytes of its own, unless offsets were made to share them. */
  private left: number;

  constructor(
    readonly view: DataView,
    private readonly start: number,
    private readonly end: number,
  ) {
    this.left = (end - start) >> 2;
  }

  /** Verifies the table that the first word points to, and all below it. */
  root(shape: Shape): number {
    const at = this.follow(this.start);
    this.verify(at, shape, 0);
    return at;
  }

  /** Where a field of a table is, if it is there. */
  field(table: number, index: number, size = 1): number | undefined {
    const vtable = table - this.int(table);
    const [width, length] = [this.short(vtable), this.short(vtable + 2)];
    if (width < 4 || width % 2 !== 0) throw new Error("its metadata is no flatbuffer");
    this.within(vtable, width);
    this.within(table, length);
    const entry = 4 + 2 * index;
    if (entry >= width) return undefined;
    const offset = this.short(vtable + entry);
    if (offset === 0) return undefined;
    if (offset < 4 || offset + size > length) throw new Error("its metadata points outside itself");
    return table + offset;
  }

  byte(table: number, index: number): number {
    const at = this.field(table, index);
    return at === undefined ? 0 : this.view.getUint8(at);
  }

  number(table: number, index: number): number {
    const at = this.field(table, index, 4);
    return at === undefined ? 0 : this.view.getInt32(at, true);
  }

  long(table: number, index: number): number {
    const at = this.field(table, index, 8);
    return at === undefined ? 0 : Number(this.view.getBigInt64(at, true));
  }

  /** Where the table is that a field points to. */
  child(table: number, index: number): number | undefined {
    const at = this.field(table, index, 4);
    return at === undefined ? undefined : this.follow(at);
  }

  /** Calls for each item of the vector that a field points to. */
  items(table: number, index: number, size: number, each: (at: number) => void): void {
    const vector = this.child(table, index);
    if (vector === undefined) return;
    const count = this.vector(vector, size);
    for (let i = 0; i < count; i++) each(vector + 4 + i * size);
  }

  private verify(table: number, shape: Shape, level: number): void {
    if (level > MOST_LEVELS || this.left-- <= 0) throw new Error("its metadata nests too deep");
    this.field(table, 0);
    shape().forEach((part, index) => {
      if (typeof part === "number") return void this.field(table, index, part);
      const at = this.child(table, index);
      if (at === undefined) return;
      if (part === "text") this.vector(at, 1);
      else if ("items" in part) this.vector(at, part.items);
      else if ("table" in part) this.verify(at, part.table, level + 1);
      else if ("tables" in part) this.items(table, index, 4, (item) => this.verify(this.follow(item), part.tables, level + 1));
      else {
        const id = this.byte(table, index - 1);
        this.verify(at, part.picked[id] ?? NOTHING, level + 1);
        part.check?.(this, at, id);
      }
    });
  }

  /** Items of a vector, all of which are there. */
  private vector(at: number, size: number): number {
    this.within(at, 4);
    const count = this.view.getUint32(at, true);
    this.within(at + 4, count * size);
    return count;
  }

  /** Offsets count from where they stand, and forward. */
  private follow(at: number): number {
    this.within(at, 4);
    const target = at + this.view.getUint32(at, true);
    this.within(target, 4);
    return target;
  }

  private int(at: number): number {
    this.within(at, 4);
    return this.view.getInt32(at, true);
  }

  private short(at: number): number {
    this.within(at, 2);
    return this.view.getUint16(at, true);
  }

  private within(at: number, size: number): void {
    if (!(at >= this.start && at + size <= this.end)) throw new Error("its metadata points outside itself");
  }
}

function text(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + MAGIC.length));
}
