import { diagnose, logistic, smote, type Model } from "../../../bindings/index";
import { Numbers } from "../../../test/support/numbers";
import { A, A2, B, D1, D2, E, NOISES, type Noise } from "./designs";
import { guidedCandidates, symmetryOf } from "./diagnosis";
import { gaussianFit, jitter, semiOracle, smoteRows } from "./generators";
import {
  asOversampler,
  areaUnder,
  balancedLoss,
  fitWithoutIntercept,
  fourierMap,
  joined,
  mappedLearner,
  matrixOf,
  modelOdds,
  oddsOf,
} from "./logistic";
import { balancedFit, pathOf, sizeOf, tuneSquared, type Block, type Make } from "./squared";

/** Numbers by name; lists are over sizes. */
export type Found = Readonly<Record<string, number | readonly number[] | string>>;

/** One repetition of one design; its seed is its number. */
export interface Job {
  readonly name: string;
  readonly repeat: number;
  run(numbers: Numbers): Promise<Found>;
}

const steps = (count: number, to: number): number[] => Array.from({ length: count }, (_, i) => (i * to) / (count - 1));

export const SIZES = { A: steps(20, 4), A2: steps(21, 2), D: steps(21, 2), wide: steps(41, 2) };
export const B_ROWS = [6, 12, 25, 50, 100, 200, 400, 800, 1600, 3200];
export const C_ROWS = [10, 100, 200, 300, 400, 500];
/** d, n₁, κ of the calibration of the test. */
export const E_CASES = [2, 5, 10].flatMap((d) => [50, 250, 500].flatMap((n1) => [5, 20].map((kappa) => [d, n1, kappa] as const)));
export const E_SHIFTS = [-4, -3, -2, -1, 0, 1, 2, 3, 4];

/** Design A: excess risk over sizes for each generator, of class weights, and of the size that 5 folds choose for SMOTE. */
function jobA(noise: Noise, repeat: number): Job {
  return {
    name: `A ${noise}`,
    repeat,
    async run(numbers) {
      const sample = A.sample(noise, numbers);
      const makers: Record<string, Make> = {
        oracle: (_seeds, count, draws) => A.noise(noise, count, draws, 1),
        smote: smoteRows,
        gaussian: gaussianFit,
        semiOracle: semiOracle((count, draws) => A.noise(noise, count, draws)),
      };
      const found: Record<string, number | number[]> = { weights: A.excess(balancedFit(sample)) };
      for (const [name, make] of Object.entries(makers))
        found[name] = (await pathOf(sample, make, SIZES.A, numbers)).map((theta) => A.excess(theta));
      if (noise === "cube" && repeat < 40) {
        const gamma = await tuneSquared(sample, smoteRows, SIZES.A2, 5, numbers);
        const [theta] = await pathOf(sample, smoteRows, [gamma], numbers);
        Object.assign(found, { gamma, tuned: A.excess(theta!) });
      }
      return found;
    },
  };
}

/** Design B: excess risk and distance from the optimum at balance and at four times that, rows made about (½, 0). */
function jobB(n1: number, repeat: number): Job {
  return {
    name: `B ${n1}`,
    repeat,
    async run(numbers) {
      const sample = B.sample(n1, 20, numbers);
      const path = await pathOf(sample, B.making([0.5, 0]), [0, 1, 4], numbers);
      const far = (theta: Float64Array): number => Math.sqrt((theta[0]! - 1 / 3) ** 2 + theta[1]! ** 2);
      return { excess: path.map((theta) => B.excess(theta)), distance: path.map(far), weights: B.excess(balancedFit(sample)) };
    },
  };
}

/** Design C: a generator that is better the more rows it has; guided and plain choice of the size. */
function jobC(n1: number, repeat: number): Job {
  return {
    name: `C ${n1}`,
    repeat,
    async run(numbers) {
      const sample = B.sample(n1, 20, numbers);
      const make = B.making([1 - 1 / Math.sqrt(Math.log(n1)), 0]);
      const found: Record<string, number | string> = { weights: B.excess(balancedFit(sample)) };
      const at = async (gamma: number): Promise<number> => B.excess((await pathOf(sample, make, [gamma], numbers))[0]!);
      found["none"] = await at(0);
      found["balance"] = await at(1);
      for (const score of ["published", "debiased"] as const) {
        const { verdict, candidates } = await guidedCandidates(sample, make, 3, score, numbers);
        // as published, candidates are those of the rule alone
        const gamma = await tuneSquared(sample, make, candidates, 5, numbers);
        Object.assign(found, { [`${score} verdict`]: verdict, [`${score} gamma`]: gamma, [score]: await at(gamma) });
      }
      const gamma = await tuneSquared(sample, make, steps(31, 6), 5, numbers);
      return { ...found, "to 6 gamma": gamma, "to 6": await at(gamma) };
    },
  };
}

/** Design A2: excess balanced log loss over sizes for each generator, without an intercept, and of what needs no rows. */
function jobA2(repeat: number): Job {
  return {
    name: "A2",
    repeat,
    async run(numbers) {
      const { X, y } = A2.sample(A2.rows, numbers);
      const own = Array.from(y.keys()).filter((i) => y[i] === 1);
      const [n1, n0] = [own.length, y.length - own.length];
      const test = byClass(A2.sample, 20_000, numbers);
      const truth = Float64Array.from({ length: 20 }, (_, c) => (c === 0 ? 1 : 0));
      const best = balancedLoss(oddsOf(test.X, truth), test.y);
      const excess = (theta: Float64Array, shift = 0): number => balancedLoss(oddsOf(test.X, theta), test.y, shift) - best;
      const seeds = { d: 20, values: Float64Array.from(own.flatMap((i) => [...X.values.subarray(i * 20, i * 20 + 20)])) };
      const found: Record<string, number | number[]> = {};
      const makers: Record<string, Make> = {
        oracle: (_seeds, count, draws) => onesOf(count, draws),
        smote: smoteRows,
        gaussian: gaussianFit,
      };
      const plain = await fitWithoutIntercept(X, y);
      for (const [name, make] of Object.entries(makers)) {
        const pool = await make(seeds, 2 * (n0 - n1), numbers);
        let theta = plain;
        const path: number[] = [];
        for (const gamma of SIZES.A2) {
          const count = Math.round(gamma * (n0 - n1));
          const all = joined(X, { d: 20, values: pool.values.subarray(0, 20 * count) });
          theta = await fitWithoutIntercept(all, [...y, ...new Array<number>(count).fill(1)], undefined, theta);
          path.push(excess(theta));
        }
        found[name] = path;
      }
      const weights = await fitWithoutIntercept(
        X,
        y,
        Array.from(y, (label) => y.length / 2 / (label ? n1 : n0)),
      );
      return { ...found, weights: excess(weights), shifted: excess(plain, Math.log(n0 / n1)) };
    },
  };
}

/** As many rows of both classes, of a design that draws them together. */
function byClass(draw: typeof A2.sample, count: number, numbers: Numbers): { X: Block; y: Uint8Array } {
  const parts: [number[], number[]] = [[], []];
  while (parts[0].length < 20 * count || parts[1].length < 20 * count) {
    const { X, y } = draw(count, numbers);
    y.forEach((label, i) => {
      const part = parts[label as 0 | 1];
      if (part.length < 20 * count) for (let c = 0; c < 20; c++) part.push(X.values[i * 20 + c]!);
    });
  }
  return {
    X: { d: 20, values: Float64Array.from([...parts[0], ...parts[1]]) },
    y: Uint8Array.from({ length: 2 * count }, (_, i) => (i < count ? 0 : 1)),
  };
}

/** Fresh rows of class 1 of design A2. */
function onesOf(count: number, numbers: Numbers): Block {
  const rows: number[] = [];
  while (rows.length < 20 * count) {
    const { X, y } = A2.sample(10_000, numbers);
    for (let i = 0; i < y.length && rows.length < 20 * count; i++) if (y[i]) for (let c = 0; c < 20; c++) rows.push(X.values[i * 20 + c]!);
  }
  return { d: 20, values: Float64Array.from(rows) };
}

/** What designs D1 and D2 differ in. */
interface Setting {
  readonly design: typeof D1;
  readonly make: Make;
  readonly C: number;
  /** Rows as the linear layer sees them. */
  map(train: Block, numbers: Numbers): (rows: Block) => Block;
}

export const SETTINGS: Readonly<Record<"D1" | "D2", Setting>> = {
  D1: { design: D1, make: smoteRows, C: 1e6, map: () => (rows) => rows },
  D2: { design: D2, make: jitter, C: 2, map: ({ d, values }, numbers) => fourierMap(d, 1 / (d * variance(values)), 100, numbers) },
};

function variance(values: Float64Array): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
}

/** A data set of design D1 or D2, its test rows, and how loss is read. */
export interface Drawn {
  readonly train: Block;
  readonly y: Uint8Array;
  readonly ones: Block;
  readonly map: (rows: Block) => Block;
  /** Balanced log loss of a model of mapped rows on 10 000 test rows of each class, and the area under its curve. */
  loss(model: Model, shift?: number): number;
  area(model: Model): number;
}

export function drawn({ design, map }: Setting, numbers: Numbers, testRows = 10_000): Drawn {
  const [n0, n1] = design.counts;
  const ones = design.ones(n1, numbers);
  const train = joined(design.zeros(n0, numbers), ones);
  const mapped = map(train, numbers);
  const test = mapped(joined(design.zeros(testRows, numbers), design.ones(testRows, numbers)));
  const labels = Uint8Array.from({ length: 2 * testRows }, (_, i) => (i < testRows ? 0 : 1));
  return {
    train,
    y: Uint8Array.from({ length: n0 + n1 }, (_, i) => (i < n0 ? 0 : 1)),
    ones,
    map: mapped,
    loss: (model, shift = 0) => balancedLoss(modelOdds(model, test), labels, shift),
    area: (model) => areaUnder(modelOdds(model, test), labels),
  };
}

/** Losses over sizes, rows made as the setting says, fits as published: rows that are added loosen the penalty. */
export async function curveOf(
  { make, C }: Setting,
  data: Drawn,
  gammas: readonly number[],
  numbers: Numbers,
): Promise<{ losses: number[]; areas: number[] }> {
  const { train, y, ones, map } = data;
  const gap = y.length - 2 * sizeOf(ones);
  const pool = map(await make(ones, Math.round(Math.max(...gammas) * gap), numbers));
  const own = map(train);
  const learner = logistic({ C, weightScale: "as given" });
  const found: { losses: number[]; areas: number[] } = { losses: [], areas: [] };
  let warmStart: Model | undefined;
  for (const gamma of gammas) {
    const count = Math.round(gamma * gap);
    const rows = joined(own, { d: pool.d, values: pool.values.subarray(0, count * pool.d) });
    warmStart = await learner.fit(matrixOf(rows, [...y, ...new Array<number>(count).fill(1)]), warmStart && { warmStart });
    found.losses.push(data.loss(warmStart));
    found.areas.push(data.area(warmStart));
  }
  return found;
}

/** Designs D1 and D2: the curve, what needs no rows, and the diagnosis. */
function jobD(name: "D1" | "D2", repeat: number): Job {
  const setting = SETTINGS[name];
  return {
    name,
    repeat,
    async run(numbers) {
      const data = drawn(setting, numbers);
      const { train, y, map } = data;
      const [n0, n1] = setting.design.counts;
      const { losses, areas } = await curveOf(setting, data, SIZES.D, numbers);
      const own = matrixOf(map(train), y);
      const plain = await logistic({ C: setting.C, weightScale: "as given" }).fit(own);
      const weighed = await logistic({ C: setting.C, weightScale: "as given", classWeight: "balanced" }).fit(own);
      const learner = mappedLearner(logistic({ C: setting.C, weightScale: "as given" }), map);
      const oversampler = name === "D1" ? smote({ seed: repeat }) : asOversampler("jitter", setting.make, repeat);
      const diagnosis = await diagnose(matrixOf(train, y), { oversampler, learner, folds: 5, seed: repeat });
      if (diagnosis.skipped !== undefined) throw new Error(diagnosis.skipped);
      const { regime, generator, gqs, gqsDebiased, pValue, raw, theoryGamma } = diagnosis;
      return {
        losses,
        areas,
        weights: data.loss(weighed),
        shifted: data.loss(plain, Math.log(n0 / n1)),
        weightsArea: data.area(weighed),
        regime,
        generator,
        gqs: gqs!,
        gqsDebiased: gqsDebiased!,
        rejects: Number(pValue < 0.05),
        rawRejects: Number(raw.tSym > raw.cutoff),
        target: theoryGamma ?? 0,
      };
    },
  };
}

/** Design E: how often the test rejects, in 50 draws. */
function jobE(name: string, d: number, n1: number, kappa: number, shift: number, repeat: number): Job {
  return {
    name,
    repeat,
    async run(numbers) {
      let rejected = 0;
      for (let i = 0; i < DRAWS; i++) rejected += Number((await symmetryOf(E.sample(d, n1, kappa, shift, numbers))).rejects);
      return { rejected };
    },
  };
}
export const DRAWS = 50;

/** The shift at which g is h / √(n₀ n₁ / n). */
function shiftFor(h: number, n1: number, kappa: number): number {
  const wanted = h / Math.sqrt((n1 * kappa) / (1 + kappa));
  let [low, high] = [-0.9, 2];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (E.pull(middle) < wanted) low = middle;
    else high = middle;
  }
  return low;
}

const times = (count: number, job: (repeat: number) => Job): Job[] => Array.from({ length: count }, (_, repeat) => job(repeat));

/** Everything, in an order in which a run that is ended early has something of each design. */
export function allJobs(): Job[] {
  const lists = [
    ...(Object.keys(NOISES) as Noise[]).map((noise) => times(100, (repeat) => jobA(noise, repeat))),
    ...B_ROWS.map((n1) => times(100, (repeat) => jobB(n1, repeat))),
    ...C_ROWS.map((n1) => times(100, (repeat) => jobC(n1, repeat))),
    times(50, jobA2),
    times(100, (repeat) => jobD("D1", repeat)),
    times(20, (repeat) => jobD("D2", repeat)),
    ...E_CASES.map(([d, n1, kappa]) => times(8, (repeat) => jobE(`E ${d} ${n1} ${kappa}`, d, n1, kappa, E.alike, repeat))),
    ...E_SHIFTS.map((h) => times(4, (repeat) => jobE(`E power ${h}`, 5, 500, 5, shiftFor(h, 500, 5), repeat))),
  ];
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, repeat) => lists.flatMap((list) => list[repeat] ?? [])).flat();
}
