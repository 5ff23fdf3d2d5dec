import { checkNumber, checkOneOf, checkOptions, show } from "../../check";
import type { Oversampler } from "../../contracts";
import { namesOf } from "../../data/dataset";
import { InputError } from "../../errors";
import { searchWork } from "../../search/neighbors";
import { divisorsOf } from "../../search/space";
import { companionsOf } from "../companions";
import { between, comparison, NEIGHBOR_OPTIONS, neighborOptions, type CheckedNeighborOptions, type NeighborOptions } from "../kin";
import { neighborsOf } from "../crosswise";
import { enoughNeighbors, neighborsInClass } from "../neighborhood";
import { COMMON_OPTIONS, commonOptions, oversampler, type CommonOptions, type Decided, type Scene } from "../oversample";
import { everyRow } from "../surroundings";

export interface GeometricSmoteOptions extends CommonOptions, NeighborOptions {
  /**
   * What the ball around a row reaches to. `"minority"`: one of its k nearest of the class; `"majority"`: the nearest row of another class; `"combined"` (default): the nearer
   * of the two, so that new rows keep away from other classes.
   */
  readonly selection?: "combined" | "minority" | "majority" | undefined;
  /** Which part of the ball is filled, −1 to 1. 1 (default): the half towards the neighbor; 0: all of it; −1: the half away from the neighbor. */
  readonly truncation?: number | undefined;
  /** How far the ball is drawn towards the axis, 0 to 1. 0 (default): not at all; 1: onto the segment, as in SMOTE. */
  readonly deformation?: number | undefined;
}

/**
 * Geometric SMOTE: each new row lies in a ball around a row of the class that reaches to a neighbor, or in a part of it, instead of on the segment between the two. For classes
 * of few rows in few columns, which segments would leave empty; in many columns nearly all of a ball is near its surface.
 *
 * Douzas, Bacao: Geometric SMOTE, a geometrically enhanced drop-in replacement for SMOTE, Information Sciences 501 (2019); selection, truncation and deformation as in
 * imbalanced-learn-extra. Ours: lengths are of columns as they are compared (`scale`); a point of the ball comes from d + 2 normal numbers, which is the same law as a direction
 * and a root of a uniform number (Barthe, Guédon, Mendelson, Naor, Annals of Probability 33, 2005); columns that either row lacks are no part of the ball; values are reflected
 * at declared bounds. Unlike that library, which gives the ball a dimension for every nominal value and lets rows of other classes vote, the ball is of the numeric
 * columns, and nominal values are voted for by those neighbors that are of the class, or are the base's where there is none. `gap` in the origins tells how far along the
 * axis a row lies: below 0 is on the far side of the base.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function geometricSmote(options: GeometricSmoteOptions = {}): Oversampler {
  checkOptions("geometricSmote", options, [...COMMON_OPTIONS, ...NEIGHBOR_OPTIONS, "selection", "truncation", "deformation"]);
  const common = commonOptions(options);
  const leaning = neighborOptions(options);
  const selection = checkOneOf("selection", options.selection ?? "combined", ["combined", "minority", "majority"]);
  const truncation = checkNumber("truncation", options.truncation ?? 1, -1, 1);
  const deformation = checkNumber("deformation", options.deformation ?? 0, 0, 1);
  return oversampler({
    name: "geometricSmote",
    options: { ...common, ...leaning, selection, truncation, deformation },
    workFor: ({ schema, n: all }, n) =>
      (selection === "majority" ? 0 : searchWork(schema, n, n, true)) +
      (selection === "minority" ? 0 : searchWork(schema, n, all - n, false)),
    async choose(scene) {
      const { data, rows, statistics } = scene;
      const bases = { draws: common.draws, shares: new Float64Array(rows.length).fill(1) };
      const k = selection === "majority" && rows.length ? 1 : enoughNeighbors(scene, leaning.kNeighbors, leaning.onTooFew);
      if (k === null) return null;
      if (k === 0) return { bases, neighbors: new Uint32Array(0), k, rule: { name: "copy" } };
      const { radius, ...surfaces } = await surfacesOf(scene, selection, k, leaning);
      const spreads = divisorsOf(data.schema, comparison(scene, leaning).scale, statistics);
      checkReach(scene, spreads, radius);
      const rule = { ...between(scene, leaning.nominal), name: "ball", spreads, truncation, keep: 1 - deformation } as const;
      return { bases, ...surfaces, k, rule };
    },
  });
}

/** The k rows that the ball around each row of the class may reach to, and a radius that none exceeds. */
async function surfacesOf(
  scene: Scene,
  selection: "combined" | "minority" | "majority",
  k: number,
  leaning: CheckedNeighborOptions,
): Promise<Pick<Decided, "rows" | "neighbors"> & { readonly radius: number }> {
  const { data, rows, code } = scene;
  const compare = comparison(scene, leaning);
  const farthest = (keys: Float64Array): number => Math.sqrt(keys.reduce((most, key) => Math.max(most, key), 0));
  if (selection === "minority") {
    const { indices, keys } = await neighborsInClass(scene, k, compare);
    return { neighbors: indices, radius: farthest(keys) };
  }
  // both searches compare by the statistics of all rows, so that their distances can be told apart
  const foreign = everyRow(data).filter((i) => data.labels[i] !== code);
  const others = await neighborsOf(scene, rows, foreign, 1, compare, scene.statistics());
  const towards = new Uint32Array(rows.length * k);
  const own = selection === "combined" ? await neighborsOf(scene, rows, rows, k, compare, scene.statistics()) : undefined;
  for (let e = 0; e < towards.length; e++) {
    const t = Math.floor(e / k);
    towards[e] = own && own.keys[e]! <= others.keys[t]! ? rows[own.indices[e]!]! : foreign[others.indices[t]!]!;
  }
  return { ...companionsOf(rows, towards, data.n), radius: farthest(others.keys) };
}

/** A ball is as wide in every column, also where its center and its surface hardly differ. */
function checkReach({ data, statistics }: Scene, spreads: Float64Array, radius: number): void {
  spreads.forEach((spread, c) => {
    const { lows, highs } = statistics();
    if (Math.max(highs[c]!, -lows[c]!) + radius * spread < Infinity) return;
    const name = show(namesOf(data.schema, "numeric")[c]);
    throw new InputError(
      "OVERFLOW",
      `Column ${name} would leave the range of numbers; divide it by a power of ten first, or use another scale.`,
    );
  });
}
