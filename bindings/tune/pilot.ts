import type { Data, Label, Learner, Model, Run } from "../contracts";
import type { Dataset } from "../data/dataset";
import type { Group } from "./moments";
import type { View } from "./view";

/** Probabilities are kept so far off 0 and 1. */
const LEAST_CHANCE = 1e-10;

/** A fit in which each class weighs the same, to these rows of the data: `part`. */
export function fitBalanced(
  learner: Learner,
  part: Data,
  { labels, weights, schema }: Dataset,
  rows: Uint32Array,
  run: Run,
): Promise<Model> {
  const sums = new Float64Array(schema.classes.length);
  for (const i of rows) sums[labels[i]!]! += weights ? weights[i]! : 1;
  return learner.fit(part, { weights: Float64Array.from(rows, (i) => rows.length / 2 / sums[labels[i]!]!) }, run);
}

/** f64 (m): what a model says of one class. */
export async function chancesOf(model: Model, rows: Data, label: Label, run: Run): Promise<Float64Array> {
  const { labels, probabilities } = await model.predictProbability(rows, run);
  const [c, code] = [labels.length, labels.indexOf(label)];
  return Float64Array.from({ length: probabilities.length / c }, (_, i) => {
    const chance = probabilities[i * c + code]!;
    return Math.min(Math.max(chance, LEAST_CHANCE), 1 - LEAST_CHANCE);
  });
}

/** Rows z (m, stride) of one class with the derivatives of their logistic loss; `chances` are of class 1, `target` is 1 or 0. */
export function groupOf({ p, stride }: View, z: Float64Array, chances: Float64Array, target: 0 | 1, weights?: Float64Array): Group {
  const own = weights ?? new Float64Array(chances.length).fill(1);
  let [sum, squares] = [0, 0];
  for (const weight of own) [sum, squares] = [sum + weight, squares + weight * weight];
  return {
    p,
    stride,
    z,
    shares: own.map((weight) => weight / sum),
    size: (sum * sum) / squares,
    slopes: chances.map((chance) => chance - target),
    curves: chances.map((chance) => chance * (1 - chance)),
  };
}

/** Third derivatives of the logistic loss, of a group. */
export function bendsOf({ slopes, curves }: Group): Float64Array {
  // chance and slope differ by the target, and a chance beyond ½ bends down
  return curves.map((curve, i) => curve * (slopes[i]! < 0 ? -1 - 2 * slopes[i]! : 1 - 2 * slopes[i]!));
}
