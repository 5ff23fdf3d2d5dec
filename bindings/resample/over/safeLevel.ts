import { checkOneOf, checkOptions } from "../../check";
import type { Oversampler } from "../../contracts";
import { searchWork } from "../../search/neighbors";
import { companionsOf } from "../companions";
import { leanOnClass, NEIGHBOR_OPTIONS, neighborOptions, type NeighborOptions } from "../kin";
import { enoughNeighbors } from "../neighborhood";
import { COMMON_OPTIONS, commonOptions, oversampler, type CommonOptions, type Decided, type Scene } from "../oversample";
import { growFromNone, surroundingsOf, type NonePolicy } from "../surroundings";

export interface SafeLevelSmoteOptions extends CommonOptions, NeighborOptions {
  /** When no row of a class, and none of its neighbors, has a row of the class among its nearest. Default `"error"`. `"all"`: grow from all rows, as SMOTE does; `"skip"`: leave the class as it is. A note says so. */
  readonly onNoSafe?: NonePolicy | undefined;
}

/**
 * Safe-Level-SMOTE: SMOTE whose new rows keep to the safer end. The safe level of a row is how many of its k nearest rows are of its class. With levels s of the base and t of
 * the neighbor the gap is uniform: from 0 to 1 where they are equal, 0 to t / s where the base is safer, 1 − s / t to 1 where the neighbor is. Where both are 0 nothing
 * is made between the two. For classes with rows far inside others, which SMOTE would connect.
 *
 * Bunkhumpornpat, Sinapiromsaran, Lursinsap: Safe-Level-SMOTE, PAKDD 2009. Ours: every column kind and missing cells, as in `smote`; one gap for all columns, where the paper draws
 * one for each; exact totals, since pairs that make nothing are not drawn: a row has children in proportion to the pairs that are left to it. A neighbor is one of the class;
 * smote_variants also takes rows of other classes for neighbors.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function safeLevelSmote(options: SafeLevelSmoteOptions = {}): Oversampler {
  checkOptions("safeLevelSmote", options, [...COMMON_OPTIONS, ...NEIGHBOR_OPTIONS, "onNoSafe"]);
  const common = commonOptions(options);
  const leaning = neighborOptions(options);
  const onNoSafe = checkOneOf("onNoSafe", options.onNoSafe ?? "error", ["error", "all", "skip"]);
  return oversampler({
    name: "safeLevelSmote",
    options: { ...common, ...leaning, onNoSafe },
    workFor: ({ schema, n: all }, n) => searchWork(schema, n, all, false) + searchWork(schema, n, n, true),
    async choose(scene) {
      const k = enoughNeighbors(scene, leaning.kNeighbors, leaning.onTooFew);
      const kin = await leanOnClass(scene, leaning, undefined, k);
      if (!k || !kin) return kin && { bases: { draws: common.draws, shares: null }, ...kin };
      const { foreign, counted } = await surroundingsOf(scene, "kNeighbors", leaning.kNeighbors, leaning);
      const levels = foreign.map((count) => counted - count);
      const pairs = safePairs(levels, kin.neighbors, k);
      if (pairs.length) return { ...kin, ...choicesOf(scene, levels, pairs, common.draws) };
      const none = `no safe row: none has a row of the class among its ${counted} nearest`;
      return growFromNone(scene, none, "onNoSafe", onNoSafe) && { bases: { draws: common.draws, shares: null }, ...kin };
    },
  });
}

/** Places in the class of a base and a neighbor, not both of level 0. */
type Pair = readonly [base: number, neighbor: number];

function safePairs(levels: Uint32Array, neighbors: Uint32Array, k: number): Pair[] {
  return Array.from(neighbors, (neighbor, e): Pair => [Math.floor(e / k), neighbor]).filter(([s, t]) => levels[s]! + levels[t]! > 0);
}

/** A list for each base that has pairs, and the span of each pair. */
function choicesOf(
  { rows, data }: Scene,
  levels: Uint32Array,
  pairs: readonly Pair[],
  draws: "even" | "independent",
): Partial<Decided> & Pick<Decided, "bases"> {
  const lists: number[] = [];
  const bases: number[] = [];
  pairs.forEach(([base], entry) => {
    if (base !== pairs[entry - 1]?.[0]) {
      bases.push(rows[base]!);
      lists.push(entry, 0);
    }
    lists[lists.length - 1]!++;
  });
  const towards = Uint32Array.from(pairs, ([, neighbor]) => rows[neighbor]!);
  return {
    bases: { draws, shares: Float64Array.from(bases, (_, b) => lists[2 * b + 1]!) },
    ...companionsOf(Uint32Array.from(bases), towards, data.n),
    k: 0,
    lists: Uint32Array.from(lists),
    spans: Float64Array.from(pairs.flatMap(([s, t]) => spanOf(levels[s]!, levels[t]!))),
  };
}

function spanOf(s: number, t: number): [low: number, high: number] {
  return s >= t ? [0, t / s] : [1 - s / t, 1];
}
