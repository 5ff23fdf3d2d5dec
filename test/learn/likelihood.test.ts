import { describe, expect, it } from "vitest";
import { withInstance } from "../../bindings/engine/lease";
import { learn } from "../../bindings/engine/learn";
import { likelihood, placeRows, type Likelihood } from "../../bindings/learn/likelihood";
import { startWork } from "../../bindings/run/work";
import { Numbers } from "../support/numbers";
import { rowsOf, type Rows } from "../support/regression";

/** Σ weight · −log chance + ½ Σ ridge θ², as plain as can be; theta (lines, stride). */
function plainLoss({ n, d, lines, X, codes, weights }: Rows, theta: ArrayLike<number>, stride: number, ridge: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const odds = Array.from({ length: lines }, (_, k) => {
      let odd = theta[k * stride + d]!;
      for (let c = 0; c < d; c++) odd += theta[k * stride + c]! * X[i * d + c]!;
      return odd;
    });
    const all = lines === 1 ? [0, odds[0]!] : odds;
    const highest = Math.max(...all);
    sum += weights[i]! * (highest + Math.log(all.reduce((total, odd) => total + Math.exp(odd - highest), 0)) - all[codes[i]!]!);
  }
  for (let c = 0; c < ridge.length; c++) sum += (ridge[c]! * theta[c]! ** 2) / 2;
  return sum;
}

const withLikelihood = <R>(rows: Rows, ridge: Float64Array, then: (found: Likelihood, stride: number) => Promise<R>): Promise<R> =>
  withInstance(learn, (instance) =>
    instance.arena.during(() => {
      const { n, d, lines, X, codes, weights } = rows;
      const stride = ridge.length / lines;
      const placed = placeRows(instance, n, stride, lines);
      const block = instance.arena.view(Float64Array, placed.rows, n * stride);
      for (let i = 0; i < n; i++) for (let c = 0; c < stride; c++) block[i * stride + c] = c < d ? X[i * d + c]! : c === d ? 1 : 0;
      instance.arena.view(Float64Array, placed.weights, n).set(weights);
      instance.arena.view(Float64Array, placed.targets, n).set(codes);
      instance.arena.view(Uint32Array, placed.codes, n).set(codes);
      return then(likelihood(instance, startWork(undefined, 1), placed, ridge), stride);
    }),
  );

it("move_cells is the plain loop, cut anywhere", async () => {
  const numbers = new Numbers(6);
  for (const n of [0, 1, 2, 5, 67]) {
    for (const d of [0, 1, 2, 7, 8]) {
      const [cells, shifts, factors] = [numbers.block(n, d), numbers.block(1, d), numbers.block(1, d)];
      const stride = 2 * Math.ceil((d + 1) / 2);
      const moved = await withInstance(learn, async ({ arena, kernels }) =>
        arena.scope(() => {
          const out = arena.room(Float64Array, n * stride);
          const given = [arena.put(cells), arena.put(shifts), arena.put(factors)] as const;
          const cut = numbers.below(n + 1);
          kernels.move_cells(out, ...given, d, stride, 0, cut);
          kernels.move_cells(out, ...given, d, stride, cut, n);
          return arena.take(Float64Array, out, n * stride);
        }),
      );
      const plain = Array.from({ length: n * stride }, (_, at) => {
        const c = at % stride;
        return c < d ? (cells[Math.floor(at / stride) * d + c]! - shifts[c]!) * factors[c]! : Number(c === d);
      });
      expect([...moved]).toEqual(plain);
    }
  }
});

describe("the likelihood", () => {
  it.each([1, 3, 4])("of %i lines is that of a plain loop, its derivatives those of finite differences", async (lines) => {
    const numbers = new Numbers(lines);
    for (const n of [1, 2, 3, 31, 67]) {
      for (const d of [0, 1, 2, 7, 8, 9, 12]) {
        const rows = rowsOf(numbers, n, d, lines, n > 3);
        const stride = 2 * Math.ceil((d + 1) / 2);
        const ridge = Float64Array.from({ length: lines * stride }, () => numbers.unit());
        const theta = Float64Array.from({ length: lines * stride }, (_, at) => (at % stride > d ? 0 : numbers.normal()));
        await withLikelihood(rows, ridge, async (found) => {
          const { value, gradient } = await found.evaluate(theta);
          const hessian = await found.hessian();
          expect(value).toBeCloseTo(plainLoss(rows, theta, stride, ridge), 10);
          for (let c = 0; c < theta.length; c++) {
            if (c % stride > d) continue;
            const [up, down] = [1e-5, -1e-5].map((by) => theta.map((entry, at) => entry + (at === c ? by : 0))) as [
              Float64Array,
              Float64Array,
            ];
            expect(gradient[c]).toBeCloseTo((plainLoss(rows, up, stride, ridge) - plainLoss(rows, down, stride, ridge)) / 2e-5, 6);
            const [above, below] = [(await found.evaluate(up)).gradient, (await found.evaluate(down)).gradient];
            for (let b = 0; b < theta.length; b++) expect(hessian[c * theta.length + b]).toBeCloseTo((above[b]! - below[b]!) / 2e-5, 6);
          }
        });
      }
    }
  });

  it("keeps its digits at odds beyond what e^x can hold", async () => {
    for (const odds of [-1e4, -745, -40, -0.89, 0, 1e-9, 0.3, 0.88, 0.883, 2, 40, 745, 1e4]) {
      for (const code of [0, 1]) {
        const rows = { n: 1, d: 1, lines: 1, X: Float64Array.of(1), codes: Uint32Array.of(code), weights: Float64Array.of(1) };
        await withLikelihood(rows, new Float64Array(2), async (found) => {
          const m = code ? -odds : odds;
          const { value, gradient } = await found.evaluate(Float64Array.of(odds, 0));
          const loss = Math.max(m, 0) + Math.log1p(Math.exp(-Math.abs(m)));
          expect(Math.abs(value - loss)).toBeLessThanOrEqual(4e-16 * loss + 1e-300);
          expect(gradient[0]).toBeCloseTo(1 / (1 + Math.exp(-odds)) - code, 14);
        });
      }
    }
  });

  it("solves with a matrix made positive definite where it is not", async () => {
    const rows = rowsOf(new Numbers(9), 40, 3, 1);
    const negative = { ...rows, weights: rows.weights.map((weight) => -weight) };
    await withLikelihood(negative, new Float64Array(4), async (found) => {
      const { gradient } = await found.evaluate(new Float64Array(4));
      await found.bend(new Float64Array(4));
      const step = found.solve(gradient);
      expect(step.every(Number.isFinite)).toBe(true);
      expect(step.reduce((sum, entry, c) => sum + entry * gradient[c]!, 0)).toBeGreaterThan(0);
    });
  });
});
