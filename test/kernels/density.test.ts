import { describe, expect, it } from "vitest";
import { density } from "../../bindings/engine/density";
import type { DensityExports } from "../../bindings/engine/exports";
import { withInstance, withInstanceNow, type Instance } from "../../bindings/engine/lease";
import { factor as factorIn, inverseDiagonal, matrixBytes, solve, type Factors } from "../../bindings/density/solve";
import { centersBytes, logSums, placeLeaves, placeTiles, type Centers } from "../../bindings/density/sums";
import { startWork } from "../../bindings/run/work";
import { Numbers } from "../support/numbers";
import { rowsOf } from "../support/oracle";

const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 67];

const here = <R>(work: (instance: Instance<DensityExports>) => R): R =>
  withInstanceNow(density, (instance) => instance.arena.scope(() => work(instance)));

const centersOf = (numbers: Numbers, n: number, d: number, laplacian: boolean): Centers => ({
  values: numbers.block(n, d),
  n,
  d,
  laplacian,
  scales: numbers.block(n, 1, () => 0.1 + numbers.unit()),
  biases: numbers.block(n, 1),
});

const exponent = ({ values, d, laplacian, scales, biases }: Centers, x: ArrayLike<number>, i: number): number => {
  let sum = 0;
  for (let c = 0; c < d; c++) {
    const apart = Math.abs(x[c]! - values[i * d + c]!);
    sum += laplacian ? apart : apart * apart;
  }
  return scales[i]! * sum + biases[i]!;
};

const kernel = (centers: Centers, x: ArrayLike<number>, i: number): number => 2 ** -exponent(centers, x, i);

describe("raise_powers", () => {
  it("is within 1e-15 of the true power, and next to nothing beyond the range", () => {
    const numbers = new Numbers(1);
    const values = Float64Array.from({ length: 8000 }, (_, i) => (i < 4000 ? 70 * numbers.unit() : 1000 * numbers.unit()));
    values.set([0, 1, 2, 1019, Infinity, 1e300]);
    const found = here(({ kernels, arena }) => {
      const at = arena.put(values);
      kernels.raise_powers(at, 1000, 0);
      return arena.take(Float64Array, at, 8000);
    });
    found.forEach((power, i) => {
      if (values[i]! > 1019) expect(power).toBeLessThan(1e-306);
      else expect(Math.abs(power * 2 ** values[i]! - 1)).toBeLessThan(1e-15);
    });
  });
});

describe.each([false, true])("sums of kernels, Laplacian: %s", (laplacian) => {
  it.each(SIZES)("weights, matrices and gradients of %d columns equal plain loops", (d) => {
    for (const n of SIZES) {
      const numbers = new Numbers(n + 100 * d);
      const centers = centersOf(numbers, n, d, laplacian);
      const m = 5;
      const queries = numbers.block(m, d);
      const weights = new Float64Array(8 * Math.ceil(n / 8));
      weights.forEach((_, i) => i < n && (weights[i] = numbers.normal()));
      const found = here((instance) => {
        const { kernels, arena } = instance;
        const { packed, tiles, scratch } = placeTiles(instance, centers);
        const [asked, by, sums, matrix, slopes] = [
          arena.put(queries),
          arena.put(weights),
          arena.room(Float64Array, m),
          arena.put(new Float64Array(8 * tiles * m).fill(1)),
          arena.room(Float64Array, m * d),
        ];
        const most: number[] = [];
        for (const [from, to] of [
          [0, 2],
          [2, m],
        ] as const) {
          kernels.weigh_kernels(sums, asked, packed, by, scratch, tiles, d, laplacian, false, from, to);
          most.push(kernels.add_kernels(matrix, asked, packed, scratch, tiles, d, laplacian, from, to));
          kernels.kernel_gradients(slopes, asked, packed, by, scratch, tiles, d, laplacian, from, to);
        }
        return {
          sums: arena.take(Float64Array, sums, m),
          matrix: rowsOf(arena.take(Float64Array, matrix, 8 * tiles * m), 8 * tiles),
          most: Math.max(...most),
          slopes: arena.take(Float64Array, slopes, m * d),
        };
      });
      const heights = rowsOf(queries, d).map((x) => Array.from({ length: n }, (_, i) => kernel(centers, x, i)).reduce((a, b) => a + b));
      expect(Math.abs(found.most / Math.max(...heights) - 1)).toBeLessThan(1e-12);
      rowsOf(queries, d).forEach((x, q) => {
        const total = (at: ArrayLike<number>): number =>
          Array.from({ length: n }, (_, i) => weights[i]! * kernel(centers, at, i)).reduce((a, b) => a + b);
        const size = Array.from({ length: n }, (_, i) => Math.abs(weights[i]!) * kernel(centers, x, i)).reduce((a, b) => a + b);
        expect(Math.abs(found.sums[q]! - total(x))).toBeLessThanOrEqual(1e-14 * n * size);
        for (let i = 0; i < n; i++) expect(found.matrix[q]![i]! - 1).toBeCloseTo(kernel(centers, x, i), 12);
        const c = q % d;
        const step = 1e-6;
        const moved = (by: number): number => total(Array.from(x, (value, at) => value + (at === c ? by : 0)));
        expect(Math.abs(found.slopes[q * d + c]! - (moved(step) - moved(-step)) / (2 * step))).toBeLessThan(1e-6 * (1 + 20 * size));
      });
    }
  });
});

describe("logarithms of sums over leaves", () => {
  /** log₂ Σ 2^−exponent over all points but `own`, about the least exponent. */
  const plain = (centers: Centers, x: ArrayLike<number>, own = -1): number => {
    const kept = Array.from({ length: centers.n }, (_, i) => exponent(centers, x, i)).filter((_, i) => i !== own);
    const least = Math.min(...kept);
    return Math.log2(kept.reduce((sum, other) => sum + 2 ** (least - other), 0)) - least;
  };

  const sums = (centers: Centers, queries: Float64Array, own?: Uint32Array): Promise<Float64Array> =>
    withInstance(density, (instance) =>
      instance.arena.during(() => {
        instance.arena.reserve(centersBytes(centers.n, centers.d), "Points");
        return logSums(instance, startWork(undefined, 1), placeLeaves(instance, centers), centers, queries, {
          ...(own && { own }),
          tolerance: 0,
        });
      }),
    );

  const clouds: Record<string, (numbers: Numbers, i: number) => number> = {
    "one cloud": (numbers) => numbers.normal(),
    "clusters far apart": (numbers, i) => 1e4 * (i % 7) + numbers.normal(),
    "a far offset": (numbers) => 1e9 + 1e-3 * Math.round(1e3 * numbers.normal()),
    "whole numbers": (numbers) => numbers.below(3),
    "one point": () => 0.1,
  };

  it.each(Object.keys(clouds).flatMap((cloud) => [1e-4, 0.5, 300].map((scale) => [cloud, scale] as const)))(
    "%s, scales about %d: as plain loops, of each query as if it were alone",
    async (cloud, scale) => {
      for (const [n, d] of [
        [1, 9],
        [8, 8],
        [300, 1],
        [300, 7],
        [700, 8],
        [700, 11],
        [600, 40],
      ] as const) {
        const numbers = new Numbers(n + d);
        const values = numbers.block(n, d, (i) => clouds[cloud]!(numbers, i));
        const scales = numbers.block(n, 1, () => scale * (0.5 + numbers.unit()));
        const centers = { values, n, d, laplacian: false, scales, biases: numbers.block(n, 1) };
        const m = 21;
        const queries = numbers.block(m, d, (i, c) => (i % 3 ? clouds[cloud]!(numbers, i) : values[(i % n) * d + c]!));
        const own = Uint32Array.from({ length: m }, (_, i) => i % n);
        const all = await sums(centers, queries);
        const others = n > 1 ? await sums(centers, queries, own) : undefined;
        for (const [i, x] of rowsOf(queries, d).entries()) {
          const expected = plain(centers, x);
          expect(Math.abs(all[i]! - expected)).toBeLessThan(2e-13 + 4e-15 * Math.abs(expected));
          expect(await sums(centers, Float64Array.from(x))).toEqual(all.subarray(i, i + 1));
          if (!others) continue;
          const without = plain(centers, x, own[i]);
          expect(Math.abs(others[i]! - without)).toBeLessThan(2e-13 + 4e-15 * Math.abs(without));
        }
      }
    },
  );
});

/** P · A = L · U cell by cell, in place; the rows that were exchanged. */
function factorPlainly(rows: number[][]): number[] {
  return rows.map((_, c) => {
    let best = c;
    for (let i = c; i < rows.length; i++) if (Math.abs(rows[i]![c]!) > Math.abs(rows[best]![c]!)) best = i;
    [rows[c], rows[best]] = [rows[best]!, rows[c]!];
    const reciprocal = 1 / rows[c]![c]!;
    for (const row of rows.slice(rows[c]![c] === 0 ? rows.length : c + 1)) {
      const factor = (row[c]! *= reciprocal);
      for (let j = c + 1; j < row.length; j++) row[j]! -= factor * rows[c]![j]!;
    }
    return best;
  });
}

/** What is made of a matrix (n, n) in the arena, its factors and pivots among it. */
function factored<R>(matrix: Float64Array, n: number, then: (instance: Instance<DensityExports>, factors: Factors) => R | Promise<R>) {
  const stride = 8 * Math.ceil(n / 8);
  const padded = new Float64Array(n * stride);
  for (let i = 0; i < n; i++) padded.set(matrix.subarray(i * n, i * n + n), i * stride);
  return withInstance(density, (instance) =>
    instance.arena.during(async () => {
      instance.arena.reserve(matrixBytes(n), "A matrix");
      const at = instance.arena.put(padded);
      const factors = await factorIn(instance, startWork(undefined, 1), at, n, stride);
      const cells = instance.arena.take(Float64Array, at, n * stride);
      const pivots = instance.arena.take(Uint32Array, factors.pivots, n);
      return {
        cells: rowsOf(cells, stride).map((row) => [...row].slice(0, n)),
        pivots,
        least: factors.least,
        found: await then(instance, factors),
      };
    }),
  );
}

describe.each([1, 2, 3])("expansions of boxes in %d columns", (d) => {
  const NONE = 0xffffffff;
  const side = 0.5;
  const origins = Float64Array.of(-3, 0.25, 7).subarray(0, d);
  /** T_a · T_b … of a row within its box, of the first column slowest. */
  const products = (row: ArrayLike<number>, p: number): number[] => {
    let all = [1];
    for (let c = 0; c < d; c++) {
      const place = (row[c]! - origins[c]!) / side;
      const angle = Math.acos(2 * (place - Math.floor(place)) - 1);
      all = all.flatMap((product) => Array.from({ length: p }, (_, a) => product * Math.cos(a * angle)));
    }
    return all;
  };

  it.each([4, 8, 12])("moments, steps and values of degree below %d equal plain loops", (p) => {
    for (const n of SIZES) {
      const numbers = new Numbers(n + 100 * d + p);
      const [size, rest] = [p ** d, p ** (d - 1)];
      const [rows, weights] = [numbers.block(n, d, (_, c) => origins[c]! + 9 * numbers.unit() - 3), numbers.block(n, 1)];
      const at = Uint32Array.from({ length: n }, (_, i) => (i % 5 === 4 ? NONE : i % 3));
      const matrices = numbers.block(2, p * p);
      const [boxes, steps] = [3, [1, 2, 0, 1, 0, 1, 0, 1, 1, 2, 2, 0]];
      const made = here(({ kernels, arena }) => {
        const moments = arena.put(new Float64Array(boxes * size).fill(0.5));
        // nothing that was there before may matter
        const [out, values] = [arena.put(new Float64Array(boxes * size).fill(NaN)), arena.room(Float64Array, n)];
        const [from, scratch] = [arena.put(origins), arena.room(Float64Array, rest + p)];
        const [x, w, where, by, edges] = [
          arena.put(rows),
          arena.put(weights),
          arena.put(at),
          arena.put(matrices),
          arena.put(Uint32Array.from(steps)),
        ];
        for (const [a, b] of [
          [0, n >> 1],
          [n >> 1, n],
        ] as const)
          kernels.add_moments(moments, x, w, from, scratch, where, d, p, rest, side, a, b);
        for (const [a, b] of [
          [0, 2],
          [2, 4],
        ] as const)
          kernels.translate(out, moments, by, edges, p, rest, a, b);
        for (const [a, b] of [
          [0, n >> 1],
          [n >> 1, n],
        ] as const)
          kernels.expand(values, moments, x, from, scratch, where, d, p, rest, side, a, b);
        return {
          moments: arena.take(Float64Array, moments, boxes * size),
          out: arena.take(Float64Array, out, boxes * size),
          values: arena.take(Float64Array, values, n),
        };
      });
      const expected = new Float64Array(boxes * size).fill(0.5);
      rowsOf(rows, d).forEach((row, i) => {
        if (at[i] !== NONE) products(row, p).forEach((product, t) => (expected[at[i]! * size + t]! += weights[i]! * product));
      });
      expected.forEach((value, t) => expect(Math.abs(made.moments[t]! - value)).toBeLessThan(1e-11 * n));
      const moved = new Float64Array(boxes * size);
      for (let e = 0; e < steps.length; e += 3) {
        const [to, from, matrix] = steps.slice(e, e + 3) as [number, number, number];
        for (let r = 0; r < rest; r++) {
          for (let i = 0; i < p; i++) {
            for (let a = 0; a < p; a++)
              moved[to * size + r * p + a]! += expected[from * size + i * rest + r]! * matrices[(matrix * p + i) * p + a]!;
          }
        }
      }
      moved.forEach((value, t) => expect(Math.abs(made.out[t]! - value)).toBeLessThan(1e-10 * n));
      rowsOf(rows, d).forEach((row, i) => {
        const value = at[i] === NONE ? 0 : products(row, p).reduce((sum, product, t) => sum + product * expected[at[i]! * size + t]!, 0);
        expect(Math.abs(made.values[i]! - value)).toBeLessThan(1e-10 * n * size);
      });
    }
  });
});

describe("LU with partial pivoting", () => {
  it.each([1, 2, 3, 5, 8, 23, 24, 25, 31, 47, 48, 49, 95, 96, 97, 130, 143, 144, 145, 169, 288, 301, 700])(
    "gives %d equations the digits of plain elimination, and solves them",
    async (n) => {
      const numbers = new Numbers(n);
      const matrix = numbers.block(n, n, (i, j) => numbers.normal() + (i === j && i % 2 ? 3 : 0));
      const expected = rowsOf(matrix, n).map((row) => [...row]);
      const solutions = Array.from({ length: n % 2 ? 9 : 1 }, () => numbers.block(n, 1));
      const rights = solutions.map((x) => x.map((_, i) => x.reduce((sum, cell, j) => sum + matrix[i * n + j]! * cell, 0)));
      const { cells, pivots, least, found } = await factored(matrix, n, (instance, factors) => [
        ...solve(instance, factors, rights),
        ...solve(instance, factors, rights.slice(-1)),
      ]);
      expect([...pivots]).toEqual(factorPlainly(expected));
      expect(cells).toEqual(expected);
      expect(least).toBe(Math.min(...expected.map((row, i) => Math.abs(row[i]!))));
      solutions.forEach((x, t) => x.forEach((cell, i) => expect(Math.abs(found[t]![i]! - cell)).toBeLessThan(1e-9)));
      // a right side is solved as if it were alone
      expect(found.at(-1)).toEqual(found.at(-2));
    },
  );

  it.each([1, 2, 3, 5, 8, 31, 47, 48, 49, 95, 96, 97, 130, 145])("gives the diagonal of the inverse of %d equations", async (n) => {
    const numbers = new Numbers(n);
    const matrix = numbers.block(n, n, (i, j) => numbers.normal() + (i === j && i % 2 ? 3 : 0));
    const { least, found } = await factored(matrix, n, (instance, factors) => inverseDiagonal(instance, startWork(undefined, 1), factors));
    expect(least).toBeGreaterThan(0);
    // A⁻¹ by Gauss–Jordan
    const rows = rowsOf(matrix, n).map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
    for (let c = 0; c < n; c++) {
      let best = c;
      for (let i = c; i < n; i++) if (Math.abs(rows[i]![c]!) > Math.abs(rows[best]![c]!)) best = i;
      [rows[c], rows[best]] = [rows[best]!, rows[c]!];
      rows[c] = rows[c]!.map((value) => value / rows[c]![c]!);
      for (let i = 0; i < n; i++) {
        const factor = rows[i]![c]!;
        if (i !== c && factor) rows[i] = rows[i]!.map((value, j) => value - factor * rows[c]![j]!);
      }
    }
    rows.forEach((row, i) => expect(Math.abs(found[i]! - row[n + i]!)).toBeLessThan(1e-8 * (1 + Math.abs(row[n + i]!))));
  });

  it("does not depend on where rows and columns are cut", async () => {
    const n = 90;
    const numbers = new Numbers(3);
    const matrix = numbers.block(n, 96);
    const [cut, whole] = [[3, 20, 1, 30], [96]].map((heights) =>
      here(({ kernels, arena }) => {
        const [at, packed, scratch] = [arena.put(matrix), arena.room(Float64Array, 144 * 96), arena.room(Float64Array, 144 * 16)];
        kernels.factor_panel(at, arena.room(Uint32Array, n), arena.room(Float64Array, 24 * n), n, 96, 0);
        for (const [from, to] of heights.length > 1
          ? ([
              [24, 28],
              [28, 60],
              [60, 96],
            ] as const)
          : ([[24, 96]] as const)) {
          kernels.solve_rows(at, packed, scratch, 96, 0, 24, from, to);
          for (let row = 24, turn = 0; row < n; row += heights[turn++ % heights.length]!)
            kernels.update_rows(at, packed, scratch, 96, 0, 24, from, to, row, Math.min(n, row + heights[turn % heights.length]!));
        }
        return arena.take(Float64Array, at, n * 96);
      }),
    );
    expect(cut).toEqual(whole);
  });

  it("leaves next to no residual where equations hardly differ", async () => {
    // kernels of equally spaced points, wider and wider: the condition grows to 1e17
    const n = 200;
    for (const width of [0.5, 1, 2, 3]) {
      const matrix = new Numbers(1).block(n, n, (i, j) => 2 ** -(((i - j) / width) ** 2));
      const right = Float64Array.from({ length: n }, (_, i) => (i % 3 ? 1 : -1));
      const { found } = await factored(matrix, n, (instance, factors) => solve(instance, factors, [right])[0]!);
      const size = found.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      right.forEach((value, i) => {
        const residual = found.reduce((rest, x, j) => rest - matrix[i * n + j]! * x, value);
        expect(Math.abs(residual)).toBeLessThan(1e-14 * (1 + width * size));
      });
    }
  });

  it.each([5, 30, 200])("tells of %d equal equations by a pivot of 0", async (n) => {
    const { least, cells } = await factored(new Float64Array(n * n).fill(1), n, () => undefined);
    expect(least).toBe(0);
    expect(cells.flat().every(Number.isFinite)).toBe(true);
  });
});

describe("sum_groupings", () => {
  it("sums what is right of the diagonal within each of eight groups", () => {
    const n = 21;
    const numbers = new Numbers(5);
    const matrix = numbers.block(n, 24);
    const chosen = numbers.block(n, 8, () => numbers.below(2));
    const found = here(({ kernels, arena }) => {
      const members = arena.put(
        new Float64Array(Uint32Array.from({ length: n * 16 }, (_, at) => (chosen[at >> 1] ? 0xffffffff : 0)).buffer),
      );
      const [sums, at] = [arena.put(new Float64Array(8)), arena.put(matrix)];
      for (const [from, to] of [
        [0, 9],
        [9, n],
      ] as const)
        kernels.sum_groupings(sums, at, members, n, 24, from, to);
      return arena.take(Float64Array, sums, 8);
    });
    found.forEach((sum, g) => {
      let expected = 0;
      for (let i = 0; i < n; i++)
        for (let j = i + 1; j < n; j++) if (chosen[i * 8 + g] && chosen[j * 8 + g]) expected += matrix[i * 24 + j]!;
      expect(sum).toBeCloseTo(expected, 11);
    });
  });
});
