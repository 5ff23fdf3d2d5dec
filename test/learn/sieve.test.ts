import { describe, expect, it } from "vitest";
import { withInstance, withInstanceNow } from "../../bindings/engine/lease";
import { stats } from "../../bindings/engine/stats";
import { narrowSums, unitOfDoubt } from "../../bindings/learn/sieve";
import { startWork } from "../../bindings/run/work";
import { Numbers } from "../support/numbers";
import { squaredDistance } from "../support/oracle";

const work = startWork(undefined, 1);

describe("sums of kernels in f32", () => {
  it.each([
    [1, 1, 1, 1],
    [7, 2, 3, 1],
    [8, 3, 31, 0.3],
    [9, 5, 32, 1],
    [64, 8, 33, 0.1],
    [67, 31, 64, 0.2],
    [40, 1, 67, 50],
    [20, 4, 67, 1e-4],
    [20, 4, 9, 1e5],
  ])("of %d rows of %d columns with %d others, spread %d: no farther from f64 than their bound", async (n, d, s, spread) => {
    for (const offset of [0, 30]) {
      const numbers = new Numbers(n + 10 * d + s);
      const values = numbers.block(n + s, d, () => offset + spread * numbers.normal());
      const coefficients = numbers.block(1, s, () => 3 * numbers.normal());
      const row = (i: number): Float64Array => values.subarray(i * d, i * d + d);
      const rows = Uint32Array.from({ length: n }, (_, i) => i);
      // some of the others are among the rows
      const support = Uint32Array.from({ length: s }, (_, j) => (j % 3 ? n + j : j % n));
      const found = await withInstance(stats, (instance) => narrowSums(instance, work, values, rows, support, coefficients, d));
      const most = unitOfDoubt(values, d) * coefficients.reduce((sum, one) => sum + Math.abs(one), 0);
      rows.forEach((i) => {
        let sum = 0;
        support.forEach((other, j) => (sum += coefficients[j]! * 2 ** -squaredDistance(row(i), row(other))));
        expect(Math.abs(found[i]! - sum)).toBeLessThanOrEqual(most);
      });
    }
  });

  it("are the same however tiles are cut, and nothing without rows or others", async () => {
    const numbers = new Numbers(2);
    const [tiles, d, s] = [9, 5, 40];
    const cells = [
      Float32Array.from(numbers.block(8 * tiles, d)),
      Float32Array.from(numbers.block(s, d)),
      Float32Array.from(numbers.block(s, 1)),
    ];
    const [whole, cut] = [[tiles], [1, 2, 5, 8, tiles]].map((ends) =>
      withInstanceNow(stats, ({ kernels, arena }) =>
        arena.scope(() => {
          const sums = arena.put(new Float64Array(8 * tiles).fill(1));
          const [narrow, near, by] = cells.map((numbersOf) => arena.put(numbersOf)) as [number, number, number];
          const squares = arena.room(Float32Array, 256);
          ends.forEach((to, e) => kernels.sum_narrow(sums, narrow, near, by, squares, s, d, ends[e - 1] ?? 0, to));
          return arena.take(Float64Array, sums, 8 * tiles);
        }),
      ),
    );
    expect(cut).toEqual(whole);
    const empty = new Uint32Array(0);
    const none = await withInstance(stats, (instance) =>
      narrowSums(instance, work, Float64Array.of(1, 2), Uint32Array.of(0, 1), empty, new Float64Array(0), 1),
    );
    expect([...none]).toEqual([0, 0]);
    const nobody = await withInstance(stats, (instance) =>
      narrowSums(instance, work, Float64Array.of(1), empty, Uint32Array.of(0), Float64Array.of(1), 1),
    );
    expect(nobody).toHaveLength(0);
  });
});
