import { f32At, f64At, putF32, u32At } from "../lanes";
import { Rows, boxOf, meanOf, slack } from "./rows";
import { Search, look } from "./search";
import { score_leaves } from "./tiles";

/** Bytes of scratch that a search of packed rows needs. */
export function search_scratch_bytes(d: i32, leaf: i32): i32 {
  return 128 + 4 * d + 16 + 8 * leaf + 32 * leaf + 4 * MOST_SEEDS * leaf;
}

/**
 * Self search: pairs of leaves, each once, serving the rows of both. Pairs are numbered by the distance of their leaves in storage order
 * (0: a leaf with itself), then by the first leaf; storage neighbors tend to be neighbors in space, so lists are good early.
 * Works from pair (offset, first) until `budget` multiply-adds are spent; returns the number of pairs done.
 */
export function search_pairs(at: usize, offset: i32, first: i32, budget: f64): i32 {
  const leaves = changetype<Rows>(changetype<Search>(at).queries).leaves;
  let done = 0;
  for (; offset < leaves; offset++, first = 0) {
    for (; first + offset < leaves; first++, done++) {
      if (budget <= 0) return done;
      budget -= search_pair(at, first, first + offset, true);
    }
  }
  return done;
}

/**
 * Cross search: leaves from `from` of the queries against every leaf of the reference, the nearest box first, until `budget` is spent;
 * returns the number of leaves done.
 */
export function search_leaves(at: usize, from: i32, budget: f64): i32 {
  const search = changetype<Search>(at),
    rows = changetype<Rows>(search.queries),
    columns = changetype<Rows>(search.reference);
  let leaf = from;
  for (; leaf < rows.leaves && budget > 0; leaf++) {
    let nearest = 0,
      least = Infinity;
    for (let other = 0; other < columns.leaves; other++) {
      const apart = boxDistance(boxOf(rows, leaf, search.d), boxOf(columns, other, search.d), search.d, search.scale);
      if (apart < least) {
        least = apart;
        nearest = other;
      }
    }
    budget -= search_pair(at, leaf, nearest, false);
    for (let other = 0; other < columns.leaves; other++) {
      if (other != nearest) budget -= search_pair(at, leaf, other, false);
    }
  }
  return leaf - from;
}

/** Searches one pair of leaves unless its boxes are too far apart to matter; returns the multiply-adds spent. Exported to stay a call of its own. */
export function search_pair(at: usize, a: i32, b: i32, self: bool): f64 {
  const search = changetype<Search>(at),
    rows = changetype<Rows>(search.queries),
    columns = changetype<Rows>(search.reference);
  const d = search.d,
    q = search.q,
    scale = search.scale;
  assert(a < rows.leaves && b < columns.leaves, "search_pair: leaf beyond the leaves");
  const a0 = u32At(rows.firsts, a),
    a1 = u32At(rows.firsts, a + 1),
    b0 = u32At(columns.firsts, b),
    b1 = u32At(columns.firsts, b + 1);
  const same = self && a == b,
    both = self && !same;
  const boxA = boxOf(rows, a, d),
    boxB = boxOf(columns, b, d);
  // what no relative bound covers: underflow, in f64 and in f32
  const lost = <f64>(d + q) * 5e-324 * scale * scale,
    tiny = lost + <f64>(d + 4) * 1e-36;
  if (!same) {
    const best = <f32>(-0.499999 * (boxDistance(boxA, boxB, d, scale) - lost));
    const near = leastLimit(search.limits, a0, a1) < best || (both && leastLimit(search.limits, b0, b1) < best);
    if (best < 0 && !near) return 4 * d;
  }
  const between = search.scratch + 128;
  let squared: f64 = 0;
  for (let c = 0; c < d; c++) {
    const shift = <f32>((meanOf(boxA, d, c) - meanOf(boxB, d, c)) * scale);
    putF32(between, c, shift);
    squared += <f64>shift * <f64>shift;
  }
  const nominal = search.weight * scale * scale,
    off = slack(d, q);
  const rowStart = (between + ((<usize>d) << 2) + 15) & ~15,
    columnStart = rowStart + ((<usize>(a1 - a0)) << 2);
  startRows(rowStart, rows, between, a0, a1, d, -1, <f32>(0.5 * (tiny - (1 - off) * (squared + nominal * q))));
  startRows(columnStart, columns, between, b0, b1, d, 1, 0);
  if (same && search.k <= MOST_SEEDS && search.k < <i32>(a1 - a0))
    seedLimits(search, rowStart, columnStart, a0, a1, off * nominal * q + tiny);
  const hits = columnStart + ((<usize>(b1 - b0)) << 2);
  for (let j = b0; j < b1; j += 8) {
    const limits = both ? search.limits + ((<usize>j) << 2) : 0;
    const found = scoreColumns(search, hits, rowStart, columnStart + ((<usize>(j - b0)) << 2), limits, a0, a1, j, 0);
    if (found) look(search, hits, found, a0, j, same, both);
  }
  return <f64>(a1 - a0) * <f64>(b1 - b0) * <f64>(d + q + 2) * (same ? 2 : 1);
}

/** Scores slots [a0, a1) of the queries against the 8 slots from j of the reference; see score_leaves. */
function scoreColumns(
  search: Search,
  hits: usize,
  rowStart: usize,
  columnStart: usize,
  limits: usize,
  a0: u32,
  a1: u32,
  j: u32,
  all: usize,
): i32 {
  const rows = changetype<Rows>(search.queries),
    columns = changetype<Rows>(search.reference);
  const d = search.d,
    q = search.q;
  return score_leaves(
    hits,
    rows.panels + ((<usize>a0 * d) << 2),
    rows.codePanels + ((<usize>a0 * q) << 2),
    rowStart,
    search.limits + ((<usize>a0) << 2),
    columns.panels + ((<usize>j * d) << 2),
    columns.codePanels + ((<usize>j * q) << 2),
    columnStart,
    limits,
    all,
    a1 - a0,
    d,
    q,
    <f32>(0.5 * (search.weight * search.scale * search.scale)),
  );
}

/**
 * Limits of a leaf's rows, from its own f32 scores alone, before any f64 distance is computed: what the k best of them promise spares the distances of most of its
 * pairs (at 10 000 x 64: 20 instead of 39 a row). rest: the part of the error bound that no row determines.
 */
function seedLimits(search: Search, rowStart: usize, columnStart: usize, a0: u32, a1: u32, rest: f64): void {
  const count = a1 - a0,
    scores = columnStart + ((<usize>count) << 2),
    best = scores + ((<usize>count) << 5);
  const rows = changetype<Rows>(search.queries);
  memory.fill(best, 0xff, (<usize>search.k * count) << 2); // NaN: no seed yet
  for (let j = a0; j < a1; j += 8) {
    scoreColumns(search, scores, rowStart, columnStart + ((<usize>(j - a0)) << 2), 0, a0, a1, j, scores);
    keepSeeds(best, scores, count, j - a0, search.k);
  }
  limitBySeeds(
    search.limits + ((<usize>a0) << 2),
    best,
    rows.halves + ((<usize>a0) << 2),
    count,
    search.k,
    slack(search.d, search.q),
    rest,
  );
}

/** Seeding keeps k scores a row in scratch and sorts them by insertion. */
const MOST_SEEDS: i32 = 32;

/** best (count, k), descending ← itself and scores (count, 8) of the columns from `column` on; a row's score with itself does not count. */
function keepSeeds(best: usize, scores: usize, count: i32, column: i32, k: i32): void {
  for (let i = 0; i < count; i++) {
    const seeds = best + ((<usize>i * k) << 2);
    const least = v128.load32_splat(seeds + ((<usize>(k - 1)) << 2));
    const row = scores + ((<usize>i) << 5);
    // not "greater": also true while there is no seed yet
    let mask = ~(i32x4.bitmask(f32x4.le(v128.load(row), least)) | (i32x4.bitmask(f32x4.le(v128.load(row, 16), least)) << 4)) & 255;
    for (; mask; mask &= mask - 1) {
      const j = ctz(mask);
      if (column + j == i) continue;
      const score = f32At(row, j);
      let place = k - 1;
      if (score <= f32At(seeds, place)) continue;
      for (; place > 0 && !(f32At(seeds, place - 1) >= score); place--) putF32(seeds, place, f32At(seeds, place - 1));
      putF32(seeds, place, score);
    }
  }
}

/**
 * Raises limits (count) to what the k-th seed allows. A score s promises a squared distance of at most −2s plus twice the error bound, so k rows of the leaf are
 * that near, and pairs with lower scores than the k-th less the bound cannot be among the k nearest. halves (count) tell the bound; rest: its part
 * that no row determines.
 */
function limitBySeeds(limits: usize, best: usize, halves: usize, count: i32, k: i32, off: f64, rest: f64): void {
  let largest: f32 = 0;
  for (let i = 0; i < count; i++) {
    const half = f32At(halves, i);
    if (half < Infinity) largest = max(largest, half);
  }
  for (let i = 0; i < count; i++) {
    const seed = f32At(best, i * k + k - 1),
      half = f32At(halves, i);
    if (!(half < Infinity && seed > -Infinity)) continue;
    const bound = <f64>seed - 2.02 * off * (<f64>half + <f64>largest) - rest;
    putF32(limits, i, max(f32At(limits, i), <f32>(bound - 1e-6 * abs(bound)) - 1e-37));
  }
}

/** A lower bound of every squared distance between two boxes, scaled. */
function boxDistance(a: usize, b: usize, d: i32, scale: f64): f64 {
  const highs = (<usize>d) << 3;
  let sum: f64 = 0;
  for (let c = 0; c < d; c++) {
    const apart = max(max(f64At(a, c) - f64At(b + highs, c), f64At(b, c) - f64At(a + highs, c)), 0) * scale;
    sum += apart * apart;
  }
  return sum;
}

function leastLimit(limits: usize, from: i32, to: i32): f32 {
  let least = f32x4.splat(Infinity);
  for (let i = from; i < to; i += 4) least = f32x4.pmin(least, v128.load(limits + ((<usize>i) << 2)));
  return min(
    min(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1)),
    min(f32x4.extract_lane(least, 2), f32x4.extract_lane(least, 3)),
  );
}

/** starts (slots of a leaf) ← base − half + sign · (x · between): the part of the score that belongs to the row alone. */
function startRows(starts: usize, set: Rows, between: usize, from: i32, to: i32, d: i32, sign: f32, base: f32): void {
  const s = f32x4.splat(sign),
    constant = f32x4.splat(base);
  for (let i = from; i < to; i += 8, starts += 32) {
    let panel = set.panels + ((<usize>i * d) << 2);
    let dot0 = f32x4.splat(0),
      dot1 = f32x4.splat(0);
    for (let c = 0; c < d; c++, panel += 32) {
      const shift = v128.load32_splat(between + ((<usize>c) << 2));
      dot0 = f32x4.add(dot0, f32x4.mul(shift, v128.load(panel)));
      dot1 = f32x4.add(dot1, f32x4.mul(shift, v128.load(panel, 16)));
    }
    const halves = set.halves + ((<usize>i) << 2);
    v128.store(starts, f32x4.add(constant, f32x4.sub(f32x4.mul(s, dot0), v128.load(halves))));
    v128.store(starts, f32x4.add(constant, f32x4.sub(f32x4.mul(s, dot1), v128.load(halves, 16))), 16);
  }
}
