import { ROUNDING, type Shape, type Translations } from "./chebyshev";

/** Boxes of one side in each column, numbered column by column, with as many empty ones around them as matter to each other. */
export interface Grid extends Shape {
  readonly side: number;
  /** f64 (d): the lowest cells. */
  readonly origins: Float64Array;
  /** Boxes along each column, and how far apart the numbers of two neighbors are. */
  readonly lengths: readonly number[];
  readonly strides: readonly number[];
}

/** A box with moments or coefficients of its own. */
export interface Box {
  readonly place: number;
  /** What they can make of a polynomial at most, and what that may be off by. */
  mass: number;
  error: number;
}

/** So many boxes along a column leave half of a cell's digits to its place in a box; so many in all are counted by whole numbers. */
const MOST_ALONG = 67108864;
const MOST_BOXES = 9007199254740991;

/** The boxes around all rows of (n, d), if they are not too many. */
export function gridOf(rows: Float64Array, d: number, side: number, shape: Shape): Grid | undefined {
  const origins = new Float64Array(d).fill(Infinity);
  const highs = new Float64Array(d).fill(-Infinity);
  for (let at = 0; at < rows.length; at += d) {
    for (let c = 0; c < d; c++) {
      const value = rows[at + c]!;
      if (value < origins[c]!) origins[c] = value;
      if (value > highs[c]!) highs[c] = value;
    }
  }
  let boxes = 1;
  const strides: number[] = [];
  const lengths = Array.from(origins, (low, c) => {
    const length = Math.floor((highs[c]! - low) / side) + 1 + 2 * shape.reach;
    strides.push(boxes);
    boxes *= length;
    return length;
  });
  return lengths.every((length) => length < MOST_ALONG) && boxes < MOST_BOXES ? { ...shape, side, origins, lengths, strides } : undefined;
}

/** Number of the box of row i of (n, d); −1 for one that is beyond all, from where nothing is within reach either. */
export function numberOf({ side, reach, origins, lengths, strides }: Grid, rows: Float64Array, i: number): number {
  const d = strides.length;
  let number = 0;
  for (let c = 0; c < d; c++) {
    const place = Math.floor((rows[i * d + c]! - origins[c]!) / side) + reach;
    if (!(place >= 0 && place < lengths[c]!)) return -1;
    number += place * strides[c]!;
  }
  return number;
}

/** Boxes with rows of these weights, by number, and u32 (n): each row's. */
export function homesOf(
  grid: Grid,
  rows: Float64Array,
  weights: Float64Array,
): { readonly homes: Map<number, Box>; readonly at: Uint32Array } {
  const homes = new Map<number, Box>();
  const at = Uint32Array.from(weights, (weight, i) => {
    const number = numberOf(grid, rows, i);
    let home = homes.get(number);
    if (!home) homes.set(number, (home = { place: homes.size, mass: 0, error: 0 }));
    home.mass += weight;
    // each sum so far is rounded once more; a polynomial of degree p is off by 1.5 p²
    home.error += (home.mass + 5 * grid.p * grid.p * weight) * ROUNDING;
    return home.place;
  });
  return { homes, at };
}

/** Which expansions some queries want, and how they are made: of homes by steps along the first column, of what these give by steps along the second, and so on. */
export interface Plan {
  /** By the number of columns: boxes by number, null for those that nothing is within reach of. */
  readonly boxes: readonly Map<number, Box | null>[];
  /** By column: place of a box, of one that it is made of, offset. */
  readonly steps: readonly number[][];
  readonly counts: number[];
  /** Of each query. */
  readonly asked: (Box | null)[];
}

/** The plan for the first queries of an order, as many as need about so many boxes at most. */
export function planOf(
  grid: Grid,
  homes: Map<number, Box>,
  translations: Translations,
  queries: Float64Array,
  order: Uint32Array,
  most: number,
): Plan {
  const { strides } = grid;
  const plan: Plan = {
    boxes: [homes, ...strides.map(() => new Map<number, Box | null>())],
    steps: strides.map(() => []),
    counts: strides.map(() => 0),
    asked: [],
  };
  for (const i of order) {
    if (plan.counts.reduce((sum, count) => sum + count) >= most) break;
    plan.asked.push(want(plan, grid, translations, strides.length, numberOf(grid, queries, i)));
  }
  return plan;
}

/** A box after steps along so many columns. */
function want(plan: Plan, grid: Grid, translations: Translations, columns: number, number: number): Box | null {
  const known = plan.boxes[columns]!.get(number);
  if (known !== undefined || columns === 0) return known ?? null;
  const { reach, strides } = grid;
  const c = columns - 1;
  let box: Box | null = null;
  for (let k = 0; k <= 2 * reach; k++) {
    const part = want(plan, grid, translations, c, number + (k - reach) * strides[c]!);
    if (!part) continue;
    box ??= { place: plan.counts[c]!++, mass: 0, error: 0 };
    plan.steps[c]!.push(box.place, part.place, k);
    const [size, error] = [translations.sizes[k]!, translations.errors[k]!];
    box.mass += size * part.mass;
    box.error += (size + error) * part.error + error * part.mass;
  }
  plan.boxes[columns]!.set(number, box);
  return box;
}
