import { checkInteger, checkOneOf, checkOptions, show } from "../check";
import type { Data } from "../contracts";
import { countsOf, type Dataset } from "../data/dataset";
import { checkUnmarked } from "../data/marks";
import { read } from "../data/read";
import { PURPOSE, units } from "../draw";
import { core } from "../engine/core";
import { withInstanceNow } from "../engine/lease";
import { InputError } from "../errors";
import { descending } from "./metrics/ranking";
import { byTime, groupsOf, orderOf, ordersOf, rowsWhere, type Order, type OrderOptions } from "./order";

export interface FoldsOptions extends OrderOptions {
  /** How many parts, each of which is the test part once. Default 5. */
  readonly folds?: number | undefined;
  /** How often to divide the rows anew. Default 1. */
  readonly repeats?: number | undefined;
  /**
   * What rows are divided by. `"class"`: every fold has its share of every class; `"row"`: of all rows alone; `"group"`: rows of a group stay together, and
   * classes are shared as well as that allows; `"time"`: each fold is tested after all it is trained on. Default: by the times or groups
   * given or of the table's columns, if there are any, else `"class"`.
   */
  readonly by?: "class" | "row" | "group" | "time" | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
}

/** Row numbers of one fold, rising. */
export interface Fold {
  readonly repeat: number;
  readonly fold: number;
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * Divides rows into folds for cross-validation: in each repeat every row is in one test part, and train is the rest. By time, the rows are cut into one part more than
 * there are folds, equal times together; fold f is tested on part f + 1 and trained on all earlier ones. Sizes differ by at most one row, by class and
 * in all, where neither groups nor times bind. Resample inside of folds only: never before.
 *
 * @throws {InputError} when a fold would have no rows, or a training part not all classes (by row or time: not two).
 */
export function folds(data: Data, options: FoldsOptions = {}): Fold[] {
  checkOptions("folds", options, ["folds", "repeats", "by", "seed", "groups", "times"]);
  const k = checkInteger("folds", options.folds ?? 5, 2);
  const repeats = checkInteger("repeats", options.repeats ?? 1, 1, 100_000);
  const seed = checkInteger("seed", options.seed ?? 0, 0);
  if (options.by !== undefined) checkOneOf("by", options.by, ["class", "row", "group", "time"]);
  checkUnmarked(data, "folds");
  const dataset = read(data);
  if (k > dataset.n) throw new InputError("TOO_FEW_ROWS", `folds is ${k}, but there are ${dataset.n} rows; use ${dataset.n} or less.`);
  const { by, order } = wayOf(dataset, options);
  if (by === "time") {
    if (repeats > 1)
      throw new InputError("OPTION", `repeats is ${repeats}, but the order of times leaves nothing to draw; leave repeats out.`);
    const parts = timeParts(dataset.n, order!, k);
    return foldsOf(dataset, k, 0, by, (fold) => [rowsWhere(parts, (part) => part <= fold), rowsWhere(parts, (part) => part === fold + 1)]);
  }
  const groups = by === "group" ? groupsOf(order!) : null;
  if (groups) checkGroups(dataset, order!.name, groups, k);
  if (by === "class") checkClasses(dataset, k);
  return Array.from({ length: repeats }, (_, repeat) => {
    // the class of these draws is the repeat; split draws as class 0
    const draws = withInstanceNow(core, (instance) => units(instance, { seed, label: repeat + 1 }, PURPOSE.split, 0, dataset.n));
    const places = groups ? groupPlaces(dataset, groups, k, draws) : rowPlaces(dataset, k, draws, by === "class");
    return foldsOf(dataset, k, repeat, by, (fold) => sidesOf(places, fold));
  }).flat();
}

/** Rows that are not in the fold, and those that are. */
function sidesOf(places: Uint32Array, fold: number): [Uint32Array, Uint32Array] {
  const [train, test] = [new Uint32Array(places.length), new Uint32Array(places.length)];
  let [others, own] = [0, 0];
  for (let i = 0; i < places.length; i++) {
    if (places[i] === fold) test[own++] = i;
    else train[others++] = i;
  }
  return [train.slice(0, others), test.slice(0, own)];
}

function wayOf(data: Dataset, options: FoldsOptions): { by: NonNullable<FoldsOptions["by"]>; order?: Order | undefined } {
  const { by } = options;
  if (by === "class" || by === "row") return { by };
  if (by === undefined) {
    const { group, time } = ordersOf(data, options, "folds");
    return time ? { by: "time", order: time } : group ? { by: "group", order: group } : { by: "class" };
  }
  const order = orderOf(data, by, options);
  if (order) return { by, order };
  throw new InputError(
    "OPTION",
    `by is "${by}", but the data has no ${by} column; name one, table(rows, { target, ${by}: … }), or give ${by}s, one for each row.`,
  );
}

function checkClasses(data: Dataset, k: number): void {
  const counts = countsOf(data);
  const few = counts.findIndex((count) => count > 0 && count < k);
  if (few < 0) return;
  throw new InputError(
    "TOO_FEW_ROWS",
    `folds is ${k}, but class ${show(data.schema.classes[few])} has ${counts[few]} ${counts[few] === 1 ? "row" : "rows"}, and each fold needs one; ` +
      (counts[few]! > 1 ? `use ${counts[few]} or less, or by: "row".` : `add rows, drop the class, or use by: "row".`),
  );
}

function checkGroups(data: Dataset, name: string, groups: readonly (readonly number[])[], k: number): void {
  if (groups.length < k) {
    throw new InputError(
      "TOO_FEW_ROWS",
      `folds is ${k}, but ${show(name)} has ${groups.length} groups; use fewer folds, at most one a group.`,
    );
  }
  const found = data.schema.classes.map(() => 0);
  for (const rows of groups) for (const code of new Set(rows.map((i) => data.labels[i]!))) found[code]!++;
  const alone = found.indexOf(1);
  if (alone >= 0) {
    throw new InputError(
      "TOO_FEW_ROWS",
      `Class ${show(data.schema.classes[alone])} is in one group of ${show(name)}, so the fold that tests it cannot be trained on it; add groups, or drop the class.`,
    );
  }
}

/** (n) ← fold of each row: rows in random order are dealt out, a class after the other if told, each going on where the last one ended. */
function rowPlaces(data: Dataset, k: number, draws: Float64Array, stratify: boolean): Uint32Array {
  const places = new Uint32Array(data.n);
  const starts = [0];
  for (const count of countsOf(data)) starts.push(starts[starts.length - 1]! + count);
  for (const i of descending(draws)) places[i] = starts[stratify ? data.labels[i]! : 0]!++ % k;
  return places;
}

/**
 * (n) ← fold of each row: groups in random order, each into the fold that has least of its classes so far, as shares of each class; of equal ones into the
 * smallest. A fold that would take all rows of a class is passed by. Greedy, so the shares are near and not the best.
 */
function groupPlaces(data: Dataset, groups: readonly (readonly number[])[], k: number, draws: Float64Array): Uint32Array {
  const totals = countsOf(data);
  const held = Array.from({ length: k }, () => totals.map(() => 0));
  const sizes = held.map(() => 0);
  const places = new Uint32Array(data.n);
  for (const rows of [...groups].sort((a, b) => draws[a[0]!]! - draws[b[0]!]! || a[0]! - b[0]!)) {
    const inside = new Map<number, number>();
    for (const i of rows) inside.set(data.labels[i]!, (inside.get(data.labels[i]!) ?? 0) + 1);
    const costs = held.map((own) => {
      let cost = 0;
      for (const [code, count] of inside)
        cost += own[code]! + count === totals[code] ? Infinity : (own[code]! / totals[code]!) * (count / totals[code]!);
      return cost;
    });
    let best = 0;
    for (let fold = 1; fold < k; fold++)
      if (costs[fold]! < costs[best]! || (costs[fold] === costs[best] && sizes[fold]! < sizes[best]!)) best = fold;
    for (const [code, count] of inside) held[best]![code]! += count;
    sizes[best]! += rows.length;
    for (const i of rows) places[i] = best;
  }
  return places;
}

/** (n) ← which of k + 1 parts of about equal size each row is in; rows of one time are all in the part of the first. */
function timeParts(n: number, given: Order, k: number): Uint32Array {
  const { times, order } = byTime(given);
  const parts = new Uint32Array(n);
  const size = n / (k + 1);
  let part = 0;
  order.forEach((i, t) => {
    const isNew = t > 0 && times[i] !== times[order[t - 1]!];
    if (isNew && part < k && t >= Math.floor((part + 1) * size)) part++;
    parts[i] = part;
  });
  if (part === k) return parts;
  throw new InputError(
    "TOO_FEW_ROWS",
    `folds is ${k}, but the times of ${show(given.name)} fill ${part + 1} of the ${k + 1} parts that takes, because equal times stay together; use fewer folds.`,
  );
}

/** The folds of one repeat, none of which learns from less than it must. */
function foldsOf(
  data: Dataset,
  k: number,
  repeat: number,
  by: string,
  partsOf: (fold: number) => [train: Uint32Array, test: Uint32Array],
): Fold[] {
  const present = countsOf(data).filter((count) => count > 0).length;
  const needed = by === "class" || by === "group" ? present : Math.min(2, present);
  return Array.from({ length: k }, (_, fold) => {
    const [train, test] = partsOf(fold);
    const learns = new Set<number>();
    for (let t = 0; t < train.length && learns.size < present; t++) learns.add(data.labels[train[t]!]!);
    const learned = learns.size;
    if (learned >= needed) return { repeat, fold, train, test };
    throw new InputError(
      "TOO_FEW_ROWS",
      `The training part of fold ${fold} has ${learned} of ${present} classes, but needs ${needed}; use ${by === "time" ? "fewer folds" : "another seed or fewer folds"}.`,
    );
  });
}
