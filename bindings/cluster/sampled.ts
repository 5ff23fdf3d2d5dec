import { scaleInto } from "../data/extent";
import { SAMPLE, units } from "../draw";
import type { StatsExports } from "../engine/exports";
import type { Instance } from "../engine/lease";
import { inBlocks, type Work } from "../run/work";
import { boundsOf, clusterBytes, clusterWork, findClusters, type ClusterOptions, type Clusters, type Points } from "./lloyd";

/** Rows that centers are learned from, and how many for each center at least. */
const SAMPLE_ROWS = 8192;
const ROWS_A_CENTER = 64;
/** Sampled centers are where they are to within √(k ÷ rows) of the columns' deviations: nearer to an end of the iteration nothing is won. */
const TOLERANCE = 1e-2;
/** Rows assigned at a time. */
const BATCH_ROWS = 4096;

type Options = Pick<ClusterOptions, "clusters" | "nInit" | "maxIterations" | "tolerance" | "seed">;
/** The centers of clusters, and where each row belongs. */
export type Assigned = Pick<Clusters, "centers" | "labels">;

function sampleRows(clusters: number): number {
  return Math.max(SAMPLE_ROWS, ROWS_A_CENTER * clusters);
}

/** Work that clustering n rows by a sample counts up to. */
export function sampledWork(n: number, d: number, options: Pick<Options, "clusters" | "nInit">): number {
  const learned = clusterWork(Math.min(n, sampleRows(options.clusters)), d, options);
  return n > sampleRows(options.clusters) ? learned + n * assignCost(d, options.clusters) : learned;
}

function assignCost(d: number, clusters: number): number {
  return d * (clusters / 8 + 2);
}

/**
 * K-means. Of more rows than a sample has, centers are learned from a sample, one row of each of equally long stretches, and every row then gets the nearest of them, exactly. The inertia is then as a rule 0.2 to
 * 1.2 % above that of learning from all rows (100 000 rows, k = 8; scikit-learn's mini-batches, Sculley: Web-scale k-means clustering, WWW 2010: 0.2 to 1.6 %), and labels are still those of
 * comparing every row with every center. `scale`: a power of two that brings the widest column near 1.
 */
export async function clustersBySample(
  instance: Instance<StatsExports>,
  work: Work,
  points: Points & { readonly scale: number },
  options: Options,
): Promise<Assigned> {
  const { values, n, d } = points;
  const m = sampleRows(options.clusters);
  if (n <= m) return findClusters(instance, work, points, options);
  const sample = new Float64Array(m * d);
  units(instance, { seed: options.seed, label: 0 }, SAMPLE, 0, m).forEach((unit, t) => {
    const row = Math.min(n - 1, Math.floor(((t + unit) * n) / m));
    sample.set(values.subarray(row * d, row * d + d), t * d);
  });
  const tolerance = Math.max(options.tolerance, TOLERANCE);
  const { centers } = await findClusters(instance, work, { values: sample, n: m, d, weights: null }, { ...options, tolerance });
  return { centers, labels: await nearestCenters(instance, work, points, centers) };
}

/** u32 (n): the nearest of the centers (k, d) for each row, of equally near ones the first. */
async function nearestCenters(
  instance: Instance<StatsExports>,
  work: Work,
  { values, n, d, scale }: Points & { readonly scale: number },
  centers: Float64Array,
): Promise<Uint32Array> {
  const { arena, kernels } = instance;
  const k = centers.length / d;
  arena.reserve(clusterBytes(BATCH_ROWS, d, k), `Assigning ${n} rows of ${d} columns`);
  return arena.during(async () => {
    const scaled = centers.map((center) => center * scale);
    const rows = arena.room(Float64Array, BATCH_ROWS * d);
    const origin = arena.put(scaled.slice(0, d));
    const { at, labels, uppers, narrow, lengths } = boundsOf({ instance, n: BATCH_ROWS, d, k, rows, centers: arena.put(scaled), origin });
    kernels.place_centers(at);
    const found = new Uint32Array(n);
    const assign = (from: number, count: number): void => {
      scaleInto(arena.view(Float64Array, rows, count * d), values.subarray(from * d), scale);
      arena.view(Float64Array, uppers, count).fill(Infinity);
      kernels.narrow_rows(narrow, lengths, rows, origin, d, 0, count);
      kernels.assign_rows(at, 0, count);
      found.set(arena.view(Uint32Array, labels, count), from);
    };
    await inBlocks(work, n, assignCost(d, k), (from, to) => {
      for (; from < to; from += BATCH_ROWS) assign(from, Math.min(BATCH_ROWS, to - from));
    });
    return found;
  });
}
