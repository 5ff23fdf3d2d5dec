import { featuresOf, type Dataset, type Made } from "../data/dataset";
import { makeRoom } from "./emit";

/** Rows that one is to stand for. */
export interface Group {
  /** The row that lends what cannot be averaged. */
  readonly base: number;
  /** All of them, the base first. */
  readonly rows: readonly number[];
}

/** One row for each group of rows of a class: means, the most frequent codes, and the base's carried cells. */
export function averaged(data: Dataset, groups: readonly Group[]): Made {
  const { schema, numeric, nominal, labels, weights, carried } = data;
  const { d, q } = schema;
  const made = makeRoom(schema, groups.length);
  const columns = featuresOf(schema, "numeric");
  groups.forEach(({ base, rows }, t) => {
    made.labels[t] = labels[base]!;
    columns.forEach(({ kind, place }) => {
      const mean = meanOf(rows.map((row) => numeric[row * d + place]!));
      made.numeric[t * d + place] = kind === "numeric" ? mean : halfToEven(mean);
    });
    for (let c = 0; c < q; c++) made.nominal[t * q + c] = mostFrequent(rows.map((row) => nominal[row * q + c]!));
    if (weights) made.weights![t] = meanOf(rows.map((row) => weights[row]!));
    carried.forEach((cells, c) => ((made.carried[c] as unknown[])[t] = cells[base]));
  });
  return made;
}

/** Of the values present, within them whatever is rounded; NaN of none. */
function meanOf(values: readonly number[]): number {
  const present = values.filter((value) => value === value);
  if (present.length === 0) return NaN;
  // offsets from the first, so that large values that are close together keep their digits
  const first = present[0]!;
  const mean = first + present.reduce((sum, value) => sum + (value - first), 0) / present.length;
  const [low, high] = present.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [first, first]);
  return Math.min(Math.max(mean, low), high);
}

function halfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : rest === rest ? below + 1 : NaN;
}

/** Of the codes present the most frequent, ties by code; 0 of none. */
function mostFrequent(codes: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const code of codes) if (code > 0) counts.set(code, (counts.get(code) ?? 0) + 1);
  let best = 0;
  for (const [code, count] of counts) {
    const most = counts.get(best) ?? 0;
    if (count > most || (count === most && code < best)) best = code;
  }
  return best;
}
