import { expect, it } from "vitest";
import { logistic } from "../../bindings/index";
import { withInstance, type Instance } from "../../bindings/engine/lease";
import type { LearnExports } from "../../bindings/engine/exports";
import { learn } from "../../bindings/engine/learn";
import { likelihood, placeRows, type Placed } from "../../bindings/learn/likelihood";
import { ROUGH, roughly } from "../../bindings/learn/rough";
import { minimize } from "../../bindings/learn/minimize";
import { startWork } from "../../bindings/run/work";
import { Numbers } from "../support/numbers";

/** n rows of d columns and a one, of two classes, with weights. */
function placed(instance: Instance<LearnExports>, n: number, d: number, seed: number): Placed {
  const numbers = new Numbers(seed);
  const stride = 2 * Math.ceil((d + 1) / 2);
  const own = placeRows(instance, n, stride, 1);
  const { arena } = instance;
  const rows = arena.view(Float64Array, own.rows, n * stride);
  for (let i = 0; i < n; i++) for (let c = 0; c < stride; c++) rows[i * stride + c] = c < d ? numbers.normal() : Number(c === d);
  arena.view(Float64Array, own.targets, n).set(Float64Array.from({ length: n }, () => numbers.below(2)));
  arena.view(Float64Array, own.weights, n).set(Float64Array.from({ length: n }, () => numbers.unit()));
  return own;
}

const run = <R>(then: (instance: Instance<LearnExports>) => Promise<R>): Promise<R> =>
  withInstance(learn, (instance) => instance.arena.during(() => then(instance)));

it("in f32 the loss, its derivatives and its steps are those in f64, but for what f32 rounds off", async () => {
  for (const n of [1, 2, 7, 8, 9, 255, 256, 257, 900]) {
    for (const d of [0, 1, 6, 7, 8, 15, 20]) {
      await run(async (instance) => {
        const numbers = new Numbers(n + d);
        const rows = placed(instance, n, d, 7 * n + d);
        const ridge = Float64Array.from({ length: rows.stride }, () => 1 + numbers.unit());
        const theta = Float64Array.from({ length: rows.stride }, (_, c) => (c > d ? 0 : numbers.normal()));
        const work = startWork(undefined, 1);
        const [exact, rough] = [likelihood(instance, work, rows, ridge), roughly(instance, work, rows, ridge)()];
        const [a, b] = [await exact.evaluate(theta), await rough.evaluate(theta)];
        expect(Math.abs(a.value - b.value)).toBeLessThan(ROUGH.rounding * (n + a.value));
        a.gradient.forEach((entry, c) => expect(Math.abs(entry - b.gradient[c]!)).toBeLessThan(1e-6 * (n + 3)));
        await exact.bend(theta);
        await rough.bend(theta);
        const [step, other] = [exact.solve(a.gradient), rough.solve(a.gradient)];
        // of rows that hardly bend the loss second derivatives are those of a sample
        const longest = Math.max(...step.map(Math.abs));
        step.forEach((entry, c) => expect(Math.abs(entry - other[c]!)).toBeLessThan(0.02 * longest + 1e-6));
      });
    }
  }
});

it("the kernels are the plain loops, cut anywhere between chunks", async () => {
  await run(async (instance) => {
    const { arena, kernels } = instance;
    const [n, d, width] = [777, 9, 16];
    const rows = placed(instance, n, d, 3);
    const take = (cuts: readonly number[], least: number): Float64Array[] =>
      arena.scope(() => {
        const room = (length: number) => arena.view(Float32Array, arena.room(Float32Array, length), length).fill(0).byteOffset;
        const numbers = (length: number) => arena.view(Float64Array, arena.room(Float64Array, length), length).fill(0).byteOffset;
        const [narrow, curvatures, sums, theta] = [room((n + 7) * width), room(n + 7), room(width + 8), room(width)];
        const picked = room(128 * width);
        const [value, gradient, left, gram] = [numbers(2), numbers(width), numbers(1), numbers(width * width)];
        kernels.narrow_cells(narrow, rows.rows, rows.stride, width, 0, 5);
        kernels.narrow_cells(narrow, rows.rows, rows.stride, width, 5, n + 7);
        arena.view(Float32Array, theta, width).fill(0.3, 0, d + 1);
        cuts.slice(1).forEach((to, k) => {
          kernels.rough_pass(value, gradient, curvatures, sums, narrow, rows.targets, rows.weights, theta, width, cuts[k]!, to);
        });
        cuts.slice(1).forEach((to, k) => kernels.rough_gram(gram, left, picked, narrow, curvatures, width, least, cuts[k]!, to));
        const own = Float64Array.from(arena.take(Float32Array, curvatures, n));
        const values = Float64Array.from(arena.take(Float32Array, narrow, (n + 7) * width));
        return [
          arena.take(Float64Array, value, 2),
          arena.take(Float64Array, gradient, width),
          own,
          arena.take(Float64Array, gram, width * width),
          values,
        ];
      });
    const [value, gradient, curvatures, gram, values] = take([0, n], 0.1) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    take([0, 256, 768, n], 0.1).forEach((found, k) => expect([...found]).toEqual([...[value, gradient, curvatures, gram, values][k]!]));
    const block = arena.view(Float64Array, rows.rows, (n + 7) * rows.stride);
    values.forEach((entry, at) => {
      const c = at % width;
      expect(entry).toBe(c < rows.stride ? Math.fround(block[Math.floor(at / width) * rows.stride + c]!) : 0);
    });
    const weights = arena.view(Float64Array, rows.weights, n);
    let [total, left] = [0, 0];
    const plain = new Float64Array(width * width);
    for (let i = 0; i < n; i++) {
      let odds = 0;
      for (let c = 0; c <= d; c++) odds += Math.fround(0.3) * values[i * width + c]!;
      const p = 1 / (1 + Math.exp(-odds));
      expect(curvatures[i]).toBeCloseTo(weights[i]! * p * (1 - p), 6);
      total += curvatures[i]!;
      let factor = curvatures[i]!;
      if (factor < 0.1) {
        left += factor;
        if (left < 0.1) continue;
        left -= 0.1;
        factor = 0.1;
      }
      for (let a = 0; a < width; a++)
        for (let b = a; b < width; b++) plain[a * width + b]! += factor * values[i * width + a]! * values[i * width + b]!;
    }
    expect(value[1]).toBeCloseTo(total, 4);
    for (let a = 0; a < width; a++) for (let b = a; b < width; b++) expect(gram[a * width + b]).toBeCloseTo(plain[a * width + b]!, 4);
  });
});

it("leads where f64 does, and ends where it says so", async () => {
  await run(async (instance) => {
    const rows = placed(instance, 3000, 6, 5);
    const ridge = new Float64Array(rows.stride).fill(1);
    const work = startWork(undefined, 1);
    const start = new Float64Array(rows.stride);
    const options = { tolerance: 1e-3, maxIterations: 50, renew: 1 };
    const exact = await minimize(likelihood(instance, work, rows, ridge), start, { ...options, tolerance: 1e-9 });
    const rough = await minimize(roughly(instance, work, rows, ridge)(), start, { ...options, ...ROUGH });
    expect(rough.converged).toBe(true);
    exact.at.forEach((entry, c) => expect(Math.abs(entry - rough.at[c]!)).toBeLessThan(1e-5));
  });
});

it("numbers beyond f32, tiny weights and rows all alike are no harm", async () => {
  const numbers = new Numbers(9);
  const n = 5000;
  const y = Array.from({ length: n }, (_, i) => i % 2);
  const fit = async (cell: (i: number, c: number) => number, weight: number): Promise<readonly number[]> => {
    const X = Float64Array.from({ length: 2 * n }, (_, at) => cell(Math.floor(at / 2), at % 2));
    const { coefficients } = await logistic().fit({ X, y, columns: 2 }, { weights: y.map(() => weight) });
    return [...coefficients!.values, ...coefficients!.intercepts];
  };
  const plain = (i: number): number => numbers.normal() + y[i]!;
  const values = Array.from({ length: 2 * n }, (_, at) => plain(Math.floor(at / 2)));
  const normal = await fit((i, c) => values[2 * i + c]!, 1);
  // weights are rescaled to the number of rows
  expect(await fit((i, c) => values[2 * i + c]!, 1e-60)).toEqual(normal.map((value) => expect.closeTo(value, 9) as number));
  for (const own of await fit(() => 3, 1)) expect(Math.abs(own)).toBeLessThan(1e-6);
  const far = await fit((i, c) => (i === 7 && c === 0 ? 1e150 : values[2 * i + c]!), 1);
  expect(far.every(Number.isFinite)).toBe(true);
  expect(far[1]).toBeGreaterThan(0.5);
});
