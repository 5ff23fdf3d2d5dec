import { describe, expect, it } from "vitest";
import { findClusters, type ClusterOptions, type Points } from "../../bindings/cluster/lloyd";
import { clustersBySample, sampledWork, type Assigned } from "../../bindings/cluster/sampled";
import { unitScale } from "../../bindings/data/extent";
import { withInstance } from "../../bindings/engine/lease";
import { stats } from "../../bindings/engine/stats";
import { startWork, type Work } from "../../bindings/run/work";
import { nearestCenters, pointsOf } from "../support/clusters";
import { clustered, Numbers } from "../support/numbers";
import { squaredDistance } from "../support/oracle";

/** Rows that centers are learned from. */
const SAMPLE = 8192;
const OPTIONS: ClusterOptions = { clusters: 8, nInit: 1, maxIterations: 300, tolerance: 1e-4, seed: 0 };

const cluster = (points: Points, options: Partial<ClusterOptions> = {}, work: Work = startWork(undefined, 1)): Promise<Assigned> =>
  withInstance(stats, (instance) =>
    clustersBySample(instance, work, { ...points, scale: unitScale(points.values, points.d) }, { ...OPTIONS, ...options }),
  );

function inertia({ values, n, d }: Points, { centers, labels }: Assigned): number {
  let sum = 0;
  for (let i = 0; i < n; i++)
    sum += squaredDistance(values.subarray(i * d, i * d + d), centers.subarray(labels[i]! * d, labels[i]! * d + d));
  return sum;
}

describe("centers learned from a sample", () => {
  it.each([
    [1, 1],
    [2, 8],
    [3, 9],
    [8, 5],
    [20, 8],
    [51, 17],
  ])("of %d columns: every row is in the cluster of the nearest of %d centers", async (d, clusters) => {
    for (const n of [SAMPLE + 1, 13_001]) {
      const points = pointsOf(clustered(new Numbers(d + n), n, d, 6, 1.5), d);
      const { centers, labels } = await cluster(points, { clusters });
      expect(labels).toEqual(nearestCenters(points, centers));
    }
  });

  it("tells rows of a grid apart that are as near to several centers", async () => {
    const numbers = new Numbers(5);
    const points = pointsOf(
      numbers.block(9000, 2, () => numbers.below(5)),
      2,
    );
    const { centers, labels } = await cluster(points, { clusters: 9 });
    expect(labels).toEqual(nearestCenters(points, centers));
  });

  it("are those of all rows, and so are the labels, where there are no more than in a sample", async () => {
    const points = pointsOf(clustered(new Numbers(3), SAMPLE, 3, 6, 1.5), 3);
    const all = await withInstance(stats, (instance) => findClusters(instance, startWork(undefined, 1), points, OPTIONS));
    expect(await cluster(points)).toEqual(all);
    const many = pointsOf(new Numbers(4).block(9000, 2), 2);
    const options = { clusters: 150, maxIterations: 3 };
    const found = await withInstance(stats, (instance) =>
      findClusters(instance, startWork(undefined, 1), many, { ...OPTIONS, ...options }),
    );
    expect(await cluster(many, options)).toEqual(found);
  });

  it("leave an inertia within a hundredth of that of all rows", async () => {
    const numbers = new Numbers(6);
    for (const [d, values] of [
      [10, numbers.block(30_000, 10)],
      [4, numbers.block(30_000, 4, () => numbers.normal() ** 3)],
      [5, clustered(numbers, 30_000, 5, 8, 0.5)],
    ] as const) {
      const points = pointsOf(values, d);
      const options = { nInit: 3 };
      const all = await withInstance(stats, (instance) =>
        findClusters(instance, startWork(undefined, 1), points, { ...OPTIONS, ...options }),
      );
      const sampled = await cluster(points, options);
      expect(inertia(points, sampled) / all.inertia).toBeLessThan(1.01);
    }
  });

  it("are the same from the same seed, at any power of two, and others from another seed", async () => {
    const values = clustered(new Numbers(11), 10_000, 3, 7, 1);
    const plain = await cluster(pointsOf(values, 3), { clusters: 5 });
    expect(await cluster(pointsOf(values, 3), { clusters: 5 })).toEqual(plain);
    expect((await cluster(pointsOf(values, 3), { clusters: 5, seed: 1 })).centers).not.toEqual(plain.centers);
    for (const factor of [2 ** 400, 2 ** -400]) {
      const scaled = pointsOf(
        values.map((value) => value * factor),
        3,
      );
      const found = await cluster(scaled, { clusters: 5 });
      expect(found.labels).toEqual(plain.labels);
      expect(found.centers).toEqual(plain.centers.map((value) => value * factor));
    }
    const far = pointsOf(
      values.map((value) => 2 ** 40 + value),
      3,
    );
    const { centers, labels } = await cluster(far, { clusters: 5 });
    expect(labels).toEqual(nearestCenters(far, centers));
  });

  it("find a cluster of few rows, and do with fewer different rows than clusters", async () => {
    const numbers = new Numbers(8);
    const values = numbers.block(20_000, 2, (i) => (i % 100 ? 0 : 1000) + numbers.normal());
    const { labels } = await cluster(pointsOf(values, 2), { clusters: 2 });
    labels.forEach((label, i) => expect(label).toBe(i % 100 ? labels[1] : labels[0]));
    expect(labels[0]).not.toBe(labels[1]);
    const few = pointsOf(
      numbers.block(10_000, 2, (i) => i % 3),
      2,
    );
    const found = await cluster(few);
    expect(found.centers.every(Number.isFinite)).toBe(true);
    expect(new Set(found.labels).size).toBe(3);
    expect(inertia(few, found)).toBe(0);
  });

  it("count no more work than was said, and stop when told", async () => {
    const points = pointsOf(new Numbers(1).block(60_000, 10), 10);
    let [last, calls] = [0, 0];
    const total = sampledWork(60_000, 10, OPTIONS);
    const onProgress = ({ done }: { done: number }): void => {
      expect(done).toBeGreaterThanOrEqual(last);
      last = done;
      calls++;
    };
    await cluster(points, {}, startWork({ onProgress }, 2 * total));
    expect(last / total).toBeCloseTo(1, 9);
    const controller = new AbortController();
    // in the last blocks, when rows are assigned
    let left = calls - 2;
    const watched = startWork({ signal: controller.signal, onProgress: () => --left === 0 && controller.abort("enough") }, total);
    await expect(cluster(points, {}, watched)).rejects.toBe("enough");
    for (const { arena } of stats.idle) expect(arena.top).toBe(arena.base);
  });
});
