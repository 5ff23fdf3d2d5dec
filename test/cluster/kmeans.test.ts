import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findClusters, type ClusterOptions, type Clusters, type Points } from "../../bindings/cluster/lloyd";
import { InputError, kMeans, table } from "../../bindings/index";
import { read } from "../../bindings/data/read";
import { withInstance } from "../../bindings/engine/lease";
import { stats } from "../../bindings/engine/stats";
import { startWork } from "../../bindings/run/work";
import { nearestCenters, pointsOf } from "../support/clusters";
import { golden, HAS_DATA, realTable } from "../support/data";
import { clustered, Numbers } from "../support/numbers";
import { squaredDistance } from "../support/oracle";

const OPTIONS: ClusterOptions = { clusters: 8, nInit: 1, maxIterations: 300, tolerance: 1e-4, seed: 0 };

const cluster = (points: Points, options: Partial<ClusterOptions> = {}): Promise<Clusters> =>
  withInstance(stats, (instance) => findClusters(instance, startWork(undefined, 1), points, { ...OPTIONS, ...options }));

/** Plain Lloyd: every row with every center, sums of offsets in the order of the rows; empty clusters get the farthest row. */
function lloyd(points: Points, centers: Float64Array, iterations: number): { centers: Float64Array; labels: Uint32Array } {
  const { values, n, d, weights } = points;
  const k = centers.length / d;
  const place = Float64Array.from(centers);
  let labels = nearestCenters(points, place);
  for (let t = 0; t < iterations; t++) {
    const members = (j: number): number[] => [...labels.keys()].filter((i) => labels[i] === j && weights?.[i] !== 0);
    const own = [...labels.keys()].map((i) =>
      squaredDistance(values.subarray(i * d, i * d + d), place.subarray(labels[i]! * d, labels[i]! * d + d)),
    );
    for (let j = 0; j < k; j++) {
      if (members(j).length) continue;
      let farthest = -1;
      own.forEach((square, i) => {
        if (square > (own[farthest] ?? 0) && weights?.[i] !== 0 && members(labels[i]!).length > 1) farthest = i;
      });
      if (farthest < 0) break;
      labels[farthest] = j;
      own[farthest] = 0;
    }
    for (let j = 0; j < k; j++) {
      const sums = new Float64Array(d);
      let mass = 0;
      for (let i = 0; i < n; i++) {
        if (labels[i] !== j) continue;
        const weight = weights ? weights[i]! : 1;
        mass += weight;
        for (let c = 0; c < d; c++) sums[c]! += weight * (values[i * d + c]! - place[j * d + c]!);
      }
      if (mass > 0) for (let c = 0; c < d; c++) place[j * d + c]! += sums[c]! / mass;
    }
    labels = nearestCenters(points, place);
  }
  return { centers: place, labels };
}

describe("k-means", () => {
  it.each([1, 2, 3, 4, 5, 7, 8, 9, 31, 67])(
    "with %d clusters equals plain Lloyd in f64, to the bit, after any number of iterations",
    async (k) => {
      for (const d of [1, 2, 3, 8, 20]) {
        const numbers = new Numbers(k * 100 + d);
        const points = pointsOf(clustered(numbers, 400, d, 6, 1.5), d);
        const centers = points.values.slice(0, k * d);
        for (const iterations of [1, 2, 6]) {
          const found = await cluster(points, { clusters: k, centers, maxIterations: iterations, tolerance: 0 });
          const expected = lloyd(points, centers, found.iterations);
          expect(found.labels).toEqual(expected.labels);
          expect(found.centers).toEqual(expected.centers);
        }
      }
    },
  );

  it("equals plain Lloyd on grids full of ties, with weights, and where clusters run empty", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 3 })), {
          minLength: 6,
          maxLength: 40,
        }),
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
        async (rows, k, weighted) => {
          const weights = weighted ? Float64Array.from(rows, ([, , weight], i) => (i ? weight : 1)) : null;
          const points = pointsOf(Float64Array.from(rows.flatMap(([a, b]) => [a, b])), 2, weights);
          const centers = Float64Array.from({ length: 2 * k }, (_, at) => points.values[at]!);
          const found = await cluster(points, { clusters: k, centers, tolerance: 0, maxIterations: 5 });
          const expected = lloyd(points, centers, found.iterations);
          expect(found.labels).toEqual(expected.labels);
          found.centers.forEach((value, at) => expect(value).toBeCloseTo(expected.centers[at]!, 12));
        },
      ),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 100) },
    );
  });

  it("tells rows apart that lie between two centers, nearer than f32 can see, in every iteration", async () => {
    for (const [d, k] of [
      [1, 2],
      [5, 3],
      [8, 12],
    ] as const) {
      const numbers = new Numbers(d);
      const centers = numbers.block(k, d, () => 3 + numbers.normal());
      const values = numbers.block(600, d);
      for (let i = 0; i < 600; i++) {
        // in the middle of two centers, and a little beyond
        const [a, b] = [numbers.below(k) * d, numbers.below(k) * d];
        const beyond = (numbers.unit() - 0.5) * 10 ** -(6 + numbers.below(10));
        for (let c = 0; c < d; c++) values[i * d + c] = centers[a + c]! + (0.5 + beyond) * (centers[b + c]! - centers[a + c]!);
      }
      const points = pointsOf(values, d);
      for (const iterations of [1, 2, 3, 8]) {
        const found = await cluster(points, { clusters: k, centers, maxIterations: iterations, tolerance: 0 });
        const first = await cluster(points, { clusters: k, centers, maxIterations: 1, tolerance: Infinity });
        expect(first.labels).toEqual(lloyd(points, centers, 1).labels);
        const expected = lloyd(points, centers, found.iterations);
        expect(found.labels).toEqual(expected.labels);
        expect(found.centers).toEqual(expected.centers);
      }
    }
  });

  it("gives every row its nearest center, and every center the mean of its rows", async () => {
    const points = pointsOf(clustered(new Numbers(4), 3000, 6, 12, 0.8), 6);
    const { labels, centers, inertia, converged } = await cluster(points, { clusters: 12, tolerance: 0 });
    expect(converged).toBe(true);
    expect(labels).toEqual(nearestCenters(points, centers));
    const { values, n, d } = points;
    for (let j = 0; j < 12; j++) {
      const rows = [...labels.keys()].filter((i) => labels[i] === j);
      for (let c = 0; c < d; c++)
        expect(centers[j * d + c]).toBeCloseTo(rows.reduce((sum, i) => sum + values[i * d + c]!, 0) / rows.length, 10);
    }
    let sum = 0;
    for (let i = 0; i < n; i++)
      sum += squaredDistance(values.subarray(i * d, i * d + d), centers.subarray(labels[i]! * d, labels[i]! * d + d));
    expect(inertia).toBeCloseTo(sum, 8);
  });

  it("finds well separated clusters from drawn centers, the same ones from the same seed", async () => {
    const points = pointsOf(clustered(new Numbers(11), 2000, 4, 10, 0.01), 4);
    for (let seed = 0; seed < 5; seed++) {
      const found = await cluster(points, { clusters: 10, seed, nInit: 3 });
      expect(found.inertia / points.n).toBeLessThan(4 * 0.01 * 0.01 * 1.2);
      expect(await cluster(points, { clusters: 10, seed, nInit: 3 })).toEqual(found);
    }
    const [once, often] = [await cluster(points, { clusters: 7 }), await cluster(points, { clusters: 7, nInit: 10 })];
    expect(often.inertia).toBeLessThanOrEqual(once.inertia);
  });

  it("draws centers by squared distance: those of a k-means++ seeding, tallied", async () => {
    // one center drawn, the second among what is left: of two candidates the better one, so the group of 1 at 10 is nearly always hit
    const values = Float64Array.of(0, 0, 0, 0, 0, 0, 0, 0.1, 0.2, 10);
    let hit = 0;
    for (let seed = 0; seed < 200; seed++) {
      const { centers } = await cluster(pointsOf(values, 1), { clusters: 2, seed, maxIterations: 1 });
      hit += Number(Math.max(...centers) > 5);
    }
    expect(hit).toBeGreaterThan(195);
  });

  it("is the same at any power of two, near the ends of the range, and far from the origin", async () => {
    const values = clustered(new Numbers(2), 300, 3, 5, 0.5);
    const plain = await cluster(pointsOf(values, 3), { clusters: 5 });
    for (const factor of [2 ** 900, 2 ** -900]) {
      const found = await cluster(
        pointsOf(
          values.map((value) => value * factor),
          3,
        ),
        { clusters: 5 },
      );
      expect(found.labels).toEqual(plain.labels);
      expect(found.centers).toEqual(plain.centers.map((value) => value * factor));
    }
    const offset = values.map((value) => 2 ** 40 + Math.round(value * 4096) / 4096);
    const shifted = await cluster(pointsOf(offset, 3), { clusters: 5 });
    const straight = await cluster(
      pointsOf(
        offset.map((value) => value - 2 ** 40),
        3,
      ),
      { clusters: 5 },
    );
    expect(shifted.labels).toEqual(straight.labels);
    await expect(cluster(pointsOf(Float64Array.of(-1.7e308, 1.7e308, 0), 1), { clusters: 2 })).rejects.toThrow(/spans more than the range/);
  });

  it.each([
    ["one row", [5], 1],
    ["equal rows", [3, 3, 3, 3], 3],
    ["fewer different rows than clusters", [1, 1, 2, 2, 2], 4],
    ["as many clusters as rows", [1, 5, 9], 3],
  ])("%s", async (_, list, k) => {
    const found = await cluster(pointsOf(Float64Array.from(list), 1), { clusters: k });
    expect(found.inertia).toBe(0);
    expect([...found.centers].every(Number.isFinite)).toBe(true);
    expect(new Set(found.labels).size).toBe(new Set(list).size);
    list.forEach((value, i) => expect(found.centers[found.labels[i]!]).toBe(value));
  });

  it("leaves rows of weight 0 out, and a row of weight 3 counts three times", async () => {
    const values = Float64Array.of(0, 1, 2, 10, 11, 500);
    const centers = Float64Array.of(0, 11);
    const found = await cluster(pointsOf(values, 1, Float64Array.of(1, 1, 3, 1, 1, 0)), { clusters: 2, centers });
    expect([...found.centers]).toEqual([expect.closeTo(7 / 5, 12), expect.closeTo(10.5, 12)]);
    expect([...found.labels]).toEqual([0, 0, 0, 1, 1, 1]);
  });

  it("tells how far it is and stops when told", async () => {
    const points = pointsOf(new Numbers(1).block(20_000, 10), 10);
    const controller = new AbortController();
    let calls = 0;
    const stopped = withInstance(stats, (instance) => {
      const work = startWork({ signal: controller.signal, onProgress: () => ++calls === 9 && controller.abort("enough") }, 1e10);
      return findClusters(instance, work, points, OPTIONS);
    });
    await expect(stopped).rejects.toBe("enough");
    for (const { arena } of stats.idle) expect(arena.top).toBe(arena.base);
  });
});

describe.skipIf(!HAS_DATA)("k-means as scikit-learn computes it, from the same rows", () => {
  interface Golden {
    readonly name: string;
    readonly rows: readonly number[];
    readonly weighted: boolean;
    readonly labels: readonly number[];
    readonly centers: readonly (readonly number[])[];
    readonly inertia: number;
    readonly iterations: number;
  }
  const { sets } = golden<{ sets: readonly Golden[] }>("kmeans.json");
  it.each(sets.map((set) => [set.name, set] as const))("%s: labels, centers, inertia and iterations", async (_, set) => {
    const { numeric, n, schema } = read(realTable("keel", set.name));
    const { d } = schema;
    const weights = set.weighted ? Float64Array.from({ length: n }, (_unused, i) => 1 + (i % 3)) : null;
    const centers = Float64Array.from(set.rows.flatMap((i) => [...numeric.subarray(i * d, i * d + d)]));
    const found = await cluster({ values: numeric, n, d, weights }, { clusters: set.rows.length, centers });
    expect([...found.labels]).toEqual(set.labels);
    expect(found.iterations).toBe(set.iterations);
    expect(Math.abs(found.inertia / set.inertia - 1)).toBeLessThan(1e-9);
    set.centers
      .flat()
      .forEach((value, at) => expect(Math.abs(found.centers[at]! - value)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(value))));
  });
});

describe("kMeans", () => {
  const values = clustered(new Numbers(3), 500, 3, 4, 0.1);

  it("takes numbers without labels, and centers to begin with, in the units of the data", async () => {
    const found = await kMeans({ X: values, columns: 3 }, { clusters: 4, nInit: 5 });
    const again = await kMeans({ X: values, columns: 3 }, { clusters: 4, centers: found.centers });
    expect(again.labels).toEqual(found.labels);
    expect(again.iterations).toBeLessThanOrEqual(2);
    expect(found.notes).toEqual([]);
    const inner = await cluster(pointsOf(values, 3), { clusters: 4, nInit: 5 });
    expect([found.labels, found.centers, found.inertia]).toEqual([inner.labels, inner.centers, inner.inertia]);
  });

  it("scales tables, and counts rows by their weight", async () => {
    const data = table({ a: [0, 1, 1000, 1001], b: [0, 0, 1e-3, 1e-3], w: [1, 3, 1, 1], y: [0, 1, 0, 1] }, { target: "y", weight: "w" });
    const { centers, labels } = await kMeans(data, { clusters: 2, centers: Float64Array.of(0, 0, 1000, 1e-3) });
    expect([...labels]).toEqual([0, 0, 1, 1]);
    expect([...centers]).toEqual([expect.closeTo(0.75, 9), 0, expect.closeTo(1000.5, 9), expect.closeTo(1e-3, 12)]);
  });

  it("tells of what did not end, and of empty clusters", async () => {
    const ended = await kMeans({ X: values, columns: 3 }, { clusters: 9, maxIterations: 1, tolerance: 0 });
    expect(ended.notes.join()).toMatch(/ended after 1 iterations/);
    expect((await kMeans({ X: [[1], [1], [2]] }, { clusters: 3 })).notes).toEqual([
      "1 of 3 clusters are empty: there are fewer different rows.",
    ]);
  });

  it.each([
    [{ X: [[1], [2]] }, {}, /clusters is 8, but needs a whole number from 1 to 2/],
    [{ X: [[1], [NaN]] }, { clusters: 1 }, /Column "0" has no value in row 1.*toMatrix/],
    [
      {
        X: [
          [1, 2],
          [2, 3],
        ],
        kinds: ["nominal", "numeric"],
      },
      { clusters: 1 },
      /"0" is nominal; use toMatrix/,
    ],
    [
      { X: [[1], [2]] },
      { clusters: 1, centers: Float64Array.of(1, 2) },
      /centers is a Float64Array, but needs a Float64Array of 1 · 1 numbers/,
    ],
    [{ X: [[1], [2]] }, { clusters: 1, tolerance: -1 }, /tolerance is -1/],
    [{ X: [[1], [2]] }, { k: 1 }, /no option "k"/],
  ])("refuses what cannot be: %#", async (data, options, message) => {
    const call = kMeans(data as never, options as object);
    await expect(call).rejects.toThrow(message);
    await expect(call).rejects.toBeInstanceOf(InputError);
  });
});
