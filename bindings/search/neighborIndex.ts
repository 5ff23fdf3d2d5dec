import { checkInteger, checkOneOf, checkOptions } from "../check";
import type { Features, Run, Scale } from "../contracts";
import { alignTo } from "../data/align";
import { allRows, type ColumnStatistics, type Dataset } from "../data/dataset";
import { packRows, unpackRows } from "../data/stored";
import { storedAs } from "../data/storedAs";
import { core } from "../engine/core";
import { lease } from "../engine/lease";
import { InputError } from "../errors";
import { checkThreads } from "../run/job";
import { checkRun, RUN_OPTIONS, startWork } from "../run/work";
import { noteDominant } from "./dominant";
import {
  checkCompare,
  checkEnough,
  COMPARE_OPTIONS,
  hasLabels,
  readFeatures,
  refuseWithoutLabels,
  type CompareOptions,
  type NearestNeighbors,
} from "./nearest";
import { searchBytes, searchNeighbors, searchWork, type Algorithm } from "./neighbors";
import { prepare } from "./prepare";
import { distancesOf, divisorsOf, placeQueries, placeReference, statisticsOfAll, type SpaceOptions } from "./space";

export interface IndexQuery {
  /** How many, k. Default 5. */
  readonly kNeighbors?: number | undefined;
  /** Rows whose neighbors are wanted, with the same features. Default: the rows of the index, each without itself. */
  readonly queries?: Features | undefined;
}

/** Rows made ready to be searched often. It holds copies of them in memory of its own, until nothing refers to it. */
export interface NeighborIndex {
  /** Rows. */
  readonly n: number;
  /** How queries are answered: by a tree, by pairs of groups of rows, or, where nothing bounds distances, row by row. */
  readonly algorithm: "tree" | "exhaustive" | "direct";
  readonly notes: readonly string[];
  /** As `nearestNeighbors`. Calls that overlap are answered one after the other. */
  nearest(query?: IndexQuery, run?: Run): Promise<NearestNeighbors>;
  /** Plain data for `restoreNeighborIndex`. It contains the rows. */
  toJSON(): StoredNeighborIndex;
}

/** An index as plain data. */
export interface StoredNeighborIndex {
  readonly format: "counterpoise neighbor index";
  readonly version: 1;
  readonly contains: "real rows";
  readonly [key: string]: unknown;
}

const FORMAT = "counterpoise neighbor index";

/** What an index is made of. */
interface Content {
  readonly data: Dataset;
  readonly compare: Pick<SpaceOptions, "metric" | "missing">;
  readonly scale: Scale;
  readonly algorithm: Algorithm;
}

/**
 * Prepares data for many searches: grouped and packed, or in a tree, once. What it finds is what `nearestNeighbors` finds.
 *
 * @throws {InputError} for unknown options or values, or data that cannot be compared.
 */
export async function neighborIndex(data: Features, options: CompareOptions = {}, run?: Run): Promise<NeighborIndex> {
  checkOptions("neighborIndex", options, COMPARE_OPTIONS);
  checkRun("neighborIndex", run);
  const read = readFeatures(data);
  const chosen = checkCompare(options, read);
  if (!hasLabels(data)) refuseWithoutLabels(read, options);
  run?.signal?.throwIfAborted();
  // the caller may go on to change what was handed in
  return build({ ...chosen, data: { ...read, numeric: read.numeric.slice() } });
}

function build(content: Content): NeighborIndex {
  const { data, compare, scale, algorithm } = content;
  const { schema, n } = data;
  const notes: string[] = [];
  const instance = lease(core);
  const { arena } = instance;
  arena.reserve(2 * searchBytes(schema, n, 5, true), `An index of ${n} rows`);
  let statistics: ColumnStatistics | undefined;
  const divisors = divisorsOf(schema, scale, () => (statistics ??= statisticsOfAll(instance, data)));
  const rows = allRows(n);
  const { space, placed } = placeReference(instance, data, rows, divisors, compare);
  noteDominant(data, rows, space, "the data", (sentence) => notes.push(sentence));
  const reference = prepare(instance, schema, space, placed, algorithm);
  const { grown, packed } = reference.prepared!;
  let last: Promise<unknown> = Promise.resolve();
  return Object.freeze({
    n,
    algorithm: grown ? "tree" : packed ? "exhaustive" : "direct",
    notes,
    nearest(query: IndexQuery = {}, run?: Run): Promise<NearestNeighbors> {
      const answer = last.then(() => arena.during(() => ask(query, run)));
      last = answer.catch(() => undefined);
      return answer;
    },
    toJSON: () => store(content),
  });

  async function ask(query: IndexQuery, run: Run | undefined): Promise<NearestNeighbors> {
    checkOptions("nearest", query, ["kNeighbors", "queries"]);
    checkRun("nearest", run, RUN_OPTIONS);
    checkThreads(run);
    const k = checkInteger("kNeighbors", query.kNeighbors ?? 5, 1);
    const asked = query.queries === undefined ? undefined : alignTo(schema, readFeatures(query.queries));
    const queries = asked ? allRows(asked.n) : rows;
    checkEnough(k, { queries, reference: rows, own: true, among: "the index" }, asked ? 0 : 1);
    const work = startWork(run, searchWork(schema, queries.length, n, !asked));
    arena.reserve(searchBytes(schema, queries.length, k, true), `Finding ${k} neighbors for ${queries.length} rows`);
    const queried = asked ? placeQueries(instance, asked, queries, space, compare.missing) : { space, placed: reference };
    const { indices, keys } = await searchNeighbors(instance, work, schema, queried.space, queried.placed, reference, k);
    return { kNeighbors: k, rows: queries, indices, distances: distancesOf(queried.space, keys), notes };
  }
}

function store({ data, compare, scale, algorithm }: Content): StoredNeighborIndex {
  return {
    format: FORMAT,
    version: 1,
    contains: "real rows",
    metric: compare.metric ?? null,
    missing: compare.missing,
    scale,
    algorithm,
    ...packRows(data),
  };
}

/**
 * The index that `toJSON` was called on, made again from its rows.
 * @throws {InputError} when it is something else, damaged, or of a later version.
 */
export async function restoreNeighborIndex(stored: unknown, run?: Run): Promise<NeighborIndex> {
  checkRun("restoreNeighborIndex", run);
  const given = storedAs(FORMAT, "neighbor index", "restoreNeighborIndex", stored);
  const content = contentOf(given);
  if (!content) throw new InputError("DATA", "The stored index is damaged; store it again with toJSON().");
  run?.signal?.throwIfAborted();
  return build(content);
}

/** What was stored, if its parts fit together. */
function contentOf(given: Record<string, unknown>): Content | undefined {
  try {
    const data = unpackRows(given);
    if (!data) return undefined;
    const metric = (given["metric"] ?? undefined) as CompareOptions["metric"];
    const scale = given["scale"] as Scale;
    const options = {
      metric,
      scale,
      missing: given["missing"],
      algorithm: checkOneOf("algorithm", given["algorithm"], ["auto", "exhaustive", "tree"]),
    };
    return { data, ...checkCompare(options as CompareOptions, data) };
  } catch {
    return undefined;
  }
}
