import { show } from "../check";
import type { ColumnDescription, Columns, ColumnTable, Row, RowTable } from "../contracts";
import { InputError } from "../errors";
import { checkWithin } from "./bounds";
import { missingTest, type IsMissing } from "./cells";
import type { Dataset, Schema } from "./dataset";
import { checkTableOptions, describeColumns, schemaOf, type TableOptions } from "./describe";
import { encodeColumns } from "./encode";
import { encodeLabels } from "./labels";
import { glanceAt, lookAt } from "./look";

interface Encoded {
  readonly schema: Schema;
  readonly isMissing: IsMissing;
  dataset?: Dataset;
}

const encoded = new WeakMap<object, Encoded>();

/**
 * Describes n records (an array of objects) or columns (an object of arrays) for the methods: which column is the label, what the others are. Kinds and
 * roles are inferred where nothing is said: numbers are `integer` or `numeric`, texts that repeat and booleans `nominal`; dates, bigints, and texts of
 * which none occurs twice are carried, with a note. Distances divide numeric columns by their standard deviation unless told otherwise.
 * The cells are read once, now; rows and arrays are not copied.
 *
 * @throws {InputError} when an option names no column, a column mixes types or holds numbers as texts, or labels are missing.
 */
export function table(source: readonly Row[], options: TableOptions): RowTable;
export function table(source: Columns, options: TableOptions): ColumnTable;
export function table(source: readonly Row[] | Columns, options: TableOptions): RowTable | ColumnTable {
  checkTableOptions(options);
  const layout = Array.isArray(source) ? "rows" : "columns";
  const names = layout === "rows" ? namesOfRows(source as readonly Row[]) : namesOfColumns(source as Columns);
  const isMissing = missingTest(options.missing);
  const { columns, description, notes } = describeColumns(names, options, (name, role) => {
    const cells = cellsOf(source, name);
    return {
      sight: role === "feature" ? lookAt(name, cells, isMissing) : glanceAt(cells, isMissing),
      array: layout === "rows" ? "Array" : cells.constructor.name,
    };
  });
  const { classes } = encodeLabels(cellsOf(source, options.target), `Target column ${show(options.target)}`);
  const schema = schemaOf(layout, columns, classes, options.target);
  const dataset = encodeColumns(schema, (name) => cellsOf(source, name), isMissing);
  for (const { name, bounds, place } of columns) checkWithin(bounds, `column ${show(name)}`, dataset.numeric, dataset.n, schema.d, place);
  return register(source, { schema, isMissing, dataset }, description, notes);
}

/** A table of columns whose cells were read elsewhere. */
export function tableOf(
  columns: Columns,
  dataset: Dataset,
  isMissing: IsMissing,
  description: readonly ColumnDescription[],
  notes: readonly string[],
): ColumnTable {
  return register(columns, { schema: dataset.schema, isMissing, dataset }, description, notes) as ColumnTable;
}

/** Makes tables of other rows with the same columns: a part of this one, or what a method made of it. Keeps no cell of it alive. */
export function tablesLike<T extends RowTable | ColumnTable>(model: T): (source: readonly Row[] | Columns) => T {
  const { schema, isMissing } = encoded.get(model)!;
  const { description, notes } = model;
  return (source) => register(source, { schema, isMissing }, description, notes) as T;
}

/** The encoded cells of a table. */
export function datasetOf(data: RowTable | ColumnTable): Dataset {
  const known = encoded.get(data);
  if (!known) {
    throw new InputError(
      "DATA",
      `Data is ${show(data)}, which table() did not make; pass what table(rows, { target }) returns, not a copy of it.`,
    );
  }
  const source = data.rows ?? data.columns!;
  known.dataset ??= encodeColumns(known.schema, (name) => cellsOf(source, name), known.isMissing);
  return known.dataset;
}

function register(
  source: readonly Row[] | Columns,
  known: Encoded,
  description: readonly ColumnDescription[],
  notes: readonly string[],
): RowTable | ColumnTable {
  const shared = { target: known.schema.target, description, notes };
  const made = Object.freeze(
    known.schema.layout === "rows" ? { rows: source as readonly Row[], ...shared } : { columns: source as Columns, ...shared },
  ) as RowTable | ColumnTable;
  encoded.set(made, known);
  return made;
}

function namesOfRows(rows: readonly Row[]): string[] {
  if (rows.length === 0) throw new InputError("DATA", "The table has no rows; at least one is needed.");
  const names = new Set<string>();
  rows.forEach((row, i) => {
    if (typeof row !== "object" || row === null || Array.isArray(row)) {
      throw new InputError("DATA", `Row ${i} is ${show(row)}, but needs an object; for rows of numbers use { X, y }.`);
    }
    for (const name of Object.keys(row)) names.add(name);
  });
  return [...names];
}

function namesOfColumns(columns: Columns): string[] {
  if (typeof columns !== "object" || columns === null || ArrayBuffer.isView(columns)) {
    throw new InputError("DATA", `table was given ${show(columns)}, but needs an array of objects, or an object of arrays.`);
  }
  const names = Object.keys(columns);
  if (names.length === 0) throw new InputError("DATA", "The table has no columns; give { name: array, … }.");
  const n = columns[names[0]!]?.length;
  for (const name of names) {
    const cells = columns[name];
    if (!(Array.isArray(cells) || (ArrayBuffer.isView(cells) && !(cells instanceof DataView)))) {
      throw new InputError("DATA", `Column ${show(name)} is ${show(cells)}, but needs an array.`);
    }
    if (cells.length !== n)
      throw new InputError(
        "DATA",
        `Column ${show(name)} has ${cells.length} cells but ${show(names[0])} has ${n}; all need the same length.`,
      );
  }
  if (n === 0) throw new InputError("DATA", "The table has no rows; at least one is needed.");
  return names;
}

function cellsOf(source: readonly Row[] | Columns, name: string): ArrayLike<unknown> {
  return Array.isArray(source) ? (source as readonly Row[]).map((row) => row[name]) : (source as Columns)[name]!;
}
