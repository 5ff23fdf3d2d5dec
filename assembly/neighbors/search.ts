import { f32At, putF32, u32At } from "../lanes";
import { MIXED, squared_distance, squared_distances } from "./distance";
import { comesBefore, replaceRoot } from "./lists";
import { NONE, Rows } from "./rows";

/** One search: whose neighbors are sought among which rows, what decides, and where they are kept. Self search: both sets are the same. */
@unmanaged
export class Search {
  queries: usize;
  reference: usize;
  /** u32, f64 (n, k): the lists. */
  indices: usize;
  distances: usize;
  /** f32 (slots of the queries): −half the k-th squared distance so far, scaled, a hair lower; only better scores are looked at. */
  limits: usize;
  scratch: usize;
  table: usize;
  k: i32;
  d: i32;
  q: i32;
  metric: i32;
  weight: f64;
  scale: f64;
  /** f64 distances computed so far. */
  evaluated: f64;
}

export function search_bytes(): i32 {
  return offsetof<Search>();
}

/** f64 distances that a search has computed so far. */
export function search_evaluated(at: usize): f64 {
  return changetype<Search>(at).evaluated;
}

/** at ← a search whose lists are cleared; limits and scratch matter to packed rows only. */
export function set_search(
  at: usize,
  indices: usize,
  distances: usize,
  limits: usize,
  scratch: usize,
  queries: usize,
  reference: usize,
  table: usize,
  k: i32,
  d: i32,
  q: i32,
  metric: i32,
  weight: f64,
  scale: f64,
): void {
  const search = changetype<Search>(at);
  search.queries = queries;
  search.reference = reference;
  search.indices = indices;
  search.distances = distances;
  search.limits = limits;
  search.scratch = scratch;
  search.table = table;
  search.k = k;
  search.d = d;
  search.q = q;
  search.metric = metric;
  search.weight = weight;
  search.scale = scale;
  search.evaluated = 0;
  assert(k > 0 && scale > 0, "set_search: no neighbors, or no scale");
  const set = changetype<Rows>(queries);
  for (let slot = 0; slot < set.slots; slot++) putF32(limits, slot, u32At(set.rows, slot) == NONE ? Infinity : -Infinity);
}

/** Whether any distance at all could bring `row` into the list of `query`: not once it is full of equal rows with lower indices. */
function mayEnter(search: Search, query: u32, row: u32): bool {
  return (
    load<f64>(search.distances + ((<usize>query * search.k) << 3)) > 0 || row < load<u32>(search.indices + ((<usize>query * search.k) << 2))
  );
}

function offer(search: Search, query: u32, distance: f64, row: u32): void {
  const far = search.distances + ((<usize>query * search.k) << 3),
    near = search.indices + ((<usize>query * search.k) << 2);
  if (comesBefore(distance, row, load<f64>(far), load<u32>(near))) replaceRoot(near, far, search.k, distance, row);
}

/** As `offer`, and the slot's limit rises. 0.500001 and 1e−37: a pair as near as the k-th must still be looked at. */
function offerSlot(search: Search, slot: u32, query: u32, distance: f64, row: u32): void {
  const far = search.distances + ((<usize>query * search.k) << 3),
    near = search.indices + ((<usize>query * search.k) << 2);
  if (distance > load<f64>(far) || !comesBefore(distance, row, load<f64>(far), load<u32>(near))) return;
  replaceRoot(near, far, search.k, distance, row);
  const limit = <f32>(-0.500001 * (load<f64>(far) * search.scale * search.scale)) - 1e-37;
  if (limit > f32At(search.limits, slot)) putF32(search.limits, slot, limit);
}

/**
 * Offers f64 distances of the pairs noted in hits (found): row · 8 + column, counted from slots a0 and b0. Four at a time, so that their sums
 * overlap. A row is never offered to itself (`same`); the columns are served too if `both`.
 */
export function look(search: Search, hits: usize, found: i32, a0: u32, b0: u32, same: bool, both: bool): void {
  const rows = changetype<Rows>(search.queries),
    columns = changetype<Rows>(search.reference),
    four = search.scratch;
  const plain = !search.q && !rows.spreads && !columns.spreads && search.metric == MIXED;
  for (let h = 0; h < found;) {
    let filled = 0;
    for (; h < found && filled < 4; h++) {
      const hit = u32At(hits, h),
        a = a0 + (hit >> 3),
        b = b0 + (hit & 7);
      if (same && a == b) continue;
      const i = u32At(rows.rows, a),
        j = u32At(columns.rows, b);
      assert(i != NONE && j != NONE, "look: a hit on an empty slot");
      if (!mayEnter(search, i, j) && !(both && mayEnter(search, j, i))) continue;
      const pair = four + ((<usize>filled) << 5);
      store<u32>(pair, a);
      store<u32>(pair, b, 4);
      store<u32>(pair, i, 8);
      store<u32>(pair, j, 12);
      filled++;
    }
    if (!filled) return;
    if (plain) {
      for (let p = filled; p < 4; p++) memory.copy(four + ((<usize>p) << 5), four, 16);
      squared_distances(four, search.queries, search.reference, search.d);
    }
    search.evaluated += <f64>filled;
    for (let pair = four, end = four + ((<usize>filled) << 5); pair < end; pair += 32) {
      const i = load<u32>(pair, 8),
        j = load<u32>(pair, 12);
      const distance = plain ? load<f64>(pair, 16) : distanceOf(search, i, j);
      offerSlot(search, load<u32>(pair), i, distance, j);
      if (both) offerSlot(search, load<u32>(pair, 4), j, distance, i);
    }
  }
}

function distanceOf(search: Search, i: u32, j: u32): f64 {
  return squared_distance(search.queries, search.reference, i, j, search.d, search.q, search.metric, search.weight, search.table);
}

/**
 * Search by f64 distances alone, for metrics that no f32 estimate bounds: queries [from, to) against all m rows of the reference. `self`: the two sets
 * are one, each pair is computed once, for the lower row, and offered to both.
 */
export function search_direct(at: usize, m: i32, self: bool, from: i32, to: i32): void {
  const search = changetype<Search>(at);
  for (let i = from; i < to; i++) {
    for (let j = self ? i + 1 : 0; j < m; j++) {
      assert(i != NONE && j != NONE, "look: a hit on an empty slot");
      if (!mayEnter(search, i, j) && !(self && mayEnter(search, j, i))) continue;
      const distance = distanceOf(search, i, j);
      search.evaluated += 1;
      offer(search, i, distance, j);
      if (self) offer(search, j, distance, i);
    }
  }
}
