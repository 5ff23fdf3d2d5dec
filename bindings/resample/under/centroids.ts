import { checkInteger, checkOneOf, checkOptions } from "../../check";
import { clusterWork, findClusters } from "../../cluster/lloyd";
import type { Resampler, Scale } from "../../contracts";
import { rowsByClass } from "../../data/dataset";
import { stats } from "../../engine/stats";
import { withInstance } from "../../engine/lease";
import { embed } from "../../search/embed";
import { checkScale, divisorsOf } from "../../search/space";
import { averaged, type Group } from "../average";
import { checkFeatures } from "../neighborhood";
import { rowsToKeep } from "../reduction";
import { ascending, chosen, undersampler, type Scene } from "../undersample";
import { UNDERSAMPLE_OPTIONS, undersampleOptions, type UndersampleOptions } from "./random";

export interface ClusterCentroidsOptions extends UndersampleOptions {
  /**
   * What stands for a cluster. `"soft"`: a new row, the mean of its rows; `"hard"`: the row of it that is nearest to that. Default `"auto"`: soft where all features are
   * numbers, hard where some are nominal, whose means are no rows that could have been seen.
   */
  readonly voting?: "auto" | "soft" | "hard" | undefined;
  /** Runs of k-means from other beginnings, of which the one with the smallest inertia counts. Default 1. */
  readonly nInit?: number | undefined;
  /** How columns are made comparable. Default `"none"` for `{ X, y }`, `"standard"` for a table. */
  readonly scale?: Scale | undefined;
  /** Random seed, a whole number from 0 to 2^53 − 1. Default 0. */
  readonly seed?: number | undefined;
}

/**
 * Cluster centroids: each class that the strategy names is divided by k-means into as many clusters as rows are to stay, and one row stands for each. Thins a class out where it is dense
 * and keeps its shape, unlike drawing rows at random; with `"soft"` it also smooths noise, and real rows go.
 *
 * A new row has the means of the numbers that its cluster's rows have, rounded in columns of whole numbers and ranks (halves to even); of nominal values the most frequent, ties to the one that comes first in the data;
 * a cell is missing where all of them lack it. Weights are averaged; carried cells are those of the nearest row, its base. `origins.parents` tells all rows of the cluster.
 *
 * As in imbalanced-learn; Lloyd's k-means from k-means++. Ours: mixed columns, a nominal mismatch as in SMOTE-NC, and missing cells, which lie at the column's mean; the nearest row is one of the
 * cluster, so that no row stays twice; where equal rows leave clusters empty, one of them stands alone. A class that has no more rows than the strategy gives it is left as it is.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function clusterCentroids(options: ClusterCentroidsOptions = {}): Resampler {
  checkOptions("clusterCentroids", options, [...UNDERSAMPLE_OPTIONS, "voting", "nInit", "scale", "seed"]);
  const common = undersampleOptions(options);
  const voting = checkOneOf("voting", options.voting ?? "auto", ["auto", "soft", "hard"]);
  const nInit = checkInteger("nInit", options.nInit ?? 1, 1);
  const scale = checkScale(options.scale);
  const seed = checkInteger("seed", options.seed ?? 0, 0);
  return undersampler({
    name: "clusterCentroids",
    options: { ...common, voting, nInit, scale: scale ?? "auto", seed },
    workFor: ({ schema: { d, q, classes }, n }) => clusterWork(n, d + q, { clusters: n / classes.length, nInit }),
    async select(scene) {
      const { data, standing, protect } = scene;
      checkFeatures(data.schema);
      const asked = rowsToKeep(common.strategy, standing);
      const soft = voting === "auto" ? data.schema.q === 0 : voting === "soft";
      const kept: Uint32Array[] = [];
      const groups: Group[] = [];
      for (const [code, rows] of rowsByClass(data).entries()) {
        const count = asked.get(code) ?? rows.length;
        const free = rows.filter((row) => !protect[row]);
        const clusters = count - (rows.length - free.length);
        if (count >= rows.length) kept.push(rows);
        else if (clusters <= 0) kept.push(chosen(scene, code, rows, count, new Float64Array(rows.length)));
        else {
          const found = await cluster(scene, free, { clusters, nInit, seed, scale });
          if (soft) groups.push(...found);
          kept.push(
            soft
              ? rows.filter((row) => protect[row])
              : Uint32Array.from([...rows.filter((row) => protect[row]), ...found.map(({ base }) => base)]),
          );
        }
      }
      const rows = ascending(kept);
      return groups.length ? { rows, made: { rows: averaged(data, groups), parents: groups.map((group) => group.rows) } } : { rows };
    },
  });
}

/** Rows of one class in clusters, none of which is empty, in the order of their first rows. */
async function cluster(
  { instance, work, data, statistics }: Scene,
  rows: Uint32Array,
  { clusters, nInit, seed, scale }: { clusters: number; nInit: number; seed: number; scale: Scale | undefined },
): Promise<Group[]> {
  const points = embed(instance, data, rows, divisorsOf(data.schema, scale ?? data.scale, statistics), statistics());
  const { width, values } = points;
  const { labels, centers } = await withInstance(stats, (own) =>
    findClusters(own, work, { ...points, d: width, weights: null }, { clusters, nInit, maxIterations: 300, tolerance: 1e-4, seed }),
  );
  const members = membersOf(labels, clusters);
  const groups = members.map((places, j): Group => {
    const apart = (t: number): number => {
      let sum = 0;
      for (let c = 0; c < width; c++) {
        const difference = values[t * width + c]! - centers[j * width + c]!;
        sum += difference * difference;
      }
      return sum;
    };
    const far = new Map(places.map((t) => [t, apart(t)]));
    const nearest = places.reduce((best, t) => (far.get(t)! < far.get(best)! ? t : best));
    return { base: rows[nearest]!, rows: [nearest, ...places.filter((t) => t !== nearest)].map((t) => rows[t]!) };
  });
  return groups.sort((a, b) => Math.min(...a.rows) - Math.min(...b.rows));
}

/** Places of each cluster's rows, ascending. An empty cluster, as there are among equal rows, gets the first row that is not alone. */
function membersOf(labels: Uint32Array, clusters: number): number[][] {
  const members = Array.from({ length: clusters }, (): number[] => []);
  labels.forEach((label, t) => members[label]!.push(t));
  const crowded = members.filter((places) => places.length > 1);
  for (const places of members) {
    if (places.length > 0) continue;
    while (crowded[0]!.length === 1) crowded.shift();
    places.push(crowded[0]!.shift()!);
  }
  return members;
}
