import { checkInteger, checkOneOf } from "../check";
import type { ClassCount, Data, Generator, Label, Oversampler, Resampled, ResampleRun, Run, Strategy } from "../contracts";
import { classSizes, rowsByClass, type ColumnStatistics, type Dataset } from "../data/dataset";
import { append, shaper } from "../data/parts";
import { read } from "../data/read";
import { write } from "../data/write";
import { core } from "../engine/core";
import type { CoreExports } from "../engine/exports";
import { withInstance, type Instance } from "../engine/lease";
import { InputError } from "../errors";
import { checkThreads } from "../run/job";
import { checkRun, RESAMPLE_OPTIONS, startWork, type Work } from "../run/work";
import { statisticsOfAll } from "../search/space";
import type { Bases, Choices } from "./choices";
import { makeRoom } from "./emit";
import { emitWork, generatorOf, makeRows, MOST_ROWS, type Fitted } from "./generate";
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

/** What a method decides; the rest of the choices is the class's own rows. */
export type Decided = Pick<Choices, "bases" | "neighbors" | "k" | "rule">;

/** A method: four choices for each class. */
export interface Method {
  readonly name: string;
  /** Every option with its value. */
  readonly options: Readonly<Record<string, unknown>> & { readonly strategy: Strategy; readonly seed: number };
  /** Work of making the choices for a class of n rows. */
  readonly workFor: (data: Dataset, n: number) => number;
  /** Makes them; null when the class is to be left as it is, which the method has noted. */
  readonly choose: (scene: Scene) => Promise<Decided | null>;
}

/** The oversampler of a method: counts, the loop over classes, provenance and the caller's shape, for all methods alike. */
export function oversampler(method: Method): Oversampler {
  return Object.freeze({
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
            `The strategy asks for ${requested} rows beside the ${n} there are, but a result holds ${MOST_ROWS}; fit, and sample in parts.`,
          );
        }
        const { fitted, work } = await fit(method, instance, dataset, asked, run, requested);
        const added = fitted.counts.reduce((sum, rows) => sum + rows, 0);
        const originals = only === "all" ? n : 0;
        const made = makeRoom(schema, added);
        const origins = new OriginList(originals, added);
        let at = 0;
        for (const [s, choices] of fitted.streams.entries()) {
          await makeRows(instance, work, fitted, choices, [0, fitted.counts[s]!], made, origins, at, originals);
          at += fitted.counts[s]!;
        }
        const synthetic = write(schema, made);
        const notes = requested ? fitted.notes : [...fitted.notes, "No rows were added: the strategy asks for none."];
        const content = only === "all" ? append(data, schema, synthetic) : synthetic;
        return { data: shaper(data)(content), origins, notes, counts: classCounts(dataset, fitted) };
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
      return generatorOf(core, fitted, shaper(data), () => store(fitted));
    },
  });
}

/** Lets the method choose for every class asked for. The work goes on to count up to `rows` made. */
async function fit(
  method: Method,
  instance: Instance<CoreExports>,
  data: Dataset,
  asked: ReadonlyMap<number, number>,
  run: Run | undefined,
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
    streams.push({ label: code, ...rowsOf(data, byClass[code]!), ...decided });
    counts.push(count);
  }
  return { work, fitted: { method: method.name, seed: method.options.seed, schema, streams, counts, notes } };
}

/** The class's own rows, copied out of the data. */
function rowsOf(data: Dataset, rows: Uint32Array): Pick<Choices, "rows" | "numeric" | "nominal" | "weights" | "carried"> {
  const { d, q } = data.schema;
  const numeric = new Float64Array(rows.length * d);
  const nominal = new Uint32Array(rows.length * q);
  for (let t = 0; t < rows.length; t++) {
    const i = rows[t]!;
    for (let c = 0; c < d; c++) numeric[t * d + c] = data.numeric[i * d + c]!;
    for (let c = 0; c < q; c++) nominal[t * q + c] = data.nominal[i * q + c]!;
  }
  return {
    rows: data.whole ? rows.map((i) => data.whole!.rows[i]!) : rows,
    numeric,
    nominal,
    weights: data.weights && Float64Array.from(rows, (i) => data.weights![i]!),
    carried: data.carried.map((cells) => Array.from(rows, (i) => cells[i])),
  };
}

function classCounts(data: Dataset, fitted: Fitted): ReadonlyMap<Label, ClassCount> {
  const added = new Map(fitted.streams.map(({ label }, s) => [label, fitted.counts[s]!]));
  return new Map(
    classSizes(data).map((before, code) => {
      const more = added.get(code) ?? 0;
      return [data.schema.classes[code]!, { before, added: more, removed: 0, after: before + more }];
    }),
  );
}
