import { describe, expect, it } from "vitest";
import { InputError as Restored, restoreGenerator } from "../../bindings/generator";
import { InputError, randomOversample, smote, table } from "../../bindings/index";
import { Numbers } from "../support/numbers";

const numbers = new Numbers(1);
const rows = Array.from({ length: 40 }, (_, i) => ({
  id: BigInt(i),
  day: new Date(2020, 1, i),
  free: i % 4 ? `text ${i}` : undefined,
  a: i === 3 ? -0 : numbers.normal(),
  b: i % 5 ? i : null,
  c: i % 3 ? "x" : "y",
  w: 1 + i,
  y: i < 12,
}));
const data = table(rows, { target: "y", carry: ["id", "day", "free"], weight: "w", bounds: { a: [-Infinity, 10] } });

describe("a stored generator", () => {
  it("gives the same rows elsewhere, carried cells of every type included", async () => {
    for (const method of [smote({ seed: 5 }), randomOversample({ shrinkage: 1, seed: 5 }), randomOversample({ draws: "independent" })]) {
      const generator = await method.fit(data);
      const stored = restoreGenerator(JSON.parse(JSON.stringify(generator)));
      expect(stored.labels).toEqual(generator.labels);
      expect(stored.counts).toEqual(generator.counts);
      expect(stored.method).toBe(method.name);
      const here = await generator.sample(true, 3, 40);
      const there = await stored.sample(true, 3, 40);
      expect(there.data).toEqual(here.data.rows);
      expect([...there.origins.base]).toEqual([...here.origins.base]);
      expect(there.origins.parents(0)).toEqual(here.origins.parents(0));
    }
  });

  it("says that it contains real rows", async () => {
    const stored = (await smote().fit(data)).toJSON();
    expect([stored.format, stored.version, stored.contains]).toEqual(["counterpoise generator", 1, "real rows"]);
  });

  it("shares its error class with the main entry", () => expect(Restored).toBe(InputError));

  it("restores matrices with their columns, kinds and bounds", async () => {
    const matrix = {
      X: Float32Array.from({ length: 60 }, (_, i) => i % 7),
      y: Int8Array.from({ length: 20 }, (_, i) => i % 3),
      columns: 3,
      kinds: { 1: "nominal" as const },
      bounds: { 0: [0, Infinity] as const },
    };
    const generator = await smote().fit(matrix);
    const there = await restoreGenerator(JSON.parse(JSON.stringify(generator))).sample(2, 0, 4);
    expect(there.data).toEqual((await generator.sample(2, 0, 4)).data);
    expect(there.data).toMatchObject({ columns: 3, kinds: { 1: "nominal" }, bounds: { 0: [0, Infinity] } });
  });
});

describe("what cannot be restored is an error", () => {
  it.each([undefined, null, 5, "text", {}, { format: "other" }, []])("%j", (stored) => {
    expect(() => restoreGenerator(stored)).toThrow(/needs what a generator's toJSON\(\) returned/);
  });

  it("a later version, or a damaged one", async () => {
    const stored = JSON.parse(JSON.stringify(await smote().fit(data))) as Record<string, unknown> & { streams: Record<string, unknown>[] };
    expect(() => restoreGenerator({ ...stored, version: 2 })).toThrow(/version 2 of the format, but this release reads version 1/);
    expect(() => restoreGenerator({ ...stored, streams: undefined })).toThrow(/damaged/);
    expect(() => restoreGenerator({ ...stored, schema: {} })).toThrow(/damaged/);
    const [stream] = stored.streams;
    for (const broken of [
      { k: 7 },
      { rows: "" },
      { numeric: "AAAA" },
      { neighbors: stream!["rows"] },
      { nominal: btoa("\xff".repeat(48)) },
      { carried: [] },
      { weights: "AAAAAAAAAAA=" },
      { bases: {} },
      { rule: { name: "jitter", spreads: "" } },
      { rule: { name: "unknown" } },
    ]) {
      expect(() => restoreGenerator({ ...stored, streams: [{ ...stream, ...broken }] }), JSON.stringify(broken)).toThrow(Restored);
    }
  });

  it("carried objects cannot be stored, which is said when storing", async () => {
    const nested = table(
      rows.map((row) => ({ ...row, tags: [1, 2] })),
      { target: "y", carry: ["tags", "id", "day", "free"], weight: "w" },
    );
    const generator = await smote().fit(nested);
    expect((await generator.sample(true, 0, 1)).data.rows[0]!["tags"]).toEqual([1, 2]);
    expect(() => generator.toJSON()).toThrow(/A carried column holds an array of 2, which cannot be stored/);
  });
});

describe("sample", () => {
  it.each<[unknown[], RegExp]>([
    [["maybe", 0, 5], /was asked for class "maybe", but was fitted for true/],
    [["true", 0, 5], /was asked for class "true"/],
    [[true, -1, 5], /from is -1, but needs a whole number of at least 0/],
    [[true, 5, 4], /to is 4, but needs a whole number from 5 to 4294967300/],
    [[true, 0.5, 4], /from is 0.5/],
    [[true, 0], /to is undefined/],
    [[true, 0, 5, { workers: 2 }], /sample has no option "workers"/],
  ])("of %j is an error", async (args, message) => {
    const generator = await smote().fit(data);
    await expect(generator.sample(...(args as [boolean, number, number]))).rejects.toThrow(message);
  });

  it("of nothing is nothing; of any class that the strategy names, also where it asks for no row", async () => {
    const generator = await smote({ strategy: "all" }).fit(data);
    expect(generator.labels).toEqual([false, true]);
    expect(generator.counts.get(false)).toBe(0);
    expect((await generator.sample(false, 4, 4)).data.rows).toEqual([]);
    expect((await generator.sample(false, 0, 4)).data.rows).toHaveLength(4);
  });
});
