import { show } from "../check";
import type { ColumnDescription, Label, Role } from "../contracts";
import { checkWithin, type Bounds } from "../data/bounds";
import { missingTest, type IsMissing } from "../data/cells";
import type { ColumnStatistics, Schema } from "../data/dataset";
import { checkTableOptions, describeColumns, rolesOf, schemaOf, type TableOptions } from "../data/describe";
import { notWhole, weightOf } from "../data/encode";
import { checkKind } from "../data/infer";
import { sortLabels } from "../data/labels";
import { COMPARED, differentTexts, type Sight } from "../data/look";
import { core } from "../engine/core";
import { withInstanceNow } from "../engine/lease";
import { InputError } from "../errors";
import { addRows, BLOCK_ROWS, nothing } from "../search/statistics";
import { missingTextTest, ownText, readNumber, textCache, type TextPart } from "./texts";

/** A table of texts as the first reading leaves it. */
export interface Scanned {
  readonly schema: Schema;
  readonly isMissing: IsMissing;
  readonly description: readonly ColumnDescription[];
  readonly notes: readonly string[];
  readonly n: number;
  /** Rows of each class code. */
  readonly counts: readonly number[];
  readonly statistics: ColumnStatistics;
  /** Whether a row may have one of these labels; surely not if it says no. */
  readonly mayHold: (labels: Iterable<string>) => (row: number) => boolean;
}

/** Place of a label beyond those that one byte tells. */
const UNTOLD = 255;

/** What has been seen of one column. */
interface Seen {
  readonly name: string;
  readonly role: Role;
  /** Cells are read as numbers until one is none. */
  numeric: boolean;
  present: number;
  missing: number;
  missingForm: Sight["missingForm"];
  first: string | undefined;
  whole: boolean;
  differentAtFirst: boolean;
  readonly values: Set<string>;
  /** Its cells as strings; new ones go to `values`. */
  readonly cell: ReturnType<typeof textCache>;
  /** Ranks of an ordinal column's levels, whose statistics count. */
  readonly ranks: ReadonlyMap<unknown, number> | undefined;
}

/**
 * Learns kinds, levels, counts and statistics of a table of texts from its rows, a part at a time, in memory that does not grow with their number. What it tells is what
 * `table(columns, { …options, parseNumbers: true })` tells of the whole.
 */
export class TextScan {
  readonly #names: readonly string[];
  readonly #options: TableOptions;
  readonly #target: number;
  readonly #isMissing: IsMissing;
  readonly #missingAt: (text: string, start: number, end: number) => boolean;
  readonly #label = textCache();
  #columns: Seen[];
  readonly #texts = new Set<string>();
  readonly #labels = new Map<string, { readonly place: number; rows: number }>();
  /** Place of each row's label in order of appearance, or UNTOLD. */
  #classOf = new Uint8Array(0);
  #rows = 0;
  /** f64 (BLOCK_ROWS, columns): numbers that wait to be summed. */
  readonly #block: Float64Array;
  #filled = 0;
  #statistics: ColumnStatistics;
  #again = false;

  /** @throws {InputError} for options that do not fit the columns. */
  constructor(names: readonly string[], options: TableOptions) {
    checkTableOptions(options);
    this.#names = names;
    this.#options = { ...options, parseNumbers: true };
    this.#isMissing = missingTest(options.missing);
    this.#missingAt = missingTextTest(this.#isMissing, options.missing ?? []);
    this.#columns = this.#fresh();
    this.#target = names.indexOf(options.target);
    this.#block = new Float64Array(BLOCK_ROWS * names.length).fill(NaN);
    this.#statistics = nothing(names.length);
  }

  /** @throws {InputError} for cells that do not fit what is said of their column. */
  add(part: TextPart): void {
    this.#addLabels(part);
    for (let from = 0; from < part.rows;) {
      const to = Math.min(part.rows, from + BLOCK_ROWS - this.#filled);
      for (let c = 0; c < this.#columns.length; c++) this.#addCells(part, c, from, to);
      this.#filled += to - from;
      this.#rows += to - from;
      from = to;
      if (this.#filled === BLOCK_ROWS) this.#flush();
    }
  }

  /** Whether a column that began as numbers turned out to hold texts. Then everything is forgotten but that, and all rows are to be added again. */
  again(): boolean {
    if (!this.#again) return false;
    for (const { name, numeric } of this.#columns) if (!numeric) this.#texts.add(name);
    this.#columns = this.#fresh();
    this.#labels.clear();
    this.#rows = 0;
    this.#filled = 0;
    this.#statistics = nothing(this.#names.length);
    this.#again = false;
    return true;
  }

  /** @throws {InputError} for columns that cannot be used as they are. */
  finish(): Scanned {
    this.#flush();
    const { columns, description, notes } = describeColumns(this.#names, this.#options, (name) => ({
      sight: sightOf(this.#columns[this.#names.indexOf(name)]!),
      array: "Array",
    }));
    const classes: Label[] = sortLabels([...this.#labels.keys()]);
    const schema = schemaOf("columns", columns, classes, this.#options.target);
    const places = columns.flatMap(({ kind }, c) => (kind && kind !== "nominal" ? [c] : []));
    const pick = (all: Float64Array): Float64Array => Float64Array.from(places, (c) => all[c]!);
    const { counts, means, deviations, lows, highs, squares } = this.#statistics;
    return {
      schema,
      isMissing: this.#isMissing,
      description,
      notes,
      n: this.#rows,
      counts: classes.map((label) => this.#labels.get(label as string)!.rows),
      mayHold: (labels) => {
        const wanted = new Uint8Array(UNTOLD + 1);
        for (const label of labels) wanted[Math.min(this.#labels.get(label)!.place, UNTOLD)] = 1;
        return (row) => wanted[this.#classOf[row]!] === 1;
      },
      statistics: {
        counts: pick(counts),
        means: pick(means),
        deviations: pick(deviations),
        lows: pick(lows),
        highs: pick(highs),
        squares: pick(squares),
      },
    };
  }

  #fresh(): Seen[] {
    const roles = rolesOf(this.#names, this.#options);
    const { kinds, levels } = this.#options;
    return this.#names.map((name) => {
      const values = new Set<string>();
      return {
        name,
        role: roles.get(name) ?? "feature",
        numeric: kinds?.[name] !== "nominal" && kinds?.[name] !== "ordinal" && !this.#texts.has(name),
        present: 0,
        missing: 0,
        missingForm: "null",
        first: undefined,
        whole: true,
        differentAtFirst: false,
        values,
        cell: textCache((made) => values.add(made)),
        ranks: levels?.[name] && new Map(levels[name].map((level, rank) => [level, rank])),
      };
    });
  }

  #addLabels({ text, starts, ends, rows }: TextPart): void {
    const width = this.#names.length;
    if (this.#classOf.length < this.#rows + rows) {
      const longer = new Uint8Array(2 * (this.#rows + rows));
      longer.set(this.#classOf);
      this.#classOf = longer;
    }
    for (let r = 0; r < rows; r++) {
      const at = r * width + this.#target;
      const label = this.#label(text, starts[at]!, ends[at]!);
      let known = this.#labels.get(label);
      if (!known) {
        if (label === "") {
          const where = `Target column ${show(this.#options.target)}`;
          throw new InputError("LABEL", `${where} has no label in row ${this.#rows + r}; drop rows without a label first.`);
        }
        this.#labels.set(label, (known = { place: this.#labels.size, rows: 0 }));
      }
      known.rows++;
      this.#classOf[this.#rows + r] = Math.min(known.place, UNTOLD);
    }
  }

  /** Rows [from, to) of one column. */
  #addCells(part: TextPart, c: number, from: number, to: number): void {
    const column = this.#columns[c]!;
    if (column.role === "feature" && column.numeric) this.#addNumbers(part, column, c, from, to);
    else if (column.role === "feature") this.#addTexts(part, column, c, from, to);
    else if (column.role !== "target") this.#addOthers(part, column, c, from, to);
  }

  #addNumbers(part: TextPart, column: Seen, c: number, from: number, to: number): void {
    const { text, starts, ends } = part;
    const width = this.#names.length;
    const block = this.#block;
    const missingAt = this.#missingAt;
    const wholeOnly = this.#options.kinds?.[column.name] === "integer";
    let place = this.#filled * width + c;
    let [missing, whole] = [0, column.whole];
    for (let r = from; r < to; r++, place += width) {
      const [start, end] = [starts[r * width + c]!, ends[r * width + c]!];
      if (missingAt(text, start, end)) {
        if (column.missing + missing++ === 0) column.missingForm = `text:${ownText(text.slice(start, end))}`;
        block[place] = NaN;
        continue;
      }
      readNumber(block, place, text, start, end);
      const value = block[place]!;
      if (column.first === undefined) column.first = ownText(text.slice(start, end));
      if (value - value !== 0) {
        const declared = this.#options.kinds?.[column.name];
        column.numeric = false;
        if (declared) checkKind(column.name, declared, sightOf(column), undefined);
        for (let at = this.#filled * width + c; at <= place; at += width) block[at] = NaN;
        if (this.#rows === 0) return this.#addTexts(part, column, c, from, to);
        // what went before was not kept, and must be read again
        this.#again = true;
        return;
      }
      if (whole && Math.floor(value) !== value) {
        whole = false;
        if (wholeOnly) throw notWhole(column.name, value, this.#rows + r - from);
      }
    }
    column.missing += missing;
    column.present += to - from - missing;
    column.whole = whole;
  }

  #addTexts({ text, starts, ends }: TextPart, column: Seen, c: number, from: number, to: number): void {
    const width = this.#names.length;
    const { values, ranks } = column;
    const [missingAt, cellAt, block] = [this.#missingAt, column.cell, this.#block];
    const declared = this.#options.kinds?.[column.name] !== undefined;
    let place = this.#filled * width + c;
    for (let r = from; r < to; r++, place += width) {
      const [start, end] = [starts[r * width + c]!, ends[r * width + c]!];
      if (missingAt(text, start, end)) {
        if (column.missing++ === 0) column.missingForm = `text:${ownText(text.slice(start, end))}`;
        if (ranks) block[place] = NaN;
        continue;
      }
      // enough is known of a column in which no text came twice, unless its levels are wanted
      if (++column.present > COMPARED && column.differentAtFirst && !declared) continue;
      const cell = cellAt(text, start, end);
      if (column.first === undefined) column.first = cell;
      if (column.present === COMPARED) column.differentAtFirst = values.size === COMPARED;
      if (ranks) block[place] = ranks.get(cell) ?? NaN;
    }
  }

  #addOthers({ text, starts, ends }: TextPart, column: Seen, c: number, from: number, to: number): void {
    const width = this.#names.length;
    for (let r = from; r < to; r++) {
      const [start, end] = [starts[r * width + c]!, ends[r * width + c]!];
      if (this.#missingAt(text, start, end)) column.missing++;
      else column.first ??= ownText(text.slice(start, end));
      if (column.role === "weight") weightOf(column.name, text.slice(start, end), this.#rows + r - from);
    }
  }

  #flush(): void {
    const width = this.#names.length;
    const first = this.#rows - this.#filled;
    for (const [name, bounds] of Object.entries(this.#options.bounds ?? {})) {
      const usable = Array.isArray(bounds) && bounds.length === 2 ? (bounds as Bounds) : undefined;
      checkWithin(usable, `column ${show(name)}`, this.#block, this.#filled, width, this.#names.indexOf(name), first);
    }
    const rows = this.#block.subarray(0, this.#filled * width);
    this.#statistics = withInstanceNow(core, (instance) => addRows(instance, this.#statistics, rows, width));
    this.#filled = 0;
  }
}

function sightOf(column: Seen): Sight {
  const { present, missing, missingForm, first, whole, numeric, values, differentAtFirst } = column;
  return {
    present,
    missing,
    missingForm,
    type: first === undefined ? "nothing" : "string",
    whole,
    spellsNumbers: numeric && first !== undefined,
    values,
    different: differentTexts(present, values.size, differentAtFirst),
    counts: false,
    first,
    mixed: undefined,
  };
}
