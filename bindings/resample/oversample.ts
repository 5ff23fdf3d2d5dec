import { checkInteger, checkOneOf } from "../check";
import type { ClassCount, Data, Generator, Label, Matrix, Oversampler, Resampled, ResampleRun, Run, Strategy } from "../contracts";
import { classSizes, rowsByClass, type ColumnStatistics, type Dataset, type Made } from "../data/dataset";
import { marked } from "../data/marks";
import { append, shaper } from "../data/parts";
import { read } from "../data/read";
import { write } from "../data/write";
import { core } from "../engine/core";
import type { CoreExports } from "../engine/exports";
import { withInstance, type Instance } from "../engine/lease";
import { InputError } from "../errors";
import { checkThreads } from "../run/job";
import { checkRun, LEND, RESAMPLE_OPTIONS, startWork, type Work, type Working } from "../run/work";
import { statisticsOfAll } from "../search/space";
import { ALL_THE_WAY, evenLists, NO_ROW, type Bases, type Choices } from "./choices";
import { makeRoom } from "./emit";
import { emitWork, generatorOf, makeRows, MOST_ROWS, type Fitted, type MakeRows } from "./generate";
import { OriginList } from "./origins";
import { store } from "./store";
import { ranksOf, rowsToAdd } from "./strategy";

/** Options that every oversampler has. */
export interface CommonOptions {
  /** How many rows to add. Default `"auto"`: every class grows to the size of the largest. */
  readonly strategy?: Strategy | undefined;
  /** Random seed, a whole number from 0 to 2^53 − 1. Default 0. The same seed gives the same bytes on every runtime. */
  readonly seed?: number | undefined;
  /**
   * How base rows are drawn. Default `"even"`: every row gets its share of the children, to within one or a few. `"independent"`: with replacement.
   */
  readonly draws?: "even" | "independent" | undefined;
  /** `"imbalanced-learn"`: the counts of that library, whose bases are drawn with replacement. Totals are the same. */
  readonly compat?: "imbalanced-learn" | undefined;
}

/** Numbers in a page of memory. */
const PAGE = 512;

export const COMMON_OPTIONS = ["strategy", "seed", "draws", "compat"] as const;

/** Common options with their defaults filled in; the strategy is checked when it meets data. */
export function commonOptions(given: CommonOptions): {
  strategy: Strategy;
  seed: number;
  draws: Bases["draws"];
  compat?: "imbalanced-learn";
} {
  const compat = given.compat && checkOneOf("compat", given.compat, ["imbalanced-learn"]);
  return {
    strategy: given.strategy ?? "auto",
    seed: checkInteger("seed", given.seed ?? 0, 0),
    draws: checkOneOf("draws", given.draws ?? (compat ? "independent" : "even"), ["even", "independent"]),
    ...(compat && { compat }),
  };
}

/** What a method sees of one class when it makes its choices. */
export interface Scene {
  readonly instance: Instance<CoreExports>;
  readonly work: Work;
  readonly data: Dataset;
  /** Code of the class to grow, its label in quotes for sentences, and its rows. */
  readonly code: number;
  readonly name: string;
  readonly rows: Uint32Array;
  /** Of every row, computed once and only if asked for. */
  readonly statistics: () => ColumnStatistics;
  readonly note: (sentence: string) => void;
}

/** What a method decides; the rest of the choices is the rows that it speaks of. */
export interface Decided extends Pick<Choices, "bases" | "neighbors" | "k" | "rule">, Partial<Pick<Choices, "lists" | "spans" | "gaps">> {
  /** Row numbers of the data, those to grow from first; default: the class's own. With companions or points, `bases.shares` tells how many they are. */
  readonly rows?: Uint32Array;
  /** f64 (rows, d): values in place of the rows' own. */
  readonly values?: Float64Array;
  /** Points that are no row of the data: in `neighbors`, p is counted on from the rows. */
  readonly points?: Points;
}

/** Points in the columns of the data, one after the other. Unless told, the weight of each is 1, and it has no row. */
export type Points = Pick<Choices, "numeric" | "nominal"> & Partial<Pick<Choices, "weights" | "rows">>;

/** A method: four choices for each class. */
export interface Method {
  readonly name: string;
  /** Every option with its value. */
  readonly options: Readonly<Record<string, unknown>> & { readonly strategy: Strategy; readonly seed: number };
  /** Work of making the choices for a class of n rows, at least. */
  readonly workFor: (data: Dataset, n: number) => number;
  /** Makes them; null when the class is to be left as it is, which the method has noted. */
  readonly choose: (scene: Scene) => Promise<Decided | null>;
  /** What makes the rows of some data, where planning them is not enough; a method that has it has a `store` too. */
  readonly makerFor?: (data: Dataset) => MakeRows;
  readonly store?: typeof store;
}

/** The oversampler of a method: counts, the loop over classes, provenance and the caller's shape, for all methods alike. */
export function oversampler(method: Method): Oversampler {
  return marked(
    Object.freeze({
      name: method.name,
      options: Object.freeze(method.options),
      async resample<D extends Data>(data: D, run?: ResampleRun): Promise<Resampled<D>> {
        checkRun("resample", run, RESAMPLE_OPTIONS);
        checkThreads(run);
        const only = checkOneOf("only", run?.only ?? "all", ["all", "synthetic"]);
        const dataset = read(data);
        const { schema, n } = dataset;
        const sizes = classSizes(dataset);
        const named = rowsToAdd(method.options.strategy, schema.classes, sizes, ranksOf(run?.ranking, schema.classes, sizes));
        const asked = new Map([...named].filter(([, rows]) => rows > 0));
        return withInstance(core, async (instance) => {
          const requested = [...asked.values()].reduce((sum, rows) => sum + rows, 0);
          if (n + requested > MOST_ROWS) {
            throw new InputError(
              "STRATEGY",
              `The strategy asks for ${requested} rows beside ${n}, but a result holds ${MOST_ROWS}; fit, and sample in parts.`,
            );
          }
          const originals = only === "all" ? n : 0;
          // in one array with the originals, which need not be moved behind each other then
          const { X } = data as Matrix;
          const front = X instanceof Float64Array && !schema.q && originals ? X : [];
          let room: Made | undefined;
          // new memory takes its time, page by page, for which workers need not wait
          const meanwhile = (): Made => {
            if (room) return room;
            return (room = makeRoom(schema, requested, (more) => {
              const length = front.length + more;
              const all = (run as Working | undefined)?.[LEND]?.(length) ?? new Float64Array(length);
              for (let at = 0; at < length; at += PAGE) all[at] = 0;
              all.set(front);
              return all.subarray(front.length);
            }));
          };
          const { fitted, work } = await fit(method, instance, dataset, asked, { ...run, meanwhile }, requested);
          const added = fitted.counts.reduce((sum, rows) => sum + rows, 0);
          const made = added < requested ? makeRoom(schema, added) : meanwhile();
          const origins = new OriginList(originals, added);
          const make = method.makerFor?.(dataset) ?? makeRows;
          const notes = [...fitted.notes];
          if (!requested) notes.push("No rows were added: the strategy asks for none.");
          let at = 0;
          for (const [s, choices] of fitted.streams.entries()) {
            const said = await make(instance, work, fitted, choices, [0, fitted.counts[s]!], made, origins, at, originals);
            if (said) notes.push(said);
            at += fitted.counts[s]!;
          }
          const synthetic = write(schema, made);
          const content = only === "all" ? append(data, schema, synthetic) : synthetic;
          return {
            data: marked(shaper(data)(content), { method: method.name, origins }),
            origins,
            notes,
            counts: classCounts(sizes, fitted),
          };
        });
      },
      async fit<D extends Data>(data: D, run?: Run): Promise<Generator<D>> {
        checkRun("fit", run);
        checkThreads(run);
        const dataset = read(data);
        const named = rowsToAdd(method.options.strategy, dataset.schema.classes, classSizes(dataset));
        // of a class that does not grow, a part of a table has no rows
        const asked = dataset.whole ? new Map([...named].filter(([, rows]) => rows > 0)) : named;
        const { fitted } = await withInstance(core, (instance) => fit(method, instance, dataset, asked, run, 0));
        return generatorOf(core, fitted, shaper(data), () => (method.store ?? store)(fitted), method.makerFor?.(dataset));
      },
    }),
    {},
  );
}

/** Lets the method choose for every class asked for. The work goes on to count up to `rows` made. */
async function fit(
  method: Method,
  instance: Instance<CoreExports>,
  data: Dataset,
  asked: ReadonlyMap<number, number>,
  run: Working | undefined,
  rows: number,
): Promise<{ fitted: Fitted; work: Work }> {
  const { schema } = data;
  const byClass = rowsByClass(data);
  const choosing = [...asked.keys()].reduce((sum, code) => sum + method.workFor(data, byClass[code]!.length), 0);
  const work = startWork(run, choosing + emitWork(schema, rows));
  const notes: string[] = [];
  const streams: Choices[] = [];
  const counts: number[] = [];
  let all: ColumnStatistics | undefined;
  for (const [code, count] of asked) {
    const decided = await instance.arena.during(() =>
      method.choose({
        instance,
        work,
        data,
        code,
        name: JSON.stringify(schema.classes[code]),
        rows: byClass[code]!,
        statistics: () => (all ??= statisticsOfAll(instance, data)),
        note: (sentence) => notes.push(sentence),
      }),
    );
    if (!decided) continue;
    const { rows: spokenOf = byClass[code]!, values, points, ...choices } = decided;
    const b = choices.bases.shares?.length ?? spokenOf.length;
    streams.push({
      label: code,
      lists: evenLists(b, choices.k),
      spans: ALL_THE_WAY,
      ...choices,
      ...rowsOf(data, code, spokenOf, b, values, points),
    });
    counts.push(count);
  }
  return { work, fitted: { method: method.name, seed: method.options.seed, schema, streams, counts, notes } };
}

/** Rows copied out of the data, those of other classes without nominal values, and points behind them. The first `b` have carried cells. */
function rowsOf(
  data: Dataset,
  code: number,
  rows: Uint32Array,
  b: number,
  values?: Float64Array,
  points?: Points,
): Pick<Choices, "rows" | "numeric" | "nominal" | "weights" | "carried"> {
  const { schema, weights, whole } = data;
  const { d, q } = schema;
  const n = rows.length + (points ? points.numeric.length / d || points.nominal.length / q : 0);
  const numbers = new Uint32Array(n).fill(NO_ROW);
  const number = (i: number): number => whole?.rows[i] ?? i;
  const numeric = new Float64Array(n * d);
  const nominal = new Uint32Array(n * q);
  rows.forEach((i, t) => {
    numbers[t] = number(i);
    numeric.set(data.numeric.subarray(i * d, i * d + d), t * d);
    if (data.labels[i] === code) for (let c = 0; c < q; c++) nominal[t * q + c] = data.nominal[i * q + c]!;
  });
  if (values) numeric.set(values);
  if (points) {
    if (points.rows) numbers.set(points.rows.map(number), rows.length);
    numeric.set(points.numeric, rows.length * d);
    nominal.set(points.nominal, rows.length * q);
  }
  return {
    rows: numbers,
    numeric,
    nominal,
    weights:
      weights &&
      Float64Array.from({ length: n }, (_, t) => (t < rows.length ? weights[rows[t]!]! : (points!.weights?.[t - rows.length] ?? 1))),
    carried: data.carried.map((cells) => Array.from(rows.subarray(0, b), (i) => cells[i])),
  };
}

function classCounts(sizes: readonly number[], { schema, streams, counts }: Fitted): ReadonlyMap<Label, ClassCount> {
  const added = new Map(streams.map(({ label }, s) => [label, counts[s]!]));
  return new Map(
    sizes.map((before, code) => {
      const more = added.get(code) ?? 0;
      return [schema.classes[code]!, { before, added: more, removed: 0, after: before + more }];
    }),
  );
}
