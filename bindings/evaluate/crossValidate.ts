import { checkInteger, checkOptions, isRecord, list, show } from "../check";
import type { Data, Label, Run } from "../contracts";
import { countsOf, type Dataset } from "../data/dataset";
import { firstEquals } from "../data/equal";
import { checkUnmarked } from "../data/marks";
import { read } from "../data/read";
import { InputError } from "../errors";
import { checkLearner } from "../learn/doors";
import { checkThreads } from "../run/job";
import { checkRun } from "../run/work";
import { attemptAll, memoryForTrials, type Attempt } from "./attempts";
import { folds as foldsOf, type Fold, type FoldsOptions } from "./folds";
import { positiveCode } from "./metrics/positive";
import type { ThresholdMetric } from "./metrics/threshold";
import { settle } from "./metrics/settled";
import { momentsOf, scorersOf, type MetricName, type Scorer } from "./scoring";
import { checkThreshold, type Candidate, type Setting } from "./trial";

export interface CrossValidateOptions extends Omit<FoldsOptions, "folds">, Partial<Candidate> {
  /** By name, all judged on the same folds; in place of `learner` and `resampler`, which are the short form of one. */
  readonly candidates?: Readonly<Record<string, Candidate>> | undefined;
  /** How many folds, default 5; or the folds themselves, for which `repeats` and `by` mean nothing. */
  readonly folds?: number | readonly Fold[] | undefined;
  /**
   * Names of metrics, or functions of the rows of a test part by name. Default: `balancedAccuracy`, `rocAuc`, `averagePrecision`, `logLoss`, `balancedLogLoss`, `brier`, `gMean`, `fBeta`;
   * other names: `matthewsCorrelation`, `sensitivity`, `specificity`, `precision`, `prAuc`, `expectedCalibrationError`.
   */
  readonly metrics?: readonly MetricName[] | Readonly<Record<string, MetricName | Scorer>> | undefined;
  /**
   * `"default"`: what `predict` of the model says. A metric, of two classes: the threshold that is best for it on the training rows, each seen by a model that did not learn from it (three
   * more fits a fold). It never sees the rows that are judged.
   */
  readonly threshold?: "default" | ThresholdMetric | undefined;
  /** Label that metrics of one class look at. Default, of two classes: as in metrics. */
  readonly positive?: Label | undefined;
}

/** How one candidate did. Lists have an entry for each fold, null where it failed or the metric is undefined. */
export interface CandidateScores {
  readonly name: string;
  /** Names of its learner and its resampler. */
  readonly learner: string;
  readonly resampler: string | null;
  /** By metric. */
  readonly scores: Readonly<Record<string, readonly (number | null)[]>>;
  /** Over the folds that have a score. */
  readonly mean: Readonly<Record<string, number | null>>;
  /** Sample standard deviation over the folds; it is no error of the mean, because training parts overlap: see `compareScores`. */
  readonly sd: Readonly<Record<string, number | null>>;
  /** f64 (n, classes), row-major: of each row as models see it that did not learn from it, the mean over repeats; 0 for rows never tested. */
  readonly probabilities: Float64Array;
  /** u32 (n): how often each row was tested. */
  readonly tested: Uint32Array;
  /** At or above which a row is taken for positive; null where that is left to the model. */
  readonly thresholds: readonly (number | null)[];
  /** Training rows of each class, before and after they were resampled. */
  readonly counts: readonly ({ readonly before: readonly number[]; readonly after: readonly number[] } | null)[];
  /** Why a fold failed, in one sentence. */
  readonly errors: readonly (string | null)[];
  readonly notes: readonly string[];
}

/** What cross-validation found: plain data. */
export interface CrossValidation {
  /** Names of the metrics. */
  readonly metrics: readonly string[];
  /** Labels that occur, sorted: the columns of probabilities. */
  readonly labels: readonly Label[];
  readonly positive: Label | null;
  readonly folds: readonly Fold[];
  /** In the order given. */
  readonly candidates: readonly CandidateScores[];
  /** For each fold, how many of its test rows have the features of a training row. */
  readonly duplicates: readonly number[];
  readonly notes: readonly string[];
}

const OPTIONS = [
  "learner",
  "resampler",
  "candidates",
  "folds",
  "repeats",
  "by",
  "groups",
  "times",
  "seed",
  "metrics",
  "threshold",
  "positive",
];

/**
 * Judges candidates on rows that they did not learn from. In every fold the resampler, the learner with all it learns of columns, and the choice of a threshold see training rows only; test rows stay as
 * they are. All candidates are judged on the same folds, by default five, each with its share of every class.
 *
 * A candidate that fails in a fold has its sentence there and is judged by the others; nothing is thrown but faults of the call itself, and aborts. `seed` divides the rows; methods keep the seeds they were made
 * with, and draw anew in each fold because the rows differ. Learners that rescale weights are told how many training rows are real (`realRows`), so that `C` of `logistic` means the same with and without new rows.
 *
 * @returns scores by candidate, metric and fold, out-of-fold probabilities, class counts, the folds, and notes: among them, how many test rows equal a training row, which a learner can know by heart.
 * @throws {InputError} for options that make no sense, folds that cannot be made, data of one class, and data that a method returned. Aborts with `signal.reason`.
 */
export async function crossValidate(data: Data, options: CrossValidateOptions, run?: Run): Promise<CrossValidation> {
  checkOptions("crossValidate", options ?? {}, OPTIONS);
  checkRun("crossValidate", run);
  checkThreads(run);
  const candidates = candidatesOf(options ?? {});
  const scorers = scorersOf(options.metrics);
  const dataset = read(data);
  checkUnmarked(data, "crossValidate");
  const counts = countsOf(dataset);
  const classes = dataset.schema.classes.filter((_, code) => counts[code]! > 0);
  if (classes.length < 2) throw new InputError("DATA", `All rows are of class ${show(classes[0])}, but there is nothing to learn from one; at least two are needed.`); // prettier-ignore
  const setting: Setting = {
    data,
    dataset,
    classes,
    positive: positiveOf(dataset, classes, options.positive),
    threshold: checkThreshold(options.threshold, classes),
    inner: { by: options.by, seed: options.seed, groups: options.groups, times: options.times },
    memory: memoryForTrials(),
  };
  const folds = givenFolds(data, dataset.n, options);
  const scored: Scored[][] = [...candidates].map(() => []);
  const hear = (c: number, f: number, attempt: Attempt): void => void (scored[c]![f] = scoresOf(setting, folds[f]!, scorers, attempt));
  const attempts = attemptAll(setting, [...candidates.values()], folds, hear, run);
  // while other threads begin
  const duplicates = duplicatesOf(dataset, folds);
  const found = await attempts;
  const rows = [...candidates].map(([name, candidate], c) =>
    judged(setting, name, candidate, folds, [...scorers.keys()], found[c]!, scored[c]!),
  );
  return {
    metrics: [...scorers.keys()],
    labels: classes,
    positive: setting.positive ?? null,
    folds,
    candidates: rows,
    duplicates,
    notes: [...duplicateNotes(duplicates, folds), ...unequalNotes(rows, folds.length)],
  };
}

function candidatesOf({ learner, resampler, candidates }: CrossValidateOptions): ReadonlyMap<string, Candidate> {
  if ((candidates === undefined) === (learner === undefined)) {
    throw new InputError(
      "OPTION",
      `crossValidate was given ${candidates ? "both learner and candidates" : "no learner"}, but needs one of them: { learner: logistic() }, or { candidates: { plain: { learner: logistic() } } }.`,
    );
  }
  const given: Readonly<Record<string, Candidate>> = candidates ?? {
    [resampler ? `${resampler.name} + ${learner!.name}` : learner!.name]: { learner: learner!, resampler },
  };
  if (!isRecord(given) || Object.keys(given).length === 0) {
    throw new InputError("OPTION", `candidates is ${show(given)}, but needs { name: { learner, resampler } }.`);
  }
  for (const [name, candidate] of Object.entries(given)) {
    checkOptions(`candidate ${show(name)}`, candidate, ["learner", "resampler"]);
    checkLearner(`learner of ${show(name)}`, candidate?.learner);
    if (candidate.resampler !== undefined && typeof candidate.resampler?.resample !== "function") {
      throw new InputError(
        "OPTION",
        `resampler of ${show(name)} is ${show(candidate.resampler)}, but needs what smote() or another method returns.`,
      );
    }
  }
  return new Map(Object.entries(given));
}

/** Of two classes the one that is looked for; of more only if told. */
function positiveOf(dataset: Dataset, classes: readonly Label[], positive: Label | undefined): Label | undefined {
  if (classes.length > 2 && positive === undefined) return undefined;
  const places = dataset.schema.classes.map((label) => classes.indexOf(label));
  const codes = new Uint32Array(dataset.n);
  for (let i = 0; i < dataset.n; i++) codes[i] = places[dataset.labels[i]!]!;
  return classes[positiveCode("crossValidate", { classes, codes }, positive)];
}

/** The folds asked for, or those given, checked: a row is on one side at most. */
function givenFolds(data: Data, n: number, options: CrossValidateOptions): readonly Fold[] {
  const { folds, repeats, by, seed, groups, times } = options;
  if (!Array.isArray(folds)) return foldsOf(data, { folds: folds as number | undefined, repeats, by, seed, groups, times });
  if (folds.length === 0) throw new InputError("OPTION", "folds has no fold, but needs at least one: { train, test }.");
  return Array.from(folds, (fold: Fold | undefined, f) => {
    const sides = new Uint8Array(n);
    for (const side of ["train", "test"] as const) {
      const rows: unknown = fold?.[side];
      if (!(Array.isArray(rows) || ArrayBuffer.isView(rows)) || (rows as Uint32Array).length === 0) {
        throw new InputError("OPTION", `folds[${f}].${side} is ${show(rows)}, but needs numbers of rows.`);
      }
      for (const row of rows as Uint32Array) {
        checkInteger(`A row of folds[${f}].${side}`, row, 0, n - 1);
        if (sides[row]) throw new InputError("OPTION", `folds[${f}] names row ${row} twice, but a row is in train or in test, once.`);
        sides[row] = 1;
      }
    }
    const { repeat = 0, fold: number = f, train, test } = fold!;
    return { repeat, fold: number, train: Uint32Array.from(train), test: Uint32Array.from(test) };
  });
}

/** What an attempt scores by each metric, and what there is to say of it. */
interface Scored {
  readonly scores: readonly (number | null)[];
  readonly said: readonly string[];
}

function scoresOf({ dataset, classes, positive }: Setting, { test }: Fold, scorers: ReadonlyMap<string, Scorer>, attempt: Attempt): Scored {
  if (typeof attempt === "string") return { scores: [...scorers].map(() => null), said: [] };
  const weights = dataset.weights ? Float64Array.from(test, (i) => dataset.weights![i]!) : undefined;
  const labels = settle(new Array<Label>(test.length));
  for (let t = 0; t < test.length; t++) labels[t] = dataset.schema.classes[dataset.labels[test[t]!]!]!;
  // a copy: a model of the caller's may return the same array again
  const predictions = settle([...attempt.predictions]);
  const rows = settle({ rows: test, labels, classes, positive, weights, ...attempt, predictions });
  const said = [...attempt.notes];
  return { scores: [...scorers].map(([metric, scorer]) => scoreOf(metric, scorer, rows, said)), said };
}

function judged(
  { dataset, classes }: Setting,
  name: string,
  { learner, resampler }: Candidate,
  folds: readonly Fold[],
  metrics: readonly string[],
  attempts: readonly Attempt[],
  scored: readonly Scored[],
): CandidateScores {
  const c = classes.length;
  const probabilities = new Float64Array(dataset.n * c);
  const tested = new Uint32Array(dataset.n);
  attempts.forEach((outcome, f) => {
    if (typeof outcome === "string") return;
    const { test } = folds[f]!;
    for (let t = 0; t < test.length; t++) {
      const i = test[t]!;
      tested[i]!++;
      for (let k = 0; k < c; k++) probabilities[i * c + k]! += outcome.probabilities[t * c + k]!;
    }
  });
  const scores: Record<string, readonly (number | null)[]> = Object.fromEntries(
    metrics.map((metric, m) => [metric, scored.map((own) => own.scores[m]!)]),
  );
  for (let i = 0; i < dataset.n; i++) for (let k = 0; k < c; k++) probabilities[i * c + k]! /= Math.max(tested[i]!, 1);
  const moments = Object.entries(scores).map(([metric, own]) => [metric, momentsOf(own)] as const);
  return {
    name,
    learner: learner.name,
    resampler: resampler?.name ?? null,
    scores,
    mean: Object.fromEntries(moments.map(([metric, { mean }]) => [metric, mean])),
    sd: Object.fromEntries(moments.map(([metric, { sd }]) => [metric, sd])),
    probabilities,
    tested,
    thresholds: attempts.map((outcome) => (typeof outcome === "string" ? null : outcome.threshold)),
    counts: attempts.map((outcome) => (typeof outcome === "string" ? null : { before: outcome.before, after: outcome.after })),
    errors: attempts.map((outcome) => (typeof outcome === "string" ? outcome : null)),
    notes: gathered(scored.map(({ said }) => said)),
  };
}

/** The score, or null where a test part does not allow one. */
function scoreOf(metric: string, scorer: Scorer, scored: Parameters<Scorer>[0], said: string[]): number | null {
  let why: string;
  try {
    const score = scorer(scored);
    if (typeof score === "number" && score - score === 0) return score;
    why = `it is ${show(score)}`;
  } catch (error) {
    why = error instanceof Error ? error.message : String(error);
  }
  said.push(`${metric} has no value: ${why}`);
  return null;
}

/** Each sentence once, those that differ in numbers alone as one. */
function gathered(heard: readonly (readonly string[])[]): string[] {
  const times = new Map<string, { first: string; folds: Set<number> }>();
  heard.forEach((said, f) => {
    for (const sentence of said) {
      const key = sentence.replaceAll(/\d+(\.\d+)?/g, "#");
      const known = times.get(key) ?? { first: sentence, folds: new Set() };
      times.set(key, known);
      known.folds.add(f);
    }
  });
  return [...times.values()].map(({ first, folds }) =>
    heard.length === 1
      ? first
      : `${first} (${folds.size === heard.length ? "in every fold" : `in ${folds.size} of ${heard.length} folds`})`,
  );
}

/** Test rows of each fold with the features of a training row. */
function duplicatesOf(dataset: Dataset, folds: readonly Fold[]): number[] {
  const firsts = firstEquals(dataset);
  if (firsts.every((first, i) => first === i)) return folds.map(() => 0);
  const learned = new Int32Array(dataset.n).fill(-1);
  return folds.map(({ train, test }, f) => {
    for (const i of train) learned[firsts[i]!] = f;
    return test.reduce((sum, i) => sum + (learned[firsts[i]!] === f ? 1 : 0), 0);
  });
}

function duplicateNotes(duplicates: readonly number[], folds: readonly Fold[]): string[] {
  const [equal, tested] = [duplicates.reduce((sum, own) => sum + own, 0), folds.reduce((sum, { test }) => sum + test.length, 0)];
  if (equal === 0) return [];
  return [
    `${equal} of ${tested} tested rows have the features of a row that the model learned from; if such rows are one case, give them one group, or scores are too good.`,
  ];
}

function unequalNotes(rows: readonly CandidateScores[], folds: number): string[] {
  const failed = rows.map(({ errors }) => errors.filter((error) => error !== null).length);
  const notes = rows.flatMap(({ name, errors }, c) => {
    if (failed[c] === 0) return [];
    const where = failed[c] === folds ? "every fold" : `${failed[c]} of ${folds} folds, and its means are over the others`;
    return [`${show(name)} failed in ${where}: ${errors.find((error) => error !== null)}`];
  });
  const partly = rows.filter((_, c) => failed[c] !== failed[0]).map(({ name }) => name);
  if (partly.length > 0)
    notes.push(
      `Candidates did not fail in equally many folds (${list(partly)} unlike the first), so their means are not of the same rows; compareScores pairs the folds.`,
    );
  return notes;
}
