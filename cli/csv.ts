import Papa from "papaparse";

/** A CSV file as texts. */
export interface Csv {
  readonly header: readonly string[];
  /** Cells of each column. */
  readonly columns: Readonly<Record<string, string[]>>;
  readonly rows: number;
  readonly delimiter: string;
  readonly newline: string;
  /** The file as it was, ending with a line break. */
  readonly text: string;
  /** The header, and each row, as written in the file, without its line break. */
  readonly headerText: string;
  readonly rowText: (i: number) => string;
}

/** A file that is no table; the message names the line. */
export class CsvError extends Error {}

/** Reads a whole CSV. Empty lines are passed over; everything else must have as many cells as the header. */
export function readCsv(bytes: Uint8Array, name: string): Csv {
  const text = decode(bytes, name);
  const mark = text.startsWith("\uFEFF") ? 1 : 0;
  const records: string[][] = [];
  const ends: number[] = [];
  let delimiter = ",";
  let newline = "\n";
  Papa.parse<string[]>(text.slice(mark), {
    skipEmptyLines: true,
    step({ data, errors, meta }) {
      const quotes = errors.find(({ type }) => type === "Quotes");
      if (quotes)
        throw new CsvError(`${name}: record ${records.length + 1} has a quote that does not close (${quotes.message}); mend the quotes.`);
      records.push(data);
      ends.push(mark + meta.cursor);
      ({ delimiter, linebreak: newline } = meta);
    },
  });
  const [header] = records;
  if (!header) throw new CsvError(`${name} is empty; a header line and at least one row are needed.`);
  checkHeader(header, name);
  if (records.length === 1) throw new CsvError(`${name} has a header but no rows; at least one is needed.`);
  records.forEach((record, i) => {
    if (record.length === header.length) return;
    throw new CsvError(
      `${name}: row ${i} has ${record.length} cells but the header names ${header.length} columns; mend the row, or quote cells that hold a ${delimiter === "\t" ? "tab" : `"${delimiter}"`}.`,
    );
  });
  const textOf = (i: number): string => text.slice(i ? ends[i - 1] : mark, ends[i]).replace(/^[\r\n]+|[\r\n]+$/g, "");
  return {
    header,
    columns: Object.fromEntries(header.map((column, c) => [column, records.slice(1).map((record) => record[c]!)])),
    rows: records.length - 1,
    delimiter,
    newline,
    text: /[\r\n]$/.test(text) ? text : text + newline,
    headerText: textOf(0),
    rowText: (i) => textOf(i + 1),
  };
}

/** Records as CSV lines, each with its line break, in the dialect of `csv`. */
export function writeRecords(csv: Csv, records: readonly (readonly unknown[])[]): string {
  if (records.length === 0) return "";
  return Papa.unparse(records as unknown[][], { delimiter: csv.delimiter, newline: csv.newline }) + csv.newline;
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CsvError(`${name} is not UTF-8 text; convert it first, for instance with iconv -f latin1 -t utf8.`);
  }
}

function checkHeader(header: readonly string[], name: string): void {
  header.forEach((column, c) => {
    if (column.trim() === "") throw new CsvError(`${name}: column ${c + 1} has no name in the header; give it one.`);
    if (header.indexOf(column) < c) throw new CsvError(`${name}: the header names "${column}" twice; give every column a name of its own.`);
  });
}
