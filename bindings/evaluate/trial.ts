import { checkOneOf, show } from "../check";
import type { Data, Label, Learner, Resampler, Run } from "../contracts";
import type { Dataset } from "../data/dataset";
import { cutter, rememberMade } from "../data/some";
import { describe } from "../described";
import { InputError } from "../errors";
import { foretell } from "../learn/learner";
import type { Lending } from "../run/lending";
import { LEND, partOf, type Lend, type Working } from "../run/work";
import { folds, type FoldsOptions } from "./folds";
import { chooseThreshold, type ThresholdMetric } from "./metrics/threshold";

/** What is compared: a learner, and what its training rows go through first. */
export interface Candidate {
  readonly learner: Learner;
  /** Sees training rows only. Default: they stay as they are. */
  readonly resampler?: Resampler | undefined;
}

/** All that trials of one call share. */
export interface Setting {
  readonly data: Data;
  readonly dataset: Dataset;
  /** Labels that occur, sorted. */
  readonly classes: readonly Label[];
  readonly positive: Label | undefined;
  /** What the threshold is chosen for; null: predictions are the model's own. */
  readonly threshold: ThresholdMetric | null;
  /** How rows are divided once more to choose it. */
  readonly inner: Pick<FoldsOptions, "by" | "seed" | "groups" | "times">;
  /** For the parts of trials on this thread. */
  readonly memory: Lending;
}

/** What one candidate makes of one fold. */
export interface Outcome {
  readonly predictions: readonly Label[];
  /** f64 (m, classes). */
  readonly probabilities: Float64Array;
  /** Training rows of each class before and after they were resampled. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly threshold: number | null;
  readonly notes: readonly string[];
}

/** Parts that the training rows are divided into to choose a threshold. */
export const INNER_FOLDS = 3;

/** How many models a trial fits. */
export function fitsOf({ threshold }: Pick<Setting, "threshold">): number {
  return threshold === null ? 1 : INNER_FOLDS + 1;
}

/** Learns from the training rows alone, and says what it thinks of the test rows. Progress counts 3 for each fit. */
export async function trial(
  setting: Setting,
  candidate: Candidate,
  train: Uint32Array,
  test: Uint32Array,
  run: Run | undefined,
): Promise<Outcome> {
  const steps = 3 * fitsOf(setting);
  const threshold = setting.threshold === null ? null : await thresholdFor(setting, candidate, train, run, steps);
  const outcome = await learned(setting, candidate, train, test, run, steps - 3, steps);
  if (threshold === null) return outcome;
  const [c, code] = [setting.classes.length, setting.classes.indexOf(setting.positive!)];
  const other = setting.classes[1 - code]!;
  return {
    ...outcome,
    threshold,
    predictions: outcome.predictions.map((_, i) => (outcome.probabilities[i * c + code]! >= threshold ? setting.positive! : other)),
  };
}

function learned(
  setting: Setting,
  candidate: Candidate,
  train: Uint32Array,
  test: Uint32Array,
  run: Run | undefined,
  step: number,
  steps: number,
): Promise<Outcome> {
  const { learner, resampler } = candidate;
  const learn = (lend?: Lend): Promise<Outcome> => learnedIn(setting, candidate, train, test, run, step, steps, lend);
  // what the caller made may keep what it is given
  return describe(learner) && (!resampler || describe(resampler)) ? setting.memory.during(learn) : learn();
}

async function learnedIn(
  { data, dataset, classes }: Setting,
  { learner, resampler }: Candidate,
  train: Uint32Array,
  test: Uint32Array,
  run: Run | undefined,
  step: number,
  steps: number,
  lend: Lend | undefined,
): Promise<Outcome> {
  const part = cutter(data, dataset);
  const during = (at: number): Working => ({ ...partOf(run, step + at, steps), [LEND]: lend });
  const given = part(train, lend);
  const notes: string[] = [];
  let from = given;
  let realRows = train.length;
  const sizes = dataset.schema.classes.map(() => 0);
  for (let t = 0; t < train.length; t++) sizes[dataset.labels[train[t]!]!]!++;
  const before = sizes.filter((_, code) => classes.includes(dataset.schema.classes[code]!));
  let after = before;
  if (resampler) {
    const resampled = await resampler.resample(given, during(0));
    from = resampled.data;
    if (lend) rememberMade(from, given, resampled.origins, lend);
    // centroids stand for real rows, so they count as such
    realRows = Math.min(train.length, resampled.origins.kind.length);
    after = classes.map((label) => resampled.counts.get(label)?.after ?? 0);
    notes.push(...resampled.notes);
  }
  const model = await learner.fit(from, { realRows }, during(1));
  const told = await foretell(model, part(test, lend), during(2));
  notes.push(...model.notes, ...told.notes);
  return {
    predictions: told.predictions,
    probabilities: arranged(told.probabilities, told.labels, classes, test.length),
    before,
    after,
    threshold: null,
    notes,
  };
}

/** (m, classes) ← (m, labels), columns in the order of the classes; a class the model does not know of has probability 0. */
export function arranged(probabilities: Float64Array, labels: readonly Label[], classes: readonly Label[], m: number): Float64Array {
  const c = labels.length;
  if (probabilities.length !== m * c) {
    throw new InputError(
      "DATA",
      `predictProbability returned ${probabilities.length} numbers for ${m} rows, but needs one for each of ${c} classes.`,
    );
  }
  if (c === classes.length && labels.every((label, code) => label === classes[code])) return probabilities;
  const places = classes.map((label) => labels.indexOf(label));
  return Float64Array.from({ length: m * classes.length }, (_, at) => {
    const place = places[at % classes.length]!;
    return place < 0 ? 0 : probabilities[Math.floor(at / classes.length) * c + place]!;
  });
}

/** The threshold that is best on training rows, each as a model of the others sees it. */
async function thresholdFor(
  setting: Setting,
  candidate: Candidate,
  train: Uint32Array,
  run: Run | undefined,
  steps: number,
): Promise<number> {
  const { data, dataset, classes, positive, threshold, inner } = setting;
  const pick = (cells: ArrayLike<unknown> | undefined): unknown[] | undefined => cells && Array.from(train, (i) => cells[i]);
  const parts = folds(cutter(data, dataset)(train), {
    ...inner,
    groups: pick(inner.groups),
    times: pick(inner.times),
    folds: INNER_FOLDS,
  });
  const labels: Label[] = [];
  const chances: number[] = [];
  const weights: number[] = [];
  const code = classes.indexOf(positive!);
  for (const [k, part] of parts.entries()) {
    const [from, to] = [part.train.map((i) => train[i]!), part.test.map((i) => train[i]!)];
    const { probabilities } = await learned(setting, candidate, from, to, run, 3 * k, steps);
    to.forEach((i, t) => {
      labels.push(dataset.schema.classes[dataset.labels[i]!]!);
      chances.push(probabilities[t * classes.length + code]!);
      weights.push(dataset.weights ? dataset.weights[i]! : 1);
    });
  }
  return chooseThreshold(labels, chances, { metric: threshold!, positive, classes, weights }).threshold;
}

const METRICS = ["f1", "gMean", "balancedAccuracy", "matthewsCorrelation"] as const;

/** What the threshold is to be chosen for, checked. */
export function checkThreshold(given: unknown, classes: readonly Label[]): ThresholdMetric | null {
  if (given === undefined || given === "default") return null;
  const metric = checkOneOf("threshold", given, ["default", ...METRICS]) as ThresholdMetric;
  if (classes.length === 2) return metric;
  throw new InputError("OPTION", `threshold is ${show(given)}, but there are ${classes.length} classes and it is of two; leave it out.`);
}
