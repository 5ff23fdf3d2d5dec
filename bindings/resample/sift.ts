import { allRows, type Dataset, type Made } from "../data/dataset";
import type { CoreExports } from "../engine/exports";
import type { Instance } from "../engine/lease";
import type { Work } from "../run/work";
import { searchBytes, searchNeighbors } from "../search/neighbors";
import { divisorsOf, placeQueries, placeReference, statisticsOfAll, type InSpace, type SpaceOptions } from "../search/space";
import { emit, makeRoom, placeSource } from "./emit";
import { blockOf, emitWork, type MakeRows } from "./generate";
import { plan } from "./plan";
import { everyRow } from "./surroundings";

/** Attempt a draws as the class with this many times a more than its code would, which no data has. */
const APART = 0x1000000;

/** How candidates are judged. */
export interface Sieve {
  /** How often a row of the stream is tried. */
  readonly attempts: number;
  /** How bad each candidate that waits is. */
  readonly judge: (instance: Instance<CoreExports>, work: Work) => Judge;
  /** From how bad on it is rejected. */
  readonly limit: number;
  /** Told the first row of the stream none of whose candidates was accepted; may throw. */
  readonly onRejected: (label: number, t: number) => void;
}

/**
 * Rows of a stream that are tried until one is accepted. Attempt a at row t has draws of its own, so the row depends on nothing else; if all are rejected the least bad
 * is kept, of several the first.
 */
export function sift({ attempts, judge: judgeBy, limit, onRejected }: Sieve): MakeRows {
  return (instance, work, { schema, seed }, choices, [from, to], into, origins, at, shift) =>
    instance.arena.during(async () => {
      // what sifts was fitted here, with the core
      const judge = judgeBy(instance as Instance<CoreExports>, work);
      const source = placeSource(instance, schema, choices);
      const block = blockOf(schema);
      const { label } = choices;
      let vain = 0;
      for (let first = from; first < to; first += block) {
        const m = Math.min(block, to - first);
        const candidates = makeRoom(schema, m);
        const least = new Float64Array(m).fill(Infinity);
        const kept = plan(instance, choices, seed, first, first + m);
        let waiting = allRows(m);
        for (let attempt = 0; attempt < attempts && waiting.length; attempt++) {
          const planned = plan(instance, { ...choices, label: label + attempt * APART }, seed, first, first + m);
          emit(instance, schema, source, planned, seed, candidates, 0);
          const found = await judge(candidates, waiting, label);
          waiting.forEach((t, w) => {
            if (found[w]! >= least[t]! && attempt) return;
            least[t] = found[w]!;
            copyRow(candidates, t, into, at + first - from + t);
            kept.bases[t] = planned.bases[t]!;
            kept.neighbors[t] = planned.neighbors[t]!;
            kept.gaps[t] = planned.gaps[t]!;
          });
          waiting = waiting.filter((t) => least[t]! >= limit);
          await work.step(emitWork(schema, m));
        }
        if (waiting.length) onRejected(label, first + waiting[0]!);
        vain += waiting.length;
        origins.record(at + shift + first - from, choices, kept);
      }
      const name = JSON.stringify(schema.classes[label]);
      if (vain)
        return `${vain} of ${to - from} rows of class ${name} had no candidate that was accepted; the best of ${attempts} was kept.`;
    });
}

export type Judge = (candidates: Made, waiting: Uint32Array, label: number) => Promise<ArrayLike<number>>;

/** Counts the rows of other classes among the k nearest of each candidate that waits. */
export function judgeOf(instance: Instance<CoreExports>, work: Work, data: Dataset, k: number, options: SpaceOptions): Judge {
  const all = everyRow(data);
  const { scale, ...compare } = options;
  const { schema, n } = data;
  const { space, placed }: InSpace = placeReference(
    instance,
    data,
    all,
    divisorsOf(schema, scale, () => statisticsOfAll(instance, data)),
    compare,
  );
  return (candidates, waiting, label) =>
    instance.arena.during(async () => {
      const bytes = searchBytes(schema, waiting.length, k, true) + searchBytes(schema, n, 0, true);
      instance.arena.reserve(bytes, `Judging ${waiting.length} candidates by their ${k} nearest rows`);
      const asked = placeQueries(instance, { ...data, ...candidates, n: candidates.m }, waiting, space, options.missing);
      const { indices } = await searchNeighbors(instance, work, schema, asked.space, asked.placed, placed, k);
      return Uint32Array.from(waiting, (_, w) => indices.subarray(w * k, (w + 1) * k).filter((row) => data.labels[row] !== label).length);
    });
}

function copyRow(from: Made, t: number, into: Made, at: number): void {
  const [d, q] = [from.numeric.length / from.m, from.nominal.length / from.m];
  into.numeric.set(from.numeric.subarray(t * d, (t + 1) * d), at * d);
  into.labels[at] = from.labels[t]!;
  into.nominal.set(from.nominal.subarray(t * q, (t + 1) * q), at * q);
  if (into.weights && from.weights) into.weights[at] = from.weights[t]!;
  from.carried.forEach((cells, c) => ((into.carried[c] as unknown[])[at] = cells[t]));
}
