import type { Data, Model, Run, Training } from "../../contracts";
import { countsOf, type Dataset } from "../../data/dataset";
import { shaper, takeRows } from "../../data/parts";
import { InputError } from "../../errors";
import { show } from "../../check";
import { partOf } from "../../run/work";
import { folds } from "../folds";
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
  const { schema, labels, n } = dataset;
  const c = schema.classes.length;
  const few = mostFolds(dataset);
  if (few < 2) {
    const alone = schema.classes[countsOf(dataset).indexOf(1)];
    throw new InputError("TOO_FEW_ROWS", `Class ${show(alone)} has 1 row, but calibration needs one to learn from and one to judge by.`);
  }
  const parts = folds(data, { folds: Math.min(options.folds, few), seed: options.seed });
  const shape = shaper(data);
  const rows: number[] = [];
  const said: number[] = [];
  for (const [f, { train, test }] of parts.entries()) {
    const training: Training = {
      weights: given && Array.from(train, (i) => given[i]!),
      realRows: realRows === undefined ? undefined : Math.max(1, Math.round((realRows * train.length) / n)),
      warmStart,
    };
    const model = await fit(shape(takeRows(data, schema, train)), training, partOf(run, f, parts.length));
    const quiet = { signal: run?.signal, threads: run?.threads };
    const { labels: own, probabilities } = await model.predictProbability(shape(takeRows(data, schema, test)), quiet);
    run?.onProgress?.({ done: f + 1, total: parts.length });
    run?.signal?.throwIfAborted();
    const places = schema.classes.map((label) => own.indexOf(label));
    test.forEach((row, t) => {
      rows.push(row);
      for (const place of places) said.push(place < 0 ? 0 : probabilities[t * own.length + place]!);
    });
  }
  return {
    probabilities: Float64Array.from(said),
    codes: Uint32Array.from(rows, (i) => labels[i]!),
    weights: Float64Array.from(rows, (i) => weights[i]!),
    classes: c,
  };
}
