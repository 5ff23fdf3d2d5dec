import type { Centers } from "./sums";

/** Boxes of one side in each column, numbered column by column, with as many empty ones around them as matter to each other. */
export interface Grid {
  /** f64 (d): the lowest cells. */
  readonly origins: Float64Array;
  readonly side: number;
  readonly reach: number;
  /** Boxes along each column, and how far apart the numbers of two neighbors are. */
  readonly lengths: readonly number[];
  readonly strides: readonly number[];
}

/** So many boxes along a column leave half of a cell's digits to its place in a box; so many in all are counted by whole numbers. */
const MOST_ALONG = 67108864;
const MOST_BOXES = 9007199254740991;

/** The boxes that hold all points, if they are not too many. */
export function gridOf({ values, d }: Centers, side: number, reach: number): Grid | undefined {
  const origins = new Float64Array(d).fill(Infinity);
  const highs = new Float64Array(d).fill(-Infinity);
  for (let at = 0; at < values.length; at += d) {
    for (let c = 0; c < d; c++) {
      const value = values[at + c]!;
      if (value < origins[c]!) origins[c] = value;
      if (value > highs[c]!) highs[c] = value;
    }
  }
  let boxes = 1;
  const strides: number[] = [];
  const lengths = Array.from(origins, (low, c) => {
    const length = Math.floor((highs[c]! - low) / side) + 1 + 2 * reach;
    strides.push(boxes);
    boxes *= length;
    return length;
  });
  return lengths.every((length) => length < MOST_ALONG) && boxes < MOST_BOXES ? { origins, side, reach, lengths, strides } : undefined;
}

/** Number of the box of row i of (n, d); −1 for one that is beyond all. */
export function boxOf({ origins, side, reach, lengths, strides }: Grid, rows: Float64Array, i: number): number {
  const d = strides.length;
  let box = 0;
  for (let c = 0; c < d; c++) {
    const place = Math.floor((rows[i * d + c]! - origins[c]!) / side) + reach;
    if (!(place >= 0 && place < lengths[c]!)) return -1;
    box += place * strides[c]!;
  }
  return box;
}
