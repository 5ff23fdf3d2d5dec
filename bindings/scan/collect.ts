import type { ColumnTable, Strategy } from "../contracts";
import { codeOffsets, countCodes, type Dataset } from "../data/dataset";
import { encodeColumns } from "../data/encode";
import { tableOf } from "../data/table";
import { rowsToAdd } from "../resample/strategy";
import type { Scanned } from "./scan";
import { ownText, textCache, type TextPart } from "./texts";

/** Rows encoded at a time. */
const AT_ONCE = 4096;

/** Collects, in a second reading of a table of texts, the rows of the classes that a strategy lets grow, or all. */
export class Collector {
  readonly #scanned: Scanned;
  readonly #labels: ReadonlySet<string>;
  readonly #parts: Dataset[] = [];
  readonly #numbers: number[] = [];
  readonly #target: number;
  /** Cells of rows not yet encoded, by column. */
  #waiting: string[][];
  readonly #codeCounts: Float64Array;
  readonly #label = textCache();
  #row = 0;
  /** The Value Difference Metric wants to know the codes of all rows. */
  readonly #countsCodes: boolean;
  /** Whether a row, by its number, is to be added. */
  readonly wants: (row: number) => boolean;

  /** @throws {InputError} when the strategy does not fit the classes. */
  constructor(scanned: Scanned, wanted: Strategy | "all rows") {
    this.#scanned = scanned;
    const { schema, counts } = scanned;
    const growing = (strategy: Strategy): number[] =>
      [...rowsToAdd(strategy, schema.classes, counts)].filter(([, rows]) => rows > 0).map(([code]) => code);
    const codes = wanted === "all rows" ? schema.classes.keys() : growing(wanted);
    this.#labels = new Set(Array.from(codes, (code) => schema.classes[code] as string));
    this.#countsCodes = schema.d === 0 && schema.q > 0;
    this.wants = this.#countsCodes ? () => true : scanned.mayHold(this.#labels);
    this.#target = schema.columns.findIndex(({ role }) => role === "target");
    this.#waiting = schema.columns.map(() => []);
    this.#codeCounts = new Float64Array(codeOffsets(schema).total * schema.classes.length);
  }

  /** The next rows among those wanted. */
  add(part: TextPart): void {
    const { columns } = this.#scanned.schema;
    const width = columns.length;
    for (let r = 0; r < part.rows; r++, this.#row++) {
      while (!this.wants(this.#row)) this.#row++;
      const at = r * width + this.#target;
      if (!this.#labels.has(this.#label(part.text, part.starts[at]!, part.ends[at]!))) continue;
      columns.forEach((_, c) => this.#waiting[c]!.push(ownText(part.text.slice(part.starts[r * width + c], part.ends[r * width + c]))));
      if (this.#numbers.push(this.#row) % AT_ONCE === 0) this.#encodeWaiting();
    }
    if (!this.#countsCodes) return;
    const cells = columns.map((_, c) => {
      return Array.from({ length: part.rows }, (_unused, r) => part.text.slice(part.starts[r * width + c], part.ends[r * width + c]));
    });
    countCodes(this.#codeCounts, this.#encode(cells));
  }

  /** The rows collected, as a table that knows what it is a part of. */
  finish(): ColumnTable {
    const { schema, n, counts, statistics, isMissing, description, notes } = this.#scanned;
    this.#encodeWaiting();
    const parts = this.#parts;
    const whole = { n, counts, statistics, codeCounts: this.#codeCounts, rows: Uint32Array.from(this.#numbers) };
    const dataset: Dataset = {
      schema,
      n: whole.rows.length,
      numeric: joined(
        Float64Array,
        parts.map(({ numeric }) => numeric),
      ),
      nominal: joined(
        Uint32Array,
        parts.map(({ nominal }) => nominal),
      ),
      labels: joined(
        Uint32Array,
        parts.map(({ labels }) => labels),
      ),
      weights: schema.weighted
        ? joined(
            Float64Array,
            parts.map(({ weights }) => weights!),
          )
        : null,
      carried: Array.from({ length: schema.carried }, (_, c) => parts.flatMap(({ carried }) => carried[c] as string[])),
      scale: "standard",
      whole,
    };
    return tableOf({}, dataset, isMissing, description, notes);
  }

  #encodeWaiting(): void {
    this.#parts.push(this.#encode(this.#waiting));
    this.#waiting = this.#waiting.map(() => []);
  }

  #encode(cells: readonly (readonly string[])[]): Dataset {
    const { schema, isMissing } = this.#scanned;
    return encodeColumns(schema, (name) => cells[schema.columns.findIndex((column) => column.name === name)]!, isMissing);
  }
}

function joined<T extends Float64Array | Uint32Array>(type: { new (length: number): T }, parts: readonly T[]): T {
  const all = new type(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
