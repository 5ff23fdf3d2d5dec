import { describe, expect, it } from "vitest";
import { InputError, instanceHardness, type Data, type HardnessLearner } from "../../bindings/index";
import { inLayout, plainData, plainOf } from "../support/layouts";

const PLAIN = plainData(["numeric", "numeric", "numeric"], false, 5);
const MATRIX = inLayout("nested", PLAIN);

describe("instanceHardness", () => {
  it("keeps the most probable rows of each class, ties by row number", async () => {
    const asked = new Map<string, number>();
    // the rounded first cell decides, so that many are equal
    const easy = (cells: unknown[]): number => Math.min(1, Math.max(0, Math.round((cells[0] as number) + 3) / 10));
    const learner: HardnessLearner = (_, rows) =>
      plainOf(rows).cells.map((cells) => {
        asked.set(JSON.stringify(cells), easy(cells));
        return easy(cells);
      });
    const { origins, counts } = await instanceHardness({ learner, strategy: { counts: { a: 13, b: 5 } } }).resample(MATRIX);
    const expected = (label: string, count: number): number[] =>
      PLAIN.labels
        .flatMap((own, i) => (own === label ? [i] : []))
        .sort((i, j) => easy(PLAIN.cells[j]! as unknown[]) - easy(PLAIN.cells[i]! as unknown[]) || i - j)
        .slice(0, count);
    const others = PLAIN.labels.flatMap((own, i) => (own === "c" ? [i] : []));
    expect([...origins.base]).toEqual([...expected("a", 13), ...expected("b", 5), ...others].sort((i, j) => i - j));
    expect(asked.size).toBe(66);
    expect(counts.get("a")).toEqual({ before: 40, added: 0, removed: 27, after: 13 });
  });

  it("judges every row once, by folds that hold their share of every class, rows that were learned from apart", async () => {
    const judged: unknown[][] = [];
    const learner: HardnessLearner = async (train, rows) => {
      await Promise.resolve();
      const [learned, held] = [plainOf(train), plainOf(rows)];
      expect([...learned.cells, ...held.cells]).toHaveLength(66);
      const texts = new Set(learned.cells.map((cells) => JSON.stringify(cells)));
      for (const cells of held.cells) expect(texts.has(JSON.stringify(cells))).toBe(false);
      expect(held.labels.filter((label) => label === "c").length).toBeGreaterThanOrEqual(2);
      expect(held.labels.length).toBeGreaterThanOrEqual(16);
      judged.push(...held.cells);
      return Float64Array.from(held.labels, () => 0.5);
    };
    await instanceHardness({ learner, folds: 4, seed: 2 }).resample(inLayout("rows", PLAIN));
    expect(judged).toHaveLength(66);
  });

  it("by default takes the share of the own class among the five nearest of the other folds", async () => {
    // two clumps, and rows of "a" in the middle of "b": those go first
    const X = [...Array.from({ length: 20 }, (_, i) => [i / 10]), ...Array.from({ length: 16 }, (_, i) => [100 + i / 10])];
    const y = X.map(([x], i) => (i % 9 === 4 && x! > 50 ? "a" : x! < 50 ? "a" : "b"));
    const strangers = y.flatMap((label, i) => (label === "a" && i >= 20 ? [i] : []));
    expect(strangers.length).toBeGreaterThan(0);
    const { origins } = await instanceHardness({ strategy: { counts: { a: 20 } } }).resample({ X, y });
    expect([...origins.base].filter((row) => y[row] === "a")).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it.each<[string, HardnessLearner]>([
    ["too few", () => [0.5]],
    ["no numbers", (_, rows) => plainOf(rows).labels.map(() => "no") as never],
    ["more than 1", (_, rows) => plainOf(rows).labels.map(() => 1.5)],
    ["NaN", (_, rows) => plainOf(rows).labels.map(() => NaN)],
    ["holes", (_, rows) => new Array<number>(plainOf(rows).labels.length)],
    ["nothing", () => undefined as never],
  ])("refuses a learner that returns %s", async (_, learner) => {
    await expect(instanceHardness({ learner }).resample(MATRIX)).rejects.toThrow(/learner returned .* needs/);
  });

  it("passes on what a learner throws", async () => {
    const mine = new TypeError("mine");
    const learner = (): never => {
      throw mine;
    };
    await expect(instanceHardness({ learner }).resample(MATRIX)).rejects.toBe(mine);
  });

  it.each([{ folds: 1 }, { folds: 2.5 }, { learner: "knn" }, { learner: () => [], scale: "none" }, { kNeighbors: 5 }])(
    "refuses %j",
    (wrong) => {
      expect(() => instanceHardness(wrong as object)).toThrow(InputError);
    },
  );

  it("takes classes of one row, more folds than rows, and equal rows", async () => {
    const data: Data = { X: [[1], [1], [1], [1], [2]], y: ["a", "a", "a", "a", "b"] };
    const { origins } = await instanceHardness({ folds: 50 }).resample(data);
    expect([...origins.base]).toEqual([0, 4]);
  });
});
