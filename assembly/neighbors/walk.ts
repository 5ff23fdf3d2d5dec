import { f32At, f64At, putF32, putF64, u32At } from "../lanes";
import { MANHATTAN, order_key } from "./distance";
import { comesBefore, replaceRoot } from "./lists";
import { NONE } from "./rows";
import { Search } from "./search";
import { TREE_LEAF, Tree } from "./tree";

/** A search by a tree: of the rows of one tree, in the order of its leaves, among those of another or the same one. */
@unmanaged
export class Walk {
  search: usize;
  /** Whose order the queries are taken in, and whose rows are searched. */
  queries: usize;
  reference: usize;
  self: bool;
  /** Of the query at hand: its row, its coordinates f64 (r), and how far it is beyond the node's box on each axis, squared, f64 (r). */
  row: u32;
  at: usize;
  sides: usize;
  /** f32 (r): the query relative to a leaf; f32 (32): a leaf's squared distances. */
  local: usize;
  scores: usize;
  /** The k-th distance so far, scaled, or more; what f64 may have rounded off coordinates. */
  reach: f64;
  rounded: f64;
  /** Leaves looked into so far. */
  scanned: f64;
}

/** Bytes of a walk and its scratch. */
export function walk_bytes(r: i32): i32 {
  return offsetof<Walk>() + 16 + 12 * r + 32 + 4 * TREE_LEAF + 16;
}

/** at ← a walk for a search that is set. */
export function set_walk(at: usize, search: usize, queries: usize, reference: usize): void {
  const walk = changetype<Walk>(at),
    r = changetype<Tree>(reference).r;
  walk.search = search;
  walk.queries = queries;
  walk.reference = reference;
  walk.self = queries == reference;
  walk.sides = (at + offsetof<Walk>() + 15) & ~15;
  walk.scores = (walk.sides + ((<usize>r) << 3) + 15) & ~15;
  walk.local = walk.scores + (TREE_LEAF << 2);
  walk.scanned = 0;
  memory.fill(walk.sides, 0, (<usize>r) << 3);
}

/** The query at a place of the order that a walk takes. */
export function walk_query(at: usize, place: i32): u32 {
  return u32At(changetype<Tree>(changetype<Walk>(at).queries).order, place);
}

/** Leaves that a walk has looked into so far. */
export function walk_scanned(at: usize): f64 {
  return changetype<Walk>(at).scanned;
}

/**
 * Finds the neighbors of the queries at places [from, to) of their tree's order until `budget` multiply-adds are spent; returns the number of queries done.
 */
export function walk_tree(at: usize, from: i32, to: i32, budget: f64): i32 {
  const walk = changetype<Walk>(at),
    search = changetype<Search>(walk.search),
    queries = changetype<Tree>(walk.queries),
    r = queries.r;
  if (!ASC_NO_ASSERT)
    assert(to <= queries.n && r == changetype<Tree>(walk.reference).r, "walk_tree: queries beyond the order, or other axes");
  let before: u32 = NONE,
    place = from;
  for (; place < to && budget > 0; place++) {
    const row = u32At(queries.order, place);
    walk.row = row;
    walk.at = queries.coordinates + ((<usize>row * r) << 3);
    // whatever is near the row before is not far from this one
    walk.reach = before == NONE ? Infinity : walk.reach + between(search, before, row);
    walk.rounded = 1e-15 * <f64>(search.d + 8) * normOf(walk.at, r);
    const scanned = walk.scanned,
      evaluated = search.evaluated;
    descend(walk, 1, 0, walk.self ? 0 : outside(walk));
    before = row;
    budget -= (walk.scanned - scanned) * <f64>(TREE_LEAF * (r + 4)) + (search.evaluated - evaluated) * <f64>(4 * (search.d + search.q + 8));
  }
  return place - from;
}

/** How far the query is outside of the box of all rows, squared, and on each axis in sides. */
function outside(walk: Walk): f64 {
  const tree = changetype<Tree>(walk.reference);
  let sum: f64 = 0;
  for (let c = 0; c < tree.r; c++) {
    const value = f64At(walk.at, c),
      apart = max(max(f64At(tree.box, c) - value, value - f64At(tree.box, tree.r + c)), 0);
    putF64(walk.sides, c, apart * apart);
    sum += apart * apart;
  }
  return sum;
}

/** At least the distance of two queries, scaled. */
function between(search: Search, i: u32, j: u32): f64 {
  const squared = order_key(search.queries, search.queries, i, j, search.d, search.q, search.metric, search.weight, search.table);
  return reachOf(search, squared);
}

/** The distance behind an order key, scaled, or a hair more: whatever is rounded, or has underflowed, in its square. None is less than the Euclidean one. */
function reachOf(search: Search, key: f64): f64 {
  const distance = search.metric & MANHATTAN ? key : sqrt(key + <f64>(search.d + search.q) * 5e-324);
  return distance * search.scale * 1.0000003 + 1e-37;
}

function normOf(coordinates: usize, r: i32): f64 {
  let sum: f64 = 0;
  for (let c = 0; c < r; c++) sum += f64At(coordinates, c) * f64At(coordinates, c);
  return sqrt(sum);
}

/** Looks into a node that is `bound` (squared) or more away: first the half where the query is, then the other, unless it is out of reach. */
function descend(walk: Walk, node: i32, level: i32, bound: f64): void {
  const tree = changetype<Tree>(walk.reference);
  if (level == tree.levels) {
    scanLeaf(walk, tree, node - (1 << level));
    return;
  }
  const column = u32At(tree.columns, node),
    apart = f64At(walk.at, column) - f64At(tree.borders, node),
    near = 2 * node + i32(apart >= 0);
  descend(walk, near, level + 1, bound);
  const side = f64At(walk.sides, column),
    beyond = bound - side + apart * apart,
    reach = walk.reach + walk.rounded;
  if (beyond * 0.999999 > reach * reach) return;
  putF64(walk.sides, column, apart * apart);
  descend(walk, near ^ 1, level + 1, beyond);
  putF64(walk.sides, column, side);
}

/** Columns after which a leaf is given up if all its rows are too far already. */
const FIRST_COLUMNS: i32 = 4;

/**
 * Squared distances of a leaf's coordinates in f32, then f64 distances of the rows within reach. Two f32 coordinates and their difference are off by 2⁻²³ of both ways
 * from the origin at most, the squares and their sum by a 10⁻⁶th.
 */
function scanLeaf(walk: Walk, tree: Tree, leaf: i32): void {
  const r = tree.r,
    origin = tree.origins + ((<usize>leaf * r) << 3),
    extent = tree.extents + ((<usize>leaf) << 4);
  let way: f64 = 0;
  for (let c = 0; c < r; c++) {
    const near = f64At(walk.at, c) - f64At(origin, c);
    putF32(walk.local, c, <f32>near);
    way += near * near;
  }
  const search = changetype<Search>(walk.search);
  const hidden = 1.3e-7 * (sqrt(way) + load<f64>(extent)) + walk.rounded + 1e-15 * <f64>(search.d + 8) * load<f64>(extent, 8);
  walk.scanned += 1;
  const limit = limitOf(walk.reach + hidden);
  let panel = tree.panels + ((<usize>leaf * r * TREE_LEAF) << 2);
  let s0 = f32x4.splat(0),
    s1 = s0,
    s2 = s0,
    s3 = s0,
    s4 = s0,
    s5 = s0,
    s6 = s0,
    s7 = s0;
  const most = f32x4.splat(limit);
  for (let c = 0; c < r; c++, panel += TREE_LEAF << 2) {
    if (c == FIRST_COLUMNS) {
      const least = f32x4.pmin(f32x4.pmin(f32x4.pmin(s0, s1), f32x4.pmin(s2, s3)), f32x4.pmin(f32x4.pmin(s4, s5), f32x4.pmin(s6, s7)));
      if (!v128.any_true(f32x4.le(least, most))) return;
    }
    const x = v128.load32_splat(walk.local + ((<usize>c) << 2));
    let t = f32x4.sub(v128.load(panel), x);
    s0 = f32x4.add(s0, f32x4.mul(t, t));
    t = f32x4.sub(v128.load(panel, 16), x);
    s1 = f32x4.add(s1, f32x4.mul(t, t));
    t = f32x4.sub(v128.load(panel, 32), x);
    s2 = f32x4.add(s2, f32x4.mul(t, t));
    t = f32x4.sub(v128.load(panel, 48), x);
    s3 = f32x4.add(s3, f32x4.mul(t, t));
    t = f32x4.sub(v128.load(panel, 64), x);
    s4 = f32x4.add(s4, f32x4.mul(t, t));
    t = f32x4.sub(v128.load(panel, 80), x);
    s5 = f32x4.add(s5, f32x4.mul(t, t));
    t = f32x4.sub(v128.load(panel, 96), x);
    s6 = f32x4.add(s6, f32x4.mul(t, t));
    t = f32x4.sub(v128.load(panel, 112), x);
    s7 = f32x4.add(s7, f32x4.mul(t, t));
  }
  const mask =
    i32x4.bitmask(f32x4.le(s0, most)) |
    (i32x4.bitmask(f32x4.le(s1, most)) << 4) |
    (i32x4.bitmask(f32x4.le(s2, most)) << 8) |
    (i32x4.bitmask(f32x4.le(s3, most)) << 12) |
    (i32x4.bitmask(f32x4.le(s4, most)) << 16) |
    (i32x4.bitmask(f32x4.le(s5, most)) << 20) |
    (i32x4.bitmask(f32x4.le(s6, most)) << 24) |
    (i32x4.bitmask(f32x4.le(s7, most)) << 28);
  if (!mask) return;
  v128.store(walk.scores, s0);
  v128.store(walk.scores, s1, 16);
  v128.store(walk.scores, s2, 32);
  v128.store(walk.scores, s3, 48);
  v128.store(walk.scores, s4, 64);
  v128.store(walk.scores, s5, 80);
  v128.store(walk.scores, s6, 96);
  v128.store(walk.scores, s7, 112);
  lookAt(walk, search, tree.rows + ((<usize>leaf * TREE_LEAF) << 2), mask, limit, hidden);
}

/** Offers the f64 distances of the rows in mask whose score is still within the limit. */
function lookAt(walk: Walk, search: Search, rows: usize, mask: i32, limit: f32, hidden: f64): void {
  const i = walk.row,
    near = search.indices + ((<usize>i * search.k) << 2),
    far = search.distances + ((<usize>i * search.k) << 3);
  for (; mask; mask &= mask - 1) {
    const t = ctz(mask),
      j = u32At(rows, t);
    if (f32At(walk.scores, t) > limit || (walk.self && j == i)) continue;
    if (load<f64>(far) == 0 && j > load<u32>(near)) continue;
    assert(j != NONE, "lookAt: an empty place within reach");
    const squared = order_key(search.queries, search.reference, i, j, search.d, search.q, search.metric, search.weight, search.table);
    search.evaluated += 1;
    if (!comesBefore(squared, j, load<f64>(far), load<u32>(near))) continue;
    replaceRoot(near, far, search.k, squared, j);
    const reach = reachOf(search, load<f64>(far));
    if (reach >= walk.reach) continue;
    walk.reach = reach;
    limit = limitOf(reach + hidden);
  }
}

/** The largest f32 score of a row within reach. */
function limitOf(reach: f64): f32 {
  return min(<f32>(reach * reach * 1.000003 + 1e-37), f32.MAX_VALUE);
}
