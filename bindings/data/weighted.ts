import type { Columns, Data, Matrix, Row, RowTable } from "../contracts";
import type { Schema } from "./dataset";
import { marked, type Mark } from "./marks";
import { shaper } from "./parts";
import { isTable } from "./read";
import type { Written } from "./write";

/** Rows and what each counts for. */
export interface Weighted {
  readonly data: Data;
  /** f64 (n), some below 0; unknown for data of the caller's. */
  readonly weights?: Float64Array;
}

/** By what was handed out. */
const known = new WeakMap<object, Required<Weighted>>();

/**
 * Rows whose weights may not be forgotten, because without them some would count for the opposite of what they say. In the caller's shape, with a column of weights; who does not ask `unsealed`
 * cannot read it, so that learners take rows and weights together, and every other door refuses them.
 */
export function sealed<D extends Data>(data: D, schema: Schema, content: Written, weights: Float64Array, mark: Mark): D {
  const made = marked(Object.freeze(withColumn(data, schema, content, weights)), mark) as D;
  known.set(made, { data: shaper<Data>(data)(content), weights });
  return made;
}

/** The rows, and their weights if they are not the caller's own. */
export function unsealed(data: Data): Weighted {
  return known.get(data) ?? { data };
}

function withColumn(data: Data, { columns }: Schema, content: Written, weights: Float64Array): object {
  if (!isTable(data)) return { ...(content as Matrix), weights };
  let name = "weight";
  while (columns.some((column) => column.name === name)) name += "_";
  const { rows, columns: _, ...rest } = data as RowTable;
  const shared = { ...rest, description: [...rest.description, { name, role: "weight", why: "made by bias correction", missing: 0 }] };
  return rows
    ? { rows: (content as readonly Row[]).map((row, i) => ({ ...row, [name]: weights[i] })), ...shared }
    : { columns: { ...(content as Columns), [name]: weights }, ...shared };
}
