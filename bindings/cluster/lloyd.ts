import type { ClusteringPointer, Pointer, StatsExports } from "../engine/exports";
import type { Instance } from "../engine/lease";
import { scaleInto, unitScale } from "../data/extent";
import { blockSizes, estimated, inBlocks, type Work } from "../run/work";
import { seedCenters } from "./seeds";

type F64 = Pointer<Float64Array>;

/** Rows to be clustered. */
export interface Points {
  /** f64 (n, d), complete. */
  readonly values: Float64Array;
  readonly n: number;
  readonly d: number;
  /** f64 (n): what each row counts for, 0 or more; null: all alike. */
  readonly weights: Float64Array | null;
}

/** How to cluster; see `KMeansOptions`. */
export interface ClusterOptions {
  /** k, at most n. */
  readonly clusters: number;
  readonly nInit: number;
  readonly maxIterations: number;
  readonly tolerance: number;
  readonly seed: number;
  /** f64 (k, d): where to begin, instead of drawing it. */
  readonly centers?: Float64Array | undefined;
}

/** Clusters found by k-means. */
export interface Clusters {
  /** f64 (k, d): the mean of each cluster's rows. */
  readonly centers: Float64Array;
  /** u32 (n): the nearest center of each row, of equally near ones the first. */
  readonly labels: Uint32Array;
  /** Σ weight · squared distance of each row to its center. */
  readonly inertia: number;
  readonly iterations: number;
  /** Whether it ended by itself, and not at `maxIterations`. */
  readonly converged: boolean;
}

/** The points in the arena, and the centers. Rows are multiplied by a power of two, so that squares neither overflow nor vanish. */
export interface Board {
  readonly instance: Instance<StatsExports>;
  readonly n: number;
  readonly d: number;
  readonly k: number;
  readonly rows: F64;
  readonly weights: F64;
  readonly centers: F64;
  /** f64 (d): the mean of the rows. */
  readonly origin: F64;
  /** f64 (n): scratch. */
  readonly closest: F64;
  /** Calls a kernel on counted blocks of rows; `cost`: work of a row. */
  readonly blocks: (cost: number, kernel: (from: number, to: number) => void) => Promise<void>;
}

/** Iterations that a run is expected to take; it is counted as one that takes no more. */
const EXPECTED = 40;

/** Work that clustering n rows counts up to. */
export function clusterWork(n: number, d: number, { clusters, nInit }: Pick<ClusterOptions, "clusters" | "nInit">): number {
  return nInit * n * d * EXPECTED * (clusters / 8 + 2);
}

/** Bytes that it takes. */
export function clusterBytes(n: number, d: number, clusters: number): number {
  return n * (12 * d + 5 * 8 + 4) + 8 * (clusters + 8) * (4 * d + 8) + 1e4;
}

/**
 * K-means by Lloyd's iteration (Least squares quantization in PCM, 1982) with Hamerly's bounds, from centers drawn by k-means++. Stops, as scikit-learn does, when no label
 * changes, or when the squared shifts of the centers sum to at most `tolerance` times the mean variance of the columns. An empty cluster gets the row farthest from its center. The same
 * labels as comparing every row with every center in f64, column after column.
 */
export async function findClusters(
  instance: Instance<StatsExports>,
  work: Work,
  points: Points,
  options: ClusterOptions,
): Promise<Clusters> {
  const { n, d } = points;
  const { clusters: k } = options;
  const { arena } = instance;
  const budgeted = estimated(work, clusterWork(n, d, options));
  const size = blockSizes();
  arena.reserve(clusterBytes(n, d, k), `Clustering ${n} rows of ${d} columns`);
  return arena.during(async () => {
    const scale = unitScale(points.values, d);
    const rows = arena.room(Float64Array, n * d);
    const scaled = arena.view(Float64Array, rows, n * d);
    scaleInto(scaled, points.values, scale);
    const { means, variance } = spreadOf(scaled, n, d);
    const board: Board = {
      instance,
      n,
      d,
      k,
      rows,
      weights: points.weights ? arena.put(points.weights) : 0,
      centers: arena.room(Float64Array, k * d),
      origin: arena.put(means),
      closest: arena.room(Float64Array, n),
      blocks: (cost, kernel) => inBlocks(budgeted, n, cost, kernel, size),
    };
    let best: Clusters | undefined;
    for (let run = 0; run < options.nInit; run++) {
      if (options.centers) {
        arena.view(Float64Array, board.centers, k * d).set(options.centers.map((value) => value * scale));
      } else await arena.during(() => seedCenters(board, options.seed, run));
      const found = await arena.during(() => iterate(board, options.maxIterations, options.tolerance * variance));
      if (!best || found.inertia < best.inertia) best = found;
    }
    await budgeted.finish();
    return { ...best!, centers: best!.centers.map((value) => value / scale), inertia: best!.inertia / scale / scale };
  });
}

/** One run, from the centers on the board. `limit`: squared shifts that end it. */
async function iterate(board: Board, maxIterations: number, limit: number): Promise<Clusters> {
  const { instance, n, d, k, rows, weights, centers, origin, closest, blocks } = board;
  const { arena, kernels } = instance;
  const { at, labels, uppers, shifts, narrow, lengths } = boundsOf(board);
  const [sums, masses] = [arena.room(Float64Array, k * d), arena.room(Float64Array, k)];
  const assign = async (): Promise<number> => {
    kernels.place_centers(at);
    let changed = 0;
    await blocks(d * (k / 8 + 1), (from, to) => (changed += kernels.assign_rows(at, from, to)));
    return changed;
  };
  const sum = async (): Promise<void> => {
    arena.view(Float64Array, sums, k * d).fill(0);
    arena.view(Float64Array, masses, k).fill(0);
    await blocks(d, (from, to) => kernels.sum_members(sums, masses, rows, weights, labels, centers, d, from, to));
  };
  const measure = (): Promise<void> => blocks(d, (from, to) => kernels.own_squares(closest, rows, centers, labels, d, from, to));
  await blocks(d, (from, to) => kernels.narrow_rows(narrow, lengths, rows, origin, d, from, to));
  let iterations = 0;
  let converged = false;
  while (!converged && iterations < maxIterations) {
    let changed = await assign();
    await sum();
    if (arena.view(Float64Array, masses, k).includes(0)) {
      await measure();
      changed += reseed(board, labels, uppers, masses);
      await sum();
    }
    const moved = moveCenters(board, sums, masses, shifts);
    converged = (iterations > 0 && changed === 0) || moved <= limit;
    iterations++;
  }
  // also where no label changed: the centers moved by what is rounded, which decides between two that are equally near
  await assign();
  await measure();
  const inertia = weightedSum(arena.view(Float64Array, closest, n), weights ? arena.view(Float64Array, weights, n) : null);
  return { centers: arena.take(Float64Array, centers, k * d), labels: arena.take(Uint32Array, labels, n), inertia, iterations, converged };
}

/** What is known of rows and centers, in the arena: of a row nothing yet. */
export function boundsOf({ instance: { arena, kernels }, n, d, k, rows, centers, origin }: Omit<Board, "weights" | "closest" | "blocks">): {
  readonly at: ClusteringPointer;
  readonly labels: Pointer<Uint32Array>;
  readonly uppers: F64;
  readonly shifts: F64;
  readonly narrow: Pointer<Float32Array>;
  readonly lengths: F64;
} {
  const labels = arena.put(new Uint32Array(n));
  const uppers = arena.put(new Float64Array(n).fill(Infinity));
  const shifts = arena.put(new Float64Array(k));
  const [narrow, lengths] = [arena.room(Float32Array, n * d), arena.room(Float64Array, n)];
  const eights = 8 * Math.ceil(k / 8);
  const at = arena.allocate<"clustering">(kernels.clustering_bytes());
  kernels.set_clustering(
    at,
    labels,
    uppers,
    arena.put(new Float64Array(n)),
    rows,
    narrow,
    lengths,
    centers,
    arena.room(Float64Array, (k + 1) * d),
    arena.room(Float32Array, eights * d),
    arena.room(Float32Array, eights),
    shifts,
    arena.room(Float64Array, k),
    arena.room(Float64Array, k + 1),
    origin,
    d,
    k,
  );
  return { at, labels, uppers, shifts, narrow, lengths };
}

/**
 * Gives every empty cluster the row farthest from its center, by (distance, number), of those that do not leave another one empty. Returns how many there were: with fewer different rows
 * than clusters some stay empty, and where they are.
 */
function reseed({ instance: { arena }, n, k, closest, weights }: Board, labels: Pointer<Uint32Array>, uppers: F64, masses: F64): number {
  const squares = arena.view(Float64Array, closest, n);
  const [mass, upper] = [arena.view(Float64Array, masses, k), arena.view(Float64Array, uppers, n)];
  const label = arena.view(Uint32Array, labels, n);
  const weight = weights ? arena.view(Float64Array, weights, n) : null;
  const members = new Uint32Array(k);
  const counts = (i: number): boolean => weight?.[i] !== 0;
  for (let i = 0; i < n; i++) if (counts(i)) members[label[i]!]!++;
  let seeded = 0;
  for (let j = 0; j < k; j++) {
    if (mass[j]! > 0) continue;
    let farthest = -1;
    for (let i = 0; i < n; i++) {
      if (squares[i]! > (squares[farthest] ?? 0) && members[label[i]!]! > 1 && counts(i)) farthest = i;
    }
    if (farthest < 0) break;
    members[label[farthest]!]!--;
    members[j] = 1;
    label[farthest] = j;
    squares[farthest] = 0;
    // nothing is known of its distances any more
    upper[farthest] = Infinity;
    seeded++;
  }
  return seeded;
}

/** Centers ← the means of their members; shifts ← how far each went. Returns the sum of their squares. */
function moveCenters({ instance: { arena }, k, d, centers }: Board, sums: F64, masses: F64, shifts: F64): number {
  const center = arena.view(Float64Array, centers, k * d);
  const [sum, mass, shift] = [
    arena.view(Float64Array, sums, k * d),
    arena.view(Float64Array, masses, k),
    arena.view(Float64Array, shifts, k),
  ];
  let moved = 0;
  for (let j = 0; j < k; j++) {
    let squared = 0;
    for (let c = j * d; mass[j]! > 0 && c < j * d + d; c++) {
      const before = center[c]!;
      center[c] = before + sum[c]! / mass[j]!;
      const apart = center[c]! - before;
      squared += apart * apart;
    }
    shift[j] = Math.sqrt(squared);
    moved += squared;
  }
  return moved;
}

export function weightedSum(values: Float64Array, weights: Float64Array | null): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += weights ? weights[i]! * values[i]! : values[i]!;
  return sum;
}

/** Means of the columns, and the mean of their variances. */
function spreadOf(values: Float64Array, n: number, d: number): { means: Float64Array; variance: number } {
  const means = new Float64Array(d);
  let variance = 0;
  // offsets from the first row, so that large values that are close together keep their digits
  for (let at = 0, c = 0; at < n * d; at++, c = c + 1 === d ? 0 : c + 1) means[c]! += values[at]! - values[c]!;
  for (let c = 0; c < d; c++) means[c] = values[c]! + means[c]! / n;
  for (let at = 0, c = 0; at < n * d; at++, c = c + 1 === d ? 0 : c + 1) {
    const apart = values[at]! - means[c]!;
    variance += apart * apart;
  }
  return { means, variance: d ? variance / (n * d) : 0 };
}
