import { checkNumber, checkOptions, list, show } from "../check";
import type { Data, Label, Run } from "../contracts";
import { countsOf, featuresOf, type Dataset } from "../data/dataset";
import { read } from "../data/read";
import { unsealed } from "../data/weighted";
import { withInstanceNow } from "../engine/lease";
import { stats } from "../engine/stats";
import { InputError } from "../errors";
import { logistic } from "../learn/logistic";
import { cellsOf, fitInputs, moveCells, standardMoves } from "../learn/preprocess";
import { checkThreads } from "../run/job";
import { checkRun, partOf } from "../run/work";
import { CORRECTION_OPTIONS, correctionOf, type CorrectionOptions } from "./correction";

export interface TreatmentOptions extends Omit<CorrectionOptions, "tasks"> {
  /** The numeric column that was measured after treatment, by name, or number of a matrix. */
  readonly outcome: string | number;
  /** The label of treated rows. Default: the rarer of the two. */
  readonly treated?: Label | undefined;
  /** How much of the estimated bias is taken away, 0 to 1. Default 1. */
  readonly lambda?: number | undefined;
}

/** An average and its standard error. */
export interface Effect {
  readonly effect: number;
  readonly standardError: number;
}

export interface TreatmentEffect {
  /** Where treatment was assigned at random: the mean outcome of treated rows, real, synthetic and corrected ones, less that of the others. Its standard error is that of the real rows. */
  readonly randomized: Effect;
  /** The same without a correction. */
  readonly naive: number;
  /** Where treatment depends on the other columns: augmented inverse propensity weighting over the real rows. */
  readonly adjusted: Effect;
  /** f64 (n): the probability of treatment, from 0.01 to 0.99, corrected for the rows that were added. */
  readonly propensities: Float64Array;
  readonly subsets: number;
  readonly notes: readonly string[];
}

/** Propensities are kept from 0 and 1 by so much. */
const CLIP = 0.01;
/** Share of the largest second moment that keeps collinear columns apart. */
const RIDGE = 1e-10;

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
  const Y = Float64Array.from({ length: all.n }, (_, i) => outcomeOf(all, i));
  const added = parts.reference;
  // whatever the rows of the correction are labelled, they speak for the treated
  const arms = Float64Array.from(all.labels, (label, i) => +(i >= added || label === code));
  const arm = (one: number, end = all.n): Float64Array => weights.map((weight, i) => (i < end && arms[i] === one ? weight : 0));
  const [mean1, mean0] = [meanOf(Y, arm(1)), meanOf(Y, arm(0))];
  const squares = [0, 1].map((one) => {
    const own = arm(one, n);
    const mean = meanOf(Y, own);
    const m = counts[one === 1 ? code : 1 - code]!;
    return (
      meanOf(
        Y.map((value) => (value - mean) * (value - mean)),
        own,
      ) / Math.max(m - 1, 1)
    );
  });

  const inputs = fitInputs(real, real.n, () => undefined).inputs.filter((input) => input.nominal || input.place !== place);
  const width = 2 * Math.ceil((inputs.length + 1) / 2);
  const X = new Float64Array((all.n + 1) * width);
  moveCells(X.subarray(0, all.n * width), width, cellsOf(inputs, all), standardMoves(inputs));
  const [line1, line0] = [leastSquares(X, width, Y, arm(1)), leastSquares(X, width, Y, arm(0))];
  const covariates = { X: X.slice(0, added * width), y: [...arms.subarray(0, added)], columns: width };
  const model = await logistic({ C: 1e4 }).fit(covariates, {}, partOf(run, 1, 2));
  const { probabilities } = await model.predictProbability({ X: X.slice(0, n * width), columns: width }, { ...run, onProgress: undefined });
  const share = counts[code]! / (added - n + counts[code]!);
  const propensities = new Float64Array(n);
  const terms = Float64Array.from({ length: n }, (_, i) => {
    const odds = [probabilities[2 * i]!, probabilities[2 * i + 1]! * share] as const;
    const e = (propensities[i] = Math.min(Math.max(odds[1] / (odds[0] + odds[1]), CLIP), 1 - CLIP));
    const [one, other] = [line1, line0].map((line) => line.reduce((sum, value, c) => sum + value * X[i * width + c]!, 0)) as [
      number,
      number,
    ];
    return one - other + (arms[i] ? (Y[i]! - one) / e : (other - Y[i]!) / (1 - e));
  });
  const whole = new Float64Array(n).fill(1);
  const effect = meanOf(terms, whole);
  const spread = meanOf(
    terms.map((term) => (term - effect) * (term - effect)),
    whole,
  );
  return {
    randomized: { effect: mean1 - mean0, standardError: Math.sqrt(squares[0]! + squares[1]!) },
    naive: meanOf(Y, arm(1, added)) - mean0,
    adjusted: { effect, standardError: Math.sqrt(spread / n) },
    propensities,
    subsets: correction.subsets,
    notes: correction.notes,
  };
}

function meanOf(values: Float64Array, weights: Float64Array): number {
  let [sum, total] = [0, 0];
  weights.forEach((weight, i) => {
    sum += weight * values[i]!;
    total += weight;
  });
  return sum / total;
}

/** The line that makes Σ weight · (Y − line · row)² least, weights below 0 allowed; X: f64 (n + 1, width), the last row 0, width even. */
export function leastSquares(X: Float64Array, width: number, Y: Float64Array, weights: Float64Array): Float64Array {
  const n = Y.length;
  return withInstanceNow(stats, ({ kernels, arena }) =>
    arena.scope(() => {
      const gram = arena.put(new Float64Array(width * width));
      const factors = arena.put(Float64Array.from({ length: n + 1 }, (_, i) => weights[i] ?? 0));
      kernels.add_gram(gram, arena.put(X), factors, width, 0, n);
      const right = new Float64Array(width);
      for (let i = 0; i < n; i++) for (let c = 0; c < width; c++) right[c]! += weights[i]! * Y[i]! * X[i * width + c]!;
      const at = arena.put(right);
      const view = arena.view(Float64Array, gram, width * width);
      let largest = 0;
      for (let c = 0; c < width; c++) largest = Math.max(largest, Math.abs(view[c * width + c]!));
      for (let a = 0; a < width; a++) {
        view[a * width + a]! += RIDGE * (largest || 1);
        for (let b = 0; b < a; b++) view[a * width + b] = view[b * width + a]!;
      }
      if (!kernels.factor_cholesky(gram, width)) {
        throw new InputError("OPTION", "The corrected squares have no least sum; use a smaller lambda.");
      }
      kernels.solve_cholesky(at, gram, width);
      return arena.take(Float64Array, at, width);
    }),
  );
}
