import { clustersBySample, sampledWork, type Assigned } from "../../cluster/sampled";
import { meanDistance, meanDistanceWork } from "../../cluster/sparsity";
import { checkInteger, checkOneOf, checkOptions, show } from "../../check";
import type { Oversampler } from "../../contracts";
import { classSizes, type Dataset } from "../../data/dataset";
import { core } from "../../engine/core";
import { withInstance, withInstanceNow } from "../../engine/lease";
import { stats } from "../../engine/stats";
import { InputError } from "../../errors";
import { estimated, type Work } from "../../run/work";
import { embedAll, type Embedded } from "../../search/embed";
import { searchWork } from "../../search/neighbors";
import { divisorsOf } from "../../search/space";
import { statisticsOf } from "../../search/statistics";
import {
  between,
  comparison,
  leanOnClass,
  NEIGHBOR_OPTIONS,
  neighborOptions,
  type CheckedNeighborOptions,
  type NeighborOptions,
} from "../kin";
import { neighborsOf } from "../crosswise";
import { enoughNeighbors } from "../neighborhood";
import { COMMON_OPTIONS, commonOptions, oversampler, type CommonOptions, type Decided, type Scene } from "../oversample";
import { rowsToAdd } from "../strategy";
import { checkWhole, growFromNone, type NonePolicy } from "../surroundings";

export interface KMeansSmoteOptions extends CommonOptions, NeighborOptions {
  /** Neighbors of its class in its cluster that a row may lean towards, k. Default 2. */
  readonly kNeighbors?: number | undefined;
  /** Clusters that all rows, whatever their class, are put into. Default 8. */
  readonly clusters?: number | undefined;
  /** Times that the clustering begins anew, of which the best is taken. Default 1. */
  readonly nInit?: number | undefined;
  /**
   * Share of a cluster's rows that must be of the class for it to be grown there, 0 to 1. Default `"auto"`: 1 / the number of classes, half of two. With one cluster nothing is asked.
   * imbalanced-learn takes half of the class's share of all rows to be added (`compat`), which is the same for two classes.
   */
  readonly minShare?: "auto" | number | undefined;
  /**
   * How much more sparse clusters get: a cluster of n rows of the class, at the mean distance m, gets rows in proportion to m^exponent / n. Default `"auto"`:
   * 0.16 · log₁.₆(n)^1.8, as in imbalanced-learn. The paper takes the number of features.
   */
  readonly densityExponent?: "auto" | number | undefined;
  /**
   * What to do when no cluster has enough of the class: the share, and more rows than `kNeighbors`. Default `"error"`; `"all"`: grow from all of its rows, as SMOTE does; `"skip"`: leave the
   * class as it is. A note says what was done.
   */
  readonly onNoCluster?: "error" | "all" | "skip" | undefined;
}

/** What is particular to the method, checked. */
interface Clustering {
  readonly clusters: number;
  readonly nInit: number;
  readonly minShare: "auto" | number;
  readonly densityExponent: "auto" | number;
  readonly onNoCluster: NonePolicy;
}

/**
 * K-means SMOTE: all rows are clustered, and a class is grown only in clusters where it is at home, more where it is sparse, between neighbors in the cluster. So
 * no row is made between groups of the class that have others between them, nor around its strays. With one cluster it is SMOTE.
 *
 * Douzas, Bacao, Last: Improving imbalanced learning through a heuristic oversampling method based on k-means and SMOTE, Information Sciences 465 (2018). Ours: clusters by k-means, whose
 * centers are learned from 8192 rows where there are more (64 a cluster if that is more; imbalanced-learn: mini-batches) and then meet every row, over numeric columns and one coordinate for each nominal value, at the distances of SMOTE-NC, missing numbers at the mean; clusters once for all classes; rows add up to what
 * the strategy asks for, every cluster within a few of its share; where all rows of every cluster are equal, clusters get equal shares.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them, and by default when no cluster has enough of the class.
 */
export function kmeansSmote(options: KMeansSmoteOptions = {}): Oversampler {
  checkOptions("kmeansSmote", options, [
    ...COMMON_OPTIONS,
    ...NEIGHBOR_OPTIONS,
    "clusters",
    "nInit",
    "minShare",
    "densityExponent",
    "onNoCluster",
  ]);
  const common = commonOptions(options);
  const leaning = neighborOptions({ ...options, kNeighbors: options.kNeighbors ?? 2 });
  const own: Clustering = {
    clusters: checkInteger("clusters", options.clusters ?? 8, 1),
    nInit: checkInteger("nInit", options.nInit ?? 1, 1),
    minShare: autoOr("minShare", options.minShare, 1),
    densityExponent: autoOr("densityExponent", options.densityExponent, Infinity),
    onNoCluster: checkOneOf("onNoCluster", options.onNoCluster ?? "error", ["error", "all", "skip"]),
  };
  const work = ({ schema, n: all }: Dataset, n: number): number =>
    sampledWork(all, schema.d + schema.q, own) + meanDistanceWork(n, schema.d + schema.q) + searchWork(schema, n, n, true);
  // all classes of one call share its clusters
  const known = new WeakMap<Work, Clustered>();
  return oversampler({
    name: "kmeansSmote",
    options: { ...common, ...leaning, ...own },
    workFor: work,
    async choose(scene) {
      const counted = estimated(scene.work, work(scene.data, scene.rows.length));
      const inner = { ...scene, work: counted };
      const k = enoughNeighbors(inner, leaning.kNeighbors, leaning.onTooFew);
      let decided: Decided | null = null;
      if (k === 0) decided = { bases: { draws: common.draws, shares: null }, neighbors: new Uint32Array(0), k, rule: { name: "copy" } };
      if (k) {
        const found = known.get(scene.work) ?? (await cluster(inner, own, leaning, common.seed));
        known.set(scene.work, found);
        const share = own.clusters === 1 ? 0 : own.minShare === "auto" ? autoShare(scene, common) : own.minShare;
        const homes = homesOf(inner, found.labels, k, share);
        decided = homes.length
          ? await growIn(inner, homes, found, k, leaning, own.densityExponent, common.draws)
          : await growWithout(inner, leaning, own.onNoCluster, k, share, common.draws);
      }
      await counted.finish();
      return decided;
    },
  });
}

function autoOr(name: string, value: unknown, most: number): "auto" | number {
  if (value === undefined || value === "auto") return "auto";
  if (typeof value === "number" && value >= 0 && value <= most && value < Infinity) return value;
  throw new InputError(
    "OPTION",
    `${name} is ${show(value)}, but needs "auto" or a number of at least 0${most === 1 ? " and at most 1" : ""}.`,
  );
}

/** All rows as points, and the cluster of each. */
interface Clustered {
  readonly points: Embedded;
  readonly labels: Uint32Array;
}

async function cluster(
  { instance, work, data, statistics, note }: Scene,
  { clusters, nInit }: Clustering,
  leaning: CheckedNeighborOptions,
  seed: number,
): Promise<Clustered> {
  checkWhole(data);
  const points = embedAll(instance, data, divisorsOf(data.schema, comparison({ data }, leaning).scale, statistics), statistics());
  const k = Math.min(clusters, data.n);
  if (k < clusters) note(`There are ${data.n} rows for ${clusters} clusters; ${k} were sought.`);
  const options = { clusters: k, nInit, maxIterations: 300, tolerance: 1e-4, seed };
  const found = await withInstance(stats, (own): Promise<Assigned> =>
    clustersBySample(own, work, { ...points, d: points.width, weights: null }, options),
  );
  return { points, labels: found.labels };
}

/** The share that `"auto"` asks for. */
function autoShare({ data, code }: Scene, { strategy, compat }: ReturnType<typeof commonOptions>): number {
  const { classes } = data.schema;
  if (!compat) return 1 / classes.length;
  const added = rowsToAdd(strategy, classes, classSizes(data));
  const all = [...added.values()].reduce((sum, rows) => sum + rows, 0);
  return all ? added.get(code)! / all / 2 : 0;
}

/** The class's rows in each cluster that has at least `share` of them among its own, and more than k. */
export function homesOf({ data, code }: Pick<Scene, "data" | "code">, labels: Uint32Array, k: number, share: number): Uint32Array[] {
  const count = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  const sizes = new Uint32Array(count);
  const own = Array.from({ length: count }, (): number[] => []);
  labels.forEach((label, i) => {
    sizes[label]!++;
    if (data.labels[i] === code) own[label]!.push(i);
  });
  return own.filter((rows, label) => rows.length > k && rows.length >= share * sizes[label]!).map((rows) => Uint32Array.from(rows));
}

/** Grows in each home by its weight, every row of it alike, towards neighbors in the home. */
export async function growIn(
  scene: Scene,
  homes: readonly Uint32Array[],
  { points }: Clustered,
  k: number,
  leaning: CheckedNeighborOptions,
  exponent: "auto" | number,
  draws: "even" | "independent",
): Promise<Decided> {
  const { instance, work, data, rows } = scene;
  const { width, values } = points;
  const distances = await withInstance(stats, async (own) => {
    const means: number[] = [];
    for (const home of homes) {
      const block = new Float64Array(home.length * width);
      home.forEach((row, t) => block.set(values.subarray(row * width, row * width + width), t * width));
      means.push(await meanDistance(own, work, block, home.length, width));
    }
    return means;
  });
  const sizes = homes.map((home) => home.length);
  const weights = weightsOf(distances, sizes, exponent);
  const d = data.schema.d;
  const ofClass = new Float64Array(rows.length * d);
  rows.forEach((row, t) => ofClass.set(data.numeric.subarray(row * d, row * d + d), t * d));
  const learned = statisticsOf(instance, ofClass, rows.length, d);
  const bases = new Uint32Array(sizes.reduce((sum, size) => sum + size, 0));
  const shares = new Float64Array(bases.length);
  const neighbors = new Uint32Array(bases.length * k);
  let at = 0;
  for (const [h, home] of homes.entries()) {
    const { indices } = await neighborsOf(scene, home, home, k, comparison(scene, leaning), learned);
    bases.set(home, at);
    shares.fill(weights[h]! / home.length, at, at + home.length);
    neighbors.set(
      indices.map((place) => place + at),
      at * k,
    );
    at += home.length;
  }
  return { rows: bases, bases: { draws, shares: homes.length === 1 ? null : shares }, neighbors, k, rule: between(scene, leaning.nominal) };
}

/**
 * What each home gets of all new rows: in proportion to distance^exponent / size. By logarithms, because powers of distances leave the range of numbers. Where no
 * rows are apart, all homes alike.
 */
export function weightsOf(distances: readonly number[], sizes: readonly number[], exponent: "auto" | number): number[] {
  return withInstanceNow(core, ({ kernels: { exp, log } }) => {
    const powers = distances.map((distance, h) => {
      const e = exponent === "auto" ? 0.16 * exp(1.8 * log(log(sizes[h]!) / log(1.6))) : exponent;
      return (e === 0 ? 0 : e * log(distance)) - log(sizes[h]!);
    });
    const largest = powers.reduce((a, b) => Math.max(a, b));
    if (largest === -Infinity) return powers.map(() => 1 / powers.length);
    const weights = powers.map((power) => exp(power - largest));
    const sum = weights.reduce((all, weight) => all + weight, 0);
    return weights.map((weight) => weight / sum);
  });
}

/** No cluster will do: what the policy says. */
async function growWithout(
  scene: Scene,
  leaning: CheckedNeighborOptions,
  policy: NonePolicy,
  k: number,
  share: number,
  draws: "even" | "independent",
): Promise<Decided | null> {
  const none = `no cluster in which it has more than ${k} rows and at least ${Math.round(share * 1000) / 10} % of all, as minShare asks`;
  const kin = growFromNone(scene, none, "onNoCluster", policy) && (await leanOnClass(scene, leaning, undefined, k));
  return kin && { bases: { draws, shares: null }, ...kin };
}
