import { describe, expect, it } from "vitest";
import {
  InputError,
  nearestNeighbors,
  neighborIndex,
  restoreNeighborIndex,
  table,
  type CompareOptions,
  type Features,
  type NearestNeighbors,
} from "../../bindings/index";
import { Numbers } from "../support/numbers";

const numbers = new Numbers(11);

function expectSame(found: NearestNeighbors, expected: NearestNeighbors): void {
  expect(found.indices).toEqual(expected.indices);
  expect(found.distances).toEqual(expected.distances);
  expect(found.rows).toEqual(expected.rows);
}

const plane = (n: number, width = 1): Features => ({
  X: numbers.block(n, 3, (_, c) => (c === 2 ? 0.01 * numbers.normal() : numbers.normal() * width)),
  columns: 3,
});
const mixed = (n: number, missing: number): Features => {
  const cell = (value: unknown): unknown => (numbers.unit() < missing ? null : value);
  const columns = { a: [] as unknown[], b: [] as unknown[], color: [] as unknown[], y: [] as unknown[] };
  for (let i = 0; i < n; i++) {
    columns.a.push(cell(numbers.normal()));
    columns.b.push(cell(numbers.normal() * 100));
    columns.color.push(cell(["red", "green", "blue"][numbers.below(3)]));
    columns.y.push(i % 4 ? "no" : "yes");
  }
  return table(columns as never, { target: "y" });
};

describe("an index finds what nearestNeighbors finds", () => {
  const cases: [string, Features, Features, CompareOptions][] = [
    ["few numeric rows", plane(80), plane(9), {}],
    ["many rows in a plane", plane(6000), plane(300), {}],
    ["many rows, told to compare all", plane(5000), plane(40), { algorithm: "exhaustive" }],
    ["few rows in a tree", plane(100), plane(10), { algorithm: "tree" }],
    ["mixed", mixed(120, 0), mixed(20, 0), {}],
    ["mixed, some missing", mixed(5000, 0.1), mixed(50, 0.1), {}],
    ["missing only in queries, rescaled", mixed(100, 0), mixed(20, 0.3), { missing: "rescale" }],
    ["manhattan", mixed(200, 0.1), mixed(20, 0.1), { metric: "manhattan" }],
    ["by class frequencies", mixed(200, 0.1), mixed(20, 0.1), { metric: "valueDifference", scale: { b: 10 } }],
    ["queries far away", plane(5000), plane(30, 1e9), {}],
    ["queries far away from packed leaves", plane(500), plane(30, 1e9), { algorithm: "exhaustive" }],
  ];
  it.each(cases)("%s", async (_, data, queries, options) => {
    const index = await neighborIndex(data, options);
    for (const kNeighbors of [1, 7]) {
      expectSame(await index.nearest({ queries, kNeighbors }), await nearestNeighbors(data, { ...options, queries, kNeighbors }));
      expectSame(await index.nearest({ kNeighbors }), await nearestNeighbors(data, { ...options, kNeighbors }));
    }
    const again = await restoreNeighborIndex(JSON.parse(JSON.stringify(index)));
    expect([again.n, again.algorithm, again.notes]).toEqual([index.n, index.algorithm, index.notes]);
    expectSame(await again.nearest({ queries }), await index.nearest({ queries }));
  });

  it("says how it answers", async () => {
    expect((await neighborIndex(plane(6000))).algorithm).toBe("tree");
    expect((await neighborIndex(plane(600))).algorithm).toBe("exhaustive");
    expect((await neighborIndex(plane(60), { metric: "manhattan" })).algorithm).toBe("direct");
  });

  it("calls that overlap, one of which is aborted and one wrong", async () => {
    const data = plane(3000);
    const index = await neighborIndex(data);
    const queries = Array.from({ length: 4 }, () => plane(50));
    const stop = new AbortController();
    const calls = queries.map((asked) => index.nearest({ queries: asked }));
    const stopped = index.nearest({}, { signal: stop.signal });
    const wrong = index.nearest({ kNeighbors: 3000 });
    const last = index.nearest({ queries: queries[0]! });
    stop.abort("enough");
    await expect(stopped).rejects.toBe("enough");
    await expect(wrong).rejects.toThrow("kNeighbors is 3000 but the index has 3000 rows, the row itself among them; use 2999 or less.");
    for (const [t, call] of calls.entries()) expectSame(await call, await nearestNeighbors(data, { queries: queries[t]! }));
    expectSame(await last, await calls[0]!);
  });

  it("keeps its rows when the caller's change, and asks one row in one call", async () => {
    const X = new Float64Array([0, 1, 2, 3, 10]);
    const index = await neighborIndex({ X, columns: 1 });
    X.fill(7);
    const one = await index.nearest({ queries: { X: [[9]] }, kNeighbors: 2 });
    expect([...one.indices, ...one.distances]).toEqual([4, 3, 1, 6]);
  });
});

describe("what cannot be", () => {
  it.each([
    [{ X: [] }, {}, /.+/],
    [{ X: [[1], [2]], kinds: ["nominal"] }, {}, /need labels; add y/],
    [{ X: [[1], [2]] }, { kNeighbors: 3 }, /no option "kNeighbors"/],
    [{ X: [[1], [2]] }, { metric: "cosine" }, /metric is "cosine"/],
  ])("refuses to index %#", async (data, options, message) => {
    const call = neighborIndex(data as never, options as never);
    await expect(call).rejects.toThrow(message);
    await expect(call).rejects.toBeInstanceOf(InputError);
  });

  it("refuses queries of other columns, and options it does not know", async () => {
    const index = await neighborIndex(plane(10));
    await expect(index.nearest({ queries: { X: [[1]] } })).rejects.toThrow(/Queries lack the feature/);
    await expect(index.nearest({ k: 3 } as never)).rejects.toThrow(/no option "k"/);
  });

  it("refuses what is no stored index, or a damaged one", async () => {
    const stored = JSON.parse(JSON.stringify(await neighborIndex(mixed(20, 0.1)))) as Record<string, unknown>;
    await expect(restoreNeighborIndex("text")).rejects.toThrow(/needs what toJSON\(\) of a neighbor index returned/);
    await expect(restoreNeighborIndex({ ...stored, version: 2 })).rejects.toThrow(/version 2 of the format/);
    const damages = [
      { n: 21 },
      { numeric: "" },
      { numeric: 5 },
      { nominal: Buffer.from(new Uint32Array(20).fill(99).buffer).toString("base64") },
      { labels: Buffer.from(new Uint32Array(20).fill(9).buffer).toString("base64") },
      { schema: {} },
      { metric: "other" },
      { scale: "other" },
      { algorithm: 1 },
      { numeric: Buffer.from(new Float64Array(40).fill(Infinity).buffer).toString("base64") },
    ];
    for (const damage of damages) {
      const call = restoreNeighborIndex({ ...stored, ...damage });
      await expect(call, JSON.stringify(damage)).rejects.toThrow(/damaged; store it again/);
      await expect(call).rejects.toBeInstanceOf(InputError);
    }
  });
});
