import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError, mmd, mmdTest, table } from "../../bindings/index";
import { golden } from "../support/data";
import { Numbers } from "../support/numbers";

interface Expected {
  readonly A: number[];
  readonly B: number[];
  readonly d: number;
  readonly median: number;
  readonly gaussian: { readonly biased: number; readonly unbiased: number };
  readonly laplacian: { readonly biased: number; readonly unbiased: number };
}
const { discrepancies: known } = golden<{ discrepancies: Expected }>("density.json");
const flat = (values: ArrayLike<number>, columns: number): { X: Float64Array; columns: number } => ({
  X: Float64Array.from(values),
  columns,
});

/** Squared discrepancy by plain sums. */
function naive(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  d: number,
  widths: readonly number[],
  laplacian: boolean,
  unbiased: boolean,
): number {
  const kernel = (x: ArrayLike<number>, i: number, y: ArrayLike<number>, j: number): number => {
    let sum = 0;
    for (let c = 0; c < d; c++) {
      const apart = Math.abs(x[i * d + c]! - y[j * d + c]!);
      sum += laplacian ? apart : apart * apart;
    }
    return widths.reduce((total, width) => total + Math.exp(laplacian ? -sum / width : -sum / (2 * width * width)), 0);
  };
  const mean = (x: ArrayLike<number>, y: ArrayLike<number>, own: boolean): number => {
    let [sum, count] = [0, 0];
    for (let i = 0; i < x.length / d; i++) {
      for (let j = 0; j < y.length / d; j++) {
        if (own && unbiased && i === j) continue;
        sum += kernel(x, i, y, j);
        count++;
      }
    }
    return sum / count;
  };
  return mean(a, a, true) + mean(b, b, true) - 2 * mean(a, b, false);
}

describe("mmd", () => {
  const [a, b] = [flat(known.A, known.d), flat(known.B, known.d)];

  it("equals sums of scikit-learn's kernels to 1e-12", async () => {
    for (const kernel of ["gaussian", "laplacian"] as const) {
      for (const estimator of ["biased", "unbiased"] as const) {
        const { squared } = await mmd(a, b, { kernel, estimator, bandwidth: kernel === "gaussian" ? 1.5 : 2.5 });
        expect(Math.abs(squared - known[kernel][estimator])).toBeLessThan(1e-12);
      }
    }
    expect((await mmd(a, b)).bandwidths[0]).toBeCloseTo(known.median, 12);
  });

  it("equals a naive sum in double precision to 1e-12, whatever the sizes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom([1], [0.01], [0.5, 1, 7]),
        fc.integer(),
        async (n, m, d, laplacian, unbiased, widths, seed) => {
          const numbers = new Numbers(seed);
          const [x, y] = [numbers.block(n, d), numbers.block(m, d, () => 0.3 + numbers.normal())];
          const options = {
            kernel: laplacian ? "laplacian" : "gaussian",
            bandwidth: widths,
            estimator: unbiased ? "unbiased" : "biased",
          } as const;
          const { squared } = await mmd(flat(x, d), flat(y, d), options);
          expect(Math.abs(squared - naive(x, y, d, widths, laplacian, unbiased))).toBeLessThan(1e-12);
          expect((await mmd(flat(y, d), flat(x, d), options)).squared).toBeCloseTo(squared, 12);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("blocks are means of unbiased ones, features come near the biased one", async () => {
    const numbers = new Numbers(3);
    const [x, y] = [numbers.block(400, 2), numbers.block(300, 2, () => 0.5 + numbers.normal())];
    const block = await mmd(flat(x, 2), flat(y, 2), { estimator: "block", bandwidth: 1 });
    const size = 17;
    const means = Array.from({ length: 17 }, (_, t) =>
      naive(x.subarray(t * size * 2, (t + 1) * size * 2), y.subarray(t * size * 2, (t + 1) * size * 2), 2, [1], false, true),
    );
    expect(block.squared).toBeCloseTo(means.reduce((p, q) => p + q) / 17, 12);
    for (const kernel of ["gaussian", "laplacian"] as const) {
      const exact = await mmd(flat(x, 2), flat(y, 2), { estimator: "biased", kernel });
      const features = await mmd(flat(x, 2), flat(y, 2), { estimator: "features", kernel, frequencies: 4000 });
      expect(Math.abs(features.squared / exact.squared - 1)).toBeLessThan(0.1);
    }
  });

  it("is 0 of a sample with itself, reads tables, and tells what it cannot compare", async () => {
    expect((await mmd(a, a, { estimator: "biased" })).squared).toBeCloseTo(0, 14);
    const rows = (shift: number): object[] => Array.from({ length: 30 }, (_, i) => ({ u: (i % 5) + shift, v: 1000 * (i % 3), y: i % 2 }));
    const apart = await mmd(table(rows(3) as never, { target: "y" }), table(rows(0) as never, { target: "y" }));
    expect(apart.squared).toBeGreaterThan(0.1);
    await expect(mmd({ X: [[1]] }, { X: [[1], [2]] })).rejects.toThrow(/two or more each/);
    await expect(mmd({ X: [[1]] }, { X: [[1, 2]] })).rejects.toThrow(InputError);
    await expect(mmd({ X: [[1], [NaN]] }, a)).rejects.toThrow(InputError);
    await expect(mmd(a, b, { bandwidth: [] })).rejects.toThrow(/bandwidth is an array of 0/);
    expect((await mmd({ X: [[4], [4]] }, { X: [[4], [4]] })).squared).toBe(0);
  });
});

describe("mmdTest", () => {
  const sample = (seed: number, n: number, shift = 0): { X: Float64Array; columns: number } => {
    const numbers = new Numbers(seed);
    return flat(
      numbers.block(n, 2, () => shift + numbers.normal()),
      2,
    );
  };

  it("counts the groupings that are as far apart, as plain sums do where all can be listed", async () => {
    const [x, y] = [
      [0, 0.4, 1.1],
      [0.9, 1.7, 2.6],
    ];
    const all = [...x, ...y];
    const observed = naive(x, y, 1, [1], false, true);
    let extreme = 0;
    let count = 0;
    for (let set = 0; set < 64; set++) {
      const first = all.filter((_, i) => (set >> i) & 1);
      if (first.length !== 3) continue;
      count++;
      if (
        naive(
          first,
          all.filter((_, i) => !((set >> i) & 1)),
          1,
          [1],
          false,
          true,
        ) >=
        observed - 1e-9
      )
        extreme++;
    }
    const { pValue, squared } = await mmdTest(flat(x, 1), flat(y, 1), { bandwidth: 1, permutations: 20_000 });
    expect(squared).toBeCloseTo(observed, 12);
    expect(Math.abs(pValue - extreme / count)).toBeLessThan(0.02);
  });

  it("keeps its level over 1000 null draws", async () => {
    let rejected = 0;
    for (let t = 0; t < 1000; t++) {
      const { pValue } = await mmdTest(sample(2 * t + 1, 12), sample(2 * t + 2, 15), { permutations: 99, seed: t });
      if (pValue <= 0.1) rejected++;
    }
    // a binomial number of 1000 at 0.1, within four deviations
    expect(Math.abs(rejected - 100)).toBeLessThan(4 * Math.sqrt(90));
  });

  it("has more power the farther samples are apart", async () => {
    const power = [];
    for (const shift of [0, 0.5, 1, 1.5]) {
      let rejected = 0;
      for (let t = 0; t < 60; t++) {
        const { pValue } = await mmdTest(sample(7 * t + 1, 20), sample(7 * t + 4, 20, shift), {
          permutations: 99,
          estimator: "biased",
          kernel: "laplacian",
        });
        if (pValue <= 0.05) rejected++;
      }
      power.push(rejected / 60);
    }
    expect(power).toEqual([...power].sort((p, q) => p - q));
    expect(power[3]).toBeGreaterThan(0.95);
  });

  it("is reproducible, and its progress does not fall", async () => {
    const [x, y] = [sample(1, 100), sample(2, 80, 0.3)];
    let last = 0;
    const watched = await mmdTest(
      x,
      y,
      { seed: 5 },
      { onProgress: ({ done, total }) => (expect(done >= last && done <= total).toBe(true), (last = done)) },
    );
    expect(await mmdTest(x, y, { seed: 5 })).toEqual(watched);
    const stop = new AbortController();
    await expect(mmdTest(x, y, {}, { signal: stop.signal, onProgress: ({ done }) => done > 0 && stop.abort("enough") })).rejects.toBe(
      "enough",
    );
  });
});
