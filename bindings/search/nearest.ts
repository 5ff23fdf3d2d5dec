import { checkInteger, checkOneOf, checkOptions } from "../check";
import type { Data, Features, Run, Scale } from "../contracts";
import { alignTo } from "../data/align";
import { allRows, type ColumnStatistics, type Dataset } from "../data/dataset";
import { read } from "../data/read";
import { core } from "../engine/core";
import { withInstance, type Instance } from "../engine/lease";
import type { CoreExports } from "../engine/exports";
import { InputError } from "../errors";
import { checkThreads } from "../run/job";
import { checkRun, startWork, type Work } from "../run/work";
import { amongBytes, amongWork, neighborsAmong } from "./among";
import { noteDominant } from "./dominant";
import { hasTree, type Algorithm } from "./neighbors";
import { groupsOf, type Group, type LabelRestriction } from "./restrict";
import { checkScale, distancesOf, divisorsOf, statisticsOfAll, type SpaceOptions } from "./space";

/** How rows are compared and ruled out. */
export interface CompareOptions {
  /**
   * Default `"euclidean"`: the root of the squared numeric differences, plus, for each unequal nominal value, the squared median of the numeric columns' standard deviations (SMOTE-NC).
   * `"manhattan"`: the sum of the absolute differences, plus that median for each unequal nominal value. `"valueDifference"`: nominal values differ by how differently the
   * labels are spread over them (Stanfill and Waltz 1986); the default where all columns are nominal.
   */
  readonly metric?: "euclidean" | "manhattan" | "valueDifference" | undefined;
  /** How columns are made comparable. Default `"none"` for `{ X, y }`, `"standard"` for a table. */
  readonly scale?: Scale | undefined;
  /** What a missing number counts for: see `smote`; with the Manhattan metric the root of it. Default `"expected"`. */
  readonly missing?: SpaceOptions["missing"] | undefined;
  /**
   * How rows are ruled out; never changes what is found. `"exhaustive"`: pairs of groups of rows; `"tree"`: a k-d tree on principal axes, for rows that differ in few directions.
   * Default `"auto"`: whichever costs less, by a sample of queries.
   */
  readonly algorithm?: Algorithm | undefined;
}

export interface NearestNeighborsOptions extends CompareOptions {
  /** How many, k. Default 5. */
  readonly kNeighbors?: number | undefined;
  /** Rows whose neighbors are wanted, with the same features; labels are not needed. Default: the data itself. */
  readonly queries?: Features | undefined;
  /** `"self"`: a row is not its own neighbor; default, and allowed only, without `queries`. `"none"`: every row counts. */
  readonly exclude?: "self" | "none" | undefined;
  /**
   * Whose neighbors are sought among whom, by label: `{ queries: ["yes"] }` asks for the rows of one class among all, `{ reference: "same" }` for every row's within its own class,
   * `{ reference: "other" }` for the nearest rows of other classes. Default: everyone's among all. Columns are compared by what all rows teach, within a class by what the class does.
   */
  readonly labels?: LabelRestriction | undefined;
}

/** The nearest rows of each query, nearest first. */
export interface NearestNeighbors {
  /** k. */
  readonly kNeighbors: number;
  /** u32 (n): row numbers of the queries, in order. All of them unless `labels` asks for fewer. */
  readonly rows: Uint32Array;
  /** u32 (n, k), row-major: row numbers of the data. */
  readonly indices: Uint32Array;
  /** f64 (n, k), row-major: distances, not squared. */
  readonly distances: Float64Array;
  readonly notes: readonly string[];
}

export const COMPARE_OPTIONS = ["metric", "scale", "missing", "algorithm"] as const;

/**
 * The k nearest rows of the data for each of n queries, exact: ordered by (distance in double precision, row number), as comparing everything with
 * everything would. Numeric columns count by their differences, nominal ones by `metric`.
 *
 * @throws {InputError} for unknown options, values or labels, or when k rows are not there.
 */
export async function nearestNeighbors(data: Features, options: NearestNeighborsOptions = {}, run?: Run): Promise<NearestNeighbors> {
  checkOptions("nearestNeighbors", options, ["kNeighbors", "queries", "exclude", "labels", ...COMPARE_OPTIONS]);
  checkRun("nearestNeighbors", run);
  checkThreads(run);
  const k = checkInteger("kNeighbors", options.kNeighbors ?? 5, 1);
  const own = options.queries === undefined;
  const exclude = checkOneOf("exclude", options.exclude ?? (own ? "self" : "none"), ["self", "none"]);
  if (!own && exclude === "self") {
    throw new InputError("OPTION", `exclude is "self", but queries are other rows than the data; leave one of the two out.`);
  }
  const reference = readFeatures(data);
  const { compare, scale, algorithm } = checkCompare(options, reference);
  if (!hasLabels(data)) refuseWithoutLabels(reference, options);
  const asked = options.queries === undefined ? undefined : alignTo(reference.schema, readFeatures(options.queries));
  const groups = asked ? [askedGroup(asked, reference, options.labels)] : groupsOf(reference, options.labels);
  for (const group of groups) checkEnough(k, group, exclude === "self" ? 1 : 0);
  const from = asked ?? (exclude === "none" ? reference : undefined);
  const search: Search = { data: reference, asked: from, k, scale, compare, algorithm };
  const work = startWork(
    run,
    groups.reduce((sum, group) => sum + amongWork({ ...search, ...group }), 0),
  );
  return withInstance(core, (instance) => searchGroups(instance, work, search, groups));
}

/** One call: all that its groups share. */
interface Search {
  readonly data: Dataset;
  readonly asked: Dataset | undefined;
  readonly k: number;
  readonly scale: Scale;
  readonly compare: Pick<SpaceOptions, "metric" | "missing">;
  readonly algorithm: Algorithm;
}

async function searchGroups(
  instance: Instance<CoreExports>,
  work: Work,
  search: Search,
  groups: readonly Group[],
): Promise<NearestNeighbors> {
  const { data, k, scale } = search;
  const notes: string[] = [];
  let statistics: ColumnStatistics | undefined;
  const all = (): ColumnStatistics => (statistics ??= statisticsOfAll(instance, data));
  const divisors = divisorsOf(data.schema, scale, all);
  const parts: Lists[] = [];
  for (const { queries, reference, own, among } of groups) {
    const question = { instance, work, queries, reference, divisors, ...search, all: own ? undefined : all() };
    instance.arena.reserve(amongBytes(question), `Finding ${k} neighbors for ${queries.length} rows among ${reference.length}`);
    const { indices, keys, space } = await neighborsAmong(question);
    if (reference.length < data.n) for (let at = 0; at < indices.length; at++) indices[at] = reference[indices[at]!]!;
    parts.push({ rows: queries, indices, distances: distancesOf(space, keys) });
    noteDominant(data, reference, space, among, (sentence) => notes.push(sentence));
    if (search.algorithm === "tree" && !hasTree(space) && !notes.includes(NO_TREE)) notes.push(NO_TREE);
  }
  return { kNeighbors: k, ...(parts.length === 1 ? parts[0]! : inOrder(parts, data.n, k)), notes };
}

type Lists = Pick<NearestNeighbors, "rows" | "indices" | "distances">;

/** The lists of all parts, by row. */
function inOrder(parts: readonly Lists[], n: number, k: number): Lists {
  const from = new Int32Array(n).fill(-1);
  const count = parts.reduce((sum, { rows }) => sum + rows.length, 0);
  const [indices, distances] = [new Uint32Array(count * k), new Float64Array(count * k)];
  parts.forEach(({ rows }, part) => rows.forEach((row) => (from[row] = part)));
  const met = parts.map(() => 0);
  const rows = new Uint32Array(count);
  let to = 0;
  from.forEach((part, row) => {
    if (part < 0) return;
    const at = met[part]!++ * k;
    rows[to] = row;
    indices.set(parts[part]!.indices.subarray(at, at + k), to * k);
    distances.set(parts[part]!.distances.subarray(at, at + k), to * k);
    to++;
  });
  return { rows, indices, distances };
}

const NO_TREE = "These distances have no tree; rows were compared pair by pair.";

/** Refuses what is no way to compare; defaults filled in. */
export function checkCompare(
  options: CompareOptions,
  { schema, scale }: Dataset,
): { compare: Pick<SpaceOptions, "metric" | "missing">; scale: Scale; algorithm: Algorithm } {
  const metric = options.metric && checkOneOf("metric", options.metric, ["euclidean", "manhattan", "valueDifference"]);
  if (metric === "valueDifference" && schema.q === 0) {
    throw new InputError("OPTION", `metric is "valueDifference", but no column is nominal; declare one in kinds, or use "euclidean".`);
  }
  return {
    compare: { metric, missing: checkOneOf("missing", options.missing ?? "expected", ["expected", "rescale"]) },
    scale: checkScale(options.scale) ?? scale,
    algorithm: checkOneOf("algorithm", options.algorithm ?? "auto", ["auto", "exhaustive", "tree"]),
  };
}

/** Data whose labels may be left out. */
export function readFeatures(data: Features): Dataset {
  if (typeof data !== "object" || data === null || hasLabels(data)) return read(data as Data);
  const { X, columns } = data;
  const width = ArrayBuffer.isView(X) && typeof columns === "number" && columns >= 1 ? columns : 1;
  const n = Math.floor((X?.length ?? 0) / width);
  return read({ ...data, y: new Uint8Array(n) });
}

export function hasLabels(data: Features): data is Data {
  return !("X" in data) || "y" in data;
}

/** Refuses what only labels can answer. */
export function refuseWithoutLabels({ schema }: Dataset, { labels, metric }: Pick<NearestNeighborsOptions, "labels" | "metric">): void {
  if (labels) throw new InputError("DATA", "labels restricts rows by their label, but the data has none; add y.");
  if (metric === "valueDifference" || (metric === undefined && schema.d === 0)) {
    throw new InputError(
      "DATA",
      `${schema.d ? "The Value Difference Metric needs" : "All columns are nominal, and their distances need"} labels; add y, or use metric: "euclidean".`,
    );
  }
}

/** Other rows asked among those of the data that may be found. */
function askedGroup(asked: Dataset, data: Dataset, labels: LabelRestriction | undefined): Group {
  const reference = labels?.reference;
  if (labels?.queries || reference === "same" || reference === "other") {
    throw new InputError(
      "OPTION",
      `labels speak of the rows of the data, but queries are other rows; use labels: { reference: ["yes"] }, or leave one of the two out.`,
    );
  }
  const [group] = groupsOf(data, labels);
  return { ...group!, queries: allRows(asked.n) };
}

/** Refuses more neighbors than there are. */
export function checkEnough(k: number, { queries, reference, among }: Group, own: number): void {
  const overlapping = own && overlap(queries, reference) ? 1 : 0;
  const most = reference.length - overlapping;
  if (k <= most) return;
  const n = reference.length;
  const has = `${/^(the data|the index|class )/.test(among) ? `${among} has` : `${among} have`} ${n} ${n === 1 ? "row" : "rows"}`;
  const advice = most > 0 ? `use ${most} or less` : "a row has no neighbors without others";
  throw new InputError("TOO_FEW_ROWS", `kNeighbors is ${k} but ${has}${overlapping ? ", the row itself among them" : ""}; ${advice}.`);
}

/** Whether two ascending lists have a row in common. */
function overlap(x: Uint32Array, y: Uint32Array): boolean {
  if (x === y) return true;
  for (let a = 0, b = 0; a < x.length && b < y.length;) {
    if (x[a] === y[b]) return true;
    if (x[a]! < y[b]!) a++;
    else b++;
  }
  return false;
}
