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

/** Rows of each class code. */
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
