import { checkInteger, checkNumber, checkOneOf, checkOptions, show } from "../../check";
import type { Data, Label, Learner, Model, Origins, PerLabel, Resampler, Run, Training } from "../../contracts";
import type { Dataset } from "../../data/dataset";
import { perLabel } from "../../data/labels";
import { read } from "../../data/read";
import { InputError } from "../../errors";
import { weightsOf } from "../../learn/learner";
import { partOf } from "../../run/work";
import { positiveCode } from "../metrics/positive";
import { NEVER } from "../metrics/threshold";
import { adjustedLearner, checkLearner, told } from "./adjusted";
import type { CalibratedClassifierOptions } from "./calibrated";
import { fitCalibration } from "./calibrator";
import { heldOut, mostFolds, type Fit } from "./heldOut";
import { factorsOf, sharesOf } from "./priors";

export interface ResampledClassifierOptions extends Omit<CalibratedClassifierOptions, "method"> {
  /** How frequent the classes are where the model is used: `"real rows"` (default): as among the rows given; `"trained"`: as among the rows learned from, so nothing is corrected; or shares by label. */
  readonly targetPrior?: "real rows" | "trained" | PerLabel | undefined;
  /**
   * What `predict` takes. `"balanced"` (default): the class whose probability is largest relative to its share, which is the most probable one if all were as frequent; `"most probable"`; or, of two
   * classes, from which probability of the positive class on it is taken (1 or true by custom, else the rarer).
   */
  readonly threshold?: "balanced" | "most probable" | number | undefined;
  /**
   * `"prior"`: probabilities are corrected for the shares of the classes alone; `"platt"`, `"isotonic"`: calibrated on real rows held out, see `calibratedClassifier`; `"none"`. Default `"auto"`: `"prior"` after methods that leave
   * the rows of a class as they are distributed, else `"platt"`.
   */
  readonly calibration?: "auto" | "prior" | "platt" | "isotonic" | "none" | undefined;
}

/** Methods that choose rows of a class without a look at the others: what changes is how many there are, or nearly nothing else. Of all others it is not known. */
const PRIOR_SHIFT = ["randomOversample", "randomUndersample", "smote", "geometricSmote", "polynomFitSmote"];

/**
 * Resamples, learns, and undoes what resampling does to probabilities: models of resampled rows believe that classes are as frequent as there. As a learner it resamples the rows it is fitted on and no others, so it can
 * be cross-validated like any other. Probabilities are for `targetPrior`; `predict` goes by `threshold`, which is not ½ by default; the notes of the model tell both.
 *
 * Row weights of the call go to the learner; a new row has what lies between those of its parents, as a weight column does. `classWeight` of `logistic` counts for the shares learned from. `realRows` is the number of
 * rows given, or of those learned from where these are fewer.
 *
 * Sources: Saerens, Latinne, Decaestecker (2002) and Elkan (2001) for the correction; Dal Pozzolo, Caelen, Johnson, Bontempi, CIDM (2015) for it after undersampling.
 *
 * @throws {InputError} for unknown options or values; when used, what the resampler and the learner throw.
 */
export function resampledClassifier(resampler: Resampler, learner: Learner, options: ResampledClassifierOptions = {}): Learner {
  if (typeof (resampler as Partial<Resampler> | null)?.resample !== "function") {
    throw new InputError("OPTION", `resampledClassifier was given ${show(resampler)}, but needs a resampler, such as smote().`);
  }
  checkLearner("resampledClassifier", learner);
  checkOptions("resampledClassifier", options, ["targetPrior", "threshold", "calibration", "folds", "seed"]);
  const { targetPrior = "real rows", threshold = "balanced" } = options;
  if (typeof targetPrior === "string") checkOneOf("targetPrior", targetPrior, ["real rows", "trained"]);
  if (typeof threshold === "number") checkNumber("threshold", threshold, 0, NEVER);
  else checkOneOf("threshold", threshold, ["balanced", "most probable"]);
  const calibration = checkOneOf("calibration", options.calibration ?? "auto", ["auto", "prior", "platt", "isotonic", "none"]);
  const [off, none] = [targetPrior === "trained", calibration === "none"];
  if ((off && !none && calibration !== "auto") || (none && !off && options.targetPrior !== undefined)) {
    throw new InputError(
      "OPTION",
      `calibration is "${calibration}", but targetPrior ${show(targetPrior)} asks for another; leave one of the two out.`,
    );
  }
  const folds = checkInteger("folds", options.folds ?? 5, 2);
  const seed = checkInteger("seed", options.seed ?? 0, 0);
  const known = shiftsPriors(resampler);
  const way = off || none ? "none" : calibration !== "auto" ? calibration : known ? "prior" : "platt";
  return adjustedLearner({
    name: "resampledClassifier",
    options: { targetPrior, threshold, calibration, folds, seed },
    learner,
    resampler,
    async fit(data, dataset, training, weights, run) {
      const notes: string[] = [];
      let method = way;
      if (calibration === "auto" && way === "platt") {
        const alone = mostFolds(dataset) < 2;
        if (alone) method = "prior";
        notes.push(
          `${resampler.name} takes or makes rows by where they lie, so shares do not tell what it does to probabilities; ` +
            (alone ? "a class has one row, so they were corrected for shares only." : "they were calibrated on rows held out."),
        );
      }
      const learn = (part: Data, its: Training, how: Run | undefined): Promise<Learned> =>
        learnResampled(resampler, learner, part, its, how);
      const modelOf: Fit = async (part, its, how) => (await learn(part, its, how)).model;
      const held = method === "platt" || method === "isotonic";
      const judged = held && (await heldOut(modelOf, data, dataset, training, weights, { folds, seed }, partOf(run, 0, 2)));
      const learned = await learn(data, training, held ? partOf(run, 1, 2) : run);
      const { labels } = learned.model;
      const gone = dataset.schema.classes.find((label) => !labels.includes(label));
      if (gone !== undefined) {
        throw new InputError(
          "TOO_FEW_ROWS",
          `${resampler.name} left no row of class ${show(gone)} to learn from; leave allowEmpty out, or drop the class.`,
        );
      }
      const real = sharesIn(dataset, weights, labels);
      const target = typeof targetPrior === "object" ? sharesOf("targetPrior", targetPrior, labels) : real;
      const from = held ? real : learned.shares;
      const prior = method === "none" ? from : target;
      const shared = prior.every((share, k) => share === from[k]);
      if (!shared) notes.push(`Probabilities are corrected from classes as frequent as ${told(labels, from)} to ${told(labels, prior)}.`);
      if (threshold === "balanced") {
        notes.push(
          `predict takes the class whose probability is largest relative to its share (${told(labels, prior)}), not the most probable one.`,
        );
      }
      return {
        inner: learned.model,
        notes: [...learned.notes, ...learned.model.notes, ...notes],
        calibration: judged ? await fitCalibration(method === "isotonic" ? method : "platt", judged) : null,
        factors: shared ? null : [...factorsOf(from, prior)],
        against: threshold === "balanced" ? prior.map((share) => share || 1) : null,
        cut: typeof threshold === "number" ? [positiveAmong(dataset, labels), threshold] : null,
      };
    },
  });
}

interface Learned {
  readonly model: Model;
  readonly notes: readonly string[];
  /** Of the model's classes, as it met them. */
  readonly shares: readonly number[];
}

async function learnResampled(
  resampler: Resampler,
  learner: Learner,
  data: Data,
  training: Training,
  run: Run | undefined,
): Promise<Learned> {
  const { data: rows, origins, notes } = await resampler.resample(data, partOf(run, 0, 2));
  const dataset = read(rows);
  const given = training.weights && weightsBehind(origins, training.weights);
  const realRows = Math.min(training.realRows ?? read(data).n, dataset.n);
  const model = await learner.fit(rows, { ...training, weights: given, realRows }, partOf(run, 1, 2));
  const shares = sharesIn(dataset, weightsOf(learner, dataset, given), model.labels);
  return { model, notes, shares: weighed(shares, learner.options["classWeight"], model.labels) };
}

/** What rows weigh that were made of others: original ones as before, others what lies between their parents. */
function weightsBehind(origins: Origins, weights: ArrayLike<number>): Float64Array {
  const { kind, base, neighbor, gap } = origins;
  return Float64Array.from(kind, (made, i) => {
    const own = weights[base[i]!]!;
    if (!made) return own;
    if (neighbor[i]! >= 0) return own + Math.min(1, Math.max(0, gap[i]!)) * (weights[neighbor[i]!]! - own);
    // differences, so that parents that weigh the same make rows that do
    const all = origins.parents(i);
    return all.reduce((sum, row) => sum + (weights[row]! - own) / all.length, own);
  });
}

/** Share of each of the labels, by weight. */
function sharesIn({ schema, labels: codes }: Dataset, weights: Float64Array, labels: readonly Label[]): number[] {
  const sums = schema.classes.map(() => 0);
  let total = 0;
  for (let i = 0; i < codes.length; i++) {
    sums[codes[i]!]! += weights[i]!;
    total += weights[i]!;
  }
  return labels.map((label) => (sums[schema.classes.indexOf(label)] ?? 0) / total);
}

/** Shares as a learner with weights of classes meets them. */
function weighed(shares: readonly number[], classWeight: unknown, labels: readonly Label[]): readonly number[] {
  if (classWeight === null || classWeight === undefined) return shares;
  const given = classWeight === "balanced" ? undefined : perLabel("OPTION", classWeight, "classWeight", labels);
  const own = shares.map((share, k) => (given ? share * (given.get(k) ?? 1) : Number(share > 0)));
  const sum = own.reduce((total, share) => total + share, 0);
  return own.map((share) => share / sum);
}

function positiveAmong({ schema, labels }: Dataset, classes: readonly Label[]): number {
  return classes.indexOf(
    schema.classes[positiveCode("threshold of resampledClassifier", { classes: schema.classes, codes: labels }, undefined)]!,
  );
}

function shiftsPriors({ name, options }: Pick<Resampler, "name" | "options">): boolean {
  if (name === "chain") return (options["steps"] as Resampler[]).every(shiftsPriors);
  return PRIOR_SHIFT.includes(name);
}
