import { describe, expect, it } from "vitest";
import { smote, split, table } from "../../bindings/index";

const n = 100;
const X = Array.from({ length: n }, (_, i) => [i]);
const y = X.map((_, i) => (i % 10 === 0 ? "rare" : i % 2 ? "odd" : "even"));
const share = (labels: readonly unknown[]): Record<string, number> =>
  Object.fromEntries(["rare", "odd", "even"].map((label) => [label, labels.filter((own) => own === label).length]));

describe("split", () => {
  it("sets a share aside, stratified, every row once and in its old order", () => {
    const { train, test, notes } = split({ X, y }, { test: 0.3, seed: 1 });
    expect(share(test.y as string[])).toEqual({ rare: 3, odd: 15, even: 12 });
    expect(notes).toEqual([]);
    const rows = (part: typeof train): number[] => part.X.map((row) => row[0]!);
    expect([...rows(train), ...rows(test)].sort((a, b) => a - b)).toEqual(X.map(([i]) => i));
    expect(rows(test)).toEqual([...rows(test)].sort((a, b) => a - b));
  });

  it("is the same for the same seed and another for another", () => {
    expect(split({ X, y }, { seed: 1 }).test).toEqual(split({ X, y }, { seed: 1 }).test);
    expect(split({ X, y }, { seed: 1 }).test).not.toEqual(split({ X, y }, { seed: 2 }).test);
  });

  it("gives exact totals by largest remainder, or a number of rows", () => {
    for (const test of [0.07, 0.13, 0.5, 0.29, 33]) {
      expect(split({ X, y }, { test }).test.X).toHaveLength(test < 1 ? Math.round(test * n) : test);
    }
  });

  it("keeps the type of flat arrays and typed labels", () => {
    const data = { X: Float32Array.from(X.flat()), y: Uint8Array.from(X, (_, i) => i % 3), columns: 1 };
    const { train, test } = split(data);
    expect(train.X).toBeInstanceOf(Float32Array);
    expect(test.y).toBeInstanceOf(Uint8Array);
    expect(train.X.length + test.X.length).toBe(n);
  });

  it("hands kinds and classes of the whole table to both parts", async () => {
    const rows = X.map(([i]) => ({ a: i! % 7, c: i === 3 ? "once" : "often", y: y[i!] }));
    const { train, test } = split(table(rows, { target: "y" }), { seed: 5 });
    expect(train.description).toEqual(test.description);
    const result = await smote({ onTooFew: "reduce" }).resample(train);
    expect(new Set(result.counts.values()).size).toBeGreaterThan(0);
    expect([...result.counts.keys()]).toEqual(["even", "odd", "rare"]);
  });

  it("is not stratified when told so", () => {
    const { test } = split({ X, y: X.map((_, i) => (i ? 0 : 1)) }, { stratify: false, test: 0.2 });
    expect(test.X).toHaveLength(20);
  });

  it.each<[object, RegExp]>([
    [{ test: 0 }, /test is 0, but needs a share between 0 and 1/],
    [{ test: 1.5 }, /test is 1.5/],
    [{ test: 100 }, /sets aside 100 of 100 rows/],
    [{ test: 0.001 }, /sets aside 0 of 100 rows/],
    [{ seed: -1 }, /seed is -1/],
    [{ stratify: "yes" }, /stratify is "yes"/],
    [{ testSize: 0.2 }, /split has no option "testSize"/],
  ])("%j is an error", (options, message) => expect(() => split({ X, y }, options)).toThrow(message));

  it("a class of one row cannot be stratified", () => {
    expect(() => split({ X, y: X.map((_, i) => (i ? 0 : 1)) })).toThrow(/Class 1 has one row, which cannot be in both parts/);
  });
});

describe("split by group", () => {
  const rows = X.map(([i]) => ({ a: i, patient: `p${Math.floor(i! / 4)}`, y: y[i!] }));
  const data = table(rows, { target: "y", group: "patient" });

  it("keeps groups whole and comes near the share of every class", () => {
    for (const seed of [1, 2, 3]) {
      const { train, test } = split(data, { test: 0.2, seed });
      const of = (part: typeof train): Set<unknown> => new Set(part.rows.map((row) => row["patient"]));
      for (const patient of of(test)) expect(of(train)).not.toContain(patient);
      expect(Math.abs(test.rows.length - 20)).toBeLessThanOrEqual(4);
    }
  });

  it("says when the numbers do not work out, and refuses a single group", () => {
    const { notes } = split(data, { test: 0.21 });
    expect(notes.join()).toMatch(/rows instead of 21, so that rows with the same "patient" stay together/);
    expect(() =>
      split(
        table(
          rows.map((row) => ({ ...row, patient: 1 })),
          { target: "y", group: "patient" },
        ),
      ),
    ).toThrow(/leave one part of the split empty/);
  });
});

describe("split by time", () => {
  it.each<[string, (i: number) => unknown]>([
    ["dates", (i) => new Date(2024, 0, 1 + ((i * 37) % 100))],
    ["numbers", (i) => (i * 37) % 100],
    ["texts", (i) => `2024-${String((i * 37) % 100).padStart(3, "0")}`],
  ])("%s: the latest rows are the test rows", (_, time) => {
    const rows = X.map(([i]) => ({ a: i, when: time(i!), y: y[i!] }));
    const { train, test } = split(table(rows, { target: "y", time: "when" }), { test: 0.25 });
    expect(test.rows).toHaveLength(25);
    const latest = train.rows.map((row) => row["when"] as number).reduce((a, b) => (a > b ? a : b));
    for (const row of test.rows) expect((row["when"] as number) > latest).toBe(true);
  });

  it("keeps one time together, and refuses cells that do not sort", () => {
    const rows = X.map(([i]) => ({ a: i, when: Math.floor(i! / 30), y: y[i!] }));
    const { test, notes } = split(table(rows, { target: "y", time: "when" }), { test: 0.2 });
    expect(test.rows).toHaveLength(40);
    expect(notes.join()).toMatch(/40 rows instead of 20/);
    const broken = table(
      rows.map((row, i) => ({ ...row, when: i === 5 ? null : i })),
      { target: "y", time: "when" },
    );
    expect(() => split(broken)).toThrow(/The time in row 5 of "when" is null/);
  });
});
