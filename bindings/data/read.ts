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
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new InputError("DATA", `Data is ${show(data)}, but needs { X, y }, or table(rows, { target }) for objects and columns.`);
  }
  if (isTable(data)) return datasetOf(data);
  if (!("X" in data)) {
    throw new InputError("DATA", `Data is ${show(data)}, but needs { X, y }; for objects and columns use table(rows, { target }).`);
  }
  return encodeMatrix(data);
}

/** Whether data is a table rather than a matrix. */
export function isTable(data: Data): data is Extract<Data, { target: string }> {
  return "target" in data;
}
