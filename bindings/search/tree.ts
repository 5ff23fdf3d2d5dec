import type { Pointer, SearchPointer, TreePointer, WalkPointer } from "../engine/exports";
import { blockSizes } from "../run/work";
import { exhaustiveCost } from "./exhaustive";
import { MOST_AXES, principalAxes } from "./axes";
import type { Task } from "./neighbors";
import type { Placed } from "./space";

/** Bytes that a tree over n rows takes. */
export function treeBytes(n: number): number {
  return n * (20 * MOST_AXES + 16);
}

/** A search by trees over the queries and the reference, with the same axes. */
interface Walk {
  readonly at: WalkPointer;
  readonly search: SearchPointer;
  /** Number of axes. */
  readonly r: number;
}

/**
 * Search by a k-d tree on principal axes. Returns how many f64 distances it took; undefined, and lists that are to be cleared, where it would take longer than the
 * exhaustive search, unless it is `told` to.
 */
export async function searchTree(task: Task, told: boolean): Promise<number | undefined> {
  const { instance, work, queries, total } = task;
  const { kernels } = instance;
  const { n } = queries;
  const walk = plant(task, told);
  if (!walk) return undefined;
  if (!told && !isWorthIt(task, walk)) return undefined;
  kernels.clear_lists(task.indices, task.distances, n, task.k);
  const size = blockSizes();
  for (let from = 0; from < n;) {
    const done = kernels.walk_tree(walk.at, from, n, size());
    from += done;
    await work.step((done * total) / n);
  }
  return kernels.search_evaluated(walk.search);
}

/** Axes that hold less of the variance do not tell rows apart. */
const LEAST_SHARE = 0.5;

function plant(task: Task, told: boolean): Walk | undefined {
  const { instance, space, queries, reference, k, scale, indices, distances } = task;
  const { arena, kernels } = instance;
  const { d, q, metric, weight, table } = space;
  const axes = principalAxes(arena.view(Float64Array, reference.values, reference.n * d), reference.n, d);
  if (!axes || (axes.share < LEAST_SHARE && !told)) return undefined;
  const { r } = axes;
  const [directions, center] = [arena.put(axes.directions), arena.put(axes.center)];
  const grow = ({ n, values }: Placed): TreePointer => {
    const coordinates: Pointer<Float64Array> = arena.room(Float64Array, n * r);
    kernels.project_rows(coordinates, values, directions, center, n, d, r, scale);
    const at = arena.allocate<"tree">(kernels.tree_bytes(n, r));
    arena.scope(() => kernels.build_tree(at, coordinates, arena.room(Float64Array, 128), n, r));
    return at;
  };
  const known = grow(reference);
  const asked = task.self ? known : grow(queries);
  const search = arena.allocate<"search">(kernels.search_bytes());
  kernels.set_search(search, indices, distances, 0, 0, queries.at, reference.at, table, k, d, q, metric, weight, scale);
  const at = arena.allocate<"walk">(kernels.walk_bytes(r));
  kernels.set_walk(at, search, asked, known);
  return { at, search, r };
}

const [PROBES, PROBE] = [6, 12];
/** Share of the exhaustive search's cost that finding out may cost, and below which nothing else is asked. */
const [PROBE_SHARE, CLEAR_SHARE] = [0.03, 0.05];

/**
 * Whether walking costs less, by what some runs of queries cost, than the exhaustive search, by the leaves that it could not rule out with reaches as large as the probes'.
 */
function isWorthIt(task: Task, { at, search, r }: Walk): boolean {
  const { instance, space, queries, k, scale, distances } = task;
  const { arena, kernels } = instance;
  const { n } = queries;
  const full = exhaustiveCost(task);
  const probed: number[] = [];
  for (let probe = 0; probe < PROBES; probe++) {
    const from = Math.floor(((n - PROBE) * probe) / (PROBES - 1));
    const done = kernels.walk_tree(at, from, from + PROBE, (PROBE_SHARE * full) / PROBES);
    if (done < PROBE) return false;
    for (let place = from; place < from + PROBE; place++) probed.push(kernels.walk_query(at, place));
  }
  const leaves = kernels.walk_scanned(at) * (22 + 4.5 * Math.min(r, 4) + 2.5 * Math.max(r - 4, 0));
  const compared = kernels.search_evaluated(search) * (22 + 0.6 * (space.d + space.q));
  const cost = ((leaves + compared) / probed.length + 250) * n;
  if (cost > full || cost < CLEAR_SHARE * full) return cost < full;
  const lists = arena.view(Float64Array, distances, n * k);
  // lists are heaps: the k-th comes first
  const reaches = probed.map((row) => Math.sqrt(lists[row * k]!) * scale).sort((x, y) => x - y);
  return cost < exhaustiveCost(task, reaches[reaches.length >> 1]!);
}
