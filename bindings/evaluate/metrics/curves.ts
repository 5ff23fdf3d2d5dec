import { show } from "../../check";
import type { Labels } from "../../contracts";
import { InputError } from "../../errors";
import { ranked, type Ranking } from "./ranking";
import { once } from "./settled";
import { isOf, onlyContest, readScores, type ScoreOptions, type Scored, type Scores } from "./scores";

export interface CurveOptions extends ScoreOptions {
  /** Leave out points that lie on the line between their neighbors. Default true. */
  readonly dropIntermediate?: boolean | undefined;
}

/** One entry a point, from (0, 0) where nothing is taken for positive to (1, 1). */
export interface RocCurve {
  readonly falsePositiveRate: Float64Array;
  readonly truePositiveRate: Float64Array;
  /** Rows that score at least this are taken for positive; the first is Infinity. */
  readonly thresholds: Float64Array;
}

/** One entry a point, thresholds rising. */
export interface PrecisionRecallCurve {
  /** One longer than the thresholds: the last is 1, where nothing is taken for positive. */
  readonly precision: Float64Array;
  /** One longer than the thresholds: the last is 0. */
  readonly recall: Float64Array;
  /** Rows that score at least this are taken for positive. */
  readonly thresholds: Float64Array;
}

/**
 * True positive rate against false positive rate at every threshold. Points as scikit-learn gives them.
 *
 * @param labels n true labels.
 * @param scores n finite numbers, higher for the positive class, or rows of one number for each class.
 * @throws {InputError} for scores that are not finite, or rows of one class only.
 */
export function rocCurve(labels: Labels, scores: Scores, options: CurveOptions = {}): RocCurve {
  const { ranking, drop } = rank("rocCurve", labels, scores, options, true);
  const { truePositives: found, falsePositives: alarms, thresholds } = ranking;
  const last = thresholds.length - 1;
  const kept = points(last, drop, (i) => bends(found, i) || bends(alarms, i));
  const shares = (sums: Float64Array): Float64Array => Float64Array.from([0, ...kept], (i, at) => (at === 0 ? 0 : sums[i]! / sums[last]!));
  return {
    falsePositiveRate: shares(alarms),
    truePositiveRate: shares(found),
    thresholds: Float64Array.from([0, ...kept], (i, at) => (at === 0 ? Infinity : thresholds[i]!)),
  };
}

/**
 * Precision against recall (sensitivity) at every threshold. Points as scikit-learn gives them.
 *
 * @throws {InputError} for scores that are not finite, or rows of one class only.
 */
export function precisionRecallCurve(labels: Labels, scores: Scores, options: CurveOptions = {}): PrecisionRecallCurve {
  const { ranking, drop } = rank("precisionRecallCurve", labels, scores, options, false);
  const { truePositives: found, falsePositives: alarms, thresholds } = ranking;
  const last = thresholds.length - 1;
  // rows between two with as many found have the same recall
  const kept = points(last, drop, (i) => found[i] !== found[i - 1] || found[i + 1] !== found[i]).reverse();
  return {
    precision: Float64Array.from([...kept, 0], (i, at) => (at === kept.length ? 1 : precisionAt(found[i]!, alarms[i]!))),
    recall: Float64Array.from([...kept, 0], (i, at) => (at === kept.length ? 0 : found[i]! / found[last]!)),
    thresholds: Float64Array.from(kept, (i) => thresholds[i]!),
  };
}

/** Of rows that all weigh nothing, none is right. */
export function precisionAt(found: number, alarms: number): number {
  return found > 0 ? found / (found + alarms) : 0;
}

/**
 * What lies above each threshold, for a class that has rows.
 * @param both whether the others need rows too.
 */
export function rankedContest(where: string, scored: Scored, code: number, scores: Float64Array, both: boolean): Ranking {
  const ranking = (rankings(scores).ranking ??= ranked(scores, isOf(scored, code), scored.weights));
  const last = ranking.thresholds.length - 1;
  const [found, alarms] = [ranking.truePositives[last]!, ranking.falsePositives[last]!];
  if (found > 0 && (alarms > 0 || !both)) return ranking;
  const label = scored.classes[code];
  const which = label === undefined ? "the positive class" : `class ${show(label)}`;
  throw new InputError(
    "DATA",
    `${where} is undefined, because ${found > 0 ? `all rows are of ${which}` : `no row is of ${which}`} (or they weigh nothing); give rows of both classes.`,
  );
}

/** Room for the ranking of scores, which lasts where they are settled: those are of one contest. */
const rankings = /* @__PURE__ */ once((): { ranking?: Ranking } => ({}));

function rank(where: string, labels: Labels, scores: Scores, options: CurveOptions, both: boolean): { ranking: Ranking; drop: boolean } {
  const scored = readScores(where, labels, scores, options, ["dropIntermediate"]);
  const { positive, dropIntermediate: drop = true } = options;
  if (typeof drop !== "boolean") throw new InputError("OPTION", `dropIntermediate is ${show(drop)}, but needs true or false.`);
  const { code, scores: own } = onlyContest(where, scored, positive);
  return { ranking: rankedContest(where, scored, code, own, both), drop };
}

/** The first and the last place, and those between that are wanted. */
function points(last: number, drop: boolean, wanted: (i: number) => boolean): number[] {
  const kept: number[] = [];
  for (let i = 0; i <= last; i++) if (!drop || i === 0 || i === last || wanted(i)) kept.push(i);
  return kept;
}

function bends(sums: Float64Array, i: number): boolean {
  return sums[i + 1]! - sums[i]! !== sums[i]! - sums[i - 1]!;
}
