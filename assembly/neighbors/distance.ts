import { f64At, u32At } from "../lanes";
import { Rows } from "./rows";

/** How two rows are compared, as bits known to the caller: nothing special, missing cells left out, class frequencies for nominal values, absolute differences. */
export const MIXED: i32 = 0;
export const RESCALED: i32 = 1;
export const VALUE_DIFFERENCE: i32 = 2;
export const MANHATTAN: i32 = 4;

/** How often each class goes with each code: probabilities f64 (codes of all columns, classes); offsets u32 (q): first code of each column. */
@unmanaged
export class CodeProbabilities {
  probabilities: usize;
  offsets: usize;
  classes: i32;
}

/**
 * The order key of every search for row i of x and row j of y: their squared distance in f64, or, MANHATTAN, their distance itself. First the squared numeric differences and what
 * missing cells add to them, in column order (MANHATTAN: the roots of those); RESCALED: over the columns that both rows have, times d over their number. Then the number of unequal
 * nominal values times `weight`, or, VALUE_DIFFERENCE, what `valueDifference` says of them.
 */
export function order_key(x: usize, y: usize, i: u32, j: u32, d: i32, q: i32, metric: i32, weight: f64, table: usize): f64 {
  const rows = changetype<Rows>(x),
    others = changetype<Rows>(y);
  const a = (<usize>i * d) << 3,
    b = (<usize>j * d) << 3;
  let sum: f64 = 0;
  if (metric & ~VALUE_DIFFERENCE || rows.spreads || others.spreads) {
    let present = 0;
    for (let c = 0; c < d; c++) {
      const apart = abs(f64At(rows.values + a, c) - f64At(others.values + b, c));
      if (apart != apart) continue;
      const spread = (rows.spreads ? f64At(rows.spreads + a, c) : 0) + (others.spreads ? f64At(others.spreads + b, c) : 0);
      const squared = apart * apart + spread;
      sum += metric & MANHATTAN ? (spread ? sqrt(squared) : apart) : squared;
      present++;
    }
    if (metric & RESCALED) sum = present ? sum * (<f64>d / <f64>present) : d ? Infinity : 0;
  } else {
    for (let c = 0; c < d; c++) {
      const apart = f64At(rows.values + a, c) - f64At(others.values + b, c);
      sum += apart * apart;
    }
  }
  if (!q) return sum;
  const own = rows.codes + ((<usize>i * q) << 2),
    other = others.codes + ((<usize>j * q) << 2);
  if (metric & VALUE_DIFFERENCE) return sum + valueDifference(own, other, q, table);
  let unequal = 0;
  for (let c = 0; c < q; c++) unequal += i32(u32At(own, c) != u32At(other, c));
  return sum + weight * <f64>unequal;
}

/**
 * Value Difference Metric with exponents 1 and 2 (Stanfill and Waltz 1986, in the form of SMOTE-N): Σ over columns of
 * (Σ over classes of |P(class | own value) − P(class | other value)|)².
 */
function valueDifference(own: usize, other: usize, q: i32, table: usize): f64 {
  const known = changetype<CodeProbabilities>(table),
    classes = known.classes;
  let sum: f64 = 0;
  for (let c = 0; c < q; c++) {
    const first = u32At(known.offsets, c);
    const p = known.probabilities + ((<usize>(first + u32At(own, c)) * classes) << 3);
    const o = known.probabilities + ((<usize>(first + u32At(other, c)) * classes) << 3);
    let apart: f64 = 0;
    for (let l = 0; l < classes; l++) apart += abs(f64At(p, l) - f64At(o, l));
    sum += apart * apart;
  }
  return sum;
}

/**
 * four (4, 32 bytes): two slots, then rows i and j (u32), then ← their squared distance (f64), numeric and complete. Four sums at once, each in column
 * order: a sum alone waits for its own additions (64 columns: 85 ns a pair, in fours 44).
 */
export function squared_distances(four: usize, x: usize, y: usize, d: i32): void {
  const values = changetype<Rows>(x).values,
    others = changetype<Rows>(y).values;
  const width = (<usize>d) << 3;
  let a0 = values + <usize>load<u32>(four, 8) * width,
    b0 = others + <usize>load<u32>(four, 12) * width;
  let a1 = values + <usize>load<u32>(four, 40) * width,
    b1 = others + <usize>load<u32>(four, 44) * width;
  let a2 = values + <usize>load<u32>(four, 72) * width,
    b2 = others + <usize>load<u32>(four, 76) * width;
  let a3 = values + <usize>load<u32>(four, 104) * width,
    b3 = others + <usize>load<u32>(four, 108) * width;
  let s01 = f64x2.splat(0),
    s23 = f64x2.splat(0);
  for (const end = a0 + width; a0 < end;) {
    const t01 = f64x2.sub(v128.load64_lane(a1, v128.load64_zero(a0), 1), v128.load64_lane(b1, v128.load64_zero(b0), 1));
    const t23 = f64x2.sub(v128.load64_lane(a3, v128.load64_zero(a2), 1), v128.load64_lane(b3, v128.load64_zero(b2), 1));
    s01 = f64x2.add(s01, f64x2.mul(t01, t01));
    s23 = f64x2.add(s23, f64x2.mul(t23, t23));
    a0 += 8;
    b0 += 8;
    a1 += 8;
    b1 += 8;
    a2 += 8;
    b2 += 8;
    a3 += 8;
    b3 += 8;
  }
  store<f64>(four, f64x2.extract_lane(s01, 0), 16);
  store<f64>(four, f64x2.extract_lane(s01, 1), 48);
  store<f64>(four, f64x2.extract_lane(s23, 0), 80);
  store<f64>(four, f64x2.extract_lane(s23, 1), 112);
}
