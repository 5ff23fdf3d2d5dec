import { f64At, putF64, putU32, u32At } from "./lanes";
import { draw, normal, unitOf } from "./random";

/** Nominal codes: 0 is a missing cell. */
const MISSING: u32 = 0;

/**
 * out (m, d) ← base + |gap| · (neighbor − base), never outside the segment. A cell that the base lacks stays missing; where only the neighbor
 * lacks it the base's is kept. Columns whose mask in `whole` (d, u64) is all ones are rounded to the nearest integer, halves to even.
 * Two columns at a time, so that `out` needs room for one number more: of an odd number of columns
 * the last brings along the first of the next row, which is written over.
 */
export function lerp_rows(
  out: usize,
  values: usize,
  bases: usize,
  neighbors: usize,
  gaps: usize,
  whole: usize,
  m: i32,
  n: u32,
  d: i32,
): void {
  const width = (<usize>d) << 3;
  for (let t = 0; t < m; t++, out += width) {
    if (!ASC_NO_ASSERT) assert(u32At(bases, t) < n && u32At(neighbors, t) < n, "lerp_rows: row beyond the rows");
    const base = values + <usize>u32At(bases, t) * width,
      neighbor = values + <usize>u32At(neighbors, t) * width;
    const gap = f64x2.abs(v128.load64_splat(gaps + ((<usize>t) << 3)));
    for (let c = 0; c < d; c += 2) {
      const column = (<usize>c) << 3;
      v128.store(out + column, between(v128.load(base + column), v128.load(neighbor + column), gap, v128.load(whole + column)));
    }
  }
}

function between(x: v128, y: v128, gap: v128, whole: v128): v128 {
  let value = f64x2.add(x, f64x2.mul(gap, f64x2.sub(y, x)));
  value = f64x2.pmin(f64x2.pmax(value, f64x2.pmin(x, y)), f64x2.pmax(x, y));
  // + 0 so that no −0 appears among whole numbers
  value = v128.bitselect(f64x2.add(f64x2.nearest(value), f64x2.splat(0)), value, whole);
  return v128.bitselect(value, x, v128.and(f64x2.eq(x, x), f64x2.eq(y, y)));
}

/**
 * out (m, d) ← base + spread · z, z from normals (m, d + 2) and spreads (d); gaps (m) ← 0. Values beyond lows or highs (d) are reflected back; `whole` columns are rounded;
 * missing cells stay missing.
 *
 * With a `truncation` that is a number, points of the ball around each base whose surface its neighbor lies on, lengths being those of columns divided by `spreads`; gaps ← how
 * far along the axis from base to neighbor, which is at 1. The first d normals over the length of all d + 2 are uniform in the unit ball (Barthe, Guédon, Mendelson, Naor
 * 2005). Truncation mirrors a point that lies too far on one side of the base, and of what is across the axis a share `keep` remains (Douzas, Bacao 2019). Columns that
 * either row lacks are no part of the ball and keep the base's cell.
 */
export function scatter_rows(
  out: usize,
  gaps: usize,
  values: usize,
  bases: usize,
  neighbors: usize,
  spreads: usize,
  whole: usize,
  lows: usize,
  highs: usize,
  m: i32,
  n: u32,
  d: i32,
  truncation: f64,
  keep: f64,
  seedLow: u32,
  seedHigh: u32,
  purpose: u32,
  label: u32,
  from: f64,
): void {
  const width = (<usize>d) << 3;
  const first = <u64>from;
  for (let t = 0; t < m; t++, out += width) {
    if (!ASC_NO_ASSERT) assert(u32At(bases, t) < n && u32At(neighbors, t) < n, "scatter_rows: row beyond the rows");
    const base = values + <usize>u32At(bases, t) * width,
      neighbor = values + <usize>u32At(neighbors, t) * width;
    let square: f64 = 0,
      radius: f64 = 0,
      along: f64 = 0;
    for (let at: usize = 0; at < width + 16; at += 8) {
      const z = normal(seedLow, seedHigh, purpose, label, first + t, (<u32>at) >> 3);
      let apart: f64 = 0;
      if (at < width) {
        store<f64>(out + at, z);
        apart = (load<f64>(neighbor + at) - load<f64>(base + at)) / load<f64>(spreads + at);
        if (apart != apart) continue;
      }
      radius += apart * apart;
      square += z * z;
      along += apart * z;
    }
    let gap: f64 = 0,
      shift: f64 = 0,
      across: f64 = 1;
    if (truncation == truncation) {
      radius = sqrt(radius);
      square = sqrt(square);
      along /= max(radius * square, f64.MIN_NORMAL_VALUE);
      // on the side away from the truncation's sign, beyond 1 − |truncation|
      gap = along * truncation < 0 && abs(along) > 1 - abs(truncation) ? -along : along;
      shift = gap - keep * along;
      across = (keep * radius) / square;
    }
    putF64(gaps, t, gap);
    for (let at: usize = 0; at < width; at += 8) {
      const x = load<f64>(base + at),
        spread = load<f64>(spreads + at);
      let value = x + (shift * (load<f64>(neighbor + at) - x) + across * load<f64>(out + at) * spread);
      value = reflect(value, load<f64>(lows + at), load<f64>(highs + at));
      if (load<u64>(whole + at)) value = nearest(value) + 0;
      store<f64>(out + at, spread > 0 && value == value ? value : x);
    }
  }
}

/** Mirrors at the bounds until inside; far outliers of a narrow range end at a bound. */
function reflect(value: f64, low: f64, high: f64): f64 {
  for (let turn = 0; turn < 16; turn++) {
    if (value < low) value = low + (low - value);
    else if (value > high) value = high - (value - high);
    else return value;
  }
  return min(max(value, low), high);
}

/**
 * out (m, q) ← the most frequent code among the neighbors of each base, and the base itself if `withBase`; ties by draw. `lists` (b, 2) tells where in `table` a
 * base's neighbors begin, and how many there are.
 * Missing cells do not vote; a cell that the base lacks stays missing.
 */
export function vote_codes(
  out: usize,
  codes: usize,
  bases: usize,
  table: usize,
  lists: usize,
  m: i32,
  n: u32,
  q: i32,
  withBase: bool,
  seedLow: u32,
  seedHigh: u32,
  purpose: u32,
  label: u32,
  from: f64,
): void {
  const first = <u64>from;
  for (let t = 0; t < m; t++, out += (<usize>q) << 2) {
    if (!ASC_NO_ASSERT) assert(u32At(bases, t) < n, "vote_codes: row beyond the rows");
    const base = u32At(bases, t),
      near = table + ((<usize>u32At(lists, 2 * base)) << 2),
      last = <i32>u32At(lists, 2 * base + 1),
      k = last + i32(withBase);
    for (let c = 0; c < q; c++) {
      const own = u32At(codes, base * q + c);
      putU32(out, c, own);
      if (own == MISSING) continue;
      let best = 0,
        tied = 0,
        rank = 0;
      // candidates are met in order of their first voter: once to count their votes, once to take one of those with most
      for (let taking = 0; taking < 2; taking++) {
        for (let p = 0; p < k; p++) {
          const code = voter(codes, near, base, p, q, c, last);
          let count = code == MISSING ? -2 * k : 0;
          for (let other = 0; other < k; other++) {
            if (voter(codes, near, base, other, q, c, last) == code) count += other < p ? -k : 1;
          }
          if (taking) {
            if (count == best && rank-- == 0) putU32(out, c, code);
          } else if (count >= best) {
            tied = count > best ? 1 : tied + 1;
            best = count;
          }
        }
        if (tied > 1 && !taking) rank = <i32>(unitOf(draw(seedLow, seedHigh, purpose, label, first + t, c)) * tied);
      }
    }
  }
}

/** The code of voter p; the last may be the base itself. */
function voter(codes: usize, near: usize, base: u32, p: i32, q: i32, c: i32, last: i32): u32 {
  return u32At(codes, (p < last ? u32At(near, p) : base) * q + c);
}
