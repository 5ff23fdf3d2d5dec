import { checkInteger, checkOptions, show } from "../check";
import type { Data } from "../contracts";
import { countsOf, rowsByClass, type Dataset } from "../data/dataset";
import { checkUnmarked } from "../data/marks";
import { shaper, takeRows } from "../data/parts";
import { read } from "../data/read";
import { PURPOSE, units } from "../draw";
import { core } from "../engine/core";
import { withInstanceNow } from "../engine/lease";
import { InputError } from "../errors";
import { byTime, groupsOf, ordersOf, rowsWhere, type Order, type OrderOptions } from "./order";

export interface SplitOptions extends OrderOptions {
  /** Share of the rows to set aside, between 0 and 1, or their number. Default 0.2. */
  readonly test?: number | undefined;
  /** Give every class its share of the test rows. Default true. */
  readonly stratify?: boolean | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
}

export interface Split<D> {
  /** Both in the shape of the data, rows in their old order. */
  readonly train: D;
  readonly test: D;
  readonly notes: readonly string[];
}

/**
 * Sets test rows aside before anything is resampled. A table's `group` column, or `groups`, keeps rows together; a `time` column, or `times`, puts the latest rows into the
 * test part. Not asynchronous: there is nothing to wait for.
 *
 * @throws {InputError} when a part would be empty, or a class too small to be in both.
 */
export function split<D extends Data>(data: D, options: SplitOptions = {}): Split<D> {
  checkOptions("split", options, ["test", "stratify", "seed", "groups", "times"]);
  const seed = checkInteger("seed", options.seed ?? 0, 0);
  const stratify = options.stratify ?? true;
  if (typeof stratify !== "boolean") throw new InputError("OPTION", `stratify is ${show(stratify)}, but needs true or false.`);
  checkUnmarked(data, "split");
  const dataset = read(data);
  const wanted = testRows(options.test ?? 0.2, dataset.n);
  const { group, time } = ordersOf(dataset, options, "split");
  const notes: string[] = [];
  const draws = withInstanceNow(core, (instance) => units(instance, { seed, label: 0 }, PURPOSE.split, 0, dataset.n));
  const inTest = time
    ? latestRows(time, wanted)
    : group
      ? wholeGroups(dataset, group, wanted, draws, stratify)
      : stratify
        ? stratified(dataset, wanted, draws)
        : smallest(
            Uint32Array.from(draws, (_, i) => i),
            draws,
            wanted,
          );
  const chosen = new Uint8Array(dataset.n);
  for (const i of inTest) chosen[i] = 1;
  const count = chosen.reduce((sum, one) => sum + one, 0);
  if (count === 0 || count === dataset.n) {
    throw new InputError(
      "DATA",
      `The ${group ? `groups of ${show(group.name)}` : `times of ${show(time?.name)}`} leave one part of the split empty; there must be at least two of them.`,
    );
  }
  if (count !== wanted)
    notes.push(
      `The test part has ${count} rows instead of ${wanted}, so that rows with the same ${show((group ?? time)!.name)} stay together.`,
    );
  const shape = shaper(data);
  const part = (flag: number): D =>
    shape(
      takeRows(
        data,
        dataset.schema,
        rowsWhere(chosen, (own) => own === flag),
      ),
    );
  return { train: part(0), test: part(1), notes };
}

function testRows(test: unknown, n: number): number {
  const valid = typeof test === "number" && test > 0 && (test < 1 || Number.isInteger(test));
  if (!valid) throw new InputError("OPTION", `test is ${show(test)}, but needs a share between 0 and 1, or a whole number of rows.`);
  const wanted = test < 1 ? Math.round(test * n) : test;
  if (wanted < 1 || wanted >= n) {
    throw new InputError("OPTION", `test: ${test} sets aside ${wanted} of ${n} rows, but each part needs at least one.`);
  }
  return wanted;
}

/** The rows with the smallest draws, ties by row. */
function smallest(rows: Uint32Array, draws: Float64Array, count: number): Uint32Array {
  return rows.sort((a, b) => draws[a]! - draws[b]! || a - b).slice(0, count);
}

/** Every class gives its share, rounded by largest remainder; a class of two rows or more is in both parts where the numbers allow. */
function stratified(data: Dataset, wanted: number, draws: Float64Array): number[] {
  const classes = rowsByClass(data);
  const labels = data.schema.classes;
  const alone = classes.findIndex((rows) => rows.length === 1);
  if (alone >= 0) {
    throw new InputError(
      "TOO_FEW_ROWS",
      `Class ${show(labels[alone])} has one row, which cannot be in both parts; add rows, drop the class, or use stratify: false.`,
    );
  }
  const shares = classes.map((rows) => (rows.length * wanted) / data.n);
  const counts = shares.map((share) => Math.floor(share));
  const order = shares.map((_, code) => code).sort((a, b) => shares[b]! - counts[b]! - (shares[a]! - counts[a]!) || a - b);
  let left = wanted - counts.reduce((sum, count) => sum + count, 0);
  for (const code of order) if (left-- > 0) counts[code]!++;
  return classes.flatMap((rows, code) => [...smallest(rows, draws, counts[code]!)]);
}

/** Rows of the latest times; rows of one time stay together. */
function latestRows(time: Order, wanted: number): number[] {
  const { times, order } = byTime(time);
  const cut = times[order[order.length - wanted]!]!;
  return order.filter((i) => times[i]! >= cut);
}

/**
 * Whole groups in random order, each taken if that brings the class counts of the test part (or, not stratified, its size) nearer to what is wanted.
 */
function wholeGroups(data: Dataset, group: Order, wanted: number, draws: Float64Array, stratify: boolean): number[] {
  const codeOf = (i: number): number => (stratify ? data.labels[i]! : 0);
  const missing = stratify ? countsOf(data).map((count) => (count * wanted) / data.n) : [wanted];
  const order = groupsOf(group).sort((a, b) => draws[a[0]!]! - draws[b[0]!]! || a[0]! - b[0]!);
  return order.flatMap((rows) => {
    const inside = missing.map(() => 0);
    for (const i of rows) inside[codeOf(i)]!++;
    const gain = inside.reduce((sum, count, code) => sum + count * (2 * missing[code]! - count), 0);
    if (gain <= 0) return [];
    inside.forEach((count, code) => (missing[code]! -= count));
    return rows;
  });
}
