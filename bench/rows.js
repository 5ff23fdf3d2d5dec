/** Rows of numbers in files: f64, little-endian, row after row. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** The row number where a library found fewer neighbors than it was asked for. */
export const NOBODY = 0xffffffff;

export function readRows(file) {
  return fill(file, Float64Array);
}

/** Row numbers: u32. */
export function readIndices(file) {
  return fill(file, Uint32Array);
}

/** Read into the array itself, so that peak memory tells of the search and not of the reading. */
function fill(file, TypedArray) {
  const handle = openSync(file, "r");
  const values = new TypedArray(fstatSync(handle).size / TypedArray.BYTES_PER_ELEMENT);
  const bytes = new Uint8Array(values.buffer);
  for (let done = 0; done < bytes.length;) done += readSync(handle, bytes, done, bytes.length - done, null);
  closeSync(handle);
  return values;
}
