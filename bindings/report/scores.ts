import type { Data, Label } from "../contracts";
import { read } from "../data/read";
import { compareScores, scoreInterval } from "../evaluate/compare";
import type { CrossValidation } from "../evaluate/crossValidate";
import { counted, digits, table } from "./html";
import { intervalChart } from "./intervals";
import type { Predictions } from "./predictions";

/** Metrics with a chart; a table has all. */
const MOST_METRICS = 4;
const LEVEL = 0.95;
const LOSSES = ["logLoss", "balancedLogLoss", "brier", "expectedCalibrationError"];

/** Scores of candidates, a chart for each of the first metrics. */
export function scoreCharts({ metrics, candidates, folds }: CrossValidation): string[] {
  return metrics.slice(0, MOST_METRICS).map((metric) =>
    intervalChart(
      metric,
      LOSSES.includes(metric) ? `${metric}, lower is better` : metric,
      candidates.map((candidate) => {
        const { mean, low, high } = scoreInterval(candidate, metric, folds, LEVEL);
        return { name: candidate.name, value: mean, low, high, remark: mean === null ? "no score" : undefined };
      }),
      { notes: [`Means over ${counted(folds.length, "fold")} with 95 % intervals, corrected for training parts that overlap.`] },
    ),
  );
}

/** All scores, and how candidates differ from the first by the first metric. */
export function scoreTables(evaluated: CrossValidation): string {
  const { metrics, candidates, folds } = evaluated;
  const all = table({
    head: ["candidate", ...metrics, "failed folds"],
    rows: candidates.map(({ name, mean, errors }) => [
      name,
      ...metrics.map((metric) => (mean[metric] === null ? "–" : digits(mean[metric]!))),
      String(errors.filter((error) => error !== null).length),
    ]),
  });
  if (candidates.length < 2 || folds.length < 2) return all;
  const { metric, baseline, candidates: compared } = compareScores(evaluated, { level: LEVEL });
  const written = (value: number | null): string => (value === null ? "–" : digits(value));
  const differences = table({
    head: ["candidate", `${metric} less that of ${baseline}`, "from", "to", "p-value (Holm)"],
    rows: compared.map(({ name, mean, low, high, adjusted }) => [name, ...[mean, low, high, adjusted].map(written)]),
  });
  return all + differences;
}

/** Notes of candidates, each once, with the names of those that it is about unless it is about all; and why folds failed. */
export function candidateNotes({ candidates, folds }: CrossValidation): string[] {
  const whose = new Map<string, string[]>();
  for (const { name, notes } of candidates) for (const note of notes) whose.set(note, [...(whose.get(note) ?? []), name]);
  const failures = candidates.flatMap(({ name, errors }) => {
    const failed = errors.filter((error) => error !== null);
    return failed.length ? [`${name} failed in ${failed.length} of ${folds.length} folds: ${failed[0]}`] : [];
  });
  const shared = [...whose].map(([note, names]) => (names.length === candidates.length ? note : `${names.join(", ")}: ${note}`));
  return [...shared, ...failures];
}

/**
 * What candidates of a cross-validation said of rows that they did not learn from, for the curves of `report`. Rows that some candidate was never asked about are left out.
 * @param data what was handed to `crossValidate`.
 */
export function outOfFold(data: Data, { candidates, labels: classes, positive }: CrossValidation): Predictions {
  const { labels, schema } = read(data);
  const asked = candidates.filter(({ tested }) => tested.some((times) => times > 0));
  const rows = Array.from(labels.keys()).filter((i) => asked.every(({ tested }) => tested[i]! > 0));
  const c = classes.length;
  const among = (probabilities: Float64Array): Float64Array =>
    Float64Array.from({ length: rows.length * c }, (_, at) => probabilities[rows[Math.floor(at / c)]! * c + (at % c)]!);
  return {
    labels: rows.map((i): Label => schema.classes[labels[i]!]!),
    classes,
    positive: positive ?? undefined,
    probabilities: Object.fromEntries(asked.map(({ name, probabilities }) => [name, among(probabilities)])),
  };
}
