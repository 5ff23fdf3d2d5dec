import { f32At, putF32, u32At } from "../lanes";
import { MIXED, order_key, squared_distances } from "./distance";
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
  /** f32 (slots, then leaves, of the queries): the k-th distance so far, scaled, or a hair more; −Infinity for empty slots. Of a leaf, no less than its longest. */
  reaches: usize;
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
  /** Of the pair of leaves at hand: what the integers hide of a distance, scaled, and half of what f32 rounds off a squared one. */
  hidden: f32;
  rounded: f32;
}

export function search_bytes(): i32 {
  return offsetof<Search>();
}

/** f64 distances that a search has computed so far. */
export function search_evaluated(at: usize): f64 {
  return changetype<Search>(at).evaluated;
}

/** Counts what another thread has computed. */
export function add_evaluated(at: usize, evaluated: f64): void {
  changetype<Search>(at).evaluated += evaluated;
}

/** at ← a search whose lists are cleared; reaches and scratch matter to packed rows only. */
export function set_search(
  at: usize,
  indices: usize,
  distances: usize,
  reaches: usize,
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
  search.reaches = reaches;
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
  for (let slot = 0; slot < set.slots + set.leaves; slot++)
    putF32(reaches, slot, slot < set.slots && u32At(set.rows, slot) == NONE ? -Infinity : Infinity);
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

/** As `offer`, and the slot's reach falls, and with it its limit in the pair of leaves at hand. */
function offerSlot(search: Search, slot: u32, limit: usize, query: u32, distance: f64, row: u32): void {
  const far = search.distances + ((<usize>query * search.k) << 3),
    near = search.indices + ((<usize>query * search.k) << 2);
  if (distance > load<f64>(far) || !comesBefore(distance, row, load<f64>(far), load<u32>(near))) return;
  replaceRoot(near, far, search.k, distance, row);
  // a row as far as the k-th must still be looked at, whatever is rounded here, or has underflowed here or in its distance
  const reach = <f32>(sqrt(load<f64>(far) + <f64>(search.d + search.q) * 5e-324) * search.scale * 1.0000003) + 1e-37;
  if (reach >= f32At(search.reaches, slot)) return;
  putF32(search.reaches, slot, reach);
  const edge = reach + search.hidden;
  store<f32>(limit, -0.500001 * edge * edge - search.rounded);
}

/**
 * Offers f64 distances of the pairs noted in hits (found): row · 8 + column, counted from slots a0 and b0. Four at a time, so that their sums
 * overlap. Rows are served if they have limits, and columns likewise; none is offered to itself (`same`).
 */
export function look(search: Search, hits: usize, found: i32, rowLimits: usize, columnLimits: usize, a0: u32, b0: u32, same: bool): void {
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
      if (!(rowLimits && mayEnter(search, i, j)) && !(columnLimits && mayEnter(search, j, i))) continue;
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
      const a = load<u32>(pair),
        b = load<u32>(pair, 4);
      if (rowLimits) offerSlot(search, a, rowLimits + ((<usize>(a - a0)) << 2), i, distance, j);
      if (columnLimits) offerSlot(search, b, columnLimits + ((<usize>(b - b0)) << 2), j, distance, i);
    }
  }
}

function distanceOf(search: Search, i: u32, j: u32): f64 {
  return order_key(search.queries, search.reference, i, j, search.d, search.q, search.metric, search.weight, search.table);
}

/**
 * Search by f64 distances alone, for metrics that no f32 estimate bounds: queries [from, to) against all m rows of the reference. `self`: the two sets
 * are one, each pair is computed once, for the lower row, and offered to both.
 */
export function search_direct(at: usize, m: i32, self: bool, from: i32, to: i32): void {
  const search = changetype<Search>(at);
  for (let i = from; i < to; i++) {
    for (let j = self ? i + 1 : 0; j < m; j++) {
      if (!mayEnter(search, i, j) && !(self && mayEnter(search, j, i))) continue;
      const distance = distanceOf(search, i, j);
      search.evaluated += 1;
      offer(search, i, distance, j);
      if (self) offer(search, j, distance, i);
    }
  }
}
