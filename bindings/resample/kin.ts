import { checkInteger, checkOneOf } from "../check";
import type { Scale } from "../contracts";
import { checkScale } from "../search/space";
import type { Rule } from "./choices";
import { enoughNeighbors, neighborsInClass, type TooFewPolicy } from "./neighborhood";
import type { Decided, Scene } from "./oversample";

/** Options of every method whose rows lean towards neighbors of their own class. */
export interface NeighborOptions {
  /** Neighbors of its own class that a row may lean towards, k. Default 5. */
  readonly kNeighbors?: number | undefined;
  /** How columns are made comparable. Default `"none"` for `{ X, y }`, `"standard"` for a table. */
  readonly scale?: Scale | undefined;
  /**
   * What to do with a class of k rows or fewer. Default `"error"`. `"reduce"`: use as many neighbors as there are; `"copy"`: repeat its rows;
   * `"skip"`: leave it as it is. A note says what was done.
   */
  readonly onTooFew?: "error" | "reduce" | "copy" | "skip" | undefined;
  /**
   * What a missing number counts for between rows. Default `"expected"`: the expected squared difference under the class's mean and variance;
   * `"rescale"`: nothing, the rest counts for more (scikit-learn's nan_euclidean).
   */
  readonly missing?: "expected" | "rescale" | undefined;
  /** Where a nominal value comes from. Default `"vote"`: the most frequent among the k neighbors, ties by draw; `"parent"`: the nearer of the two parents. */
  readonly nominal?: "vote" | "parent" | undefined;
}

export const NEIGHBOR_OPTIONS = ["kNeighbors", "scale", "onTooFew", "missing", "nominal"] as const;

/** As checked, with their defaults filled in. */
export interface CheckedNeighborOptions {
  readonly kNeighbors: number;
  readonly scale: Scale | "auto";
  readonly onTooFew: TooFewPolicy;
  readonly missing: "expected" | "rescale";
  readonly nominal: "vote" | "parent";
}

export function neighborOptions(given: NeighborOptions): CheckedNeighborOptions {
  return {
    kNeighbors: checkInteger("kNeighbors", given.kNeighbors ?? 5, 1),
    scale: checkScale(given.scale) ?? "auto",
    onTooFew: checkOneOf("onTooFew", given.onTooFew ?? "error", ["error", "reduce", "copy", "skip"]),
    missing: checkOneOf("missing", given.missing ?? "expected", ["expected", "rescale"]),
    nominal: checkOneOf("nominal", given.nominal ?? "vote", ["vote", "parent"]),
  };
}

/** How a search compares rows under these options. */
export function comparison(
  { data }: Pick<Scene, "data">,
  { scale, missing }: CheckedNeighborOptions,
): { scale: Scale; missing: "expected" | "rescale" } {
  return { scale: scale === "auto" ? data.scale : scale, missing };
}

/**
 * The choices of rows that lean towards their k nearest of the class, all of its rows or those that `find` looks for; `neighbors` are places in the class. Null: it is
 * left as it is.
 */
export async function leanOnClass(
  scene: Scene,
  options: CheckedNeighborOptions,
  find: typeof neighborsInClass = neighborsInClass,
  k = enoughNeighbors(scene, options.kNeighbors, options.onTooFew),
): Promise<Pick<Decided, "neighbors" | "k" | "rule"> | null> {
  if (k === null) return null;
  if (k === 0) return { neighbors: new Uint32Array(0), k, rule: { name: "copy" } };
  const { indices } = await find(scene, k, comparison(scene, options));
  return { neighbors: indices, k, rule: between(scene, options.nominal) };
}

/** The rule of rows between two others; where all columns are nominal the base votes too (SMOTE-N). */
export function between({ data }: Scene, nominal: "vote" | "parent"): Rule & { readonly name: "lerp" } {
  return { name: "lerp", nominal, withBase: data.schema.d === 0 };
}
