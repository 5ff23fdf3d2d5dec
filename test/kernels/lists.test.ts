import { describe, expect, it } from "vitest";
import { core } from "../../bindings/engine/core";
import { withInstanceNow } from "../../bindings/engine/lease";
import { Numbers } from "../support/numbers";

type Found = readonly (readonly [distance: number, row: number])[];

/** The k first of some candidates, found by merging lists that hold `parts` of them each. */
function mergeAll(parts: readonly Found[], k: number): Found {
  return withInstanceNow(core, ({ kernels, arena }) =>
    arena.scope(() => {
      const indices = arena.room(Uint32Array, k);
      const distances = arena.room(Float64Array, k);
      kernels.clear_lists(indices, distances, 1, k);
      for (const part of parts) {
        for (let at = 0; at < part.length || at === 0; at += k) {
          const some = part.slice(at, at + k);
          const rows = arena.put(new Uint32Array(k).fill(0xffffffff));
          const far = arena.put(new Float64Array(k).fill(Infinity));
          some.forEach(([distance, row], p) => {
            arena.view(Uint32Array, rows, k)[p] = row;
            arena.view(Float64Array, far, k)[p] = distance;
          });
          kernels.merge_lists(indices, distances, rows, far, k, 0, 1);
        }
      }
      kernels.sort_lists(indices, distances, k, 0, 1);
      const far = arena.take(Float64Array, distances, k);
      return Array.from(arena.take(Uint32Array, indices, k), (row, p) => [far[p]!, row] as const);
    }),
  );
}

describe("candidate lists", () => {
  it.each([1, 2, 3, 5, 8, 31, 64])("of %d keep the first by (distance, row), whatever the order and grouping", (k) => {
    const numbers = new Numbers(k);
    const candidates: Found = Array.from({ length: 200 }, (_, row) => [numbers.below(20), row] as const);
    const expected = [...candidates].sort(([a, i], [b, j]) => a - b || i - j).slice(0, k);
    for (const groups of [1, 2, 7]) {
      const shuffled = [...candidates].sort(() => numbers.unit() - 0.5);
      const parts = Array.from({ length: groups }, (_, g) => shuffled.filter((_candidate, i) => i % groups === g));
      expect(mergeAll(parts, k)).toEqual(expected);
      expect(mergeAll([...parts].reverse(), k)).toEqual(expected);
    }
  });

  it("leave places empty when there are too few", () => {
    expect(mergeAll([[[2, 5]]], 3)).toEqual([
      [2, 5],
      [Infinity, 0xffffffff],
      [Infinity, 0xffffffff],
    ]);
  });
});
