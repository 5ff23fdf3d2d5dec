import { checkInteger, checkNumber, checkOneOf, checkOptions, isRecord, show } from "../check";
import type { Data, Label, Learner, Resampler, Run } from "../contracts";
import { countsOf } from "../data/dataset";
import { read } from "../data/read";
import { InputError } from "../errors";
import type { Fold, FoldsOptions } from "../evaluate/folds";
import { checkLearner } from "../learn/doors";
import { randomOversample } from "../resample/over/random";
import { randomUndersample } from "../resample/under/random";
import { checkThreads } from "../run/job";
import { checkRun, startWork } from "../run/work";
import { INNER } from "./decisions";
import { divisionsOf, leastHeldOut } from "./divisions";
import { contests, entryOf, type Contest, type Entry, type Found } from "./contest";
import { STRENGTHS } from "./correction";
import { gridOf } from "./grid";
import { costOf } from "./setup";
import { ADVICE_METRICS, against, bestOf, meanScore, wordsOf, type AdviceMetric, type Against, type Scores } from "./verdict";

export interface AdviseOptions {
  readonly learner: Learner;
  /** What might help: oversamplers, whose size is tuned, and other resamplers; in an array, or by the name they are to have. */
  readonly candidates: readonly Resampler[] | Readonly<Record<string, Resampler>>;
  /** Whether to judge every oversampler with its bias taken away too, see `biasCorrect`; takes a learner with `takes.signedWeights`. Default false. */
  readonly biasCorrection?: boolean | undefined;
  /** Which column decides. Default `"averagePrecision"`. */
  readonly metric?: AdviceMetric | undefined;
  /** Multiples that sizes are chosen from. Default 0, 0.25, 0.5, 1, 1.5, 2. */
  readonly grid?: readonly number[] | undefined;
  /** How rows are held out: options of `folds`, by default 5 folds twice, or what `folds` returned. */
  readonly validation?: Omit<FoldsOptions, "seed"> | readonly Fold[] | undefined;
  /** A difference within which two are as good as each other. Default 0.01. */
  readonly margin?: number | undefined;
  /** Of the intervals, between 0 and 1. Default 0.95. */
  readonly level?: number | undefined;
  /** Milliseconds after which no further division is begun; two at least are judged. Default: no limit. */
  readonly timeBudget?: number | undefined;
  /** Called before anything is fitted. */
  readonly onPlan?: ((plan: AdvicePlan) => void) | undefined;
  /** Of the divisions, and of random over- and undersampling. Default 0. */
  readonly seed?: number | undefined;
}

/** What a call is going to do. */
export interface AdvicePlan {
  /** Models that will be fitted. */
  readonly fits: number;
  readonly divisions: number;
}

export interface AdviceRow {
  readonly name: string;
  /** Whether it is one of the simple ways that are always judged, or a candidate. */
  readonly kind: "simple" | "candidate";
  /**
   * Scores of each division, null where it failed or has none of its own: average precision of the rarest class (means over classes where there are more than two), log loss of probabilities brought back to the real priors, and
   * balanced accuracy of its own decision: the untouched model takes the most probable class, `"prior shift"` the most probable one at equal priors, all others have a threshold chosen on inner folds (more than two classes: at equal priors).
   */
  readonly scores: Scores;
  readonly means: Readonly<Record<AdviceMetric, number | null>>;
  /** Multiples chosen by each division, of what has a size. */
  readonly gammas: readonly number[];
  /** How much of the bias each division took away, of what is corrected. */
  readonly lambdas: readonly number[];
  /** Of a candidate, by each metric. */
  readonly against: Readonly<Record<AdviceMetric, Against>> | null;
  /** What went wrong, and in how many divisions. */
  readonly failures: readonly { readonly sentence: string; readonly divisions: number }[];
}

export interface Advice {
  readonly metric: AdviceMetric;
  /** Name of the row to use: a candidate only if it is better than the best simple one. */
  readonly recommendation: string;
  /** The verdicts in sentences. */
  readonly summary: string;
  readonly rows: readonly AdviceRow[];
  readonly divisions: readonly Fold[];
  /** Models that were fitted, or tried. */
  readonly fits: number;
  readonly notes: readonly string[];
}

const OPTIONS = [
  "learner",
  "candidates",
  "biasCorrection",
  "metric",
  "grid",
  "validation",
  "margin",
  "level",
  "timeBudget",
  "onPlan",
  "seed",
] as const;
const SIZES = [0, 0.25, 0.5, 1, 1.5, 2] as const;
/** Rows of each class that a validation part needs before anything is told. */
const ENOUGH = 10;

/**
 * Whether adding or removing rows helps at all: candidates, each at its tuned size, beside what costs nothing: leaving the rows as they are, class weights, moving the prior, moving the threshold, random over- and undersampling. Sizes and thresholds are chosen on inner folds
 * of the training rows, everything is judged on real rows held out, and each candidate is held against the best simple way by a paired interval. The answer is often that nothing need be added, and says so.
 *
 * Sources: Nadeau, Bengio (2003) for intervals over folds; Holm (1979) for many candidates; van den Goorbergh et al., JAMIA (2022), Elor, Averbuch-Elor (2022), for why the simple rows are there.
 *
 * @throws {InputError} for unknown options or values, data that a method made, or classes too small to be held out. Aborts with `signal.reason`. A candidate that fails is a row, not an error.
 */
export async function advise(data: Data, options: AdviseOptions, run?: Run): Promise<Advice> {
  const { learner, entries, metric, grid, level, margin, timeBudget } = checked(data, options, run);
  const divisions = divisionsOf("advise", data, options.validation, options.seed, 2);
  const perDivision = fitsPerDivision(learner, entries, grid.length);
  options.onPlan?.({ fits: perDivision * divisions.length, divisions: divisions.length });
  const work = startWork(run, perDivision * divisions.length * costOf(data));
  const setting: Contest = { data, learner, grid, work };
  const notes: string[] = [];
  // a timer and not a clock: some runtimes stop their clocks while they compute
  let late = timeBudget === 0;
  const timer = timeBudget > 0 && timeBudget < Infinity ? setTimeout(() => (late = true), timeBudget) : undefined;
  const results: (readonly Found[])[] = [];
  let begun = 0;
  try {
    await contests(
      setting,
      divisions,
      entries,
      perDivision,
      () => !(late && begun >= 2) && ++begun > 0,
      (place, found, far) => {
        results[place] = found;
        return far ? work.step(perDivision * costOf(data)) : undefined;
      },
    );
  } finally {
    clearTimeout(timer);
  }
  const done = divisions.slice(0, begun);
  if (done.length < divisions.length)
    notes.push(`The time budget ended after ${done.length} of ${divisions.length} divisions; the verdicts are of those.`);
  const rows = results[0]!.map(({ name, kind }, place) => {
    const found = results.map((division) => division[place]!);
    const failed = new Map<string, number>();
    for (const { failed: why } of found) if (why) failed.set(why, (failed.get(why) ?? 0) + 1);
    return {
      name,
      kind,
      scores: Object.fromEntries(
        ADVICE_METRICS.map((each) => [each, found.map(({ scores }) => scores?.[each] ?? null)]),
      ) as unknown as AdviceRow["scores"],
      gammas: found.flatMap(({ gamma }) => gamma ?? []),
      lambdas: found.flatMap(({ lambda }) => lambda ?? []),
      failed,
    };
  });
  await work.step(Infinity);
  const least = leastHeldOut(data, done);
  const unsure =
    least < ENOUGH ? `a validation part holds as few as ${least} ${least === 1 ? "row" : "rows"} of a class, and needs ${ENOUGH}` : null;
  const simple = rows.filter(({ kind }) => kind === "simple");
  const candidates = rows.filter(({ kind }) => kind === "candidate");
  const verdicts = Object.fromEntries(
    ADVICE_METRICS.map((each) => {
      const best = bestOf(simple, each);
      return [each, best ? against(candidates, best, each, { divisions: done, level, margin, unsure }) : []];
    }),
  ) as Record<AdviceMetric, Against[]>;
  const best = bestOf(simple, metric);
  if (!best)
    throw new InputError("DATA", `None of the simple ways could be judged: ${[...(simple[0]?.failed.keys() ?? [])][0] ?? "no scores"}`);
  const winners = candidates.filter((_, c) => verdicts[metric][c]!.verdict === "better");
  const recommendation = (bestOf(winners, metric) ?? best).name;
  return {
    metric,
    recommendation,
    summary: [
      `By ${wordsOf(metric)} the best of what needs no candidate is ${best.name} (${meanScore(best.scores[metric])!.toFixed(4)}).`,
      ...verdicts[metric].map(({ because }) => because),
      recommendation === best.name ? `Use ${best.name}.` : `Use ${recommendation}, and check it on rows that had no part in this.`,
    ].join(" "),
    rows: rows.map(({ name, kind, scores, gammas, lambdas, failed }): AdviceRow => {
      const place = candidates.findIndex((candidate) => candidate.name === name && kind === "candidate");
      return {
        name,
        kind,
        scores,
        means: Object.fromEntries(ADVICE_METRICS.map((each) => [each, meanScore(scores[each])])) as AdviceRow["means"],
        gammas,
        lambdas,
        against:
          place < 0 ? null : (Object.fromEntries(ADVICE_METRICS.map((each) => [each, verdicts[each][place]!])) as AdviceRow["against"]),
        failures: [...failed].map(([sentence, count]) => ({ sentence, divisions: count })),
      };
    }),
    divisions: done,
    fits: perDivision * done.length,
    notes,
  };
}

function fitsPerDivision(learner: Learner, entries: readonly Entry[], sizes: number): number {
  const simple = learner.takes?.weights === false ? 1 : 2;
  return entries.reduce(
    (sum, { oversampler, corrected }) => sum + (corrected ? INNER * STRENGTHS.length + 1 : oversampler ? INNER * sizes + 1 : INNER + 1),
    simple * (INNER + 1),
  );
}

function checked(data: Data, options: AdviseOptions, run: Run | undefined) {
  checkOptions("advise", options, OPTIONS);
  checkRun("advise", run);
  checkThreads(run);
  const { learner, candidates, onPlan } = options;
  checkLearner("learner", learner);
  if (onPlan !== undefined && typeof onPlan !== "function")
    throw new InputError("OPTION", `onPlan is ${show(onPlan)}, but needs a function.`);
  const seed = checkInteger("seed", options.seed ?? 0, 0);
  const { schema, labels } = read(data);
  if (countsOf({ schema, labels }).filter((count) => count > 0).length < 2) {
    throw new InputError(
      "LABEL",
      `All rows are of class ${show(schema.classes[0] as Label)}, so there is nothing to advise on; two classes are needed.`,
    );
  }
  const named: [string, unknown][] = Array.isArray(candidates)
    ? (candidates as readonly unknown[]).map((candidate) => [String((candidate as Resampler | null)?.name), candidate])
    : isRecord(candidates)
      ? Object.entries(candidates)
      : [];
  const names = new Map<string, number>();
  const given = named.map(([name, candidate]): Entry => {
    if (!isRecord(candidate) || typeof candidate["resample"] !== "function") {
      throw new InputError(
        "OPTION",
        `Candidate ${show(name)} is ${show(candidate)}, but needs what smote(), tomekLinks() or another method returns.`,
      );
    }
    const again = (names.get(name) ?? 0) + 1;
    names.set(name, again);
    return entryOf({ name: again > 1 ? `${name} ${again}` : name, kind: "candidate" }, candidate as unknown as Resampler);
  });
  const { biasCorrection = false } = options;
  if (typeof biasCorrection !== "boolean")
    throw new InputError("OPTION", `biasCorrection is ${show(biasCorrection)}, but needs true or false.`);
  const corrected = biasCorrection
    ? given.flatMap((entry): Entry[] => (entry.oversampler ? [{ ...entry, name: `${entry.name}, bias corrected`, corrected: true }] : []))
    : [];
  if (given.length === 0) {
    throw new InputError(
      "OPTION",
      `candidates is ${show(candidates)}, but needs methods, such as [smote(), adasyn()] or { name: smote() }.`,
    );
  }
  return {
    learner: learner as unknown as Learner,
    entries: [
      entryOf({ name: "random oversampling", kind: "simple" }, randomOversample({ seed })),
      entryOf({ name: "random undersampling", kind: "simple" }, randomUndersample({ seed })),
      ...given,
      ...corrected,
    ],
    metric: checkOneOf("metric", options.metric ?? "averagePrecision", ADVICE_METRICS),
    grid: gridOf(options.grid ?? SIZES),
    level: checkNumber("level", options.level ?? 0.95, 0, 1),
    margin: checkNumber("margin", options.margin ?? 0.01, 0, 1),
    timeBudget: checkNumber("timeBudget", options.timeBudget ?? Infinity, 0, Infinity),
  };
}
