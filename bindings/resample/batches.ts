import { checkInteger, checkOptions } from "../check";
import type { Data, Generator, Oversampler, Origins, Run } from "../contracts";
import { rowsByClass, type Dataset } from "../data/dataset";
import { join, shaper, takeRows } from "../data/parts";
import { read } from "../data/read";
import { written } from "../data/write";
import { PURPOSE, units } from "../draw";
import { core } from "../engine/core";
import { withInstanceNow } from "../engine/lease";
import { checkRun } from "../run/work";
import { OriginList } from "./origins";
import { checkOversampler } from "./doors";
import { randomOversample } from "./over/random";

export interface BalancedBatchesOptions {
  /** Rows of a batch; the last one of an epoch may have fewer. Default 32. */
  readonly batchSize?: number | undefined;
  /** What makes the rows that classes lack, and its strategy how many. Default `randomOversample()`. */
  readonly oversampler?: Oversampler | undefined;
  /** How often all rows are gone through. Default 1; Infinity goes on until the caller stops. */
  readonly epochs?: number | undefined;
  /** Random seed of the order. Default 0. */
  readonly seed?: number | undefined;
}

/** Some rows to train on: originals first, then synthetic ones class by class. */
export interface Batch<D> {
  /** From 0. */
  readonly epoch: number;
  /** In the shape that came in. */
  readonly data: D;
  readonly origins: Origins;
}

const OPTIONS = ["batchSize", "oversampler", "epochs", "seed"] as const;

/**
 * Batches for training by gradient steps, without ever holding a balanced copy of the data. In every epoch each original row comes once, and with it as many synthetic
 * rows as the oversampler's strategy asks for, new ones in each epoch. Every batch has the classes in the same shares, to within a row. The same seeds give the
 * same batches.
 *
 *     for await (const { data } of balancedBatches({ X, y, columns }, { batchSize: 128, oversampler: smote(), epochs: 10 })) …
 *
 * @throws {InputError} for unknown options or values, and what the oversampler throws; with the first batch.
 */
export async function* balancedBatches<D extends Data>(
  data: D,
  options: BalancedBatchesOptions = {},
  run?: Run,
): AsyncGenerator<Batch<D>, void, undefined> {
  checkOptions("balancedBatches", options, OPTIONS);
  checkRun("balancedBatches", run);
  const batchSize = checkInteger("batchSize", options.batchSize ?? 32, 1);
  const epochs = options.epochs === Infinity ? Infinity : checkInteger("epochs", options.epochs ?? 1, 0);
  const seed = checkInteger("seed", options.seed ?? 0, 0);
  const oversampler = options.oversampler ?? randomOversample();
  checkOversampler(oversampler);
  const dataset = read(data);
  const generator = await oversampler.fit(data, run);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const places = order(dataset, generator, seed, epoch);
    for (let from = 0; from < places.length; from += batchSize) {
      yield await makeBatch(data, dataset, generator, epoch, places.slice(from, from + batchSize), run);
    }
  }
}

/** A row of an epoch: an original by its number, or row `synthetic` of its class's stream. */
interface Place {
  readonly code: number;
  readonly original: number;
  readonly synthetic: number;
}

/** All rows of an epoch: each class in random order, the classes spread evenly. */
function order(data: Dataset, generator: Generator<Data>, seed: number, epoch: number): Place[] {
  const keyed: { key: number; place: Place }[] = [];
  rowsByClass(data).forEach((rows, code) => {
    const added = generator.counts.get(data.schema.classes[code]!) ?? 0;
    const count = rows.length + added;
    const draws = withInstanceNow(core, (instance) => units(instance, { seed, label: code }, PURPOSE.batch, epoch * 4294967296, count + 1));
    const shuffled = Array.from({ length: count }, (_, j) => j).sort((a, b) => draws[a]! - draws[b]! || a - b);
    let synthetic = epoch * added;
    shuffled.forEach((j, t) => {
      const original = j < rows.length ? rows[j]! : -1;
      keyed.push({ key: (t + draws[count]!) / count, place: { code, original, synthetic: original < 0 ? synthetic++ : -1 } });
    });
  });
  return keyed.sort((a, b) => a.key - b.key || a.place.code - b.place.code).map(({ place }) => place);
}

async function makeBatch<D extends Data>(
  data: D,
  { schema }: Dataset,
  generator: Generator<D>,
  epoch: number,
  places: readonly Place[],
  run: Run | undefined,
): Promise<Batch<D>> {
  run?.signal?.throwIfAborted();
  const originals = Uint32Array.from(
    places.filter(({ original }) => original >= 0),
    ({ original }) => original,
  );
  const origins = new OriginList(originals.length, places.length - originals.length);
  origins.base.set(originals);
  let content = takeRows(data, schema, originals);
  let at = originals.length;
  for (const label of generator.labels) {
    // the stream's rows of one class follow each other
    const made = places.filter(({ code, original }) => original < 0 && schema.classes[code] === label);
    if (made.length === 0) continue;
    const from = made[0]!.synthetic;
    const sample = await generator.sample(label, from, from + made.length, run && { signal: run.signal });
    content = join(content, written(sample.data), schema.layout);
    origins.base.set(sample.origins.base, at);
    origins.neighbor.set(sample.origins.neighbor, at);
    origins.gap.set(sample.origins.gap, at);
    at += made.length;
  }
  return { epoch, data: shaper(data)(content), origins };
}
