import { checkNumber, checkOptions, list, show } from "../check";
import type { Data, Label, Matrix, Run } from "../contracts";
import { countsOf, featuresOf, type Dataset } from "../data/dataset";
import { read } from "../data/read";
import { unsealed } from "../data/weighted";
import { InputError } from "../errors";
import { logistic } from "../learn/logistic";
import { strideOf } from "../learn/newton";
import { cellsOf, fitInputs, moveCells, standardMoves } from "../learn/preprocess";
import { checkThreads } from "../run/job";
import { checkRun, partOf, startWork, type Work } from "../run/work";
import { CORRECTION_OPTIONS, correctionOf, type CorrectionOptions } from "./correction";
import { dot, inverse, times } from "./matrix";
import { grams, meanOf } from "./moments";

export interface TreatmentOptions extends Omit<CorrectionOptions, "tasks"> {
  /** The numeric column that was measured after treatment, by name, or number of a matrix. */
  readonly outcome: string | number;
  /** The label of treated rows. Default: the rarer of the two. */
  readonly treated?: Label | undefined;
  /** How much of the estimated bias is taken away, 0 to 1. Default 1. */
  readonly lambda?: number | undefined;
}

/** An average and its standard error. */
export interface EstimatedEffect {
  readonly effect: number;
  readonly standardError: number;
}

export interface TreatmentEffect {
  /** Where treatment was assigned at random: the mean outcome of treated rows, real, synthetic and corrected ones, less that of the others. Its standard error is that of the real rows. */
  readonly randomized: EstimatedEffect;
  /** The same without a correction. */
  readonly naive: number;
  /** Where treatment depends on the other columns: augmented inverse propensity weighting over the real rows. */
  readonly adjusted: EstimatedEffect;
  /** f64 (n): the probability of treatment, from 0.01 to 0.99, corrected for the rows that were added. */
  readonly propensities: Float64Array;
  readonly subsets: number;
  readonly notes: readonly string[];
}

/** Propensities are kept from 0 and 1 by so much. */
const CLIP = 0.01;
/**
 * The average effect of a treatment that few rows had, with synthetic treated rows whose bias is corrected as in `biasCorrect`: labels say who was treated, and the outcome is one of the columns that the oversampler
 * grows. `adjusted` fits straight lines of the outcome for treated (signed weights) and other rows, and the propensity by logistic regression with the odds divided by what augmentation made of them; synthetic
 * rows enter these fits and never the average. It is right if either fit is, so what correction brings there is less variance.
 *
 * Lyu, Ma, Zhang, Zhang, arXiv 2510.26046, consistent with the abstract: estimators and maps are ours; `transfer` moves covariates and outcomes together.
 *
 * @throws {InputError} for other than two labels, an outcome that is no complete numeric column, and as `biasCorrect`.
 */
export async function averageTreatmentEffect(data: Data, options: TreatmentOptions, run?: Run): Promise<TreatmentEffect> {
  checkOptions("averageTreatmentEffect", options ?? null, [
    ...CORRECTION_OPTIONS.filter((name) => name !== "tasks"),
    "outcome",
    "treated",
    "lambda",
  ]);
  checkRun("averageTreatmentEffect", run);
  checkThreads(run);
  const { outcome, treated, lambda = 1, ...making } = options;
  const real = read(data);
  const { n, labels, schema } = real;
  const counts = countsOf(real);
  const code = treated === undefined ? counts.indexOf(Math.min(...counts)) : schema.classes.indexOf(treated);
  if (schema.classes.length !== 2 || code < 0) {
    throw new InputError(
      "LABEL",
      `Labels are ${list(schema.classes.slice(0, 6))}, but need to be two, one of them of treated rows; name it: treated.`,
    );
  }
  const place = featuresOf(schema, "numeric").find(({ name, kind }) => name === String(outcome) && kind !== "ordinal")?.place;
  const outcomeOf = ({ numeric }: Dataset, i: number): number => numeric[i * schema.d + place!]!;
  if (place === undefined || labels.some((_, i) => Number.isNaN(outcomeOf(real, i)))) {
    throw new InputError("COLUMN", `outcome is ${show(outcome)}, but needs a numeric column without missing cells.`);
  }
  const correction = await correctionOf(data, making, partOf(run, 0, 2));
  const { data: rows, weights, parts } = correction.at(checkNumber("lambda", lambda, 0, 1));
  const all = read(unsealed(rows).data);
  // whatever the rows of the correction are labelled, they speak for the treated
  const arms = Float64Array.from(all.labels, (label, i) => +(i >= parts.reference || label === code));
  const study: Study = {
    real,
    all,
    place,
    outcomes: Float64Array.from(arms, (_, i) => outcomeOf(all, i)),
    arms,
    weights,
    added: parts.reference,
  };
  const [treatedArm, others] = [armOf(study, 1), armOf(study, 0)].map((own) => momentsOf(study.outcomes, own)) as [Moment, Moment];
  const errors = [0, 1].map(
    (arm) => momentsOf(study.outcomes, armOf(study, arm, n)).variance / Math.max(counts[arm ? code : 1 - code]! - 1, 1),
  );
  return {
    randomized: { effect: treatedArm.mean - others.mean, standardError: Math.sqrt(errors[0]! + errors[1]!) },
    naive: momentsOf(study.outcomes, armOf(study, 1, study.added)).mean - others.mean,
    ...(await adjusted(study, counts[code]!, partOf(run, 1, 2))),
    subsets: correction.subsets,
    notes: correction.notes,
  };
}

/** Real rows, those that were added, and those of the correction. */
interface Study {
  readonly real: Dataset;
  readonly all: Dataset;
  /** Of the outcome among the numeric columns. */
  readonly place: number;
  /** f64 (rows): outcomes, 1 for treated rows, and what rows count for. */
  readonly outcomes: Float64Array;
  readonly arms: Float64Array;
  readonly weights: Float64Array;
  /** Where the rows of the correction begin. */
  readonly added: number;
}

/** What the rows of an arm before `end` count for, and others not. */
function armOf({ arms, weights }: Study, arm: number, end = Infinity): Float64Array {
  return weights.map((weight, i) => (i < end && arms[i] === arm ? weight : 0));
}

type Moment = Readonly<Record<"mean" | "variance", number>>;

function momentsOf(values: Float64Array, weights: Float64Array): Moment {
  const total = weights.reduce((sum, weight) => sum + weight);
  const mean = dot(values, weights) / total;
  return { mean, variance: values.reduce((sum, value, i) => sum + weights[i]! * (value - mean) * (value - mean), 0) / total };
}

/** Augmented inverse propensity weighting. */
async function adjusted(study: Study, treated: number, run: Run): Promise<Pick<TreatmentEffect, "adjusted" | "propensities">> {
  const { real, all, outcomes, arms, added } = study;
  const { n } = real;
  const inputs = fitInputs(real, n, () => undefined).inputs.filter((input) => input.nominal || input.place !== study.place);
  const stride = strideOf(inputs);
  const X = new Float64Array(all.n * stride);
  moveCells(X, stride, cellsOf(inputs, all), standardMoves(inputs));
  const quiet = { ...run, onProgress: undefined };
  const lines = [1, 0].map((arm) => leastSquares(X, inputs.length + 1, stride, outcomes, armOf(study, arm), startWork(quiet, 1)));
  const [one, other] = (await Promise.all(lines)) as [Float64Array, Float64Array];
  const rows = (end: number): Matrix => ({ X: X.slice(0, end * stride), y: Array.from(arms.subarray(0, end)), columns: stride });
  const model = await logistic({ C: 1e4 }).fit(rows(added), {}, run);
  const { probabilities } = await model.predictProbability(rows(n), quiet);
  const share = treated / (added - n + treated);
  const propensities = new Float64Array(n);
  const terms = propensities.map((_, i) => {
    const chance = probabilities[2 * i + 1]! * share;
    const e = (propensities[i] = Math.min(Math.max(chance / (chance + probabilities[2 * i]!), CLIP), 1 - CLIP));
    const row = X.subarray(i * stride, i * stride + one.length);
    const [high, low] = [dot(one, row), dot(other, row)];
    return high - low + (arms[i] ? (outcomes[i]! - high) / e : (low - outcomes[i]!) / (1 - e));
  });
  const { mean, variance } = momentsOf(terms, new Float64Array(n).fill(1));
  return { adjusted: { effect: mean, standardError: Math.sqrt(variance / n) }, propensities };
}

/** The line of p numbers that makes Σ weight · (Y − line · row)² least, weights below 0 allowed; X: f64 (n, stride). */
export async function leastSquares(
  X: Float64Array,
  p: number,
  stride: number,
  Y: Float64Array,
  weights: Float64Array,
  work: Work,
): Promise<Float64Array> {
  const group = { p, stride, z: X, shares: weights };
  const [gram] = await grams(group, [Y.map(() => 1)], work);
  return times(inverse(gram!, p), meanOf(group, Y));
}
