import { describe, expect, it } from "vitest";
import { stats } from "../../bindings/engine/stats";
import { withInstanceNow } from "../../bindings/engine/lease";
import { Numbers } from "../support/numbers";
import { rowsOf, squaredDistance } from "../support/oracle";

const SIZES = [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 67];

describe("squares_to_pairs", () => {
  it.each(SIZES)("of %d columns equals the naive sum to the bit, whatever the number of rows", (d) => {
    for (const m of SIZES) {
      const numbers = new Numbers(m + 100 * d);
      const rows = numbers.block(m, d, (_, c) => (c % 3 === 1 ? 1e9 : 1e-9 * numbers.normal()) + (c % 3 ? numbers.normal() : 0));
      const row = numbers.block(1, d);
      const found = withInstanceNow(stats, ({ kernels, arena }) =>
        arena.scope(() => {
          const packed = arena.room(Float64Array, (m + 1) * d);
          kernels.pack_pairs(packed, arena.put(rows), m, d);
          const squares = arena.room(Float64Array, m + 1);
          kernels.squares_to_pairs(squares, arena.put(row), packed, (m + 1) >> 1, d);
          return arena.take(Float64Array, squares, m);
        }),
      );
      const expected = Array.from({ length: m }, (_, j) => squaredDistance(row, d ? rowsOf(rows, d)[j]! : []));
      expect([...found]).toEqual(expected);
    }
  });
});

describe("kernel_row", () => {
  it.each([1, 2, 5, 8, 67])("of %d rows is 2^−squared distance in f32, 1 for the row itself", (m) => {
    const d = 5;
    const rows = new Numbers(3).block(m, d);
    const found = withInstanceNow(stats, ({ kernels, arena }) =>
      arena.scope(() => {
        const at = arena.put(rows);
        const [packed, squares, out] = [
          arena.room(Float64Array, (m + 1) * d),
          arena.put(new Float64Array(m + 7)),
          arena.room(Float32Array, m + 7),
        ];
        kernels.pack_pairs(packed, at, m, d);
        kernels.kernel_row(out, at + 8 * d * (m >> 1), packed, squares, m, d);
        return arena.take(Float32Array, out, m);
      }),
    );
    const all = rowsOf(rows, d);
    all.forEach((row, j) => {
      const expected = 2 ** -squaredDistance(all[m >> 1]!, row);
      expect(Math.abs(found[j]! - expected)).toBeLessThanOrEqual(6e-8 * expected);
    });
    expect(found[m >> 1]).toBe(1);
  });
});
