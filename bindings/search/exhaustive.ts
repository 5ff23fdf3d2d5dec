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
  const { instance, work, total, space, queries, reference, self, k, scale, indices, distances } = task;
  const { arena, kernels } = instance;
  const { d, q, metric, weight, table } = space;
  const known = task.prepared?.packed ?? pack(instance, space, reference, scale);
  const asked = self ? known : pack(instance, space, queries, scale);
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
 * About how many nanoseconds that takes; with a reach, of a typical list, only for leaves it does not rule out, by a sample of their pairs. Of 20 000 rows, few
 * ruled out, 10 columns took 96, 120, 208 ms for 1, 3, 10 neighbors, 50 columns 281, 298, 350.
 */
export function exhaustiveCost(task: Task, reach = Infinity): number {
  const { instance, space, queries, reference, self, k, scale } = task;
  const { arena, kernels } = instance;
  const pairs = queries.n * reference.n * (self ? 0.5 : 1) * (space.metric === METRIC.mixed ? 1 : DIRECT);
  const cost = 0.3 + 0.04 * k + 0.025 * (space.d + 2 * space.q);
  if (reach === Infinity) return pairs * cost + 300 * queries.n;
  return arena.scope(() => {
    const known = task.prepared?.packed ?? pack(instance, space, reference, scale);
    const asked = self ? known : pack(instance, space, queries, scale);
    let left = 0;
    for (let pair = 0; pair < PAIRS; pair++) {
      const [a, b] = [(pair * 97) % asked.leaves, (pair * 61 + (pair >> 3)) % known.leaves];
      if (kernels.leaf_distance(asked.at, a, known.at, b, space.d, scale) <= reach * reach) left++;
    }
    const boxes = asked.leaves * known.leaves * (self ? 0.5 : 1) * (20 + 2 * space.d);
    return pairs * cost * (left / PAIRS) + boxes + 500 * queries.n;
  });
}

/** The rows again, grouped into leaves and packed for the tiles. */
export function pack({ kernels, arena }: Instance<CoreExports>, { d, q }: Space, rows: Placed, scale: number): Packed {
  const order = arena.room(Uint32Array, rows.n);
  const starts = arena.room(Uint32Array, rows.n + 1);
  const leaves = arena.scope(() => kernels.group_leaves(order, starts, rows.values, arena.room(Float64Array, 128), rows.n, d, LEAF));
  const slots = kernels.packed_slots(starts, leaves);
  const at = arena.allocate<"rows">(kernels.packed_bytes(slots, leaves, d, q));
  kernels.pack_rows(at, rows.at, order, starts, slots, leaves, d, q, scale);
  return { at, slots, leaves };
}
