import { checkOneOf, isRecord, show } from "../check";
import type { Label } from "../contracts";
import { InputError } from "../errors";
import { averagePrecision, prAuc, rocAuc } from "./metrics/areas";
import { balancedAccuracy, matthewsCorrelation } from "./metrics/agreement";
import { expectedCalibrationError } from "./metrics/calibration";
import { gMean } from "./metrics/geometric";
import { balancedLogLoss, brier, logLoss } from "./metrics/losses";
import { fBeta, precision, sensitivity, specificity } from "./metrics/rates";

/** Rows that a model did not learn from, and what it says of them. */
export interface ScoredRows {
  /** u32 (m): their numbers in the data. */
  readonly rows: Uint32Array;
  readonly labels: readonly Label[];
  readonly predictions: readonly Label[];
  /** f64 (m, classes), row-major. */
  readonly probabilities: Float64Array;
  /** Labels that occur in all of the data, sorted. */
  readonly classes: readonly Label[];
  readonly positive: Label | undefined;
  /** f64 (m), of the table's weight column. */
  readonly weights: Float64Array | undefined;
}

/** One number for such rows. */
export type Scorer = (scored: ScoredRows) => number;

type Common = Pick<ScoredRows, "classes" | "weights">;
type Metric<P> = (labels: readonly Label[], predicted: P, options: Common & { readonly positive?: Label | undefined }) => number;

const ofLabels =
  (metric: Metric<readonly Label[]>): Scorer =>
  ({ labels, predictions, classes, weights, positive }) =>
    metric(labels, predictions, { classes, weights, positive });
const ofProbabilities =
  (metric: Metric<Float64Array>): Scorer =>
  ({ labels, probabilities, classes, weights, positive }) =>
    metric(labels, probabilities, { classes, weights, positive });
/** Metrics that look at all classes alike. */
const ofAll =
  (metric: Metric<readonly Label[]>): Scorer =>
  ({ labels, predictions, classes, weights }) =>
    metric(labels, predictions, { classes, weights });

/* Made when asked for: made on import, they would be in every bundle. */
const scorers = () =>
  ({
    balancedAccuracy: ofAll(balancedAccuracy),
    rocAuc: ofProbabilities(rocAuc),
    averagePrecision: ofProbabilities(averagePrecision),
    logLoss: ofProbabilities(logLoss),
    balancedLogLoss: ofProbabilities(balancedLogLoss),
    brier: ofProbabilities(brier),
    gMean: ofAll(gMean),
    fBeta: ofLabels(fBeta),
    matthewsCorrelation: ofAll(matthewsCorrelation),
    sensitivity: ofLabels(sensitivity),
    specificity: ofLabels(specificity),
    precision: ofLabels(precision),
    prAuc: ofProbabilities(prAuc),
    expectedCalibrationError: ofProbabilities(expectedCalibrationError),
  }) as const;

/** A metric by its name, with the defaults of the function of that name. */
export type MetricName = keyof ReturnType<typeof scorers>;

/** How many of them are computed unless told which. */
const DEFAULT_METRICS = 8;

/** Metrics of which less is better. */
export const LOSSES: readonly string[] = ["logLoss", "balancedLogLoss", "brier", "expectedCalibrationError"];

/** The metrics asked for, by name. */
export function scorersOf(metrics: unknown): ReadonlyMap<string, Scorer> {
  const known = scorers();
  const names = Object.keys(known) as MetricName[];
  const given = metrics ?? names.slice(0, DEFAULT_METRICS);
  const entries: [string, unknown][] = Array.isArray(given)
    ? given.map((name) => [String(name), name])
    : isRecord(given)
      ? Object.entries(given)
      : [];
  if (entries.length === 0) {
    throw new InputError("OPTION", `metrics is ${show(metrics)}, but needs names, such as ["rocAuc", "brier"], or { name: function }.`);
  }
  return new Map(
    entries.map(([name, metric]) => [name, typeof metric === "function" ? (metric as Scorer) : known[checkOneOf("metric", metric, names)]]),
  );
}

/** Mean and sample standard deviation of the scores there are; null where there are none, or one alone. */
export function momentsOf(scores: readonly (number | null)[]): { mean: number | null; sd: number | null } {
  const known = scores.filter((score) => score !== null);
  const count = known.length;
  if (count === 0) return { mean: null, sd: null };
  const mean = known.reduce((sum, score) => sum + score, 0) / count;
  const squares = known.reduce((sum, score) => sum + (score - mean) * (score - mean), 0);
  return { mean, sd: count > 1 ? Math.sqrt(squares / (count - 1)) : null };
}
