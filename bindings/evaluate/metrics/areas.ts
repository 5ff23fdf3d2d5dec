import { checkOneOf, show } from "../../check";
import type { Labels } from "../../contracts";
import { InputError } from "../../errors";
import { meanScore, type Average } from "./average";
import { precisionAt, rankedContest } from "./curves";
import { totalWeight } from "./given";
import { ranked, type Ranking } from "./ranking";
import { contestsOf, isOf, readScores, type Contest, type ScoreOptions, type Scored, type Scores } from "./scores";

export interface AreaOptions extends ScoreOptions {
  /**
   * Of scores of every class: the mean over classes, each against the rest (`"macro"`, the default of more than two classes), the mean by number of rows, or one
   * ranking of all scores of all classes (`"micro"`). Classes without rows are left out of means.
   */
  readonly average?: Average | undefined;
}

export interface RocAucOptions extends AreaOptions {
  /** Each class against all others, or each pair of classes on their own rows, as Hand and Till do. Default `"one-vs-rest"`. */
  readonly multiclass?: "one-vs-rest" | "one-vs-one" | undefined;
}

/**
 * The area under the ROC curve: how likely a positive row scores higher than another one, ties counting half. Nothing but the order of scores matters, and not
 * how rare the class is; with a rare class look at `averagePrecision` too. Sources: Hanley and McNeil (1982); Hand and Till (2001) for one-vs-one.
 * Scores of many classes need not add up to 1.
 *
 * @param labels n true labels.
 * @param scores n finite numbers, higher for the positive class, or rows of one number for each class.
 * @throws {InputError} for scores that are not finite, and rows of one class only.
 */
export function rocAuc(labels: Labels, scores: Scores, options: RocAucOptions = {}): number {
  const scored = readScores("rocAuc", labels, scores, options, ["average", "multiclass"]);
  const multiclass = checkOneOf("multiclass", options.multiclass ?? "one-vs-rest", ["one-vs-rest", "one-vs-one"]);
  if (multiclass === "one-vs-rest") return area("rocAuc", scored, options, true, rocArea);
  if (options.average === "micro" || options.positive !== undefined || !scored.rows) {
    const given = scored.rows
      ? options.positive === undefined
        ? 'average: "micro"'
        : `positive: ${show(options.positive)}`
      : "one number a row";
    throw new InputError(
      "OPTION",
      `multiclass: "one-vs-one" compares all pairs of classes, but was given ${given}; give scores of every class.`,
    );
  }
  return pairwise(scored, contestsOf("rocAuc", scored, undefined, options.average ?? "macro"), options.average === "weighted");
}

/**
 * The mean precision over the positive rows, each at the threshold that just finds it: the area under the precision-recall curve in steps, which does not promise
 * precision between points. A random ranking has the share of the class. Definition of scikit-learn.
 *
 * @param scores as `rocAuc`.
 * @throws {InputError} for scores that are not finite, and where no row is of the positive class.
 */
export function averagePrecision(labels: Labels, scores: Scores, options: AreaOptions = {}): number {
  return area("averagePrecision", readScores("averagePrecision", labels, scores, options, ["average"]), options, false, stepArea);
}

/**
 * The area under the precision-recall curve by straight lines between its points. Such lines promise more than can be reached (Davis and Goadrich, 2006): for
 * comparisons take `averagePrecision`.
 *
 * @throws {InputError} as `averagePrecision`.
 */
export function prAuc(labels: Labels, scores: Scores, options: AreaOptions = {}): number {
  return area("prAuc", readScores("prAuc", labels, scores, options, ["average"]), options, false, lineArea);
}

function area(
  where: string,
  scored: Scored,
  { positive, average }: AreaOptions,
  both: boolean,
  under: (ranking: Ranking) => number,
): number {
  const contests = contestsOf(where, scored, positive, average);
  if (contests.length === 1) return under(rankedContest(where, scored, contests[0]!.code, contests[0]!.scores, both));
  if (average === "micro") return under(stacked(scored, contests));
  const sizes = classWeights(scored);
  const total = totalWeight(scored);
  const defined = (code: number): boolean => sizes[code]! > 0 && (sizes[code]! < total || !both);
  const scores = contests.map(({ code, scores: own }) => (defined(code) ? under(rankedContest(where, scored, code, own, both)) : NaN));
  return meanScore(where, scores, average === "weighted" ? sizes : null);
}

/** One ranking of the scores of all classes. */
function stacked(scored: Scored, contests: readonly Contest[]): Ranking {
  const { n, weights } = scored;
  const scores = new Float64Array(n * contests.length);
  const isPositive = new Uint8Array(scores.length);
  const repeated = weights && new Float64Array(scores.length);
  contests.forEach(({ code, scores: own }, at) => {
    scores.set(own, at * n);
    isPositive.set(isOf(scored, code), at * n);
    repeated?.set(weights!, at * n);
  });
  return ranked(scores, isPositive, repeated);
}

/** The mean over pairs of classes of the mean of both directions. */
function pairwise(scored: Scored, contests: readonly Contest[], weighted: boolean): number {
  const sizes = classWeights(scored);
  const present = contests.filter(({ code }) => sizes[code]! > 0);
  const scores: number[] = [];
  const shares: number[] = [];
  present.forEach((a, at) => {
    for (const b of present.slice(at + 1)) {
      const rows: number[] = [];
      scored.codes.forEach((code, i) => (code === a.code || code === b.code) && rows.push(i));
      scores.push((onRows(scored, a, rows) + onRows(scored, b, rows)) / 2);
      shares.push(sizes[a.code]! + sizes[b.code]!);
    }
  });
  return meanScore("rocAuc", scores, weighted ? shares : null);
}

function onRows(scored: Scored, { code, scores }: Contest, rows: readonly number[]): number {
  const own = {
    ...scored,
    codes: Uint32Array.from(rows, (i) => scored.codes[i]!),
    weights: scored.weights && Float64Array.from(rows, (i) => scored.weights![i]!),
  };
  return rocArea(
    rankedContest(
      "rocAuc",
      own,
      code,
      Float64Array.from(rows, (i) => scores[i]!),
      true,
    ),
  );
}

function classWeights({ classes, codes, weights }: Scored): Float64Array {
  const sizes = new Float64Array(classes.length);
  for (let i = 0; i < codes.length; i++) sizes[codes[i]!]! += weights ? weights[i]! : 1;
  return sizes;
}

/** By straight lines, which give rows of equal score half of what is between. */
function rocArea({ truePositives, falsePositives }: Ranking): number {
  const last = truePositives.length - 1;
  const [all, others] = [truePositives[last]!, falsePositives[last]!];
  let sum = 0;
  for (let i = 0, height = 0, at = 0; i <= last; i++) {
    const next = truePositives[i]! / all;
    const right = falsePositives[i]!;
    sum += ((right - at) / others) * ((height + next) / 2);
    height = next;
    at = right;
  }
  return sum;
}

/** Each step of recall at the precision of its end. */
function stepArea({ truePositives, falsePositives }: Ranking): number {
  const all = truePositives[truePositives.length - 1]!;
  let sum = 0;
  for (let i = 0, before = 0; i < truePositives.length; i++) {
    const found = truePositives[i]!;
    sum += ((found - before) / all) * precisionAt(found, falsePositives[i]!);
    before = found;
  }
  return sum;
}

/** From precision 1 at recall 0, by straight lines. */
function lineArea({ truePositives, falsePositives }: Ranking): number {
  const all = truePositives[truePositives.length - 1]!;
  let sum = 0;
  for (let i = 0, before = 0, height = 1; i < truePositives.length; i++) {
    const found = truePositives[i]!;
    const next = precisionAt(found, falsePositives[i]!);
    sum += ((found - before) / all) * ((height + next) / 2);
    [before, height] = [found, next];
  }
  return sum;
}
