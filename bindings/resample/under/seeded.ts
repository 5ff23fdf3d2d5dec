import { checkInteger, show } from "../../check";
import { rowsByClass, type Dataset } from "../../data/dataset";
import { PURPOSE, units } from "../../draw";
import { InputError } from "../../errors";
import { noteDominant } from "../../search/dominant";
import { DIRECT } from "../../search/direct";
import { searchWork } from "../../search/neighbors";
import { pairsBytes, placePairs } from "../../search/pairs";
import { divisorsOf } from "../../search/space";
import { allRows } from "../../data/dataset";
import { neighborsOf } from "../neighborhood";
import { classesToClean } from "../reduction";
import type { Scene } from "../undersample";
import { CLEANING_OPTIONS, cleaningOptions, type CleaningOptions } from "./nearest";

/** Options of methods that keep of a class what a store of its first rows gets wrong. */
export interface SeededOptions extends CleaningOptions {
  /** Rows of each class that stay from the beginning: how many are drawn, or their row numbers. Default 1. */
  readonly seeds?: number | readonly number[] | undefined;
  /** Random seed of the draw, a whole number from 0 to 2^53 − 1. Default 0. */
  readonly seed?: number | undefined;
}

export const SEEDED_OPTIONS = [...CLEANING_OPTIONS, "seeds", "seed"] as const;

/** As checked, with defaults filled in. */
export type CheckedSeeded = ReturnType<typeof seededOptions>;

export function seededOptions(
  given: SeededOptions,
): ReturnType<typeof cleaningOptions> & { seeds: number | readonly number[]; seed: number } {
  const seeds = given.seeds ?? 1;
  return {
    ...cleaningOptions(given),
    seeds: Array.isArray(seeds) ? [...(seeds as readonly number[])] : checkInteger("seeds", seeds, 1),
    seed: checkInteger("seed", given.seed ?? 0, 0),
  };
}

/** A class that may lose rows, and its store: all rows of the smallest class, and its own that stay so far. */
export interface Contest {
  /** The rows of its own that the store begins with. */
  readonly seeds: readonly number[];
  /** The others that the store gives to the smallest class, ascending: the nearest row of the store, ties by row number, is not of their class. */
  readonly wrong: readonly number[];
  /** Those of `wrong` that it still does when `row` has entered. It never gives back what it has right: rows that enter are of this class, and only bring it nearer. */
  readonly without: (wrong: readonly number[], row: number) => number[];
}

/** The contests of all classes that may lose rows. The smallest class takes part in each and loses none, which is noted where the strategy names it. */
export async function contestsOf(scene: Scene, options: CheckedSeeded): Promise<Contest[]> {
  const { instance, work, data, standing, statistics, note } = scene;
  const codes = classesToClean(options.strategy, standing);
  if (codes.includes(standing.smallest)) {
    note(`Class ${show(standing.classes[standing.smallest])} is the smallest, which the others are measured against, and stays whole.`);
  }
  const losing = codes.filter((code) => code !== standing.smallest && standing.counts[code]! > 0);
  const byClass = rowsByClass(data);
  const rivals = byClass[standing.smallest]!;
  const seeds = losing.map((code) => seedsOf(scene, options, code, byClass[code]!));
  if (typeof options.seeds !== "number") refuseStrangers(options.seeds, scene, losing);
  const compare = { scale: options.scale ?? data.scale, missing: options.missing };
  const contests: Contest[] = [];
  instance.arena.reserve(pairsBytes(data), `Comparing ${data.n} rows with each other`);
  const { key, space } = placePairs(instance, data, divisorsOf(data.schema, compare.scale, statistics), compare, statistics());
  noteDominant(data, allRows(data.n), space, "the data", note);
  for (const [c, code] of losing.entries()) {
    const rows = byClass[code]!;
    const { indices, keys } = await neighborsOf(scene, rows, rivals, 1, compare, statistics());
    const places = new Map(Array.from(rows, (row, t) => [row, t]));
    const without: Contest["without"] = (wrong, row) =>
      wrong.filter((i) => {
        const t = places.get(i)!;
        const own = key(i, row);
        return own > keys[t]! || (own === keys[t]! && row > rivals[indices[t]!]!);
      });
    let wrong = Array.from(rows).filter((row) => !seeds[c]!.includes(row));
    for (const seed of seeds[c]!) {
      const turn = work.step(wrong.length * pairWork(data));
      if (turn) await turn;
      wrong = without(wrong, seed);
    }
    contests.push({ seeds: seeds[c]!, wrong, without });
  }
  return contests;
}

/** Work of comparing two rows on their own. */
export function pairWork({ schema }: Pick<Dataset, "schema">): number {
  return DIRECT * (schema.d + schema.q + 2);
}

/** Work of the first search, and of so many rows entering a store of one class. */
export function contestWork(data: Dataset, entering: number): number {
  return searchWork(data.schema, data.n, data.n, false) / 8 + (data.n * entering * pairWork(data)) / 2;
}

function seedsOf({ instance, standing }: Scene, { seeds, seed }: CheckedSeeded, code: number, rows: Uint32Array): number[] {
  if (typeof seeds === "number") {
    const drawn = units(instance, { seed, label: code }, PURPOSE.stay, 0, rows.length);
    const order = allRows(rows.length).sort((a, b) => drawn[a]! - drawn[b]! || a - b);
    return Array.from(order.subarray(0, seeds), (t) => rows[t]!);
  }
  const own = [...new Set(seeds)].filter((row) => rows.includes(row));
  if (own.length > 0) return own;
  throw new InputError(
    "OPTION",
    `seeds names no row of class ${show(standing.classes[code])}, which may lose rows; add one, or tell how many to draw.`,
  );
}

function refuseStrangers(seeds: readonly unknown[], { data, standing }: Scene, losing: readonly number[]): void {
  for (const row of seeds) {
    const code = typeof row === "number" ? data.labels[row] : undefined;
    if (code === undefined) {
      throw new InputError("OPTION", `seeds names row ${show(row)}, but rows are whole numbers from 0 to ${data.n - 1}.`);
    }
    if (losing.includes(code)) continue;
    throw new InputError(
      "OPTION",
      `seeds names row ${show(row)} of class ${show(standing.classes[code])}, which keeps all of its rows; leave it out.`,
    );
  }
}
