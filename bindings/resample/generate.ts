import { checkInteger, list, show } from "../check";
import type { Generator, Label, Run, Sample, StoredGenerator } from "../contracts";
import type { Made, Schema } from "../data/dataset";
import { write, type Written } from "../data/write";
import type { SamplingExports } from "../engine/exports";
import { withInstance, type Binary, type Instance } from "../engine/lease";
import { InputError } from "../errors";
import { checkRun, startWork, type Work } from "../run/work";
import type { Choices } from "./choices";
import { emit, makeRoom, placeSource } from "./emit";
import { OriginList } from "./origins";
import { plan } from "./plan";

/** A fitted oversampler as plain data: the streams of its classes and how to write their rows. */
export interface Fitted {
  readonly method: string;
  readonly seed: number;
  readonly schema: Schema;
  readonly streams: readonly Choices[];
  /** Rows that the strategy asked for, stream by stream. */
  readonly counts: readonly number[];
  readonly notes: readonly string[];
}

/** Row numbers of a result are 32 bits wide. */
export const MOST_ROWS = 4294967295;

/** Rows made at a time: some milliseconds of work, whatever their width. */
const BLOCK_CELLS = 2e5;

/** Work of making m rows. */
export function emitWork({ d, q }: Schema, m: number): number {
  return m * (d + 4 * q + 4) * 8;
}

/** What makes rows, and says what a result should tell of them. */
export type MakeRows = (...given: Parameters<typeof makeRows>) => Promise<string | void>;

/** Rows of a block. */
export function blockOf({ d, q }: Schema): number {
  return Math.max(1, Math.floor(BLOCK_CELLS / (d + q + 1)));
}

/** Makes rows [from, to) of a stream into `into` and `origins`, from place `at`, and `at + shift`, on. */
export async function makeRows(
  instance: Instance<SamplingExports>,
  work: Work,
  { schema, seed }: Pick<Fitted, "schema" | "seed">,
  choices: Choices,
  [from, to]: readonly [number, number],
  into: Made,
  origins: OriginList,
  at: number,
  shift: number,
): Promise<void> {
  await instance.arena.during(async () => {
    const source = placeSource(instance, schema, choices);
    const block = blockOf(schema);
    for (let first = from; first < to; first += block) {
      const planned = plan(instance, choices, seed, first, Math.min(first + block, to));
      emit(instance, schema, source, planned, seed, into, at + first - from);
      origins.record(at + shift + first - from, choices, planned);
      await work.step(emitWork(schema, planned.m));
    }
  });
}

/** The generator of what was fitted, with the kernels of `binary`; `shape` turns written rows into the caller's kind of data. */
export function generatorOf<D>(
  binary: Binary<SamplingExports>,
  fitted: Fitted,
  shape: (content: Written) => D,
  toJSON: () => StoredGenerator,
  make: MakeRows = makeRows,
): Generator<D> {
  const { schema, streams } = fitted;
  const labels = streams.map(({ label }) => schema.classes[label]!);
  return Object.freeze({
    method: fitted.method,
    labels,
    counts: new Map(labels.map((label, s) => [label, fitted.counts[s]!])),
    notes: fitted.notes,
    async sample(label: Label, from: number, to: number, run?: Run): Promise<Sample<D>> {
      checkRun("sample", run);
      const choices = streams[labels.indexOf(label)];
      if (!choices) {
        throw new InputError(
          "LABEL",
          `This generator was asked for class ${show(label)}, but was fitted for ${list(labels)}; name the class in the strategy.`,
        );
      }
      checkInteger("from", from, 0);
      const m = checkInteger("to", to, from, from + MOST_ROWS) - from;
      const made = makeRoom(schema, m);
      const origins = new OriginList(0, m);
      const work = startWork(run, emitWork(schema, m));
      await withInstance(binary, (instance) => make(instance, work, fitted, choices, [from, to], made, origins, 0, 0));
      return { data: shape(write(schema, made)), origins };
    },
    toJSON,
  });
}
