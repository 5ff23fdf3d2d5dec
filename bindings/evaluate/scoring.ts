import { checkOneOf, isRecord, show } from "../check";
import type { Label } from "../contracts";
import { InputError } from "../errors";
import { averagePrecision, prAuc, rocAuc } from "./metrics/areas";
import { balancedAccuracy, matthewsCorrelation } from "./metrics/agreement";
import { expectedCalibrationError } from "./metrics/calibration";
import { gMean } from "./metrics/geometric";
import { balancedLogLoss, brier, logLoss } from "./metrics/losses";
import { fBeta, precision, sensitivity, specificity } from "./metrics/rates";
import { once, settle } from "./metrics/settled";

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

/** Metrics of predictions that look at all classes alike, of predictions that look at one class, and of probabilities. */
const OF_ALL = { balancedAccuracy, gMean, matthewsCorrelation };
const OF_LABELS = { fBeta, sensitivity, specificity, precision };
const OF_ORDER = { rocAuc, averagePrecision, prAuc };
const OF_PROBABILITIES = { logLoss, balancedLogLoss, brier, expectedCalibrationError };

/** A metric by its name, with the defaults of the function of that name. */
export type MetricName = keyof typeof OF_ALL | keyof typeof OF_LABELS | keyof typeof OF_ORDER | keyof typeof OF_PROBABILITIES;

const DEFAULT_METRICS = ["balancedAccuracy", "rocAuc", "averagePrecision", "logLoss", "balancedLogLoss", "brier", "gMean", "fBeta"];

type Metric = (labels: readonly Label[], told: never, options: object) => number;

function scorerOf(name: string): Scorer {
  const known: Readonly<Record<string, Metric>> = { ...OF_ALL, ...OF_LABELS, ...OF_ORDER, ...OF_PROBABILITIES };
  const metric = known[checkOneOf("metric", name, Object.keys(known))]!;
  return (rows) => {
    const { labels, classes, weights, positive } = rows;
    const ofScores = name in OF_ORDER || name in OF_PROBABILITIES;
    const told = name in OF_ORDER && classes.length === 2 ? chancesOf(rows) : ofScores ? rows.probabilities : rows.predictions;
    return metric(labels, told as never, name in OF_ALL ? { classes, weights } : { classes, weights, positive });
  };
}

/** The probabilities of the positive one of two classes, the same array for all metrics. */
const chancesOf = /* @__PURE__ */ once(({ probabilities, classes, positive }: ScoredRows): Float64Array => {
  const code = classes.indexOf(positive!);
  const column = new Float64Array(probabilities.length / 2);
  for (let i = 0; i < column.length; i++) column[i] = probabilities[2 * i + code]!;
  return settle(column);
});

/** The metrics asked for, by name. */
export function scorersOf(metrics: unknown): ReadonlyMap<string, Scorer> {
  const given = metrics ?? DEFAULT_METRICS;
  const entries: [string, unknown][] = Array.isArray(given)
    ? Array.from(given, (name: unknown) => [String(name), name])
    : isRecord(given)
      ? Object.entries(given)
      : [];
  if (entries.length === 0) {
    throw new InputError("OPTION", `metrics is ${show(metrics)}, but needs names, such as ["rocAuc", "brier"], or { name: function }.`);
  }
  return new Map(entries.map(([name, metric]) => [name, typeof metric === "function" ? (metric as Scorer) : scorerOf(metric as string)]));
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
