import Papa from "papaparse";
import type { TextPart } from "../bindings/scan/texts";
import { FileError, textsOf, type Source } from "./source";

/** How a file is written. */
export interface Dialect {
  readonly delimiter: string;
  readonly newline: string;
}

/** Whole records of a file: as cells, and as they are written. */
export interface Piece extends TextPart {
  readonly raw: string;
  /** Row r is raw.slice(rawStarts[r], rawEnds[r]), without its line break. */
  readonly rawStarts: Int32Array;
  readonly rawEnds: Int32Array;
}

/** A CSV file: its header, and its rows as often as they are wanted. */
export interface Csv extends Dialect {
  readonly header: readonly string[];
  /** The header as written, without its line break. */
  readonly headerText: string;
  /** Rows from the first on, or those wanted by number. A piece is good until the next one is asked for. */
  pieces(onRead: (read: number) => void, wants?: (row: number) => boolean): AsyncIterable<Piece>;
}

const NOTHING = (): void => undefined;

/** Reads the header. Papa Parse tells delimiter and line breaks, unless `delimiter` is given. */
export async function openCsv(source: Source, delimiter = ""): Promise<Csv> {
  let head = "";
  for await (const text of textsOf(source.bytes(NOTHING), source.name)) {
    head += text;
    if (head.length > 1 << 16) break;
  }
  const mark = head.startsWith("\uFEFF") ? 1 : 0;
  let header: string[] | undefined;
  let end = 0;
  let dialect: Dialect = { delimiter: ",", newline: "\n" };
  Papa.parse<string[]>(head.slice(mark), {
    delimiter,
    skipEmptyLines: true,
    step({ data, errors, meta }, parser) {
      const quotes = errors.find(({ type }) => type === "Quotes");
      if (quotes) throw unclosed(source.name, 1, quotes.message);
      dialect = { delimiter: meta.delimiter, newline: meta.linebreak };
      header = data;
      end = mark + meta.cursor;
      parser.abort();
    },
  });
  if (!header) throw new FileError(`${source.name} is empty; a header line and at least one row are needed.`);
  checkHeader(header, source.name);
  const width = header.length;
  return {
    ...dialect,
    header,
    headerText: head.slice(0, end).replace(/^[\r\n]+|[\r\n]+$/g, ""),
    pieces: (onRead, wants) =>
      piecesOf(textsOf(source.bytes(onRead), source.name), { ...dialect, name: source.name, width, start: end, wants }),
  };
}

/** What is known while pieces are cut. */
interface Cutting extends Dialect {
  readonly name: string;
  readonly width: number;
  /** Where rows begin. */
  readonly start: number;
  readonly wants: ((row: number) => boolean) | undefined;
}

/** What was cut from a text: the rows wanted, how many rows there were, and where the last one ends. */
interface Cut {
  readonly piece: Piece;
  readonly seen: number;
  readonly used: number;
}

/** Texts without a quote are cut at delimiters and line breaks; those with one are Papa Parse's to read. Either way a piece ends with a whole record. */
async function* piecesOf(texts: AsyncIterable<string>, how: Cutting): AsyncIterable<Piece> {
  const split = splitter(how);
  let rest = "";
  let [skip, rows, patience] = [how.start, 0, 0];
  const cut = (text: string, last: boolean): Cut => (text.includes('"') ? parseQuoted(text, last, how, rows) : split(text, last, rows));
  for await (const text of texts) {
    const skipped = Math.min(skip, text.length);
    skip -= skipped;
    rest += text.slice(skipped);
    // a record that goes on and on is not read again for every text it grows by
    if (rest.length < patience) continue;
    const { piece, seen, used } = cut(rest, false);
    if (used === 0 && rest.length > LONGEST_RECORD) throw unclosed(how.name, rows + 2, "no end in sight");
    patience = used === 0 ? 2 * rest.length : 0;
    rest = rest.slice(used);
    rows += seen;
    if (piece.rows) yield piece;
  }
  const { piece, seen } = cut(rest, true);
  if (piece.rows) yield piece;
  if (rows + seen === 0) throw new FileError(`${how.name} has a header but no rows; at least one is needed.`);
}

const LONGEST_RECORD = 1 << 26;

/** Cuts text without quotes; the arrays are used again for the next piece. */
function splitter(how: Cutting): (text: string, last: boolean, before: number) => Cut {
  let arrays = arraysOf(0);
  return (text, last, before) => {
    const end = text.lastIndexOf(how.newline);
    const used = last ? text.length : end < 0 ? 0 : end + how.newline.length;
    const wanted = how.wants ? wantedLines(text, used, how, how.wants, before) : undefined;
    const [lines, length] = wanted ? [wanted.text, wanted.text.length] : [text, used];
    if (arrays.starts.length < length + how.width + 2) arrays = arraysOf(length + how.width + 2);
    const rows = splitPlain(lines, length, how, arrays, before);
    return { piece: { text: lines, raw: lines, ...arrays, rows }, seen: wanted?.seen ?? rows, used };
  };
}

/** The lines of text up to `used` that are wanted. Far cheaper than cutting all: most of a table is passed over here. */
function wantedLines(
  text: string,
  used: number,
  { newline }: Dialect,
  wants: (row: number) => boolean,
  before: number,
): { text: string; seen: number } {
  const kept: string[] = [];
  let row = before;
  for (let at = 0; at < used;) {
    const found = text.indexOf(newline, at);
    const end = found < 0 ? used : found;
    if (end > at && wants(row++)) kept.push(text.slice(at, end));
    at = end + newline.length;
  }
  return { text: kept.join(newline), seen: row - before };
}

/** Cells and lines of text up to `used`, where a line ends; returns the number of rows. One flat loop: it meets every character of the file. */
function splitPlain(text: string, used: number, how: Cutting, { starts, ends, rawStarts, rawEnds }: Arrays, before: number): number {
  const { newline, width } = how;
  const comma = how.delimiter.charCodeAt(0);
  const line = newline.charCodeAt(0);
  const long = newline.length;
  let rows = 0;
  let cell = 0;
  let start = 0;
  let row = 0;
  for (let at = 0; at <= used; at++) {
    const code = at < used ? text.charCodeAt(at) : line;
    if (code !== comma && code !== line) continue;
    if (code === line && long > 1 && at < used && !text.startsWith(newline, at)) continue;
    if (code === line && at === row) {
      at += long - 1;
      start = row = at + 1;
      continue;
    }
    starts[cell] = start;
    ends[cell] = at;
    cell++;
    start = at + 1;
    if (code === comma) continue;
    rawStarts[rows] = row;
    rawEnds[rows] = at;
    rows++;
    if (cell !== rows * width) throw ragged(how.name, before + rows, cell - (rows - 1) * width, width, how.delimiter);
    at += long - 1;
    start = row = at + 1;
  }
  return rows;
}

type Arrays = Pick<Piece, "starts" | "ends" | "rawStarts" | "rawEnds">;

function arraysOf(length: number): Arrays {
  return {
    starts: new Int32Array(length),
    ends: new Int32Array(length),
    rawStarts: new Int32Array(length),
    rawEnds: new Int32Array(length),
  };
}

/** Text with quotes. The last record may go on in the next text, unless this is the last one. */
function parseQuoted(text: string, last: boolean, { delimiter, newline, name, width, wants }: Cutting, before: number): Cut {
  const records: string[][] = [];
  const limits: (readonly [from: number, to: number])[] = [];
  let from = 0;
  let broken: { at: number; message: string } | undefined;
  Papa.parse<string[]>(text, {
    delimiter,
    newline: newline as "\n",
    step({ data, errors, meta }) {
      const quotes = errors.find(({ type }) => type === "Quotes");
      if (quotes) broken ??= { at: records.length, message: quotes.message };
      // a record of one empty cell is an empty line, quotes or not
      if (data.length > 1 || data[0] !== "") {
        records.push(data);
        limits.push([from, meta.cursor]);
      }
      from = meta.cursor;
    },
  });
  if (!last) records.pop();
  if (broken && broken.at < records.length) throw unclosed(name, before + broken.at + 2, broken.message);
  records.forEach((record, r) => {
    if (record.length !== width) throw ragged(name, before + r + 1, record.length, width, delimiter);
  });
  const seen = records.length;
  const used = seen ? limits[seen - 1]![1] : 0;
  return { piece: pieceOf(text, records, limits, (r) => wants?.(before + r) ?? true), seen, used };
}

/** The records wanted as a piece; limits: where each is in the raw text. */
function pieceOf(
  raw: string,
  records: readonly string[][],
  limits: readonly (readonly [from: number, to: number])[],
  wants: (r: number) => boolean,
): Piece {
  const wanted = records.flatMap((_, r) => (wants(r) ? [r] : []));
  const cells = wanted.flatMap((r) => records[r]!);
  const starts = new Int32Array(cells.length);
  const ends = new Int32Array(cells.length);
  let at = 0;
  cells.forEach((cell, place) => {
    starts[place] = at;
    ends[place] = at += cell.length;
  });
  const rawStarts = new Int32Array(wanted.length);
  const rawEnds = new Int32Array(wanted.length);
  wanted.forEach((r, place) => {
    let [from, to] = limits[r]!;
    while (from < to && isBreak(raw, from)) from++;
    while (to > from && isBreak(raw, to - 1)) to--;
    [rawStarts[place], rawEnds[place]] = [from, to];
  });
  return { text: cells.join(""), raw, starts, ends, rawStarts, rawEnds, rows: wanted.length };
}

function isBreak(text: string, at: number): boolean {
  return text[at] === "\n" || text[at] === "\r";
}

function ragged(name: string, row: number, cells: number, width: number, delimiter: string): FileError {
  const mark = delimiter === "\t" ? "tab" : `"${delimiter}"`;
  return new FileError(
    `${name}: row ${row} has ${cells} cells but the header names ${width} columns; mend the row, or quote cells that hold a ${mark}.`,
  );
}

function unclosed(name: string, record: number, message: string): FileError {
  return new FileError(`${name}: record ${record} has a quote that does not close (${message}); mend the quotes.`);
}

function checkHeader(header: readonly string[], name: string): void {
  header.forEach((column, c) => {
    if (column.trim() === "") throw new FileError(`${name}: column ${c + 1} has no name in the header; give it one.`);
    if (header.indexOf(column) < c)
      throw new FileError(`${name}: the header names "${column}" twice; give every column a name of its own.`);
  });
}

const MOST_KNOWN = 10_000;

/** Writes row i of some columns as a record, quoted by Papa Parse where it must be. `numeric`: whether a column's cells are numbers. */
export function recordWriter(
  { delimiter, newline }: Dialect,
  numeric: readonly boolean[],
): (columns: readonly ArrayLike<unknown>[], i: number) => string {
  const known = new Map<unknown, string>();
  // digits need no quotes, unless one of these is the delimiter
  const plain = !"+-.eE0123456789".includes(delimiter);
  const quote = (cell: unknown): string => {
    let text = known.get(cell);
    if (text === undefined) {
      text = Papa.unparse([[cell]], { delimiter, newline });
      if (known.size < MOST_KNOWN) known.set(cell, text);
    }
    return text;
  };
  return (columns, i) => {
    let line = "";
    for (let c = 0; c < columns.length; c++) {
      const cell = columns[c]![i] as string;
      if (c > 0) line += delimiter;
      line += plain && numeric[c] && isDigit(cell) ? cell : quote(cell);
    }
    return line + newline;
  };
}

/** Whether a cell of a column of numbers begins like one: texts for a missing cell need not be plain. */
function isDigit(cell: string | number): boolean {
  if (typeof cell === "number") return true;
  const code = cell.charCodeAt(0);
  return code === 45 || (code >= 48 && code <= 57);
}
