import { describe, expect, it } from "vitest";
import { clusterCentroids, InputError, table, type Data, type Resampled } from "../../bindings/index";
import { Numbers } from "../support/numbers";
import { inLayout, plainData, plainOf } from "../support/layouts";

const near = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, c) => sum + (x - b[c]!) * (x - b[c]!), 0);

/** Made rows: their cells, label, base and parents. */
function madeOf(result: Resampled<Data>): { cells: unknown[]; label: unknown; base: number; parents: number[] }[] {
  const { cells, labels } = plainOf(result.data);
  const { kind, base, parents } = { ...result.origins, parents: (i: number) => result.origins.parents(i) };
  return labels.flatMap((label, i) => (kind[i] ? [{ cells: cells[i]!, label, base: base[i]!, parents: parents(i) }] : []));
}

describe("clusterCentroids", () => {
  const plain = plainData(["numeric", "numeric"], false, 8);
  const data = inLayout("nested", plain);
  const cells = plain.cells as number[][];
  const rowsOf = (label: string): number[] => plain.labels.flatMap((own, i) => (own === label ? [i] : []));
  const means = (rows: readonly number[]): number[] => [0, 1].map((c) => rows.reduce((sum, i) => sum + cells[i]![c]!, 0) / rows.length);

  it("puts the mean of each cluster in the place of its rows, which are nearest to it", async () => {
    const result = await clusterCentroids({ strategy: { counts: { a: 7, b: 4 } } }).resample(data);
    expect([...result.origins.base].filter((_, i) => !result.origins.kind[i])).toEqual(rowsOf("c"));
    const made = madeOf(result);
    expect(made.map(({ label }) => label)).toEqual([..."aaaaaaabbbb"]);
    for (const label of ["a", "b"]) {
      const own = made.filter((row) => row.label === label);
      expect(own.flatMap(({ parents }) => parents).sort((i, j) => i - j)).toEqual(rowsOf(label));
      const centers = own.map(({ parents }) => means(parents));
      own.forEach((row, j) => {
        centers[j]!.forEach((mean, c) => expect(row.cells[c]).toBeCloseTo(mean, 10));
        expect(row.parents[0]).toBe(row.base);
        const apart = row.parents.map((i) => near(cells[i]!, centers[j]!));
        expect(Math.min(...apart)).toBe(apart[0]);
        for (const i of row.parents)
          for (const other of centers) expect(near(cells[i]!, centers[j]!)).toBeLessThanOrEqual(near(cells[i]!, other) + 1e-9);
      });
    }
  });

  it("by hard voting keeps the row that a soft one would be based on, and none twice", async () => {
    const strategy = { counts: { a: 11 } };
    const soft = madeOf(await clusterCentroids({ strategy, voting: "soft", seed: 3 }).resample(data));
    const { origins } = await clusterCentroids({ strategy, voting: "hard", seed: 3 }).resample(data);
    expect(origins.kind.includes(1)).toBe(false);
    const stayed = [...origins.base].filter((row) => plain.labels[row] === "a");
    expect(stayed).toEqual(soft.map(({ base }) => base).sort((i, j) => i - j));
    expect(new Set(stayed).size).toBe(11);
  });

  it("votes softly on numbers and hard on nominal columns unless told", async () => {
    const makes = async (given: Data): Promise<boolean> => (await clusterCentroids().resample(given)).origins.kind.includes(1);
    expect(await makes(data)).toBe(true);
    expect(await makes(inLayout("rows", plainData(["numeric", "nominal"], false)))).toBe(false);
  });

  it("averages what is there: whole numbers, ranks, codes, missing cells, weights; the rest is the base's", async () => {
    const rows = [
      { id: "r0", x: 0.1, whole: 1, size: "S", color: "red", w: 1, class: "no" },
      { id: "r1", x: 0.1, whole: 2, size: "L", color: "red", w: 2, class: "no" },
      { id: "r2", x: 0.1, whole: null, size: "L", color: null, w: 6, class: "no" },
      { id: "r3", x: 90, whole: 7, size: "M", color: "blue", w: 1, class: "no" },
      { id: "r4", x: 91, whole: 8, size: "M", color: "red", w: 1, class: "no" },
      { id: "r5", x: null, whole: null, size: "M", color: null, w: 1, class: "no" },
      { id: "r6", x: 40, whole: 4, size: "M", color: "red", w: 1, class: "yes" },
      { id: "r7", x: 41, whole: 4, size: "M", color: "blue", w: 1, class: "yes" },
    ];
    const options = {
      target: "class",
      carry: ["id"],
      weight: "w",
      kinds: { whole: "integer", size: "ordinal", color: "nominal" },
      levels: { size: ["S", "M", "L"] },
    } as const;
    const given = table(rows, options as never);
    const result = await clusterCentroids({ voting: "soft", scale: { x: 1 } }).resample(given);
    const made = (result.data as { rows: readonly Record<string, unknown>[] }).rows.slice(2);
    const { origins } = result;
    made.forEach((row, t) => {
      const parents = origins.parents(2 + t);
      const of = (name: string): unknown[] =>
        parents.map((i) => (rows[i] as Record<string, unknown>)[name]).filter((cell) => cell !== null);
      const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(row["x"]).toBeCloseTo(mean(of("x") as number[]), 12);
      expect(row["w"]).toBeCloseTo(mean(of("w") as number[]), 12);
      expect(row["id"]).toBe(rows[origins.base[2 + t]!]!.id);
      expect(Number.isInteger(row["whole"])).toBe(true);
    });
    const low = made.find((row) => row["x"] === 0.1)!;
    // 1.5 goes to the even 2, ranks 0, 2 and 2 to 1; the one color there is wins
    expect(low).toMatchObject({ whole: 2, size: "M", color: "red" });
  });

  it("leaves a cell missing where no row of the cluster has it", async () => {
    const X = [
      [1, null],
      [1.1, null],
      [50, 3],
      [51, 5],
      [30, 1],
    ];
    const { data: out } = await clusterCentroids({ strategy: { counts: { 0: 2 } } }).resample({ X, y: [0, 0, 0, 0, 1] });
    expect((out.X as number[][]).map(([, y]) => y)).toEqual([1, null, 4]);
  });

  it("takes of equally frequent values the one that comes first in the data", async () => {
    const rows = [..."zbaabzc"].map((color, i) => ({ color, x: i < 6 ? 0 : 9, class: i < 6 ? "no" : "yes" }));
    const given = table(rows, { target: "class", kinds: { color: "nominal" } });
    const { data: out } = await clusterCentroids({ voting: "soft", strategy: { counts: { no: 1 } } }).resample(given);
    // twice each: z, b and a
    expect((out as { rows: readonly Record<string, unknown>[] }).rows[1]!["color"]).toBe("z");
  });

  it.each<[string, number[][]]>([
    ["equal rows", Array.from({ length: 12 }, () => [3, 4])],
    ["three different rows", Array.from({ length: 12 }, (_, i) => [i % 3, 1])],
    ["a huge offset", Array.from({ length: 12 }, (_, i) => [1e15 + i, 0])],
    ["tiny numbers", Array.from({ length: 12 }, (_, i) => [i * 1e-200, 0])],
    ["one column", Array.from({ length: 12 }, (_, i) => [i * i])],
  ])("keeps as many rows as it is told of %s, none without parents", async (_, own) => {
    const X = [...own, ...own.slice(0, 5).map((row) => row.map((x) => x + 1))];
    const y = X.map((_row, i) => (i < 12 ? "many" : "few"));
    for (const voting of ["soft", "hard"] as const) {
      const result = await clusterCentroids({ voting }).resample({ X, y });
      expect(result.counts.get("many")!.after).toBe(5);
      const made = madeOf(result);
      expect(made.flatMap(({ parents }) => parents).sort((i, j) => i - j)).toEqual(
        voting === "hard" ? [] : Array.from(own, (_row, i) => i),
      );
      for (const { cells: row, parents } of made) {
        row.forEach((x, c) => {
          const values = parents.map((i) => X[i]![c]!);
          expect(x).toBeGreaterThanOrEqual(Math.min(...values));
          expect(x).toBeLessThanOrEqual(Math.max(...values));
        });
      }
    }
  });

  it("finds the clumps that are there", async () => {
    const numbers = new Numbers(4);
    const X = Array.from({ length: 60 }, (_, i) => [(i % 4) * 100 + numbers.normal(), numbers.normal()]);
    const y = [...X.map(() => 0), 1, 1, 1, 1];
    X.push([1, 1], [2, 2], [3, 3], [4, 4]);
    const made = madeOf(await clusterCentroids({ nInit: 3 }).resample({ X, y }));
    for (const { parents } of made) expect(new Set(parents.map((i) => i % 4)).size).toBe(1);
  });

  it.each([{ voting: "loud" }, { nInit: 0 }, { scale: 3 }, { clusters: 4 }])("refuses %j", (wrong) => {
    expect(() => clusterCentroids(wrong as object)).toThrow(InputError);
  });
});
