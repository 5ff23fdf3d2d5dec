import threads from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nearestNeighbors, smote, table, type Data, type NearestNeighborsOptions } from "../../bindings/index";
import { WORTH } from "../../bindings/run/job";
import { Numbers } from "../support/numbers";

const usual = { ...WORTH };
beforeEach(() => void Object.assign(WORTH, { cold: 0, warm: 0 }));
afterEach(() => void Object.assign(WORTH, usual));

const numbers = new Numbers(12);
const [n, d] = [3000, 4];
const X = numbers.block(n, d, (_, c) => (c === 2 ? numbers.below(6) : numbers.normal()));
const y = Array.from({ length: n }, (_, i) => i % 3);
const mixed = table(
  Array.from({ length: n }, (_, i) => ({
    a: numbers.unit() < 0.1 ? null : numbers.normal(),
    b: numbers.normal(),
    color: ["red", "green", "blue"][numbers.below(3)],
    y: y[i],
  })),
  { target: "y" },
);
const others = { X: numbers.block(700, d), columns: d };

describe("the same bytes come out of any number of threads", () => {
  const cases: [string, Data, NearestNeighborsOptions][] = [
    ["self, exhaustive", { X, y, columns: d }, { algorithm: "exhaustive" }],
    ["self, tree", { X, y, columns: d }, { algorithm: "tree" }],
    ["others, exhaustive", { X, y, columns: d }, { algorithm: "exhaustive", queries: others, kNeighbors: 9 }],
    ["others, tree", { X, y, columns: d }, { algorithm: "tree", queries: others, kNeighbors: 9 }],
    ["mixed with missing cells, exhaustive", mixed, { algorithm: "exhaustive" }],
    ["mixed with missing cells, tree", mixed, { algorithm: "tree" }],
    ["many neighbors", { X, y, columns: d }, { algorithm: "exhaustive", kNeighbors: 100 }],
  ];
  it.each(cases)("%s", async (_, data, options) => {
    const alone = await nearestNeighbors(data, options, { threads: 1 });
    for (const count of [2, 3, 7]) {
      const { indices, distances } = await nearestNeighbors(data, options, { threads: count });
      expect(Buffer.from(indices.buffer).equals(Buffer.from(alone.indices.buffer))).toBe(true);
      expect(Buffer.from(distances.buffer).equals(Buffer.from(alone.distances.buffer))).toBe(true);
    }
  });

  it("where memory cannot be shared", async () => {
    const alone = await nearestNeighbors({ X, y, columns: d }, {}, { threads: 1 });
    const shared = globalThis.SharedArrayBuffer;
    try {
      Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
      for (const algorithm of ["exhaustive", "tree"] as const) {
        const { indices, distances } = await nearestNeighbors({ X, y, columns: d }, { algorithm }, { threads: 3 });
        expect([indices, distances]).toEqual([alone.indices, alone.distances]);
      }
    } finally {
      globalThis.SharedArrayBuffer = shared;
    }
  });

  it("overlapping calls, and smote", async () => {
    const [one, ...more] = await Promise.all(
      [1, 2, 2, 3].map(async (count) =>
        JSON.stringify((await smote({ kNeighbors: 3 }).resample(mixed, { threads: count, only: "synthetic" })).data),
      ),
    );
    for (const text of more) expect(text).toBe(one);
  });

  it.each([
    ["in one array with the originals", Float64Array, 900, {}],
    ["in narrower numbers", Float32Array, 900, {}],
    ["with a class that is left as it is", Float64Array, 20, {}],
    ["with a nominal column", Float64Array, 900, { kinds: { 2: "nominal" } }],
  ] as const)("rows made beside originals, %s", async (_, type, last, more) => {
    const labels = y.map((label, i) => ((label === 2 && i > last) || (label === 1 && i % 2) ? 0 : label));
    const data = { X: type.from(X), y: labels, columns: d, ...more } as Data;
    const method = smote({ kNeighbors: 10, onTooFew: "skip" });
    const alone = await method.resample(data, { threads: 1 });
    for (const count of [2, 3, 2]) {
      const made = await method.resample(data, { threads: count });
      expect(made.data).toEqual(alone.data);
      expect(made.counts).toEqual(alone.counts);
    }
    const { X: both } = alone.data as { X: Float64Array };
    expect(both.subarray(0, X.length)).toEqual(type.from(X));
    const only = await method.resample(data, { threads: 2, only: "synthetic" });
    expect((only.data as { X: Float64Array }).X).toEqual(both.slice(X.length));
  });
});

describe("what may happen to workers", () => {
  const large = { X: new Numbers(1).block(30_000, 12), columns: 12 };

  it("an abort ends them within 100 ms, and the next call works", async () => {
    const stop = new AbortController();
    const call = nearestNeighbors(large, { algorithm: "exhaustive" }, { threads: 2, signal: stop.signal });
    await new Promise((later) => setTimeout(later, 120));
    const start = performance.now();
    stop.abort("enough");
    await expect(call).rejects.toBe("enough");
    expect(performance.now() - start).toBeLessThan(100);
    await expect(nearestNeighbors({ X, columns: d }, {}, { threads: 2 })).resolves.toMatchObject({ kNeighbors: 5 });
  });

  it("one that dies fails the call with a clear error, and the next call works", async () => {
    const give = threads.Worker.prototype.postMessage;
    let killed = 0;
    threads.Worker.prototype.postMessage = function (...given: Parameters<typeof give>): void {
      give.apply(this, given);
      // while it works on what it was given
      setTimeout(() => void this.terminate().then(() => killed++), 10);
    };
    try {
      await expect(nearestNeighbors(large, { algorithm: "exhaustive" }, { threads: 3 })).rejects.toMatchObject({
        code: "WORKER_FAILED",
        message: expect.stringMatching(/A worker thread stopped .*threads: 1\./),
      });
      expect(killed).toBeGreaterThan(0);
    } finally {
      threads.Worker.prototype.postMessage = give;
    }
    await expect(nearestNeighbors({ X, columns: d }, {}, { threads: 2 })).resolves.toMatchObject({ kNeighbors: 5 });
  });

  it("tells how far it is, never backwards", async () => {
    const seen: number[] = [];
    await nearestNeighbors(large, { algorithm: "exhaustive" }, { threads: 2, onProgress: ({ done, total }) => seen.push(done / total) });
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBeGreaterThan(0.5);
  });

  it.each([0, 1.5, 1000, "many"])("threads: %s is refused", async (count) => {
    await expect(nearestNeighbors({ X, columns: d }, {}, { threads: count as number })).rejects.toThrow(/threads is/);
  });
});
