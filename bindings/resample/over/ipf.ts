import { checkInteger, checkOneOf, checkOptions, show } from "../../check";
import type { ClassCount, Data, Label, Labels, Origins, Resampled, Resampler, ResampleRun, Scale } from "../../contracts";
import type { Dataset } from "../../data/dataset";
import { marked } from "../../data/marks";
import { shaper, takeRows } from "../../data/parts";
import { read } from "../../data/read";
import { core } from "../../engine/core";
import type { CoreExports } from "../../engine/exports";
import { withInstance, type Instance } from "../../engine/lease";
import { InputError } from "../../errors";
import { checkThreads } from "../../run/job";
import { checkRun, estimated, RESAMPLE_OPTIONS, startWork, type Work } from "../../run/work";
import { checkScale } from "../../search/space";
import { amongBytes, amongWork, neighborsAmong } from "../../search/among";
import { divisorsOf, statisticsOfAll } from "../../search/space";
import { NEIGHBOR_OPTIONS } from "../kin";
import { COMMON_OPTIONS } from "../oversample";
import { OriginList } from "../origins";
import { partition } from "../partition";
import { protectedRows } from "../undersample";
import { smote, type SmoteOptions } from "./smote";

/** Learns from some rows and gives labels to others; both are in the shape of the data. */
export type FoldLearner = (train: Data, rows: Data) => Labels | Promise<Labels>;

export interface SmoteIpfOptions extends SmoteOptions {
  /** Parts that the rows are dealt into; a model of each votes on all rows. Default 9. */
  readonly folds?: number | undefined;
  /**
   * Gives a label to every one of `rows` after learning from `train`, both in the shape of the data; may wait. Default: the most frequent class among the 5 nearest rows of `train`, other than
   * the row itself; of equally frequent ones that of the nearest row.
   */
  readonly learner?: FoldLearner | undefined;
  /** What takes a row away. Default `"majority"`: more than half of the models give it another class; `"consensus"`: all do. */
  readonly vote?: "majority" | "consensus" | undefined;
  /** A round is quiet if it takes away less than this share of the rows that SMOTE returned. Default 0.01. */
  readonly quietShare?: number | undefined;
  /** Quiet rounds in a row that end the filter. Default 3. */
  readonly quietRounds?: number | undefined;
  /** Original rows that stay whatever is voted. Default `"none"`; `"grown"`: those of the classes that grew; `"all"`. */
  readonly protect?: "none" | "grown" | "all" | undefined;
}

const OWN_OPTIONS = ["folds", "learner", "vote", "quietShare", "quietRounds", "protect"] as const;

/**
 * SMOTE, and then a filter over original and synthetic rows alike: what most models of parts of the rows give another class is taken away, so that rows which SMOTE made across the border, and
 * originals that were on the wrong side before, do not teach a learner. For data with noisy labels or classes that overlap. Counts after it are what is left: a class may end below what the
 * strategy asked for, which the notes tell.
 *
 * Sáez, Luengo, Stefanowski, Herrera: SMOTE–IPF, Information Sciences 291 (2015). There the models are C4.5 trees; here they are neighbors unless `learner` is given, which on mixed columns
 * and missing cells needs nothing else. A class that would lose all of its rows keeps them.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them, and for a learner that does not return a label for each row.
 */
export function smoteIpf(options: SmoteIpfOptions = {}): Resampler {
  checkOptions("smoteIpf", options, [...COMMON_OPTIONS, ...NEIGHBOR_OPTIONS, ...OWN_OPTIONS]);
  const { folds, learner, vote, quietShare, quietRounds, protect, ...rest } = options;
  const oversampler = smote(rest);
  const own: Filter = {
    folds: checkInteger("folds", folds ?? 9, 2),
    learner: learner ?? null,
    vote: checkOneOf("vote", vote ?? "majority", ["majority", "consensus"]),
    quietShare: quietShare ?? 0.01,
    quietRounds: checkInteger("quietRounds", quietRounds ?? 3, 1),
    protect: checkOneOf("protect", protect ?? "none", ["none", "grown", "all"]),
  };
  if (!(typeof own.quietShare === "number" && own.quietShare > 0 && own.quietShare <= 1)) {
    throw new InputError("OPTION", `quietShare is ${show(own.quietShare)}, but needs a share above 0 and at most 1.`);
  }
  if (own.learner !== null && typeof own.learner !== "function") {
    throw new InputError("OPTION", `learner is ${show(own.learner)}, but needs a function (train, rows) => labels of rows.`);
  }
  const compare = { scale: checkScale(options.scale), missing: options.missing ?? "expected" } as const;
  return marked(
    Object.freeze({
      name: "smoteIpf",
      options: Object.freeze({ ...oversampler.options, ...own }),
      async resample<D extends Data>(data: D, run?: ResampleRun): Promise<Resampled<D>> {
        checkRun("resample", run, RESAMPLE_OPTIONS);
        checkThreads(run);
        const only = checkOneOf("only", run?.only ?? "all", ["all", "synthetic"]);
        const stay = protectedRows(run?.protect, read(data).n);
        const work = startWork(run, WHOLE);
        const grown = await oversampler.resample(data, { signal: run?.signal, threads: run?.threads, ranking: run?.ranking });
        const dataset = read(grown.data);
        const originals = grown.origins.kind.reduce((sum, kind) => sum + 1 - kind, 0);
        const grew = new Set(Uint32Array.from(dataset.labels.subarray(originals)));
        const { kept, rounds, spared } = await withInstance(core, (instance) =>
          partition(instance, dataset, {
            ...own,
            seed: options.seed ?? 0,
            protects: (row) =>
              row < originals && (stay[row] === 1 || own.protect === "all" || (own.protect === "grown" && grew.has(dataset.labels[row]!))),
            predict: own.learner
              ? asking(own.learner, grown.data, dataset, work)
              : nearestVote(instance, dataset, compare, progressing(work, own)),
          }),
        );
        await work.step(WHOLE);
        const returned = only === "all" ? kept : kept.filter((row) => row >= originals);
        const origins = originsOf(grown.origins, returned, originals);
        return {
          data: marked(shaper(data)(takeRows(grown.data, dataset.schema, returned)), { method: "smoteIpf", origins }),
          origins,
          notes: [...grown.notes, ...notesOf(dataset, kept, originals, rounds, spared)],
          counts: countsAfter(grown.counts, dataset, kept, originals),
        };
      },
    }),
    {},
  );
}

/** Options of the filter, checked. */
interface Filter {
  readonly folds: number;
  readonly learner: FoldLearner | null;
  readonly vote: "majority" | "consensus";
  readonly quietShare: number;
  readonly quietRounds: number;
  readonly protect: "none" | "grown" | "all";
}

/** How many rounds there will be is not known, so progress is told in parts of a whole. */
const WHOLE = 1000;

/** Work whose step is one question to one fold; `run` goes on to the searches, which count nothing themselves. */
function progressing(work: Work, { folds, quietRounds }: Filter): Work {
  const part = WHOLE / (folds * (quietRounds + 1));
  const counted = estimated(work, WHOLE - part);
  return { run: { signal: work.run?.signal, threads: work.run?.threads }, step: () => counted.step(part) };
}

/** Neighbors that vote by default. */
const VOTERS = 5;

/** The default model: the most frequent class among the nearest rows of the fold, of equally frequent ones that of the nearest row. */
function nearestVote(
  instance: Instance<CoreExports>,
  data: Dataset,
  { scale, missing }: { readonly scale: Scale | undefined; readonly missing: "expected" | "rescale" },
  work: Work,
): (fold: Uint32Array, rows: Uint32Array) => Promise<ArrayLike<number>> {
  const divisors = divisorsOf(data.schema, scale ?? data.scale, () => statisticsOfAll(instance, data));
  const counts = new Uint32Array(data.schema.classes.length);
  return async (fold, rows) => {
    const k = Math.min(VOTERS, fold.length - 1);
    // a fold of one row knows one class
    if (k === 0) return rows.map(() => data.labels[fold[0]!]!);
    instance.arena.reserve(
      amongBytes({ data, queries: rows, reference: fold, k }),
      `Finding ${k} neighbors for each of ${rows.length} rows`,
    );
    const search = startWork(work.run, amongWork({ data, queries: rows, reference: fold }));
    const { indices } = await neighborsAmong({
      instance,
      work: search,
      data,
      queries: rows,
      reference: fold,
      k,
      divisors,
      compare: { missing },
    });
    await work.step(1);
    return rows.map((_, t) => {
      counts.fill(0);
      const near = Array.from(indices.subarray(t * k, t * k + k), (place) => data.labels[fold[place]!]!);
      for (const label of near) counts[label]!++;
      return near.reduce((best, label) => (counts[label]! > counts[best]! ? label : best));
    });
  };
}

/** The caller's learner as a model of class codes. */
function asking<D extends Data>(
  learner: FoldLearner,
  data: D,
  { schema }: Dataset,
  work: Work,
): (fold: Uint32Array, rows: Uint32Array) => Promise<ArrayLike<number>> {
  const shape = shaper(data);
  const codes = new Map(schema.classes.map((label, code) => [label, code]));
  return async (fold, rows) => {
    const turn = work.step(0);
    if (turn) await turn;
    const said: unknown = await learner(shape(takeRows(data, schema, fold)), shape(takeRows(data, schema, rows)));
    const labels = said as ArrayLike<Label>;
    if (!(Array.isArray(said) || ArrayBuffer.isView(said)) || labels.length !== rows.length) {
      throw new InputError("OPTION", `learner returned ${show(said)} for ${rows.length} rows, but needs to return one label for each.`);
    }
    return Array.from(labels, (label) => codes.get(label) ?? -1);
  };
}

/** Origins of the rows returned, which are ascending. */
function originsOf({ base, neighbor, gap }: Origins, rows: Uint32Array, originals: number): OriginList {
  const first = rows.findIndex((row) => row >= originals);
  const kept = first < 0 ? rows.length : first;
  const origins = new OriginList(kept, rows.length - kept);
  rows.forEach((row, at) => {
    origins.base[at] = base[row]!;
    origins.neighbor[at] = neighbor[row]!;
    origins.gap[at] = gap[row]!;
  });
  return origins;
}

/** What the filter did, in sentences. */
function notesOf(
  { labels, n, schema }: Dataset,
  kept: Uint32Array,
  originals: number,
  rounds: number,
  spared: readonly number[],
): string[] {
  const gone = new Set(Array.from({ length: n }, (_, i) => i));
  for (const row of kept) gone.delete(row);
  const parts = schema.classes.flatMap((label, code) => {
    const own = [...gone].filter((row) => labels[row] === code);
    const real = own.filter((row) => row < originals).length;
    const told = (count: number, kind: string): string[] => (count ? [`${count} ${kind} of class ${JSON.stringify(label)}`] : []);
    return [...told(real, "original"), ...told(own.length - real, "synthetic")];
  });
  const what = parts.length ? `took away ${parts.join(", ")}` : "took nothing away";
  return [
    `The filter ${what} in ${rounds} rounds.`,
    ...spared.map(
      (code) => `All rows of class ${JSON.stringify(schema.classes[code])} were voted out in one round; those that were left then stayed.`,
    ),
  ];
}

/** Rows of each class before, and what is left of them and of what was added. */
function countsAfter(
  counts: ReadonlyMap<Label, ClassCount>,
  { labels, schema }: Dataset,
  kept: Uint32Array,
  originals: number,
): ReadonlyMap<Label, ClassCount> {
  const after = schema.classes.map(() => 0);
  const added = schema.classes.map(() => 0);
  for (const row of kept) {
    after[labels[row]!]!++;
    if (row >= originals) added[labels[row]!]!++;
  }
  return new Map(
    schema.classes.map((label, code) => {
      const before = counts.get(label)?.before ?? 0;
      return [label, { before, added: added[code]!, removed: before + added[code]! - after[code]!, after: after[code]! }];
    }),
  );
}
