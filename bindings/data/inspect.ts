import type { Data, Kind, Label, Role } from "../contracts";
import { classSizes, type Column, type Dataset } from "./dataset";
import { firstEquals } from "./equal";
import { isTable, read } from "./read";

/** One column as it was understood, and what it holds. */
export interface InspectedColumn {
  readonly name: string;
  readonly role: Role;
  /** Features only. */
  readonly kind?: Kind | undefined;
  /** Why it has this kind and role, in a few words. */
  readonly why: string;
  readonly missing: number;
  /** Different values; features only. */
  readonly distinct?: number | undefined;
  /** Numeric and integer features with at least one value. */
  readonly lowest?: number | undefined;
  readonly highest?: number | undefined;
}

/** What a look at data shows before anything is done with it. */
export interface Inspection {
  readonly rows: number;
  readonly columns: readonly InspectedColumn[];
  /** In sorted order. */
  readonly classes: readonly { readonly label: Label; readonly rows: number; readonly share: number }[];
  /** Rows of the largest class over those of the smallest. */
  readonly imbalanceRatio: number;
  readonly missing: { readonly cells: number; readonly rows: number };
  /** Names of the features with one value or none. */
  readonly constant: readonly string[];
  /** Rows whose features and label equal those of an earlier row. */
  readonly duplicates: number;
  /** Rows whose features equal those of a row of another class: no classifier tells them apart. */
  readonly conflicts: number;
  /** What a careful user should know, in sentences. */
  readonly notes: readonly string[];
}

/**
 * What is in the data: classes and their imbalance, kinds and roles with their reasons, missing cells, constant columns, duplicates, identical rows with different
 * labels. Reads, and changes nothing.
 * @throws {InputError} for what no method would take.
 */
export function inspect(data: Data): Inspection {
  const dataset = read(data);
  const { n, schema } = dataset;
  const sizes = classSizes(dataset);
  const columns = schema.columns.filter(({ role }) => role !== "target").map((column) => inspectColumn(dataset, column, data));
  const features = schema.columns.filter(({ role }) => role === "feature");
  const constant = columns.filter(({ distinct, role }) => role === "feature" && distinct! < 2).map(({ name }) => name);
  const { duplicates, conflicts } = equalRows(dataset);
  const notes = [...("notes" in data ? data.notes : [])];
  if (conflicts) notes.push(`${conflicts} rows have features that a row of another class has too; no classifier can tell them apart.`);
  if (features.length === 0) notes.push("There is no feature column, so nothing can be learned.");
  return {
    rows: n,
    columns,
    classes: schema.classes.map((label, code) => ({ label, rows: sizes[code]!, share: sizes[code]! / n })),
    imbalanceRatio: Math.max(...sizes) / Math.min(...sizes),
    missing: missingCells(dataset),
    constant,
    duplicates,
    conflicts,
    notes,
  };
}

function inspectColumn(dataset: Dataset, column: Column, data: Data): InspectedColumn {
  const { name, role, kind } = column;
  const described = isTable(data) ? data.description.find((other) => other.name === name) : undefined;
  const why = described?.why ?? ((data as { kinds?: object }).kinds && kind !== "numeric" ? "declared" : "numbers");
  if (!kind) return { name, role, why, missing: described?.missing ?? 0 };
  const values = new Set<number>();
  let [missing, lowest, highest] = [0, Infinity, -Infinity];
  for (let i = 0; i < dataset.n; i++) {
    const value = cellOf(dataset, column, i);
    if (value !== value) {
      missing++;
      continue;
    }
    values.add(value);
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  const ranged = (kind === "numeric" || kind === "integer") && values.size > 0;
  return { name, role, kind, why, missing, distinct: values.size, ...(ranged && { lowest, highest }) };
}

/** A feature's number, rank or code; NaN is missing. */
function cellOf({ schema, numeric, nominal }: Dataset, { kind, place }: Column, i: number): number {
  return kind === "nominal" ? nominal[i * schema.q + place]! || NaN : numeric[i * schema.d + place]!;
}

function missingCells({ schema: { d, q }, n, numeric, nominal }: Dataset): Inspection["missing"] {
  let [cells, rows] = [0, 0];
  for (let i = 0; i < n; i++) {
    const before = cells;
    for (let c = 0; c < d; c++) if (numeric[i * d + c] !== numeric[i * d + c]) cells++;
    for (let c = 0; c < q; c++) if (nominal[i * q + c] === 0) cells++;
    if (cells > before) rows++;
  }
  return { cells, rows };
}

/** Rows with equal features, missing cells being equal, found by hashing. */
function equalRows(dataset: Dataset): { duplicates: number; conflicts: number } {
  const { n, labels } = dataset;
  const firsts = firstEquals(dataset);
  const distinct = new Set<number>();
  const mixed = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    distinct.add(firsts[i]! * dataset.schema.classes.length + labels[i]!);
    if (labels[i] !== labels[firsts[i]!]) mixed[firsts[i]!] = 1;
  }
  let conflicts = 0;
  for (let i = 0; i < n; i++) conflicts += mixed[firsts[i]!]!;
  return { duplicates: n - distinct.size, conflicts };
}
