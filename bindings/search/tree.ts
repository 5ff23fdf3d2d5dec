import type { Pointer, SearchPointer, TreePointer, WalkPointer } from "../engine/exports";
import { runJob } from "../run/job";
import { exhaustiveCost } from "./exhaustive";
import { MOST_AXES, principalAxes } from "./axes";
import type { Task } from "./neighbors";
import { METRIC, type Placed, type Space } from "./space";

/** Bytes that a tree over n rows of d columns takes at most. */
export function treeBytes(n: number, d: number): number {
  return n * (20 * Math.min(d, MOST_AXES) + 16);
}

/** A search by trees over the queries and the reference, with the same axes. */
interface Walk {
  readonly at: WalkPointer;
  readonly search: SearchPointer;
  /** Number of axes. */
  readonly r: number;
}

/**
 * Search by a k-d tree on principal axes. Returns how many f64 distances it took; undefined, and empty lists, where it would take longer than the exhaustive search,
 * unless it is `told` to.
 */
export async function searchTree(task: Task, told: boolean): Promise<number | undefined> {
  const { instance, work, total, queries, indices, distances, k } = task;
  const { kernels, arena } = instance;
  const { n } = queries;
  const walk = plant(task, told);
  if (!walk) return undefined;
  const { top } = arena;
  const cost = told && n < FEW_QUERIES ? { nanoseconds: n * TYPICAL, keys: [] } : costOf(task, walk);
  kernels.clear_lists(indices, distances, n, k);
  if (!told && !isWorthIt(task, cost)) return undefined;
  // rows that were packed to find out are of no use
  arena.top = top;
  const lists = { indices, distances, n, k };
  await runJob({
    instance,
    work,
    total,
    kernel: "walk_tree",
    at: walk.at,
    search: walk.search,
    units: n,
    first: 0,
    cost: cost.nanoseconds,
    lists,
  });
  return kernels.search_evaluated(walk.search);
}

/** Of queries as few as these nobody asks what they cost: about this many nanoseconds each. */
const [FEW_QUERIES, TYPICAL] = [1024, 5000];

/** Axes that hold less of the variance do not tell rows apart: even the nearest row is too far in all other directions. */
const LEAST_SHARE = 0.75;

/** A tree over the reference, and the axes it is on. */
export interface Grown {
  readonly tree: TreePointer;
  /** f64 (r, d), f64 (d). */
  readonly directions: Pointer<Float64Array>;
  readonly center: Pointer<Float64Array>;
  readonly r: number;
}

/** A tree over the reference; none where its axes would tell too little, unless it is `told` to. */
export function growReference({ instance, space, reference, scale }: Rooted, told: boolean): Grown | undefined {
  const { arena } = instance;
  const { d } = space;
  const axes = principalAxes(arena.view(Float64Array, reference.values, reference.n * d), reference.n, d);
  if (!axes || (axes.share < LEAST_SHARE && !told)) return undefined;
  const [directions, center] = [arena.put(axes.directions), arena.put(axes.center)];
  const onAxes = { directions, center, r: axes.r };
  return { ...onAxes, tree: grow(instance, reference, space, onAxes, scale) };
}

/** What it takes to grow a tree over the reference. */
export type Rooted = Pick<Task, "instance" | "space" | "reference" | "scale">;

function grow(
  { arena, kernels }: Task["instance"],
  { n, values }: Placed,
  { d }: Space,
  { directions, center, r }: Omit<Grown, "tree">,
  scale: number,
): TreePointer {
  const coordinates: Pointer<Float64Array> = arena.room(Float64Array, n * r);
  kernels.project_rows(coordinates, values, directions, center, n, d, r, scale);
  const at = arena.allocate<"tree">(kernels.tree_bytes(n, r));
  arena.scope(() => kernels.build_tree(at, coordinates, arena.room(Float64Array, 128), n, r));
  return at;
}

function plant(task: Task, told: boolean): Walk | undefined {
  const { instance, space, queries, reference, k, scale, indices, distances } = task;
  const { arena, kernels } = instance;
  const { d, q, metric, weight, table } = space;
  const grown = task.prepared?.grown ?? growReference(task, told);
  if (!grown) return undefined;
  const asked = task.self ? grown.tree : grow(instance, queries, space, grown, scale);
  const search = arena.allocate<"search">(kernels.search_bytes());
  kernels.set_search(search, indices, distances, 0, 0, queries.at, reference.at, table, k, d, q, metric, weight, scale);
  const at = arena.allocate<"walk">(kernels.walk_bytes(grown.r));
  kernels.set_walk(at, search, asked, grown.tree);
  return { at, search, r: grown.r };
}

/** Whether a search by a tree would cost less than the exhaustive one. */
export function treePays(task: Task): boolean {
  const walk = plant(task, false);
  return walk !== undefined && isWorthIt(task, costOf(task, walk));
}

const [PROBES, PROBE] = [6, 12];
/** Share of the exhaustive search's cost that finding out may cost, and below which nothing else is asked. */
const [PROBE_SHARE, CLEAR_SHARE] = [0.03, 0.05];

/** What some runs of queries tell. */
interface Cost {
  /** Of walking for all queries; Infinity if finding out was given up. */
  readonly nanoseconds: number;
  /** Order key of the k-th neighbor of each query asked. */
  readonly keys: readonly number[];
}

/** What walking costs: for a leaf of r axes, and an f64 distance of d columns. */
function costOf(task: Task, { at, search, r }: Walk): Cost {
  const { instance, space, queries, k, distances } = task;
  const { arena, kernels } = instance;
  const { n } = queries;
  const budget = (PROBE_SHARE * exhaustiveCost(task)) / PROBES;
  const run = Math.min(PROBE, n);
  const asked: number[] = [];
  for (let probe = 0; probe < PROBES; probe++) {
    const from = Math.floor(((n - run) * probe) / (PROBES - 1));
    const done = kernels.walk_tree(at, from, from + run, budget);
    if (done < run) return { nanoseconds: Infinity, keys: [] };
    for (let place = from; place < from + run; place++) asked.push(kernels.walk_query(at, place));
  }
  const leaves = kernels.walk_scanned(at) * (22 + 4.5 * Math.min(r, 4) + 2.5 * Math.max(r - 4, 0));
  const compared = kernels.search_evaluated(search) * (45 + 0.6 * (space.d + space.q));
  const lists = arena.view(Float64Array, distances, n * k);
  // lists are heaps: the k-th comes first
  return { nanoseconds: ((leaves + compared) / asked.length + 250) * n, keys: asked.map((row) => lists[row * k]!) };
}

/** Whether walking costs less than the exhaustive search, by the leaves that it could not rule out with reaches as large as those. */
function isWorthIt(task: Task, { nanoseconds, keys }: Cost): boolean {
  const full = exhaustiveCost(task);
  if (nanoseconds > full || nanoseconds < CLEAR_SHARE * full || task.space.metric !== METRIC.mixed) return nanoseconds < full;
  const reaches = keys.map((value) => Math.sqrt(value) * task.scale).sort((x, y) => x - y);
  return nanoseconds < exhaustiveCost(task, reaches[reaches.length >> 1]!);
}
