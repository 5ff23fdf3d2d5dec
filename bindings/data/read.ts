import { show } from "../check";
import type { Data } from "../contracts";
import { InputError } from "../errors";
import type { Dataset } from "./dataset";
import { encodeMatrix } from "./matrix";
import { datasetOf } from "./table";

/**
 * The caller's data, checked and encoded.
 * @throws {InputError} when it is neither numbers with labels nor a table.
 */
export function read(data: Data): Dataset {
  if (typeof data !== "object" || data === null || !(isTable(data) || "X" in data)) {
    throw new InputError("DATA", `Data is ${show(data)}, but needs { X, y }, or table(rows, { target }) for objects and columns.`);
  }
  return encoded.get(data) ?? (isTable(data) ? datasetOf(data) : encodeMatrix(data));
}

/** Of parts that were cut out of other data. */
const encoded = new WeakMap<Data, Dataset>();

/** Tells how data are encoded that no one writes to any more. */
export function remember(data: Data, dataset: Dataset): void {
  encoded.set(data, dataset);
}

/** Whether data is a table rather than a matrix. */
export function isTable(data: Data): data is Extract<Data, { target: string }> {
  return "target" in data;
}
