import { smote } from "../../../bindings/index";
import type { Numbers } from "../../../test/support/numbers";
import { sizeOf, type Block, type Make } from "./squared";

/** SMOTE with 5 neighbors, from the library. */
export const smoteRows: Make = async (seeds, count, numbers) => {
  const n = sizeOf(seeds);
  const X = new Float64Array(seeds.values.length + seeds.d);
  X.set(seeds.values);
  // a second class, of one row, that nobody looks at
  const data = { X, columns: seeds.d, y: Array.from({ length: n + 1 }, (_, i) => (i < n ? 1 : 0)) };
  const generator = await smote({ strategy: { times: { 1: 2 } }, seed: numbers.below(4294967296) }).fit(data, { threads: 1 });
  const made = await generator.sample(1, 0, count);
  return { d: seeds.d, values: made.data.X as Float64Array };
};

/** Normal rows with the mean and covariance of the seeds, a tenth of which is that of a sphere. */
export const gaussianFit: Make = (seeds, count, numbers) => {
  const { d, values } = seeds;
  const n = sizeOf(seeds);
  const mean = meanOf(seeds);
  const covariance = new Float64Array(d * d);
  for (let i = 0; i < n; i++)
    for (let a = 0; a < d; a++)
      for (let b = 0; b <= a; b++) covariance[a * d + b]! += ((values[i * d + a]! - mean[a]!) * (values[i * d + b]! - mean[b]!)) / (n - 1);
  let trace = 0;
  for (let a = 0; a < d; a++) trace += covariance[a * d + a]!;
  for (let a = 0; a < d; a++)
    for (let b = 0; b <= a; b++) covariance[a * d + b] = 0.9 * covariance[a * d + b]! + (a === b ? (0.1 * trace) / d : 0);
  const root = choleskyOf(covariance, d);
  const out = new Float64Array(count * d);
  const draw = new Float64Array(d);
  for (let i = 0; i < count; i++) {
    for (let a = 0; a < d; a++) draw[a] = numbers.normal();
    for (let a = 0; a < d; a++) {
      let sum = mean[a]!;
      for (let b = 0; b <= a; b++) sum += root[a * d + b]! * draw[b]!;
      out[i * d + a] = sum;
    }
  }
  return { d, values: out };
};

/** Rows repeated, with normal noise of deviation 1 in every column. */
export const jitter: Make = (seeds, count, numbers) => {
  const { d, values } = seeds;
  const n = sizeOf(seeds);
  const out = new Float64Array(count * d);
  for (let i = 0; i < count; i++) {
    const base = numbers.below(n) * d;
    for (let c = 0; c < d; c++) out[i * d + c] = values[base + c]! + numbers.normal();
  }
  return { d, values: out };
};

/** Fresh noise about the mean of the seeds. */
export const semiOracle =
  (noise: (count: number, numbers: Numbers) => Block): Make =>
  (seeds, count, numbers) => {
    const mean = meanOf(seeds);
    const { d, values } = noise(count, numbers);
    return { d, values: values.map((value, at) => value + mean[at % d]!) };
  };

export function meanOf({ d, values }: Block): Float64Array {
  const mean = new Float64Array(d);
  values.forEach((value, at) => (mean[at % d]! += (value * d) / values.length));
  return mean;
}

/** Lower triangle whose square is the matrix. */
function choleskyOf(matrix: Float64Array, d: number): Float64Array {
  const root = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * d + j]!;
      for (let k = 0; k < j; k++) sum -= root[i * d + k]! * root[j * d + k]!;
      root[i * d + j] = i === j ? Math.sqrt(sum) : sum / root[j * d + j]!;
    }
  }
  return root;
}
