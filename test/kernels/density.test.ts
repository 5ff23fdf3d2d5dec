import { describe, expect, it } from "vitest";
import { density } from "../../bindings/engine/density";
import type { DensityExports } from "../../bindings/engine/exports";
import { withInstanceNow, type Instance } from "../../bindings/engine/lease";
import { placeTiles, type Centers } from "../../bindings/density/sums";
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

const kernel = ({ values, d, laplacian, scales, biases }: Centers, x: ArrayLike<number>, i: number): number => {
  let sum = 0;
  for (let c = 0; c < d; c++) {
    const apart = Math.abs(x[c]! - values[i * d + c]!);
    sum += laplacian ? apart : apart * apart;
  }
  return 2 ** -(scales[i]! * sum + biases[i]!);
};

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
        for (const [from, to] of [
          [0, 2],
          [2, m],
        ] as const) {
          kernels.weigh_kernels(sums, asked, packed, by, scratch, tiles, d, laplacian, false, from, to);
          kernels.add_kernels(matrix, asked, packed, scratch, tiles, d, laplacian, from, to);
          kernels.kernel_gradients(slopes, asked, packed, by, scratch, tiles, d, laplacian, from, to);
        }
        return {
          sums: arena.take(Float64Array, sums, m),
          matrix: rowsOf(arena.take(Float64Array, matrix, 8 * tiles * m), 8 * tiles),
          slopes: arena.take(Float64Array, slopes, m * d),
        };
      });
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
  it.each([1, 2, 3, 5, 8, 31, 47, 48, 49, 95, 96, 97, 130])("solves %d equations, and gives the diagonal of the inverse", (n) => {
    const numbers = new Numbers(n);
    const matrix = numbers.block(n, n, (i, j) => numbers.normal() + (i === j && i % 2 ? 3 : 0));
    const stride = 8 * Math.ceil(n / 8);
    const solution = numbers.block(n, 1);
    const right = solution.map((_, i) => solution.reduce((sum, x, j) => sum + matrix[i * n + j]! * x, 0));
    const { solved, diagonal, pivots } = here(({ kernels, arena }) => {
      const padded = new Float64Array(n * stride);
      for (let i = 0; i < n; i++) padded.set(matrix.subarray(i * n, i * n + n), i * stride);
      const [at, x] = [arena.put(padded), arena.put(right)];
      const scratch = arena.room(Float64Array, 48 * (n + stride));
      const [exchanged, where, out] = [arena.room(Uint32Array, n), arena.room(Uint32Array, n), arena.room(Float64Array, n)];
      const least: number[] = [];
      for (let from = 0; from < n; from += 48) {
        least.push(kernels.factor_panel(at, exchanged, scratch, n, stride, from));
        kernels.update_rows(at, scratch, n, stride, from, from + 48, n);
      }
      kernels.solve_lu(x, at, exchanged, n, stride);
      kernels.invert_rows(at, scratch, n, stride, 0, n);
      kernels.inverse_diagonal(out, at, exchanged, where, n, stride);
      return { solved: arena.take(Float64Array, x, n), diagonal: arena.take(Float64Array, out, n), pivots: least };
    });
    expect(Math.min(...pivots)).toBeGreaterThan(0);
    solution.forEach((x, i) => expect(Math.abs(solved[i]! - x)).toBeLessThan(1e-9));
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
    rows.forEach((row, i) => expect(Math.abs(diagonal[i]! - row[n + i]!)).toBeLessThan(1e-8 * (1 + Math.abs(row[n + i]!))));
  });

  it("tells of a singular matrix by a pivot of 0", () => {
    const least = here(({ kernels, arena }) => {
      const at = arena.put(Float64Array.from({ length: 5 * 8 }, (_, i) => (i % 8 < 5 ? 1 : 0)));
      return kernels.factor_panel(at, arena.room(Uint32Array, 5), arena.room(Float64Array, 48 * 13), 5, 8, 0);
    });
    expect(least).toBe(0);
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
