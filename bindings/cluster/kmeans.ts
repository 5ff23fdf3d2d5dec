import { checkInteger, checkOptions, show } from "../check";
import type { Data, Matrix, Run, Scale } from "../contracts";
import { checkComplete } from "../data/complete";
import { core } from "../engine/core";
import { withInstance, withInstanceNow } from "../engine/lease";
import { stats } from "../engine/stats";
import { InputError } from "../errors";
import { checkRun, startWork } from "../run/work";
import { readFeatures } from "../search/nearest";
import { checkScale, divisorsOf, statisticsOfAll } from "../search/space";
import { clusterWork, findClusters } from "./lloyd";

export interface KMeansOptions {
  /** How many, k; at most as many as there are rows. Default 8. */
  readonly clusters?: number | undefined;
  /** Where to begin: k · d numbers, center after center, in the units of the data. Default: drawn by k-means++. */
  readonly centers?: Float64Array | undefined;
  /** Times that it begins anew from drawn centers; the run with the least inertia is returned. Default 1. */
  readonly nInit?: number | undefined;
  /** Default 300. */
  readonly maxIterations?: number | undefined;
  /** Ends when the squared shifts of all centers sum to at most this times the mean variance of the columns. Default 1e-4. */
  readonly tolerance?: number | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
  /** How columns are made comparable. Default `"none"` for `{ X, y }`, `"standard"` for a table. */
  readonly scale?: Scale | undefined;
}

export interface KMeans {
  /** f64 (k, d), row-major: the mean of each cluster, in the units of the data. */
  readonly centers: Float64Array;
  /** u32 (n): the nearest center of each row, of equally near ones the first. */
  readonly labels: Uint32Array;
  /** Σ weight · squared distance of each row to its center, columns scaled. */
  readonly inertia: number;
  readonly iterations: number;
  readonly notes: readonly string[];
}

const OPTIONS = ["clusters", "centers", "nInit", "maxIterations", "tolerance", "seed", "scale"] as const;

/**
 * K-means: k clusters of n rows of d numbers, each row in the cluster whose mean is nearest. A table's weight column says what rows count for; labels are not looked at and may be left out.
 *
 * Lloyd: Least squares quantization in PCM, IEEE Transactions on Information Theory 28 (1982), begun by greedy k-means++ (Arthur, Vassilvitskii, SODA 2007). Bounds (Hamerly, SDM 2010) and scores in f32 save most
 * distances and change nothing: labels are those of comparing every row with every center in double precision. It ends as scikit-learn's does. An empty cluster is given the
 * row farthest from its center.
 *
 * @throws {InputError} for unknown options or values, and for nominal columns and missing cells, which have no mean: `toMatrix` turns them into numbers.
 */
export async function kMeans(data: Data | Pick<Matrix, "X" | "columns">, options: KMeansOptions = {}, run?: Run): Promise<KMeans> {
  checkOptions("kMeans", options, OPTIONS);
  checkRun("kMeans", run);
  const dataset = readFeatures(data);
  const { n, numeric, weights, schema } = dataset;
  const { d } = schema;
  const clusters = checkInteger("clusters", options.clusters ?? 8, 1, n);
  const { centers, tolerance = 1e-4 } = options;
  const own = {
    clusters,
    nInit: checkInteger("nInit", options.nInit ?? 1, 1),
    maxIterations: checkInteger("maxIterations", options.maxIterations ?? 300, 1),
    tolerance,
    seed: checkInteger("seed", options.seed ?? 0, 0),
  };
  if (!(typeof tolerance === "number" && tolerance >= 0 && tolerance < Infinity)) {
    throw new InputError("OPTION", `tolerance is ${show(tolerance)}, but needs a number of at least 0.`);
  }
  checkComplete("K-means", dataset);
  if (centers !== undefined && !(centers instanceof Float64Array && centers.length === clusters * d && centers.every(Number.isFinite))) {
    throw new InputError("OPTION", `centers is ${show(centers)}, but needs a Float64Array of ${clusters} · ${d} numbers.`);
  }
  const scale = checkScale(options.scale) ?? dataset.scale;
  const divisors = withInstanceNow(core, (instance) => divisorsOf(schema, scale, () => statisticsOfAll(instance, dataset)));
  const begin = centers?.map((value, at) => value / divisors[at % d]!);
  const values = numeric.map((value, at) => value / divisors[at % d]!);
  const work = startWork(run, clusterWork(n, d, own));
  const found = await withInstance(stats, (instance) =>
    findClusters(instance, work, { values, n, d, weights }, { ...own, centers: begin }),
  );
  const { labels, inertia, iterations, converged } = found;
  const used = new Set(labels).size;
  const notes: string[] = [];
  if (!converged) notes.push(`K-means was ended after ${iterations} iterations, as maxIterations says, while centers still moved.`);
  if (used < clusters) notes.push(`${clusters - used} of ${clusters} clusters are empty: there are fewer different rows.`);
  return { centers: found.centers.map((value, at) => value * divisors[at % d]!), labels, inertia, iterations, notes };
}
