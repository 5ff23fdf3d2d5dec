import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  allKnn,
  editedNearestNeighbors,
  nearestNeighbors,
  neighborhoodCleaningRule,
  randomUndersample,
  repeatedEditedNearestNeighbors,
  table,
  tomekLinks,
  type Data,
} from "../../bindings/index";
import { KINDS } from "./contract";
import { inLayout, plainData } from "../support/layouts";
import { Numbers } from "../support/numbers";

/** Rows on a small grid: ties, equal rows, and constant columns now and then. */
const sets = fc
  .record({
    n: fc.integer({ min: 5, max: 40 }),
    d: fc.integer({ min: 1, max: 3 }),
    cells: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 120, maxLength: 120 }),
    labels: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 40, maxLength: 40 }),
  })
  .map(({ n, d, cells, labels }) => ({
    X: Array.from({ length: n }, (_, i) => cells.slice(i * d, i * d + d)),
    y: labels.slice(0, n),
  }))
  .filter(({ y }) => new Set(y).size > 1);

/** The k nearest others of each row, by comparing everything with everything. */
function naive(X: number[][], k: number): number[][] {
  return X.map((row, i) => {
    const squared = X.map((other) => row.reduce((sum, value, c) => sum + (value - other[c]!) * (value - other[c]!), 0));
    const others = X.map((_, j) => j).filter((j) => j !== i);
    return others.sort((a, b) => squared[a]! - squared[b]! || a - b).slice(0, k);
  });
}

const most = (codes: number[]): number =>
  [0, 1, 2].reduce((best, code) => (codes.filter((c) => c === code).length > codes.filter((c) => c === best).length ? code : best));
const smallestOf = (y: number[]): number => {
  const size = (code: number): number => y.filter((label) => label === code).length;
  return [0, 1, 2].filter((code) => size(code) > 0).reduce((best, code) => (size(code) < size(best) ? code : best));
};
const kept = async (method: ReturnType<typeof tomekLinks>, data: Data): Promise<number[]> => [
  ...(await method.resample(data)).origins.base,
];

describe("rows that stay are those a naive twin keeps", () => {
  /** With every row of class 0, 1 and 2 protected by its first one, no class vanishes. */
  const firsts = (y: number[]): number[] => [0, 1, 2].map((code) => y.indexOf(code)).filter((row) => row >= 0);

  it("of Tomek links", async () => {
    await fc.assert(
      fc.asyncProperty(sets, async ({ X, y }) => {
        const near = naive(X, 1).map(([j]) => j!);
        const protect = firsts(y);
        const expected = y.map((_, i) => i).filter((i) => protect.includes(i) || y[near[i]!] === y[i] || near[near[i]!] !== i);
        const { origins } = await tomekLinks({ strategy: "all" }).resample({ X, y }, { protect });
        expect([...origins.base]).toEqual(expected);
      }),
    );
  });

  it.each(["all", "mode"] as const)("of edited neighbors by %s", async (select) => {
    await fc.assert(
      fc.asyncProperty(sets, fc.integer({ min: 1, max: 4 }), async ({ X, y }, k) => {
        const near = naive(X, k).map((row) => row.map((j) => y[j]!));
        const protect = firsts(y);
        const agrees = (i: number): boolean => (select === "all" ? near[i]!.every((code) => code === y[i]) : most(near[i]!) === y[i]);
        const expected = y.map((_, i) => i).filter((i) => protect.includes(i) || y[i] === smallestOf(y) || agrees(i));
        const { origins } = await editedNearestNeighbors({ kNeighbors: k, select }).resample({ X, y }, { protect });
        expect([...origins.base]).toEqual(expected);
      }),
    );
  });

  it("of the neighborhood cleaning rule", async () => {
    await fc.assert(
      fc.asyncProperty(sets, fc.integer({ min: 1, max: 4 }), fc.constantFrom(0.5, 1, 2), async ({ X, y }, k, threshold) => {
        const near = naive(X, k);
        const small = smallestOf(y);
        const size = (code: number): number => y.filter((label) => label === code).length;
        const gone = new Set<number>();
        y.forEach((own, i) => {
          const outvoted = most(near[i]!.map((j) => y[j]!)) !== own;
          if (own !== small && outvoted) gone.add(i);
          if (own !== small || !outvoted) return;
          for (const j of near[i]!) if (y[j] !== small && size(y[j]!) >= threshold * size(small)) gone.add(j);
        });
        const protect = firsts(y);
        const { origins } = await neighborhoodCleaningRule({ kNeighbors: k, threshold }).resample({ X, y }, { protect });
        expect([...origins.base]).toEqual(y.map((_, i) => i).filter((i) => protect.includes(i) || !gone.has(i)));
      }),
    );
  });

  it.each(KINDS.map((kinds) => [kinds.join(" + "), kinds] as const))("on %s with missing cells, by nearestNeighbors", async (_, kinds) => {
    for (const missing of ["expected", "rescale"] as const) {
      const data = inLayout("rows", plainData(kinds, true));
      const { labels } = plainData(kinds, true);
      const { indices } = await nearestNeighbors(data, { kNeighbors: 3, missing });
      const alike = labels.map((label, i) => [...indices.slice(i * 3, i * 3 + 3)].every((j) => labels[j] === label));
      const expected = labels.flatMap((label, i) => (label === "c" || alike[i] ? [i] : []));
      expect(await kept(editedNearestNeighbors({ missing, allowEmpty: true }), data)).toEqual(expected);
    }
  });
});

describe("a class that would vanish", () => {
  // every row of "b" is alone among those of "a"
  const X = [0, 1, 2, 3, 10, 11, 12, 13, 2.5, 11.5].map((x) => [x]);
  const y = [..."aaaaaaaabb"];

  it("is an error that says what to do", async () => {
    await expect(editedNearestNeighbors({ strategy: ["b"] }).resample({ X, y })).rejects.toThrow(
      'editedNearestNeighbors would remove all 2 rows of class "b"; leave the class out of the strategy, protect rows of it, or use allowEmpty: true.',
    );
    await expect(randomUndersample({ strategy: { counts: { b: 0 } } }).resample({ X, y })).rejects.toThrow(/all 2 rows of class "b"/);
    await expect(editedNearestNeighbors({ strategy: ["b"] }).resample({ X, y }, { protect: [8] })).resolves.toBeDefined();
  });

  it("may vanish when told so, but not all of the data", async () => {
    const { data, counts } = await editedNearestNeighbors({ strategy: ["b"], allowEmpty: true }).resample({ X, y });
    expect(data.y).toEqual([..."aaaaaaaa"]);
    expect(counts.get("b")).toEqual({ before: 2, added: 0, removed: 2, after: 0 });
    const nothing = randomUndersample({ strategy: { counts: { a: 0, b: 0 } }, allowEmpty: true });
    await expect(nothing.resample({ X, y })).rejects.toThrow(/would remove all rows of the data/);
  });
});

describe("passes over what the last one left", () => {
  // "b" grows into "a" from the left: each pass takes a few more rows
  const X = Array.from({ length: 40 }, (_, i) => [i * (1 + i / 1000)]);
  const y = X.map((_, i) => (i % 9 === 4 ? "b" : "a"));

  it("are one pass if one is allowed", async () => {
    const once = await kept(editedNearestNeighbors(), { X, y });
    expect(await kept(repeatedEditedNearestNeighbors({ maxIterations: 1 }), { X, y })).toEqual(once);
    expect(await kept(allKnn({ kNeighbors: 1 }), { X, y })).toEqual(await kept(editedNearestNeighbors({ kNeighbors: 1 }), { X, y }));
  });

  it("are as many passes of editing as it takes", async () => {
    let data: { X: number[][]; y: string[] } = { X, y };
    for (let pass = 0; pass < 3; pass++) data = (await editedNearestNeighbors({ strategy: ["a"] }).resample(data)).data as typeof data;
    const { data: repeated } = await repeatedEditedNearestNeighbors({ strategy: ["a"], maxIterations: 3 }).resample({ X, y });
    expect(repeated).toEqual(data);
  });

  it("compare rows as all rows teach, not those that are left", async () => {
    const numbers = new Numbers(4);
    const cells = Array.from({ length: 120 }, (_, i) => [i < 8 ? 30 + i : numbers.normal() * 3, numbers.below(20)]);
    // the first rows are far from all, and the first to go
    const labels = cells.map(([x], i) => (i < 8 ? "abba"[i % 4]! : x! + 4 * numbers.normal() > 3 ? "b" : "a"));
    const values = cells.map(([x]) => x!);
    const mean = values.reduce((sum, x) => sum + x, 0) / 120;
    const weight = values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / 120;
    let rows = labels.map((_, i) => i);
    for (let pass = 0; pass < 4; pass++) {
      const near = (i: number): number[] => {
        const squared = (j: number): number =>
          (values[i]! - values[j]!) * (values[i]! - values[j]!) + (cells[i]![1] === cells[j]![1] ? 0 : weight);
        return rows
          .filter((j) => j !== i)
          .sort((p, q) => squared(p) - squared(q) || p - q)
          .slice(0, 3);
      };
      rows = rows.filter((i) => near(i).filter((j) => labels[j] === labels[i]).length > 1);
    }
    const method = repeatedEditedNearestNeighbors({ strategy: "all", select: "mode", maxIterations: 4 });
    const data: Data = { X: cells, y: labels, kinds: ["numeric", "nominal"] };
    const { origins, notes } = await method.resample(data);
    expect([[...origins.base], notes]).toEqual([rows, []]);
  });

  it("end, with a note, when a class has fewer rows left than the smallest had", async () => {
    const dense = y.map((_, i) => (i % 3 === 1 ? "b" : "a"));
    const { notes, counts } = await repeatedEditedNearestNeighbors({ allowEmpty: true }).resample({ X, y: dense }, { protect: [0, 2, 3] });
    expect(notes.join()).toMatch(/Class "a" has \d+ rows? left, fewer than the 13 of the smallest class, so no more passes were made/);
    expect(counts.get("a")!.after).toBeLessThan(13);
    const more = await allKnn({ allowMinority: true, allowEmpty: true }).resample({ X, y: dense }, { protect: [0, 2, 3] });
    expect(more.notes.join()).not.toMatch(/no more passes/);
  });
});

describe("what neighbors need", () => {
  it.each([tomekLinks, editedNearestNeighbors, repeatedEditedNearestNeighbors, allKnn, neighborhoodCleaningRule])("%o", async (method) => {
    await expect(method().resample({ X: [[1]], y: ["a"] })).rejects.toThrow(/at least two classes/);
    const features = table([{ y: "a" }, { y: "b" }, { y: "b" }, { y: "b" }, { y: "b" }], { target: "y" });
    await expect(method().resample(features)).rejects.toThrow(/no feature columns/);
    await expect(method().resample({ X: [[1e200], [-1e200], [3], [4], [5]], y: [0, 1, 1, 1, 1] })).rejects.toThrow(/exceed 1.8e308/);
    // equal rows everywhere: every neighbor is one by its number
    const same = await method({ allowEmpty: true }).resample({
      X: Array.from({ length: 9 }, () => [1, 1]),
      y: [1, 0, 0, 0, 0, 0, 0, 0, 0],
    });
    expect(same.data.y[0]).toBe(1);
  });

  it("says how many neighbors there are", async () => {
    const data = { X: [[1], [2], [3]], y: [0, 1, 1] };
    await expect(editedNearestNeighbors().resample(data)).rejects.toThrow(
      "kNeighbors is 3 but the data has 3 rows, the row itself among them; use 2 or less.",
    );
    expect(
      (await tomekLinks()
        .resample({ X: [[1], [2]], y: [0, 1] })
        .catch((error: Error) => error.message)) as unknown,
    ).toMatch(/only row of class 1/);
  });

  it("tells when one column decides alone", async () => {
    const { X, y } = {
      X: Array.from({ length: 20 }, (_, i) => [i * 1000, i % 3]),
      y: Array.from({ length: 20 }, (_, i) => (i % 4 ? 1 : 0)),
    };
    const { notes } = await tomekLinks()
      .resample({ X, y })
      .catch(() => ({ notes: [""] }));
    expect(notes.join()).toMatch(/Column "0" carries 99 % of the squared distances in the data/);
  });

  it.each([{ kNeighbors: 0 }, { kNeighbors: 1.5 }, { select: "some" }, { scale: 5 }, { missing: "drop" }, { maxIterations: 0 }, { n: 1 }])(
    "refuses %j",
    (wrong) => {
      expect(() => repeatedEditedNearestNeighbors(wrong as object)).toThrow();
    },
  );

  it.each([{ threshold: -1 }, { threshold: "x" }, { threshold: NaN }, { compat: "themis" }])("refuses %j", (wrong) => {
    expect(() => neighborhoodCleaningRule(wrong as object)).toThrow();
  });
});

describe("randomUndersample", () => {
  const X = Array.from({ length: 300 }, (_, i) => [i]);
  const y = X.map(([i]) => (i! % 3 ? "a" : "b"));

  it("draws every row about as often as any other, and rows of a class by that class alone", async () => {
    const tally = new Array<number>(300).fill(0);
    for (let seed = 0; seed < 200; seed++) {
      for (const row of await kept(randomUndersample({ seed }), { X, y })) tally[row]!++;
    }
    const counts = tally.filter((_, i) => y[i] === "a");
    expect(tally.filter((_, i) => y[i] === "b").every((count) => count === 200)).toBe(true);
    // 200 draws of one in two: beyond 5 deviations of 7 rows in 200 once in a million
    expect(Math.min(...counts)).toBeGreaterThan(62);
    expect(Math.max(...counts)).toBeLessThan(138);
  });

  it("nests: who stays of 50 stays of 80", async () => {
    const few = await kept(randomUndersample({ strategy: { counts: { a: 50 } } }), { X, y });
    const more = await kept(randomUndersample({ strategy: { counts: { a: 80 } } }), { X, y });
    for (const row of few) expect(more).toContain(row);
  });

  it("counts protected rows in, and all of them stay", async () => {
    const protect = X.flatMap(([i]) => (y[i!] === "a" && i! < 90 ? [i!] : []));
    const { origins, counts, notes } = await randomUndersample().resample({ X, y }, { protect });
    expect(counts.get("a")!.after).toBe(100);
    for (const row of protect) expect(origins.base).toContain(row);
    const tight = await randomUndersample({ strategy: { counts: { a: 10 } } }).resample({ X, y }, { protect });
    expect(tight.counts.get("a")!.after).toBe(60);
    expect([notes, tight.notes]).toEqual([[], ['Class "a" keeps 60 rows instead of 10, because they are protected.']]);
  });

  it("draws with replacement when told so", async () => {
    const { origins, counts, data } = await randomUndersample({ replacement: true, strategy: "all" }).resample({ X, y });
    expect([counts.get("a")!.after, counts.get("b")!.after]).toEqual([100, 100]);
    expect(new Set(origins.base).size).toBeLessThan(180);
    expect(data.X).toEqual([...origins.base].map((i) => [i]));
    for (const { before, added, removed, after } of counts.values()) expect(before + added - removed).toBe(after);
  });
});
