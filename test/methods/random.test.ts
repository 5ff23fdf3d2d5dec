import { describe, expect, it } from "vitest";
import { randomOversample, table } from "../../bindings/index";
import { Numbers } from "../support/numbers";

const n = 400;
const numbers = new Numbers(1);
const X = Array.from({ length: n }, (_, i) => [numbers.normal() * (i < 100 ? 2 : 1), 50 + 10 * numbers.normal(), i]);
const y = X.map((_, i) => (i < 100 ? "few" : "many"));

/** Population standard deviation. */
function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

describe("random oversampling", () => {
  it("repeats rows of the class, each as often", async () => {
    const { data, origins } = await randomOversample().resample({ X, y });
    expect(data.X).toHaveLength(600);
    const tally = new Array<number>(100).fill(0);
    for (let i = n; i < 600; i++) {
      expect(data.X[i]).toEqual(X[origins.base[i]!]);
      tally[origins.base[i]!]!++;
    }
    expect(tally).toEqual(new Array(100).fill(2));
  });

  it("takes any column: only carried ones will do", async () => {
    const rows = Array.from({ length: 12 }, (_, i) => ({ text: `t${i}`, y: i < 3 }));
    const { data } = await randomOversample().resample(table(rows, { target: "y" }));
    expect(new Set(data.rows.slice(12).map((row) => row["text"]))).toEqual(new Set(["t0", "t1", "t2"]));
  });
});

describe("shrinkage (ROSE)", () => {
  const noise = async (options: object): Promise<number[][]> => {
    const { data, origins } = await randomOversample({ shrinkage: 1, strategy: { counts: { few: 20_100 } }, ...options }).resample(
      { X, y },
      { only: "synthetic" },
    );
    return [0, 1, 2].map((c) => data.X.map((row, t) => row[c]! - X[origins.base[t]!]![c]!));
  };
  // 4 / ((d + 2) n) to the power 1 / (d + 4), d = 3
  const bandwidth = (rows: number): number => (4 / (5 * rows)) ** (1 / 7);

  it("adds normal noise of shrinkage · bandwidth · deviation, n being the class's rows", async () => {
    for (const shrinkage of [1, 0.3]) {
      const columns = await noise({ shrinkage });
      columns.forEach((column, c) => {
        const expected = shrinkage * bandwidth(100) * deviation(X.slice(0, 100).map((row) => row[c]!));
        expect(deviation(column) / expected).toBeCloseTo(1, 1);
      });
    }
  });

  it("compat counts the rows of all classes, as imbalanced-learn does", async () => {
    const [first] = await noise({ compat: "imbalanced-learn" });
    const expected = bandwidth(n) * deviation(X.slice(0, 100).map(([value]) => value!));
    expect(deviation(first!) / expected).toBeCloseTo(1, 1);
  });

  it("0 is plain repetition; one number for each label", async () => {
    const plain = await randomOversample({ seed: 3 }).resample({ X, y });
    expect((await randomOversample({ seed: 3, shrinkage: 0 }).resample({ X, y })).data.X).toEqual(plain.data.X);
    expect((await randomOversample({ seed: 3, shrinkage: { few: 0 } }).resample({ X, y })).data.X).toEqual(plain.data.X);
    expect((await randomOversample({ seed: 3, shrinkage: new Map([["few", 1]]) }).resample({ X, y })).data.X).not.toEqual(plain.data.X);
    await expect(randomOversample({ shrinkage: { many: 1 } }).resample({ X, y })).rejects.toThrow(/says nothing of class "few"/);
  });

  it("keeps bounds, whole numbers and constant columns", async () => {
    const rows = Array.from({ length: 90 }, (_, i) => ({ age: i % 7, share: (i % 10) / 10, one: 1.5, y: i < 30 ? "few" : "many" }));
    const data = table(rows, { target: "y", bounds: { age: [0, 120], share: [0, 1] } });
    const { data: after } = await randomOversample({ shrinkage: 3 }).resample(data);
    for (const row of after.rows.slice(90) as { age: number; share: number; one: number }[]) {
      expect(Number.isInteger(row.age) && row.age >= 0).toBe(true);
      expect(row.share >= 0 && row.share <= 1).toBe(true);
      expect(row.one).toBe(1.5);
    }
    expect(new Set(after.rows.slice(90).map((row) => row["share"])).size).toBeGreaterThan(25);
  });

  it("says when there is nothing to smooth", async () => {
    const nominal = table(
      Array.from({ length: 9 }, (_, i) => ({ u: i % 2 ? "p" : "q", y: i < 3 })),
      { target: "y" },
    );
    await expect(randomOversample({ shrinkage: 1 }).resample(nominal)).rejects.toThrow(/no feature is numeric/);
    const single = await randomOversample({ shrinkage: 1 }).resample({ X: [[1], [2], [3]], y: [1, 0, 0] });
    expect(single.data.X[3]).toEqual([1]);
    expect(single.notes).toEqual(["Class 1 has one row and so no spread; its copies are exact."]);
  });

  it.each([-1, NaN, Infinity, "1", [1]])("refuses shrinkage %j", (shrinkage) => {
    expect(() => randomOversample({ shrinkage: shrinkage as number })).toThrow(/shrinkage is/);
  });
});
