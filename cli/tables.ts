import {
  inspect,
  table,
  type ColumnTable,
  type Label,
  type Row,
  type RowTable,
  type Sample,
  type Strategy,
  type TableOptions,
} from "../bindings/index";
import { Collector } from "../bindings/scan/collect";
import { TextScan } from "../bindings/scan/scan";
import { ownText } from "../bindings/scan/texts";
import { UsageError, type Words } from "./arguments";
import { openCsv, recordWriter, type Csv } from "./csv";
import { readJsonLines, tableOfRecords } from "./jsonl";
import { textsOf, type Source } from "./source";

export type Table = ColumnTable | RowTable;
/** Says how much of the file a stage has read. */
export type OnStage = (stage: string, done: number, total: number) => void;

/** A table that methods can be fitted on, and how to write it again. */
export interface ReadTable {
  readonly data: Table;
  readonly rows: number;
  readonly names: readonly string[];
  readonly classes: readonly { readonly label: Label; readonly rows: number }[];
  /** How a line ends. */
  readonly newline: string;
  /** What stands above the rows. */
  heading(origins: boolean): string;
  /** The originals, some at a time, each as often as `times` says, once if it is left out; with their origins if told. */
  originals(onStage: OnStage, origins: boolean, times?: ArrayLike<number>): AsyncIterable<string>;
  /** Rows [from, to) of those that a generator made. */
  made(sample: Sample<Table>, origins: boolean, from: number, to: number): string;
}

/** A file whose columns are known, in one of the formats. */
export interface OpenTable {
  readonly names: readonly string[];
  /**
   * What balancing needs: of a CSV only the rows of the classes that grow stay in memory, unless the method has to see `"all rows"`, or to be handed the `"whole table"`, as
   * methods that remove rows are.
   */
  read(options: TableOptions, wanted: Strategy | "all rows" | "whole table", onStage: OnStage): Promise<ReadTable>;
  /** All of it. */
  readAll(options: TableOptions, onStage: OnStage): Promise<Table>;
}

const FORMATS = ["csv", "tsv", "jsonl"] as const;
export type Format = (typeof FORMATS)[number];

/** By its name, unless the command line says otherwise. */
export function formatOf(name: string, given: string | undefined): Format {
  if (given !== undefined) {
    if (FORMATS.includes(given as Format)) return given as Format;
    throw new UsageError(`--format is "${given}", but needs one of ${FORMATS.join(", ")}.`);
  }
  const ending = /\.(\w+)$/.exec(name.replace(/\.gz$/i, ""))?.[1]?.toLowerCase();
  if (ending === "tsv" || ending === "tab") return "tsv";
  return ending === "jsonl" || ending === "ndjson" ? "jsonl" : "csv";
}

export async function openTable(source: Source, words: Words): Promise<OpenTable> {
  const format = formatOf(source.name, words.format);
  if (format === "jsonl") return openRecords(source);
  const delimiter = words.delimiter === "\\t" ? "\t" : words.delimiter;
  return openColumns(source, await openCsv(source, format === "tsv" ? "\t" : delimiter));
}

export const ORIGIN_COLUMNS = ["_origin", "_base", "_neighbor", "_gap"];

const ORIGIN_NUMERIC = [false, true, true, true];

/** Base and neighbor of a synthetic row, as rows counted from 1, and its gap; null where there is none. */
function originOf({ origins }: Sample<Table>, i: number): [string, number, number | null, number | null] {
  const neighbor = origins.neighbor[i]!;
  return ["synthetic", origins.base[i]! + 1, neighbor < 0 ? null : neighbor + 1, neighbor < 0 ? null : origins.gap[i]!];
}

function openColumns(source: Source, csv: Csv): OpenTable {
  const names = csv.header;
  const readAll: OpenTable["readAll"] = async (options, onStage) => {
    const columns = names.map((): string[] => []);
    for await (const { text, starts, ends, rows } of csv.pieces((read) => onStage("reading", read, source.size))) {
      for (let r = 0, at = 0; r < rows; r++) for (const cells of columns) cells.push(ownText(text.slice(starts[at], ends[at++])));
    }
    return table(Object.fromEntries(names.map((name, c) => [name, columns[c]!])), { ...options, parseNumbers: true });
  };
  return {
    names,
    readAll,
    async read(options, wanted, onStage) {
      if (wanted === "whole table") {
        const data = (await readAll(options, onStage)) as ColumnTable;
        const { rows, classes } = inspect(data);
        return { data, rows, names, classes, ...writerOf(source, csv, data) };
      }
      const scan = new TextScan(names, options);
      do {
        for await (const piece of csv.pieces((read) => onStage("reading", read, source.size))) scan.add(piece);
      } while (scan.again());
      const scanned = scan.finish();
      const collector = new Collector(scanned, wanted);
      for await (const piece of csv.pieces((read) => onStage("collecting", read, source.size), collector.wants)) collector.add(piece);
      const data = collector.finish();
      const classes = scanned.schema.classes.map((label, code) => ({ label, rows: scanned.counts[code]! }));
      return { data, rows: scanned.n, names, classes, ...writerOf(source, csv, data) };
    },
  };
}

function writerOf(source: Source, csv: Csv, { description }: ColumnTable): Pick<ReadTable, "newline" | "heading" | "originals" | "made"> {
  const numeric = description.map(({ kind, role }) => kind === "numeric" || kind === "integer" || role === "weight");
  const record = recordWriter(csv, [...numeric, ...ORIGIN_NUMERIC]);
  const originRecord = recordWriter(csv, ORIGIN_NUMERIC);
  const { delimiter, newline, headerText, header } = csv;
  return {
    newline,
    heading: (origins) => headerText + (origins ? delimiter + ORIGIN_COLUMNS.join(delimiter) : "") + newline,
    async *originals(onStage, origins, times) {
      let row = 0;
      for await (const { raw, rawStarts, rawEnds, rows } of csv.pieces((read) => onStage("writing", read, source.size))) {
        const numbers = Array.from({ length: rows }, () => ++row);
        const nothing = new Array<string>(rows).fill("");
        const cells = [new Array<string>(rows).fill("original"), numbers, nothing, nothing];
        const line = (r: number): string => raw.slice(rawStarts[r], rawEnds[r]) + (origins ? delimiter + originRecord(cells, r) : newline);
        yield numbers.map((number, r) => line(r).repeat(times ? times[number - 1]! : 1)).join("");
      }
    },
    made(sample, origins, from, to) {
      const columns: ArrayLike<unknown>[] = header.map((name) => (sample.data as ColumnTable).columns[name]!);
      if (origins) {
        const cells = Array.from({ length: to }, (_, i) => (i < from ? [] : originOf(sample, i)));
        columns.push(...ORIGIN_COLUMNS.map((_, c) => cells.map((origin) => origin[c] ?? "")));
      }
      let text = "";
      for (let i = from; i < to; i++) text += record(columns, i);
      return text;
    },
  };
}

async function openRecords(source: Source): Promise<OpenTable> {
  let rows: readonly Row[] = [];
  const readAll: OpenTable["readAll"] = async (options, onStage) => {
    rows = await readJsonLines(source, (read) => onStage("reading", read, source.size));
    return tableOfRecords(rows, options);
  };
  const first = await readJsonLines(source, () => undefined);
  const names = [...new Set(first.flatMap((row) => Object.keys(row)))];
  return {
    names,
    readAll,
    async read(options, _wanted, onStage) {
      const data = await readAll(options, onStage);
      return {
        data,
        rows: rows.length,
        names,
        classes: inspect(data).classes,
        newline: "\n",
        heading: () => "",
        async *originals(onRead, origins, times) {
          let row = 0;
          let rest = "";
          const written = (line: string): string => {
            if (line.trim() === "") return "";
            row++;
            const origin = origins ? `${/\{\s*\}\s*$/.test(line) ? "" : ","}"_origin":"original","_base":${row}` : "";
            return line.replace(/\}\s*$/, (end) => `${origin}${end.trimEnd()}\n`).repeat(times ? times[row - 1]! : 1);
          };
          for await (const text of textsOf(
            source.bytes((read) => onRead("writing", read, source.size)),
            source.name,
          )) {
            const lines = (rest + text).split("\n");
            rest = lines.pop()!;
            yield lines.map(written).join("");
          }
          yield written(rest);
        },
        made(sample, origins, from, to) {
          const made = (sample.data as RowTable).rows.slice(from, to);
          return made.map((row, i) => `${JSON.stringify(origins ? withOrigins(row, originOf(sample, from + i)) : row)}\n`).join("");
        },
      };
    },
  };
}

function withOrigins(row: Row, cells: readonly unknown[]): Row {
  return { ...row, ...Object.fromEntries(ORIGIN_COLUMNS.map((name, c) => [name, cells[c]])) };
}
