import { checkOneOf, show } from "../../check";
import type { CleaningStrategy, Scale } from "../../contracts";
import { InputError } from "../../errors";
import { noteDominant } from "../../search/dominant";
import { searchWork } from "../../search/neighbors";
import { checkScale } from "../../search/space";
import type { Dataset } from "../../data/dataset";
import { neighborsOf } from "../crosswise";
import type { Scene } from "../undersample";

/** Options of methods that remove rows by their neighbors. */
export interface CleaningOptions {
  /** Which classes may lose rows. Default `"auto"`: all but the smallest. */
  readonly strategy?: CleaningStrategy | undefined;
  /** How columns are made comparable. Default `"none"` for `{ X, y }`, `"standard"` for a table. */
  readonly scale?: Scale | undefined;
  /** What a missing number counts for between rows: see `smote`. Default `"expected"`. */
  readonly missing?: "expected" | "rescale" | undefined;
  /** Allow a class to lose all its rows. Default false: that is an error. */
  readonly allowEmpty?: boolean | undefined;
}

/** How rows are compared. */
export interface Comparison {
  readonly scale: Scale | undefined;
  readonly missing: "expected" | "rescale";
}

// written out: bundlers keep a spread at the top of a module even where nothing uses it
export const COMPARISON_OPTIONS = ["scale", "missing"] as const;
export const CLEANING_OPTIONS = ["strategy", "scale", "missing", "allowEmpty"] as const;

export function checkComparison(given: Pick<CleaningOptions, "scale" | "missing">): Comparison {
  return { scale: checkScale(given.scale), missing: checkOneOf("missing", given.missing ?? "expected", ["expected", "rescale"]) };
}

/** Cleaning options with their defaults filled in; the strategy is checked when it meets data. */
export function cleaningOptions(given: CleaningOptions): { strategy: CleaningStrategy; allowEmpty: boolean } & Comparison {
  return { strategy: given.strategy ?? "auto", ...checkComparison(given), allowEmpty: checkFlag("allowEmpty", given.allowEmpty) };
}

/** True or false, false where nothing is said. */
export function checkFlag(name: string, given: unknown): boolean {
  if (given === undefined || typeof given === "boolean") return given ?? false;
  throw new InputError("OPTION", `${name} is ${show(given)}, but needs true or false.`);
}

/** Work of one search among all rows. */
export function searchAllWork({ schema, n }: Dataset): number {
  return searchWork(schema, n, n, true);
}

/**
 * The k nearest others of each of some rows, among those rows: u32 (rows, k), places among the rows, nearest first, ties by row number. Of fewer rows than all, what they have in common with
 * the rest still says how columns compare.
 */
export async function nearestAmong(scene: Scene, rows: Uint32Array, k: number, { scale, missing }: Comparison): Promise<Uint32Array> {
  const { data, note, statistics } = scene;
  const whole = rows.length === data.n;
  if (k >= rows.length) {
    throw new InputError(
      "TOO_FEW_ROWS",
      `kNeighbors is ${k} but the data has ${rows.length} rows, the row itself among them; use ${rows.length - 1} or less.`,
    );
  }
  const options = { scale: scale ?? data.scale, missing };
  const { indices, space } = await neighborsOf(scene, rows, rows, k, options, whole ? undefined : statistics());
  if (whole) noteDominant(data, rows, space, "the data", note);
  return indices;
}
