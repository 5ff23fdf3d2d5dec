import type { ColumnTable, Strategy } from "../contracts";
import { codeOffsets, countCodes, type Dataset } from "../data/dataset";
import { encodeColumns } from "../data/encode";
import { tableOf } from "../data/table";
import { rowsToAdd } from "../resample/strategy";
import type { Scanned } from "./scan";
import { ownText, type TextPart } from "./texts";

/** Collects, in a second reading of a table of texts, the rows of the classes that a strategy lets grow. */
export class Collector {
  readonly #scanned: Scanned;
  readonly #labels: ReadonlySet<string>;
  readonly #parts: Dataset[] = [];
  readonly #numbers: Uint32Array[] = [];
  readonly #codeCounts: Float64Array;
  #rows = 0;

  /** @throws {InputError} when the strategy does not fit the classes. */
  constructor(scanned: Scanned, strategy: Strategy) {
    this.#scanned = scanned;
    const { schema, counts } = scanned;
    const growing = [...rowsToAdd(strategy, schema.classes, counts)].filter(([, rows]) => rows > 0);
    this.#labels = new Set(growing.map(([code]) => schema.classes[code] as string));
    this.#codeCounts = new Float64Array(codeOffsets(schema).total * schema.classes.length);
  }

  add(part: TextPart): void {
    const { schema } = this.#scanned;
    const width = schema.columns.length;
    const target = schema.columns.findIndex(({ role }) => role === "target");
    const rows: number[] = [];
    for (let r = 0; r < part.rows; r++) {
      const at = r * width + target;
      if (this.#labels.has(part.text.slice(part.starts[at], part.ends[at]))) rows.push(r);
    }
    if (rows.length) {
      this.#parts.push(this.#encode(part, rows));
      this.#numbers.push(Uint32Array.from(rows, (r) => this.#rows + r));
    }
    // the Value Difference Metric wants to know the codes of all rows
    if (schema.d === 0 && schema.q > 0) {
      const all = Array.from({ length: part.rows }, (_, r) => r);
      countCodes(this.#codeCounts, this.#encode(part, all));
    }
    this.#rows += part.rows;
  }

  /** The rows collected, as a table that knows what it is a part of. */
  finish(): ColumnTable {
    const { schema, n, counts, statistics, isMissing, description, notes } = this.#scanned;
    const parts = this.#parts;
    const whole = { n, counts, statistics, codeCounts: this.#codeCounts, rows: joined(Uint32Array, this.#numbers) };
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

  #encode({ text, starts, ends }: TextPart, rows: readonly number[]): Dataset {
    const { schema, isMissing } = this.#scanned;
    const width = schema.columns.length;
    const cellsOf = (name: string): string[] => {
      const c = schema.columns.findIndex((column) => column.name === name);
      const carried = !schema.columns[c]!.kind;
      const cells = rows.map((r) => text.slice(starts[r * width + c], ends[r * width + c]));
      return carried ? cells.map(ownText) : cells;
    };
    return encodeColumns(schema, cellsOf, isMissing);
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
