import { describe, expect, it } from "vitest";
import { InputError, svmSmote, table, type Matrix } from "../../bindings/index";
import { golden, HAS_DATA, realTable } from "../support/data";
import { Numbers } from "../support/numbers";
import { streamOf } from "../support/stream";

/** Two overlapping classes: `n` rows labelled 1 around (1.5, 0, …), `more` rows labelled 0 around the origin. */
function overlapping(n: number, more: number, d = 2, seed = 3): Matrix & { X: number[][]; y: number[] } {
  const numbers = new Numbers(seed);
  const y = Array.from({ length: n + more }, (_, i) => Number(i < n));
  return { X: y.map((label) => Array.from({ length: d }, (_, c) => numbers.normal() + (c === 0 ? 1.5 * label : 0))), y };
}

describe("svmSmote", () => {
  const data = overlapping(40, 160);

  it("leans towards neighbors from rows in danger, and away from them, half as far at most, from safe ones", async () => {
    const { data: made, origins } = await svmSmote({ seed: 1 }).resample(data, { only: "synthetic" });
    expect(made.X).toHaveLength(120);
    const signs = new Set<number>();
    for (let t = 0; t < 120; t++) {
      const [base, neighbor, gap] = [data.X[origins.base[t]!]!, data.X[origins.neighbor[t]!]!, origins.gap[t]!];
      expect(gap).toBeLessThan(1);
      expect(gap).toBeGreaterThan(-0.5);
      signs.add(Math.sign(gap));
      made.X[t]!.forEach((value, c) => expect(value).toBeCloseTo(base[c]! + gap * (neighbor[c]! - base[c]!), 12));
    }
    expect(signs).toEqual(new Set([-1, 1]));
  });

  it("gives every support vector an equal share, and with compat danger and safe ones the shares of a draw", async () => {
    const tallies = async (options: object): Promise<{ danger: number[]; safe: number[] }> => {
      const { origins } = await svmSmote({ strategy: { counts: { 1: 40 + 3000 } }, ...options }).resample(data, { only: "synthetic" });
      const found = { danger: new Map<number, number>(), safe: new Map<number, number>() };
      origins.base.forEach((base, t) => {
        const group = origins.gap[t]! < 0 ? found.safe : found.danger;
        group.set(base, (group.get(base) ?? 0) + 1);
      });
      return { danger: [...found.danger.values()], safe: [...found.safe.values()] };
    };
    const even = await tallies({});
    const all = [...even.danger, ...even.safe];
    expect(Math.max(...all) - Math.min(...all)).toBeLessThanOrEqual(1);
    const fractions: number[] = [];
    for (let seed = 0; seed < 60; seed++) {
      const { danger } = await tallies({ compat: "imbalanced-learn", draws: "even", seed });
      fractions.push(danger.reduce((sum, count) => sum + count, 0) / 3000);
    }
    // Beta(10, 10): mean 1/2, variance 1/84
    const mean = fractions.reduce((sum, one) => sum + one, 0) / 60;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
    const variance = fractions.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 60;
    expect(variance).toBeGreaterThan(0.5 / 84);
    expect(variance).toBeLessThan(2 / 84);
  });

  it("makes all rows that are asked for where every support vector is safe, or in danger (imbalanced-learn makes fewer)", async () => {
    const numbers = new Numbers(4);
    const apart = {
      X: Array.from({ length: 60 }, (_, i) => [numbers.normal() + (i < 20 ? 50 : 0)]),
      y: Array.from({ length: 60 }, (_, i) => Number(i < 20)),
    };
    for (const compat of [undefined, "imbalanced-learn" as const]) {
      const safe = await svmSmote({ compat }).resample(apart, { only: "synthetic" });
      expect(safe.data.X).toHaveLength(20);
      expect(safe.origins.gap.every((gap) => gap <= 0)).toBe(true);
      const mixed = { X: Array.from({ length: 90 }, (_, i) => [i % 30, 1]), y: Array.from({ length: 90 }, (_, i) => Number(i >= 60)) };
      const danger = await svmSmote({ compat, mNeighbors: 30 }).resample(mixed, { only: "synthetic" });
      expect(danger.data.X).toHaveLength(30);
      expect(danger.origins.gap.every((gap) => gap >= 0)).toBe(true);
    }
  });

  it("follows its policy where all support vectors are noise", async () => {
    const numbers = new Numbers(6);
    const X = Array.from({ length: 200 }, (_, i) => [i < 6 ? 20 * i : 20 * (i % 6) + numbers.normal()]);
    const lonely = { X, y: X.map((_, i) => (i < 6 ? "rare" : "common")) };
    const error: unknown = await svmSmote()
      .resample(lonely)
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(/^Class "rare" has no support vector with a neighbor of the class.*onAllNoise: "all"/);
    const all = await svmSmote({ onAllNoise: "all" }).resample(lonely);
    expect([all.counts.get("rare")!.after, all.notes.length]).toEqual([194, 1]);
    expect((await svmSmote({ onAllNoise: "skip" }).resample(lonely)).counts.get("rare")!.added).toBe(0);
  });

  describe("of a class of few rows (imbalanced-learn #742)", () => {
    const few = overlapping(3, 40);
    it("says what is needed, reduces, copies or skips", async () => {
      await expect(svmSmote().resample(few)).rejects.toThrow(
        /kNeighbors is 5 but class 1 has 3 rows; use 2 or less, or onTooFew: "reduce"/,
      );
      const reduced = await svmSmote({ onTooFew: "reduce", onAllNoise: "all" }).resample(few);
      expect(reduced.counts.get(1)!.after).toBe(40);
      const copied = await svmSmote({ onTooFew: "copy" }).resample(few, { only: "synthetic" });
      for (const row of copied.data.X) expect(few.X.slice(0, 3)).toContainEqual(row);
      expect((await svmSmote({ onTooFew: "skip" }).resample(few)).counts.get(1)!.added).toBe(0);
    });
    it("of one row, and of fewer rows in all than mNeighbors", async () => {
      const one = overlapping(1, 5);
      expect((await svmSmote({ onTooFew: "reduce" }).resample(one)).counts.get(1)!.after).toBe(5);
      const tiny = await svmSmote({ onTooFew: "reduce", onAllNoise: "all" }).resample(overlapping(3, 5));
      expect(tiny.counts.get(1)!.after).toBe(5);
      expect(tiny.notes.join()).toMatch(/mNeighbors is 10 but the data has 8 rows/);
    });
  });

  it("stays within declared bounds and keeps integers, of mixed columns with missing cells, for many classes", async () => {
    const numbers = new Numbers(12);
    const rows = Array.from({ length: 240 }, (_, i) => ({
      age: numbers.unit() < 0.1 ? null : Math.round(20 + 8 * Math.abs(numbers.normal()) + (i % 3)),
      score: Math.min(1, Math.abs(numbers.normal()) / 3),
      color: numbers.pick(["red", "green"]),
      y: i < 150 ? "a" : i < 200 ? "b" : `c${i % 3}`,
    }));
    const mixed = table(rows, { target: "y", bounds: { score: [0, 1], age: [20, 90] } });
    const result = await svmSmote({ onTooFew: "reduce", onAllNoise: "all" }).resample(mixed, { only: "synthetic" });
    for (const [label, { after }] of result.counts) expect([label, after]).toEqual([label, 150]);
    for (const { age, score } of result.data.rows as unknown as { age: number | null; score: number }[]) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      if (age !== null) expect(Number.isInteger(age) && age >= 20).toBe(true);
    }
  });

  it("is the same with columns times a power of two, at the ends of the range, and takes a gamma", async () => {
    const plain = await svmSmote({ seed: 2 }).resample(data, { only: "synthetic" });
    for (const factor of [2 ** 400, 2 ** -400]) {
      const X = data.X.map((row) => row.map((value) => value * factor));
      const scaled = await svmSmote({ seed: 2 }).resample({ X, y: data.y }, { only: "synthetic" });
      expect(scaled.data.X).toEqual(plain.data.X.map((row) => row.map((value) => value * factor)));
    }
    const steep = await svmSmote({ gamma: 100, onAllNoise: "all" }).fit(data);
    const flat = await svmSmote({ gamma: 0.01, onAllNoise: "all" }).fit(data);
    expect(streamOf(steep, 1).bases.length).toBeGreaterThan(streamOf(flat, 1).bases.length - 1);
  });

  it.each([
    [{ cost: 0 }, /cost is 0, but needs a number above 0/],
    [{ gamma: "auto" }, /gamma is "auto"/],
    [{ outStep: 2 }, /outStep is 2, but needs a number above 0 and at most 1/],
    [{ tolerance: NaN }, /tolerance is NaN/],
    [{ mNeighbors: 0 }, /mNeighbors is 0/],
    [{ onAllNoise: "smote" }, /onAllNoise is "smote"/],
    [{ svm: 1 }, /no option "svm"/],
  ])("refuses %j", (options, message) => {
    expect(() => svmSmote(options as object)).toThrow(message);
  });
});

describe.skipIf(!HAS_DATA)("the border as imbalanced-learn finds it", () => {
  interface Golden {
    readonly folder: string;
    readonly name: string;
    readonly minority: string;
    readonly noise: readonly number[];
    readonly danger: readonly number[];
    readonly safe: readonly number[];
    readonly neighbors: readonly (readonly number[] | null)[];
    readonly made: readonly { readonly base: number; readonly neighbor: number; readonly gap: number; readonly row: readonly number[] }[];
  }
  const { sets } = golden<{ sets: readonly Golden[] }>("svm-smote.json");
  it.each(sets.map((set) => [set.name, set] as const))(
    "%s: support vectors, danger, safe, neighbors, and rows of given draws",
    async (_, set) => {
      const data = realTable(set.folder, set.name);
      const label = data.columns["Class"] && typeof data.columns["Class"][0] === "number" ? Number(set.minority) : set.minority;
      const generator = await svmSmote({ scale: "none", tolerance: 1e-8, strategy: { times: { [String(label)]: 2 } } }).fit(data);
      const { bases, neighbors, reaches, shares } = streamOf(generator, generator.labels[0]!);
      const danger = bases.filter((_row, b) => reaches[5 * b] === 1);
      const safe = bases.filter((_row, b) => reaches[5 * b] === -0.5);
      expect(danger).toEqual(set.danger);
      expect(safe).toEqual(set.safe);
      expect(bases).toEqual([...set.danger, ...set.safe].sort((a, b) => a - b));
      for (const row of set.noise) expect(bases).not.toContain(row);
      set.neighbors.forEach((near, b) => near && expect(neighbors[b], `row ${bases[b]}`).toEqual(near));
      expect(new Set(shares).size).toBe(1);
      const { data: made, origins } = await generator.sample(generator.labels[0]!, 0, 200);
      const feature = data.description.filter(({ role }) => role === "feature").map(({ name }) => name);
      const cell = (row: number, name: string): number => Number(data.columns[name]![row]);
      // by given draws: what our rows are made of, with the draws of theirs
      for (const { base, neighbor, gap, row } of set.made) {
        const [own, other] = [bases[base]!, neighbors[base]![neighbor]!];
        row.forEach((value, c) => {
          const ours = cell(own, feature[c]!) + gap * (cell(other, feature[c]!) - cell(own, feature[c]!));
          expect(Math.abs(ours - value)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(value)));
        });
      }
      for (const { name, kind } of data.description) {
        if (kind !== "numeric") continue;
        origins.base.forEach((own, t) => {
          const [from, to] = [cell(own, name), cell(origins.neighbor[t]!, name)];
          const value = Number(made.columns[name]![t]);
          expect(Math.abs(value - (from + origins.gap[t]! * (to - from)))).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(value)));
        });
      }
    },
  );
});
