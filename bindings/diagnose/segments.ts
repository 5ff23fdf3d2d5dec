import type { Dataset } from "../data/dataset";
import { median } from "../search/statistics";

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
  /** How probable it is at most that any of the rows looked at lies so by chance, were columns independent. */
  readonly chance: number;
}

/** Rows on a line with others by chance less often than this are taken to be made so. */
export const LEAST_CHANCE = 1e-6;

/**
 * The least probable of the triples that row s makes with two of the candidates: s between two of them, or, if `asEnd`, also one of them between s and another. Every column bounds how far along a
 * row in the middle can be; where no place is left, it is not on the line. Each column that leaves some lowers the chance by how much of the candidates' spread would not have. Missing cells
 * and nominal columns tell nothing.
 */
export function tripleOf(
  { schema: { d }, numeric }: Dataset,
  roundings: Float64Array,
  s: number,
  candidates: ArrayLike<number>,
  asEnd: boolean,
): Triple | null {
  const spreads = spreadsOf(numeric, d, s, candidates);
  const pairs = (candidates.length * (candidates.length - 1)) / 2;
  let best: Triple | null = null;
  const look = (middle: number, a: number, b: number): void => {
    const chance = chanceBetween(numeric, d, roundings, spreads, middle, a, b) * pairs;
    if (chance < (best?.chance ?? LEAST_CHANCE)) best = { middle, ends: [a, b], chance };
  };
  for (let i = 1; i < candidates.length; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [candidates[j]!, candidates[i]!];
      look(s, a, b);
      if (!asEnd) continue;
      look(a, s, b);
      look(b, s, a);
    }
  }
  return best;
}

/** Whether a row on a line with two candidates could be told from chance at all. */
export function canTell({ schema: { d }, numeric }: Dataset, roundings: Float64Array, s: number, candidates: ArrayLike<number>): boolean {
  const spreads = spreadsOf(numeric, d, s, candidates);
  let [chance, most] = [(candidates.length * candidates.length) / 2, 0];
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
  return new Float64Array(d).map((_, c) => {
    const own = numeric[s * d + c]!;
    return 2 * median(Float64Array.from(candidates, (row) => Math.abs(numeric[row * d + c]! - own)).filter((far) => far === far));
  });
}

/** Chance that a row would lie between two others as this one does; 1 where it does not. */
function chanceBetween(
  numeric: Float64Array,
  d: number,
  roundings: Float64Array,
  spreads: Float64Array,
  middle: number,
  a: number,
  b: number,
): number {
  let [low, high, chance] = [0, 1, 1];
  for (let c = 0; c < d; c++) {
    const from = numeric[a * d + c]!;
    const far = numeric[b * d + c]! - from;
    const along = numeric[middle * d + c]! - from;
    const rounding = roundings[c]!;
    if (far !== far || along !== along) continue;
    if (far === 0) {
      // three equal cells tell little: a column may hold one value in most rows
      if (Math.abs(along) > rounding) return 1;
      continue;
    }
    const width = (high - low) * Math.abs(far) + 2 * rounding;
    const [one, other] = [(along - rounding) / far, (along + rounding) / far];
    low = Math.max(low, Math.min(one, other));
    high = Math.min(high, Math.max(one, other));
    if (low > high) return 1;
    if (width < spreads[c]!) chance *= width / spreads[c]!;
  }
  // a row that could as well be one of the two is no row between them
  return low > 0 && high < 1 ? chance : 1;
}
