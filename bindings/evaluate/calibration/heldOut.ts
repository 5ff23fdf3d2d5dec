import type { Data, Model, Run, Training } from "../../contracts";
import { countsOf, type Dataset } from "../../data/dataset";
import { cutter } from "../../data/some";
import { InputError } from "../../errors";
import { show } from "../../check";
import { partOf } from "../../run/work";
import { folds } from "../folds";
import { arranged } from "../trial";
import type { HeldOut } from "./calibrator";

/** Learns from data, whole or part. */
export type Fit = (data: Data, training: Training, run: Run | undefined) => Promise<Model>;

/** Folds there can be, each with a row of every class. */
export function mostFolds(data: Dataset): number {
  return Math.min(...countsOf(data).filter((count) => count > 0));
}

/** What models of the other folds say of each row; rows that no fold tests, as the earliest in time, are left out. `weights`: f64 (n), those of the data and of the call. */
export async function heldOut(
  fit: Fit,
  data: Data,
  dataset: Dataset,
  { weights: given, realRows, warmStart }: Training,
  weights: Float64Array,
  options: { readonly folds: number; readonly seed: number },
  run: Run | undefined,
): Promise<HeldOut> {
  const { schema, labels } = dataset;
  const c = schema.classes.length;
  const few = mostFolds(dataset);
  if (few < 2) {
    const alone = schema.classes[countsOf(dataset).indexOf(1)];
    throw new InputError("TOO_FEW_ROWS", `Class ${show(alone)} has 1 row, but calibration needs one to learn from and one to judge by.`);
  }
  const parts = folds(data, { folds: Math.min(options.folds, few), seed: options.seed });
  const part = cutter(data, dataset);
  const rows: number[] = [];
  const said: Float64Array[] = [];
  for (const [f, { train, test }] of parts.entries()) {
    const training: Training = {
      weights: given && Array.from(train, (i) => given[i]!),
      realRows: realRows && Math.max(1, train.filter((i) => i < realRows).length),
      warmStart,
    };
    const model = await fit(part(train), training, partOf(run, f, parts.length));
    const quiet = { signal: run?.signal, threads: run?.threads };
    const { labels: own, probabilities } = await model.predictProbability(part(test), quiet);
    run?.onProgress?.({ done: f + 1, total: parts.length });
    run?.signal?.throwIfAborted();
    for (const row of test) rows.push(row);
    said.push(arranged(probabilities, own, schema.classes, test.length));
  }
  const all = new Float64Array(rows.length * c);
  let at = 0;
  for (const one of said) {
    all.set(one, at);
    at += one.length;
  }
  return {
    probabilities: all,
    codes: Uint32Array.from(rows, (i) => labels[i]!),
    weights: Float64Array.from(rows, (i) => weights[i]!),
    classes: c,
  };
}
