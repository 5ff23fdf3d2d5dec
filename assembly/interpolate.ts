import { f64At, putF64, putU32, u32At } from "./lanes";
import { draw, normal, unitOf } from "./random";

/** Nominal codes: 0 is a missing cell. */
const MISSING: u32 = 0;

/** out (m, width bytes) ← rows `bases` (m) of `rows` (n, width bytes). */
export function copy_rows(out: usize, rows: usize, bases: usize, m: i32, n: u32, width: i32): void {
  for (let t = 0; t < m; t++) {
    assert(u32At(bases, t) < n, "copy_rows: base beyond the rows");
    memory.copy(out + <usize>t * width, rows + <usize>u32At(bases, t) * width, width);
  }
}

/**
 * out (m, d) ← base + gap · (neighbor − base), never outside the segment. A cell that the base lacks stays missing; where only the neighbor
 * lacks it the base's is kept. Columns whose mask in `whole` (d, u64) is all ones are rounded to the nearest integer, halves to even.
 * Two columns at a time; with an odd number of columns the last one is met twice.
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
    assert(u32At(bases, t) < n && u32At(neighbors, t) < n, "lerp_rows: row beyond the rows");
    const base = values + <usize>u32At(bases, t) * width,
      neighbor = values + <usize>u32At(neighbors, t) * width;
    const gap = v128.load64_splat(gaps + ((<usize>t) << 3));
    if (d == 1) {
      v128.store64_lane(out, between(v128.load64_zero(base), v128.load64_zero(neighbor), gap, v128.load64_zero(whole)), 0);
      continue;
    }
    for (let c = 0; c < d; c += 2) {
      const column = (<usize>min(c, d - 2)) << 3;
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
 * out (m, d) ← base + spread · z, z standard normal, for rows from, from + 1, … of the stream. Values beyond lows or highs (d) are reflected
 * back; `whole` columns are rounded; missing cells stay missing.
 */
export function jitter_rows(
  out: usize,
  values: usize,
  bases: usize,
  spreads: usize,
  whole: usize,
  lows: usize,
  highs: usize,
  m: i32,
  n: u32,
  d: i32,
  seedLow: u32,
  seedHigh: u32,
  purpose: u32,
  label: u32,
  from: f64,
): void {
  const first = <u64>from;
  for (let t = 0; t < m; t++, out += (<usize>d) << 3) {
    assert(u32At(bases, t) < n, "jitter_rows: row beyond the rows");
    const base = values + ((<usize>u32At(bases, t) * d) << 3);
    for (let c = 0; c < d; c++) {
      let value = f64At(base, c);
      const spread = f64At(spreads, c);
      if (spread > 0 && value == value) {
        value = reflect(value + spread * normal(seedLow, seedHigh, purpose, label, first + t, c), f64At(lows, c), f64At(highs, c));
        if (load<u64>(whole + ((<usize>c) << 3))) value = nearest(value) + 0;
      }
      putF64(out, c, value);
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
    assert(u32At(bases, t) < n, "vote_codes: row beyond the rows");
    const base = u32At(bases, t),
      near = table + ((<usize>u32At(lists, 2 * base)) << 2),
      k = <i32>u32At(lists, 2 * base + 1);
    for (let c = 0; c < q; c++) {
      const own = u32At(codes, base * q + c);
      let best = 0,
        tied = 0;
      // candidates are met in order of their first voter; p = k stands for the base
      for (let p = 0; p < k + i32(withBase); p++) {
        const count = votes(codes, near, base, p, q, k, c, withBase);
        if (count > best) {
          best = count;
          tied = 1;
        } else if (count == best && count > 0) tied++;
      }
      let chosen = own;
      if (own != MISSING && best > 0) {
        let rank = tied > 1 ? <i32>(unitOf(draw(seedLow, seedHigh, purpose, label, first + t, c)) * tied) : 0;
        for (let p = 0; ; p++) {
          if (votes(codes, near, base, p, q, k, c, withBase) == best && rank-- == 0) {
            chosen = voter(codes, near, base, p, q, k, c);
            break;
          }
        }
      }
      putU32(out, c, chosen);
    }
  }
}

function voter(codes: usize, near: usize, base: u32, p: i32, q: i32, k: i32, c: i32): u32 {
  return u32At(codes, (p < k ? u32At(near, p) : base) * q + c);
}

/** Votes for the code of voter p, or 0 if it is missing or an earlier voter has the same. */
function votes(codes: usize, near: usize, base: u32, p: i32, q: i32, k: i32, c: i32, withBase: bool): i32 {
  const code = voter(codes, near, base, p, q, k, c);
  if (code == MISSING) return 0;
  let count = 0;
  for (let other = 0; other < k + i32(withBase); other++) {
    if (voter(codes, near, base, other, q, k, c) != code) continue;
    if (other < p) return 0;
    count++;
  }
  return count;
}

/** out (m, q) ← the code of the nearer parent: the base's up to half the way, the neighbor's beyond, unless either is missing. */
export function parent_codes(out: usize, codes: usize, bases: usize, neighbors: usize, gaps: usize, m: i32, n: u32, q: i32): void {
  for (let t = 0; t < m; t++, out += (<usize>q) << 2) {
    assert(u32At(bases, t) < n && u32At(neighbors, t) < n, "parent_codes: row beyond the rows");
    const base = codes + ((<usize>u32At(bases, t) * q) << 2),
      neighbor = codes + ((<usize>u32At(neighbors, t) * q) << 2),
      near = f64At(gaps, t) < 0.5;
    for (let c = 0; c < q; c++) {
      const own = u32At(base, c),
        other = u32At(neighbor, c);
      putU32(out, c, near || own == MISSING || other == MISSING ? own : other);
    }
  }
}
