import { describe, expect, it } from "vitest";
import {
  adasyn,
  borderlineSmote,
  leeSmote,
  prowsyn,
  safeLevelSmote,
  smote,
  table,
  type Label,
  type Matrix,
  type Oversampler,
} from "../../bindings/index";
import { Numbers } from "../support/numbers";
import { nearest, squaredDistance } from "../support/oracle";

/** Three classes that overlap: a common one, one inside it, and one at its side. */
function overlapping(seed = 1, d = 3): Matrix & { X: number[][]; y: string[] } {
  const numbers = new Numbers(seed);
  const y = [...new Array<string>(80).fill("common"), ...new Array<string>(30).fill("inside"), ...new Array<string>(25).fill("side")];
  const offset: Record<string, number> = { common: 0, inside: 0.3, side: 1.6 };
  return { X: y.map((label) => Array.from({ length: d }, () => offset[label]! + numbers.normal())), y };
}

/** The k nearest of all rows for each row, by plain loops. */
function nearestOfAll({ X }: { X: number[][] }, k: number): number[][] {
  const n = X.length;
  const { indices } = nearest(n, n, k, true, (i, j) => squaredDistance(X[i]!, X[j]!));
  return X.map((_, i) => [...indices.subarray(i * k, (i + 1) * k)]);
}

const METHODS: [string, (options: object) => Oversampler][] = [
  ["borderlineSmote", (options) => borderlineSmote({ onNoDanger: "all", ...options })],
  ["borderlineSmote of kind 2", (options) => borderlineSmote({ kind: 2, onNoDanger: "all", ...options })],
  ["adasyn", adasyn],
  ["safeLevelSmote", (options) => safeLevelSmote({ onNoSafe: "all", ...options })],
  ["prowsyn", prowsyn],
  ["leeSmote", leeSmote],
];

const data = overlapping();
const near = { 5: nearestOfAll(data, 5), 10: nearestOfAll(data, 10) };
const foreign = (row: number, k: 5 | 10): number => near[k][row]!.filter((other) => data.y[other] !== data.y[row]).length;
const rowsOf = (label: string): number[] => [...data.y.keys()].filter((row) => data.y[row] === label);

describe("rows in danger", () => {
  const danger = (label: string): number[] => rowsOf(label).filter((row) => foreign(row, 10) >= 5 && foreign(row, 10) < 10);

  it.each([1, 2] as const)("kind %d grows from them alone: not from safe rows, nor from noise, nor from other classes", async (kind) => {
    for (const label of ["inside", "side"]) {
      const { origins } = await borderlineSmote({ kind, strategy: { counts: { [label]: 1000 } } }).resample(data, { only: "synthetic" });
      expect([...new Set(origins.base)].sort((a, b) => a - b)).toEqual(danger(label));
      for (const base of origins.base) expect(data.y[base]).toBe(label);
    }
  });

  it("kind 1 stays within the class; kind 2 also leans, up to a half, towards the nearest row of another class, alike with the k of its own", async () => {
    const one = await borderlineSmote({ strategy: { counts: { side: 2000 } } }).resample(data, { only: "synthetic" });
    for (const neighbor of one.origins.neighbor) expect(data.y[neighbor]).toBe("side");
    const { origins } = await borderlineSmote({ kind: 2, strategy: { counts: { side: 2025 } } }).resample(data, { only: "synthetic" });
    let halves = 0;
    origins.base.forEach((base, i) => {
      const neighbor = origins.neighbor[i]!;
      if (data.y[neighbor] === "side") return;
      halves++;
      expect(neighbor).toBe(near[10][base]!.find((other) => data.y[other] !== "side"));
      expect(origins.gap[i]).toBeLessThan(0.5);
    });
    expect(Math.abs(halves - 2000 / 6)).toBeLessThan(80);
    // uniform up to a half, and not the product of two draws
    const far = origins.gap.filter((gap, i) => data.y[origins.neighbor[i]!] !== "side" && gap > 0.25).length;
    expect(Math.abs(far - halves / 2)).toBeLessThan(50);
  });

  it("gives rows no nominal value that only other classes have", async () => {
    const rows = data.X.map(([a, b], i) => ({ a, b, kind: data.y[i] === "side" ? "own" : "other", y: data.y[i] }));
    for (const nominal of ["vote", "parent"] as const) {
      const { data: after } = await borderlineSmote({ kind: 2, nominal, strategy: { counts: { side: 400 } } }).resample(
        table(rows, { target: "y" }),
      );
      for (const row of after.rows.slice(rows.length)) expect(row["kind"]).toBe("own");
    }
  });

  it("where there are none, says so, grows from all, or leaves the class", async () => {
    const apart = {
      X: Array.from({ length: 40 }, (_, i) => [i < 12 ? 100 + i : i]),
      y: Array.from({ length: 40 }, (_, i) => (i < 12 ? "far" : "many")),
    };
    await expect(borderlineSmote().resample(apart)).rejects.toThrow(/Class "far" has no row in danger.*use onNoDanger: "all"/);
    await expect(borderlineSmote().resample(apart)).rejects.toMatchObject({ name: "InputError", code: "DATA" });
    const all = await borderlineSmote({ onNoDanger: "all" }).resample(apart);
    expect(all.counts.get("far")).toEqual({ before: 12, added: 16, removed: 0, after: 28 });
    expect(all.notes.join()).toMatch(/grown from all of its rows alike/);
    const skipped = await borderlineSmote({ onNoDanger: "skip" }).resample(apart);
    expect(skipped.data.X).toEqual(apart.X);
    expect(skipped.notes.join()).toMatch(/left as it is/);
  });
});

describe("twins", () => {
  it("a row is not among its own nearest, even where equal rows stand before it, and an equal row of another class counts", async () => {
    // each row of "few" has five twins among the others, which come first
    const X = Array.from({ length: 60 }, (_, i) => [10 * (i % 10)]);
    const y = X.map((_, i) => (i < 50 ? "many" : "few"));
    const { origins } = await adasyn({ strategy: { counts: { few: 30 } } }).resample({ X, y }, { only: "synthetic" });
    for (let row = 50; row < 60; row++) expect(origins.base.filter((base) => base === row)).toHaveLength(2);
    origins.base.forEach((base, i) => expect(origins.neighbor[i]).not.toBe(base));
    await expect(borderlineSmote({ mNeighbors: 5 }).resample({ X, y })).rejects.toThrow(/no row in danger/);
    expect((await safeLevelSmote({ onNoSafe: "skip" }).resample({ X, y })).counts.get("few")!.added).toBe(0);
  });
});

describe("ADASYN", () => {
  it("gives each row its share of exactly the rows asked for, in every prefix", async () => {
    const rows = rowsOf("inside");
    const total = rows.reduce((sum, row) => sum + foreign(row, 5), 0);
    const { origins, counts } = await adasyn({ strategy: { counts: { inside: 1030 } } }).resample(data, { only: "synthetic" });
    expect(counts.get("inside")!.added).toBe(1000);
    for (const m of [10, 100, 333, 1000]) {
      for (const row of rows) {
        const children = origins.base.subarray(0, m).filter((base) => base === row).length;
        expect(Math.abs(children - (m * foreign(row, 5)) / total)).toBeLessThan(3);
      }
    }
  });

  it("makes the few rows asked for, though each row's share rounds to none", async () => {
    const { counts } = await adasyn({ strategy: { counts: { inside: 33 } } }).resample(data);
    expect(counts.get("inside")!.after).toBe(33);
  });

  it("falls back on all rows alike where no other class is near, with a note, or says so", async () => {
    const apart = {
      X: Array.from({ length: 40 }, (_, i) => [i < 12 ? 100 + i : i]),
      y: Array.from({ length: 40 }, (_, i) => (i < 12 ? "far" : "many")),
    };
    const { origins, notes } = await adasyn({ strategy: { counts: { far: 12 + 24 } } }).resample(apart, { only: "synthetic" });
    for (let row = 0; row < 12; row++) expect(origins.base.filter((base) => base === row)).toHaveLength(2);
    expect(notes.join()).toMatch(/no row of another class among the 5 nearest/);
    await expect(adasyn({ onNoForeign: "error" }).resample(apart)).rejects.toThrow(/onNoForeign: "all"/);
    expect((await adasyn({ onNoForeign: "skip" }).resample(apart)).counts.get("far")!.added).toBe(0);
  });
});

describe("safe levels", () => {
  it("decide how near a row comes to either end; between two rows without any, nothing is made", async () => {
    for (const label of ["inside", "side"]) {
      const { origins } = await safeLevelSmote({ strategy: { counts: { [label]: 3000 } } }).resample(data, { only: "synthetic" });
      origins.base.forEach((base, i) => {
        const [s, t] = [5 - foreign(base, 5), 5 - foreign(origins.neighbor[i]!, 5)];
        expect(s + t).toBeGreaterThan(0);
        const [low, high] = s >= t ? [0, t / s] : [1 - s / t, 1];
        expect(origins.gap[i]).toBeGreaterThanOrEqual(low);
        expect(origins.gap[i]).toBeLessThanOrEqual(high);
      });
    }
  });

  it("are none where every row of a class is alone among others", async () => {
    const alone = {
      X: Array.from({ length: 64 }, (_, i) => [i + (i % 8 ? 0 : 0.01)]),
      y: Array.from({ length: 64 }, (_, i) => (i % 8 ? 0 : 1)),
    };
    await expect(safeLevelSmote().resample(alone)).rejects.toThrow(/no safe row.*onNoSafe: "all"/);
    expect((await safeLevelSmote({ onNoSafe: "all" }).resample(alone)).counts.get(1)!.after).toBe(56);
    expect((await safeLevelSmote({ onNoSafe: "skip" }).resample(alone)).counts.get(1)!.after).toBe(8);
  });
});

describe("ProWSyn's levels", () => {
  /** The levels by plain loops. */
  function levelsOf(label: string, k: number, levels: number): number[][] {
    let left = rowsOf(label);
    const found: number[][] = [];
    while (found.length < levels - 1 && left.length) {
      const taken = new Set<number>();
      for (const other of data.y.keys()) {
        if (data.y[other] === label) continue;
        const sorted = [...left].sort((a, b) => squaredDistance(data.X[a]!, data.X[other]!) - squaredDistance(data.X[b]!, data.X[other]!));
        for (const row of sorted.slice(0, k)) taken.add(row);
      }
      found.push(left.filter((row) => taken.has(row)));
      left = left.filter((row) => !taken.has(row));
    }
    return left.length ? [...found, left] : found;
  }

  it.each([
    [1, 5],
    [2, 3],
    [1, 1],
  ])("k = %d, %d levels: pairs are of one level, and level l weighs exp(−θ (l − 1)), the rest included", async (k, levels) => {
    const expected = levelsOf("side", k, levels);
    const theta = 0.5;
    const m = 4000;
    const { origins } = await prowsyn({ kNeighbors: k, levels, theta, strategy: { counts: { side: 25 + m } } }).resample(data, {
      only: "synthetic",
    });
    const levelOf = (row: number): number => expected.findIndex((level) => level.includes(row));
    const counts = expected.map(() => 0);
    origins.base.forEach((base, i) => {
      expect(levelOf(origins.neighbor[i]!)).toBe(levelOf(base));
      if (expected[levelOf(base)]!.length > 1) expect(origins.neighbor[i]).not.toBe(base);
      counts[levelOf(base)]!++;
    });
    const weights = expected.map((_, level) => Math.exp(-theta * level));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    counts.forEach((count, level) => expect(Math.abs(count - (m * weights[level]!) / total)).toBeLessThan(25));
  });

  it("copy a row that is alone in its level, with a note, and a class of one row by policy", async () => {
    const X = [[0], [5], [6], [20], ...Array.from({ length: 8 }, (_, i) => [-1 - i])];
    const y = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    const { data: after, notes } = await prowsyn({ kNeighbors: 1, levels: 2 }).resample({ X, y });
    expect(notes).toEqual(["Class 1 has one row in level 1, which was copied."]);
    expect(after.X.slice(12).some(([value]) => value === 0)).toBe(true);
    const one = { X: [[5], ...Array.from({ length: 7 }, (_, i) => [i])], y: ["rare", ...new Array<string>(7).fill("common")] };
    await expect(prowsyn().resample(one)).rejects.toThrow(
      'prowsyn needs two rows of a class but class "rare" has 1 row; use onTooFew: "copy".',
    );
    expect((await prowsyn({ onTooFew: "copy" }).resample(one)).data.X.slice(8)).toEqual(new Array(6).fill([5]));
  });

  it("refuse a theta below 0", () => expect(() => prowsyn({ theta: -1 })).toThrow(/theta is -1, but needs/));
});

describe("Lee's rejection", () => {
  const around = (row: readonly (number | null | undefined)[], label: Label): number => {
    const cells = row as number[];
    const order = [...data.y.keys()].sort((a, b) => squaredDistance(data.X[a]!, cells) - squaredDistance(data.X[b]!, cells) || a - b);
    return order.slice(0, 5).filter((i) => data.y[i] !== label).length;
  };

  it("keeps rows with fewer than half of their k nearest in other classes", async () => {
    const { data: made, origins, notes } = await leeSmote({ strategy: { counts: { inside: 300 } } }).resample(data, { only: "synthetic" });
    const vain = Number(/^(\d+) of 270 rows/.exec(notes.join())?.[1] ?? 0);
    const wrong = made.X.filter((row) => around(row, "inside") >= 2.5).length;
    expect(wrong).toBe(vain);
    expect(wrong).toBeLessThan(10);
    const plain = await smote({ strategy: { counts: { inside: 300 } } }).resample(data, { only: "synthetic" });
    expect(plain.data.X.filter((row) => around(row, "inside") >= 2.5).length).toBeGreaterThan(100);
    // what is told of a row is what it was made of
    made.X.forEach((row, i) => {
      const [base, neighbor] = [data.X[origins.base[i]!]!, data.X[origins.neighbor[i]!]!];
      row.forEach((value, c) => expect(value).toBeCloseTo(base[c]! + origins.gap[i]! * (neighbor[c]! - base[c]!), 12));
    });
  });

  it("first tries what SMOTE makes", async () => {
    const lenient = await leeSmote({ rejection: 1, kNeighbors: 20, seed: 3 }).resample(data);
    expect(lenient.data.X).toEqual((await smote({ kNeighbors: 20, seed: 3 }).resample(data)).data.X);
  });

  it("keeps the best where none is accepted, and tells how many, or says so", async () => {
    const alone = {
      X: Array.from({ length: 64 }, (_, i) => [i + (i % 8 ? 0 : 0.01)]),
      y: Array.from({ length: 64 }, (_, i) => (i % 8 ? 0 : 1)),
    };
    const kept = await leeSmote().resample(alone);
    expect(kept.counts.get(1)!.after).toBe(56);
    expect(kept.notes.join()).toMatch(/48 of 48 rows of class 1 had no candidate that was accepted; the best of 64 was kept/);
    await expect(leeSmote({ onRejected: "error" }).resample(alone)).rejects.toThrow(/Row 0 of class 1 had 64 candidates.*raise rejection/);
  });

  it("refuses levels outside of 0 to 1", () => {
    for (const rejection of [0, 1.1, NaN]) expect(() => leeSmote({ rejection })).toThrow(/needs a number above 0, up to 1/);
  });
});

describe.each(METHODS)("%s, on awkward data", (_, make) => {
  it("too few rows: an error that names the policies, or what they do", async () => {
    const few = { X: [[1], [2], [3], [10], [11], [12], [13], [14], [15], [16]], y: [1, 1, 1, 0, 0, 0, 0, 0, 0, 0] };
    const policies = await Promise.all(
      (["reduce", "copy", "skip"] as const).map(async (onTooFew) => (await make({ onTooFew }).resample(few)).counts.get(1)!.after),
    );
    expect(policies[0]).toBe(7);
    expect(policies[1]).toBe(7);
    expect([3, 7]).toContain(policies[2]);
  });

  it("duplicates, constant columns, huge offsets, two rows of other classes", async () => {
    const numbers = new Numbers(4);
    const X = Array.from({ length: 48 }, (__, i) => [1e9 + (i % 3 ? 1e-3 * numbers.normal() : 0), 7]);
    const y = X.map((__, i) => (i < 16 ? "few" : "many"));
    for (const matrix of [
      { X, y },
      { X: X.slice(0, 18), y: y.slice(0, 18).map((label, i) => (i < 16 ? label : "other")) },
    ]) {
      const { data: after } = await make({ onTooFew: "reduce", strategy: { counts: { few: 40 } } }).resample(matrix);
      expect(after.X).toHaveLength(matrix.X.length + 24);
      for (const [value, constant] of after.X.slice(matrix.X.length)) {
        expect(constant).toBe(7);
        expect(Math.abs(value! - 1e9)).toBeLessThan(0.01);
      }
    }
  });

  it("a table without features is an error", async () => {
    const rows = Array.from({ length: 30 }, (__, i) => ({ id: i, y: i < 10 }));
    await expect(make({}).resample(table(rows, { target: "y", carry: ["id"] }))).rejects.toThrow(/no feature/);
  });

  it("weights lie between those of the parents, groups are the base's", async () => {
    const rows = data.X.map(([a, b], i) => ({ a, b, w: 1 + i, hospital: i % 4, y: data.y[i] }));
    const { data: after, origins } = await make({ seed: 2 }).resample(table(rows, { target: "y", weight: "w", group: "hospital" }));
    for (let i = rows.length; i < after.rows.length; i++) {
      const [row, base, neighbor] = [after.rows[i]!, rows[origins.base[i]!]!, rows[origins.neighbor[i]!]!];
      expect(row["hospital"]).toBe(base.hospital);
      expect(row["w"]).toBeCloseTo(base.w + origins.gap[i]! * (neighbor.w - base.w), 12);
    }
  });
});
