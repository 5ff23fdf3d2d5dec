import { table, type Data, type Kind, type Label } from "../../bindings/index";
import { Numbers } from "./numbers";

/** A small data set as plain cells, in which every feature is complete or not, of given kinds. */
export interface Plain {
  readonly kinds: readonly Kind[];
  /** n rows of cells; null is missing. */
  readonly cells: readonly (readonly (number | string | null)[])[];
  readonly labels: readonly Label[];
}

const TEXTS = ["red", "green", "blue", "grey"];
const SIZES = ["S", "M", "L"];

/** Three classes of 40, 17 and 9 rows in mixed order; each class around a place of its own. */
export function plainData(kinds: readonly Kind[], missing: boolean, seed = 1, labels: readonly Label[] = ["a", "b", "c"]): Plain {
  const numbers = new Numbers(seed);
  const codes = [...new Array<number>(40).fill(0), ...new Array<number>(17).fill(1), ...new Array<number>(9).fill(2)];
  for (let i = codes.length - 1; i > 0; i--) {
    const j = numbers.below(i + 1);
    [codes[i], codes[j]] = [codes[j]!, codes[i]!];
  }
  const cell = (kind: Kind, code: number): number | string => {
    if (kind === "numeric") return code * 2 + numbers.normal();
    if (kind === "integer") return Math.round(20 + code * 5 + 6 * numbers.normal());
    if (kind === "ordinal") return SIZES[Math.min(2, numbers.below(2) + (code > 0 ? 1 : 0))]!;
    return TEXTS[numbers.below(3) + (code === 2 ? 1 : 0)]!;
  };
  return {
    kinds,
    labels: codes.map((code) => labels[code]!),
    cells: codes.map((code) => kinds.map((kind) => (missing && numbers.unit() < 0.15 ? null : cell(kind, code)))),
  };
}

export const LAYOUTS = ["nested", "Float64Array", "Float32Array", "rows", "columns", "typed columns"] as const;
export type LayoutName = (typeof LAYOUTS)[number];

/** The plain data in a layout. Layouts of numbers hold texts as numbers. */
export function inLayout(layout: LayoutName, { kinds, cells, labels }: Plain): Data {
  const coded = (cell: number | string | null): number | null =>
    typeof cell === "string" ? Math.max(TEXTS.indexOf(cell), SIZES.indexOf(cell)) : cell;
  const names = kinds.map((kind, c) => `${kind}${c}`);
  const options = {
    target: "class",
    kinds: Object.fromEntries(names.map((name, c) => [name, kinds[c]!])),
    levels: Object.fromEntries(names.filter((_, c) => kinds[c] === "ordinal" && layout !== "typed columns").map((name) => [name, SIZES])),
  };
  switch (layout) {
    case "nested":
      return { X: cells.map((row) => row.map(coded)), y: labels, kinds };
    case "Float64Array":
    case "Float32Array": {
      const type = layout === "Float64Array" ? Float64Array : Float32Array;
      return { X: type.from(cells.flatMap((row) => row.map((cell) => coded(cell) ?? NaN))), y: labels, columns: kinds.length, kinds };
    }
    case "rows":
      return table(
        cells.map((row, i) => ({ class: labels[i], ...Object.fromEntries(names.map((name, c) => [name, row[c]])) })),
        options,
      );
    case "columns":
      return table({ ...Object.fromEntries(names.map((name, c) => [name, cells.map((row) => row[c])])), class: labels }, options);
    case "typed columns":
      return table(
        { ...Object.fromEntries(names.map((name, c) => [name, Float64Array.from(cells, (row) => coded(row[c]!) ?? NaN)])), class: labels },
        options,
      );
  }
}

/** Rows of cells and labels of any data, features in their order; null is missing. */
export function plainOf(data: Data): { cells: unknown[][]; labels: Label[] } {
  const present = (cell: unknown): unknown => (cell === undefined || cell !== cell ? null : cell);
  if ("X" in data) {
    const { X, y } = data;
    const labels = Array.from(y as ArrayLike<Label>);
    const width = data.columns ?? 0;
    const nested = Array.isArray(X);
    return {
      labels,
      cells: labels.map((_, i) =>
        nested ? (X[i] as unknown[]).map(present) : Array.from((X as Float64Array).subarray(i * width, (i + 1) * width), present),
      ),
    };
  }
  const names = data.description.filter(({ role }) => role === "feature").map(({ name }) => name);
  if (data.rows) {
    return {
      labels: data.rows.map((row) => row["class"] as Label),
      cells: data.rows.map((row) => names.map((name) => present(row[name]))),
    };
  }
  const columns = data.columns!;
  const labels = Array.from(columns["class"] as ArrayLike<Label>);
  return { labels, cells: labels.map((_, i) => names.map((name) => present(columns[name]![i]))) };
}
