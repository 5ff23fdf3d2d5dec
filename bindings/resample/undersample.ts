import { show } from "../check";
import type { ClassCount, Data, Label, Resampled, Resampler, ResampleRun } from "../contracts";
import { countsOf, type ColumnStatistics, type Dataset, type Made } from "../data/dataset";
import { marked } from "../data/marks";
import { join, shaper, takeRows } from "../data/parts";
import { read } from "../data/read";
import { write } from "../data/write";
import { core } from "../engine/core";
import type { CoreExports } from "../engine/exports";
import { withInstance, type Instance } from "../engine/lease";
import { InputError } from "../errors";
import { checkThreads } from "../run/job";
import { checkRun, RESAMPLE_OPTIONS, startWork, type Work } from "../run/work";
import { statisticsOfAll } from "../search/space";
import { classCounts, lineageOf } from "./lineage";
import { standingOf, type Standing } from "./reduction";

/** What a method sees when it selects the rows that stay. */
export interface Scene {
  readonly instance: Instance<CoreExports>;
  readonly work: Work;
  readonly data: Dataset;
  /** Some of its rows in the shape of the caller's data. */
  readonly take: (rows: Uint32Array) => Data;
  /** How large the classes are, and which is the smallest: what strategies are resolved by. */
  readonly standing: Standing;
  /** 1 for rows that stay whatever the method thinks of them, u8 (n). Who counts rows counts them in; who cleans need not look. */
  readonly protect: Uint8Array;
  /** Of every row, computed once and only if asked for. */
  readonly statistics: () => ColumnStatistics;
  readonly note: (sentence: string) => void;
}

/** What a method decides. */
export interface Selected {
  /** Row numbers that stay, ascending; a row drawn more than once stands there more than once. */
  readonly rows: Uint32Array;
  /** Rows that stand for others, to be put behind those that stay, and the row numbers that each stands for, of which there is at least one. */
  readonly made?: { readonly rows: Made; readonly parents: readonly (readonly number[])[] };
}

/** A method: which rows stay. */
export interface Method {
  readonly name: string;
  /** Every option with its value. */
  readonly options: Readonly<Record<string, unknown>> & { readonly allowEmpty: boolean };
  /** Work of selecting among n rows, about: the rest is counted when it is done. */
  readonly workFor: (data: Dataset) => number;
  readonly select: (scene: Scene) => Promise<Selected>;
}

/** The resampler of a method that removes rows: what is spared, the caller's shape, provenance, counts and notes, for all methods alike. */
export function undersampler(method: Method): Resampler {
  return marked(
    Object.freeze({
      name: method.name,
      options: Object.freeze(method.options),
      async resample<D extends Data>(data: D, run?: ResampleRun): Promise<Resampled<D>> {
        checkRun("resample", run, RESAMPLE_OPTIONS);
        checkThreads(run);
        checkAll(method.name, run);
        const dataset = read(data);
        const { schema, n } = dataset;
        const standing = standingOf(schema.classes, countsOf(dataset), run?.ranking);
        const protect = protectedRows(run?.protect, n);
        const notes: string[] = [];
        const { rows, made } = await withInstance(core, (instance) =>
          instance.arena.during(async () => {
            const total = method.workFor(dataset) + n;
            const work = startWork(run, total);
            let all: ColumnStatistics | undefined;
            const selected = await method.select({
              instance,
              work,
              data: dataset,
              take: (some) => shaper(data)(takeRows(data, schema, some)),
              standing,
              protect,
              statistics: () => (all ??= statisticsOfAll(instance, dataset)),
              note: (sentence) => notes.push(sentence),
            });
            await work.step(total);
            return { ...selected, rows: withProtected(selected.rows, protect) };
          }),
        );
        const origins = lineageOf(rows, made?.parents ?? []);
        const counts = classCounts(dataset, origins);
        refuseEmpty(method, counts);
        if (rows.length === n && !made) notes.push(`No rows were removed: ${method.name} found none to remove.`);
        const kept = takeRows(data, schema, rows);
        const content = made ? join(kept, write(schema, made.rows), schema.layout) : kept;
        return { data: marked(shaper(data)(content), { method: method.name, origins }), origins, notes, counts };
      },
    }),
    {},
  );
}

/** Row numbers flagged in u8 (n), ascending. */
export function flagged(flags: Uint8Array): Uint32Array {
  const rows = new Uint32Array(flags.reduce((sum, flag) => sum + (flag ? 1 : 0), 0));
  let at = 0;
  flags.forEach((flag, i) => flag && (rows[at++] = i));
  return rows;
}

/**
 * `count` of the rows of a class, ascending: those that are protected, then those with the lowest scores (rows), ties by row number. More, with a note, if more are protected.
 */
export function chosen(
  { protect, standing, note }: Pick<Scene, "protect" | "standing" | "note">,
  code: number,
  rows: Uint32Array,
  count: number,
  scores: Float64Array,
): Uint32Array {
  const others = scores.filter((_, t) => !protect[rows[t]!]).sort();
  const spared = rows.length - others.length;
  if (spared > count) {
    note(`Class ${show(standing.classes[code])} keeps ${spared} rows instead of ${count}, because they are protected.`);
  }
  const left = Math.min(Math.max(0, count - spared), others.length);
  const highest = others[left - 1]!;
  let ties = left - others.indexOf(highest);
  return rows.filter((row, t) => protect[row] || (left && (scores[t]! < highest || (scores[t] === highest && ties-- > 0))));
}

/** All row numbers of the lists, ascending, those that come again as often as they do. */
export function ascending(lists: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const rows of lists) {
    all.set(rows, at);
    at += rows.length;
  }
  return all.sort();
}

function withProtected(rows: Uint32Array, protect: Uint8Array): Uint32Array {
  const missing = protect.slice();
  for (const i of rows) missing[i] = 0;
  return missing.includes(1) ? ascending([rows, flagged(missing)]) : rows;
}

/** Refuses to return new rows only: there are none, or they mean nothing without those that stay. */
export function checkAll(name: string, run: ResampleRun | undefined): void {
  if (run?.only === undefined || run.only === "all") return;
  throw new InputError("OPTION", `only is ${show(run.only)}, but ${name} removes rows, so what stays is the result; leave only out.`);
}

/** Flags of the row numbers given, u8 (n). */
export function protectedRows(given: unknown, n: number): Uint8Array {
  const flags = new Uint8Array(n);
  if (given === undefined) return flags;
  if (!Array.isArray(given) && !(ArrayBuffer.isView(given) && "length" in given)) {
    throw new InputError("OPTION", `protect is ${show(given)}, but needs row numbers: [0, 7].`);
  }
  for (const row of given as ArrayLike<unknown> & Iterable<unknown>) {
    if (typeof row !== "number" || !Number.isInteger(row) || row < 0 || row >= n) {
      throw new InputError("OPTION", `protect names row ${show(row)}, but rows are whole numbers from 0 to ${n - 1}.`);
    }
    flags[row] = 1;
  }
  return flags;
}

/** A class that vanishes is rarely meant: whoever learns from the rest will never have heard of it. */
function refuseEmpty({ name, options }: Method, counts: ReadonlyMap<Label, ClassCount>): void {
  let left = 0;
  for (const [label, { before, after }] of counts) {
    left += after;
    if (after > 0 || before === 0 || options.allowEmpty) continue;
    throw new InputError(
      "TOO_FEW_ROWS",
      `${name} would remove ${before === 1 ? "the only row" : `all ${before} rows`} of class ${show(label)}; leave the class out of the strategy, protect rows of it, or use allowEmpty: true.`,
    );
  }
  if (left === 0) throw new InputError("TOO_FEW_ROWS", `${name} would remove all rows of the data; leave a class out of the strategy.`);
}
