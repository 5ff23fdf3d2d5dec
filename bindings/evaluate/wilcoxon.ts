import { checkOneOf, checkOptions, show } from "../check";
import { InputError } from "../errors";
import { normal } from "./distributions";
import { readNumbers } from "./metrics/given";

export interface WilcoxonOptions {
  /** Pairs without a difference: `"wilcox"` leaves them out, `"pratt"` ranks them and then leaves their ranks out. Default `"wilcox"`. */
  readonly zeros?: "wilcox" | "pratt" | undefined;
  /** What a small p-value speaks for: a and b differ, a is greater, or a is less. Default `"two-sided"`. */
  readonly alternative?: "two-sided" | "greater" | "less" | undefined;
  /** Default `"auto"`: exact up to 50 differences. */
  readonly method?: "auto" | "exact" | "approximate" | undefined;
}

export interface Wilcoxon {
  /** Sums of ranks of the pairs in which a is greater, and less. */
  readonly positive: number;
  readonly negative: number;
  /** Pairs that differ, and those that do not. */
  readonly n: number;
  readonly zeros: number;
  readonly pValue: number;
  readonly method: "exact" | "approximate";
}

const MOST_EXACT = 50;

/**
 * Wilcoxon's signed-rank test of n pairs, such as the mean scores of two methods on n data sets: whether one is better more often and by more. Absolute differences are ranked, equal ones get the mean of their ranks. The exact p-value counts
 * every way to give signs to those ranks, ties included; the approximation is normal without a correction for continuity. Differences that are equal but for rounding are no ties: round scores
 * first. Data sets, not folds: folds of one table are not independent, see `compareScores`.
 *
 * Sources: Wilcoxon, Biometrics Bulletin 1 (1945); Pratt, JASA 54 (1959); Demšar, JMLR 7 (2006), for comparing classifiers. Without ties it is that of scipy; with ties scipy approximates from 14 pairs on.
 *
 * @throws {InputError} unless both have as many finite numbers, one at least.
 */
export function wilcoxon(a: ArrayLike<number>, b: ArrayLike<number>, options: WilcoxonOptions = {}): Wilcoxon {
  checkOptions("wilcoxon", options, ["zeros", "alternative", "method"]);
  const zeros = checkOneOf("zeros", options.zeros ?? "wilcox", ["wilcox", "pratt"]);
  const alternative = checkOneOf("alternative", options.alternative ?? "two-sided", ["two-sided", "greater", "less"]);
  const wanted = checkOneOf("method", options.method ?? "auto", ["auto", "exact", "approximate"]);
  const differences = differencesOf(a, b);
  const n = differences.filter((difference) => difference !== 0).length;
  const signed = signedRanks(zeros === "pratt" ? differences : differences.filter((difference) => difference !== 0));
  const sumOf = (sign: number): number => signed.reduce((sum, rank) => sum + (rank * sign > 0 ? rank * sign : 0), 0);
  const [positive, negative] = [sumOf(1), sumOf(-1)];
  const method = wanted === "auto" ? (n <= MOST_EXACT ? "exact" : "approximate") : wanted;
  // the chance of a sum of ranks at least this large
  const above = method === "exact" ? exactAbove(signed.map(Math.abs)) : normalAbove(signed);
  const pValue =
    alternative === "greater"
      ? above(positive)
      : alternative === "less"
        ? above(negative)
        : Math.min(1, 2 * above(Math.max(positive, negative)));
  return { positive, negative, n, zeros: differences.length - n, pValue, method };
}

function differencesOf(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  const isList = (given: unknown): given is ArrayLike<number> => Array.isArray(given) || ArrayBuffer.isView(given);
  if (!isList(a) || !isList(b) || a.length !== b.length || a.length === 0) {
    throw new InputError(
      "DATA",
      `wilcoxon was given ${show(a)} and ${show(b)}, but needs two arrays of as many numbers, one pair at least.`,
    );
  }
  const [left, right] = [readNumbers("a", a, -Infinity, Infinity), readNumbers("b", b, -Infinity, Infinity)];
  return left.map((value, i) => value - right[i]!);
}

/** Ranks of what is not 0 by absolute value from 1 on, equal ones the mean of theirs, with the signs of the differences. */
function signedRanks(differences: Float64Array): number[] {
  const order = Array.from(differences).sort((x, y) => Math.abs(x) - Math.abs(y));
  const ranks: number[] = [];
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && Math.abs(order[to]!) === Math.abs(order[from]!)) to++;
    for (let t = from; t < to; t++) ranks.push((Math.sign(order[t]!) * (from + 1 + to)) / 2);
  }
  return ranks.filter((rank) => rank !== 0);
}

/** By the law of the sum over all ways to give signs, added up rank by rank; twice the ranks are whole numbers. */
function exactAbove(ranks: readonly number[]): (sum: number) => number {
  const doubled = ranks.map((rank) => 2 * rank);
  const law = new Float64Array(doubled.reduce((sum, rank) => sum + rank, 1));
  law[0] = 1;
  let highest = 0;
  for (const rank of doubled) {
    for (let s = highest; s >= 0; s--) {
      law[s]! /= 2;
      law[s + rank]! += law[s]!;
    }
    highest += rank;
  }
  return (sum) => law.subarray(2 * sum).reduce((total, share) => total + share, 0);
}

function normalAbove(ranks: readonly number[]): (sum: number) => number {
  const [mean, variance] = ranks.reduce(([sum, squares], rank) => [sum + Math.abs(rank) / 2, squares + (rank * rank) / 4], [0, 0]);
  return (sum) => (variance > 0 ? normal((sum - mean) / Math.sqrt(variance)).above : 1);
}
