import {
  customLearner,
  type Features,
  type Learner,
  type Matrix,
  type Model,
  type Oversampler,
  type Training,
} from "../../../bindings/index";
import { withInstance } from "../../../bindings/engine/lease";
import { learn } from "../../../bindings/engine/learn";
import { likelihood, placeRows } from "../../../bindings/learn/likelihood";
import { minimize } from "../../../bindings/learn/minimize";
import { startWork } from "../../../bindings/run/work";
import { Numbers } from "../../../test/support/numbers";
import { rowsOf, sizeOf, type Block, type Make } from "./squared";

/** One block behind the other. */
export function joined(first: Block, second: Block): Block {
  const values = new Float64Array(first.values.length + second.values.length);
  values.set(first.values);
  values.set(second.values, first.values.length);
  return { d: first.d, values };
}

export function matrixOf({ d, values }: Block, y: ArrayLike<number>): Matrix {
  return { X: values, columns: d, y: Array.from(y) };
}

/** Logistic regression without an intercept and without a penalty: coefficients. */
export async function fitWithoutIntercept(
  { d, values }: Block,
  y: ArrayLike<number>,
  weights?: ArrayLike<number>,
  start?: Float64Array,
): Promise<Float64Array> {
  const n = y.length;
  return withInstance(learn, (instance) =>
    instance.arena.during(async () => {
      const { arena } = instance;
      const stride = d + (d % 2);
      const placed = placeRows(instance, n, stride, 1);
      const rows = arena.view(Float64Array, placed.rows, n * stride);
      for (let i = 0; i < n; i++) for (let c = 0; c < d; c++) rows[i * stride + c] = values[i * d + c]!;
      arena.view(Float64Array, placed.targets, n).set(Array.from(y));
      arena.view(Float64Array, placed.weights, n).set(weights ? Array.from(weights) : new Float64Array(n).fill(1));
      const ridge = Float64Array.from({ length: stride }, (_, c) => (c < d ? 1e-6 : 1));
      const objective = likelihood(instance, startWork(undefined, 1), placed, ridge);
      const from = new Float64Array(stride);
      if (start) from.set(start);
      return (await minimize(objective, from, { tolerance: 1e-6 * n, maxIterations: 50, renew: 1 })).at.slice(0, d);
    }),
  );
}

/** Balanced log loss of log odds: mean over classes of the class's mean. */
export function balancedLoss(odds: ArrayLike<number>, y: ArrayLike<number>, shift = 0): number {
  const [sums, counts] = [[0, 0] as [number, number], [0, 0] as [number, number]];
  for (let i = 0; i < y.length; i++) {
    const odd = (odds[i]! + shift) * (y[i] ? -1 : 1);
    sums[y[i] as 0 | 1] += odd > 0 ? odd + Math.log1p(Math.exp(-odd)) : Math.log1p(Math.exp(odd));
    counts[y[i] as 0 | 1]++;
  }
  return (sums[0] / counts[0] + sums[1] / counts[1]) / 2;
}

/** Area under the ROC curve of log odds without ties. */
export function areaUnder(odds: Float64Array, y: ArrayLike<number>): number {
  const order = [...odds.keys()].sort((a, b) => odds[a]! - odds[b]!);
  let [below, area, ones] = [0, 0, 0];
  for (const i of order) {
    if (y[i]) [area, ones] = [area + below, ones + 1];
    else below++;
  }
  return area / below / ones;
}

/** xᵀθ for each row. */
export function oddsOf({ d, values }: Block, theta: ArrayLike<number>): Float64Array {
  const odds = new Float64Array(values.length / d);
  for (let i = 0; i < odds.length; i++) for (let c = 0; c < d; c++) odds[i]! += values[i * d + c]! * theta[c]!;
  return odds;
}

/** Log odds of the second class by a model with coefficients, rows as its last layer sees them. */
export function modelOdds(model: Model, rows: Block): Float64Array {
  const { names, values } = model.features!({ X: rows.values, columns: rows.d });
  const { coefficients } = model;
  if (!coefficients) throw new Error("A linear last layer is needed.");
  return oddsOf({ d: names.length, values }, coefficients.values).map((odd) => odd + coefficients.intercepts[0]!);
}

/** Random Fourier features of a normal kernel exp(−gamma · distance²): Rahimi, Recht (2007). */
export function fourierMap(d: number, gamma: number, features: number, numbers: Numbers): (rows: Block) => Block {
  const directions = numbers.block(d, features, () => Math.sqrt(2 * gamma) * numbers.normal());
  const phases = Float64Array.from({ length: features }, () => 2 * Math.PI * numbers.unit());
  return ({ values }) => {
    const n = values.length / d;
    const out = new Float64Array(n * features);
    for (let i = 0; i < n; i++) {
      for (let f = 0; f < features; f++) {
        let angle = phases[f]!;
        for (let c = 0; c < d; c++) angle += values[i * d + c]! * directions[c * features + f]!;
        out[i * features + f] = Math.sqrt(2 / features) * Math.cos(angle);
      }
    }
    return { d: features, values: out };
  };
}

/** Another learner on mapped rows; the map is the same for all fits. */
export function mappedLearner(inner: Learner, map: (rows: Block) => Block): Learner {
  const spread = (data: Features): Matrix => {
    const { X, y, columns } = data as Matrix;
    const { d, values } = map({ d: columns!, values: X as Float64Array });
    return { X: values, columns: d, ...(y && { y }) } as Matrix;
  };
  const inside = new WeakMap<Model, Model>();
  const outer = (model: Model): Model => {
    const made: Model = {
      ...model,
      predictProbability: (data, run) => model.predictProbability(spread(data), run),
      predict: (data, run) => model.predict(spread(data), run),
      features: (data) => model.features!(spread(data)),
    };
    inside.set(made, model);
    return made;
  };
  return {
    ...inner,
    name: `${inner.name} on mapped rows`,
    fit: async (data, training: Training = {}, run) => {
      const warmStart = training.warmStart && inside.get(training.warmStart);
      return outer(await inner.fit(spread(data), { ...training, ...(warmStart && { warmStart }) }, run));
    },
    restore: (stored) => outer(inner.restore(stored)),
  };
}

/** Logistic regression without an intercept as a learner. */
export const withoutIntercept: Learner = customLearner({
  name: "withoutIntercept",
  weights: "positive",
  scale: "none",
  async fit(X, y, { weights, warmStart }) {
    const d = X[0]!.length;
    const theta = await fitWithoutIntercept(
      { d, values: Float64Array.from(X.flat()) },
      y,
      weights,
      (warmStart as { theta?: Float64Array } | undefined)?.theta,
    );
    return {
      theta,
      predictProbability: (rows: number[][]) =>
        rows.map((row) => {
          const chance = 1 / (1 + Math.exp(-row.reduce((sum, x, c) => sum + x * theta[c]!, 0)));
          return [1 - chance, chance];
        }),
    };
  },
});

/** A maker of rows as an oversampler of class 1: its stream is made in one piece, longer when more is asked for. */
export function asOversampler(name: string, make: Make, seed: number): Oversampler {
  const never = (): never => {
    throw new Error(`${name} only fits.`);
  };
  return {
    name,
    options: { strategy: "auto", seed },
    resample: never,
    fit: async (data) => {
      const { X, y, columns } = data as Matrix;
      const labels = Array.from(y as ArrayLike<number>);
      const own = labels.flatMap((label, i) => (label === 1 ? [i] : []));
      const seeds = rowsOf({ d: columns!, values: X as Float64Array }, own);
      const gap = labels.length - 2 * own.length;
      const pool = await make(seeds, 4 * gap, new Numbers(seed));
      return {
        method: name,
        labels: [1],
        counts: new Map([[1, gap]]),
        notes: [],
        sample: async (_label, from, to) => {
          if (to > sizeOf(pool)) throw new Error(`${name} was made for ${sizeOf(pool)} rows.`);
          const rows = {
            X: pool.values.slice(from * seeds.d, to * seeds.d),
            columns: seeds.d,
            y: Array.from({ length: to - from }, () => 1),
          };
          return { data: rows as never, origins: undefined as never };
        },
        toJSON: never,
      };
    },
  };
}
