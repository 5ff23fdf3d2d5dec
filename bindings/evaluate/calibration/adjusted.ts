import { marked } from "../../data/marks";
import { checkInteger, checkOptions, list, show } from "../../check";
import type { Data, Features, Label, Learner, Model, Predicted, Resampler, Run, StoredModel, Training } from "../../contracts";
import { read } from "../../data/read";
import type { Dataset } from "../../data/dataset";
import { InputError } from "../../errors";
import { damaged, FORMAT, knownOf, largest, presentOf, storedBy, weightsOf } from "../../learn/learner";
import { checkThreads } from "../../run/job";
import { checkRun } from "../../run/work";
import { calibrating, type Calibration } from "./calibrator";
import { shifted } from "./priors";

/** A model and what is done with its probabilities, in this order. Plain data but for the model. */
export interface Adjustment {
  readonly inner: Model;
  readonly notes: readonly string[];
  readonly calibration: Calibration | null;
  /** What each class's probability is multiplied by. */
  readonly factors: readonly number[] | null;
  /** What each class's probability is divided by before the largest is taken. */
  readonly against: readonly number[] | null;
  /** Of two classes: which one is taken where its probability is at least so much. */
  readonly cut: readonly [code: number, threshold: number] | null;
}

/** What is particular to a learner whose model asks another. */
export interface Adjusting {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly learner: Learner;
  readonly resampler?: Resampler;
  /** `training.warmStart` is the model within; `weights`: those of the data times those of the call. */
  fit(data: Data, dataset: Dataset, training: Training, weights: Float64Array, run: Run | undefined): Promise<Adjustment>;
}

/** By model, the one that it asks. */
const within = new WeakMap<object, Model>();

export function adjustedLearner({ name, options, learner, resampler, fit }: Adjusting): Learner {
  const takes = Object.freeze({ ...learner.takes, signedWeights: false });
  const adjusted: Learner = {
    name,
    options: Object.freeze({
      learner: { name: learner.name, options: learner.options },
      ...(resampler && { resampler: { name: resampler.name, options: resampler.options } }),
      ...options,
    }),
    takes,
    async fit(data: Data, training: Training = {}, run?: Run): Promise<Model> {
      checkOptions("fit", training, ["weights", "realRows", "warmStart"]);
      checkRun("fit", run);
      checkThreads(run);
      const dataset = read(data);
      const weights = weightsOf({ name, takes }, dataset, training.weights);
      const warmStart = knownOf(within, name, training.warmStart);
      checkInteger("realRows", training.realRows ?? 1, 1, dataset.n);
      run?.signal?.throwIfAborted();
      const own = { ...training, warmStart };
      // of one class there is nothing to resample and nothing to correct
      const adjustment =
        presentOf(dataset, weights).length > 1 ? await fit(data, dataset, own, weights, run) : plainly(await learner.fit(data, own, run));
      run?.onProgress?.({ done: 1, total: 1 });
      return adjustedModel(name, adjustment);
    },
    restore(stored: unknown): Model {
      const given = storedBy(name, stored) as unknown as Adjustment;
      const inner = learner.restore(given.inner);
      const c = inner.labels.length;
      const fits = (numbers: readonly number[] | null): boolean =>
        numbers === null || (numbers.length === c && numbers.every(Number.isFinite));
      const { notes, calibration, factors, against, cut } = given;
      try {
        const cuts = cut === null || (c === 2 && (cut[0] === 0 || cut[0] === 1) && Number.isFinite(cut[1]));
        if (!Array.isArray(notes) || !fits(factors) || !fits(against) || !cuts) throw damaged();
        return adjustedModel(name, { inner, notes, calibration, factors, against, cut });
      } catch {
        throw damaged();
      }
    },
  };
  return marked(Object.freeze(adjusted), { inside: resampler ? [resampler, learner] : [learner] });
}

function plainly(inner: Model): Adjustment {
  return { inner, notes: inner.notes, calibration: null, factors: null, against: null, cut: null };
}

function adjustedModel(name: string, adjustment: Adjustment): Model {
  const { inner, notes, calibration, factors, against, cut } = adjustment;
  const { labels } = inner;
  const c = labels.length;
  const calibrated = calibration && calibrating(calibration, c);
  const predictProbability = async (data: Features, run?: Run): Promise<Predicted> => {
    const said = await inner.predictProbability(data, run);
    let { probabilities } = said;
    if (calibrated) probabilities = calibrated(probabilities);
    if (factors) probabilities = shifted(probabilities, Float64Array.from(factors));
    return { ...said, probabilities };
  };
  const model: Model = Object.freeze({
    learner: name,
    labels,
    notes,
    predictProbability,
    async predict(data: Features, run?: Run): Promise<Label[]> {
      const { probabilities } = await predictProbability(data, run);
      const scores = against ? probabilities.map((p, at) => p / against[at % c]!) : probabilities;
      return Array.from({ length: scores.length / c }, (_, i) => {
        if (cut) return labels[probabilities[i * c + cut[0]]! >= cut[1] ? cut[0] : 1 - cut[0]]!;
        return labels[largest(scores, i * c, c)]!;
      });
    },
    ...(inner.features && { features: (data: Features) => inner.features!(data) }),
    toJSON(): StoredModel {
      const stored = inner.toJSON();
      return { format: FORMAT, version: 1, learner: name, contains: stored.contains, ...adjustment, inner: stored };
    },
  });
  within.set(model, inner);
  return model;
}

/** Refuses what is no learner. */
export function checkLearner(where: string, learner: unknown): void {
  const { fit, restore } = (learner ?? {}) as Partial<Learner>;
  if (typeof fit === "function" && typeof restore === "function") return;
  throw new InputError("OPTION", `${where} was given ${show(learner)}, but needs a learner, such as logistic().`);
}

/** Shares in words. */
export function told(labels: readonly Label[], shares: ArrayLike<number>): string {
  const words = labels.slice(0, 6).map((label, k) => `${list([label])} ${Number(shares[k]!.toPrecision(3))}`);
  return words.join(", ") + (labels.length > 6 ? " …" : "");
}
