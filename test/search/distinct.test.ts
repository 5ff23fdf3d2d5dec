import { describe, expect, it } from "vitest";
import { nearestNeighbors, neighborIndex, table, type CompareOptions, type Features, type NearestNeighbors } from "../../bindings/index";
import { Numbers } from "../support/numbers";
import { nearest, rowsOf, squaredDistance } from "../support/oracle";

const numbers = new Numbers(31);
const d = 3;

/** Every eleventh list equals the naive twin's, in rows and in every bit of the distances. */
function expectNearest(
  { indices, distances, kNeighbors: k }: NearestNeighbors,
  asked: Float64Array,
  known: Float64Array,
  self: boolean,
): void {
  const [rows, others] = [rowsOf(asked, d), rowsOf(known, d)];
  for (let t = 0; t < rows.length; t += 11) {
    const far = (_: number, j: number): number => (self && j === t ? Infinity : squaredDistance(rows[t]!, others[j]!));
    const twin = nearest(1, others.length, k, false, far);
    expect(indices.slice(t * k, t * k + k)).toEqual(twin.indices);
    expect(distances.slice(t * k, t * k + k)).toEqual(twin.keys.map(Math.sqrt));
  }
}

describe("rows of which many are equal", () => {
  const lattice = (n: number, values: readonly number[]): Float64Array => numbers.block(n, d, () => numbers.pick(values));
  const blocks: [string, Float64Array][] = [
    ["a lattice, where most distances tie", lattice(1300, [0, 1, 2, 3, 4])],
    ["two kinds of rows", numbers.block(1100, d, (i) => (i % 7 ? 1 : -1))],
    ["values so close that their squares vanish", lattice(1200, [0, 1e-200, 1])],
    ["zeros of both signs", lattice(1200, [0, -0, 1])],
    ["a few equal rows among many", numbers.block(2000, d, (i) => (i % 3 ? i % 5 : numbers.normal()))],
    ["an offset of 1e9", lattice(1100, [1e9, 1e9 + 1, 1e9 + 3])],
  ];

  it.each(blocks)("%s: among themselves", async (_, X) => {
    for (const kNeighbors of [1, 3, 40]) expectNearest(await nearestNeighbors({ X, columns: d }, { kNeighbors }), X, X, true);
    expectNearest(await nearestNeighbors({ X, columns: d }, { kNeighbors: 5, exclude: "none" }), X, X, false);
    const most = X.length / d - 1;
    expectNearest(await nearestNeighbors({ X, columns: d }, { kNeighbors: most }), X, X, true);
  });

  it.each(blocks)("%s: other rows", async (_, X) => {
    const few = X.slice(0, 60 * d);
    const others = numbers.block(1500, d, (i, c) => X[(i % 400) * d + c]! + Number(i % 2));
    for (const [asked, known] of [
      [few, X],
      [X, few],
      [others, X],
      [others, few],
    ] as const) {
      const options = { kNeighbors: 4, queries: { X: asked, columns: d } };
      expectNearest(await nearestNeighbors({ X: known, columns: d }, options), asked, known, false);
    }
  });

  it("by label: some rows among all, among others, among their own", async () => {
    const X = lattice(4000, [0, 1, 2, 5]);
    const y = Array.from({ length: 4000 }, (_, i) => Number(i % 9 === 0 || i > 3000));
    const some = await nearestNeighbors({ X, y, columns: d }, { labels: { queries: [1] } });
    const all = await nearestNeighbors({ X, y, columns: d }, { algorithm: "exhaustive" });
    some.rows.forEach((row, t) => expect(some.indices.slice(t * 5, t * 5 + 5)).toEqual(all.indices.slice(row * 5, row * 5 + 5)));
    for (const reference of ["same", "other"] as const) {
      const found = await nearestNeighbors({ X, y, columns: d }, { kNeighbors: 2, labels: { reference } });
      const rows = rowsOf(X, d);
      const twin = nearest(20, 4000, 2, true, (i, j) =>
        (y[i] === y[j]) === (reference === "same") ? squaredDistance(rows[i]!, rows[j]!) : Infinity,
      );
      expect(found.indices.slice(0, 40)).toEqual(twin.indices);
    }
  });

  const cell = (missing: number, value: unknown): unknown => (numbers.unit() < missing ? null : value);
  const mixed = (n: number, missing: number): Features => {
    const colors = Array.from({ length: n }, () => cell(missing, numbers.pick(["red", "green", "blue"])));
    const ages = Array.from({ length: n }, () => cell(missing, numbers.below(5)));
    return table({ colors, ages, sizes: ages.map((_, i) => i % 3), y: ages.map((_, i) => (i % 4 ? "no" : "yes")) } as never, {
      target: "y",
    });
  };
  const cases: [string, number, number, CompareOptions][] = [
    ["nominal cells", 0, 0, {}],
    ["missing cells", 0.1, 0.1, {}],
    ["cells that the queries alone lack", 0, 0.2, {}],
    ["cells that the queries alone lack, rescaled", 0, 0.2, { missing: "rescale" }],
    ["cells that the reference alone lacks", 0.2, 0, {}],
    ["manhattan", 0, 0, { metric: "manhattan" }],
    ["by class frequencies", 0, 0, { metric: "valueDifference" }],
  ];
  // an index never groups its rows
  it.each(cases)("%s, as an index finds them", async (_, known, asked, options) => {
    const [data, queries] = [mixed(1500, known), mixed(1200, asked)];
    const index = await neighborIndex(data, options);
    const expected = await index.nearest({ kNeighbors: 3, queries });
    const found = await nearestNeighbors(data, { ...options, kNeighbors: 3, queries });
    expect([found.indices, found.distances]).toEqual([expected.indices, expected.distances]);
  });

  it("counts all of the work", async () => {
    const told: number[] = [];
    let all = 0;
    const onProgress = ({ done, total }: { done: number; total: number }): void => void (told.push(done), (all = total));
    await nearestNeighbors({ X: lattice(3000, [0, 1, 2]), columns: d }, {}, { onProgress });
    expect(told.at(-1)).toBe(all);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  });
});
