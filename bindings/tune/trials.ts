import type { Data, Generator, Label, Learner, Model, Oversampler, Run } from "../contracts";
import { countsOf, type Dataset } from "../data/dataset";
import { join, shaper } from "../data/parts";
import { read } from "../data/read";
import { cutter } from "../data/some";
import { written } from "../data/write";
import { arranged } from "../evaluate/trial";
import { refitting } from "../learn/learner";
import { correctionOf, type Correction } from "./correction";
import { rowsFor } from "./sized";

/** What is tried, and how it is judged. */
export interface Setting {
  readonly oversampler: Oversampler;
  readonly learner: Learner;
  /** Whether the rows learned from count for as much in sum as the real ones. */
  readonly penalty: "per real row" | "as published";
}

/** How to learn, by class code. */
export interface Plan {
  /** Multiples of what the strategy of the oversampler asks for. */
  readonly gammas: readonly number[];
  /** What a row counts for; 1 where nothing is said. */
  readonly factors?: readonly number[];
  /** How much of the bias of the rows added is taken away; their multiple is then the same for all classes. 0 where nothing is said. */
  readonly lambda?: number;
}

/** What a model that learned by a plan says of the rows held out. */
export interface Trial {
  /** f64 (held out, classes) */
  readonly probabilities: Float64Array;
  /** f64 (classes): what the rows learned from counted for. */
  readonly shares: Float64Array;
}

/** Row numbers. */
export interface Division {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/** Training rows with rows made of them behind, class by class. */
interface Pool<D> {
  readonly union: D;
  /** By class code: rows that the strategy asked for, and where its rows in the pool begin. */
  readonly asked: readonly number[];
  readonly starts: readonly number[];
}

/**
 * Learns from the training rows of a division by each plan in turn and has the held out rows predicted. Rows are made once, of training rows alone: a smaller size is the first rows of a larger one. Where no plan
 * adds any, the oversampler is not asked.
 */
export async function tryPlans<D extends Data>(
  data: D,
  { train, test }: Division,
  plans: readonly Plan[],
  setting: Setting,
  run: Run | undefined,
  take: (place: number, trial: Trial) => Promise<void> | void,
): Promise<void> {
  const dataset = read(data);
  const { schema } = dataset;
  const part = cutter(data, dataset);
  const [learned, held] = [part(train), part(test)];
  const { learner, penalty } = setting;
  const plain = [...plans.entries()].filter(([, { lambda }]) => !lambda);
  const corrected = [...plans.entries()].filter(([, { lambda }]) => lambda);
  const top = schema.classes.map((_, code) => plans.reduce((most, { gammas }) => Math.max(most, gammas[code]!), 0));
  const pool = await poolOf(learned, setting.oversampler, top, run);
  const union = read(pool.union);
  const { labels, weights: own } = union;
  const real = train.length;
  const sizes = countsOf({ schema, labels: labels.subarray(0, real) });
  const weigh = (plan: Plan): Float64Array => {
    const weights = new Float64Array(labels.length);
    for (let i = 0; i < real; i++) weights[i] = plan.factors?.[labels[i]!] ?? 1;
    pool.asked.forEach((asked, code) => {
      const from = real + pool.starts[code]!;
      weights.fill(plan.factors?.[code] ?? 1, from, from + rowsFor(plan.gammas[code]!, asked));
    });
    return weights;
  };
  const sharesOf = (plan: Plan, weights: Float64Array): Float64Array => {
    const shares = Float64Array.from(
      sizes,
      (size, code) => (plan.factors?.[code] ?? 1) * (size + rowsFor(plan.gammas[code]!, pool.asked[code]!)),
    );
    if (!own) return shares;
    shares.fill(0);
    for (let i = 0; i < weights.length; i++) shares[labels[i]!]! += weights[i]! * own[i]!;
    return shares;
  };
  const correct = async (): Promise<void> => {
    if (corrected.length === 0) return;
    const made = new Map<number, Correction<D>>();
    let warmStart: Model | undefined;
    for (const [place, plan] of corrected) {
      const gamma = plan.gammas[0]!;
      const correction = made.get(gamma) ?? (await correctionOf(learned, { oversampler: setting.oversampler, gamma }, run));
      made.set(gamma, correction);
      warmStart = await learner.fit(
        correction.at(plan.lambda!).data,
        { ...(penalty === "per real row" && { realRows: real }), ...(warmStart && { warmStart }) },
        run,
      );
      await take(place, { probabilities: await said(warmStart, held, schema.classes, run), shares: sharesOf(plan, weigh(plan)) });
    }
  };
  if (penalty === "per real row") {
    const done = refitting(learner, union, real, read(held), run, async (retry) => {
      for (const [place, plan] of plain) {
        const weights = weigh(plan);
        const shares = sharesOf(plan, weights);
        await take(place, { probabilities: await retry(weights), shares });
      }
      return true;
    });
    if (await done) return correct();
  }
  const some = cutter(pool.union, union);
  let warmStart: Model | undefined;
  for (const [place, plan] of plain) {
    const weights = weigh(plan);
    const rows = Uint32Array.from(weights.keys()).filter((i) => weights[i]! > 0);
    // what the data weigh by themselves is no matter of the plan
    const scale = penalty === "per real row" && learner.takes.weights ? real / sumOf(weights) : 1;
    const even = scale === 1 && !plan.factors;
    warmStart = await learner.fit(
      some(rows),
      {
        ...(!even && { weights: Array.from(rows, (i) => weights[i]! * scale) }),
        ...(penalty === "per real row" && { realRows: real }),
        ...(warmStart && { warmStart }),
      },
      run,
    );
    await take(place, { probabilities: await said(warmStart, held, schema.classes, run), shares: sharesOf(plan, weights) });
  }
  await correct();
}

async function poolOf<D extends Data>(
  learned: D,
  oversampler: Oversampler,
  top: readonly number[],
  run: Run | undefined,
): Promise<Pool<D>> {
  const dataset = read(learned);
  const { schema } = dataset;
  const starts = schema.classes.map(() => 0);
  if (top.every((gamma) => gamma === 0)) return { union: learned, asked: starts, starts };
  const generator: Generator<D> = await oversampler.fit(learned, run);
  const asked = schema.classes.map((label) => generator.counts.get(label) ?? 0);
  let content = written(learned);
  let at = 0;
  for (const label of generator.labels) {
    const code = schema.classes.indexOf(label);
    const count = rowsFor(top[code]!, asked[code]!);
    starts[code] = at;
    if (count === 0) continue;
    content = join(content, written((await generator.sample(label, 0, count, run)).data), schema.layout);
    at += count;
  }
  return { union: shaper(learned)(content), asked, starts };
}

/** f64 (m, classes) ← what a model says of some rows, columns in the order of the classes. */
export async function said(model: Model, rows: Data, classes: readonly Label[], run: Run | undefined): Promise<Float64Array> {
  const { labels, probabilities } = await model.predictProbability(rows, run);
  return arranged(probabilities, labels, classes, read(rows).n);
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** Rows of each class among some. */
export function countsAmong({ labels, schema }: Pick<Dataset, "labels" | "schema">, rows: Uint32Array): number[] {
  return countsOf({ schema, labels: rows.map((i) => labels[i]!) });
}
