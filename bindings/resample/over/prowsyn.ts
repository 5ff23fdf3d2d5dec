import { checkInteger, checkOneOf, checkOptions, show } from "../../check";
import type { Oversampler, Scale } from "../../contracts";
import { InputError } from "../../errors";
import { searchWork } from "../../search/neighbors";
import { checkScale } from "../../search/space";
import { neighborsOf } from "../crosswise";
import { enoughNeighbors, type TooFewPolicy } from "../neighborhood";
import { COMMON_OPTIONS, commonOptions, oversampler, type CommonOptions, type Scene } from "../oversample";
import { everyRow } from "../surroundings";

export interface ProwsynOptions extends CommonOptions {
  /** Rows of the class that each row of another class takes into a level, k. Default 5. */
  readonly kNeighbors?: number | undefined;
  /** Levels of proximity, the last of which holds the rest. Default 5. */
  readonly levels?: number | undefined;
  /** How fast the weight of levels falls, θ: level l weighs exp(−θ (l − 1)). 0: all alike. Default 1. */
  readonly theta?: number | undefined;
  /** How columns are made comparable. Default `"none"` for `{ X, y }`, `"standard"` for a table. */
  readonly scale?: Scale | undefined;
  /** What to do with a class of one row, which has no pairs. Default `"error"`. `"reduce"` and `"copy"`: repeat it; `"skip"`: leave it as it is. A note says so. */
  readonly onTooFew?: TooFewPolicy | undefined;
  /** What a missing number counts for between rows, as for `smote`. Default `"expected"`. */
  readonly missing?: "expected" | "rescale" | undefined;
}

/**
 * ProWSyn: the rows of a class are put into levels by how near they are to other classes, and near levels have more children. The first level holds the k nearest rows of the class for
 * each row of another class; the next ones the same among what is left; the last one the rest. A new row lies between two random rows of one level, however far apart, so it
 * suits classes of one piece. It was among the best in the comparison of Kovács (Applied Soft Computing 83, 2019).
 *
 * Barua, Islam, Murase: ProWSyn, PAKDD 2013. Levels are drawn by weight and pairs alike within one, as in smote_variants. Ours: every column kind and missing cells; a nominal value
 * is that of the nearer parent, since a level is no neighborhood that could vote; of `levels` the rest is the last, where smote_variants makes one more round and gives the rest the
 * weight of that round; a row is not paired with itself but where it is alone in its level, and is then copied, with a note.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function prowsyn(options: ProwsynOptions = {}): Oversampler {
  checkOptions("prowsyn", options, [...COMMON_OPTIONS, "kNeighbors", "levels", "theta", "scale", "onTooFew", "missing"]);
  const common = commonOptions(options);
  const kNeighbors = checkInteger("kNeighbors", options.kNeighbors ?? 5, 1);
  const levels = checkInteger("levels", options.levels ?? 5, 1);
  const theta = checkTheta(options.theta ?? 1);
  const scale = checkScale(options.scale);
  const onTooFew = checkOneOf("onTooFew", options.onTooFew ?? "error", ["error", "reduce", "copy", "skip"]);
  const missing = checkOneOf("missing", options.missing ?? "expected", ["expected", "rescale"]);
  return oversampler({
    name: "prowsyn",
    options: { ...common, kNeighbors, levels, theta, scale: scale ?? "auto", onTooFew, missing },
    workFor: ({ schema, n: all }, n) => (levels - 1) * searchWork(schema, all - n, n, false),
    async choose(scene) {
      const enough = enoughNeighbors(scene, 1, onTooFew, "prowsyn needs two rows of a class");
      if (enough === null) return null;
      if (enough === 0)
        return { bases: { draws: common.draws, shares: null }, neighbors: new Uint32Array(0), k: 0, rule: { name: "copy" } };
      const pools = await levelsOf(scene, kNeighbors, levels, { scale: scale ?? scene.data.scale, missing });
      const rule = { name: "lerp", nominal: "parent", withBase: false } as const;
      return { ...choicesOf(scene, pools, theta, common.draws), k: 0, rule };
    },
  });
}

function checkTheta(theta: unknown): number {
  if (typeof theta === "number" && theta >= 0 && theta < Infinity) return theta;
  throw new InputError("OPTION", `theta is ${show(theta)}, but needs a number of at least 0.`);
}

/** Row numbers of each level that has rows, the nearest first. */
async function levelsOf(
  scene: Scene,
  k: number,
  levels: number,
  options: { scale: Scale; missing: "expected" | "rescale" },
): Promise<Uint32Array[]> {
  const { data, rows, code } = scene;
  const foreign = everyRow(data).filter((i) => data.labels[i] !== code);
  const pools: Uint32Array[] = [];
  let left = rows;
  let searched = 0;
  while (pools.length < levels - 1 && left.length) {
    // all levels compare by the statistics of all rows
    const { indices } = await neighborsOf(scene, foreign, left, Math.min(k, left.length), options, scene.statistics());
    searched += left.length;
    const taken = new Set(indices);
    pools.push(left.filter((_, place) => taken.has(place)));
    left = left.filter((_, place) => !taken.has(place));
  }
  const rounds = (levels - 1) * rows.length;
  await scene.work.step(searchWork(data.schema, foreign.length, rounds - searched, false));
  if (left.length) pools.push(left);
  return pools;
}

/** Each pool is written twice in a row: behind its first place a member has all the others. */
function choicesOf({ instance, rows, name, note }: Scene, pools: readonly Uint32Array[], theta: number, draws: "even" | "independent") {
  const places = new Map(Array.from(rows, (row, place) => [row, place]));
  const shares = new Float64Array(rows.length);
  const lists = new Uint32Array(2 * rows.length);
  const neighbors: number[] = [];
  pools.forEach((pool, level) => {
    const members = Array.from(pool, (row) => places.get(row)!);
    if (members.length === 1) note(`Class ${name} has one row in level ${level + 1}, which was copied.`);
    members.forEach((place, p) => {
      lists.set([neighbors.length + p + 1, Math.max(1, members.length - 1)], 2 * place);
      shares[place] = instance.kernels.exp(-theta * level) / members.length;
    });
    neighbors.push(...members, ...members);
  });
  return { bases: { draws, shares }, neighbors: Uint32Array.from(neighbors), lists };
}
