import { checkInteger, checkOneOf, checkOptions } from "../../check";
import type { Oversampler } from "../../contracts";
import { InputError } from "../../errors";
import { searchWork } from "../../search/neighbors";
import { companionsOf, leanSomeOnClass } from "../companions";
import {
  between,
  comparison,
  NEIGHBOR_OPTIONS,
  neighborOptions,
  type CheckedNeighborOptions,
  type NeighborOptions,
  type WithinOptions,
} from "../kin";
import { neighborsOfSome } from "../crosswise";
import { enoughNeighbors } from "../neighborhood";
import { COMMON_OPTIONS, commonOptions, oversampler, type CommonOptions, type Scene } from "../oversample";
import { growFromNone, surroundingsOf, type NonePolicy, type Surroundings } from "../surroundings";

export interface BorderlineSmoteOptions extends CommonOptions, NeighborOptions, WithinOptions {
  /** 1 (default): rows lean towards neighbors of their class; 2: also towards the nearest row of another class, at most half the way. */
  readonly kind?: 1 | 2 | undefined;
  /** Nearest of all rows that tell whether a row is in danger, m. Default 10. */
  readonly mNeighbors?: number | undefined;
  /** When no row of a class is in danger. Default `"error"`. `"all"`: grow from all rows, as SMOTE does; `"skip"`: leave the class as it is. A note says so. */
  readonly onNoDanger?: NonePolicy | undefined;
  /** As for every oversampler; in kind 2 also that library's neighbors: the k nearest of all rows, at most half the way to those of other classes. */
  readonly compat?: "imbalanced-learn" | undefined;
}

/**
 * Borderline-SMOTE: grows a class from its rows in danger alone, those with at least half of their m nearest rows, but not all, in other classes. A row whose m nearest are all
 * of other classes is taken for noise. For classes that touch others; where they are apart there is no such row (`onNoDanger`).
 *
 * Han, Wang, Mao: Borderline-SMOTE, ICIC 2005. Ours: every column kind and missing cells, as in `smote`; exact totals; rows in danger are grown from in turn. Rows of other
 * classes draw a new row near, but give it no nominal value. Unlike imbalanced-learn, whose gap towards another class is a product of two draws, the gap is uniform
 * from 0 to a half; that library also leaves a class without rows in danger as it is, and says nothing.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function borderlineSmote(options: BorderlineSmoteOptions = {}): Oversampler {
  checkOptions("borderlineSmote", options, [...COMMON_OPTIONS, ...NEIGHBOR_OPTIONS, "within", "kind", "mNeighbors", "onNoDanger"]);
  const common = commonOptions(options);
  const leaning = neighborOptions(options);
  const kind = checkInteger("kind", options.kind ?? 1, 1, 2);
  if (kind === 2 && leaning.within) {
    throw new InputError("OPTION", "within keeps rows to their group, but kind 2 leans on rows of other classes too; use kind 1.");
  }
  const mNeighbors = checkInteger("mNeighbors", options.mNeighbors ?? 10, 1);
  const onNoDanger = checkOneOf("onNoDanger", options.onNoDanger ?? "error", ["error", "all", "skip"]);
  return oversampler({
    name: "borderlineSmote",
    options: { ...common, ...leaning, kind, mNeighbors, onNoDanger },
    workFor: ({ schema, n: all }, n) => searchWork(schema, n, all, false),
    async choose(scene) {
      const k = enoughNeighbors(scene, leaning.kNeighbors, leaning.onTooFew);
      if (k === null) return null;
      const near = await surroundingsOf(scene, "mNeighbors", mNeighbors, leaning, Math.max(mNeighbors, k));
      const places = inDanger(near);
      const none = `no row in danger: none has at least half of its ${near.counted} nearest rows, but not all, in other classes`;
      const bases = places.length ? places.map((t) => scene.rows[t]!) : growFromNone(scene, none, "onNoDanger", onNoDanger);
      if (!bases) return null;
      const alike = { draws: common.draws, shares: new Float64Array(bases.length).fill(1) };
      if (kind === 2 && k > 0 && places.length) {
        const lists = common.compat ? nearestOfAll(near, places, k) : await nearestOfBoth(scene, near, places, k, leaning);
        const spans = halved(scene, lists.towards);
        return {
          bases: alike,
          ...companionsOf(bases, lists.towards, scene.data.n),
          k: lists.k,
          spans,
          rule: between(scene, leaning.nominal),
        };
      }
      const kin = await leanSomeOnClass(scene, leaning, bases, k);
      return kin && { bases: alike, ...kin };
    },
  });
}

/** Places, in the class, of the rows with m/2 ≤ foreign < m. */
function inDanger({ foreign, counted }: Surroundings): Uint32Array {
  return Uint32Array.from(foreign.keys()).filter((t) => 2 * foreign[t]! >= counted && foreign[t]! < counted);
}

/** Spans of the gap: all the way to rows of the class, half of it to others. */
function halved({ data, code }: Scene, towards: Uint32Array): Float64Array {
  return Float64Array.from({ length: 2 * towards.length }, (_, i) => (i % 2 ? (data.labels[towards[(i - 1) / 2]!] === code ? 1 : 0.5) : 0));
}

/** Row numbers, u32 (places, k). */
interface Lists {
  readonly towards: Uint32Array;
  readonly k: number;
}

/** The k nearest of all rows. */
function nearestOfAll({ nearest, m }: Surroundings, places: Uint32Array, k: number): Lists {
  return { towards: Uint32Array.from({ length: places.length * k }, (_, e) => nearest[places[Math.floor(e / k)]! * m + (e % k)]!), k };
}

/** The k nearest of the class, and the nearest of other classes. */
async function nearestOfBoth(
  scene: Scene,
  { nearest, m }: Surroundings,
  places: Uint32Array,
  k: number,
  leaning: CheckedNeighborOptions,
): Promise<Lists> {
  const { rows, code, data } = scene;
  const bases = places.map((t) => rows[t]!);
  const { indices } = await neighborsOfSome(scene, bases, k, comparison(scene, leaning));
  const towards = new Uint32Array(places.length * (k + 1));
  places.forEach((t, b) => {
    for (let p = 0; p < k; p++) towards[b * (k + 1) + p] = rows[indices[b * k + p]!]!;
    // a row in danger has one among its m nearest
    towards[b * (k + 1) + k] = nearest.subarray(t * m, (t + 1) * m).find((row) => data.labels[row] !== code)!;
  });
  return { towards, k: k + 1 };
}
