import { checkInteger, show } from "../../check";
import { allRows, rowsByClass, type Dataset } from "../../data/dataset";
import { PURPOSE, units } from "../../draw";
import { InputError } from "../../errors";
import { DIRECT } from "../../search/direct";
import { noteDominant } from "../../search/dominant";
import { searchWork } from "../../search/neighbors";
import { pairsBytes, placePairs } from "../../search/pairs";
import { divisorsOf } from "../../search/space";
import { neighborsOf } from "../crosswise";
import { classesToClean } from "../reduction";
import type { Scene } from "../undersample";
import { cleaningOptions, type CleaningOptions } from "./nearest";

/** Options of methods that keep of a class what a store of few of its rows gets wrong. */
export interface SeededOptions extends CleaningOptions {
  /** Rows of each class that stay from the beginning: how many are drawn, or their row numbers. Default 1. */
  readonly seeds?: number | readonly number[] | undefined;
  /** Random seed of the draw, a whole number from 0 to 2^53 − 1. Default 0. */
  readonly seed?: number | undefined;
}

export const SEEDED_OPTIONS = ["strategy", "scale", "missing", "allowEmpty", "seeds", "seed"] as const;

type Seeded = ReturnType<typeof cleaningOptions> & { seeds: number | readonly number[]; seed: number };

/** Options with their defaults filled in; row numbers are checked when they meet data. */
export function seededOptions({ seeds = 1, seed = 0, ...cleaning }: SeededOptions): Seeded {
  const rows = typeof seeds === "number" ? checkInteger("seeds", seeds, 1) : seeds;
  if (typeof rows !== "number" && !Array.isArray(rows)) {
    throw new InputError("OPTION", `seeds is ${show(rows)}, but needs a whole number or an array of row numbers: [0, 7].`);
  }
  return { ...cleaningOptions(cleaning), seeds: typeof rows === "number" ? rows : [...rows], seed: checkInteger("seed", seed, 0) };
}

/**
 * For each class that may lose rows a store: all rows of the smallest class and some of its own. A row is wrong if the nearest row of the store, ties by row number, is
 * one of the smallest class.
 */
export interface Stores {
  /** 1 for rows that stay so far, seeds and rows of classes that lose none: u8 (n). */
  readonly stays: Uint8Array;
  /** Of each class that may lose rows, those that are wrong, ascending. */
  readonly wrong: readonly (readonly number[])[];
  /** Those of the rows, of one class, that are still wrong when another of their class has entered; none that was right becomes wrong, since its own class only comes nearer. */
  readonly without: (rows: readonly number[], entering: number) => Promise<number[]>;
}

/** The stores of seeds alone; of the classes that the strategy names, the smallest is in all of them and has none. */
export async function storesOf(scene: Scene, options: Seeded): Promise<Stores> {
  const { instance, work, data, standing, statistics, note } = scene;
  const { counts, smallest } = standing;
  const losing = classesToClean(options.strategy, standing).filter((code) => code !== smallest && counts[code]! > 0);
  const byClass = rowsByClass(data);
  const seeds = seedsOf(scene, options, losing, byClass);
  const compare = { scale: options.scale ?? data.scale, missing: options.missing };
  // the nearest row of the smallest class
  const keys = new Float64Array(data.n);
  const rivals = new Uint32Array(data.n);
  for (const code of losing) {
    const rows = byClass[code]!;
    const found = await neighborsOf(scene, rows, byClass[smallest]!, 1, compare, statistics());
    rows.forEach((row, t) => {
      keys[row] = found.keys[t]!;
      rivals[row] = byClass[smallest]![found.indices[t]!]!;
    });
  }
  instance.arena.reserve(pairsBytes(data), `Comparing ${data.n} rows with those that stay`);
  const { key, space } = placePairs(instance, data, divisorsOf(data.schema, compare.scale, statistics), compare, statistics());
  noteDominant(data, allRows(data.n), space, "the data", note);
  const without: Stores["without"] = async (rows, entering) => {
    const turn = work.step(rows.length * pairWork(data));
    if (turn) await turn;
    return rows.filter((row) => {
      const own = key(row, entering);
      return own > keys[row]! || (own === keys[row]! && entering > rivals[row]!);
    });
  };
  const stays = data.labels.reduce((flags, code, row) => ((flags[row] = Number(!losing.includes(code))), flags), new Uint8Array(data.n));
  for (const row of seeds.flat()) stays[row] = 1;
  const wrong: (readonly number[])[] = [];
  for (const [place, code] of losing.entries()) {
    let rows = Array.from(byClass[code]!).filter((row) => !stays[row]);
    for (const seed of seeds[place]!) rows = await without(rows, seed);
    wrong.push(rows);
  }
  return { stays, wrong, without };
}

/** About: the search for the smallest class, and `entering` rows that enter a store one by one. */
export function storesWork(data: Dataset, entering: number): number {
  return searchWork(data.schema, data.n, data.n, false) / 8 + (data.n * entering * pairWork(data)) / 2;
}

/** Work of comparing two rows on their own. */
export function pairWork({ schema: { d, q } }: Pick<Dataset, "schema">): number {
  return DIRECT * (d + q + 2);
}

/** Of each class that may lose rows, those that were drawn or told. */
function seedsOf(
  { instance, data, standing }: Scene,
  { seeds, seed }: Seeded,
  losing: readonly number[],
  byClass: readonly Uint32Array[],
): number[][] {
  if (typeof seeds === "number") {
    return losing.map((code) => {
      const rows = byClass[code]!;
      const draws = units(instance, { seed, label: code }, PURPOSE.stay, 0, rows.length);
      const order = allRows(rows.length).sort((a, b) => draws[a]! - draws[b]! || a - b);
      return Array.from(order.subarray(0, seeds), (t) => rows[t]!);
    });
  }
  for (const row of seeds as readonly unknown[]) {
    const code = typeof row === "number" ? data.labels[row] : undefined;
    if (code === undefined)
      throw new InputError("OPTION", `seeds names row ${show(row)}, but rows are whole numbers from 0 to ${data.n - 1}.`);
    if (!losing.includes(code)) {
      throw new InputError(
        "OPTION",
        `seeds names row ${show(row)} of class ${show(standing.classes[code])}, which loses no rows; leave it out.`,
      );
    }
  }
  return losing.map((code) => {
    const own = seeds.filter((row, at) => data.labels[row] === code && seeds.indexOf(row) === at);
    if (own.length > 0) return own;
    throw new InputError(
      "OPTION",
      `seeds names no row of class ${show(standing.classes[code])}, which may lose rows; add one, or say how many to draw.`,
    );
  });
}
