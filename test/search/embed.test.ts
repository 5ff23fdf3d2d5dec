import { describe, expect, it } from "vitest";
import type { Dataset } from "../../bindings/data/dataset";
import { core } from "../../bindings/engine/core";
import { withInstance } from "../../bindings/engine/lease";
import { embed, embedAll, type Embedded } from "../../bindings/search/embed";
import { METRIC, placeReference, statisticsOfAll } from "../../bindings/search/space";
import { Numbers } from "../support/numbers";
import { allRows, blocks } from "../support/search";

/** The points of some rows, and the order keys of the mixed metric between all pairs of them. */
async function both(
  data: Dataset,
  rows = allRows(data.n),
  divisors = new Float64Array(data.schema.d).fill(1),
): Promise<{ points: Embedded; key: (i: number, j: number) => number }> {
  const { d, q } = data.schema;
  return withInstance(core, async (instance) => {
    const { arena, kernels } = instance;
    const points = embed(instance, data, rows, divisors);
    expect(arena.top).toBe(arena.base);
    const keys = arena.scope(() => {
      const { space, placed } = placeReference(instance, data, rows, divisors, { metric: "euclidean", missing: "expected" });
      expect(space.metric).toBe(METRIC.mixed);
      return rows.reduce((table, _, i) => {
        for (let j = 0; j < rows.length; j++)
          table.push(kernels.order_key(placed.at, placed.at, i, j, d, q, space.metric, space.weight, 0));
        return table;
      }, [] as number[]);
    });
    return { points, key: (i, j) => keys[i * rows.length + j]! };
  });
}

function squared({ values, width }: Embedded, i: number, j: number): number {
  let sum = 0;
  for (let c = 0; c < width; c++) {
    const apart = values[i * width + c]! - values[j * width + c]!;
    sum += apart * apart;
  }
  return sum;
}

describe("squared distances of points are order keys of the mixed metric", () => {
  it.each([
    [1, 1, 0],
    [2, 0, 1],
    [9, 3, 0],
    [40, 3, 2],
    [31, 0, 3],
    [67, 5, 4],
    [20, 2, 7],
  ])("%d rows of %d numeric and %d nominal columns", async (n, d, q) => {
    const numbers = new Numbers(n + 10 * d + q);
    const data = blocks(
      numbers.block(n, d),
      d,
      Uint32Array.from({ length: n * q }, () => numbers.below(4)),
      q,
    );
    for (const divisors of [new Float64Array(d).fill(1), Float64Array.from({ length: d }, () => 0.1 + numbers.unit())]) {
      const { points, key } = await both(data, undefined, divisors);
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) expect(squared(points, i, j)).toBeCloseTo(key(i, j), 11);
    }
  });

  it("also of some of the rows, by what those rows teach", async () => {
    const numbers = new Numbers(5);
    const codes = Uint32Array.from({ length: 60 }, () => numbers.below(9));
    const rows = Uint32Array.of(3, 7, 8, 20, 21, 29);
    const { points, key } = await both(blocks(numbers.block(30, 2), 2, codes, 2), rows);
    expect(points.n).toBe(6);
    for (let i = 0; i < 6; i++) for (let j = 0; j < 6; j++) expect(squared(points, i, j)).toBeCloseTo(key(i, j), 11);
  });
});

it("says what each coordinate stands for; codes that do not occur have none", async () => {
  const data = blocks(Float64Array.of(2, 4, 6, 8), 1, Uint32Array.of(5, 0, 1, 0, 5, 0, 5, 2), 2);
  const { points } = await both(data, undefined, Float64Array.of(2));
  expect(points.coordinates).toEqual([
    { kind: "numeric", place: 0 },
    { kind: "nominal", place: 0, code: 1 },
    { kind: "nominal", place: 0, code: 5 },
    { kind: "nominal", place: 1, code: 0 },
    { kind: "nominal", place: 1, code: 2 },
  ]);
  const height = Math.sqrt(1.25 / 2);
  expect([...points.values]).toEqual([1, 0, height, height, 0, 2, height, 0, height, 0, 3, 0, height, height, 0, 4, 0, height, 0, height]);
});

it("puts missing cells at the mean; a column of nothing else stays at 0", async () => {
  const { points } = await both(blocks(Float64Array.of(1, NaN, NaN, NaN, 5, NaN), 2));
  expect([...points.values]).toEqual([1, 0, 3, 0, 5, 0]);
});

it("takes means and deviations of other rows when told", async () => {
  const data = blocks(Float64Array.of(1, NaN, 5), 1, Uint32Array.of(1, 2, 1), 1);
  const statistics = { means: Float64Array.of(9), deviations: Float64Array.of(4) };
  const zeros = new Float64Array(1);
  const all = { ...statistics, counts: zeros, squares: zeros, lows: zeros, highs: zeros };
  const points = await withInstance(core, async (instance) => embed(instance, data, allRows(3), Float64Array.of(1), all));
  const height = Math.sqrt(8);
  expect([...points.values]).toEqual([1, height, 0, 9, 0, height, 5, height, 0]);
});

it("takes all rows as they are where they are points already, and embeds them where they are not", async () => {
  const numbers = new Numbers(2);
  const complete = blocks(numbers.block(50, 3), 3);
  const missing = blocks(Float64Array.of(1, NaN, 5, 6), 2);
  const nominal = blocks(
    numbers.block(9, 1),
    1,
    Uint32Array.from({ length: 9 }, (_, i) => 1 + (i % 2)),
    1,
  );
  for (const [data, divisor, same] of [
    [complete, 1, true],
    [complete, 3, false],
    [missing, 1, false],
    [nominal, 1, false],
  ] as const) {
    await withInstance(core, async (instance) => {
      const divisors = new Float64Array(data.schema.d).fill(divisor);
      const all = statisticsOfAll(instance, data);
      const points = embedAll(instance, data, divisors, all);
      expect(points).toEqual(embed(instance, data, allRows(data.n), divisors, all));
      expect(points.values === data.numeric).toBe(same);
    });
  }
  const wide = blocks(Float64Array.of(-1e200, 1e200), 1);
  const whole = withInstance(core, async (instance) => embedAll(instance, wide, Float64Array.of(1), statisticsOfAll(instance, wide)));
  await expect(whole).rejects.toThrow(/numeric0.*divide it by a power of ten/);
});

it("refuses rows whose squared distances leave the range of numbers", async () => {
  await expect(both(blocks(Float64Array.of(-1e200, 1e200), 1))).rejects.toThrow(/numeric0.*divide it by a power of ten/);
});
