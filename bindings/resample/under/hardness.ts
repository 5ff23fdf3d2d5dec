import { checkInteger, checkOptions, show } from "../../check";
import type { Data, Resampler, Scale } from "../../contracts";
import { allRows, rowsByClass } from "../../data/dataset";
import { InputError } from "../../errors";
import { searchWork } from "../../search/neighbors";
import { neighborsOf } from "../crosswise";
import { deal } from "../partition";
import { rowsToKeep } from "../reduction";
import { ascending, chosen, undersampler, type Scene } from "../undersample";
import { checkComparison, COMPARISON_OPTIONS, type Comparison } from "./nearest";
import { UNDERSAMPLE_OPTIONS, undersampleOptions, type UndersampleOptions } from "./random";

/** Learns from some rows and tells how probable it finds the class that each of others has, 0 to 1; both are in the shape of the data. */
export type HardnessLearner = (train: Data, rows: Data) => ArrayLike<number> | Promise<ArrayLike<number>>;

export interface InstanceHardnessOptions extends UndersampleOptions {
  /** Parts that the rows are dealt into, each with its share of every class; rows of one are judged by what the others teach. Default 5. */
  readonly folds?: number | undefined;
  /** Judges rows; may wait. Default: the share of the row's own class among the 5 nearest rows of `train`. */
  readonly learner?: HardnessLearner | undefined;
  /** Random seed of the folds, a whole number from 0 to 2^53 − 1. Default 0. */
  readonly seed?: number | undefined;
  /** How the default learner makes columns comparable. Default `"none"` for `{ X, y }`, `"standard"` for a table. */
  readonly scale?: Scale | undefined;
  /** What a missing number counts for to the default learner: see `smote`. Default `"expected"`. */
  readonly missing?: "expected" | "rescale" | undefined;
}

/**
 * Instance hardness threshold: of each class that the strategy names stay the rows whose class a learner finds most probable, judged by a learner that has not seen them. What goes is noise and
 * overlap, so the classes come apart; a border that is really there is lost with it.
 *
 * Smith, Martinez, Giraud-Carrier: An instance level analysis of data complexity, Machine Learning 95 (2014). Ours: exactly as many rows stay as the strategy says, of equally probable ones those that
 * come first, where imbalanced-learn cuts at a quantile and keeps all that reach it; any labels; neighbors judge by default, a random forest there.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them, and for a learner that does not return a probability for each row.
 */
export function instanceHardness(options: InstanceHardnessOptions = {}): Resampler {
  checkOptions("instanceHardness", options, [...UNDERSAMPLE_OPTIONS, "folds", "learner", "seed", ...COMPARISON_OPTIONS]);
  const common = undersampleOptions(options);
  const compare = checkComparison(options);
  const folds = checkInteger("folds", options.folds ?? 5, 2);
  const seed = checkInteger("seed", options.seed ?? 0, 0);
  const learner = options.learner ?? null;
  if (learner !== null && typeof learner !== "function") {
    throw new InputError(
      "OPTION",
      `learner is ${show(learner)}, but needs a function (train, rows) => probabilities of the rows' own classes.`,
    );
  }
  const unused = COMPARISON_OPTIONS.find((name) => learner !== null && options[name] !== undefined);
  if (unused) throw new InputError("OPTION", `${unused} is for the default learner, but learner is another; leave one of the two out.`);
  return undersampler({
    name: "instanceHardness",
    options: { ...common, folds, learner, seed, ...compare, scale: compare.scale ?? "auto" },
    workFor: ({ schema, n }) => (learner ? n : searchWork(schema, n, n, false)),
    async select(scene) {
      const { data, instance, standing } = scene;
      const asked = rowsToKeep(common.strategy, standing);
      const all = allRows(data.n);
      const probabilities = new Float64Array(data.n);
      for (const fold of deal(instance, data, all, folds, seed, 0)) {
        const held = new Set(fold);
        const train = all.filter((row) => !held.has(row));
        const judged = learner ? await ask(learner, scene, train, fold) : await shareOfNearest(scene, train, fold, compare);
        fold.forEach((row, t) => (probabilities[row] = judged[t]!));
      }
      const kept = rowsByClass(data).map((rows, code) => {
        const count = asked.get(code);
        return count === undefined
          ? rows
          : chosen(
              scene,
              code,
              rows,
              count,
              Float64Array.from(rows, (row) => -probabilities[row]!),
            );
      });
      return { rows: ascending(kept) };
    },
  });
}

/** Neighbors that judge by default. */
const JUDGES = 5;

/** The share of its own class among the nearest rows of `train`, of each row. */
async function shareOfNearest(scene: Scene, train: Uint32Array, rows: Uint32Array, { scale, missing }: Comparison): Promise<Float64Array> {
  const { data, statistics } = scene;
  const { labels } = data;
  const k = Math.min(JUDGES, train.length);
  const { indices } = await neighborsOf(scene, rows, train, k, { scale: scale ?? data.scale, missing }, statistics());
  return Float64Array.from(rows, (row, t) => {
    let own = 0;
    for (const place of indices.subarray(t * k, t * k + k)) own += Number(labels[train[place]!] === labels[row]);
    return own / k;
  });
}

/** What the caller's learner says. */
async function ask(learner: HardnessLearner, { take, work }: Scene, train: Uint32Array, rows: Uint32Array): Promise<ArrayLike<number>> {
  const turn = work.step(rows.length);
  if (turn) await turn;
  const said: unknown = await learner(take(train), take(rows));
  const judged = said as ArrayLike<number>;
  if (!(Array.isArray(said) || ArrayBuffer.isView(said)) || judged.length !== rows.length) {
    throw new InputError("OPTION", `learner returned ${show(said)} for ${rows.length} rows, but needs to return a probability for each.`);
  }
  const wrong = Array.from(judged).find((value) => !(typeof value === "number" && value >= 0 && value <= 1));
  if (wrong === undefined && !Array.from(judged).includes(undefined as never)) return judged;
  throw new InputError("OPTION", `learner returned ${show(wrong)} for a row, but needs the probability of its class, from 0 to 1.`);
}
