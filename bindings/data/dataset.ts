import type { Kind, Label, Role } from "../contracts";

/** How the caller's data is laid out: rows of numbers, one flat array, records, or columns. */
export type Layout = "nested" | "flat" | "rows" | "columns";

/** How a missing cell is written in a column. */
export type MissingCell = "null" | "undefined" | "NaN" | `text:${string}`;

/** One column of the caller's data, as plain data. */
export interface Column {
  readonly name: string;
  readonly role: Role;
  /** Features only. */
  readonly kind?: Kind;
  /** Its place among the numeric, nominal or carried columns, whichever it belongs to. */
  readonly place: number;
  /** What the codes 1, 2, … of a nominal column, or the ranks 0, 1, … of an ordinal one, stand for. */
  readonly levels?: readonly unknown[];
  /** Lowest and highest value allowed. */
  readonly bounds?: readonly [number, number];
  readonly missing: MissingCell;
  /** Name of the column's array type, in columns and flat layouts. */
  readonly array: string;
  /** How numbers of a table were written, if not as numbers. */
  readonly form?: "string" | "bigint";
}

/** What is needed to write rows back the way they came; plain data, part of a stored generator. */
export interface Schema {
  readonly layout: Layout;
  readonly columns: readonly Column[];
  /** Name of the target column; a matrix has none. */
  readonly target: string;
  /** Labels in sorted order: their place is the class code. */
  readonly classes: readonly Label[];
  /** Name of the array type of a matrix's labels. */
  readonly labelArray: string;
  /** Numeric, nominal and carried columns. */
  readonly d: number;
  readonly q: number;
  readonly carried: number;
  readonly weighted: boolean;
  /** What else a matrix held and columns do not tell: `columns` and `kinds`, to be handed back. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** Of the values present in each of d columns. Without any: mean and deviation 0, low Infinity, high −Infinity. */
export interface ColumnStatistics {
  readonly counts: Float64Array;
  readonly means: Float64Array;
  /** Population standard deviations. */
  readonly deviations: Float64Array;
  readonly lows: Float64Array;
  readonly highs: Float64Array;
  /** Sums of (value − mean)². */
  readonly squares: Float64Array;
}

/** What is known of a whole table of which only some rows are at hand, as when a file is larger than memory. */
export interface Whole {
  readonly n: number;
  /** Rows of each class code. */
  readonly counts: readonly number[];
  /** Of the numeric features. */
  readonly statistics: ColumnStatistics;
  /** How often each code of each nominal column goes with each class; see `countCodes`. */
  readonly codeCounts: Float64Array;
  /** Number, in the whole, of each row at hand. */
  readonly rows: Uint32Array;
}

/** The caller's data, checked and encoded once. */
export interface Dataset {
  readonly schema: Schema;
  readonly n: number;
  /** f64 (n, d), NaN is missing; ordinal cells are ranks. */
  readonly numeric: Float64Array;
  /** u32 (n, q), 0 is missing. */
  readonly nominal: Uint32Array;
  /** Class code of each row, u32 (n). */
  readonly labels: Uint32Array;
  /** f64 (n) or null. */
  readonly weights: Float64Array | null;
  /** The carried columns, n cells each. */
  readonly carried: readonly ArrayLike<unknown>[];
  /** How distances are scaled unless the caller says otherwise. */
  readonly scale: "none" | "standard";
  /** There if these are only some rows of a table: all those of the classes that are to grow. */
  readonly whole?: Whole;
}

/** Encoded rows without a home yet: what a method made. */
export interface Made {
  readonly m: number;
  readonly numeric: Float64Array;
  readonly nominal: Uint32Array;
  readonly labels: Uint32Array;
  readonly weights: Float64Array | null;
  readonly carried: readonly (readonly unknown[])[];
}

/** Row numbers 0 to n − 1. */
export function allRows(n: number): Uint32Array {
  const rows = new Uint32Array(n);
  for (let i = 0; i < n; i++) rows[i] = i;
  return rows;
}

/** The first n rows, as a view. */
export function headOf(data: Dataset, n: number): Dataset {
  const { schema, numeric, nominal, labels } = data;
  if (n === data.n) return data;
  return {
    ...data,
    n,
    numeric: numeric.subarray(0, n * schema.d),
    nominal: nominal.subarray(0, n * schema.q),
    labels: labels.subarray(0, n),
    weights: data.weights && data.weights.subarray(0, n),
    carried: data.carried.map((cells) => Array.prototype.slice.call(cells, 0, n)),
  };
}

/** Row numbers of each class, in order. */
export function rowsByClass(data: Pick<Dataset, "labels" | "schema">): Uint32Array[] {
  const counts = countsOf(data);
  const rows = counts.map((count) => new Uint32Array(count));
  const filled = counts.map(() => 0);
  for (let i = 0; i < data.labels.length; i++) {
    const code = data.labels[i]!;
    rows[code]![filled[code]!++] = i;
  }
  return rows;
}

/** Rows of each class code in the whole table. */
export function classSizes(data: Pick<Dataset, "labels" | "schema" | "whole">): readonly number[] {
  return data.whole?.counts ?? countsOf(data);
}

/** First place of each nominal column's codes among all codes: 0 for missing, 1 … for its levels, and one for values that only other data hold. */
export function codeOffsets(schema: Schema): { readonly offsets: Uint32Array; readonly total: number } {
  const offsets = new Uint32Array(schema.q);
  let total = 0;
  featuresOf(schema, "nominal").forEach(({ levels }, c) => {
    offsets[c] = total;
    total += levels!.length + 2;
  });
  return { offsets, total };
}

/** counts (codes, classes) ← themselves and the nominal cells and labels of the data. */
export function countCodes(
  counts: Float64Array,
  { schema, n, nominal, labels }: Pick<Dataset, "schema" | "n" | "nominal" | "labels">,
): void {
  const { q, classes } = schema;
  const { offsets } = codeOffsets(schema);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < q; c++) counts[(offsets[c]! + nominal[i * q + c]!) * classes.length + labels[i]!]! += 1;
  }
}

/** Rows at hand of each class code. */
export function countsOf(data: Pick<Dataset, "labels" | "schema">): number[] {
  const counts = data.schema.classes.map(() => 0);
  for (const code of data.labels) counts[code]!++;
  return counts;
}

/** Names of the numeric, or nominal, feature columns in the order of their block. */
export function namesOf(schema: Schema, block: "numeric" | "nominal"): string[] {
  return featuresOf(schema, block).map((column) => column.name);
}

/** The numeric, or nominal, feature columns in the order of their block. */
export function featuresOf(schema: Schema, block: "numeric" | "nominal"): Column[] {
  return schema.columns.filter((column) => column.role === "feature" && (column.kind === "nominal") === (block === "nominal"));
}
