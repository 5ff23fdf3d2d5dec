import { table, type Row, type RowTable, type TableOptions } from "../bindings/index";
import { FileError, textsOf, type Source } from "./source";

/** The records of a file with one JSON object a line; empty lines are passed over. */
export async function readJsonLines(source: Source, onRead: (read: number) => void): Promise<Row[]> {
  const rows: Row[] = [];
  let [rest, number] = ["", 0];
  const add = (line: string): void => {
    number++;
    const text = number === 1 ? line.replace(/^\uFEFF/, "") : line;
    if (text.trim() !== "") rows.push(parseLine(text, number, source.name));
  };
  for await (const text of textsOf(source.bytes(onRead), source.name)) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    lines.forEach(add);
  }
  if (rest) add(rest);
  if (rows.length === 0) throw new FileError(`${source.name} has no records; at least one line with a JSON object is needed.`);
  return rows;
}

function parseLine(text: string, number: number, name: string): Row {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new FileError(`${name}: line ${number} is no JSON (${(error as Error).message}); each line needs one object.`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Row;
  throw new FileError(
    `${name}: line ${number} is ${JSON.stringify(value).slice(0, 60)}, but each line needs one object: {"a": 1, "y": "u"}.`,
  );
}

/** A table of JSON records: numbers are numbers, texts texts. */
export function tableOfRecords(rows: readonly Row[], options: TableOptions): RowTable {
  return table(rows, { ...options, parseNumbers: false });
}
