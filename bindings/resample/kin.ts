import { checkInteger, checkOneOf, show } from "../check";
import type { Scale } from "../contracts";
import { InputError } from "../errors";
import { checkScale, type SpaceOptions } from "../search/space";
import type { Choices, Rule } from "./choices";
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

/** Whom a row may lean on instead of all of its class: `sameGroup`. */
export interface Within {
  readonly name: string;
  /** Lists of places in the class for the rows `bases` of it. */
  readonly lean: (scene: Scene, k: number, options: SpaceOptions, bases: Uint32Array) => Promise<Pick<Choices, "neighbors" | "lists">>;
}

/** An option of methods that can keep rows to their like. */
export interface WithinOptions {
  /** `sameGroup`, imported from "counterpoise": rows lean only on rows of their own group. Default: on all of the class. */
  readonly within?: Within | undefined;
}

export const NEIGHBOR_OPTIONS = ["kNeighbors", "scale", "onTooFew", "missing", "nominal"] as const;

/** As checked, with their defaults filled in. */
export interface CheckedNeighborOptions {
  readonly kNeighbors: number;
  readonly scale: Scale | "auto";
  readonly onTooFew: TooFewPolicy;
  readonly missing: "expected" | "rescale";
  readonly nominal: "vote" | "parent";
  readonly within?: Within;
}

export function neighborOptions(given: NeighborOptions & WithinOptions): CheckedNeighborOptions {
  const { within } = given;
  if (within !== undefined && !within?.lean) {
    throw new InputError("OPTION", `within is ${show(within)}, but needs sameGroup, imported from "counterpoise".`);
  }
  return {
    kNeighbors: checkInteger("kNeighbors", given.kNeighbors ?? 5, 1),
    scale: checkScale(given.scale) ?? "auto",
    onTooFew: checkOneOf("onTooFew", given.onTooFew ?? "error", ["error", "reduce", "copy", "skip"]),
    missing: checkOneOf("missing", given.missing ?? "expected", ["expected", "rescale"]),
    nominal: checkOneOf("nominal", given.nominal ?? "vote", ["vote", "parent"]),
    ...(within && { within }),
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
  bases = scene.rows,
): Promise<Pick<Decided, "neighbors" | "k" | "lists" | "rule"> | null> {
  if (k === null) return null;
  if (k === 0) return { neighbors: new Uint32Array(0), k, rule: { name: "copy" } };
  const rule = between(scene, options.nominal);
  if (options.within) return { ...(await options.within.lean(scene, k, comparison(scene, options), bases)), k: 0, rule };
  const { indices } = await find(scene, k, comparison(scene, options));
  return { neighbors: indices, k, rule };
}

/** The rule of rows between two others; where all columns are nominal the base votes too (SMOTE-N). */
export function between({ data }: Scene, nominal: "vote" | "parent"): Rule & { readonly name: "lerp" } {
  return { name: "lerp", nominal, withBase: data.schema.d === 0 };
}
