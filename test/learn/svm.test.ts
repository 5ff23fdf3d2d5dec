import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unitScale } from "../../bindings/data/extent";
import { read } from "../../bindings/data/read";
import { withInstance } from "../../bindings/engine/lease";
import { stats } from "../../bindings/engine/stats";
import {
  decisionValues,
  scaleGamma,
  supportVectors,
  type SupportVectorOptions,
  type SupportVectors,
  type TwoClasses,
} from "../../bindings/learn/svm";
import { startWork } from "../../bindings/run/work";
import { golden, HAS_DATA, realTable } from "../support/data";
import { Numbers } from "../support/numbers";
import { squaredDistance } from "../support/oracle";

const OPTIONS: SupportVectorOptions = { costs: [1, 1], gamma: 0.5, tolerance: 1e-3, maxIterations: 1e7 };
const work = startWork(undefined, 1);

const solve = (problem: TwoClasses, options: Partial<SupportVectorOptions> = {}): Promise<SupportVectors> =>
  withInstance(stats, (instance) => supportVectors(instance, work, problem, { ...OPTIONS, ...options }));

const decide = (problem: TwoClasses, solved: SupportVectors, gamma: number, queries: Float64Array): Promise<Float64Array> =>
  withInstance(stats, (instance) => decisionValues(instance, work, problem, solved, gamma, queries));

/** Kernel of two rows, as the solver rounds it. */
function kernelOf({ values, d }: TwoClasses, gamma: number, i: number, j: number): number {
  return Math.fround(Math.exp(-gamma * squaredDistance(values.subarray(i * d, i * d + d), values.subarray(j * d, j * d + d))));
}

/** Σ α y K + bias of each row of the problem. */
function sides(problem: TwoClasses, { alphas, bias }: SupportVectors, gamma: number): number[] {
  const { n, signs } = problem;
  return Array.from({ length: n }, (_, i) => {
    let sum = bias;
    for (let j = 0; j < n; j++) if (alphas[j]! > 0) sum += alphas[j]! * signs[j]! * kernelOf(problem, gamma, i, j);
    return sum;
  });
}

/** The conditions of an optimum (Karush, Kuhn, Tucker), to a tolerance: rows beyond their margin weigh nothing, rows inside it all they may, others lie on it. */
function expectOptimal(problem: TwoClasses, solved: SupportVectors, { costs, gamma }: SupportVectorOptions, within: number): void {
  const { signs } = problem;
  let balance = 0;
  sides(problem, solved, gamma).forEach((side, i) => {
    const [alpha, cost, margin] = [solved.alphas[i]!, costs[signs[i]! > 0 ? 1 : 0], signs[i]! * side];
    expect(alpha).toBeGreaterThanOrEqual(0);
    expect(alpha).toBeLessThanOrEqual(cost);
    if (alpha < cost) expect(margin, `row ${i}`).toBeGreaterThanOrEqual(1 - within);
    if (alpha > 0) expect(margin, `row ${i}`).toBeLessThanOrEqual(1 + within);
    balance += signs[i]! * alpha;
  });
  expect(Math.abs(balance)).toBeLessThan(1e-9 * (costs[0] + costs[1]) * problem.n);
}

const row = fc.tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 }), fc.boolean());

describe("support vectors", () => {
  it("meet the conditions of an optimum on any rows, duplicates of both classes among them", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 40 }),
        fc.constantFrom(0.1, 1, 10),
        fc.constantFrom(0.05, 0.5, 5),
        fc.constantFrom(1, 4),
        async (rows, cost, gamma, ratio) => {
          const all = [...rows, [0, 1, true], [1, 0, false]] as const;
          const problem = {
            values: Float64Array.from(all.flatMap(([a, b]) => [a / 2, b / 2])),
            n: all.length,
            d: 2,
            signs: Float64Array.from(all, ([, , positive]) => (positive ? 1 : -1)),
          };
          const options = { ...OPTIONS, costs: [cost, ratio * cost] as const, gamma, tolerance: 1e-6 };
          const solved = await solve(problem, options);
          expect(solved.gap).toBeLessThan(1e-6);
          expectOptimal(problem, solved, options, 2e-6);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("are few where the classes are far apart, and all of a class that surrounds the other's single row", async () => {
    const apart = { values: Float64Array.of(0, 0.1, 0.2, 5, 5.1, 5.2), n: 6, d: 1, signs: Float64Array.of(-1, -1, -1, 1, 1, 1) };
    const { supportIndices } = await solve(apart, { costs: [100, 100], gamma: 0.1 });
    expect([...supportIndices]).toEqual([2, 3]);
    const one = { values: Float64Array.of(-1, 0, 1), n: 3, d: 1, signs: Float64Array.of(-1, 1, -1) };
    expect([...(await solve(one)).supportIndices]).toEqual([0, 1, 2]);
  });

  it("decide as their sum says, on rows and between them", async () => {
    const numbers = new Numbers(8);
    const [n, d] = [150, 3];
    const signs = Float64Array.from({ length: n }, (_, i) => (i % 3 ? -1 : 1));
    const problem = { values: numbers.block(n, d, (i) => numbers.normal() + signs[i]!), n, d, signs };
    const solved = await solve(problem);
    const found = await decide(problem, solved, OPTIONS.gamma, problem.values);
    sides(problem, solved, OPTIONS.gamma).forEach((side, i) => expect(found[i]).toBeCloseTo(side, 5));
    expect(await decide(problem, solved, OPTIONS.gamma, new Float64Array(0))).toHaveLength(0);
  });

  it("do not depend on how many kernel rows are kept, and stop where told", async () => {
    const numbers = new Numbers(9);
    const [n, d] = [6000, 2];
    const signs = Float64Array.from({ length: n }, (_, i) => (i % 10 ? -1 : 1));
    const problem = { values: numbers.block(n, d, (i) => numbers.normal() + signs[i]!), n, d, signs };
    const few = await solve(problem, { maxIterations: 300 });
    expect(few.iterations).toBe(300);
    expect(few.gap).toBeGreaterThan(1e-3);
    const solved = await solve(problem);
    expect(solved.gap).toBeLessThan(1e-3);
    expect(await solve(problem, { cacheBytes: 0 })).toEqual(solved);
    expect(await solve(problem, { cacheBytes: 4 * n * 50 })).toEqual(solved);
    const sample = [...solved.supportIndices].slice(0, 5);
    const decided = await decide(problem, solved, OPTIONS.gamma, problem.values);
    for (const i of sample) expect(signs[i]! * decided[i]!).toBeLessThan(1.01);
    for (let i = 0; i < n; i++) if (solved.alphas[i] === 0) expect(signs[i]! * decided[i]!).toBeGreaterThan(0.99);
  });

  it("stop with the signal's reason and leave nothing behind", async () => {
    const numbers = new Numbers(1);
    const n = 4000;
    const problem = { values: numbers.block(n, 4), n, d: 4, signs: Float64Array.from({ length: n }, (_, i) => (i % 2 ? 1 : -1)) };
    const controller = new AbortController();
    let calls = 0;
    const stopped = withInstance(stats, (instance) => {
      const counted = startWork({ signal: controller.signal, onProgress: () => ++calls === 4 && controller.abort("enough") }, 1e12);
      return supportVectors(instance, counted, problem, OPTIONS);
    });
    await expect(stopped).rejects.toBe("enough");
    for (const { arena } of stats.idle) expect(arena.top).toBe(arena.base);
  });
});

/** ½ Σ α α y y K − Σ α. */
function objectiveOf(problem: TwoClasses, { supportIndices, alphas }: SupportVectors, gamma: number): number {
  const { signs } = problem;
  let sum = 0;
  for (const i of supportIndices) {
    sum -= alphas[i]!;
    for (const j of supportIndices) sum += 0.5 * alphas[i]! * alphas[j]! * signs[i]! * signs[j]! * kernelOf(problem, gamma, i, j);
  }
  return sum;
}

/** `n` rows of d columns, every `every`th of sign 1 and `apart` away in the first column. */
function mixture(n: number, d: number, every: number, apart: number, seed: number): TwoClasses {
  const numbers = new Numbers(seed);
  const signs = Float64Array.from({ length: n }, (_, i) => (i % every ? -1 : 1));
  return { values: numbers.block(n, d, (i, c) => numbers.normal() + (c === 0 && signs[i]! > 0 ? apart : 0)), n, d, signs };
}

describe("support vectors among the rows that matter", () => {
  it.each([
    ["overlapping classes", mixture(1800, 3, 4, 1, 1), { costs: [1, 1], gamma: 0.4 }],
    ["a rare class", mixture(3000, 5, 60, 1.5, 2), { costs: [1, 8], gamma: 0.1 }],
    ["classes far apart", mixture(2000, 2, 3, 9, 3), { costs: [10, 10], gamma: 0.3 }],
    ["hardly any cost", mixture(1500, 2, 2, 1, 4), { costs: [0.01, 0.02], gamma: 0.5 }],
    ["a narrow kernel, all rows support", mixture(900, 4, 5, 1, 5), { costs: [2, 2], gamma: 50 }],
    ["a flat kernel and high cost", mixture(1500, 2, 3, 2, 6), { costs: [300, 300], gamma: 0.01 }],
  ] as const)("of %s are the same optimum", async (_, problem, given) => {
    const options = { ...OPTIONS, ...given, tolerance: 1e-6 };
    const whole = await solve(problem, { ...options, siftBeyond: Infinity });
    const objective = objectiveOf(problem, whole, given.gamma);
    // by pilots of one row of each class, of 200, and of nearly all
    for (const siftBeyond of [0, 400, problem.n - 1]) {
      const sifted = await solve(problem, { ...options, siftBeyond });
      expect(sifted.gap).toBeLessThan(1e-6);
      if (siftBeyond === 400) expectOptimal(problem, sifted, options, 3e-6);
      expect(Math.abs(objectiveOf(problem, sifted, given.gamma) / objective - 1)).toBeLessThan(1e-6);
      // where the kernel is flat, alphas and bias may differ more than the objective
      expect(sifted.bias).toBeCloseTo(whole.bias, 3);
    }
  });

  it("meet the conditions at a coarse tolerance, wherever the rows lie, duplicates of both classes among them", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 60 }),
        fc.constantFrom(0.1, 1, 30),
        fc.constantFrom(0.05, 0.5, 5),
        fc.constantFrom(0, 1e6),
        fc.constantFrom(1e-2, 1e-5),
        fc.constantFrom(0, 20),
        async (rows, cost, gamma, offset, tolerance, siftBeyond) => {
          const all = [...rows, [0, 1, true], [1, 0, false]] as const;
          const problem = {
            values: Float64Array.from(all.flatMap(([a, b]) => [offset + a / 2, b / 2])),
            n: all.length,
            d: 2,
            signs: Float64Array.from(all, ([, , positive]) => (positive ? 1 : -1)),
          };
          const options = { ...OPTIONS, costs: [cost, cost] as const, gamma, tolerance };
          const sifted = await solve(problem, { ...options, siftBeyond });
          expect(sifted.gap).toBeLessThan(tolerance);
          expectOptimal(problem, sifted, options, 1.01 * tolerance + 1e-6);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("of one class, of two rows, and of rows without columns", async () => {
    const one = { ...mixture(50, 2, 1, 0, 7) };
    expect((await solve(one, { siftBeyond: 0 })).supportIndices).toHaveLength(0);
    const two = { values: Float64Array.of(0, 1), n: 2, d: 1, signs: Float64Array.of(-1, 1) };
    expect([...(await solve(two, { siftBeyond: 0 })).supportIndices]).toEqual([0, 1]);
    const none = { values: new Float64Array(0), n: 5, d: 0, signs: Float64Array.of(1, 1, -1, -1, -1) };
    expect((await solve(none, { siftBeyond: 0 })).gap).toBeLessThan(1e-3);
  });

  it("are found where rows are too far for f32, or so far that kernels vanish", async () => {
    const problem = mixture(600, 2, 3, 1, 8);
    for (const [at, gamma] of [
      [0, 1e30],
      [5, 0.5],
    ] as const) {
      const values = problem.values.map((value, cell) => (cell === 2 * at ? 1e25 : value));
      const far = { ...problem, values };
      const options = { ...OPTIONS, gamma, tolerance: 1e-5 };
      expectOptimal(far, await solve(far, { ...options, siftBeyond: 0 }), options, 2e-5);
    }
  });

  it("stop where told, with the signal's reason too, and leave nothing behind", async () => {
    const problem = mixture(6000, 4, 25, 1, 1);
    const few = await solve(problem, { maxIterations: 300 });
    expect(few.iterations).toBe(300);
    expect(few.gap).toBeGreaterThan(1e-3);
    const reports: number[] = [];
    const call = (onProgress: (done: number) => void, signal?: AbortSignal): Promise<SupportVectors> =>
      withInstance(stats, (instance) =>
        supportVectors(instance, startWork({ signal, onProgress: ({ done }) => onProgress(done) }, 1e12), problem, OPTIONS),
      );
    await call((done) => reports.push(done));
    expect(reports).toEqual([...reports].sort((a, b) => a - b));
    for (const share of [0.05, 0.3, 0.6, 0.95]) {
      const controller = new AbortController();
      let left = Math.floor(share * reports.length);
      await expect(call(() => left-- === 0 && controller.abort("enough"), controller.signal)).rejects.toBe("enough");
    }
    for (const { arena } of stats.idle) expect(arena.top).toBe(arena.base);
  });
});

describe.skipIf(!HAS_DATA)("support vectors as libsvm finds them", () => {
  interface Golden {
    readonly name: string;
    readonly cost: number;
    readonly weights: readonly [number, number];
    readonly gamma: number;
    readonly support: readonly number[];
    readonly alphas: readonly number[];
    readonly bias: number;
    readonly objective: number;
    readonly sample: readonly number[];
    readonly decisions: readonly number[];
  }
  const { sets } = golden<{ sets: readonly Golden[] }>("svm.json");
  const cases = sets.flatMap((set) => [Infinity, 0].map((siftBeyond) => [set.name, siftBeyond, set] as const));
  it.each(cases)("%s, sifted beyond %d rows: support, alphas, objective, bias and decisions", async (_, siftBeyond, set) => {
    const { numeric, n, schema, labels } = read(realTable("keel", set.name));
    const { d } = schema;
    const deviations = Array.from({ length: d }, (_unused, c) => {
      const cells = Array.from({ length: n }, (_cell, i) => numeric[i * d + c]!);
      const mean = cells.reduce((sum, value) => sum + value, 0) / n;
      return Math.sqrt(cells.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n) || 1;
    });
    const values = numeric.map((value, at) => value / deviations[at % d]!);
    const minority = [...labels].filter((label) => label === 1).length < n / 2 ? 1 : 0;
    const signs = Float64Array.from(labels, (label) => (label === minority ? 1 : -1));
    expect(scaleGamma(values, d) / set.gamma).toBeCloseTo(1, 12);
    const problem = { values, n, d, signs };
    const costs = [set.cost * set.weights[0], set.cost * set.weights[1]] as const;
    const options = { ...OPTIONS, gamma: set.gamma, costs, tolerance: 1e-8, siftBeyond };
    const solved = await solve(problem, options);
    expect([...solved.supportIndices].sort((a, b) => a - b)).toEqual([...set.support].sort((a, b) => a - b));
    set.support.forEach((i, s) => expect(Math.abs(solved.alphas[i]! - set.alphas[s]!), `row ${i}`).toBeLessThan(1e-5 * set.cost));
    expect(solved.bias).toBeCloseTo(set.bias, 5);
    expect(Math.abs(objectiveOf(problem, solved, set.gamma) / set.objective - 1)).toBeLessThan(1e-7);
    const queries = Float64Array.from(set.sample.flatMap((i) => [...values.subarray(i * d, i * d + d)]));
    const decided = await decide(problem, solved, set.gamma, queries);
    set.decisions.forEach((value, s) => expect(decided[s]).toBeCloseTo(value, 5));
  });
});

describe("unitScale", () => {
  it("brings the widest column near 1, exactly, from either end of the range", () => {
    for (const factor of [1e-300, 1e-9, 1, 1e9, 1e300]) {
      const width = 3 * factor * unitScale(Float64Array.of(0, 5, 3 * factor, 5), 2);
      expect(factor === 1e-300 || (width > 0.5 && width <= 1)).toBe(true);
    }
    expect(unitScale(Float64Array.of(7, 7, 7), 1)).toBe(1);
    expect(unitScale(new Float64Array(0), 3)).toBe(1);
    expect(() => unitScale(Float64Array.of(-1.7e308, 1.7e308), 1)).toThrow(/divide it by ten first/);
  });
});
