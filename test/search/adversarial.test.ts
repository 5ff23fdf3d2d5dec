import { describe, expect, it } from "vitest";
import { Numbers, clustered } from "../support/numbers";
import { nearest } from "../support/oracle";
import { blocks, checkSelf, distanceIn, selfSearch } from "../support/search";

type Make = (numbers: Numbers, n: number, d: number) => Float64Array;

/** Data on which single precision alone would go wrong. */
const SETS: Readonly<Record<string, Make>> = {
  "offset 1e9 with spread 1e-3": (numbers, n, d) => numbers.block(n, d, () => 1e9 + 1e-3 * numbers.normal()),
  "scale 1e150": (numbers, n, d) => numbers.block(n, d, () => 1e150 * numbers.normal()),
  "scale 1e-150": (numbers, n, d) => numbers.block(n, d, () => 1e-150 * numbers.normal()),
  "scales from 1e-9 to 1e9": (numbers, n, d) => numbers.block(n, d, (_, c) => 10 ** ((c % 7) * 3 - 9) * numbers.normal()),
  "integer grid": (numbers, n, d) => numbers.block(n, d, () => numbers.below(4)),
  "30 % duplicates": (numbers, n, d) => {
    const values = numbers.block(n, d);
    for (let i = 1; i < n; i++) {
      if (numbers.unit() >= 0.3) continue;
      const from = numbers.below(i) * d;
      values.copyWithin(i * d, from, from + d);
    }
    return values;
  },
  "constant columns": (numbers, n, d) => numbers.block(n, d, (_, c) => (c % 2 ? 3.7 : numbers.normal())),
  "all rows equal": (_, n, d) => new Float64Array(n * d).fill(Math.PI),
  "all rows equal in f32": (numbers, n, d) => numbers.block(n, d, () => 1 + 1e-12 * numbers.normal()),
  denormals: (numbers, n, d) => numbers.block(n, d, () => 5e-324 * numbers.below(1000)),
  "squares that underflow": (numbers, n, d) => numbers.block(n, d, () => 1e-160 * numbers.normal()),
  "one huge outlier": (numbers, n, d) => numbers.block(n, d, (i) => (i === 7 ? 1e12 : numbers.normal())),
  "log-normal amounts": (numbers, n, d) => numbers.block(n, d, () => Math.exp(2 * numbers.normal())),
  "tight far clusters": (numbers, n, d) => clustered(numbers, n, d, 12, 1e-5),
  "a line": (numbers, n, d) => numbers.block(n, d, (i, c) => (i - n / 2) * (c + 1) * 0.1),
};

describe.each(Object.keys(SETS))("neighbors are exact on %s", (name) => {
  it.each([
    [40, 1, 39],
    [200, 3, 5],
    [150, 2, 149],
    [700, 7, 5],
    [260, 33, 8],
  ])("%d rows, %d columns, k = %d", async (n, d, k) => {
    await checkSelf(blocks(SETS[name]!(new Numbers(n + d), n, d), d), k);
  });
});

it("one row has no neighbors to look for, two have each other", async () => {
  const found = await selfSearch(blocks(Float64Array.of(1, 5), 1), 1);
  expect([...found.indices]).toEqual([1, 0]);
});

describe("f64 distances stay below 1 % of all pairs", () => {
  const n = 5000;
  it.each<[string, number, Float64Array]>([
    ["Gaussian", 10, new Numbers(1).block(n, 10)],
    ["Gaussian", 50, new Numbers(2).block(n, 50)],
    ["clustered", 10, clustered(new Numbers(3), n, 10)],
    ["tightly clustered", 3, clustered(new Numbers(4), n, 3, 30, 1e-4)],
    ["log-normal", 5, SETS["log-normal amounts"]!(new Numbers(5), n, 5)],
    ["log-normal", 30, SETS["log-normal amounts"]!(new Numbers(6), n, 30)],
  ])("%s, %d columns", async (_, d, values) => {
    const { evaluated, indices, keys, space } = await selfSearch(blocks(values, d), 5);
    expect(evaluated / ((n * (n - 1)) / 2)).toBeLessThan(0.01);
    // and a sample of rows is exact
    const distance = distanceIn(blocks(values, d), space);
    for (const i of [0, 1234, n - 1]) {
      const expected = nearest(1, n, 5, false, (_row, j) => (j === i ? Infinity : distance(i, j)));
      expect(indices.slice(i * 5, i * 5 + 5)).toEqual(expected.indices);
      expect(keys.slice(i * 5, i * 5 + 5)).toEqual(expected.keys);
    }
  });
});
