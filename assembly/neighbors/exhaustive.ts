import { f32At, f64At, putF32, u32At } from "../lanes";
import { Rows, boxOf, extentOf, integerScale, meanOf, normOf, pairsOf, remainder } from "./rows";
import { Search, look } from "./search";
import { keepSeeds, limitBySeeds, MOST_SEEDS, noteColumns } from "./seeds";
import { score_leaves } from "./tiles";

/*
 * Which pairs need an f64 distance. With remainders e and f of two packed rows and g of the vector between their leaves' means, the true difference of the rows
 * and the one that the integers show are at most e + f + g apart. So a pair no farther than r shows a squared distance of at most (r + e + f + g)², and every
 * pair beyond that, with what f32 can round off added, is out for certain. r is the k-th distance found so far.
 */

/** Bytes of scratch that a search of packed rows needs. */
export function search_scratch_bytes(d: i32, leaf: i32): i32 {
  return 128 + 4 * pairsOf(d) + 16 + 16 * leaf + 64 * leaf + 32 * (MOST_SEEDS + 1);
}

/**
 * Self search: pairs of leaves, each once, serving the rows of both. Pairs are numbered by the distance of their leaves in storage order
 * (0: a leaf with itself), then by the first leaf; storage neighbors tend to be neighbors in space, so lists are good early.
 * Works from pair `from` until `to`, or until `budget` multiply-adds are spent; returns the number of pairs done.
 */
export function search_pairs(at: usize, from: i32, to: i32, budget: f64): i32 {
  const leaves = changetype<Rows>(changetype<Search>(at).queries).leaves;
  let offset = 0,
    first = from;
  while (first >= leaves - offset) first -= leaves - offset++;
  let pair = from;
  for (; pair < to && budget > 0; pair++) {
    budget -= search_pair(at, first, first + offset, true);
    if (++first + offset == leaves) {
      first = 0;
      offset++;
    }
  }
  return pair - from;
}

/**
 * Cross search: leaves from `from` of the queries until `to` against every leaf of the reference, the nearest box first, or until `budget` is spent;
 * returns the number of leaves done.
 */
export function search_leaves(at: usize, from: i32, to: i32, budget: f64): i32 {
  const search = changetype<Search>(at),
    rows = changetype<Rows>(search.queries),
    columns = changetype<Rows>(search.reference);
  let leaf = from;
  for (; leaf < to && budget > 0; leaf++) {
    let nearest = 0,
      least = Infinity;
    for (let other = 0; other < columns.leaves; other++) {
      const apart = boxDistance(boxOf(rows, leaf, search.d), boxOf(columns, other, search.d), search.d, search.scale);
      if (apart < least) {
        least = apart;
        nearest = other;
      }
    }
    for (let turn = -1; turn < columns.leaves; turn++) {
      if (turn != nearest) budget -= search_pair(at, leaf, turn < 0 ? nearest : turn, false);
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
    q = search.q;
  if (!ASC_NO_ASSERT) assert(a < rows.leaves && b < columns.leaves, "search_pair: leaf beyond the leaves");
  const a0 = u32At(rows.firsts, a),
    a1 = u32At(rows.firsts, a + 1),
    b0 = u32At(columns.firsts, b),
    b1 = u32At(columns.firsts, b + 1);
  const same = self && a == b,
    both = self && !same;
  if (!same) {
    const apart = 0.999999 * boxDistance(boxOf(rows, a, d), boxOf(columns, b, d), d, search.scale);
    if (isBeyond(search, apart, a, a0, a1) && (!both || isBeyond(search, apart, b, b0, b1))) return 4 * d;
  }
  const rowStart = search.scratch + (((<usize>(4 * pairsOf(d) + 15)) & ~15) + 128),
    columnStart = rowStart + ((<usize>(a1 - a0)) << 2),
    rowLimits = columnStart + ((<usize>(b1 - b0)) << 2),
    columnLimits = rowLimits + ((<usize>(a1 - a0)) << 2),
    hits = columnLimits + ((<usize>(b1 - b0)) << 2);
  const unit = startPair(search, a, b, rowStart, columnStart);
  const spent = <f64>(a1 - a0) * <f64>(b1 - b0) * <f64>(d + q + 4) * (same ? 2 : 1);
  if (same) {
    meetItself(search, rowStart, columnStart, columnLimits, hits, a0, a1, unit);
    return spent;
  }
  setLimits(rowLimits, search, a0, a1);
  if (both) setLimits(columnLimits, search, b0, b1);
  for (let j = b0; j < b1; j += 8) {
    const limits = both ? columnLimits + ((<usize>(j - b0)) << 2) : 0;
    const found = scoreColumns(search, hits, rowStart, rowLimits, columnStart + ((<usize>(j - b0)) << 2), limits, a0, a1, j, unit, 0);
    if (found) look(search, hits, found, rowLimits, limits, a0, j, false);
  }
  return spent;
}

/** Relative error of one operation in f32. */
const ROUNDING: f64 = 5.960464477539063e-8;

/**
 * Readies a pair of leaves: starts of its rows and columns, and what is hidden and rounded in it; returns the unit of a product of integers, scaled. No score meets
 * more than 10 + q roundings, none larger than its parts: (norms)² / 2, what missing cells add, and the nominal weights.
 */
function startPair(search: Search, a: i32, b: i32, rowStart: usize, columnStart: usize): f32 {
  const rows = changetype<Rows>(search.queries),
    columns = changetype<Rows>(search.reference);
  const d = search.d,
    q = search.q,
    scale = search.scale,
    between = search.scratch + 128;
  const boxA = boxOf(rows, a, d),
    boxB = boxOf(columns, b, d),
    extentA = extentOf(rows, a),
    extentB = extentOf(columns, b);
  let squared: f64 = 0,
    largest: f64 = 0;
  for (let c = 0; c < d; c++) {
    const apart = abs(meanOf(boxA, d, c) - meanOf(boxB, d, c));
    squared += apart * apart;
    largest = max(largest, apart);
  }
  const norm = normOf(squared, largest, d),
    s = integerScale(norm, largest, d);
  let whole: f64 = 0;
  store<i32>(between + ((<usize>(pairsOf(d) - 1)) << 2), 0);
  for (let c = 0; c < d; c++) {
    const integer = nearest((meanOf(boxA, d, c) - meanOf(boxB, d, c)) * s);
    store<i16>(between + ((<usize>c) << 1), <i16>integer);
    whole += integer * integer;
  }
  const scaleA = load<f64>(extentA),
    scaleB = load<f64>(extentB),
    normA = load<f64>(extentA, 8),
    normB = load<f64>(extentB, 8);
  const hidden = remainder(scaleA, normA, d) + remainder(scaleB, normB, d) + remainder(s, norm, d);
  search.hidden = <f32>(hidden * scale * 1.0000003);
  const span = (normA + normB + norm + hidden) * scale,
    nominal = search.weight * scale * scale;
  const size = span * span + (load<f64>(extentA, 16) + load<f64>(extentB, 16)) * scale * scale + 2 * nominal * q;
  search.rounded = <f32>(ROUNDING * <f64>(16 + 2 * q) * size + 1e-35);
  const step = scale / s;
  startRows(rowStart, rows, between, a, d, -step * (scale / scaleA), -0.5 * (whole * step * step + nominal * q));
  startRows(columnStart, columns, between, b, d, step * (scale / scaleB), 0);
  return <f32>((scale / scaleA) * (scale / scaleB));
}

/** starts (slots of a leaf) ← base − half + unit · (integers · between): the part of the score that belongs to the row alone. */
function startRows(starts: usize, set: Rows, between: usize, leaf: i32, d: i32, unit: f64, base: f64): void {
  const u = f32x4.splat(<f32>unit),
    constant = f32x4.splat(<f32>base),
    pairs = pairsOf(d);
  for (let i = u32At(set.firsts, leaf), to = u32At(set.firsts, leaf + 1); i < to; i += 8, starts += 32) {
    let panel = set.panels + ((<usize>i * pairs) << 2);
    let dot0 = i32x4.splat(0),
      dot1 = i32x4.splat(0);
    for (let c = 0; c < pairs; c++, panel += 32) {
      const shift = v128.load32_splat(between + ((<usize>c) << 2));
      dot0 = i32x4.add(dot0, i32x4.dot_i16x8_s(shift, v128.load(panel)));
      dot1 = i32x4.add(dot1, i32x4.dot_i16x8_s(shift, v128.load(panel, 16)));
    }
    const halves = set.halves + ((<usize>i) << 2);
    const own0 = f32x4.sub(f32x4.mul(u, f32x4.convert_i32x4_s(dot0)), v128.load(halves)),
      own1 = f32x4.sub(f32x4.mul(u, f32x4.convert_i32x4_s(dot1)), v128.load(halves, 16));
    v128.store(starts, f32x4.add(constant, own0));
    v128.store(starts, f32x4.add(constant, own1), 16);
  }
}

/** limits ← what a score of slots [from, to) must beat in the pair at hand; nothing beats that of an empty slot. */
function setLimits(limits: usize, search: Search, from: u32, to: u32): void {
  const hidden = f32x4.splat(search.hidden),
    rounded = f32x4.splat(search.rounded),
    half = f32x4.splat(-0.500001);
  for (let i = from; i < to; i += 4, limits += 16) {
    const reach = v128.load(search.reaches + ((<usize>i) << 2)),
      edge = f32x4.add(reach, hidden);
    const limit = f32x4.sub(f32x4.mul(half, f32x4.mul(edge, edge)), rounded);
    v128.store(limits, v128.bitselect(f32x4.splat(Infinity), limit, f32x4.lt(reach, f32x4.splat(0))));
  }
}

/** Scores slots [a0, a1) of the queries against the 8 slots from j of the reference; see score_leaves. */
function scoreColumns(
  search: Search,
  hits: usize,
  rowStart: usize,
  rowLimits: usize,
  columnStart: usize,
  columnLimits: usize,
  a0: u32,
  a1: u32,
  j: u32,
  unit: f32,
  all: usize,
): i32 {
  const rows = changetype<Rows>(search.queries),
    columns = changetype<Rows>(search.reference);
  const pairs = pairsOf(search.d),
    q = search.q;
  return score_leaves(
    hits,
    rows.panels + ((<usize>a0 * pairs) << 2),
    rows.codePanels + ((<usize>a0 * q) << 2),
    rowStart,
    rowLimits,
    columns.panels + ((<usize>j * pairs) << 2),
    columns.codePanels + ((<usize>j * q) << 2),
    columnStart,
    columnLimits,
    all,
    a1 - a0,
    pairs,
    q,
    unit,
    <f32>(0.5 * (search.weight * search.scale * search.scale)),
  );
}

/**
 * The rows of a leaf among themselves, 8 as queries at a time. Their scores, before any f64 distance is computed, tell how far the k best are at most, which spares
 * the distances of all but a few more than k pairs a row (at 10 000 x 64: 20 instead of 39).
 */
function meetItself(search: Search, rowStart: usize, columnStart: usize, limits: usize, hits: usize, a0: u32, a1: u32, unit: f32): void {
  const count = a1 - a0,
    scores = hits + ((<usize>count) << 5),
    best = scores + ((<usize>count) << 5),
    seeded = search.k <= MOST_SEEDS && search.k < <i32>count;
  for (let j = a0; j < a1; j += 8) {
    scoreColumns(search, hits, rowStart, 0, columnStart + ((<usize>(j - a0)) << 2), 0, a0, a1, j, unit, scores);
    if (seeded) {
      keepSeeds(best, scores, count, search.k);
      limitBySeeds(search.reaches + ((<usize>j) << 2), best + ((<usize>search.k) << 5), search.hidden, search.rounded);
    }
    setLimits(limits, search, j, j + 8);
    const found = noteColumns(hits, scores, limits, count);
    if (found) look(search, hits, found, 0, limits, a0, j, true);
  }
}

/** A lower bound of every squared distance between leaf a of rows x and leaf b of rows y, scaled. */
export function leaf_distance(x: usize, a: i32, y: usize, b: i32, d: i32, scale: f64): f64 {
  return boxDistance(boxOf(changetype<Rows>(x), a, d), boxOf(changetype<Rows>(y), b, d), d, scale);
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

/** Whether a squared distance is beyond all reaches of a leaf of the queries. Behind the slots stands the longest as it was when last looked at, which most often is enough to tell. */
function isBeyond(search: Search, apart: f64, leaf: i32, from: u32, to: u32): bool {
  const known = search.reaches + ((<usize>(changetype<Rows>(search.queries).slots + leaf)) << 2);
  const before: f64 = load<f32>(known);
  if (apart > before * before) return true;
  let most = f32x4.splat(0);
  for (let i = from; i < to; i += 4) most = f32x4.pmax(most, v128.load(search.reaches + ((<usize>i) << 2)));
  most = f32x4.pmax(most, v128.shuffle<i32>(most, most, 2, 3, 0, 1));
  const longest = max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1));
  store<f32>(known, longest);
  return apart > <f64>longest * <f64>longest;
}
