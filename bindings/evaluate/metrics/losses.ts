import type { Labels } from "../../contracts";
import { withMath } from "../../engine/math";
import { totalWeight } from "./given";
import { onlyContest, readProbabilities, type ScoreOptions, type Scored, type Scores } from "./scores";

/** The nearest that a probability comes to 0 or 1 before its logarithm is taken: 2⁻⁵², as in scikit-learn. */
export const LEAST_PROBABILITY = 2.220446049250313e-16;

/**
 * The mean squared difference of probability and outcome: 0 is best, 0.25 what a coin gives. Of more than two classes the squares of all are added, 0 to 2.
 * It sees calibration, which resampling spoils, and ranking at once. Source: Brier (1950), halved for two classes as is usual.
 *
 * @param labels n true labels.
 * @param probabilities n numbers for the positive class, or rows of one number for each class.
 * @throws {InputError} for probabilities outside 0 to 1, or rows that do not add up to 1.
 */
export function brier(labels: Labels, probabilities: Scores, options: ScoreOptions = {}): number {
  const scored = readProbabilities("brier", labels, probabilities, options, []);
  const { codes, rows, n, classes } = scored;
  const squares = new Float64Array(n);
  if (!rows || options.positive !== undefined) {
    const { code, scores } = onlyContest("brier", scored, options.positive);
    for (let i = 0; i < n; i++) squares[i] = squared(scores[i]!, codes[i] === code);
  } else {
    const c = classes.length;
    for (let i = 0; i < n; i++)
      for (let own = 0; own < c; own++) squares[i]! += squared(rows[i * c + own]!, codes[i] === own) / (c < 3 ? 2 : 1);
  }
  return meanOf(squares, scored);
}

/**
 * Minus the mean logarithm of the probability that was given to what came true. A probability of 0 counts as 2⁻⁵². Also called cross-entropy.
 *
 * @param probabilities as `brier`.
 * @throws {InputError} as `brier`.
 */
export function logLoss(labels: Labels, probabilities: Scores, options: ScoreOptions = {}): number {
  const scored = readProbabilities("logLoss", labels, probabilities, options, []);
  return meanOf(surprises("logLoss", scored, options), scored);
}

/**
 * The mean over classes of each one's log loss: that of a table in which all classes weigh the same. Classes without rows are left out. A model is
 * rewarded for probabilities that fit such a table, so correct them for the prior before or after, not both.
 *
 * @param probabilities as `brier`.
 * @throws {InputError} as `brier`.
 */
export function balancedLogLoss(labels: Labels, probabilities: Scores, options: ScoreOptions = {}): number {
  const scored = readProbabilities("balancedLogLoss", labels, probabilities, options, []);
  const losses = surprises("balancedLogLoss", scored, options);
  return meanByClass(losses, scored);
}

/** The mean over classes that weigh something of the mean of their rows. */
export function meanByClass(values: Float64Array, { codes, classes, weights }: Pick<Scored, "codes" | "classes" | "weights">): number {
  const sums = new Float64Array(classes.length);
  const totals = new Float64Array(classes.length);
  for (let i = 0; i < values.length; i++) {
    const weight = weights ? weights[i]! : 1;
    sums[codes[i]!]! += weight * values[i]!;
    totals[codes[i]!]! += weight;
  }
  const present = [...totals.keys()].filter((code) => totals[code]! > 0);
  return present.reduce((sum, code) => sum + sums[code]! / totals[code]!, 0) / present.length;
}

function squared(probability: number, isTrue: boolean): number {
  const apart = isTrue ? 1 - probability : probability;
  return apart * apart;
}

/** (n) ← minus the logarithm of what each row's own label was given. */
function surprises(where: string, scored: Scored, { positive }: ScoreOptions): Float64Array {
  const { codes, rows, n, classes } = scored;
  const given = new Float64Array(n);
  if (!rows || positive !== undefined) {
    const { code, scores } = onlyContest(where, scored, positive);
    for (let i = 0; i < n; i++) given[i] = codes[i] === code ? scores[i]! : 1 - scores[i]!;
  } else {
    for (let i = 0; i < n; i++) given[i] = rows[i * classes.length + codes[i]!]!;
  }
  return withMath(({ log }) => {
    for (let i = 0; i < n; i++) given[i] = -log(within(given[i]!));
    return given;
  });
}

/** Kept off 0 and 1. */
export function within(probability: number): number {
  return Math.min(Math.max(probability, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY);
}

function meanOf(values: Float64Array, scored: Scored): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (scored.weights ? scored.weights[i]! : 1) * values[i]!;
  return sum / totalWeight(scored);
}
