import type { Data, Learner, Model, Oversampler, Resampler, Run } from "../contracts";
import { enveloped, unwrapped, type Envelope } from "../data/envelope";
import { read } from "../data/read";
import { cutter } from "../data/some";
import { bytesAround } from "../evaluate/attempts";
import { averagePrecision } from "../evaluate/metrics/areas";
import { logLoss } from "../evaluate/metrics/losses";
import { describe, type Described } from "../described";
import { isOversampler } from "../resample/doors";
import { randomOversample } from "../resample/over/random";
import { spread } from "../run/spread";
import { startWork, type Work } from "../run/work";
import { accuracyOf, balancedThreshold, decided, innerFolds, mostProbable } from "./decisions";
import { STRENGTHS } from "./correction";
import { choose } from "./grid";
import { atPrior, judgeOf } from "./losses";
import { costOf, onDivision } from "./setup";
import { countsAmong, said, type Division, type Plan, type Trial } from "./trials";
import type { AdviceMetric, Scores } from "./verdict";

/** What is judged besides the untouched rows: its size is tuned if it is an oversampler. */
export interface Entry {
  readonly name: string;
  readonly kind: "simple" | "candidate";
  readonly resampler: Resampler;
  readonly oversampler: Oversampler | undefined;
  /** Whether its bias is taken away, as much as is best at a multiple of 1. */
  readonly corrected?: boolean | undefined;
}

/** What a contest on one division needs. */
export interface Contest {
  readonly data: Data;
  readonly learner: Learner;
  /** Multiples that sizes are chosen from. */
  readonly grid: readonly number[];
  readonly work: Work;
}

/** One way, on one division. */
export interface Found {
  readonly name: string;
  readonly kind: Entry["kind"];
  readonly scores: Readonly<Partial<Record<AdviceMetric, number>>> | null;
  readonly gamma?: number | undefined;
  readonly lambda?: number | undefined;
  readonly failed?: string | undefined;
}

/** Entries as plain data. */
type SharedEntry = Omit<Entry, "resampler" | "oversampler"> & { readonly resampler: Described };

interface Shared {
  readonly data: Envelope;
  readonly learner: Described;
  readonly grid: readonly number[];
  readonly entries: readonly SharedEntry[];
}

/** Judges every way on divisions, which share the threads. `take` hears the places of divisions in any order; `goOn` says whether there is time for another. */
export function contests(
  setting: Contest,
  divisions: readonly Division[],
  entries: readonly Entry[],
  /** On each. */
  fits: number,
  goOn: () => boolean,
  take: (place: number, found: readonly Found[], far: boolean) => Promise<void> | void,
): Promise<void> {
  const { signal, threads } = setting.work.run ?? {};
  const errand = {
    name: "contests",
    shared: () => sharedOf(setting, entries),
    parts: divisions,
    cost: 0.2 * costOf(setting.data) * divisions.length * fits,
    bytes: bytesAround(setting.data),
    here: (division: Division, _place: number, run: Run) => contest({ ...setting, work: { ...setting.work, run } }, division, entries),
    take,
    goOn,
  };
  return spread<Division, readonly Found[]>(errand, { signal, threads });
}

function sharedOf({ data, learner, grid }: Contest, entries: readonly Entry[]): Shared | undefined {
  const [learns, all] = [describe(learner), entries.map(({ resampler }) => describe(resampler))];
  if (!learns || all.includes(undefined)) return undefined;
  return {
    data: enveloped(data),
    learner: learns,
    grid,
    entries: entries.map(({ name, kind, corrected }, e) => ({ name, kind, corrected, resampler: all[e]! })),
  };
}

/** What a lane does with the divisions. */
export function contestsOf(
  { data, learner, grid, entries }: Shared,
  make: (described: Described) => Learner & Resampler,
): (division: Division) => Promise<Found[]> {
  const work = startWork({ threads: 1 }, Infinity);
  const setting: Contest = { data: unwrapped(data), learner: make(learner), grid, work };
  const all = entries.map(({ resampler, ...own }) => entryOf(own, make(resampler)));
  return (division) => contest(setting, division, all);
}

export function entryOf(own: Pick<Entry, "name" | "kind" | "corrected">, resampler: Resampler): Entry {
  return { ...own, resampler, oversampler: isOversampler(resampler) ? (resampler as Oversampler) : undefined };
}

/** One way to learn from some rows and to judge others. */
type Attempt = (division: Division, plans: readonly Plan[], take: (place: number, trial: Trial) => void) => Promise<void>;

/** Judges every way on one division. */
export async function contest(setting: Contest, division: Division, entries: readonly Entry[]): Promise<Found[]> {
  const { data, learner, grid } = setting;
  const dataset = read(data);
  const { schema } = dataset;
  const { run } = setting.work;
  const common = (gamma: number): Plan => ({ gammas: schema.classes.map(() => gamma) });
  const sizes = countsAmong(dataset, division.train);
  const most = Math.max(...sizes);
  const judge = scorer(data, division);
  const inner = innerFolds(data, division.train);

  const simple = (names: readonly string[], scores: () => Promise<Scored[]>): Promise<Found[]> =>
    orFailed(
      run,
      names.map((name) => ({ name, kind: "simple" as const })),
      scores,
    );
  const untouched = await simple(["untouched", "prior shift", ...(schema.classes.length === 2 ? ["threshold"] : [])], async () => {
    const [one] = await judged(setting, division, inner, [common(0)], trying(setting, randomOversample()));
    const { trial, threshold } = one!;
    const own = judge.all(trial);
    const { averagePrecision: ranking } = own;
    return [
      { scores: { ...own, balancedAccuracy: judge.decision(trial.probabilities) } },
      { scores: { averagePrecision: ranking, balancedAccuracy: judge.decision(atPrior(trial)) } },
      { scores: { ...own, balancedAccuracy: judge.accuracy(trial, threshold) } },
    ];
  });
  const weighted = await simple(["class weights"], async () => {
    if (learner.takes?.weights === false) throw new Refusal(`${learner.name} takes no row weights.`);
    const factors = sizes.map((size) => most / size);
    const [one] = await judged(setting, division, inner, [{ ...common(0), factors }], trying(setting, randomOversample()));
    return [{ scores: { ...judge.all(one!.trial), balancedAccuracy: judge.accuracy(one!.trial, one!.threshold) } }];
  });
  const others: Found[] = [];
  for (const { name, kind, oversampler, resampler, corrected } of entries) {
    others.push(
      ...(await orFailed(run, [{ name, kind }], async () => {
        if (corrected && !learner.takes?.signedWeights) throw new Refusal(`${learner.name} takes no weights below 0.`);
        const plans = corrected
          ? STRENGTHS.map((lambda): Plan => ({ ...common(1), lambda }))
          : oversampler
            ? grid.map(common)
            : [common(0)];
        const attempt = oversampler ? trying(setting, oversampler) : resampling(setting, resampler);
        const [one] = await judged(setting, division, inner, plans, attempt);
        return [
          {
            scores: { ...judge.all(one!.trial), balancedAccuracy: judge.accuracy(one!.trial, one!.threshold) },
            ...(corrected ? { lambda: STRENGTHS[one!.place]! } : oversampler && { gamma: grid[one!.place]! }),
          },
        ];
      })),
    );
  }
  return [...untouched, ...weighted, ...others];
}

type Scored = Pick<Found, "scores" | "gamma" | "lambda">;

/** A reason that a way cannot be tried, in a sentence. */
class Refusal extends Error {}

/** What was found, or why nothing was; aborting is no failure. */
async function orFailed(
  run: Run | undefined,
  names: readonly Pick<Found, "name" | "kind">[],
  scores: () => Promise<Scored[]>,
): Promise<Found[]> {
  try {
    const found = await scores();
    return names.map((row, at) => ({ ...row, ...found[at]! }));
  } catch (error) {
    run?.signal?.throwIfAborted();
    const failed = error instanceof Error ? error.message : String(error);
    return names.map((row) => ({ ...row, scores: null, failed }));
  }
}

interface Judged {
  /** Which plan was chosen. */
  readonly place: number;
  readonly trial: Trial;
  /** On probabilities at the real priors; undefined where classes are too small to choose one, or more than two. */
  readonly threshold: number | undefined;
}

/** The best of the plans by balanced log loss on inner folds, its threshold from the same folds, and what it says of the rows held out. */
async function judged(
  { data }: Contest,
  division: Division,
  inner: readonly Division[] | undefined,
  plans: readonly Plan[],
  attempt: Attempt,
): Promise<Judged[]> {
  const dataset = read(data);
  const { schema, labels } = dataset;
  const losses = plans.map((): number[] => []);
  const chances = plans.map((): number[] => []);
  const codes: number[] = [];
  const two = schema.classes.length === 2;
  for (const part of plans.length > 1 || two ? (inner ?? []) : []) {
    const { loss } = judgeOf(dataset, part.test);
    const prior = priorOf(data, part.train);
    for (const i of part.test) codes.push(labels[i]!);
    await attempt(part, plans, (place, trial) => {
      losses[place]!.push(loss(trial.probabilities));
      if (!two) return;
      const real = atPrior(trial, prior);
      for (let at = 1; at < real.length; at += 2) chances[place]!.push(real[at]!);
    });
  }
  const curve = losses.map((perSplit, gamma) => ({ gamma, perSplit: perSplit.length ? perSplit : [0] }));
  const place = choose(curve, 1, "argmin").chosen;
  const threshold = two && codes.length ? balancedThreshold(codes, chances[place]!) : undefined;
  const found: Judged[] = [];
  await attempt(division, [plans[place]!], (_at, trial) => void found.push({ place, trial, threshold }));
  return found;
}

/** Learns from rows with others added. */
function trying({ data, learner, work }: Contest, oversampler: Oversampler): Attempt {
  const setting = { oversampler, learner, penalty: "per real row" } as const;
  return (division, plans, take) => onDivision({ data, setting, work }, division, plans, take);
}

/** Learns from rows that a method has gone over. */
function resampling({ data, learner, work }: Contest, resampler: Resampler): Attempt {
  const { signal, threads } = work.run ?? {};
  const own: Run = { signal, threads };
  return async (division, _plans, take) => {
    const dataset = read(data);
    const { schema } = dataset;
    const part = cutter(data, dataset);
    const { data: rows, counts } = await resampler.resample(part(division.train), own);
    const { n, weights, labels } = read(rows);
    const model: Model = await learner.fit(rows, { realRows: Math.min(n, division.train.length) }, own);
    const shares = Float64Array.from(schema.classes, (label) => counts.get(label)?.after ?? 0);
    if (weights) {
      shares.fill(0);
      const places = read(rows).schema.classes.map((label) => schema.classes.indexOf(label));
      for (let i = 0; i < n; i++) shares[places[labels[i]!]!]! += weights[i]!;
    }
    take(0, { probabilities: await said(model, part(division.test), schema.classes, own), shares });
    await work.step(costOf(data));
  };
}

/** What the rows of each class count for. */
function priorOf(data: Data, rows: Uint32Array): Float64Array {
  const { labels, weights, schema } = read(data);
  const sums = new Float64Array(schema.classes.length);
  for (const i of rows) sums[labels[i]!]! += weights ? weights[i]! : 1;
  return sums;
}

interface Scorer {
  /** Ranking and probabilities, at the real priors. */
  all(trial: Trial): Pick<Record<keyof Scores, number>, "averagePrecision" | "logLoss">;
  /** Balanced accuracy of the most probable class. */
  decision(probabilities: Float64Array): number;
  /** Balanced accuracy by a threshold at the real priors, or at equal priors. */
  accuracy(trial: Trial, threshold: number | undefined): number;
}

function scorer(data: Data, { train, test }: Division): Scorer {
  const dataset = read(data);
  const { labels, weights, schema } = dataset;
  const codes = test.map((i) => labels[i]!);
  const c = schema.classes.length;
  const prior = priorOf(data, train);
  const counts = countsAmong(dataset, train);
  const whole = {
    classes: schema.classes.map((_, code) => code),
    ...(weights && { weights: Array.from(test, (i) => weights[i]!) }),
  };
  const rarest = { ...whole, ...(c === 2 && { positive: counts[1]! <= counts[0]! ? 1 : 0 }) };
  const decision = (probabilities: Float64Array): number => accuracyOf(mostProbable(probabilities, c), codes, c);
  return {
    all(trial) {
      const real = atPrior(trial, prior);
      return { averagePrecision: averagePrecision(codes, real, rarest), logLoss: logLoss(codes, real, whole) };
    },
    decision,
    accuracy: (trial, threshold) =>
      threshold === undefined ? decision(atPrior(trial)) : accuracyOf(decided(atPrior(trial, prior), threshold), codes, c),
  };
}
