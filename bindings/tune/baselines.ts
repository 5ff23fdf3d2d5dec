import { read } from "../data/read";
import { power } from "../engine/math";
import { accuracyOf, balancedThreshold, decided, INNER, innerFolds, mostProbable } from "./decisions";
import { meanOf, standardError } from "./grid";
import { atPrior } from "./losses";
import { onDivisions, type Setup } from "./setup";
import { countsAmong, type Division, type Plan, type Trial } from "./trials";

/** A mean over divisions. */
export interface Estimate {
  readonly mean: number;
  /** Standard error of the mean. */
  readonly se: number;
  readonly perSplit: readonly number[];
}

/** What a way to deal with imbalance comes to, on the divisions that the size was tuned on. */
export interface Baseline {
  /**
   * `"none"`: the rows as they are; `"none + prior shift"`: the same model, probabilities brought to equal priors; `"threshold"`: the same model, its decision alone moved; `"class weights"`: every class counts for as much; `"tuned class weight"`: a power of
   * those weights, tuned as the size is; `"balance"`: a multiple of 1; `"tuned size"`.
   */
  readonly name: "none" | "none + prior shift" | "threshold" | "class weights" | "tuned class weight" | "balance" | "tuned size";
  /** Null where there is no probability of its own. */
  readonly balancedLogLoss: Estimate | null;
  /** At a threshold chosen on inner folds of the training rows; with more than two classes, of the most probable class at equal priors. Null where classes are too small to be divided again. */
  readonly balancedAccuracy: Estimate | null;
  /** Of the tuned class weight: 0 none, 1 balanced. */
  readonly power?: number | undefined;
  /** Why it could not be tried. */
  readonly failed?: string | undefined;
}

const POWERS = [0.25, 0.5, 0.75, 1, 1.25] as const;

/** What needs no tuned size, and the tuned size, judged alike. */
export async function baselinesOf(setup: Setup, perRepeat: number, tuned: readonly number[]): Promise<Baseline[]> {
  const { data, divisions, judges, setting } = setup;
  const dataset = read(data);
  const classes = tuned.length;
  const rows = (gamma: number): Plan => ({ gammas: tuned.map(() => gamma) });
  const weighted = (division: Division, t: number): Plan => ({
    ...rows(0),
    factors: factorsOf(countsAmong(dataset, division.train), t),
  });
  const takes = setting.learner.takes?.weights !== false;
  const estimate = (perSplit: readonly number[]): Estimate => ({
    mean: meanOf(perSplit),
    se: standardError(perSplit, perRepeat),
    perSplit,
  });

  const losses = POWERS.map((): number[] => []);
  if (takes) {
    const parts = divisions.map((division) => ({ division, plans: POWERS.map((t) => weighted(division, t)) }));
    await onDivisions(setup, parts, (s, place, trial) => (losses[place]![s] = judges[s]!.loss(trial.probabilities)));
  }
  const best = losses.reduce((least, own, at) => (meanOf(own) < meanOf(losses[least]!) ? at : least), 0);

  const plansOf = (division: Division): Plan[] => [
    rows(0),
    rows(1),
    { gammas: tuned },
    ...(takes ? [weighted(division, 1), weighted(division, POWERS[best]!)] : []),
  ];
  const found = plansOf(divisions[0]!).map(() => ({ loss: [] as number[], shifted: [] as number[], accuracy: [] as number[] }));
  const parts = divisions.map((division) => ({ division, plans: plansOf(division) }));
  const decide = await decisionsOf(setup, parts);
  await onDivisions(setup, parts, (s, place, trial) => {
    const own = found[place]!;
    const { loss, codes } = judges[s]!;
    own.loss[s] = loss(trial.probabilities);
    own.shifted[s] = loss(atPrior(trial));
    if (decide) own.accuracy[s] = accuracyOf(decide(s, place, trial), codes, classes);
  });
  const accuracy = (place: number): Estimate | null => (decide ? estimate(found[place]!.accuracy) : null);
  const row = (name: Baseline["name"], place: number): Baseline => ({
    name,
    balancedLogLoss: estimate(found[place]!.loss),
    balancedAccuracy: accuracy(place),
  });
  const refused = (name: Baseline["name"]): Baseline => ({
    name,
    balancedLogLoss: null,
    balancedAccuracy: null,
    failed: `${setting.learner.name} takes no row weights.`,
  });
  return [
    row("none", 0),
    { name: "none + prior shift", balancedLogLoss: estimate(found[0]!.shifted), balancedAccuracy: accuracy(0) },
    { name: "threshold", balancedLogLoss: null, balancedAccuracy: accuracy(0) },
    takes ? row("class weights", 3) : refused("class weights"),
    takes ? { ...row("tuned class weight", 4), power: POWERS[best] } : refused("tuned class weight"),
    row("balance", 1),
    row("tuned size", 2),
  ];
}

/** By class: what brings its rows to the weight of the largest class (1), or part of the way. */
function factorsOf(sizes: readonly number[], t: number): number[] {
  const most = Math.max(...sizes);
  return sizes.map((size) => power(most / size, t));
}

type Decide = (s: number, place: number, trial: Trial) => Uint32Array;

/**
 * How each plan decides on each division. Two classes: by the threshold with the best balanced accuracy on rows of the training part that its inner models did not learn from. More: by probabilities at equal priors.
 * Undefined where classes are too small for inner folds.
 */
async function decisionsOf(
  setup: Setup,
  parts: readonly { readonly division: Division; readonly plans: readonly Plan[] }[],
): Promise<Decide | undefined> {
  const { data } = setup;
  const { schema, labels } = read(data);
  const c = schema.classes.length;
  if (c > 2) return (_s, _place, trial) => mostProbable(atPrior(trial), c);
  const inner = parts.flatMap(({ division: { train }, plans }, s) =>
    (innerFolds(data, train) ?? []).map((division) => ({ s, division, plans, scores: plans.map((): number[] => []) })),
  );
  if (inner.length < INNER * parts.length) return undefined;
  await onDivisions(setup, inner, (at, place, { probabilities }) => {
    const scores = inner[at]!.scores[place]!;
    for (let row = 1; row < probabilities.length; row += 2) scores.push(probabilities[row]!);
  });
  const thresholds = parts.map(({ plans }, s) => {
    const own = inner.filter((part) => part.s === s);
    const codes = own.flatMap(({ division }) => Array.from(division.test, (i) => labels[i]!));
    return plans.map((_, place) =>
      balancedThreshold(
        codes,
        own.flatMap(({ scores }) => scores[place]!),
      ),
    );
  });
  return (s, place, { probabilities }) => decided(probabilities, thresholds[s]![place]!);
}
