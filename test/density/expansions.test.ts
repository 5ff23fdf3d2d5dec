import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError, kde } from "../../bindings/index";
import { centersOf } from "../../bindings/density/bandwidths";
import { gridOf, homesOf, planOf } from "../../bindings/density/boxes";
import { shapeOf, translationsOf } from "../../bindings/density/chebyshev";
import { nearLogSums } from "../../bindings/density/expansions";
import { placeLeaves, type Centers } from "../../bindings/density/sums";
import { density } from "../../bindings/engine/density";
import type { DensityExports } from "../../bindings/engine/exports";
import { withInstance } from "../../bindings/engine/lease";
import { startWork } from "../../bindings/run/work";
import { clustered, Numbers } from "../support/numbers";

interface Found {
  readonly logs: Float64Array;
  /** Queries that were summed term by term, and multiply-adds of expansions. */
  readonly summed: number;
  readonly steps: number;
  readonly plans: number;
}

/** What `nearLogSums` finds, and how. */
async function find(centers: Centers, queries: Float64Array, tolerance: number, own?: Uint32Array, room?: number): Promise<Found> {
  return withInstance(density, async ({ kernels, arena }) => {
    let [summed, steps, plans] = [0, 0, 0];
    const watched: DensityExports = {
      ...kernels,
      log_sums: (...given) => ((summed += given[16] - given[15]), kernels.log_sums(...given)),
      add_moments: (...given) => ((steps += given[7] * given[8] * (given[11] - given[10])), kernels.add_moments(...given)),
      translate: (...given) => ((steps += given[4] ** 2 * given[5] * (given[7] - given[6])), kernels.translate(...given)),
      expand: (...given) => (plans++, (steps += given[7] * given[8] * (given[11] - given[10])), kernels.expand(...given)),
    };
    const instance = { kernels: watched, arena };
    const logs = await arena.during(() =>
      nearLogSums(
        instance,
        startWork(undefined, 1),
        () => placeLeaves(instance, centers),
        centers,
        queries,
        {
          tolerance,
          ...(own && { own }),
        },
        room,
      ),
    );
    return { logs, summed, steps, plans };
  });
}

/** Binary logarithms of the sums by plain loops. */
function naive({ values, n, d, scales, biases }: Centers, queries: Float64Array, own?: Uint32Array): number[] {
  return Array.from({ length: queries.length / d }, (_, q) => {
    const powers = Array.from({ length: n }, (__, i) => {
      let sum = 0;
      for (let c = 0; c < d; c++) sum += (queries[q * d + c]! - values[i * d + c]!) ** 2;
      return own?.[q] === i ? Infinity : scales[i]! * sum + biases[i]!;
    });
    const least = powers.reduce((a, b) => Math.min(a, b));
    return Math.log2(powers.reduce((sum, value) => sum + 2 ** (least - value), 0)) - least;
  });
}

/** The largest error relative to what is allowed, of which rounding is a part. */
function worst(found: ArrayLike<number>, expected: readonly number[], tolerance: number): number {
  return expected.reduce((most, value, i) => {
    const rounding = 1e-12 * Math.max(1, Math.abs(value));
    return found[i] === value ? most : Math.max(most, Math.abs(Math.expm1((found[i]! - value) * Math.LN2)) / (tolerance + rounding));
  }, 0);
}

/** Rows and queries that are hard to guess: clusters of all widths, heaps of equal rows, strays, a constant column, an offset, queries far away. */
function hard(numbers: Numbers, n: number, m: number, d: number, spread: number, offset: number): { X: Float64Array; Q: Float64Array } {
  const constant = numbers.below(4) === 0 ? numbers.below(d) : -1;
  const place = (i: number, c: number): number => {
    const cluster = i % 5;
    const width = spread * [1, 0.01, 0, 3, 1e-6][cluster]!;
    return (
      offset +
      (c === constant && i % 50
        ? 1
        : cluster * (c === 0 ? 2 : -1) + width * numbers.normal() + (d === 3 || i % 97 ? 0 : 40 * numbers.unit()))
    );
  };
  const X = numbers.block(n, d, place);
  const Q = numbers.block(m, d, (i, c) => (i % 7 ? place(i, c) + (i % 3) * spread * numbers.normal() : offset + 1e3 * numbers.normal()));
  return { X, Q };
}

describe("sums by expansions", () => {
  it.each([
    {
      columns: [1, 2],
      rows: 1500,
      queries: 70,
      tolerances: [0.1, 1e-2, 1e-4, 1e-6, 1e-8, 1e-9, 1e-10, 1e-12],
      widths: [1e-3, 0.05, 0.3, 1, 3, 30],
    },
    { columns: [3], rows: 2500, queries: 2500, tolerances: [0.1, 1e-2, 1e-4], widths: [0.2, 0.6, 1, 3] },
  ])("never break their tolerance, on adversarial sets of $columns columns", async ({ columns, rows, queries, tolerances, widths }) => {
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...tolerances),
        fc.constantFrom(...columns),
        fc.integer({ min: 1, max: rows }),
        fc.constantFrom(0.02, 0.3, 1),
        fc.constantFrom(...widths),
        fc.constantFrom(0, 0, -1e4, 2 ** 30),
        fc.boolean(),
        fc.integer(),
        async (tolerance, d, n, spread, width, offset, heavy, seed) => {
          const numbers = new Numbers(seed);
          const { X, Q } = hard(numbers, n, queries, d, spread, offset);
          const weights = heavy ? Float64Array.from({ length: n }, (_, i) => (i % 3 ? 10 ** (-9 * numbers.unit()) : i % 2)) : null;
          if (weights) weights[0] = 1;
          const centers = centersOf({ values: X, n, d, laplacian: false, weights }, width);
          const { logs, summed } = await find(centers, Q, tolerance);
          answered += queries - summed;
          expect(worst(logs, naive(centers, Q.subarray(0, 100 * d)), tolerance)).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: columns.length === 1 ? 25 : 100 },
    );
    // enough of what was asked was not left to the plain sums
    expect(answered).toBeGreaterThan(500);
  });

  it.each([1, 2, 3])("of normal rows of %d columns take less than a third of the kernels' work, and hardly a query is left", async (d) => {
    const n = d < 3 ? 5000 : 20_000;
    const m = n;
    const numbers = new Numbers(d);
    const centers = centersOf({ values: numbers.block(n, d), n, d, laplacian: false, weights: null }, n ** (-1 / (d + 4)));
    const { logs, summed, steps } = await find(centers, numbers.block(m, d), d < 3 ? 1e-6 : 1e-2);
    expect(logs.every(Number.isFinite)).toBe(true);
    expect(summed).toBeLessThan(m / 20);
    // a kernel is some 16 multiply-adds and one for each column
    expect(steps + summed * n * (d + 16)).toBeLessThan((n * m * (d + 16)) / 3);
  });

  it("leave a row out at itself", async () => {
    const numbers = new Numbers(5);
    for (const [n, d] of [
      [900, 1],
      [2000, 2],
    ] as const) {
      const X = numbers.block(n, d, (i) => (i % Math.floor(n / 30) ? numbers.normal() : 20 + i));
      const centers = centersOf(
        { values: X, n, d, laplacian: false, weights: Float64Array.from({ length: n }, (_, i) => 1 + (i % 4)) },
        0.4,
      );
      const own = Uint32Array.from({ length: n }, (_, i) => i);
      const { logs, summed } = await find(centers, X, 1e-9, own);

      expect(summed).toBeGreaterThanOrEqual(30);
      expect(summed).toBeLessThan(n / 5);
      expect(worst(logs, naive(centers, X, own), 1e-9)).toBeLessThanOrEqual(1);
    }
  });

  it.each([1, 2, 3])("of %d columns are the same if they are planned a few at a time", async (d) => {
    const numbers = new Numbers(d);
    const n = 3000;
    const centers = centersOf({ values: clustered(numbers, n, d, 3, 0.8), n, d, laplacian: false, weights: null }, 1.2);
    const Q = numbers.block(n, d, (i) => (i % 9 ? 20 * numbers.unit() : 100 * numbers.normal()));
    const [all, few] = [await find(centers, Q, 1e-2), await find(centers, Q, 1e-2, undefined, d === 1 ? 40 : 4000)];
    expect(all.summed).toBeLessThan(n);
    expect(few.plans).toBeGreaterThan(all.plans + 1);
    expect(few.logs).toEqual(all.logs);
  });

  it.each([1, 2])("of %d columns know nothing of what else is asked, nor of blocks", async (d) => {
    const numbers = new Numbers(d);
    const X = clustered(numbers, 2000, d, 12, 0.8);
    const Q = numbers.block(300, d, (i) => (i % 9 ? 20 * numbers.unit() : 500 * numbers.normal()));
    const found = await kde({ bandwidth: 0.7, tolerance: 1e-6 }).fit({ X, columns: d });
    const all = await found.logDensity({ X: Q, columns: d });
    for (const [from, to] of [
      [0, 1],
      [1, 8],
      [8, 300],
      [299, 300],
    ] as const) {
      expect(await found.logDensity({ X: Q.slice(from * d, to * d), columns: d })).toEqual(all.slice(from, to));
    }
    const turned = Q.slice();
    for (let i = 0; i < 300; i++) turned.set(Q.subarray(i * d, i * d + d), (299 - i) * d);
    expect((await found.logDensity({ X: turned, columns: d })).reverse()).toEqual(all);
  });

  it("are not for kernels of other kinds, nor where they would not pay, and no harm is done by rows that lie too far apart", async () => {
    const numbers = new Numbers(7);
    const summedOf = async (X: Float64Array, d: number, width: number | Float64Array, laplacian = false): Promise<number> => {
      const centers = centersOf({ values: X, n: X.length / d, d, laplacian, weights: null }, width);
      const { logs, summed } = await find(centers, X, 1e-6);
      expect(worst(logs, laplacian ? [...logs] : naive(centers, X), 1e-6)).toBeLessThanOrEqual(1);
      return summed;
    };
    const X = numbers.block(800, 2);
    expect(await summedOf(X, 2, 0.5)).toBeLessThan(80);
    expect(await summedOf(X, 2, 0.5, true)).toBe(800);
    expect(
      await summedOf(
        X,
        2,
        Float64Array.from({ length: 800 }, (_, i) => (i === 9 ? 0.6 : 0.5)),
      ),
    ).toBe(800);
    expect(await summedOf(X, 2, 1e-9)).toBe(800);
    expect(await summedOf(X.slice(0, 40), 2, 0.5)).toBe(20);
    expect(await summedOf(numbers.block(200, 4), 4, 1)).toBe(200);
    expect(
      await summedOf(
        X.map((value, at) => (at === 7 ? 1e12 : value)),
        2,
        0.5,
      ),
    ).toBe(800);
  });

  it("progress does not fall and ends at its total, and an abort is heard", async () => {
    const X = { X: new Numbers(1).block(20_000, 2), columns: 2 };
    const found = await kde({ tolerance: 1e-6 }).fit(X);
    const seen: { done: number; total: number }[] = [];
    await found.logDensity(X, { onProgress: (progress) => void seen.push(progress) });
    seen.forEach(({ done }, i) => expect(done).toBeGreaterThanOrEqual(i ? seen[i - 1]!.done : 0));
    expect(seen.at(-1)!.done).toBe(seen.at(-1)!.total);
    expect(seen.length).toBeGreaterThan(4);
    const stop = new AbortController();
    await expect(found.logDensity(X, { signal: stop.signal, onProgress: ({ done }) => done > 0 && stop.abort("enough") })).rejects.toBe(
      "enough",
    );
    expect(() => kde({ tolerance: 0.6 })).toThrow(InputError);
  });
});

describe("translations", () => {
  it.each([
    [1e-2, 1],
    [1e-6, 1],
    [1e-6, 2],
    [1e-9, 2],
    [1e-2, 3],
    [1e-6, 3],
  ])("for a tolerance of %d in %d columns are as near the kernel as they say, and not much nearer", (tolerance, d) => {
    const shape = shapeOf(tolerance, 20_000, d);
    const { p, spread, reach } = shape;
    expect(p % 4).toBe(0);
    expect(p).toBeLessThanOrEqual(32);
    const { matrices, sizes, errors } = translationsOf(shape, 40);
    const polynomials = (x: number): number[] => {
      const values = [1, x];
      while (values.length < p) values.push(2 * x * values.at(-1)! - values.at(-2)!);
      return values;
    };
    const points = Array.from({ length: 41 }, (_, i) => -1 + i / 20);
    const all = points.map(polynomials);
    for (let at = 0; at <= 2 * reach; at++) {
      let [most, largest] = [0, 0];
      points.forEach((u, a) =>
        points.forEach((v, b) => {
          let sum = 0;
          for (let i = 0; i < p; i++) for (let j = 0; j < p; j++) sum += all[b]![i]! * all[a]![j]! * matrices[(at * p + i) * p + j]!;
          most = Math.max(most, Math.abs(sum - Math.exp(-spread * ((u - v) / 2 - (at - reach)) ** 2)));
          largest = Math.max(largest, Math.abs(sum));
        }),
      );
      expect(most).toBeLessThanOrEqual(errors[at]!);
      expect(largest).toBeLessThanOrEqual(sizes[at]!);
      if (Math.abs(at - reach) < 2) expect(most).toBeGreaterThan(errors[at]! / 1000);
    }
  });
});

describe("plans", () => {
  it("want boxes within reach alone, each once, made of all that is there, and stop when they are many", () => {
    const numbers = new Numbers(3);
    const shape = shapeOf(1e-6, 500, 2);
    const X = numbers.block(500, 2);
    const grid = gridOf(X, 2, 0.5, shape)!;
    const { homes, at } = homesOf(grid, X, new Float64Array(500).fill(1));
    expect([...homes.values()].reduce((sum, { mass }) => sum + mass, 0)).toBe(500);
    expect(new Set(at).size).toBe(homes.size);
    const translations = translationsOf(shape, 50);
    const Q = Float64Array.of(0, 0, 0.001, 0.001, 1e300, 0, -Infinity, 0, 30, 30);
    const { asked, steps, counts } = planOf(grid, homes, translations, Q, Uint32Array.of(0, 1, 2, 3, 4), Infinity);
    expect(asked.map((box) => box && counts[1]! > box.place)).toEqual([true, true, null, null, null]);
    expect(asked[0]!.error).toBeGreaterThan(0);
    expect(asked[0]!.error).toBeLessThan(1e-4);
    const pairs = steps[0]!.flatMap((_, t, list) => (t % 3 ? [] : [`${list[t]} ${list[t + 1]}`]));
    expect(new Set(pairs).size).toBe(pairs.length);
    expect(planOf(grid, homes, translations, Q, Uint32Array.of(0, 1), 1).asked.length).toBe(1);
    expect(planOf(grid, homes, translations, Q, Uint32Array.of(3, 2), 1).asked.length).toBe(2);
  });
});
