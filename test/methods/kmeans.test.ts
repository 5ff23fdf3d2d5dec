import { describe, expect, it } from "vitest";
import { meanDistance } from "../../bindings/cluster/sparsity";
import { read } from "../../bindings/data/read";
import { withInstance } from "../../bindings/engine/lease";
import { stats } from "../../bindings/engine/stats";
import { InputError, kmeansSmote, smote, table } from "../../bindings/index";
import { neighborOptions } from "../../bindings/resample/kin";
import { growIn, homesOf, weightsOf } from "../../bindings/resample/over/kmeans";
import { oversampler } from "../../bindings/resample/oversample";
import { divisorsOf } from "../../bindings/search/space";
import { embed } from "../../bindings/search/embed";
import { startWork } from "../../bindings/run/work";
import { golden, HAS_DATA, realTable } from "../support/data";
import { Numbers } from "../support/numbers";
import { streamOf } from "../support/stream";
import { rowsOf, squaredDistance } from "../support/oracle";

const work = startWork(undefined, 1);
const distanceOf = (values: Float64Array, d: number): Promise<number> =>
  withInstance(stats, (instance) => meanDistance(instance, work, values, values.length / d, d));

/** Groups of a minority labelled 1, each `sizes[g]` rows around (100 g, 0) with a spread of its own, and a majority far from all. */
function groups(sizes: readonly number[], spreads: readonly number[], more = 60): { X: number[][]; y: number[] } {
  const numbers = new Numbers(5);
  const own = sizes.flatMap((size, g) =>
    Array.from({ length: size }, () => [100 * g + spreads[g]! * numbers.normal(), spreads[g]! * numbers.normal()]),
  );
  const others = Array.from({ length: more }, () => [numbers.normal(), 500 + numbers.normal()]);
  return { X: [...own, ...others], y: [...own.map(() => 1), ...others.map(() => 0)] };
}

describe("the mean distance", () => {
  it.each([2, 3, 4, 5, 7, 8, 9, 31, 64, 67])("of %d rows is that of all pairs", async (n) => {
    for (const d of [1, 3, 8]) {
      const values = new Numbers(n + d).block(n, d);
      const all = rowsOf(values, d);
      let sum = 0;
      for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) sum += Math.sqrt(squaredDistance(all[i]!, all[j]!));
      expect(await distanceOf(values, d)).toBeCloseTo(sum / ((n * (n - 1)) / 2), 12);
    }
  });

  it("of one row, or equal rows, is 0", async () => {
    expect(await distanceOf(Float64Array.of(4), 1)).toBe(0);
    expect(await distanceOf(new Float64Array(10).fill(0.1), 2)).toBe(0);
  });
});

describe("weights of clusters", () => {
  it("are in proportion to distance^exponent / size", () => {
    const weights = weightsOf([1, 2, 4], [10, 10, 40], 2);
    const naive = [1 / 10, 4 / 10, 16 / 40];
    const sum = naive.reduce((a, b) => a + b);
    weights.forEach((weight, h) => expect(weight).toBeCloseTo(naive[h]! / sum, 13));
    expect(weightsOf([3, 0.5], [4, 12], 0)).toEqual([expect.closeTo(0.75, 14), expect.closeTo(0.25, 14)]);
  });

  it("stay numbers where powers of distances would not", () => {
    expect(weightsOf([1e200, 1e200], [1000, 1000], "auto")).toEqual([0.5, 0.5]);
    expect(weightsOf([1e-200, 1e200], [1000, 1000], "auto")).toEqual([0, 1]);
  });

  it("are alike where no rows are apart: no NaN (imbalanced-learn #1186)", async () => {
    expect(weightsOf([0, 0, 0], [4, 9, 2], "auto")).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(weightsOf([0, 1], [4, 9], "auto")).toEqual([0, 1]);
    const X = [...new Array<number[]>(5).fill([1, 1]), ...new Array<number[]>(5).fill([50, 50]), ...new Array<number[]>(40).fill([99, 0])];
    const result = await kmeansSmote({ clusters: 3, seed: 1 }).resample(
      { X, y: X.map((_, i) => (i < 10 ? "rare" : "common")) },
      { only: "synthetic" },
    );
    expect(result.data.X).toHaveLength(30);
    for (const row of result.data.X)
      expect([
        [1, 1],
        [50, 50],
      ]).toContainEqual(row);
    expect(result.data.X.filter((row) => row[0] === 1)).toHaveLength(15);
  });
});

describe("kmeansSmote", () => {
  it("makes rows between neighbors of one cluster only, all that are asked for", async () => {
    const data = groups([12, 30, 7], [1, 1, 1]);
    const { origins, counts } = await kmeansSmote({ clusters: 4, seed: 3, strategy: { counts: { 1: 501 } } }).resample(data, {
      only: "synthetic",
    });
    expect(counts.get(1)).toEqual({ before: 49, added: 452, removed: 0, after: 501 });
    const group = (row: number): number => Math.abs(Math.round(data.X[row]![0]! / 100));
    origins.base.forEach((base, t) => expect(group(origins.neighbor[t]!)).toBe(group(base)));
    expect(new Set(Array.from(origins.base, group))).toEqual(new Set([0, 1, 2]));
  });

  it("gives each cluster its share, within one or two rows, and the rows of a cluster equal ones", async () => {
    const data = groups([10, 10], [1, 3]);
    const { origins } = await kmeansSmote({ clusters: 3, densityExponent: 1, strategy: { counts: { 1: 1020 } } }).resample(data, {
      only: "synthetic",
    });
    const tally = new Array<number>(20).fill(0);
    for (const base of origins.base) tally[base]!++;
    const distances = await Promise.all([0, 10].map((from) => distanceOf(Float64Array.from(data.X.slice(from, from + 10).flat()), 2)));
    const expected = (1000 * distances[0]!) / (distances[0]! + distances[1]!);
    const first = tally.slice(0, 10);
    expect(Math.abs(first.reduce((a, b) => a + b) - expected)).toBeLessThan(3);
    expect(Math.max(...first) - Math.min(...first)).toBeLessThanOrEqual(2);
  });

  it("with one cluster is SMOTE, to the byte, on any columns", async () => {
    const numbers = new Numbers(7);
    const rows = Array.from({ length: 60 }, (_, i) => ({
      a: numbers.unit() < 0.1 ? null : numbers.normal(),
      b: numbers.normal() + i,
      color: numbers.pick(["red", "green", "blue"]),
      y: i < 15 ? "rare" : "common",
    }));
    const options = { kNeighbors: 5, seed: 9 };
    for (const data of [
      table(rows, { target: "y" }),
      table(
        rows.map(({ color, y }) => ({ color, shade: color, y })),
        { target: "y" },
      ),
    ]) {
      const one = await kmeansSmote({ ...options, clusters: 1 }).resample(data);
      const plain = await smote(options).resample(data);
      expect(one.data).toEqual(plain.data);
      expect(one.origins).toEqual(plain.origins);
    }
  });

  it("of more rows than centers are learned from grows in clusters, and rows of the stream stay what they are", async () => {
    const data = groups([700, 300, 7], [1, 2, 1], 12_000);
    const options = { clusters: 4, seed: 3 };
    const generator = await kmeansSmote(options).fit(data);
    const part = async (from: number, to: number): Promise<readonly (readonly number[])[]> => (await generator.sample(1, from, to)).data.X;
    const all = await part(0, 900);
    expect([...(await part(0, 350)), ...(await part(350, 900))]).toEqual(all);
    const { data: made, origins } = await kmeansSmote(options).resample(data, { only: "synthetic" });
    expect(made.X).toHaveLength(12_000 - 1007);
    expect(made.X.slice(0, 900)).toEqual(all);
    const group = (row: number): number => Math.abs(Math.round(data.X[row]![0]! / 100));
    origins.base.forEach((base, t) => expect(group(origins.neighbor[t]!)).toBe(group(base)));
  });

  describe("without a cluster of its own (imbalanced-learn #967)", () => {
    // every cluster is the majority's
    const X = Array.from({ length: 60 }, (_, i) => [(i % 4) * 10 + ((i * 7) % 5) / 5]);
    const y = X.map((_, i) => (i % 10 === 0 ? 1 : 0));

    it("says so in one sentence with what to try", async () => {
      const error: unknown = await kmeansSmote({ clusters: 4 })
        .resample({ X, y })
        .catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(InputError);
      expect((error as Error).message).toMatch(
        /^Class 1 has no cluster in which it has more than 2 rows and at least 50 % of all.*onNoCluster: "all"/,
      );
    });

    it("grows from all rows or skips when told, with a note, and takes a lower share", async () => {
      const all = await kmeansSmote({ clusters: 4, onNoCluster: "all" }).resample({ X, y });
      expect(all.counts.get(1)!.after).toBe(54);
      expect(all.notes.join()).toMatch(/no cluster.*grown from all of its rows/);
      const skipped = await kmeansSmote({ clusters: 4, onNoCluster: "skip" }).resample({ X, y });
      expect(skipped.counts.get(1)!.added).toBe(0);
      expect(skipped.notes.join()).toMatch(/left as it is/);
      expect((await kmeansSmote({ clusters: 4, minShare: 0, kNeighbors: 1 }).resample({ X, y })).counts.get(1)!.after).toBe(54);
    });
  });

  it("takes the share of imbalanced-learn with compat", () => {
    const data = read({ X: [[0], [1], [2], [3], [4], [5], [6], [7], [8], [9]], y: [0, 0, 1, 1, 1, 1, 0, 0, 0, 0] });
    const labels = Uint32Array.of(0, 0, 0, 0, 0, 1, 1, 1, 2, 2);
    const homes = (k: number, share: number): number[][] => homesOf({ data, code: 1 }, labels, k, share).map((rows) => [...rows]);
    expect(homes(2, 0.6)).toEqual([[2, 3, 4]]);
    expect(homes(2, 0.61)).toEqual([]);
    expect(homes(3, 0)).toEqual([]);
    expect(homes(0, 1 / 3)).toEqual([[2, 3, 4], [5]]);
  });

  it.each([
    [{ clusters: 0 }, /clusters is 0/],
    [{ minShare: 1.5 }, /minShare is 1.5, but needs "auto" or a number of at least 0 and at most 1/],
    [{ densityExponent: "steep" }, /densityExponent is "steep"/],
    [{ onNoCluster: "smote" }, /onNoCluster is "smote"/],
    [{ cluster: 5 }, /did you mean "clusters"/],
  ])("refuses %j", (options, message) => {
    expect(() => kmeansSmote(options as object)).toThrow(message);
  });

  it("copies the rows of a class of one, and tells of more clusters than rows", async () => {
    const data = { X: [[1], [2], [3], [9]], y: [0, 0, 0, 1] };
    const result = await kmeansSmote({ onTooFew: "copy" }).resample(data);
    expect(result.data.X.slice(4)).toEqual([[9], [9]]);
    const few = await kmeansSmote({ clusters: 50, kNeighbors: 1, onNoCluster: "all" }).resample({
      X: [...data.X, [9.5]],
      y: [...data.y, 1],
    });
    expect(few.notes.join()).toMatch(/There are 5 rows for 50 clusters; 5 were sought/);
  });
});

describe.skipIf(!HAS_DATA)("clusters as imbalanced-learn weighs them, given scikit-learn's", () => {
  interface Golden {
    readonly name: string;
    readonly clusters: readonly {
      readonly rows: readonly number[];
      readonly sparsity: number;
      readonly weight: number;
      /** Places of rows without an equal one, and their neighbors. */
      readonly asked: readonly number[];
      readonly neighbors: readonly (readonly number[])[];
    }[];
  }
  const { sets } = golden<{ sets: readonly Golden[] }>("kmeans-smote.json");
  const labelled = golden<{ sets: readonly { readonly name: string; readonly labels: readonly number[] }[] }>("kmeans.json").sets;
  it.each(sets.map((set) => [set.name, set] as const))("%s: which grow, mean distances and weights", async (_, set) => {
    const data = read(realTable("keel", set.name));
    const { d } = data.schema;
    const code = data.labels.reduce((sum, label) => sum + label, 0) * 2 < data.n ? 1 : 0;
    const homes = homesOf({ data, code }, Uint32Array.from(labelled.find(({ name }) => name === set.name)!.labels), 2, 0.5);
    expect(homes.map((home) => [...home])).toEqual(set.clusters.map(({ rows }) => rows));
    if (homes.length === 0) return;
    const distances = [];
    for (const home of homes)
      distances.push(await distanceOf(Float64Array.from([...home].flatMap((i) => [...data.numeric.subarray(i * d, i * d + d)])), d));
    weightsOf(
      distances,
      homes.map(({ length }) => length),
      "auto",
    ).forEach((weight, h) => expect(Math.abs(weight - set.clusters[h]!.weight)).toBeLessThan(1e-10 * (1e-3 + weight)));
    distances.forEach((distance, h) => {
      const n = homes[h]!.length;
      expect(distance ** (0.16 * (Math.log(n) / Math.log(1.6)) ** 1.8) / n / set.clusters[h]!.sparsity).toBeCloseTo(1, 9);
    });
  });

  it.each(sets.filter(({ clusters }) => clusters.length > 1).map((set) => [set.name, set] as const))(
    "%s: what rows grow from and lean towards, and how often",
    async (_, set) => {
      const data = realTable("keel", set.name);
      const labels = Uint32Array.from(labelled.find(({ name }) => name === set.name)!.labels);
      const method = oversampler({
        name: "given clusters",
        options: { strategy: "auto", seed: 0 },
        workFor: () => 1,
        async choose(scene) {
          const points = embed(
            scene.instance,
            scene.data,
            Uint32Array.from(labels.keys()),
            divisorsOf(scene.data.schema, "none", scene.statistics),
          );
          const leaning = neighborOptions({ kNeighbors: 2, scale: "none" });
          return growIn(scene, homesOf(scene, labels, 2, 0.5), { points, labels }, 2, leaning, "auto", "even");
        },
      });
      const { bases, shares, neighbors } = streamOf(await method.fit(data), "positive");
      expect(bases).toEqual(set.clusters.flatMap(({ rows }) => rows));
      let at = 0;
      for (const cluster of set.clusters) {
        cluster.rows.forEach((_row, t) => expect(shares![at + t]).toBeCloseTo(cluster.weight / cluster.rows.length, 10));
        cluster.asked.forEach((t, s) => expect(neighbors[at + t], `row ${cluster.rows[t]}`).toEqual(cluster.neighbors[s]));
        at += cluster.rows.length;
      }
    },
  );
});
