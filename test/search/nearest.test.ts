import { beforeAll, describe, expect, it } from "vitest";
import { InputError, nearestNeighbors, table, type NearestNeighbors } from "../../bindings/index";
import { Numbers } from "../support/numbers";
import { nearest, rowsOf, squaredDistance } from "../support/oracle";

const numbers = new Numbers(5);
const [n, m, d] = [300, 70, 4];
const X = numbers.block(n, d);
const others = numbers.block(m, d);
const y = Array.from({ length: n }, (_, i) => i % 3);

/** Equals the naive twin, in rows and in every bit of the distances. */
function expectNearest(found: NearestNeighbors, rows: Float64Array, self: boolean): void {
  const [asked, known] = [rowsOf(rows, d), rowsOf(X, d)];
  const { indices, keys } = nearest(asked.length, n, found.kNeighbors, self, (i, j) => squaredDistance(asked[i]!, known[j]!));
  expect(found.indices).toEqual(indices);
  expect(found.distances).toEqual(keys.map(Math.sqrt));
}

describe("nearestNeighbors", () => {
  it("finds the nearest other rows, 5 unless told otherwise", async () => {
    const found = await nearestNeighbors({ X, y, columns: d });
    expect([found.kNeighbors, found.notes]).toEqual([5, []]);
    expectNearest(found, X, true);
    expectNearest(await nearestNeighbors({ X, columns: d }, { kNeighbors: n - 1 }), X, true);
  });

  it("finds the nearest of other rows, and counts the row itself when told to", async () => {
    expectNearest(await nearestNeighbors({ X, y, columns: d }, { queries: { X: others, columns: d }, kNeighbors: 7 }), others, false);
    expectNearest(await nearestNeighbors({ X, columns: d }, { exclude: "none", kNeighbors: n }), X, false);
    const nested = { X: rowsOf(X, d).map((row) => [...row]) };
    expectNearest(await nearestNeighbors(nested, { exclude: "none" }), X, false);
  });

  it("rescales for missing cells that only the queries have", async () => {
    const { indices, distances } = await nearestNeighbors(
      {
        X: [
          [0, 5],
          [1, 1],
          [2, 9],
        ],
      },
      { queries: { X: [[1.1, NaN]] }, kNeighbors: 3, missing: "rescale" },
    );
    expect([...indices]).toEqual([1, 2, 0]);
    expect([...distances].map((far) => (far * far) / 2)).toEqual([expect.closeTo(0.01), expect.closeTo(0.81), expect.closeTo(1.21)]);
  });

  describe("tables", () => {
    const sizes = { kinds: { size: "ordinal" as const }, levels: { size: ["S", "M", "L"] }, target: "y" };
    const data = table({ size: ["S", "M", "L", "L"], color: ["red", "red", "blue", "blue"], a: [0, 1, 2, 3], y: [0, 0, 1, 1] }, sizes);

    it("reads queries by name, in any order of columns and levels; an unknown value equals nothing", async () => {
      const queries = table(
        { y: [0, 1, 0], color: ["blue", "green", "green"], a: [2, 0, 0], size: ["L", "S", "S"] },
        { ...sizes, kinds: { ...sizes.kinds, color: "nominal" } },
      );
      const { indices, distances } = await nearestNeighbors(data, { queries, kNeighbors: 1, scale: "none" });
      expect([...indices]).toEqual([2, 0, 0]);
      // the median of the deviations 0.829 (size) and 1.118 (a)
      expect([...distances]).toEqual([0, expect.closeTo(0.9736, 3), expect.closeTo(0.9736, 3)]);
    });

    it("compares by the Value Difference Metric when all is nominal, unknown values included", async () => {
      const known = table({ a: ["u", "u", "v", "v"], y: [0, 0, 1, 1] }, { target: "y" });
      const queries = table({ a: ["v", "w", "w"], y: [0, 0, 1] }, { target: "y" });
      const { indices, distances } = await nearestNeighbors(known, { queries, kNeighbors: 1 });
      expect([...indices]).toEqual([2, 0, 0]);
      expect([...distances]).toEqual([0, 1, 1]);
    });

    it.each([
      [{ a: [1, 2], y: [0, 1] }, { target: "y" }, /Queries lack the feature "size"/],
      [
        { size: ["S", "XL"], color: ["red", "red"], a: [1, 2], y: [0, 1] },
        { ...sizes, levels: { size: ["S", "XL"] } },
        /"XL" in the ordinal column "size"/,
      ],
      [{ size: ["S", "L"], color: [1, 2], a: [1, 2], y: [0, 1] }, sizes, /"color" is nominal in the data but integer in the queries/],
    ])("refuses queries of other columns: %#", async (columns, options, message) => {
      await expect(nearestNeighbors(data, { queries: table(columns, options as never) })).rejects.toThrow(message);
    });
  });

  describe("what cannot be", () => {
    let few: InputError;
    beforeAll(async () => {
      few = (await nearestNeighbors({ X: [[1], [2]] }).catch((error: InputError) => error)) as InputError;
    });
    it("too few rows", async () => {
      expect(few).toBeInstanceOf(InputError);
      expect(few.message).toBe("kNeighbors is 5 but the data has 2 rows, the row itself among them; use 1 or less.");
      await expect(nearestNeighbors({ X: [[1]] }, { kNeighbors: 1 })).rejects.toThrow("a row has no neighbors without others");
    });
    it.each([
      [{ X: [[1], [2]], kinds: ["nominal"] }, {}, /need labels; add y/],
      [{ X: [[1], [2]] }, { exclude: "self", queries: { X: [[1]] } }, /leave one of the two out/],
      [{ X: [[1], [2]] }, { queries: { X: [[1, 2]] }, kNeighbors: 1, k: 1 }, /no option "k"/],
      [{ X: [[1], [2]] }, { algorithm: "ball" }, /algorithm is "ball"/],
      [{ X: [[1], [2]] }, { scale: "big" }, /scale is "big"/],
      [{ X: [[1], [2]] }, { queries: { X: [[1, 2]] } }, /Queries have the feature "1", which the data lack/],
      [{ rows: 1 }, {}, /needs \{ X, y \}/],
    ])("%#", async (data, options, message) => {
      const call = nearestNeighbors(data as never, { kNeighbors: 1, ...(options as object) });
      await expect(call).rejects.toThrow(message);
      await expect(call).rejects.toBeInstanceOf(InputError);
    });
  });

  it.each(["auto", "exhaustive", "tree"] as const)("finds the same by %s among many rows", async (algorithm) => {
    const many = numbers.block(6000, 3);
    const asked = numbers.block(500, 3);
    const { indices, distances } = await nearestNeighbors({ X: many, columns: 3 }, { algorithm, queries: { X: asked, columns: 3 } });
    const [rows, known] = [rowsOf(asked, 3), rowsOf(many, 3)];
    const expected = nearest(500, 6000, 5, false, (i, j) => squaredDistance(rows[i]!, known[j]!));
    expect(indices).toEqual(expected.indices);
    expect(distances).toEqual(expected.keys.map(Math.sqrt));
  });

  it("says when there is no tree to search", async () => {
    const { notes } = await nearestNeighbors({ X: [[1], [2], [NaN]] }, { algorithm: "tree", missing: "rescale", kNeighbors: 1 });
    expect(notes).toEqual(["These distances have no tree; rows were compared pair by pair."]);
  });

  it("tells how far it is and stops when told", async () => {
    const done: number[] = [];
    await nearestNeighbors({ X, columns: d }, {}, { onProgress: (progress) => done.push(progress.done / progress.total) });
    expect(done.at(-1)).toBeCloseTo(1);
    await expect(nearestNeighbors({ X, columns: d }, {}, { signal: AbortSignal.abort("enough") })).rejects.toBe("enough");
  });
});
