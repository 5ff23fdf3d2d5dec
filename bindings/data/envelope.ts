import type { ColumnDescription, Columns, Data, Matrix } from "../contracts";
import { missingTest } from "./cells";
import type { Dataset, Schema } from "./dataset";
import { isTable, read } from "./read";
import { tableOf } from "./table";
import { write } from "./write";

/** Data as another thread can be sent them; cells carried along may be anything, though, and refuse to be sent. */
export type Envelope =
  | { readonly matrix: Matrix }
  | { readonly dataset: Dataset; readonly description: readonly ColumnDescription[]; readonly notes: readonly string[] };

/** Of a table what was encoded, of a matrix its numbers in one array: records and rows are slow to send. */
export function enveloped(data: Data): Envelope {
  if (isTable(data)) return { dataset: read(data), description: data.description, notes: data.notes };
  const { X, y, columns, kinds, bounds } = data;
  const width = read(data).schema.columns.length;
  // of a view all of its buffer would be sent
  if (ArrayBuffer.isView(X)) return { matrix: { X: X.byteLength < X.buffer.byteLength ? X.slice() : X, y, columns, kinds, bounds } };
  const cells = new Float64Array(X.length * width);
  X.forEach((row, i) => {
    for (let c = 0; c < width; c++) cells[i * width + c] = (row as readonly (number | null | undefined)[])[c] ?? NaN;
  });
  return { matrix: { X: cells, y, columns: width, kinds, bounds } };
}

/** Data that methods and learners cannot tell from what was sent; a table comes as columns. */
export function unwrapped(envelope: Envelope): Data {
  if ("matrix" in envelope) return envelope.matrix;
  const { dataset, description, notes } = envelope;
  const schema: Schema = {
    ...dataset.schema,
    layout: "columns",
    columns: dataset.schema.columns.map((column) => ({ ...column, array: "Array" })),
  };
  const own = { ...dataset, schema, carried: dataset.carried.map((cells) => Array.from(cells)) };
  const texts = schema.columns.flatMap(({ missing }) => (missing.startsWith("text:") ? [missing.slice("text:".length)] : []));
  return tableOf(write(schema, { ...own, m: own.n }) as Columns, own, missingTest(texts), description, notes);
}
