import { checkOneOf, checkOptions, show } from "../../check";
import type { Labels } from "../../contracts";
import { InputError } from "../../errors";
import { rankedContest } from "./curves";
import { correlation, fBetaOf, sensitivityOf, specificityOf, type Outcomes } from "./outcomes";
import { onlyContest, readProbabilities, type ScoreOptions, type Scores } from "./scores";

/** What each outcome costs; a gain is negative. */
export interface Costs {
  readonly falsePositive: number;
  readonly falseNegative: number;
  /** Default 0. */
  readonly truePositive?: number | undefined;
  /** Default 0. */
  readonly trueNegative?: number | undefined;
}

export type ThresholdMetric = "f1" | "gMean" | "balancedAccuracy" | "matthewsCorrelation";

/** Give one of `metric`, `costs` and `recall`. */
export interface ThresholdOptions extends ScoreOptions {
  /** What is to be highest: a name, or a function of outcomes. Youden's index has the threshold of `"balancedAccuracy"`. */
  readonly metric?: ThresholdMetric | ((outcomes: Outcomes) => number) | undefined;
  /** The mean cost of a row is to be lowest. */
  readonly costs?: Costs | undefined;
  /** The share of positive rows that must be found, above 0 and at most 1; the highest threshold that finds it. */
  readonly recall?: number | undefined;
}

export interface ChosenThreshold {
  /** Take a row for positive if its probability is at least this: 0 always, just above 1 never. */
  readonly threshold: number;
  /** The metric, the mean cost or the recall there. */
  readonly value: number;
  readonly outcomes: Outcomes;
}

const METRICS: Readonly<Record<ThresholdMetric, (outcomes: Outcomes) => number>> = {
  f1: (outcomes) => (outcomes.truePositives > 0 ? fBetaOf(outcomes, 1) : 0),
  gMean: (outcomes) => Math.sqrt(sensitivityOf(outcomes) * specificityOf(outcomes)),
  balancedAccuracy: (outcomes) => (sensitivityOf(outcomes) + specificityOf(outcomes)) / 2,
  matthewsCorrelation: matthewsOf,
};
const COSTS = ["falsePositive", "falseNegative", "truePositive", "trueNegative"] as const;
/** The next number above 1, which no probability reaches. */
export const NEVER = 1.0000000000000002;

/**
 * The threshold that is best on these rows. Often it does what adding rows is meant to do, and leaves probabilities as they are. Choose it on rows that the
 * model was not trained on, and report on others. Thresholds lie halfway between neighboring probabilities; of equally good ones the highest is taken. For
 * calibrated probabilities and costs no rows are needed: it is (FP − TN) / (FP − TN + FN − TP) (Elkan, 2001).
 *
 * @param labels n true labels.
 * @param probabilities n numbers for the positive class, or rows of one number for each class.
 * @throws {InputError} unless one of `metric`, `costs` and `recall` is given, and rows of both classes.
 */
export function chooseThreshold(labels: Labels, probabilities: Scores, options: ThresholdOptions): ChosenThreshold {
  const where = "chooseThreshold";
  const scored = readProbabilities(where, labels, probabilities, options ?? {}, ["metric", "costs", "recall"]);
  const aim = aimOf(options ?? {});
  const { code, scores } = onlyContest(where, scored, options.positive);
  const { thresholds, truePositives, falsePositives } = rankedContest(where, scored, code, scores, true);
  const last = thresholds.length - 1;
  const outcomesAt = (i: number): Outcomes => {
    const [found, alarms] = i < 0 ? [0, 0] : [truePositives[i]!, falsePositives[i]!];
    return {
      truePositives: found,
      falsePositives: alarms,
      falseNegatives: truePositives[last]! - found,
      trueNegatives: falsePositives[last]! - alarms,
    };
  };
  let [best, highest] = [-1, -Infinity];
  for (let i = -1; i <= last; i++) {
    const gain = aim.gain(outcomesAt(i));
    if (typeof gain !== "number" || gain !== gain)
      throw new InputError(
        "OPTION",
        `metric returned ${show(gain)}, but needs to return a number, also where nothing is taken for positive.`,
      );
    if (gain > highest) [best, highest] = [i, gain];
  }
  const outcomes = outcomesAt(best);
  return {
    threshold: best < 0 ? NEVER : best === last ? 0 : between(thresholds[best + 1]!, thresholds[best]!),
    value: aim.value(outcomes),
    outcomes,
  };
}

/** What is to be highest, and what is told of it. */
interface Aim {
  readonly gain: (outcomes: Outcomes) => number;
  readonly value: (outcomes: Outcomes) => number;
}

function aimOf({ metric, costs, recall }: ThresholdOptions): Aim {
  const given = [metric, costs, recall].filter((aim) => aim !== undefined).length;
  if (given !== 1) {
    throw new InputError("OPTION", `chooseThreshold was given ${given} of metric, costs and recall, but needs one, such as metric: "f1".`);
  }
  if (costs !== undefined) {
    const cost = meanCost(costs);
    return { gain: (outcomes) => -cost(outcomes), value: cost };
  }
  if (recall !== undefined) {
    if (typeof recall !== "number" || !(recall > 0 && recall <= 1)) {
      throw new InputError("OPTION", `recall is ${show(recall)}, but needs a share above 0 and at most 1.`);
    }
    return { gain: (outcomes) => (sensitivityOf(outcomes) >= recall ? 1 : 0), value: sensitivityOf };
  }
  const score = typeof metric === "function" ? metric : METRICS[checkOneOf("metric", metric, Object.keys(METRICS) as ThresholdMetric[])];
  return { gain: score, value: score };
}

function meanCost(costs: Costs): (outcomes: Outcomes) => number {
  checkOptions("costs", costs, COSTS);
  const [falsePositive, falseNegative, truePositive, trueNegative] = COSTS.map((name, at) => {
    const cost = costs[name] ?? (at < 2 ? undefined : 0);
    if (typeof cost === "number" && cost - cost === 0) return cost;
    throw new InputError(
      "OPTION",
      `costs.${name} is ${show(cost)}, but needs a finite number; try { falsePositive: 1, falseNegative: 10 }.`,
    );
  }) as [number, number, number, number];
  return (outcomes) => {
    const total = outcomes.truePositives + outcomes.falsePositives + outcomes.falseNegatives + outcomes.trueNegatives;
    const wrong = (falsePositive * outcomes.falsePositives) / total + (falseNegative * outcomes.falseNegatives) / total;
    return wrong + (truePositive * outcomes.truePositives) / total + (trueNegative * outcomes.trueNegatives) / total;
  };
}

function matthewsOf({ truePositives, falsePositives, falseNegatives, trueNegatives }: Outcomes): number {
  const total = truePositives + falsePositives + falseNegatives + trueNegatives;
  const actual = (truePositives + falseNegatives) / total;
  const predicted = (truePositives + falsePositives) / total;
  const pair = (a: number, b: number): number => a * b + (1 - a) * (1 - b);
  return correlation((truePositives + trueNegatives) / total, pair(actual, predicted), pair(actual, actual), pair(predicted, predicted));
}

/** Halfway, but above the lower one also where there is no number between. */
function between(lower: number, upper: number): number {
  const middle = (lower + upper) / 2;
  return middle > lower ? middle : upper;
}
