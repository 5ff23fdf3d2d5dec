import type { Learner, Matrix } from "../contracts";
import { folds, type Fold } from "../evaluate/folds";
import { rocAuc } from "../evaluate/metrics/areas";
import { kNN } from "../learn/knn";
import { logistic } from "../learn/logistic";
import { takenRows, type Desk } from "./both";

/** How well classifiers tell synthetic rows from real ones of their class: areas under the ROC curve, 0.5 where they cannot, 1 where they always can. By neighbors less than 0.5 where synthetic rows sit next to the real ones that they were made of. */
export interface TwoSample {
  readonly kNN: number;
  readonly logistic: number;
  /** Rows of either side. */
  readonly compared: { readonly real: number; readonly synthetic: number };
}

const FOLDS = 5;
const MOST_COMPARED = 2000;

/** A rough count: both learners, each row predicted once. */
export function twoSampleWork({ both: { data } }: Pick<Desk, "both">, real: number, synthetic: number): number {
  const n = Math.min(real, MOST_COMPARED) + Math.min(synthetic, MOST_COMPARED);
  return (n * n + 5000 * n) * (data.schema.d + data.schema.q + 2);
}

/**
 * The classifier two-sample test (Lopez-Paz and Oquab 2017) with areas in place of accuracies, so that sides may differ in size: every row is judged by a model of the other folds. Null where a side has fewer
 * than five rows.
 */
export async function twoSampleOf(desk: Desk, real: Uint32Array, synthetic: Uint32Array, seed: number): Promise<TwoSample | null> {
  const [x, y] = [desk.some(real, MOST_COMPARED), desk.some(synthetic, MOST_COMPARED)];
  const total = twoSampleWork(desk, x.length, y.length);
  return desk.part(total, async (work) => {
    if (x.length < FOLDS || y.length < FOLDS) return null;
    const data = matrixOf(desk, x, y);
    const parts = folds(data, { folds: FOLDS, seed });
    const areas: number[] = [];
    for (const learner of [kNN({ kNeighbors: 5, scale: "none", metric: "euclidean" }), logistic({ scale: "standard" })]) {
      areas.push(
        await crossFittedArea(data, learner, parts, async (run) => void (await work.step(run * (total / 2 / FOLDS))), {
          signal: work.run?.signal,
          threads: work.run?.threads,
        }),
      );
    }
    return { kNN: areas[0]!, logistic: areas[1]!, compared: { real: x.length, synthetic: y.length } };
  });
}

/** The area of probabilities that each fold's rows got from a model of the others, for label 1. */
export async function crossFittedArea(
  data: Matrix,
  learner: Learner,
  parts: readonly Pick<Fold, "train" | "test">[],
  counted: (folds: number) => Promise<void>,
  run: { signal?: AbortSignal | undefined; threads?: number | "auto" | undefined } = {},
): Promise<number> {
  const width = data.columns!;
  const [X, labels] = [data.X as Float64Array, data.y as Uint8Array];
  const taken = (rows: Uint32Array): Matrix => {
    const cells = new Float64Array(rows.length * width);
    rows.forEach((row, t) => cells.set(X.subarray(row * width, (row + 1) * width), t * width));
    return { ...data, X: cells, y: Uint8Array.from(rows, (row) => labels[row]!) };
  };
  const scores = new Float64Array(labels.length);
  for (const { train, test } of parts) {
    const model = await learner.fit(taken(train), {}, run);
    const { probabilities } = await model.predictProbability(taken(test), run);
    test.forEach((row, t) => (scores[row] = probabilities[2 * t + 1]!));
    await counted(1);
  }
  return rocAuc(labels, scores, { positive: 1 });
}

/** Columns as they are compared, numbers divided and nominal codes as they are, with label 1 for synthetic rows. */
function matrixOf(desk: Desk, x: Uint32Array, y: Uint32Array): Matrix {
  const { schema, n, numeric, nominal } = takenRows(desk.both.data, x, y);
  const { d, q } = schema;
  const X = new Float64Array(n * (d + q));
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < d; c++) X[i * (d + q) + c] = numeric[i * d + c]! / desk.divisors[c]!;
    for (let c = 0; c < q; c++) X[i * (d + q) + d + c] = nominal[i * q + c]! || NaN;
  }
  const kinds = Array.from({ length: d + q }, (_, c) => (c < d ? "numeric" : "nominal") as "numeric" | "nominal");
  return { X, y: new Uint8Array(n).fill(1, x.length), columns: d + q, kinds };
}
