import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  condensedNearestNeighbor,
  InputError,
  nearMiss,
  oneSidedSelection,
  type Data,
  type Kind,
  type Resampler,
} from "../../bindings/index";
import { read } from "../../bindings/data/read";
import { core } from "../../bindings/engine/core";
import { withInstanceNow } from "../../bindings/engine/lease";
import { METRIC, statisticsOfAll } from "../../bindings/search/space";
import { median } from "../../bindings/search/statistics";
import { distanceIn } from "../support/search";

/** Small whole numbers, so that many rows are equally far; some cells are missing, one column is nominal. */
const tables = fc
  .record({
    rows: fc.array(
      fc.tuple(fc.integer({ min: 0, max: 4 }), fc.option(fc.integer({ min: 0, max: 3 }), { freq: 6 }), fc.integer({ min: 0, max: 2 })),
      {
        minLength: 14,
        maxLength: 40,
      },
    ),
    labels: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 40, maxLength: 40 }),
    nominal: fc.boolean(),
  })
  .map(({ rows, labels, nominal }) => {
    const kinds: Kind[] = ["numeric", "numeric", nominal ? "nominal" : "numeric"];
    // at least four of the smallest class, and three classes
    const y = rows.map((_, i) => (i < 4 ? "c" : i < 9 ? "b" : labels[i]! < 3 ? "a" : "b"));
    return { X: rows, y: [...y.slice(0, -1), "a"], kinds };
  });

/** The order key of rows i and j by all that all rows teach. */
function keyOf(data: Data): (i: number, j: number) => number {
  const dataset = read(data);
  const { d, q } = dataset.schema;
  const { means, deviations } = withInstanceNow(core, (instance) => statisticsOfAll(instance, dataset));
  const weight = median(deviations) * median(deviations);
  const space = {
    d,
    q,
    metric: METRIC.mixed,
    weight,
    table: 0,
    divisors: new Float64Array(d).fill(1),
    means,
    variances: deviations.map((x) => x * x),
  };
  return distanceIn(dataset, space);
}

const rowsOf = (y: readonly string[], ...labels: string[]): number[] => y.flatMap((label, i) => (labels.includes(label) ? [i] : []));

/** Of the rows, the k nearest to row i, itself apart, by (key, row). */
function nearest(key: (i: number, j: number) => number, i: number, rows: readonly number[], k = 1): number[] {
  return rows
    .filter((j) => j !== i)
    .sort((a, b) => key(i, a) - key(i, b) || a - b)
    .slice(0, k);
}

/** Counts as D, the smallest of equal ones first in sorted order. */
function smallestOf(y: readonly string[]): string {
  const labels = [...new Set(y)].sort();
  return labels.reduce((best, label) => (rowsOf(y, label).length < rowsOf(y, best).length ? label : best));
}

const kept = async (method: Resampler, data: Data): Promise<number[]> => [...(await method.resample(data)).origins.base];
const ascending = (rows: readonly number[]): number[] => [...new Set(rows)].sort((a, b) => a - b);

describe("naive twins", () => {
  it("condensed nearest neighbor and one-sided selection", async () => {
    await fc.assert(
      fc.asyncProperty(tables, async (data) => {
        const { y } = data;
        const key = keyOf(data);
        const small = smallestOf(y);
        const losing = [...new Set(y)].filter((label) => label !== small);
        const seeds = losing.map((label) => rowsOf(y, label).at(-1)!);
        const [condensed, oneSided] = [rowsOf(y, small), rowsOf(y, small)];
        losing.forEach((label, c) => {
          const store = [...rowsOf(y, small), seeds[c]!];
          const own = rowsOf(y, label);
          oneSided.push(seeds[c]!, ...own.filter((i) => i !== seeds[c] && y[nearest(key, i, store)[0]!] !== label));
          for (const i of own) if (!store.includes(i) && y[nearest(key, i, store)[0]!] !== label) store.push(i);
          condensed.push(...store);
        });
        expect(await kept(condensedNearestNeighbor({ seeds }), data)).toEqual(ascending(condensed));
        const left = ascending(oneSided);
        const first = new Map(left.map((i) => [i, nearest(key, i, left)[0]!]));
        const unlinked = left.filter((i) => y[i] === small || y[first.get(i)!] === y[i] || first.get(first.get(i)!) !== i);
        expect(await kept(oneSidedSelection({ seeds, allowEmpty: true }), data)).toEqual(unlinked);
      }),
      { numRuns: 60 },
    );
  });

  it.each([1, 2, 3] as const)("NearMiss %i", async (version) => {
    await fc.assert(
      fc.asyncProperty(tables, fc.integer({ min: 1, max: 4 }), fc.boolean(), async (data, k, all) => {
        const { y } = data;
        const key = keyOf(data);
        const label = smallestOf(y);
        const small = rowsOf(y, label);
        // the smallest class too, or only the others
        const size = small.length - Number(all);
        // two neighbors of a row of a class are asked for below
        fc.pre(size >= Math.max(k, 2));
        const expected: number[] = [];
        for (const other of new Set(y)) {
          const own = rowsOf(y, other);
          if (own.length === size || (other === label && !all)) {
            expected.push(...own);
            continue;
          }
          const asked = version === 3 ? ascending(small.flatMap((i) => nearest(key, i, own, 2))) : own;
          const sum = (i: number): number => {
            const far = small.filter((j) => j !== i).map((j) => key(i, j));
            far.sort((a, b) => a - b);
            return (version === 2 ? far.slice(-k) : far.slice(0, k)).reduce((sums, squared) => sums + Math.sqrt(squared), 0);
          };
          const order = asked.toSorted((a, b) => (version === 3 ? sum(b) - sum(a) : sum(a) - sum(b)) || a - b);
          expected.push(...order.slice(0, size));
        }
        const strategy = all ? { counts: Object.fromEntries([...new Set(y)].map((each) => [each, size])) } : "auto";
        const method = nearMiss({ version, kNeighbors: k, strategy, ...(version === 3 && { mNeighbors: 2 }) });
        expect(await kept(method, data)).toEqual(ascending(expected));
      }),
      { numRuns: 60 },
    );
  });
});

describe("what they are told", () => {
  const X = Array.from({ length: 20 }, (_, i) => [i * 1.5, (i * 7) % 5]);
  const y = X.map((_, i) => (i % 4 === 3 ? "few" : "many"));
  const data = { X, y };

  it("seeds are drawn, as many as there are at most, or told", async () => {
    const all = await condensedNearestNeighbor({ seeds: 99 }).resample(data);
    expect(all.origins.base).toHaveLength(20);
    expect(all.notes.join()).toMatch(/No rows were removed/);
    for (const seeds of [[4], [4, 4, 9]])
      expect(await kept(condensedNearestNeighbor({ seeds }), data)).toEqual(expect.arrayContaining(seeds));
  });

  it.each([
    [[3], /row 3 of class "few", which loses no rows/],
    [[20], /names row 20, but rows are whole numbers from 0 to 19/],
    [[0.5], /names row 0.5/],
    [[], /names no row of class "many"/],
  ])("refuses seeds %j", async (seeds, message) => {
    await expect(condensedNearestNeighbor({ seeds }).resample(data)).rejects.toThrow(message);
    await expect(oneSidedSelection({ seeds }).resample(data)).rejects.toThrow(InputError);
  });

  it.each([{ seeds: 0 }, { seeds: "1" }, { seeds: null }, { kNeighbors: 1 }])("refuses %j", (wrong) => {
    expect(() => condensedNearestNeighbor(wrong as object)).toThrow(InputError);
    expect(() => oneSidedSelection(wrong as object)).toThrow(InputError);
  });

  it("says that the smallest class stays whole where the strategy names it", async () => {
    const { notes, counts } = await condensedNearestNeighbor({ strategy: "all" }).resample(data);
    expect(notes.join()).toMatch(/Class "few" is the smallest, .* stays whole/);
    expect(counts.get("few")!.removed).toBe(0);
  });

  it.each([{ version: 4 }, { version: "1" }, { kNeighbors: 0 }, { mNeighbors: 3 }, { version: 3, mNeighbors: 0 }])(
    "NearMiss refuses %j",
    (wrong) => {
      expect(() => nearMiss(wrong as object)).toThrow(InputError);
    },
  );

  it.each([
    [{ kNeighbors: 6 }, /kNeighbors is 6 but class "few", the smallest, has 5 rows; use 5 or less/],
    [{ kNeighbors: 6, version: 2 }, /kNeighbors is 6/],
    [{ version: 3, mNeighbors: 16 }, /mNeighbors is 16 but class "many" has 15 rows; use 15 or less/],
    [{ kNeighbors: 5, strategy: { counts: { few: 2 } } }, /the row itself among them; use 4 or less/],
  ] as const)("NearMiss refuses %j for want of rows", async (options, message) => {
    await expect(nearMiss(options).resample(data)).rejects.toThrow(message);
  });

  it("NearMiss 3 notes that it keeps fewer rows than it is told", async () => {
    const { notes, counts } = await nearMiss({ version: 3, mNeighbors: 1, strategy: { counts: { many: 14 } } }).resample(data);
    expect(counts.get("many")!.after).toBeLessThan(14);
    expect(notes.join()).toMatch(/Class "many" keeps \d+ rows instead of 14/);
  });

  it("take a class of one row, equal rows, a column that is always the same, and refuse what squares to more than a number", async () => {
    const equal = { X: Array.from({ length: 9 }, () => [1, 1]), y: ["b", ..."aaaaaaaa"] };
    // the nearest of the equal rows is the first, of the other class
    expect(await kept(condensedNearestNeighbor(), equal)).toHaveLength(9);
    expect(await kept(nearMiss({ kNeighbors: 1 }), equal)).toEqual([0, 1]);
    expect(await kept(nearMiss({ kNeighbors: 1, version: 2 }), equal)).toEqual([0, 1]);
    const wide = { X: [[1e200], [-1e200], [0], [1]], y: ["a", "a", "a", "b"] };
    for (const method of [condensedNearestNeighbor(), nearMiss({ kNeighbors: 1 }), nearMiss({ kNeighbors: 1, version: 2 })]) {
      await expect(method.resample(wide)).rejects.toThrow(/squared differences exceed/);
    }
  });
});
