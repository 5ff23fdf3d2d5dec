import type { Dataset } from "../data/dataset";
import { median } from "../search/statistics";
import type { Desk, Near } from "./both";

/** Decimal places that are looked for in a column. */
const PLACES = 6;
/** A few roundings of f64, and one of f32, as shares of the largest number. */
const [DOUBLE, SINGLE] = [1 / 2251799813685248, 1 / 16777216];

/**
 * f64 (d): how far a cell of some rows may be from what was computed, because it was rounded: half a unit of the last decimal place that the column has, or the rounding of f32, or of f64.
 */
export function roundingsOf({ schema: { d }, numeric }: Dataset, rows: Uint32Array): Float64Array {
  return new Float64Array(d).map((_, c) => {
    const values = Float64Array.from(rows, (row) => numeric[row * d + c]!).filter((value) => value === value);
    let power = 1;
    let places = 0;
    const hasMore = (value: number): boolean => Math.round(value * power) / power !== value;
    for (const value of values) {
      for (; places <= PLACES && hasMore(value); places++) power *= 10;
      if (places > PLACES) break;
    }
    if (places <= PLACES) return 0.5 / power;
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return largest * (values.every((value) => Math.fround(value) === value) ? SINGLE : DOUBLE);
  });
}

/** Three rows of which one lies between the two others. */
export interface Triple {
  readonly middle: number;
  readonly ends: readonly [number, number];
}

/** A row on a line with two of its candidates, which chance would bring about less often than this were columns independent, is taken to be made so. */
const LEAST_CHANCE = 1e-6;

/** Work of looking for a triple among k candidates: comparing one takes about as long as 300 multiply-adds in a kernel. */
export function tripleWork(k: number, asEnd: boolean): number {
  return 150 * k * k * (asEnd ? 3 : 1);
}

/** The triple of each of the rows among its nearest; see `tripleOf`. */
export function triplesOf(
  desk: Desk,
  roundings: Float64Array,
  rows: Uint32Array,
  { k, indices }: Near,
  asEnd: boolean,
): Promise<(Triple | null)[]> {
  const each = tripleWork(k, asEnd);
  return desk.part(rows.length * each, async (work) => {
    const found: (Triple | null)[] = [];
    for (const [t, row] of rows.entries()) {
      found.push(tripleOf(desk.both.data, roundings, row, indices.subarray(t * k, (t + 1) * k), asEnd));
      await work.step(each);
    }
    return found;
  });
}

/**
 * The least probable of the triples that row s makes with two of the candidates: s between two of them, or, if `asEnd`, also one of them between s and another. Every column bounds how far along a
 * row in the middle can be; where no place is left, it is not on the line. Each column that leaves some lowers the chance by how much of the candidates' spread would not have. Missing cells
 * and nominal columns tell nothing.
 */
function tripleOf(
  { schema: { d }, numeric }: Dataset,
  roundings: Float64Array,
  s: number,
  candidates: ArrayLike<number>,
  asEnd: boolean,
): Triple | null {
  const spreads = spreadsOf(numeric, d, s, candidates);
  const pairs = (candidates.length * (candidates.length - 1)) / 2;
  let least = LEAST_CHANCE / pairs;
  let best: Triple | null = null;
  for (let i = 1; i < candidates.length; i++) {
    for (let j = 0; j < i; j++) {
      for (let form = 0; form < (asEnd ? 3 : 1); form++) {
        const middle = form === 0 ? s : form === 1 ? candidates[i]! : candidates[j]!;
        const a = form === 1 ? s : candidates[i]!;
        const b = form === 2 ? s : candidates[j]!;
        const chance = chanceBetween(numeric, d, roundings, spreads, middle, a, b);
        if (chance >= least) continue;
        least = chance;
        best = { middle, ends: [a, b] };
      }
    }
  }
  return best;
}

/** Whether a row on a line with two candidates could be told from chance at all. */
export function canTell({ schema: { d }, numeric }: Dataset, roundings: Float64Array, s: number, candidates: ArrayLike<number>): boolean {
  const spreads = spreadsOf(numeric, d, s, candidates);
  let [chance, most] = [(candidates.length * candidates.length) / 2, 1];
  for (let c = 0; c < d; c++) {
    if (!(spreads[c]! > 0)) continue;
    const share = Math.min(1, (2 * roundings[c]!) / spreads[c]!);
    most = Math.max(most, 1 / share);
    chance *= share;
  }
  // one column says how far along, the others whether
  return chance * most < LEAST_CHANCE;
}

/** f64 (d): where the cells of a row half as far away as the candidates' would lie: twice the median distance, which a few far ones do not widen. */
function spreadsOf(numeric: Float64Array, d: number, s: number, candidates: ArrayLike<number>): Float64Array {
  const apart = new Float64Array(candidates.length);
  return new Float64Array(d).map((_, c) => {
    let present = 0;
    for (let t = 0; t < candidates.length; t++) {
      const far = Math.abs(numeric[candidates[t]! * d + c]! - numeric[s * d + c]!);
      if (far === far) apart[present++] = far;
    }
    return 2 * median(apart.subarray(0, present));
  });
}

/** Chance that a row would lie between two others as this one does; 1 where it does not. Plain variables: arrays in their place take ten times as long. */
function chanceBetween(
  numeric: Float64Array,
  d: number,
  roundings: Float64Array,
  spreads: Float64Array,
  middle: number,
  a: number,
  b: number,
): number {
  let low = 0;
  let high = 1;
  let chance = 1;
  for (let c = 0, at = a * d, to = b * d, own = middle * d; c < d; c++, at++, to++, own++) {
    const from = numeric[at]!;
    const far = numeric[to]! - from;
    const along = numeric[own]! - from;
    if (far !== far || along !== along) continue;
    const rounding = roundings[c]!;
    if (far === 0) {
      // three equal cells tell little: a column may hold one value in most rows
      if (along > rounding || along < -rounding) return 1;
      continue;
    }
    const slack = rounding / (far < 0 ? -far : far);
    const place = along / far;
    const width = (high - low) * (far < 0 ? -far : far) + 2 * rounding;
    if (place - slack > low) low = place - slack;
    if (place + slack < high) high = place + slack;
    if (low > high) return 1;
    if (width < spreads[c]!) chance *= width / spreads[c]!;
  }
  // a row that could as well be one of the two is no row between them
  return low > 0 && high < 1 ? chance : 1;
}
