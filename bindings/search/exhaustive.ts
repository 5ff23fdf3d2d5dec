import { runJob } from "../run/job";
import type { CoreExports, RowsPointer } from "../engine/exports";
import type { Instance } from "../engine/lease";
import { DIRECT } from "./direct";
import type { Task } from "./neighbors";
import { METRIC, type Placed, type Space } from "./space";

/** Rows to a leaf: small enough for leaves to be ruled out, large enough to keep the tiles busy (64: 5 % slower at 64 columns, 256: no faster). */
const LEAF = 128;

export interface Packed {
  readonly at: RowsPointer;
  readonly slots: number;
  readonly leaves: number;
}

/** Search by pairs of packed leaves. Returns how many f64 distances it took. */
export async function searchExhaustive(task: Task): Promise<number> {
  const { instance, work, total, space, queries, self, k, scale, indices, distances } = task;
  const { arena, kernels } = instance;
  const { d, q, metric, weight, table } = space;
  const { known, asked } = packed(task);
  const { leaves, slots } = asked;
  const reaches = arena.room(Float32Array, slots + leaves);
  const scratch = arena.allocate(kernels.search_scratch_bytes(d, LEAF));
  const at = arena.allocate<"search">(kernels.search_bytes());
  kernels.set_search(at, indices, distances, reaches, scratch, asked.at, known.at, table, k, d, q, metric, weight, scale);
  const pairs = self ? (leaves * (leaves + 1)) / 2 : leaves * known.leaves;
  const units = self ? pairs : leaves;
  const lists = { indices, distances, n: queries.n, k };
  // every leaf with itself first: whoever goes on then knows how near is near
  const first = self ? leaves : 0;
  const kernel = self ? "search_pairs" : "search_leaves";
  const cost = exhaustiveCost(task);
  await runJob({
    instance,
    work,
    total,
    kernel,
    at,
    search: at,
    units,
    first,
    cost,
    lists,
    reaches: { at: reaches, length: slots + leaves },
  });
  return kernels.search_evaluated(at);
}

const PAIRS = 256;

/**
 * About how many nanoseconds that takes; with a reach, of a typical list, only for leaves it does not rule out, by a sample of their pairs. 5 neighbors, no leaf ruled out:
 * 10 columns took 39 ms for 10 000 rows and 2225 for 100 000, and 50 columns 7800.
 */
export function exhaustiveCost(task: Task, reach = Infinity): number {
  const { instance, space, queries, reference, self, k, scale } = task;
  const pairs = queries.n * reference.n * (self ? 0.5 : 1) * (space.metric === METRIC.mixed ? 1 : DIRECT);
  const cost = 0.13 + 0.028 * (space.d + 2 * space.q);
  const lists = (300 + 310 * k) * queries.n;
  if (reach === Infinity) return pairs * cost + lists;
  const { known, asked } = packed(task);
  let left = 0;
  for (let pair = 0; pair < PAIRS; pair++) {
    const [a, b] = [(pair * 97) % asked.leaves, (pair * 61 + (pair >> 3)) % known.leaves];
    if (instance.kernels.leaf_distance(asked.at, a, known.at, b, space.d, scale) <= reach * reach) left++;
  }
  const boxes = asked.leaves * known.leaves * (self ? 0.5 : 1) * (20 + 2 * space.d);
  // lists of rows whose leaves meet few others fill with fewer attempts
  return pairs * cost * (left / PAIRS) + boxes + lists / 2;
}

/** Both sets of rows packed, once for whoever asks. */
function packed(task: Task): NonNullable<Task["packs"]> {
  const { instance, space, queries, reference, self, scale } = task;
  if (!task.packs) {
    const known = task.prepared?.packed ?? pack(instance, space, reference, scale);
    task.packs = { known, asked: self ? known : pack(instance, space, queries, scale) };
  }
  return task.packs;
}

/** The rows again, grouped into leaves and packed for the tiles. */
export function pack({ kernels, arena }: Instance<CoreExports>, { d, q }: Space, rows: Placed, scale: number): Packed {
  const order = arena.room(Uint32Array, rows.n);
  const starts = arena.room(Uint32Array, rows.n + 1);
  const leaves = arena.scope(() => kernels.group_leaves(order, starts, rows.values, arena.room(Float64Array, 128), rows.n, d, LEAF));
  // every leaf is padded to whole panels of 8
  const slots = 8 * (leaves + Math.ceil(rows.n / 8));
  const at = arena.allocate<"rows">(kernels.packed_bytes(slots, leaves, d, q));
  kernels.pack_rows(at, rows.at, order, starts, slots, leaves, d, q, scale);
  return { at, slots, leaves };
}
