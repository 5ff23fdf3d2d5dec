import { show } from "../check";
import { correctedMean, holm, pValueOf } from "../evaluate/compare";
import type { Fold } from "../evaluate/folds";

/** Of ranking, of probabilities, and of decisions. */
export type AdviceMetric = "averagePrecision" | "logLoss" | "balancedAccuracy";

export const ADVICE_METRICS: readonly AdviceMetric[] = ["averagePrecision", "logLoss", "balancedAccuracy"];

/** One number for each division; null where there is none. */
export type Scores = Readonly<Record<AdviceMetric, readonly (number | null)[]>>;

/** A candidate held against the best of what needs no new rows. Differences are above 0 where the candidate is better, of losses too. */
export interface Against {
  /** The simple row that it is held against: the best by this metric. */
  readonly simple: string;
  readonly difference: number | null;
  /** Corrected for training parts that overlap (Nadeau, Bengio, 2003). */
  readonly low: number | null;
  readonly high: number | null;
  /** Two-sided, adjusted by Holm for the number of candidates. */
  readonly pValue: number | null;
  /** `"equivalent"`: the whole interval is within the margin. `"cannot tell"`: it is not, or there is too little to judge by. */
  readonly verdict: "better" | "worse" | "equivalent" | "cannot tell";
  /** The verdict in a sentence. */
  readonly because: string;
}

export interface Contestant {
  readonly name: string;
  readonly scores: Scores;
}

/** How verdicts are found. */
export interface Bench {
  readonly divisions: readonly Fold[];
  readonly level: number;
  readonly margin: number;
  /** Why nothing can be told, whatever the numbers are. */
  readonly unsure: string | null;
}

const WORDS: Readonly<Record<AdviceMetric, string>> = {
  averagePrecision: "average precision",
  logLoss: "log loss",
  balancedAccuracy: "balanced accuracy",
};

/** In words. */
export function wordsOf(metric: AdviceMetric): string {
  return WORDS[metric];
}

export function meanScore(scores: readonly (number | null)[]): number | null {
  const known = scores.filter((score) => score !== null);
  return known.length ? known.reduce((sum, score) => sum + score, 0) / known.length : null;
}

/** The best by a metric, of equal ones the first; undefined where none has a score. */
export function bestOf<C extends Contestant>(rows: readonly C[], metric: AdviceMetric): C | undefined {
  const sign = metric === "logLoss" ? -1 : 1;
  let best: C | undefined;
  let highest = -Infinity;
  for (const row of rows) {
    const mean = meanScore(row.scores[metric]);
    if (mean === null || !(sign * mean > highest)) continue;
    highest = sign * mean;
    best = row;
  }
  return best;
}

/** Every candidate against the best simple row. */
export function against(candidates: readonly Contestant[], simple: Contestant, metric: AdviceMetric, bench: Bench): Against[] {
  const sign = metric === "logLoss" ? -1 : 1;
  const found = candidates.map(({ scores }) =>
    correctedMean(
      scores[metric].map((score, s) => {
        const other = simple.scores[metric][s];
        return score === null || other == null ? null : sign * (score - other);
      }),
      bench.divisions,
      bench.level,
    ),
  );
  const pValues = holm(found.map(pValueOf));
  return found.map((own, c) => {
    const { name, scores } = candidates[c]!;
    const { verdict, because } = judged(own, pValues[c]!, scores[metric].includes(null), bench);
    const by = `by ${WORDS[metric]}`;
    const size = own.mean === null ? "" : ` (${signed(own.mean)}${own.low === null ? "" : `, ${signed(own.low)} to ${signed(own.high!)}`})`;
    const sentence = {
      better: `${name} is better than ${simple.name} ${by}${size}.`,
      worse: `${name} is worse than ${simple.name} ${by}${size}.`,
      equivalent: `${name} is as good as ${simple.name} ${by}, to within ${show(bench.margin)}${size}.`,
      "cannot tell": `Whether ${name} is better than ${simple.name} ${by} cannot be told${size}${because}.`,
    }[verdict];
    return { simple: simple.name, difference: own.mean, low: own.low, high: own.high, pValue: pValues[c]!, verdict, because: sentence };
  });
}

function judged(
  { mean, low, high }: ReturnType<typeof correctedMean>,
  pValue: number | null,
  failed: boolean,
  { level, margin, unsure }: Bench,
): { readonly verdict: Against["verdict"]; readonly because: string } {
  if (failed) return { verdict: "cannot tell", because: ": it failed in some divisions" };
  if (unsure) return { verdict: "cannot tell", because: `: ${unsure}` };
  if (mean === null || low === null || high === null || pValue === null)
    return { verdict: "cannot tell", because: ": there are too few divisions" };
  if (pValue < 1 - level && low > 0) return { verdict: "better", because: "" };
  if (pValue < 1 - level && high < 0) return { verdict: "worse", because: "" };
  if (low > -margin && high < margin) return { verdict: "equivalent", because: "" };
  return { verdict: "cannot tell", because: "" };
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(4)}`;
}
