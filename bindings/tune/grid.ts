import { show } from "../check";
import { InputError } from "../errors";

/** Multiples of what the strategy asks for that are tried unless told otherwise. */
const GRID = [0, 0.1, 0.25, 0.5, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.35, 1.5, 1.75, 2] as const;
/** Where the best is the largest tried, larger ones follow, by this factor and up to this. */
const STEP = 1.25;
export const LARGEST = 6;

/** How a size is chosen from the curve. */
export type SizeRule = "argmin" | { readonly oneSE: "balance" | "zero" | "smallest" };

/** Ascending, each once. */
export function gridOf(given: readonly number[] | undefined): number[] {
  if (given === undefined) return [...GRID];
  if (!Array.isArray(given) || given.length === 0) {
    throw new InputError("OPTION", `grid is ${show(given)}, but needs an array of multiples such as [0, 0.5, 1, 2].`);
  }
  for (const gamma of given) {
    if (typeof gamma === "number" && gamma >= 0 && gamma <= 1000) continue;
    throw new InputError("OPTION", `grid holds ${show(gamma)}, but needs numbers from 0 to 1000; 1 is what the strategy asks for.`);
  }
  return [...new Set(given)].sort((a, b) => a - b);
}

/** The multiple to try beyond the largest, if there is one. */
export function beyond(gamma: number): number | undefined {
  return gamma > 0 && gamma < LARGEST ? Math.min(LARGEST, gamma * STEP) : undefined;
}

/** Losses of one multiple, one for each division. */
export interface Losses {
  readonly gamma: number;
  readonly perSplit: readonly number[];
}

/** A point of the curve. Losses are mean balanced log losses of real rows held out. */
export interface CurvePoint extends Losses {
  readonly mean: number;
  /** Standard error of the mean. */
  readonly se: number;
  /** The mean with probabilities brought to equal priors: what is left is what rows do beyond moving an intercept. */
  readonly adjusted: number;
  readonly adjustedPerSplit: readonly number[];
}

export interface Choice {
  /** Places in the curve: of the lowest mean, and of what the rule takes. */
  readonly lowest: number;
  readonly chosen: number;
  /** Least and largest multiple whose loss is within one standard error of the lowest. */
  readonly range: readonly [number, number];
}

/** Which multiple to take. `folds`: divisions of one repeat; repeats are not independent, so they do not make the standard error smaller. Of equal losses the smallest multiple is taken. */
export function choose(curve: readonly Losses[], folds: number, rule: SizeRule): Choice {
  const means = curve.map(({ perSplit }) => meanOf(perSplit));
  let lowest = 0;
  means.forEach((mean, at) => {
    if (mean < means[lowest]!) lowest = at;
  });
  const best = curve[lowest]!.perSplit;
  const within = curve.flatMap(({ perSplit }, at) => {
    const apart = perSplit.map((loss, s) => loss - best[s]!);
    // of one division there is no standard error, and nothing can be told from the best
    return meanOf(apart) > standardError(apart, folds) ? [] : [at];
  });
  const range = [curve[within[0]!]!.gamma, curve[within.at(-1)!]!.gamma] as const;
  if (rule === "argmin") return { lowest, chosen: lowest, range };
  const anchor = rule.oneSE === "balance" ? 1 : 0;
  const distance = (at: number): number => Math.abs(curve[at]!.gamma - anchor);
  const chosen = within.reduce((nearest, at) => (distance(at) < distance(nearest) ? at : nearest));
  return { lowest, chosen, range };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of the mean of one repeat of `folds` divisions; NaN for one value. */
export function standardError(values: readonly number[], folds: number): number {
  const mean = meanOf(values);
  const square = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (values.length - 1);
  return Math.sqrt(square / folds);
}

/** The rule, checked. */
export function ruleOf(given: unknown): SizeRule {
  if (given === undefined || given === "argmin") return "argmin";
  const anchor = (given as { oneSE?: unknown } | null)?.oneSE;
  if (anchor === "balance" || anchor === "zero" || anchor === "smallest") return { oneSE: anchor };
  throw new InputError("OPTION", `rule is ${show(given)}, but needs "argmin" or { oneSE: "balance", "zero" or "smallest" }.`);
}
