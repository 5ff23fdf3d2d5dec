import { describe, expect, it } from "vitest";
import { core } from "../../bindings/engine/core";
import { withInstanceNow } from "../../bindings/engine/lease";
import { median, statisticsAt, statisticsOf } from "../../bindings/search/statistics";
import { Numbers } from "../support/numbers";

const SIZES = [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 67, 1023, 1024, 1025, 3000];

describe("column statistics", () => {
  it.each(SIZES)("of %d rows equal naive sums", (n) => {
    for (const d of [1, 2, 3, 8]) {
      const numbers = new Numbers(n + d);
      const values = numbers.block(n, d, (_, c) => (numbers.unit() < 0.1 ? NaN : 10 ** (c * 3 - 9) * (5 + numbers.normal())));
      const found = withInstanceNow(core, (instance) => statisticsOf(instance, values, n, d));
      for (let c = 0; c < d; c++) {
        const column = Array.from({ length: n }, (_, i) => values[i * d + c]!).filter((value) => value === value);
        const mean = column.reduce((sum, value) => sum + value, 0) / (column.length || 1);
        const deviation = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (column.length || 1));
        expect(found.counts[c]).toBe(column.length);
        expect(Math.abs(found.means[c]! - mean)).toBeLessThanOrEqual(1e-12 * Math.abs(mean));
        expect(Math.abs(found.deviations[c]! - deviation)).toBeLessThanOrEqual(1e-11 * deviation);
        expect(found.lows[c]).toBe(Math.min(...column));
        expect(found.highs[c]).toBe(Math.max(...column));
      }
    }
  });

  it("are the same bits in one block and in blocks of 16 384 rows", () => {
    const [n, d] = [40_000, 3];
    const values = new Numbers(1).block(n, d);
    withInstanceNow(core, (instance) => {
      const whole = instance.arena.scope(() => statisticsAt(instance, instance.arena.put(values), n, d));
      expect(statisticsOf(instance, values, n, d)).toEqual(whole);
    });
  });

  it("of a constant column have no deviation", () => {
    const { deviations } = withInstanceNow(core, (instance) => statisticsOf(instance, new Float64Array(5000).fill(0.5), 5000, 1));
    expect(deviations[0]).toBe(0);
  });
});

it("median is the middle, or the mean of the two middle ones", () => {
  expect(median(Float64Array.of(3, 1, 2))).toBe(2);
  expect(median(Float64Array.of(4, 1, 2, 3))).toBe(2.5);
  expect(median(new Float64Array(0))).toBe(0);
});

it("divide_columns and fill_missing change what they should and nothing else", () => {
  withInstanceNow(core, ({ kernels, arena }) =>
    arena.scope(() => {
      const [values, divisors] = [arena.put(Float64Array.of(2, 9, NaN, 3)), arena.put(Float64Array.of(2, 3))];
      kernels.divide_columns(values, divisors, 2, 2);
      expect([...arena.view(Float64Array, values, 4)]).toEqual([1, 3, NaN, 1]);
      const [spreads, means, variances] = [
        arena.room(Float64Array, 4),
        arena.put(Float64Array.of(7, 8)),
        arena.put(Float64Array.of(0.5, 0.25)),
      ];
      kernels.fill_missing(values, spreads, means, variances, 2, 2);
      expect([...arena.view(Float64Array, values, 4)]).toEqual([1, 3, 7, 1]);
      expect([...arena.view(Float64Array, spreads, 4)]).toEqual([0, 0, 0.5, 0]);
    }),
  );
});
