import { allRows, rowsByClass, type Dataset } from "../data/dataset";
import { SUBSET, units } from "../draw";
import { core } from "../engine/core";
import { withInstanceNow } from "../engine/lease";

/** As many rows of a larger class as the class that grows has: an artificial minority, whose truth is known. */
export interface Subset {
  readonly rows: Uint32Array;
  /** All rows of the larger class, and its code. */
  readonly pool: Uint32Array;
  readonly code: number;
}

/** Which rows make up each task, and all rows of each class in it. */
export interface TaskRows {
  readonly rows: Uint32Array;
  readonly byClass: readonly Uint32Array[];
}

/** The rows of each task, tasks in order of appearance; without tasks all rows. */
export function tasksOf(data: Dataset, tasks: ArrayLike<unknown> | undefined): TaskRows[] {
  const byClass = rowsByClass(data);
  const among = (task: unknown): TaskRows => {
    const inside = (rows: Uint32Array): Uint32Array => (tasks ? rows.filter((i) => tasks[i] === task) : rows);
    return { rows: inside(allRows(data.n)), byClass: byClass.map(inside) };
  };
  return Array.from(new Set(tasks ? Array.from(tasks) : [0]), among);
}

/**
 * Disjoint subsets of the size of a class, of all classes that are at least twice as large, the largest first; of several tasks, of the same class in larger ones if there are such. A class of m times the size
 * gives m subsets, so donors count by their size.
 */
export function subsetsFor(data: Dataset, tasks: readonly TaskRows[], task: TaskRows, code: number, seed: number): Subset[] {
  const size = task.byClass[code]!.length;
  const large = (pools: readonly Omit<Subset, "rows">[]): Omit<Subset, "rows">[] => pools.filter(({ pool }) => pool.length >= 2 * size);
  const elsewhere = large(tasks.map(({ byClass }) => ({ pool: byClass[code]!, code })));
  const donors = elsewhere.length ? elsewhere : large(task.byClass.map((pool, own) => ({ pool, code: own })));
  const draws = withInstanceNow(core, (instance) => units(instance, { seed, label: code }, SUBSET, 0, data.n));
  return donors
    .sort((a, b) => b.pool.length - a.pool.length || a.pool[0]! - b.pool[0]!)
    .flatMap((donor) => {
      const order = donor.pool.slice().sort((a, b) => draws[a]! - draws[b]! || a - b);
      const count = Math.floor(order.length / size);
      return Array.from({ length: count }, (_, m) => ({ ...donor, rows: order.slice(m * size, (m + 1) * size).sort() }));
    });
}
