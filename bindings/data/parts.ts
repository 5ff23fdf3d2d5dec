import type { Columns, Data, Labels, Matrix, Row } from "../contracts";
import type { Lend } from "../run/work";
import type { Schema } from "./dataset";
import { isTable } from "./read";
import { tablesLike } from "./table";
import { arrayOf, written, type Written } from "./write";

/** Turns written content into data of the same shape as `data`, none of which it keeps alive. */
export function shaper<D extends Data>(data: D): (content: Written) => D {
  if (!isTable(data)) return (content) => content as D;
  const make = tablesLike(data);
  return (content) => make(content as readonly Row[] | Columns) as D;
}

/** The content of the data with more behind it; original rows are the same objects. */
export function append(data: Data, schema: Schema, more: Written): Written {
  return join(written(data), more, schema.layout);
}

/** Some rows of the data, in the order given; flat doubles in memory that is lent. */
export function takeRows(data: Data, schema: Schema, rows: Uint32Array, lend?: Lend): Written {
  if (schema.layout === "rows") {
    const all = written(data) as readonly Row[];
    return Array.from(rows, (i) => all[i]!);
  }
  if (schema.layout === "columns") {
    return Object.fromEntries(Object.entries(written(data) as Columns).map(([name, cells]) => [name, pick(cells, rows, 1)]));
  }
  const { X, y, ...extra } = data as Matrix;
  const cells = schema.layout === "flat" ? pick(X as ArrayLike<unknown>, rows, schema.columns.length, lend) : Array.from(rows, (i) => X[i]);
  return { X: cells, y: pick(y, rows, 1), ...extra } as unknown as Matrix;
}

/** One content after the other. */
export function join(first: Written, second: Written, layout: string): Written {
  if (layout === "rows") return concatenate(first as readonly Row[], second as readonly Row[]) as readonly Row[];
  if (layout === "columns") {
    const more = second as Columns;
    return Object.fromEntries(Object.entries(first as Columns).map(([name, cells]) => [name, concatenate(cells, more[name]!)]));
  }
  const { X, y } = first as Matrix;
  const more = second as Matrix;
  return { ...(first as Matrix), X: concatenate(X, more.X) as Matrix["X"], y: concatenate(y, more.y) as Labels };
}

/** Both, in an array of the first one's type: the second one's own, where that has the first in front already. */
function concatenate(first: ArrayLike<unknown>, second: ArrayLike<unknown>): ArrayLike<unknown> {
  if (Array.isArray(first)) return first.concat(second);
  const [former, latter] = [first as Float64Array, second as Float64Array];
  const length = former.length + latter.length;
  if (latter.byteOffset === former.byteLength && latter.buffer?.byteLength === 8 * length) return new Float64Array(latter.buffer);
  const both = arrayOf(first.constructor.name, length) as unknown as Float64Array;
  both.set(former);
  both.set(latter, former.length);
  return both;
}

/** Cells of some rows, `width` to a row, in an array of the same type. */
function pick(cells: ArrayLike<unknown>, rows: Uint32Array, width: number, lend?: Lend): ArrayLike<unknown> {
  if (lend && cells instanceof Float64Array) return pickNumbers(lend(rows.length * width), cells, rows, width);
  const picked = arrayOf(Array.isArray(cells) ? "Array" : cells.constructor.name, rows.length * width);
  if (cells instanceof Float64Array) return pickNumbers(picked as unknown as Float64Array, cells, rows, width);
  for (let t = 0, at = 0; t < rows.length; t++) {
    for (let c = 0, from = rows[t]! * width; c < width; c++) picked[at++] = cells[from + c];
  }
  return picked;
}

/** Numbers from which copying them together is faster than one by one. */
const MANY = 64;

/** The same of doubles: a loop of its own is many times as fast as one that meets arrays of every type, and rows that follow each other are copied together. */
export function pickNumbers(picked: Float64Array, cells: Float64Array, rows: Uint32Array, width: number): Float64Array {
  for (let t = 0, end = 0, at = 0; t < rows.length; t = end) {
    end = t + 1;
    while (end < rows.length && rows[end] === rows[end - 1]! + 1) end++;
    const from = rows[t]! * width;
    const length = (end - t) * width;
    if (length >= MANY) picked.set(cells.subarray(from, from + length), at);
    else for (let c = 0; c < length; c++) picked[at + c] = cells[from + c]!;
    at += length;
  }
  return picked;
}
