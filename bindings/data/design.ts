import { checkOneOf, checkOptions, list, show } from "../check";
import type { Data, Kind, Label } from "../contracts";
import { InputError } from "../errors";
import { missingTest } from "./cells";
import type { Column, Dataset } from "./dataset";
import { read } from "./read";
import { unsealed } from "./weighted";

/** Array types of a matrix. */
export interface MatrixArrays {
  readonly float64: Float64Array;
  readonly float32: Float32Array;
}

export interface ToMatrixOptions<A extends keyof MatrixArrays = "float64"> {
  /** `"oneHot"`: a column of 0 and 1 for each level; `"ordinal"`: one column of codes 0, 1, … Default `"oneHot"`. */
  readonly nominal?: "oneHot" | "ordinal" | undefined;
  /**
   * What becomes of missing cells. `"keep"`: NaN, and no 1 in any column of a one-hot level. `"impute"`: the mean of numeric and integer columns, the
   * lower median of ordinal and the most frequent level of nominal ones. Default `"keep"`.
   */
  readonly missing?: "keep" | "impute" | undefined;
  /** Default `"float64"`. */
  readonly array?: A | undefined;
  /**
   * A matrix made before, of the training rows: columns, levels, classes and what is imputed are taken from it. A level that it does not know counts as
   * missing, with a note.
   */
  readonly like?: DesignMatrix | undefined;
}

/** Numbers for learners elsewhere. */
export interface DesignMatrix<A extends keyof MatrixArrays = keyof MatrixArrays> {
  /** rows · columns numbers, row after row. */
  readonly X: MatrixArrays[A];
  readonly rows: number;
  readonly columns: number;
  /** Of each column: that of the data, with "=level" for a one-hot one. */
  readonly names: readonly string[];
  /** Class of each row: its place in `classes`. */
  readonly y: Int32Array;
  /** Labels in sorted order. */
  readonly classes: readonly Label[];
  /** Label of each row. */
  readonly labels: readonly Label[];
  /** Row weights, if the table has a weight column, or bias correction made some. */
  readonly weights: Float64Array | null;
  /** What a careful user should know, in sentences. */
  readonly notes: readonly string[];
}

/** How one feature becomes columns. */
interface Feature {
  readonly name: string;
  readonly kind: Kind;
  /** Of nominal and ordinal features: what the codes 0, 1, … stand for. */
  readonly levels: readonly unknown[] | undefined;
  /** What a missing cell becomes: a number, a code, or NaN. */
  readonly fill: number;
}

interface Encoding {
  readonly nominal: "oneHot" | "ordinal";
  readonly missing: "keep" | "impute";
  readonly features: readonly Feature[];
  readonly classes: readonly Label[];
}

const encodings = new WeakMap<object, Encoding>();
/** 4 GiB as doubles. */
const MOST_CELLS = 1 << 29;
const isMissing = missingTest();

/**
 * Turns a table, or `{ X, y }`, into one matrix of numbers for a learner elsewhere. Numeric and integer columns stay as they are, ordinal ones become ranks 0,
 * 1, …, nominal ones 0/1 columns or codes; labels become class codes. Carried, group and time columns are left out, weights stand beside.
 *
 * Levels are those of the data that `table` saw, so both parts of a `split` have the same columns. For rows of another table pass `like`: the matrix of the
 * training rows. With `missing: "impute"` pass it for a part of a split too, or the part imputes from its own rows.
 *
 * @returns X: rows × columns, in the order of the data's columns
 * @throws {InputError} when a column or class of `like` does not fit, or one-hot columns would take more than 4 GiB.
 */
export function toMatrix<A extends keyof MatrixArrays = "float64">(data: Data, options: ToMatrixOptions<A> = {}): DesignMatrix<A> {
  checkOptions("toMatrix", options, ["nominal", "missing", "array", "like"]);
  const array = checkOneOf("array", options.array ?? "float64", ["float64", "float32"]);
  const nominal = options.nominal === undefined ? undefined : checkOneOf("nominal", options.nominal, ["oneHot", "ordinal"]);
  const missing = options.missing === undefined ? undefined : checkOneOf("missing", options.missing, ["keep", "impute"]);
  const known = options.like === undefined ? undefined : encodingOf(options.like, { nominal, missing });
  const { data: rows, weights } = unsealed(data);
  const dataset = read(rows);
  const notes: string[] = [];
  const encoding = known ?? encodingFor(dataset, nominal ?? "oneHot", missing ?? "keep");
  const cells = encoding.features.map((feature) => cellsOf(dataset, feature, notes));
  if (known) noteOthers(dataset, known, notes);
  const widths = encoding.features.map((feature) => namesOf(feature, encoding.nominal).length);
  const columns = widths.reduce((sum, width) => sum + width, 0);
  const X = matrix(array, dataset.n, columns);
  let at = 0;
  encoding.features.forEach((feature, f) => {
    place(cells[f]!, feature, encoding.nominal, X, columns, at);
    at += widths[f]!;
  });
  if (array === "float32" && X.some((value: number) => value === Infinity || value === -Infinity)) {
    throw new InputError("COLUMN", 'Some numbers are beyond those of 32-bit floats, 3.4e38; use array: "float64", or divide them first.');
  }
  const y = codesOf(dataset, encoding.classes);
  const made = Object.freeze({
    X: X as MatrixArrays[A],
    rows: dataset.n,
    columns,
    names: encoding.features.flatMap((feature) => namesOf(feature, encoding.nominal)),
    y,
    classes: encoding.classes,
    labels: Array.from(y, (code) => encoding.classes[code]!),
    weights: (weights ?? dataset.weights)?.slice() ?? null,
    notes,
  });
  encodings.set(made, encoding);
  return made;
}

function encodingOf(like: unknown, asked: Partial<Record<"nominal" | "missing", string | undefined>>): Encoding {
  const known = typeof like === "object" && like !== null ? encodings.get(like) : undefined;
  if (!known) throw new InputError("OPTION", `like is ${show(like)}, but needs what toMatrix(train) returned, not a copy of it.`);
  for (const option of ["nominal", "missing"] as const) {
    if (asked[option] !== undefined && asked[option] !== known[option]) {
      throw new InputError("OPTION", `${option} is ${show(asked[option])}, but like was made with ${show(known[option])}; leave it out.`);
    }
  }
  return known;
}

function encodingFor(data: Dataset, nominal: Encoding["nominal"], missing: Encoding["missing"]): Encoding {
  const features = data.schema.columns.flatMap((column): Feature[] => {
    if (column.role !== "feature" || !column.kind) return [];
    const feature = { name: column.name, kind: column.kind, levels: column.levels, fill: NaN };
    return [missing === "keep" ? feature : { ...feature, fill: fillOf(feature, cellsOf(data, feature, [])) }];
  });
  return { nominal, missing, features, classes: data.schema.classes };
}

/** Mean, lower median or most frequent code of the cells that are there; 0 if none is. */
function fillOf({ kind, levels }: Feature, cells: Float64Array): number {
  const present = cells.filter((cell) => cell === cell);
  if (present.length === 0) return 0;
  if (kind === "ordinal") return present.sort()[(present.length - 1) >> 1]!;
  if (kind !== "nominal") return present.reduce((sum, cell) => sum + cell, 0) / present.length;
  const counts = new Uint32Array(levels!.length);
  for (const code of present) counts[code]!++;
  return counts.indexOf(counts.reduce((most, count) => Math.max(most, count), 0));
}

/** n cells of a feature: numbers, or codes of its levels; NaN is missing. */
function cellsOf(data: Dataset, feature: Feature, notes: string[]): Float64Array {
  const column = data.schema.columns.find(({ name, role }) => name === feature.name && (role === "feature" || role === "carry"));
  if (!column) {
    throw new InputError(
      "COLUMN",
      `like has a column ${show(feature.name)}, which this data has not as a feature; give it all columns of the training rows.`,
    );
  }
  const cell = reader(data, column);
  const codes = feature.levels && new Map(feature.levels.map((level, code) => [level, code]));
  let unknown = 0;
  let example: unknown;
  const cells = new Float64Array(data.n);
  for (let i = 0; i < data.n; i++) {
    const value = cell(i);
    if (isMissing(value)) cells[i] = NaN;
    else if (codes) {
      const code = codes.get(value);
      if (code === undefined && unknown++ === 0) example = value;
      cells[i] = code ?? NaN;
    } else if (typeof value === "number") cells[i] = value;
    else throw mismatch(column, feature, value);
  }
  if (unknown > 0) {
    notes.push(
      `Column ${show(feature.name)} has ${unknown} cells of levels that like does not know, ${show(example)} for one; they count as missing.`,
    );
  }
  return cells;
}

/** What row i holds in a column: a number, a level, or a cell that means missing. */
function reader(data: Dataset, column: Column): (i: number) => unknown {
  const { place: at, levels, kind } = column;
  const { d, q } = data.schema;
  // a small table may have carried what a large one took for a feature: texts of which none occurs twice, a column without values
  if (!kind) return (i) => data.carried[at]![i];
  if (kind === "nominal") {
    return (i) => {
      const code = data.nominal[i * q + at]!;
      return code === 0 ? null : levels![code - 1];
    };
  }
  return (i) => {
    const value = data.numeric[i * d + at]!;
    return levels && value === value ? levels[value] : value;
  };
}

function mismatch(column: Column, { name, kind }: Feature, value: unknown): InputError {
  const here = column.kind ?? "carried";
  return new InputError(
    "COLUMN",
    `Column ${show(name)} is ${kind} in like but ${here} here and holds ${show(value)}; describe both tables alike, kinds: { ${show(name)}: "${kind}" }.`,
  );
}

/** Columns of X that a feature becomes. */
function namesOf({ name, kind, levels }: Feature, nominal: Encoding["nominal"]): readonly string[] {
  return kind === "nominal" && nominal === "oneHot" ? levels!.map((level) => `${name}=${String(level)}`) : [name];
}

/** X (n, columns), from column `at` on ← the cells of a feature. */
function place(
  cells: Float64Array,
  { kind, fill }: Feature,
  nominal: Encoding["nominal"],
  X: Float64Array | Float32Array,
  columns: number,
  at: number,
): void {
  const oneHot = kind === "nominal" && nominal === "oneHot";
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!;
    const value = cell === cell ? cell : fill;
    if (!oneHot) X[i * columns + at] = value;
    else if (value === value) X[i * columns + at + value] = 1;
  }
}

function matrix(array: keyof MatrixArrays, n: number, columns: number): Float64Array | Float32Array {
  if (n * columns > MOST_CELLS) {
    throw new InputError(
      "DATA",
      `${n} rows of ${columns} columns are more than ${MOST_CELLS} numbers; use nominal: "ordinal", or carry columns with many levels.`,
    );
  }
  return array === "float64" ? new Float64Array(n * columns) : new Float32Array(n * columns);
}

/** Class codes, by the classes of the matrix that this one is like. */
function codesOf({ labels, schema }: Dataset, classes: readonly Label[]): Int32Array {
  if (schema.classes === classes) return Int32Array.from(labels);
  const codes = schema.classes.map((label) => classes.indexOf(label));
  return Int32Array.from(labels, (label, i) => {
    const code = codes[label]!;
    if (code >= 0) return code;
    throw new InputError(
      "LABEL",
      `Label ${show(schema.classes[label])} in row ${i} is none of the classes of like, ${list(classes.slice(0, 6))}; leave such rows out.`,
    );
  });
}

function noteOthers({ schema }: Dataset, { features }: Encoding, notes: string[]): void {
  const others = schema.columns.filter(({ role, name }) => role === "feature" && !features.some((feature) => feature.name === name));
  if (others.length) notes.push(`Columns that like does not have are left out: ${list(others.slice(0, 6).map(({ name }) => name))}.`);
}
