import type { Kind } from "../contracts";
import type { Column, Dataset } from "../data/dataset";
import { withMath } from "../engine/math";
import type { Desk } from "./both";

/** One column of the synthetic rows of a class beside the real rows of the class. */
export interface ColumnQuality {
  readonly name: string;
  readonly kind: Kind;
  /** From 0, alike, to 1: the Kolmogorov–Smirnov statistic of numbers and ranks, the total variation of nominal values. Missing cells are left out; null where nothing else is there. */
  readonly distance: number | null;
  /** Of numbers and ranks: how often as large a statistic would come of equal distributions, if all rows were independent of each other, which rows made of others are not. */
  readonly pValue: number | null;
  /** Share of cells that are missing. */
  readonly missing: { readonly real: number; readonly synthetic: number };
  /** Synthetic cells below the lowest or above the highest of all real rows, or beyond declared bounds. */
  readonly outOfRange: number;
  /** Cells of an integer column that are none, and nominal values that no real row has. */
  readonly invalid: number;
}

export function columnsOf(desk: Desk, real: Uint32Array, synthetic: Uint32Array): ColumnQuality[] {
  const { data } = desk.both;
  const { schema } = data;
  const compared = (column: Column): ColumnQuality =>
    column.kind === "nominal" ? nominalColumn(data, column, real, synthetic) : numericColumn(desk, column, real, synthetic);
  return schema.columns.filter(({ role }) => role === "feature").map(compared);
}

function numericColumn(
  { both: { data }, all }: Desk,
  { name, kind, place, bounds }: Column,
  real: Uint32Array,
  synthetic: Uint32Array,
): ColumnQuality {
  const { d } = data.schema;
  const present = (rows: Uint32Array): Float64Array => {
    const values = new Float64Array(rows.length);
    let count = 0;
    for (const row of rows) {
      const value = data.numeric[row * d + place]!;
      if (value === value) values[count++] = value;
    }
    return values.subarray(0, count).sort();
  };
  const [x, y] = [present(real), present(synthetic)];
  const distance = x.length && y.length ? kolmogorovSmirnov(x, y) : null;
  const low = Math.max(all.lows[place]!, bounds?.[0] ?? -Infinity);
  const high = Math.min(all.highs[place]!, bounds?.[1] ?? Infinity);
  return {
    name,
    kind: kind!,
    distance,
    pValue: distance !== null ? kolmogorov(Math.sqrt((x.length / (x.length + y.length)) * y.length) * distance) : null,
    missing: { real: missingShare(x.length, real.length), synthetic: missingShare(y.length, synthetic.length) },
    outOfRange: y.reduce((count, value) => count + Number(value < low || value > high), 0),
    invalid: kind === "integer" ? y.reduce((count, value) => count + Number(value % 1 !== 0), 0) : 0,
  };
}

function nominalColumn(data: Dataset, { name, kind, place, levels }: Column, real: Uint32Array, synthetic: Uint32Array): ColumnQuality {
  const { q } = data.schema;
  const counts = (rows: Uint32Array): number[] => {
    const found = new Array<number>(levels!.length + 2).fill(0);
    for (const row of rows) found[data.nominal[row * q + place]!]!++;
    return found;
  };
  const [x, y] = [counts(real), counts(synthetic)];
  return {
    name,
    kind: kind!,
    distance: totalVariation(x.slice(1), y.slice(1)),
    pValue: null,
    missing: { real: missingShare(real.length - x[0]!, real.length), synthetic: missingShare(synthetic.length - y[0]!, synthetic.length) },
    outOfRange: 0,
    invalid: y[y.length - 1]!,
  };
}

function missingShare(present: number, rows: number): number {
  return rows ? 1 - present / rows : 0;
}

/** The largest difference between two empirical distribution functions, of values in order. */
export function kolmogorovSmirnov(x: Float64Array, y: Float64Array): number {
  let [i, j, most] = [0, 0, 0];
  while (i < x.length && j < y.length) {
    const value = Math.min(x[i]!, y[j]!);
    while (x[i] === value) i++;
    while (y[j] === value) j++;
    most = Math.max(most, Math.abs(i / x.length - j / y.length));
  }
  return most;
}

/** P(K > x) of Kolmogorov's limit distribution, by whichever of its two series ends soon. */
export function kolmogorov(x: number): number {
  if (!(x > 0)) return 1;
  return withMath(({ exp }) => {
    let sum = 0;
    if (x < 1) {
      for (let j = 1; j <= 7; j += 2) sum += exp((-j * j * PI_SQUARED) / (8 * x * x));
      return 1 - (Math.sqrt(TWO_PI) / x) * sum;
    }
    for (let j = 1; j <= 8; j++) sum += (j % 2 ? 2 : -2) * exp(-2 * j * j * x * x);
    return sum;
  });
}

const [TWO_PI, PI_SQUARED] = [6.283185307179586, 9.869604401089358];

/** Half the sum of the differences of two lists of shares, from counts; null where one has none. */
export function totalVariation(x: readonly number[], y: readonly number[]): number | null {
  const [n, m] = [x, y].map((counts) => counts.reduce((sum, count) => sum + count, 0)) as [number, number];
  if (!n || !m) return null;
  return x.reduce((sum, count, level) => sum + Math.abs(count / n - y[level]! / m), 0) / 2;
}
