import { describe, expect, it } from "vitest";
import { nearest } from "../support/oracle";
import { Numbers } from "../support/numbers";
import { blocks, checkSelf, crossSearch, distanceIn, expectExact, selfSearch } from "../support/search";

const SIZES = [2, 3, 4, 5, 7, 8, 9, 31, 64, 67, 127, 128, 129, 300];
const COLUMNS = [1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 67];

describe("self search equals the naive twin", () => {
  it.each(SIZES)("at %d rows and every number of columns", async (n) => {
    for (const d of COLUMNS) {
      const numbers = new Numbers(n * 100 + d);
      for (const k of new Set([1, Math.min(5, n - 1), n - 1])) await checkSelf(blocks(numbers.block(n, d), d), k);
    }
  });

  it("on mixed rows: nominal mismatches weigh the median variance", async () => {
    for (const [n, d, q] of [
      [40, 1, 1],
      [130, 3, 2],
      [300, 5, 9],
      [200, 2, 33],
    ] as const) {
      const numbers = new Numbers(n);
      const codes = Uint32Array.from({ length: n * q }, () => numbers.below(4));
      await checkSelf(blocks(numbers.block(n, d), d, codes, q), 5);
    }
  });

  it.each(["expected", "rescale"] as const)("on rows with missing cells, %s", async (missing) => {
    for (const [n, d, q] of [
      [50, 2, 0],
      [150, 4, 2],
      [300, 9, 0],
    ] as const) {
      const numbers = new Numbers(n);
      const values = numbers.block(n, d, () => (numbers.unit() < 0.2 ? NaN : numbers.normal()));
      const codes = Uint32Array.from({ length: n * q }, () => numbers.below(3));
      await checkSelf(blocks(values, d, codes, q), 5, { missing });
    }
  });

  it("on rows with nothing but missing cells", async () => {
    const numbers = new Numbers(3);
    const values = numbers.block(60, 3, (i, c) => (i % 3 === 0 || c === 1 ? NaN : numbers.normal()));
    for (const missing of ["expected", "rescale"] as const) await checkSelf(blocks(values, 3), 4, { missing });
  });

  it("with the Value Difference Metric when all columns are nominal", async () => {
    const numbers = new Numbers(4);
    const [n, q] = [200, 4];
    const codes = Uint32Array.from({ length: n * q }, () => numbers.below(5));
    const data = blocks(new Float64Array(0), 0, codes, q);
    const found = await selfSearch(data, 5);
    const frequencies = (c: number, code: number): number[] => {
      const counts = [0, 0];
      for (let i = 0; i < n; i++) if (codes[i * q + c] === code) counts[data.labels[i]!]!++;
      return counts.map((count) => count / (counts[0]! + counts[1]!));
    };
    expectExact(found, nearest(n, n, 5, true, distanceIn(data, found.space, frequencies)));
  });
});

describe("cross search equals the naive twin", () => {
  it.each([
    [1, 1, 3],
    [5, 300, 2],
    [300, 5, 4],
    [200, 333, 7],
    [129, 128, 31],
  ])("%d queries against %d rows of %d columns", async (n, m, d) => {
    const numbers = new Numbers(n + m);
    const data = blocks(numbers.block(n + m, d), d);
    const queries = Uint32Array.from({ length: n }, (_, i) => i);
    const reference = Uint32Array.from({ length: m }, (_, j) => n + j);
    for (const k of new Set([1, Math.min(5, m), m])) {
      const found = await crossSearch(data, queries, reference, k);
      const distance = distanceIn(data, found.space);
      expectExact(
        found,
        nearest(n, m, k, false, (i, j) => distance(i, n + j)),
      );
    }
  });

  it("on mixed rows with missing cells on one side only", async () => {
    const numbers = new Numbers(9);
    const [n, m, d, q] = [90, 170, 3, 2];
    for (const side of ["queries", "reference"]) {
      const values = numbers.block(n + m, d, (i) =>
        (side === "queries" ? i < n : i >= n) && numbers.unit() < 0.3 ? NaN : numbers.normal(),
      );
      const data = blocks(
        values,
        d,
        Uint32Array.from({ length: (n + m) * q }, () => numbers.below(3)),
        q,
      );
      const found = await crossSearch(
        data,
        Uint32Array.from({ length: n }, (_, i) => i),
        Uint32Array.from({ length: m }, (_, j) => n + j),
        4,
      );
      const distance = distanceIn(data, found.space);
      expectExact(
        found,
        nearest(n, m, 4, false, (i, j) => distance(i, n + j)),
      );
    }
  });
});

it("counts its f64 distances", async () => {
  const data = blocks(new Numbers(1).block(1000, 4), 4);
  const { evaluated } = await selfSearch(data, 5);
  expect(evaluated).toBeGreaterThan(2500);
  expect(evaluated).toBeLessThan(60_000);
});
