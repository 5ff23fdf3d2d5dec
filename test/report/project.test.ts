import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chain, InputError, randomUndersample, smote, table, tomekLinks } from "../../bindings/index";
import { projectRows, type Projection } from "../../bindings/report";

const distance = ({ x, y }: Projection, i: number, j: number): number => Math.sqrt((x[i]! - x[j]!) ** 2 + (y[i]! - y[j]!) ** 2);

/** Axes are shorter than 1 by a hair: see principalAxes. */
function expectDistances(projection: Projection, between: (i: number, j: number) => number): void {
  for (let i = 0; i < projection.x.length; i++)
    for (let j = 0; j < i; j++) expect(Math.abs(distance(projection, i, j) - between(i, j))).toBeLessThanOrEqual(1e-7 * between(i, j));
}

const spread = (n: number, d: number): number[][] =>
  Array.from({ length: n }, (_, i) => Array.from({ length: d }, (_unused, c) => (Math.imul(i * d + c + 1, 0x9e3779b1) >>> 12) % 1000));

describe("rows in the plane", () => {
  it("keep the distances of two columns, scaled or not", async () => {
    const X = spread(40, 2).map(([a, b]) => [a!, b! / 50]);
    const y = X.map((_, i) => (i < 30 ? "a" : "b"));
    const plain = await projectRows({ X, y });
    expectDistances(plain, (i, j) => Math.hypot(X[i]![0]! - X[j]![0]!, X[i]![1]! - X[j]![1]!));
    const scaled = await projectRows({ X, y }, [], { scale: { 0: 100 } as never });
    expectDistances(scaled, (i, j) => Math.hypot((X[i]![0]! - X[j]![0]!) / 100, X[i]![1]! - X[j]![1]!));
    expect(plain.shares[0] + plain.shares[1]).toBeCloseTo(1, 6);
    expect(plain.shares[0]).toBeGreaterThan(plain.shares[1]);
  });

  it("never are further apart than they were", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 4, maxLength: 4 }), { minLength: 2, maxLength: 25 }),
        async (X) => {
          const projection = await projectRows({ X, y: X.map((_, i) => i % 2) });
          for (let i = 1; i < X.length; i++)
            expect(distance(projection, i, 0)).toBeLessThanOrEqual(Math.hypot(...X[i]!.map((value, c) => value - X[0]![c]!)) + 1e-6);
        },
      ),
    );
  });

  it("hold nearly all variance that any plane can, as the eigenvalues of the covariance tell", async () => {
    // a plane with little noise beside it
    const X = spread(200, 5).map(([a, b, c, d, e]) => [a! + c! / 40, b! / 2 - a!, c! / 30, b! + d! / 30, e! / 30]);
    const { shares } = await projectRows({ X, y: X.map((_, i) => i % 2) });
    expect(shares[0] + shares[1]).toBeGreaterThan(0.995);
  });

  it("a synthetic row lies between its parents", async () => {
    const X = spread(60, 3);
    const data = { X, y: X.map((_, i) => (i < 45 ? 0 : 1)) };
    const made = await smote().resample(data);
    const projection = await projectRows(data, made);
    expect(projection.totals).toEqual({ original: 60, removed: 0, synthetic: 30 });
    expect(projection.links).toHaveLength(2 * 2 * 30);
    for (let at = 0; at < projection.links.length; at += 4) {
      const [child, base, again, neighbor] = projection.links.subarray(at, at + 4) as unknown as [number, number, number, number];
      expect([child, projection.kinds[child], projection.labels[child]]).toEqual([again, "synthetic", 1]);
      expect(made.origins.parents(projection.rows[child]!)).toEqual([projection.rows[base], projection.rows[neighbor]]);
      expect(distance(projection, base, child) + distance(projection, child, neighbor)).toBeCloseTo(
        distance(projection, base, neighbor),
        8,
      );
    }
  });

  it("knows what was removed, and parents whatever stays", async () => {
    const X = spread(80, 3);
    const data = { X, y: X.map((_, i) => (i < 60 ? 0 : 1)) };
    const cut = await projectRows(data, await randomUndersample().resample(data));
    expect(cut.totals).toEqual({ original: 40, removed: 40, synthetic: 0 });
    expect(cut.kinds.filter((kind) => kind === "removed")).toHaveLength(40);
    const both = await chain(smote(), tomekLinks({ strategy: "all" }), { protect: "none" }).resample(data);
    const { kinds, rows, links } = await projectRows(data, both);
    for (const [i, kind] of kinds.entries()) {
      const stays = both.origins.base.some((base, at) => base === rows[i] && both.origins.kind[at] === 0);
      if (kind !== "synthetic") expect(kind).toBe(stays ? "original" : "removed");
    }
    for (let at = 0; at < links.length; at += 2) expect(kinds[links[at + 1]!]).not.toBe("synthetic");
  });

  it("takes samples of a generator, and mixed columns with missing cells", async () => {
    const rows = Array.from({ length: 90 }, (_, i) => ({
      a: i % 7 ? (i * 37) % 23 : null,
      b: ["u", "v", "w"][(i * 5) % 3],
      c: i % 11 ? ["low", "high"][i % 2] : undefined,
      y: i < 60 ? "big" : i < 80 ? "small" : "tiny",
    }));
    const data = table(rows, { target: "y", kinds: { c: "ordinal" }, levels: { c: ["low", "high"] } });
    const generator = await smote().fit(data);
    const samples = await Promise.all(["small", "tiny"].map((label) => generator.sample(label, 0, 12)));
    const projection = await projectRows(data, samples, { rows: 30, synthetic: 10 });
    expect(projection.kinds.filter((kind) => kind === "synthetic")).toHaveLength(10);
    expect(projection.labels.filter((label, i) => label === "tiny" && projection.kinds[i] === "synthetic")).toHaveLength(5);
    expect(projection.totals).toEqual({ original: 90, removed: 0, synthetic: 24 });
    for (const numbers of [projection.x, projection.y, projection.shares]) expect(numbers.every((value) => value - value === 0)).toBe(true);
  });

  it("draws as many rows of each class as there is room for", async () => {
    const X = spread(3000, 2);
    const y = X.map((_, i) => (i < 2900 ? "a" : i < 2980 ? "b" : "c"));
    const { labels } = await projectRows({ X, y }, [], { rows: 300 });
    expect(["a", "b", "c"].map((label) => labels.filter((own) => own === label).length)).toEqual([200, 80, 20]);
  });

  it("a few rows far away do not take an axis", async () => {
    const X = spread(400, 3).map(([a, b, c], i) => [a!, b!, c! / 10 + (i < 4 ? 2000 : 0)]);
    const { x, y } = await projectRows({ X, y: X.map((_, i) => i % 2) });
    const spanOf = (values: Float64Array): number => Math.max(...values.slice(4)) - Math.min(...values.slice(4));
    expect(Math.min(spanOf(x), spanOf(y))).toBeGreaterThan(900);
  });

  it.each([
    [{ rows: 1 }, /rows is 1/],
    [{ synthetic: -1 }, /synthetic is -1/],
    [{ seeds: 1 }, /no option "seeds"/],
  ])("refuses %j", async (options, message) => {
    const asked = projectRows({ X: [[1], [2]], y: [0, 1] }, [], options as object);
    await expect(asked).rejects.toThrow(InputError);
    await expect(projectRows({ X: [[1], [2]], y: [0, 1] }, [], options as object)).rejects.toThrow(message);
  });
});
