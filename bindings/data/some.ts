import type { Data, Matrix, Origins } from "../contracts";
import type { Lend } from "../run/work";
import type { Dataset } from "./dataset";
import { shaper, takeRows } from "./parts";
import { isTable, read, remember } from "./read";

/**
 * Cuts parts out of the data, in its shape. What was encoded of a table is cut with it, and not read from its cells again; of a matrix too, where the part is lent its memory: nobody but us sees it then.
 */
export function cutter<D extends Data>(data: D, dataset: Dataset): (rows: Uint32Array, lend?: Lend) => D {
  const shape = shaper(data);
  return (rows, lend) => {
    const part = shape(takeRows(data, dataset.schema, rows, lend));
    if (isTable(part)) remember(part, someRows(dataset, rows));
    else if (lend) rememberNumbers(part, data as Matrix, dataset, rows, lend);
    return part;
  };
}

/** Tells the encoding of what one of our methods made of data that we cut: a row has the label of its base. */
export function rememberMade(made: Data, of: Data, { base }: Origins, lend: Lend): void {
  if (!isTable(made)) rememberNumbers(made, of as Matrix, read(of), base, lend);
}

/** Of a matrix that is its own encoding, and has rows of all classes; `bases`: the rows of `of` whose labels its rows have. */
function rememberNumbers(made: Matrix, of: Matrix, { schema, numeric, labels, scale }: Dataset, bases: Uint32Array, lend: Lend): void {
  const X = made.X;
  if (numeric !== of.X || !(X instanceof Float64Array) || X.length !== bases.length * schema.d) return;
  const occurs = new Uint8Array(schema.classes.length);
  const codes = new Uint32Array(lend(Math.ceil(bases.length / 2)).buffer, 0, bases.length);
  for (let i = 0; i < bases.length; i++) occurs[(codes[i] = labels[bases[i]!]!)] = 1;
  if (occurs.includes(0)) return;
  const none = { nominal: new Uint32Array(0), weights: null, carried: [] };
  remember(made, { ...none, schema, n: bases.length, numeric: X, labels: codes, scale });
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
