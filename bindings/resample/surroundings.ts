import { allRows, type Dataset } from "../data/dataset";
import { InputError } from "../errors";
import { comparison, type CheckedNeighborOptions } from "./kin";
import { neighborsOf } from "./crosswise";
import type { Scene } from "./oversample";

/** The rows that are nearest to some rows of a class, of whichever class they are. */
export interface Surroundings {
  /** Row numbers, u32 (rows, m). */
  readonly nearest: Uint32Array;
  readonly m: number;
  /** Rows of other classes among the first `counted`, u32 (rows). */
  readonly foreign: Uint32Array;
  readonly counted: number;
}

/**
 * The m nearest of all rows for each row of the class, and how many of other classes are among the first `counted`, the value of option `name`. Where the data has fewer
 * rows, all others are taken, with a note; by default that is an error.
 */
export async function surroundingsOf(
  scene: Scene,
  name: "mNeighbors" | "kNeighbors",
  counted: number,
  options: CheckedNeighborOptions,
  m = counted,
): Promise<Surroundings> {
  const { data, rows, code } = scene;
  const others = data.n - 1;
  if (others < counted) {
    const has = `the data has ${data.n} ${data.n === 1 ? "row" : "rows"}`;
    if (options.onTooFew === "error") {
      throw new InputError("TOO_FEW_ROWS", `${name} is ${counted} but ${has}; use ${others} or less, or onTooFew: "reduce".`);
    }
    scene.note(`${name} is ${counted} but ${has}; the ${others} others were used.`);
  }
  const most = Math.min(m, others);
  const { indices } = await neighborsOf(scene, rows, everyRow(data), most, comparison(scene, options));
  const foreign = new Uint32Array(rows.length);
  const first = Math.min(counted, others);
  rows.forEach((_, t) => {
    for (let p = 0; p < first; p++) if (data.labels[indices[t * most + p]!] !== code) foreign[t]!++;
  });
  return { nearest: indices, m: most, foreign, counted: first };
}

/** All row numbers. */
export function everyRow(data: Dataset): Uint32Array {
  checkWhole(data);
  return allRows(data.n);
}

/** Refuses a table that is read in parts, which holds the classes that grow, and no others. */
export function checkWhole({ n, whole }: Dataset): void {
  if (whole && n < whole.n)
    throw new InputError("DATA", "This method looks at rows of all classes, which a table read in parts does not hold; read it whole.");
}

/** What a method does with a class in which it finds no row to grow from: an error, all rows alike, or nothing. */
export type NonePolicy = "error" | "all" | "skip";

/** Carries out the policy, with a note; the rows to grow from, or null. */
export function growFromNone({ rows, name, note }: Scene, none: string, option: string, policy: NonePolicy): Uint32Array | null {
  if (policy === "error") {
    throw new InputError("DATA", `Class ${name} has ${none}; use ${option}: "all" to grow it from all of its rows, or "skip".`);
  }
  note(`Class ${name} has ${none}; it was ${policy === "all" ? "grown from all of its rows alike" : "left as it is"}.`);
  return policy === "all" ? rows : null;
}
