import { checkInteger, checkOneOf, checkOptions } from "../check";
import type { Data, Matrix, Run, Scale } from "../contracts";
import { alignTo } from "../data/align";
import type { Dataset } from "../data/dataset";
import { read } from "../data/read";
import { core } from "../engine/core";
import type { CoreExports } from "../engine/exports";
import { withInstance, type Instance } from "../engine/lease";
import { InputError } from "../errors";
import { checkThreads } from "../run/job";
import { checkRun, startWork } from "../run/work";
import { noteDominant } from "./dominant";
import { searchBytes, searchNeighbors, searchWork, type Algorithm } from "./neighbors";
import {
  checkScale,
  divisorsOf,
  METRIC,
  placeQueries,
  placeReference,
  statisticsOfAll,
  type Placed,
  type Space,
  type SpaceOptions,
} from "./space";

export interface NearestNeighborsOptions {
  /** How many, k. Default 5. */
  readonly kNeighbors?: number | undefined;
  /** Rows whose neighbors are wanted, with the same features; labels are not needed. Default: the data itself. */
  readonly queries?: Data | Pick<Matrix, "X" | "columns" | "kinds"> | undefined;
  /** `"self"`: a row is not its own neighbor; default, and allowed only, without `queries`. `"none"`: every row counts. */
  readonly exclude?: "self" | "none" | undefined;
  /** How columns are made comparable. Default `"none"` for `{ X, y }`, `"standard"` for a table. */
  readonly scale?: Scale | undefined;
  /** What a missing number counts for: see `smote`. Default `"expected"`. */
  readonly missing?: SpaceOptions["missing"] | undefined;
  /**
   * How rows are ruled out; never changes what is found. `"exhaustive"`: pairs of groups of rows; `"tree"`: a k-d tree on principal axes, for rows that differ in few directions.
   * Default `"auto"`: whichever costs less, by a sample of queries.
   */
  readonly algorithm?: Algorithm | undefined;
}

/** The nearest rows of each query, nearest first. */
export interface NearestNeighbors {
  /** k. */
  readonly kNeighbors: number;
  /** u32 (n, k), row-major: row numbers of the data. */
  readonly indices: Uint32Array;
  /** f64 (n, k), row-major: distances, not squared. */
  readonly distances: Float64Array;
  readonly notes: readonly string[];
}

const OPTIONS = ["kNeighbors", "queries", "exclude", "scale", "missing", "algorithm"] as const;

/**
 * The k nearest rows of the data for each of n queries, exact: ordered by (squared distance in double precision, row number), as comparing everything with
 * everything would. Numeric columns count by their squared differences; an unequal nominal value by the squared median of the numeric columns' standard deviations
 * (SMOTE-NC); without numeric columns the Value Difference Metric over the labels decides (SMOTE-N).
 *
 * @throws {InputError} for unknown options or values, or when k rows are not there.
 */
export async function nearestNeighbors(
  data: Data | Pick<Matrix, "X" | "columns" | "kinds">,
  options: NearestNeighborsOptions = {},
  run?: Run,
): Promise<NearestNeighbors> {
  checkOptions("nearestNeighbors", options, OPTIONS);
  checkRun("nearestNeighbors", run);
  checkThreads(run);
  const k = checkInteger("kNeighbors", options.kNeighbors ?? 5, 1);
  const { queries } = options;
  const exclude = checkOneOf("exclude", options.exclude ?? (queries === undefined ? "self" : "none"), ["self", "none"]);
  if (queries !== undefined && exclude === "self") {
    throw new InputError("OPTION", `exclude is "self", but queries are other rows than the data; leave one of the two out.`);
  }
  const reference = readFeatures(data);
  const asked = queries === undefined ? reference : alignTo(reference.schema, readFeatures(queries));
  const own = exclude === "self";
  if (k > reference.n - Number(own)) throw tooMany(k, reference.n, own);
  const notes: string[] = [];
  const scale = checkScale(options.scale) ?? reference.scale;
  const missing = checkOneOf("missing", options.missing ?? "expected", ["expected", "rescale"]);
  const algorithm = checkOneOf("algorithm", options.algorithm ?? "auto", ["auto", "exhaustive", "tree"]);
  const work = startWork(run, searchWork(reference.schema, asked.n, reference.n, own));
  return withInstance(core, (instance) =>
    instance.arena.during(async () => {
      const bytes = searchBytes(reference.schema, asked.n, k, true) + (own ? 0 : searchBytes(reference.schema, reference.n, 0, true));
      instance.arena.reserve(bytes, `Finding ${k} neighbors for ${asked.n} rows among ${reference.n}`);
      const { space: learned, placed } = placeAll(instance, reference, scale, missing, (sentence) => notes.push(sentence));
      const { space, placed: queried } = own
        ? { space: learned, placed }
        : placeQueries(instance, asked, rowNumbers(asked.n), learned, missing);
      const { indices, keys } = await searchNeighbors(instance, work, reference.schema, space, queried, placed, k, algorithm);
      if (algorithm === "tree" && space.metric !== METRIC.mixed)
        notes.push("These distances have no tree; rows were compared pair by pair.");
      return { kNeighbors: k, indices, distances: keys.map(Math.sqrt), notes };
    }),
  );
}

function placeAll(
  instance: Instance<CoreExports>,
  data: Dataset,
  scale: Scale,
  missing: SpaceOptions["missing"],
  note: (sentence: string) => void,
): { space: Space; placed: Placed } {
  const rows = rowNumbers(data.n);
  const divisors = divisorsOf(data.schema, scale, () => statisticsOfAll(instance, data));
  const { space, placed } = placeReference(instance, data, rows, divisors, { missing });
  noteDominant(data, rows, space, "the data", note);
  return { space, placed };
}

/** Data whose labels may be left out: only the Value Difference Metric looks at them. */
export function readFeatures(data: Data | Pick<Matrix, "X" | "columns" | "kinds">): Dataset {
  if (typeof data !== "object" || data === null || !("X" in data) || "y" in data) return read(data as Data);
  const { X, columns } = data;
  const width = ArrayBuffer.isView(X) && typeof columns === "number" && columns >= 1 ? columns : 1;
  const n = Math.floor((X?.length ?? 0) / width);
  const dataset = read({ ...data, y: new Uint8Array(n) });
  if (dataset.schema.d > 0) return dataset;
  throw new InputError("DATA", "All columns are nominal, and their distances need labels; add y, or make a column numeric.");
}

function tooMany(k: number, n: number, own: boolean): InputError {
  const most = own ? n - 1 : n;
  const advice = most > 0 ? `use ${most} or less` : "a row has no neighbors without others";
  return new InputError(
    "TOO_FEW_ROWS",
    `kNeighbors is ${k} but the data has ${n} ${n === 1 ? "row" : "rows"}${own ? ", the row itself among them" : ""}; ${advice}.`,
  );
}

function rowNumbers(n: number): Uint32Array {
  return Uint32Array.from({ length: n }, (_, i) => i);
}
