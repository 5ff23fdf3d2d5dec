import type { Schema } from "../data/dataset";
import type { CoreExports, Pointer } from "../engine/exports";
import type { Instance } from "../engine/lease";
import type { Work } from "../run/work";
import { searchDirect } from "./direct";
import { searchExhaustive, type Packed } from "./exhaustive";
import type { Prepared } from "./prepare";
import { METRIC, scaleOf, type Placed, type Space } from "./space";
import { searchTree, treeBytes } from "./tree";

/** The k nearest rows of each row, ascending by (order key, index). */
export interface Neighbors {
  /** u32 (n, k): rows of the reference. */
  readonly indices: Uint32Array;
  /** f64 (n, k): order keys, squared distances but for the Manhattan metric's. */
  readonly keys: Float64Array;
  /** How many f64 distances it took. */
  readonly evaluated: number;
}

/** One search: who is asked among whom, and where the lists are. */
export interface Task {
  readonly instance: Instance<CoreExports>;
  readonly work: Work;
  readonly space: Space;
  readonly queries: Placed;
  readonly reference: Placed;
  /** Both are the same. */
  readonly self: boolean;
  readonly k: number;
  /** The power of two that brings distances near 1. */
  readonly scale: number;
  /** What the reference keeps, made at this scale. */
  readonly prepared: Prepared | undefined;
  /** The rows packed, once that was asked for: behind the tree that was too slow. */
  packs?: { readonly known: Packed; readonly asked: Packed };
  /** Work to be counted in all. */
  readonly total: number;
  /** Lists of the queries, cleared. */
  readonly indices: Pointer<Uint32Array>;
  readonly distances: Pointer<Float64Array>;
}

/** How pairs of rows are ruled out: all pairs by their packed leaves, or most of them by a tree. */
export type Algorithm = "auto" | "exhaustive" | "tree";

/** Work that a search counts up to. */
export function searchWork(space: Pick<Space, "d" | "q">, queries: number, reference: number, self: boolean): number {
  return (queries * reference * (space.d + space.q + 2)) / (self ? 2 : 1);
}

/** Bytes that placing n rows and searching among them takes. */
export function searchBytes({ d, q }: Pick<Space, "d" | "q">, n: number, k: number, incomplete: boolean): number {
  const tree = n < FEWEST_FOR_TREE ? 0 : treeBytes(n, d);
  return tree + n * (8 * d * (incomplete ? 2 : 1) + 4 * q + 4 * (d + q) * 1.1 + 12 * k + 24) + n * 0.4 * d + 1e5;
}

/**
 * The k nearest reference rows of each query, exact: every pair that is not ruled out for certain is compared in f64. Where both are the same set, the nearest
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
  algorithm: Algorithm = "auto",
): Promise<Neighbors> {
  const { kernels, arena } = instance;
  const { n } = queries;
  const self = queries === reference;
  return arena.during(async () => {
    const indices = arena.room(Uint32Array, n * k);
    const distances = arena.room(Float64Array, n * k);
    const fitting = scaleOf(schema, space, [queries, reference]);
    // f32 holds distances far beyond 1, so queries may lie well outside of what was prepared
    const prepared = fitting * FAR_QUERIES < (reference.prepared?.scale ?? 0) ? undefined : reference.prepared;
    const scale = prepared?.scale ?? fitting;
    const total = searchWork(space, n, reference.n, self);
    const task: Task = { instance, work, space, queries, reference, self, k, scale, prepared, total, indices, distances };
    kernels.clear_lists(indices, distances, n, k);
    const evaluated = await searchBy(task, algorithm);
    kernels.sort_lists(indices, distances, k, 0, n);
    return { indices: arena.take(Uint32Array, indices, n * k), keys: arena.take(Float64Array, distances, n * k), evaluated };
  });
}

/** By a tree where that is told or worth it, else by all pairs of leaves, or of rows where nothing bounds their distances. */
async function searchBy(task: Task, algorithm: Algorithm): Promise<number> {
  const { space, reference, prepared } = task;
  const told = algorithm === "tree" || (algorithm === "auto" && prepared?.grown !== undefined);
  const mayBeTree = told || (algorithm === "auto" && !prepared && reference.n >= FEWEST_FOR_TREE && space.d >= FEWEST_COLUMNS);
  if (mayBeTree && hasTree(space)) {
    const evaluated = await searchTree(task, told);
    if (evaluated !== undefined) return evaluated;
  }
  return space.metric === METRIC.mixed && space.d > 0 ? searchExhaustive(task) : searchDirect(task);
}

/** Whether numeric differences alone are never more than a distance. */
export function hasTree({ d, metric }: Space): boolean {
  return d > 0 && !(metric & METRIC.rescaled);
}

/** How many times farther than the reference is wide queries may lie before what was prepared is of no use. */
const FAR_QUERIES = 1024;

/** Below this number of rows a tree is not worth its making. */
export const FEWEST_FOR_TREE = 4096;
/** Of fewer columns leaves are so small that the exhaustive search is as fast, and needs not be compared with. */
const FEWEST_COLUMNS = 4;
