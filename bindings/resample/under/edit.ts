import { checkInteger, checkOneOf, show } from "../../check";
import type { CleaningStrategy } from "../../contracts";
import { allRows, type Dataset } from "../../data/dataset";
import { classesToClean } from "../reduction";
import type { Scene } from "../undersample";
import { cleaningOptions, nearestAmong, type CleaningOptions, type Comparison } from "./nearest";

/** Options of methods that ask neighbors whether a row belongs where it is. */
export interface EditingOptions extends CleaningOptions {
  /** Neighbors that are asked, k. Default 3. */
  readonly kNeighbors?: number | undefined;
  /**
   * Whom a row has to please to stay. Default `"all"`: every neighbor is of its class; `"mode"`: no class has more of them, and none that sorts before its own has as many.
   */
  readonly select?: "all" | "mode" | undefined;
}

export const EDITING_OPTIONS = ["strategy", "scale", "missing", "allowEmpty", "kNeighbors", "select"] as const;

/** As checked. */
export interface Editing extends Comparison {
  readonly strategy: CleaningStrategy;
  readonly allowEmpty: boolean;
  readonly kNeighbors: number;
  readonly select: "all" | "mode";
}

/** Editing options with their defaults filled in. */
export function editingOptions(given: EditingOptions): Editing {
  return {
    ...cleaningOptions(given),
    kNeighbors: checkInteger("kNeighbors", given.kNeighbors ?? 3, 1),
    select: checkOneOf("select", given.select ?? "all", ["all", "mode"]),
  };
}

/** One pass over some rows of the data: those that stay. Protected rows do. */
export async function edit(scene: Scene, rows: Uint32Array, k: number, editing: Editing): Promise<Uint32Array> {
  const { data, protect, standing } = scene;
  const cleaned = new Set(classesToClean(editing.strategy, standing));
  const nearest = await nearestAmong(scene, rows, k, editing);
  const labels = rows.map((i) => data.labels[i]!);
  const agrees = editing.select === "all" ? everyVote : mostVotes;
  return rows.filter((i, t) => protect[i] || !cleaned.has(labels[t]!) || agrees(nearest, t, k, labels));
}

/** Whether the k neighbors of row t let it stay. */
type Agrees = (nearest: Uint32Array, t: number, k: number, labels: Uint32Array) => boolean;

/** Class codes of the k neighbors of row t. */
export function votes(nearest: Uint32Array, t: number, k: number, labels: Uint32Array): Uint32Array {
  return nearest.subarray(t * k, t * k + k).map((j) => labels[j]!);
}

const everyVote: Agrees = (nearest, t, k, labels) => {
  let at = t * k;
  while (at < t * k + k && labels[nearest[at]!] === labels[t]) at++;
  return at === t * k + k;
};

const mostVotes: Agrees = (nearest, t, k, labels) => winner(votes(nearest, t, k, labels)) === labels[t];

/** The most frequent code, the lowest of those that are. */
export function winner(codes: Uint32Array): number {
  const sorted = codes.slice().sort();
  let best = 0;
  for (let from = 0, most = 0; from < sorted.length;) {
    let to = from;
    while (sorted[to] === sorted[from]) to++;
    if (to - from > most) [best, most] = [sorted[from]!, to - from];
    from = to;
  }
  return best;
}

/** How often to go over the rows, and how many neighbors to ask each time. */
export interface Passes {
  readonly count: number;
  readonly kOf: (pass: number) => number;
  /** Go on when a class has fewer rows left than the smallest had. */
  readonly belowSmallest: boolean;
}

/**
 * Passes one after the other, each over what the last one left. They end early when a pass changes nothing and the next would be the same, when another class than the smallest
 * has fewer rows left than the smallest class had, when a class has none, or when there are too few rows for k neighbors. What the last pass removed stays removed.
 */
export async function editRepeatedly(scene: Scene, editing: Editing, { count, kOf, belowSmallest }: Passes): Promise<Uint32Array> {
  const { data, standing, note } = scene;
  const { classes, counts, smallest } = standing;
  const fewest = Math.min(...counts.filter((rows) => rows > 0));
  let rows = allRows(data.n);
  for (let pass = 0; pass < count; pass++) {
    const k = kOf(pass);
    if (pass > 0 && k >= rows.length) {
      note(`${rows.length} rows were left, too few for ${k} neighbors, so no more passes were made.`);
      return rows;
    }
    const before = rows.length;
    rows = await edit(scene, rows, k, editing);
    const sizes = sizesOf(data, rows);
    if (sizes.some((size, code) => size === 0 && counts[code]! > 0)) return rows;
    const short = sizes.findIndex((size, code) => code !== smallest && counts[code]! > 0 && size < fewest);
    if (short >= 0 && !belowSmallest) {
      const left = `${sizes[short]} ${sizes[short] === 1 ? "row" : "rows"}`;
      note(`Class ${show(classes[short])} has ${left} left, fewer than the ${fewest} of the smallest class, so no more passes were made.`);
      return rows;
    }
    if (rows.length === before && kOf(pass + 1) === k) return rows;
  }
  return rows;
}

function sizesOf({ labels, schema }: Dataset, rows: Uint32Array): number[] {
  const sizes = schema.classes.map(() => 0);
  for (const i of rows) sizes[labels[i]!]!++;
  return sizes;
}
