import { checkOptions, isRecord, list, nearest, show } from "../check";
import type { ColumnDescription, Columns, ColumnTable, Kind, Role, Row, RowTable } from "../contracts";
import { InputError } from "../errors";
import { checkWithin, readBounds, type Bounds } from "./bounds";
import { missingTest, type IsMissing } from "./cells";
import type { Column, Dataset, Schema } from "./dataset";
import { encodeColumns } from "./encode";
import { checkKind, inferKind, lookAt, type Decision } from "./infer";
import { encodeLabels } from "./labels";

export interface TableOptions {
  /** The column that holds the class label. */
  readonly target: string;
  /** How features are measured, where it is not what the cells suggest. */
  readonly kinds?: Readonly<Record<string, Kind>> | undefined;
  /** Columns copied from the base row of a synthetic row and kept out of distances: identifiers, dates, free text. */
  readonly carry?: readonly string[] | undefined;
  /** Rows with the same value belong together: `split` keeps them on one side. Copied from the base row. */
  readonly group?: string | undefined;
  /** `split` puts the latest rows aside. Copied from the base row. */
  readonly time?: string | undefined;
  /** Row weights, interpolated between base and neighbor. */
  readonly weight?: string | undefined;
  /** Lowest and highest value that a synthetic cell may have. */
  readonly bounds?: Readonly<Record<string, readonly [number, number]>> | undefined;
  /** Values of ordinal columns from lowest to highest. */
  readonly levels?: Readonly<Record<string, readonly unknown[]>> | undefined;
  /** Texts that mean a missing cell, beside the empty one: ["NA", "?"]. */
  readonly missing?: readonly string[] | undefined;
  /** Read columns of texts that all spell numbers, as in a CSV, as numbers; new cells are texts too. Default false: such a column is an error. */
  readonly parseNumbers?: boolean | undefined;
}

const OPTIONS = ["target", "kinds", "carry", "group", "time", "weight", "bounds", "levels", "missing", "parseNumbers"] as const;
const KINDS: readonly Kind[] = ["numeric", "integer", "ordinal", "nominal"];

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
  checkOptions("table", options ?? null, OPTIONS);
  const layout = Array.isArray(source) ? "rows" : "columns";
  const names = layout === "rows" ? namesOfRows(source as readonly Row[]) : namesOfColumns(source as Columns);
  const roles = rolesOf(names, options);
  const isMissing = missingTest(options.missing);
  const columns: Column[] = [];
  const description: ColumnDescription[] = [];
  const notes: string[] = [];
  const places = { numeric: 0, nominal: 0, carried: 0 };
  for (const name of names) {
    const cells = cellsOf(source, name);
    const { form, kind, role, why, missing, note } = describe(name, cells, roles.get(name) ?? "feature", options, isMissing);
    const block = role === "weight" || role === "target" ? undefined : !kind ? "carried" : kind === "nominal" ? "nominal" : "numeric";
    const array = layout === "rows" ? "Array" : cells.constructor.name;
    columns.push({
      name,
      role,
      place: block ? places[block]++ : 0,
      array,
      ...form,
      ...(kind && { kind }),
      ...rangeOf(kind, array, form.bounds),
    });
    description.push({ name, role, why, missing, ...(kind && { kind }) });
    if (note) notes.push(note);
  }
  const classes = encodeLabels(cellsOf(source, options.target), `Target column ${show(options.target)}`).classes;
  const schema: Schema = {
    layout,
    columns,
    target: options.target,
    classes,
    labelArray: "Array",
    d: places.numeric,
    q: places.nominal,
    carried: places.carried,
    weighted: options.weight !== undefined,
    extra: {},
  };
  const dataset = encodeColumns(schema, (name) => cellsOf(source, name), isMissing);
  for (const { name, bounds, place } of columns) checkWithin(bounds, `column ${show(name)}`, dataset.numeric, dataset.n, schema.d, place);
  return register(source, { schema, isMissing, dataset }, description, notes);
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

/** Role of each column that has one by name. */
function rolesOf(names: readonly string[], options: TableOptions): Map<string, Role> {
  const roles = new Map<string, Role>();
  for (const option of ["kinds", "bounds", "levels"] as const) {
    if (options[option] !== undefined && !isRecord(options[option])) {
      throw new InputError("OPTION", `${option} is ${show(options[option])}, but needs an object by column name.`);
    }
  }
  const give = (name: unknown, role: Role, option: string): void => {
    const known = checkName(name, names, option);
    const before = roles.get(known);
    if (before) throw new InputError("OPTION", `Column ${show(known)} is named as ${before} and as ${role}; a column has one role.`);
    roles.set(known, role);
  };
  give(options.target, "target", "target");
  if (options.carry !== undefined && !Array.isArray(options.carry)) {
    throw new InputError("OPTION", `carry is ${show(options.carry)}, but needs a list of column names: carry: ["id"].`);
  }
  const { missing, parseNumbers } = options;
  if (missing !== undefined && !(Array.isArray(missing) && missing.every((text) => typeof text === "string"))) {
    throw new InputError("OPTION", `missing is ${show(missing)}, but needs a list of texts: missing: ["NA"].`);
  }
  if (parseNumbers !== undefined && typeof parseNumbers !== "boolean") {
    throw new InputError("OPTION", `parseNumbers is ${show(parseNumbers)}, but needs true or false.`);
  }
  for (const name of options.carry ?? []) give(name, "carry", "carry");
  for (const role of ["group", "time", "weight"] as const) if (options[role] !== undefined) give(options[role], role, role);
  for (const option of ["kinds", "bounds", "levels"] as const) {
    for (const name of Object.keys(options[option] ?? {})) {
      const role = roles.get(checkName(name, names, option));
      if (role)
        throw new InputError("OPTION", `${option} describes column ${show(name)}, which is named as ${role}; only features are described.`);
    }
  }
  for (const [name, kind] of Object.entries(options.kinds ?? {})) {
    if (!KINDS.includes(kind)) throw new InputError("OPTION", `kinds.${name} is ${show(kind)}, but needs one of ${list(KINDS)}.`);
  }
  for (const name of Object.keys(options.levels ?? {})) {
    if (options.kinds?.[name] !== "ordinal" || !Array.isArray(options.levels![name])) {
      throw new InputError("OPTION", `levels.${name} needs a list from lowest to highest, and kinds: { ${show(name)}: "ordinal" }.`);
    }
  }
  return roles;
}

function checkName(name: unknown, names: readonly string[], option: string): string {
  if (typeof name === "string" && names.includes(name)) return name;
  const near = typeof name === "string" ? nearest(name, names) : undefined;
  throw new InputError(
    "OPTION",
    `${option} names ${show(name)}, which is no column; ${near ? `did you mean "${near}"?` : `there are ${list(names.slice(0, 12))}${names.length > 12 ? " …" : ""}.`}`,
  );
}

interface Described {
  readonly role: Role;
  readonly kind?: Kind | undefined;
  readonly why: string;
  readonly missing: number;
  readonly note?: string | undefined;
  /** What the kind needs to be written back. */
  readonly form: Pick<Column, "missing" | "levels" | "form" | "bounds">;
}

/** What is to be made of one column. Only features are looked into. */
function describe(name: string, cells: ArrayLike<unknown>, role: Role, options: TableOptions, isMissing: IsMissing): Described {
  if (role !== "feature") {
    let missing = 0;
    for (let i = 0; i < cells.length; i++) if (isMissing(cells[i])) missing++;
    const inTexts = role === "weight" && typeof cells[0] === "string";
    return { role, why: `named in ${role}`, missing, form: { missing: "null", ...(inTexts && { form: "string" }) } };
  }
  const sight = lookAt(name, cells, isMissing);
  const declared = options.kinds?.[name];
  const levels = options.levels?.[name];
  if (declared) checkKind(name, declared, sight, levels);
  const { kind, why, note }: Decision = declared
    ? { kind: declared, why: "declared" }
    : inferKind(name, sight, options.parseNumbers ?? false);
  const bounds = readBounds(options.bounds?.[name], `column ${show(name)}`, kind);
  return {
    role: kind ? "feature" : "carry",
    kind,
    why,
    note,
    missing: sight.missing,
    form: {
      missing: sight.missingForm,
      ...(kind && levelsOf(name, kind, cells, isMissing, levels)),
      ...((kind === "numeric" || kind === "integer") && (sight.type === "string" || sight.type === "bigint") && { form: sight.type }),
      ...(bounds && { bounds }),
    },
  };
}

function levelsOf(
  name: string,
  kind: Kind,
  cells: ArrayLike<unknown>,
  isMissing: IsMissing,
  declared: readonly unknown[] | undefined,
): { levels?: readonly unknown[] } {
  if (kind !== "nominal" && kind !== "ordinal") return {};
  const seen = new Set<unknown>();
  for (let i = 0; i < cells.length; i++) if (!isMissing(cells[i])) seen.add(cells[i]);
  if (kind === "nominal") return { levels: [...seen] };
  if (!declared) return { levels: ([...seen] as number[]).sort((a, b) => a - b) };
  const order = new Set(declared);
  for (const value of seen) {
    if (!order.has(value))
      throw new InputError("COLUMN", `Column ${show(name)} holds ${show(value)}, which its levels do not name; add it to levels.${name}.`);
  }
  return { levels: [...order] };
}

/** Ranges that array types set. */
const ARRAY_RANGES: Readonly<Record<string, Bounds>> = {
  Int8Array: [-128, 127],
  Uint8Array: [0, 255],
  Uint8ClampedArray: [0, 255],
  Int16Array: [-32768, 32767],
  Uint16Array: [0, 65535],
  Int32Array: [-2147483648, 2147483647],
  Uint32Array: [0, 4294967295],
};

function rangeOf(
  kind: Kind | undefined,
  array: string,
  declared: readonly [number, number] | undefined,
): { bounds?: readonly [number, number] } {
  const range = ARRAY_RANGES[array];
  if (!range || (kind !== "numeric" && kind !== "integer")) return {};
  return { bounds: declared ? [Math.max(declared[0], range[0]), Math.min(declared[1], range[1])] : range };
}
