import type { Labels } from "../../contracts";
import { withMath } from "../../engine/math";
import { InputError } from "../../errors";
import { within } from "./losses";
import { isOf, onlyContest, readProbabilities, type ScoreOptions, type Scores } from "./scores";

export interface CalibrationSlope {
  /** 1 is calibrated; below, probabilities are too extreme. */
  readonly slope: number;
  /** Log-odds of the outcome where probability 0.5 was given; 0 is calibrated. */
  readonly intercept: number;
  /** Whether one threshold parts the classes, so that the likeliest slope is infinite and a penalized one is given. */
  readonly separated: boolean;
}

/** (n) each: log-odds given, 1 where it came true, weight. */
interface Rows {
  readonly x: Float64Array;
  readonly came: Uint8Array;
  readonly weights: Float64Array;
}

/** Log-likelihood at a line, its gradient (2) and information (3: intercepts, both, slopes). */
interface Likelihood {
  readonly value: number;
  readonly gradient: readonly [number, number];
  readonly information: readonly [number, number, number];
}

// with the penalty steps are those of the plain likelihood, which may come near slowly where rows are few
const MOST_STEPS = 2000;
const MOST_HALVES = 40;

/**
 * Slope and intercept of the logistic regression of outcomes on the log-odds of the probabilities: what would have to be done to them to calibrate them. Where a
 * threshold separates the classes, the likeliest slope is infinite; then the likelihood is penalized by the root of the information, which
 * keeps it finite, and `separated` says so. Probabilities of 0 and 1 count as 2⁻⁵² and 1 − 2⁻⁵². Sources: Cox (1958); Firth (1993) for the penalty.
 *
 * @param labels n true labels.
 * @param probabilities n numbers for the positive class, or rows of one number for each class.
 * @throws {InputError} where all rows are of one class, or all probabilities are the same.
 */
export function calibrationSlope(labels: Labels, probabilities: Scores, options: ScoreOptions = {}): CalibrationSlope {
  const where = "calibrationSlope";
  const scored = readProbabilities(where, labels, probabilities, options, []);
  const { code, scores } = onlyContest(where, scored, options.positive);
  const came = isOf(scored, code);
  const weights = scored.weights ?? new Float64Array(scored.n).fill(1);
  const x = withMath(({ log }) => scores.map((p) => log(within(p)) - log(1 - within(p))));
  const separated = isSeparated({ x, came, weights });
  const center = mean(x, weights);
  const [height, slope] = fit({ x: x.map((value) => value - center), came, weights }, separated);
  return { slope, intercept: height - slope * center, separated };
}

/** Whether one class ends where the other begins. */
function isSeparated({ x, came, weights }: Rows): boolean {
  const [lows, highs] = [[Infinity, Infinity] as [number, number], [-Infinity, -Infinity] as [number, number]];
  for (let i = 0; i < x.length; i++) {
    if (weights[i] === 0) continue;
    const side = came[i] as 0 | 1;
    lows[side] = Math.min(lows[side], x[i]!);
    highs[side] = Math.max(highs[side], x[i]!);
  }
  if (lows[0] > highs[0] || lows[1] > highs[1]) {
    throw new InputError("DATA", "calibrationSlope compares two classes, but all rows are of one (or weigh nothing); give rows of both.");
  }
  if (Math.min(...lows) === Math.max(...highs)) {
    throw new InputError(
      "DATA",
      "calibrationSlope has no slope, because all probabilities are the same; compare their mean with the share of the class.",
    );
  }
  return lows[1] >= highs[0] || highs[1] <= lows[0];
}

/** Height at x = 0 and slope, by Newton's method; a step that makes it less likely is halved. */
function fit(rows: Rows, penalized: boolean): [height: number, slope: number] {
  let [height, slope] = [0, 0];
  let here = likelihood(rows, height, slope, penalized);
  for (let step = 0; step < MOST_STEPS; step++) {
    const [a, b, c] = here.information;
    const [g, h] = here.gradient;
    const determinant = a * c - b * b;
    let [up, tilt] = [(c * g - b * h) / determinant, (a * h - b * g) / determinant];
    // the information of probabilities that round to 0 and 1 vanishes
    if (up - up !== 0 || tilt - tilt !== 0) break;
    // near the top, sums of n terms round more than a step gains
    const least = here.value - 1e-10 * Math.abs(here.value);
    let next = likelihood(rows, height + up, slope + tilt, penalized);
    for (let half = 0; half < MOST_HALVES && !(next.value >= least); half++) {
      [up, tilt] = [up / 2, tilt / 2];
      next = likelihood(rows, height + up, slope + tilt, penalized);
    }
    [height, slope, here] = [height + up, slope + tilt, next];
    if (Math.abs(up) <= 1e-12 * (1 + Math.abs(height)) && Math.abs(tilt) <= 1e-12 * (1 + Math.abs(slope))) break;
  }
  return [height, slope];
}

function likelihood({ x, came, weights }: Rows, height: number, slope: number, penalized: boolean): Likelihood {
  return withMath(({ exp, log }) => {
    let [value, g, h, a, b, c] = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < x.length; i++) {
      const [at, weight] = [x[i]!, weights[i]!];
      const odds = height + slope * at;
      const small = exp(-Math.abs(odds));
      // the probability of what is less likely, and of what came true
      const minor = small / (1 + small);
      const miss = came[i] === (odds >= 0 ? 1 : 0) ? minor : 1 - minor;
      const residual = weight * (came[i] ? miss : -miss);
      const spread = (weight * minor) / (1 + small);
      value -= weight * ((came[i] === (odds >= 0 ? 1 : 0) ? 0 : Math.abs(odds)) + log(1 + small));
      g += residual;
      h += residual * at;
      a += spread;
      b += spread * at;
      c += spread * at * at;
    }
    if (!penalized) return { value, gradient: [g, h], information: [a, b, c] };
    const determinant = a * c - b * b;
    for (let i = 0; i < x.length; i++) {
      const at = x[i]!;
      const odds = height + slope * at;
      const small = exp(-Math.abs(odds));
      const minor = small / (1 + small);
      const leverage = (((weights[i]! * minor) / (1 + small)) * (c - 2 * b * at + a * at * at)) / determinant;
      const pull = leverage * (odds >= 0 ? minor - 0.5 : 0.5 - minor);
      g += pull;
      h += pull * at;
    }
    return { value: value + log(determinant) / 2, gradient: [g, h], information: [a, b, c] };
  });
}

function mean(x: Float64Array, weights: Float64Array): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    sum += weights[i]! * x[i]!;
    total += weights[i]!;
  }
  return sum / total;
}
