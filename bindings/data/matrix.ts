import { checkOptions, list, show } from "../check";
import type { Kind, Matrix } from "../contracts";
import { InputError } from "../errors";
import { checkWithin, readBounds } from "./bounds";
import type { Column, Dataset, MissingCell, Schema } from "./dataset";
import { encodeLabels } from "./labels";

const FORMS = "{ X: rows of numbers, y } or { X: Float64Array, y, columns: 4 }";
const KINDS: readonly Kind[] = ["numeric", "integer", "ordinal", "nominal"];

/**
 * Checks and encodes numbers with labels.
 * @throws {InputError} for anything that is not n × d numbers with n labels.
 */
export function encodeMatrix(data: Matrix): Dataset {
  checkOptions("Data", data, ["X", "y", "columns", "kinds", "bounds"]);
  const { X, y } = data;
  const flat = X instanceof Float64Array || X instanceof Float32Array;
  if (!flat && !Array.isArray(X)) {
    throw new InputError("DATA", `X is ${show(X)}, but needs ${FORMS}; sparse matrices are not supported; make them dense.`);
  }
  if (!y || typeof y === "string" || typeof y.length !== "number") {
    throw new InputError("DATA", `y is ${show(y)}, but needs an array of labels, one per row.`);
  }
  const width = flat ? flatWidth(data, X.length) : nestedWidth(data);
  const n = flat ? X.length / width : X.length;
  if (n === 0) throw new InputError("DATA", "X has no rows; at least one row is needed.");
  if (y.length !== n) throw new InputError("DATA", `X has ${n} rows but y has ${y.length} labels; give one label per row.`);
  const { classes, codes: labels } = encodeLabels(y, "y");
  const kinds = kindsOf(data, width);
  for (const key of Object.keys(data.bounds ?? {})) checkColumn("bounds", key, width);
  const q = kinds.filter((kind) => kind === "nominal").length;
  const d = width - q;
  const plain = X instanceof Float64Array && kinds.every((kind) => kind === "numeric");
  const numeric = plain ? X : new Float64Array(n * d);
  const nominal = new Uint32Array(n * q);
  const codes: Map<number, number>[] = kinds.filter((kind) => kind === "nominal").map(() => new Map<number, number>());
  let places = 0;
  const place = kinds.map((kind) => (kind === "nominal" ? places++ : 0));
  places = 0;
  for (let c = 0; c < width; c++) if (kinds[c] !== "nominal") place[c] = places++;
  const missing = plain ? checkFinite(X, width) : readCells(X, flat, width, n, kinds, place, numeric, nominal, codes);
  const columns = kinds.map((kind, c): Column => {
    const bounds = readBounds(data.bounds?.[c], `column ${c}`, kind);
    checkWithin(bounds, `column ${c}`, numeric, n, d, place[c]!);
    const levels =
      kind === "nominal" ? [...codes[place[c]!]!.keys()] : kind === "ordinal" ? rankColumn(numeric, n, d, place[c]!) : undefined;
    return {
      name: String(c),
      role: "feature",
      kind,
      place: place[c]!,
      missing,
      array: flat ? X.constructor.name : "Array",
      ...(levels && { levels }),
      ...(bounds && { bounds }),
    };
  });
  const schema: Schema = {
    layout: flat ? "flat" : "nested",
    columns,
    target: "y",
    classes,
    labelArray: Array.isArray(y) ? "Array" : y.constructor.name,
    d,
    q,
    carried: 0,
    weighted: false,
    extra: Object.fromEntries(Object.entries(data).filter(([key]) => key === "columns" || key === "kinds")),
  };
  return { schema, n, numeric, nominal, labels, weights: null, carried: [], scale: "none" };
}

function flatWidth(data: Matrix, length: number): number {
  const { columns } = data;
  if (typeof columns !== "number" || !Number.isInteger(columns) || columns < 1 || length % columns !== 0) {
    throw new InputError(
      "DATA",
      `X is a flat array of ${length} numbers with columns: ${show(columns)}; give the whole number of columns that divides it, { X, y, columns: 4 }.`,
    );
  }
  return columns;
}

function nestedWidth({ X, columns }: Matrix): number {
  const first: unknown = X[0];
  const width = Array.isArray(first) || ArrayBuffer.isView(first) ? (first as ArrayLike<unknown>).length : undefined;
  if (X.length === 0) return 1;
  if (width === undefined)
    throw new InputError("DATA", `X[0] is ${show(first)}, but needs ${FORMS}; for objects use table(rows, { target }).`);
  if (width === 0) throw new InputError("DATA", "X[0] has no columns; at least one feature is needed.");
  if (columns !== undefined && columns !== width) {
    throw new InputError("DATA", `columns is ${show(columns)} but X[0] has ${width} numbers; leave columns out.`);
  }
  for (let i = 0; i < X.length; i++) {
    const length = (X[i] as ArrayLike<unknown> | null)?.length;
    if (length !== width)
      throw new InputError("DATA", `X[${i}] has ${length ?? "no"} numbers but X[0] has ${width}; all rows need the same length.`);
  }
  return width;
}

function kindsOf({ kinds }: Matrix, width: number): Kind[] {
  const result = new Array<Kind>(width).fill("numeric");
  if (kinds === undefined) return result;
  for (const [key, kind] of Object.entries(kinds)) {
    const c = checkColumn("kinds", key, width);
    if (!KINDS.includes(kind)) throw new InputError("OPTION", `kinds[${c}] is ${show(kind)}, but needs one of ${list(KINDS)}.`);
    result[c] = kind;
  }
  return result;
}

function checkColumn(option: string, key: string, width: number): number {
  const c = Number(key);
  if (Number.isInteger(c) && c >= 0 && c < width) return c;
  throw new InputError("OPTION", `${option} names column ${show(key)}, but X has columns 0 to ${width - 1}.`);
}

/** numeric (n, d), nominal (n, q) ← the cells of X; codes: what each nominal value was given. Returns how the first missing cell is written. */
function readCells(
  X: Matrix["X"],
  flat: boolean,
  width: number,
  n: number,
  kinds: readonly Kind[],
  place: readonly number[],
  numeric: Float64Array,
  nominal: Uint32Array,
  codes: readonly Map<number, number>[],
): MissingCell {
  let missing: MissingCell | undefined;
  const q = codes.length;
  const d = width - q;
  for (let i = 0; i < n; i++) {
    const row = (flat ? X : X[i]) as ArrayLike<unknown>;
    const first = flat ? i * width : 0;
    for (let c = 0; c < width; c++) {
      const cell = row[first + c];
      const value = typeof cell === "number" ? cell : absent(cell, i, c);
      if (value !== value) missing ??= cell === null ? "null" : cell === undefined ? "undefined" : "NaN";
      if (value - value !== 0 && value === value) refuse(value, i, c);
      const kind = kinds[c];
      if (kind === "nominal") {
        if (value === value) nominal[i * q + place[c]!] = codeOf(codes[place[c]!]!, value);
        continue;
      }
      if (kind === "integer" && value % 1 !== 0 && value === value) {
        throw new InputError("COLUMN", `X[${i}][${c}] is ${value}, but column ${c} is declared integer; use kind "numeric".`);
      }
      numeric[i * d + place[c]!] = value;
    }
  }
  return missing ?? "NaN";
}

function codeOf(codes: Map<number, number>, value: number): number {
  let code = codes.get(value);
  if (code === undefined) {
    code = codes.size + 1;
    codes.set(value, code);
  }
  return code;
}

/** x − x is 0 for finite numbers only, so one sum tells whether there is anything to look for. */
function checkFinite(X: Float64Array, width: number): MissingCell {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = X.length & ~3;
  for (let at = 0; at < whole; at += 4) {
    a += X[at]! - X[at]!;
    b += X[at + 1]! - X[at + 1]!;
    c += X[at + 2]! - X[at + 2]!;
    d += X[at + 3]! - X[at + 3]!;
  }
  if (a + b + c + d !== 0 || whole < X.length) {
    X.forEach((value, at) => {
      if (value === Infinity || value === -Infinity) refuse(value, Math.floor(at / width), at % width);
    });
  }
  return "NaN";
}

/** Turns one numeric column into ranks of its distinct values, which it returns. */
function rankColumn(numeric: Float64Array, n: number, d: number, place: number): number[] {
  const values = new Set<number>();
  for (let i = 0; i < n; i++) values.add(numeric[i * d + place]!);
  const levels = [...values].filter((value) => value === value).sort((a, b) => a - b);
  const ranks = new Map(levels.map((value, rank) => [value, rank]));
  for (let i = 0; i < n; i++) numeric[i * d + place] = ranks.get(numeric[i * d + place]!) ?? NaN;
  return levels;
}

function absent(cell: unknown, i: number, c: number): number {
  if (cell === null || cell === undefined) return NaN;
  throw new InputError("DATA", `X[${i}][${c}] is ${show(cell)}, but X holds numbers; for other columns use table(rows, { target }).`);
}

function refuse(value: number, i: number, c: number): never {
  throw new InputError("DATA", `X[${i}][${c}] is ${value}; only finite numbers and missing cells (null, undefined, NaN) are allowed.`);
}
