import type { Data } from "../contracts";
import type { Dataset } from "./dataset";
import { shaper, takeRows } from "./parts";
import { isTable } from "./read";
import { remember } from "./table";

/** Cuts parts out of the data, in its shape. What was encoded of a table is cut with it, and not read from its cells again. */
export function cutter<D extends Data>(data: D, dataset: Dataset): (rows: Uint32Array) => D {
  const shape = shaper(data);
  return (rows) => {
    const part = shape(takeRows(data, dataset.schema, rows));
    if (isTable(part)) remember(part, someRows(dataset, rows));
    return part;
  };
}

/** Some encoded rows, in the order given. */
export function someRows(data: Dataset, rows: Uint32Array): Dataset {
  const { d, q } = data.schema;
  const part = {
    numeric: new Float64Array(rows.length * d),
    nominal: new Uint32Array(rows.length * q),
    labels: new Uint32Array(rows.length),
    weights: data.weights && new Float64Array(rows.length),
  };
  rows.forEach((i, t) => {
    for (let c = 0; c < d; c++) part.numeric[t * d + c] = data.numeric[i * d + c]!;
    for (let c = 0; c < q; c++) part.nominal[t * q + c] = data.nominal[i * q + c]!;
    part.labels[t] = data.labels[i]!;
    if (part.weights) part.weights[t] = data.weights![i]!;
  });
  const carried = data.carried.map((cells) => Array.from(rows, (i) => cells[i]));
  return { ...part, schema: data.schema, n: rows.length, carried, scale: data.scale };
}
