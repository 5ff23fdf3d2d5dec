import { checkInteger, checkOptions, show } from "../check";
import { InputError } from "../errors";

/** A dense matrix with labels, as `smote().resample` takes it. */
export interface Libsvm {
  /** n · columns numbers, row after row; what a line leaves out is 0. */
  readonly X: Float64Array;
  /** n labels. */
  readonly y: Float64Array;
  readonly columns: number;
}

export interface ReadLibsvmOptions {
  /** Number of columns; a test file may lack the last ones of its training file. Default: the highest index. */
  readonly columns?: number | undefined;
  /** Whether the first column is 0 rather than 1, as scikit-learn writes it unless told otherwise. Default false. */
  readonly zeroBased?: boolean | undefined;
}

export interface WriteLibsvmOptions {
  /** Default false: the first column is 1. */
  readonly zeroBased?: boolean | undefined;
}

/** 2 GiB as doubles. */
const MOST_CELLS = 1 << 28;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Reads the text format of LIBSVM and SVMlight, one row a line: `label index:value index:value … # comment`. Indices begin at 1 and ascend. Labels are
 * numbers, whole or not; "nan" is a missing value. The result is dense.
 * @throws {InputError} that names the line, for what is not in the format, for qid and lists of labels, and when the dense matrix would exceed 2 GiB.
 */
export function readLibsvm(text: string, options: ReadLibsvmOptions = {}): Libsvm {
  checkOptions("readLibsvm", options, ["columns", "zeroBased"]);
  const first = checkFlag(options.zeroBased) ? 0 : 1;
  const wanted = options.columns === undefined ? undefined : checkInteger("columns", options.columns, 1);
  if (typeof text !== "string") {
    throw new InputError(
      "DATA",
      `readLibsvm was given ${show(text)}, but needs the text of a file; for bytes use new TextDecoder().decode(bytes).`,
    );
  }
  const labels: number[] = [];
  // the cells that are there: row by row, ends[i] is where row i ends
  const ends: number[] = [];
  const indices: number[] = [];
  const values: number[] = [];
  text.split(/\r\n|\n|\r/).forEach((line, i) => {
    const [label, ...cells] = line.replace(/#.*$/, "").trim().split(/\s+/);
    if (!label) return;
    labels.push(labelOf(label, i + 1));
    let before = first - 1;
    for (const cell of cells) {
      const [index, value] = cellOf(cell, i + 1, first);
      if (index <= before) throw wrong(i + 1, `has index ${index} after ${before}, but indices ascend; sort them`);
      if (wanted !== undefined && index - first >= wanted)
        throw wrong(i + 1, `has index ${index}, but columns is ${wanted}; raise it or leave it out`);
      indices.push((before = index) - first);
      values.push(value);
    }
    ends.push(indices.length);
  });
  if (labels.length === 0) throw new InputError("DATA", "readLibsvm found no rows; a line is label index:value index:value.");
  const columns = wanted ?? indices.reduce((most, index) => Math.max(most, index + 1), 0);
  if (columns === 0) throw new InputError("DATA", "readLibsvm found rows without any value; say columns: 4 if all are zero.");
  const X = denseMatrix(labels.length, columns);
  for (let i = 0, at = 0; i < ends.length; i++) for (; at < ends[i]!; at++) X[i * columns + indices[at]!] = values[at]!;
  return { X, y: Float64Array.from(labels), columns };
}

/**
 * Writes a dense matrix with labels in the text format of LIBSVM. Zeros are left out, NaN is "nan", numbers have all their digits.
 * @throws {InputError} when sizes differ, or labels are no finite numbers or booleans.
 */
export function writeLibsvm(
  data: { readonly X: ArrayLike<number>; readonly y: ArrayLike<unknown>; readonly columns: number },
  options: WriteLibsvmOptions = {},
): string {
  checkOptions("writeLibsvm", options, ["zeroBased"]);
  const first = checkFlag(options.zeroBased) ? 0 : 1;
  const { X, y, columns } = checkMatrix(data);
  const lines: string[] = [];
  for (let i = 0; i < y.length; i++) {
    let line = writtenLabel(y[i], i);
    for (let c = 0; c < columns; c++) {
      const value = X[i * columns + c]!;
      if (value !== 0) line += ` ${c + first}:${writtenValue(value, i, c)}`;
    }
    lines.push(line);
  }
  return `${lines.join("\n")}\n`;
}

function labelOf(text: string, line: number): number {
  if (/^[^:]+,/.test(text)) throw wrong(line, `has the labels ${show(text)}, but several labels per row are not supported; keep one`);
  const value = NUMBER.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(value)) throw wrong(line, `begins with ${show(text)}, but needs a label that is a number; write classes as 0, 1, 2`);
  return value;
}

function cellOf(text: string, line: number, first: number): readonly [index: number, value: number] {
  const colon = text.indexOf(":");
  const [name, digits] = [text.slice(0, colon), text.slice(colon + 1)];
  if (colon > 0 && name === "qid") throw wrong(line, `has ${show(text)}, but groups of queries (qid) are for ranking; remove them`);
  const index = colon > 0 && /^\d+$/.test(name) ? Number(name) : NaN;
  const value = NUMBER.test(digits) ? Number(digits) : NaN;
  if (!Number.isSafeInteger(index) || !(Number.isFinite(value) || /^[+-]?nan$/i.test(digits))) {
    throw wrong(line, `has ${show(text)}, but needs index:value with a whole number and a finite one, like 3:0.5`);
  }
  if (index < first) throw wrong(line, "has index 0, but indices begin at 1; if they begin at 0, say zeroBased: true");
  return [index, value];
}

function denseMatrix(n: number, columns: number): Float64Array {
  if (n * columns > MOST_CELLS) {
    const size = ((n * columns * 8) / 1e9).toPrecision(3);
    throw new InputError(
      "DATA",
      `${n} rows of ${columns} columns would take ${size} GB as a dense matrix, and 2.15 GB is the most; sparse matrices are not supported, so keep fewer columns.`,
    );
  }
  return new Float64Array(n * columns);
}

function checkMatrix(data: unknown): { X: ArrayLike<number>; y: ArrayLike<unknown>; columns: number } {
  const { X, y, columns } = (data ?? {}) as Partial<ReturnType<typeof checkMatrix>>;
  const arrays = [X, y].every((cells) => Array.isArray(cells) || (ArrayBuffer.isView(cells) && !(cells instanceof DataView)));
  if (!arrays || !Number.isSafeInteger(columns) || columns! < 1 || X!.length !== y!.length * columns!) {
    throw new InputError(
      "DATA",
      `writeLibsvm was given ${show(data)}, but needs { X, y, columns } with y.length · columns numbers in X; for rows of numbers use X.flat(), for tables toMatrix(table).`,
    );
  }
  return { X: X!, y: y!, columns: columns! };
}

function writtenLabel(label: unknown, i: number): string {
  if (typeof label === "boolean") return label ? "1" : "0";
  if (typeof label === "number" && Number.isFinite(label)) return String(label);
  throw new InputError(
    "LABEL",
    `y is ${show(label)} in row ${i}, but LIBSVM needs numbers for labels; toMatrix(data).y has them as codes.`,
  );
}

function writtenValue(value: unknown, i: number, c: number): string {
  if (typeof value === "number" && value !== Infinity && value !== -Infinity) return value === value ? String(value) : "nan";
  throw new InputError("DATA", `X is ${show(value)} in row ${i}, column ${c}, but writeLibsvm needs finite numbers or NaN.`);
}

function checkFlag(zeroBased: unknown): boolean {
  if (zeroBased === undefined || typeof zeroBased === "boolean") return zeroBased === true;
  throw new InputError("OPTION", `zeroBased is ${show(zeroBased)}, but needs true or false.`);
}

function wrong(line: number, what: string): InputError {
  return new InputError("DATA", `Line ${line} ${what}.`);
}
