import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError, kde, kdeOversample, randomOversample, table, type Bandwidth, type Density } from "../../bindings/index";
import { golden } from "../support/data";
import { clustered, Numbers } from "../support/numbers";

interface Case {
  readonly d: number;
  readonly bandwidth: number | "scott" | "silverman";
  readonly X: number[];
  readonly Q: number[];
  readonly weights: number[];
  readonly logDensity: number[];
  readonly weighted: number[];
}
const { densities } = golden<{ densities: Case[] }>("density.json");
const flat = (values: ArrayLike<number>, columns: number): { X: Float64Array; columns: number } => ({
  X: Float64Array.from(values),
  columns,
});

/** Logarithms of densities by plain loops. */
function naive(X: ArrayLike<number>, Q: ArrayLike<number>, d: number, widths: ArrayLike<number>, laplacian = false): number[] {
  const n = X.length / d;
  return Array.from({ length: Q.length / d }, (_, q) => {
    const logs = Array.from({ length: n }, (__, i) => {
      let sum = 0;
      for (let c = 0; c < d; c++) {
        const apart = (Q[q * d + c]! - X[i * d + c]!) / widths[i]!;
        sum += laplacian ? Math.abs(apart) : (apart * apart) / 2;
      }
      return -sum - d * Math.log(widths[i]! * (laplacian ? 2 : Math.sqrt(2 * Math.PI)));
    });
    const most = Math.max(...logs);
    return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0) / n);
  });
}

const widths = ({ bandwidth }: Density, n: number): number[] =>
  typeof bandwidth === "number" ? new Array<number>(n).fill(bandwidth) : [...bandwidth];

function expectNear(found: ArrayLike<number>, expected: readonly number[], most = 1e-10): void {
  expected.forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(most * Math.max(1, Math.abs(value))));
}

describe("kde", () => {
  it.each(densities)(
    "equals scikit-learn in $d columns, bandwidth $bandwidth",
    async ({ d, bandwidth, X, Q, weights, logDensity, weighted }) => {
      const found = await kde({ bandwidth }).fit(flat(X, d));
      expectNear(await found.logDensity(flat(Q, d)), logDensity);
      const names = Array.from({ length: d }, (_, c) => `c${c}`);
      const rows = weights.map((w, i) => ({ ...Object.fromEntries(names.map((name, c) => [name, X[i * d + c]!])), w, y: i % 2 }));
      const heavy = await kde({ bandwidth: 0.5, scale: "none" }).fit(table(rows, { target: "y", weight: "w" }));
      const asked = Array.from({ length: Q.length / d }, (_, q) => ({
        ...Object.fromEntries(names.map((name, c) => [name, Q[q * d + c]!])),
        w: 1,
        y: 0,
      }));
      expectNear(await heavy.logDensity(table(asked, { target: "y", weight: "w" })), weighted);
    },
  );

  const BANDWIDTHS: Bandwidth[] = [0.2, "scott", "silverman", "likelihood", { abramson: "scott" }, { abramson: 0.4 }, { neighbor: 3 }];
  it.each(BANDWIDTHS)("with bandwidth %j equals plain loops, stored and restored too", async (bandwidth) => {
    const numbers = new Numbers(3);
    for (const [kernel, d] of [
      ["gaussian", 3],
      ["laplacian", 2],
    ] as const) {
      const X = clustered(numbers, 150, d, 5);
      const Q = [...numbers.block(20, d, () => 25 * numbers.unit() - 2), ...X.subarray(0, 10 * d)];
      const method = kde({ bandwidth, kernel });
      const found = await method.fit(flat(X, d));
      const logs = await found.logDensity(flat(Q, d));
      expectNear(logs, naive(X, Q, d, widths(found, 150), kernel === "laplacian"));
      const restored = method.restore(JSON.parse(JSON.stringify(found)));
      expect(await restored.logDensity(flat(Q, d))).toEqual(logs);
      expect(restored.sample(7)).toEqual(found.sample(7));
    }
  });

  it("never breaks its tolerance, on adversarial sets", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(0.5, 1e-2, 1e-4, 1e-6),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 300 }),
        fc.constantFrom(1e-3, 0.1, 1, 10),
        fc.constantFrom<Bandwidth>(1, { neighbor: 1 }, { abramson: 1 }),
        fc.integer(),
        async (tolerance, d, n, spread, bandwidth, seed) => {
          const numbers = new Numbers(seed);
          // shells around the queries, heaps of equal rows, and strays far away
          const X = numbers.block(n + 2, d, (i, c) =>
            i % 3 === 0 ? (i % 7) * spread : i % 3 === 1 ? spread * numbers.normal() : c === i % d ? 6 : 1e3 * numbers.unit(),
          );
          const Q = numbers.block(12, d, (i) => (i % 4 ? 2 * spread * numbers.normal() : 1e4 * numbers.normal()));
          const exact = await kde({ bandwidth }).fit(flat(X, d));
          const near = kde({ tolerance }).restore(exact.toJSON());
          const [a, b] = [await exact.logDensity(flat(Q, d)), await near.logDensity(flat(Q, d))];
          a.forEach((value, i) => {
            expect(Math.abs(Math.expm1(b[i]! - value))).toBeLessThanOrEqual(tolerance + 1e-12 * Math.max(1, Math.abs(value)));
          });
          expectNear(a, naive(X, Q, d, widths(exact, n + 2)), 1e-11);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("likelihood finds about the bandwidth that the leave-one-out sum of plain loops likes best", async () => {
    const X = new Numbers(9).block(120, 1, (i) => (i % 2 ? 8 : 0) + new Numbers(i).normal());
    const { bandwidth } = await kde({ bandwidth: "likelihood" }).fit(flat(X, 1));
    const likelihood = (h: number): number => {
      let total = 0;
      for (let i = 0; i < 120; i++) {
        let sum = 0;
        for (let j = 0; j < 120; j++) if (j !== i) sum += Math.exp(-((X[i]! - X[j]!) ** 2) / (2 * h * h)) / h;
        total += Math.log(sum);
      }
      return total;
    };
    const best = Array.from({ length: 400 }, (_, i) => 0.01 * 1.015 ** i).reduce((a, b) => (likelihood(b) > likelihood(a) ? b : a));
    expect(Math.abs(Math.log((bandwidth as number) / best))).toBeLessThan(0.15);
  });

  it("keeps its mass within declared bounds", async () => {
    const numbers = new Numbers(4);
    const X = Array.from({ length: 80 }, () => [numbers.unit() ** 3, numbers.normal()]);
    const found = await kde({ bandwidth: 0.3 }).fit({ X, y: X.map(() => 0), bounds: { 0: [0, 1] } });
    const steps = 200;
    const grid = Array.from({ length: steps * steps }, (_, at) => [
      (0.5 + (at % steps)) / steps,
      -6 + (12 * (0.5 + Math.floor(at / steps))) / steps,
    ]);
    const mass = (await found.logDensity({ X: grid })).reduce((sum, log) => sum + Math.exp(log), 0) * (1 / steps) * (12 / steps);
    expect(mass).toBeCloseTo(1, 2);
    expect([
      ...(await found.logDensity({
        X: [
          [-0.01, 0],
          [1.01, 0],
        ],
      })),
    ]).toEqual([-Infinity, -Infinity]);
    const drawn = found.sample(500);
    drawn.forEach((value, at) => at % 2 || expect(value >= 0 && value <= 1).toBe(true));
  });

  it("draws what it is a density of", async () => {
    const X = new Numbers(2).block(50, 1);
    for (const kernel of ["gaussian", "laplacian"] as const) {
      const found = await kde({ bandwidth: 0.5, kernel, seed: 3 }).fit(flat(X, 1));
      const drawn = found.sample(20_000);
      expect(found.sample(100)).toEqual(drawn.subarray(0, 100));
      const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
      const spread = (values: ArrayLike<number>): number => {
        const middle = mean(values);
        return mean(Array.from(values, (value) => (value - middle) ** 2));
      };
      // a Laplacian of width b has variance 2 b²
      expect(spread(drawn) / (spread(X) + (kernel === "gaussian" ? 0.25 : 0.5))).toBeCloseTo(1, 1);
      expect(Math.abs(mean(drawn) - mean(X))).toBeLessThan(0.03);
    }
  });

  it("tells what it cannot do in one sentence", async () => {
    const fit = (data: object, options: object = {}): Promise<unknown> => kde(options).fit(data as never);
    expect(() => kde({ bandwidth: 0 })).toThrow(InputError);
    expect(() => kde({ bandwidth: "wide" as never })).toThrow(/bandwidth is "wide"/);
    expect(() => kde({ bandwidth: { neighbor: 0 } })).toThrow(/neighbor is 0/);
    await expect(fit({ X: [[1, NaN]] })).rejects.toThrow(/Column "1" has no value in row 0/);
    await expect(fit({ X: [[1], [2]], kinds: ["nominal"] })).rejects.toThrow(/nominal/);
    await expect(fit({ X: [[1e200], [-1e200]] })).rejects.toThrow(/divide it/);
    await expect(fit({ X: [[1]] }, { bandwidth: "likelihood" })).rejects.toThrow(/one row/);
    await expect(fit({ X: [[1], [2]] }, { bandwidth: { neighbor: 2 } })).rejects.toThrow(/kNeighbors is 2/);
    const found = await kde({ bandwidth: 1 }).fit({ X: [[1], [2]] });
    await expect(found.logDensity({ X: [[1, 2]] })).rejects.toThrow(/has the feature|have the feature/);
    expect(() => kde().restore({ ...found.toJSON(), bandwidth: -1 })).toThrow(/damaged/);
  });

  it("one row, equal rows, huge offsets", async () => {
    expectNear(await (await kde({ bandwidth: 2 }).fit({ X: [[5]] })).logDensity({ X: [[5], [1e6]] }), naive([5], [5, 1e6], 1, [2]));
    const same = Array.from({ length: 40 }, () => [3, 3]);
    const equal = await kde({ bandwidth: { neighbor: 5 } }).fit({ X: same });
    expect(equal.notes.join()).toMatch(/40 rows have 5 equal ones/);
    expect((await equal.logDensity({ X: [[3, 3]] })).every(Number.isFinite)).toBe(true);
    for (const [kernel, tolerance] of [
      ["gaussian", 0],
      ["gaussian", 1e-6],
      ["laplacian", 0],
    ] as const) {
      const narrow = await kde({ bandwidth: 1e-308, kernel, tolerance }).fit({ X: Array.from({ length: 700 }, (_, i) => [i % 7]) });
      const [at, beside] = await narrow.logDensity({ X: [[3], [3.5]] });
      expect(at! + Math.log(7 * 1e-308 * (kernel === "gaussian" ? Math.sqrt(2 * Math.PI) : 2))).toBeCloseTo(0, 10);
      expect(beside!).toBeLessThan(-1e300);
    }
    const numbers = new Numbers(8);
    const near = numbers.block(100, 2);
    const far = near.map((value) => value + 2 ** 30);
    const [a, b] = [await kde({ bandwidth: 0.5 }).fit(flat(near, 2)), await kde({ bandwidth: 0.5 }).fit(flat(far, 2))];
    expectNear(await b.logDensity(flat(far, 2)), [...(await a.logDensity(flat(near, 2)))], 1e-6);
  });

  it("progress does not fall, and an abort is heard", async () => {
    const numbers = new Numbers(1);
    const X = flat(numbers.block(4000, 3), 3);
    const found = await kde({ bandwidth: "likelihood" }).fit(X);
    let last = 0;
    await found.logDensity(X, {
      onProgress: ({ done, total }) => {
        expect(done).toBeGreaterThanOrEqual(last);
        expect(done).toBeLessThanOrEqual(total);
        last = done;
      },
    });
    const stop = new AbortController();
    await expect(found.logDensity(X, { signal: stop.signal, onProgress: ({ done }) => done > 0 && stop.abort("enough") })).rejects.toBe(
      "enough",
    );
  });
});

describe("kdeOversample", () => {
  const numbers = new Numbers(5);
  const X = numbers.block(120, 3, (i, c) => (i < 30 ? 3 * c : 0) + numbers.normal() * (1 + c));
  const y = Array.from({ length: 120 }, (_, i) => (i < 30 ? "few" : "many"));

  it("by Silverman's rule is ROSE, to the byte; by a bandwidth of 0 deviations the plain bootstrap", async () => {
    const data = { X, y, columns: 3 };
    const [mine, rose] = [
      await kdeOversample({ seed: 4 }).resample(data),
      await randomOversample({ shrinkage: 1, seed: 4 }).resample(data),
    ];
    expect(mine.data.X).toEqual(rose.data.X);
    const tiny = await kdeOversample({ seed: 4, bandwidth: 1e-300 }).resample(data);
    expect(tiny.data.X).toEqual((await randomOversample({ seed: 4 }).resample(data)).data.X);
  });

  it("with bandwidths of rows, noise is as wide as the row's", async () => {
    const data = { X, y, columns: 3 };
    const { data: made, origins } = await kdeOversample({
      bandwidth: { neighbor: 4 },
      scale: "none",
      strategy: { counts: { few: 30_030 } },
    }).resample(data, { only: "synthetic" });
    const own = await kde({ bandwidth: { neighbor: 4 } }).fit({ X: X.slice(0, 90), columns: 3 });
    const squares = new Float64Array(30);
    origins.base.forEach((base, t) => (squares[base]! += ((made.X as Float64Array)[3 * t]! - X[3 * base]!) ** 2 / 1000));
    squares.forEach((square, i) => expect(Math.sqrt(square) / (own.bandwidth as Float64Array)[i]!).toBeCloseTo(1, 0.8));
  });
});
