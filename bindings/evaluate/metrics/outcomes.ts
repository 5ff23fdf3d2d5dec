import { totalWeight, type Pairs } from "./given";

/** What became of the rows when one class is held against the rest; numbers or weights of rows. */
export interface Outcomes {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/** Weights of rows by class (classes): predicted rightly, having the label, predicted to have it. */
export interface ClassCounts {
  readonly right: Float64Array;
  readonly actual: Float64Array;
  readonly predicted: Float64Array;
  readonly total: number;
}

export function classCounts(pairs: Pairs): ClassCounts {
  const { classes, codes, predicted: guesses, weights } = pairs;
  const [right, actual, predicted] = [0, 0, 0].map(() => new Float64Array(classes.length)) as [Float64Array, Float64Array, Float64Array];
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    const guess = guesses[i]!;
    const weight = weights ? weights[i]! : 1;
    actual[code]! += weight;
    predicted[guess]! += weight;
    if (code === guess) right[code]! += weight;
  }
  return { right, actual, predicted, total: totalWeight(pairs) };
}

/** The outcomes of one class against the rest; a code behind the last is a class that no row has. */
export function outcomesOf({ right, actual, predicted, total }: ClassCounts, code: number): Outcomes {
  const truePositives = right[code] ?? 0;
  const falsePositives = (predicted[code] ?? 0) - truePositives;
  const falseNegatives = (actual[code] ?? 0) - truePositives;
  // sums of weights may round to a little less than nothing
  const trueNegatives = Math.max(0, total - (actual[code] ?? 0) - falsePositives);
  return { truePositives, falsePositives, falseNegatives, trueNegatives };
}

/** The sum over classes: every row once for each class. */
export function pooled(counts: ClassCounts): Outcomes {
  const sum = { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 };
  for (let code = 0; code < counts.actual.length; code++) {
    const own = outcomesOf(counts, code);
    sum.truePositives += own.truePositives;
    sum.falsePositives += own.falsePositives;
    sum.falseNegatives += own.falseNegatives;
    sum.trueNegatives += own.trueNegatives;
  }
  return sum;
}

/* Scores of outcomes. NaN where the denominator is 0: what that means is decided by `zeroDivision`. */

export function sensitivityOf({ truePositives, falseNegatives }: Outcomes): number {
  return truePositives / (truePositives + falseNegatives);
}

export function specificityOf({ trueNegatives, falsePositives }: Outcomes): number {
  return trueNegatives / (trueNegatives + falsePositives);
}

export function precisionOf({ truePositives, falsePositives }: Outcomes): number {
  return truePositives / (truePositives + falsePositives);
}

/** (1 + β²) · precision · sensitivity / (β² · precision + sensitivity), written so that it is 0 and not 0 / 0 where nothing was found. */
export function fBetaOf({ truePositives, falsePositives, falseNegatives }: Outcomes, beta: number): number {
  const square = beta * beta;
  const found = (1 + square) * truePositives;
  return found / (found + square * falseNegatives + falsePositives);
}

/**
 * Correlation of label and prediction from shares of all rows: how many agree, Σ actual · predicted, Σ actual², Σ predicted² over the classes. 0 where either
 * has one value only.
 */
export function correlation(agreeing: number, together: number, actual: number, predicted: number): number {
  const spread = (1 - actual) * (1 - predicted);
  return spread > 0 ? (agreeing - together) / Math.sqrt(spread) : 0;
}
