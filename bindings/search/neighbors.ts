import type { Schema } from "../data/dataset";
import type { CoreExports } from "../engine/exports";
import type { Instance } from "../engine/lease";
import { blockSizes, type Work } from "../run/work";
import { METRIC, scaleOf, type Placed, type Space } from "./space";

/** The k nearest rows of each row, ascending by (squared distance, index). */
export interface Neighbors {
  /** u32 (n, k): rows of the reference. */
  readonly indices: Uint32Array;
  /** f64 (n, k). */
  readonly squared: Float64Array;
  /** How many f64 distances it took. */
  readonly evaluated: number;
}

/** Rows to a leaf: small enough for leaves to be ruled out, large enough to keep the tiles busy (64: 5 % slower at 64 columns, 256: no faster). */
const LEAF = 128;

/** Work that a search counts up to. */
export function searchWork(space: Pick<Space, "d" | "q">, queries: number, reference: number, self: boolean): number {
  return (queries * reference * (space.d + space.q + 2)) / (self ? 2 : 1);
}

/** Bytes that placing n rows and searching among them takes. */
export function searchBytes({ d, q }: Pick<Space, "d" | "q">, n: number, k: number, incomplete: boolean): number {
  return n * (8 * d * (incomplete ? 2 : 1) + 4 * q + 4 * (d + q) * 1.1 + 12 * k + 24) + (n / LEAF) * 48 * d + 1e5;
}

/**
 * The k nearest reference rows of each query, exact: every pair that the integers do not rule out is compared in f64. Where both are the same set, the nearest
 * other rows of each row, and k is below their number.
 */
export async function searchNeighbors(
  instance: Instance<CoreExports>,
  work: Work,
  schema: Schema,
  space: Space,
  queries: Placed,
  reference: Placed,
  k: number,
): Promise<Neighbors> {
  const { kernels, arena } = instance;
  const self = queries === reference;
  const { n } = queries;
  return arena.during(async () => {
    const indices = arena.room(Uint32Array, n * k);
    const distances = arena.room(Float64Array, n * k);
    kernels.clear_lists(indices, distances, n, k);
    const scale = scaleOf(schema, space, [queries, reference]);
    const direct = space.metric !== METRIC.mixed;
    const asked = direct ? { at: queries.at, slots: 0, leaves: 0 } : pack(instance, space, queries, scale);
    const known = self || direct ? { ...asked, at: self ? asked.at : reference.at } : pack(instance, space, reference, scale);
    const reaches = arena.room(Float32Array, asked.slots);
    const scratch = arena.allocate(kernels.search_scratch_bytes(space.d, LEAF));
    const at = arena.allocate<"search">(kernels.search_bytes());
    const { d, q, metric, weight, table } = space;
    kernels.set_search(at, indices, distances, reaches, scratch, asked.at, known.at, table, k, d, q, metric, weight, scale);
    const total = searchWork(space, n, reference.n, self);
    if (direct) await searchDirect(kernels, work, at, space, n, reference.n, self, total);
    else if (self) await searchPairs(kernels, work, at, asked.leaves, total);
    else await searchLeaves(kernels, work, at, asked.leaves, total);
    kernels.sort_lists(indices, distances, k, 0, n);
    return {
      indices: arena.take(Uint32Array, indices, n * k),
      squared: arena.take(Float64Array, distances, n * k),
      evaluated: kernels.search_evaluated(at),
    };
  });
}

/** The rows again, grouped into leaves and packed for the tiles. */
function pack(
  { kernels, arena }: Instance<CoreExports>,
  { d, q }: Space,
  rows: Placed,
  scale: number,
): { at: number; slots: number; leaves: number } {
  const order = arena.room(Uint32Array, rows.n);
  const starts = arena.room(Uint32Array, rows.n + 1);
  const leaves = arena.scope(() => kernels.group_leaves(order, starts, rows.values, arena.room(Float64Array, 128), rows.n, d, LEAF));
  const slots = kernels.packed_slots(starts, leaves);
  const at = arena.allocate<"rows">(kernels.packed_bytes(slots, leaves, d, q));
  kernels.pack_rows(at, rows.at, order, starts, slots, leaves, d, q, scale);
  return { at, slots, leaves };
}

async function searchPairs(kernels: CoreExports, work: Work, at: number, leaves: number, total: number): Promise<void> {
  const share = total / ((leaves * (leaves + 1)) / 2);
  const size = blockSizes();
  for (let offset = 0, first = 0; offset < leaves;) {
    const done = kernels.search_pairs(at, offset, first, size());
    for (first += done; offset < leaves && first >= leaves - offset; offset++) first -= leaves - offset;
    await work.step(done * share);
  }
}

async function searchLeaves(kernels: CoreExports, work: Work, at: number, leaves: number, total: number): Promise<void> {
  const size = blockSizes();
  for (let from = 0; from < leaves;) {
    const done = kernels.search_leaves(at, from, size());
    from += done;
    await work.step((done * total) / leaves);
  }
}

/** One comparison at a time takes about eight times as long as in a tile. */
const DIRECT_COST = 8;

async function searchDirect(
  kernels: CoreExports,
  work: Work,
  at: number,
  space: Space,
  n: number,
  m: number,
  self: boolean,
  total: number,
): Promise<void> {
  const size = blockSizes();
  for (let from = 0; from < n;) {
    const perRow = DIRECT_COST * (self ? m - from : m) * (space.d + space.q + 2);
    const to = Math.min(n, from + Math.max(1, Math.floor(size() / perRow)));
    kernels.search_direct(at, m, Number(self), from, to);
    const pairs = self ? ((to - from) * (2 * n - from - to)) / (n * n) : (to - from) / n;
    from = to;
    await work.step(pairs * total);
  }
}
