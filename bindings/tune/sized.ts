import { checkOneOf } from "../check";
import type { ClassCount, Data, Generator, Label, Oversampler, Resampled, ResampleRun, Run, StoredGenerator } from "../contracts";
import { allRows, countsOf } from "../data/dataset";
import { marked } from "../data/marks";
import { join, shaper, takeRows } from "../data/parts";
import { read } from "../data/read";
import { written } from "../data/write";
import { OriginList } from "../resample/origins";
import { checkRun, RESAMPLE_OPTIONS } from "../run/work";

/** By label, the multiple of what the strategy asks for; 0 where nothing is said. */
export type Gammas = ReadonlyMap<Label, number>;

/** Rows to add of a class of which the strategy asks for so many. */
export function rowsFor(gamma: number, asked: number): number {
  return Math.round(gamma * asked);
}

/** An oversampler that adds another number of rows: multiples of what its strategy asks for, by class. The rows of its streams are the same. */
export function sized(oversampler: Oversampler, gammas: Gammas): Oversampler {
  const countsFor = (generator: Generator<Data>): Map<Label, number> =>
    new Map([...generator.counts].map(([label, asked]) => [label, rowsFor(gammas.get(label) ?? 0, asked)]));
  return Object.freeze({
    name: oversampler.name,
    options: Object.freeze({ ...oversampler.options, gamma: Object.fromEntries(gammas) }),
    async fit<D extends Data>(data: D, run?: Run): Promise<Generator<D>> {
      const generator = await oversampler.fit(data, run);
      const counts = countsFor(generator);
      return Object.freeze({
        ...generator,
        counts,
        toJSON(): StoredGenerator {
          const stored = generator.toJSON();
          return { ...stored, counts: generator.labels.map((label) => counts.get(label)!) };
        },
      });
    },
    async resample<D extends Data>(data: D, run?: ResampleRun): Promise<Resampled<D>> {
      checkRun("resample", run, RESAMPLE_OPTIONS);
      const only = checkOneOf("only", run?.only ?? "all", ["all", "synthetic"]);
      const dataset = read(data);
      const { schema, n } = dataset;
      const own: Run = { signal: run?.signal, threads: run?.threads };
      // nothing to add: no generator is asked
      const generator = [...gammas.values()].some((gamma) => gamma > 0)
        ? await oversampler.fit(data, { ...own, onProgress: run?.onProgress })
        : undefined;
      const counts: Map<Label, number> = generator ? countsFor(generator) : new Map();
      const rows = only === "all" ? allRows(n) : new Uint32Array(0);
      const origins = new OriginList(
        rows.length,
        [...counts.values()].reduce((sum, count) => sum + count, 0),
      );
      let content = takeRows(data, schema, rows);
      let at = rows.length;
      for (const [label, count] of counts) {
        const sample = await generator!.sample(label, 0, count, own);
        content = join(content, written(sample.data), schema.layout);
        origins.base.set(sample.origins.base, at);
        origins.neighbor.set(sample.origins.neighbor, at);
        origins.gap.set(sample.origins.gap, at);
        at += count;
      }
      return {
        data: marked(shaper(data)(content), { method: oversampler.name, origins }),
        origins,
        notes: generator?.notes ?? ["No rows were added: the tuned size is 0."],
        counts: new Map(
          countsOf(dataset).map((before, code): [Label, ClassCount] => {
            const label = schema.classes[code]!;
            const added = counts.get(label) ?? 0;
            return [label, { before, added, removed: 0, after: before + added }];
          }),
        ),
      };
    },
  });
}
