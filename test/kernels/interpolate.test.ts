import { describe, expect, it } from "vitest";
import { core } from "../../bindings/engine/core";
import type { CoreExports } from "../../bindings/engine/exports";
import { withInstanceNow, type Instance } from "../../bindings/engine/lease";
import { Numbers } from "../support/numbers";

const scope = <T>(work: (instance: Instance<CoreExports>) => T): T =>
  withInstanceNow(core, (instance) => instance.arena.scope(() => work(instance)));
const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 67];

function lerp(values: Float64Array, d: number, bases: number[], neighbors: number[], gaps: number[], whole: number[] = []): number[] {
  return scope(({ kernels, arena }) => {
    const m = bases.length;
    const out = arena.room(Float64Array, m * d);
    const masks = Int32Array.from({ length: 2 * d }, (_, half) => (whole.includes(half >> 1) ? -1 : 0));
    kernels.lerp_rows(
      out,
      arena.put(values),
      arena.put(Uint32Array.from(bases)),
      arena.put(Uint32Array.from(neighbors)),
      arena.put(Float64Array.from(gaps)),
      arena.put(masks),
      m,
      values.length / d,
      d,
    );
    return [...arena.take(Float64Array, out, m * d)];
  });
}

describe("lerp_rows", () => {
  it.each(SIZES)("with %d columns is base + gap · (neighbor − base)", (d) => {
    const numbers = new Numbers(d);
    const values = numbers.block(9, d);
    const [bases, neighbors, gaps] = [
      [0, 3, 8, 5],
      [1, 8, 2, 5],
      [0, 0.25, 0.999, 0.5],
    ];
    const expected = bases.flatMap((base, t) =>
      Array.from({ length: d }, (_, c) => {
        const [x, y] = [values[base * d + c]!, values[neighbors[t]! * d + c]!];
        return x + gaps[t]! * (y - x);
      }),
    );
    expect(lerp(values, d, bases, neighbors, gaps)).toEqual(expected);
  });

  it("never leaves the segment, whatever the rounding", () => {
    const numbers = new Numbers(3);
    for (let trial = 0; trial < 500; trial++) {
      const scale = 10 ** (numbers.below(30) - 15);
      const [x, y] = [scale * numbers.normal(), scale * (1 + 1e-15 * numbers.normal())];
      const [value] = lerp(Float64Array.of(x, y), 1, [0], [1], [1 - 2 ** -53]);
      expect(value).toBeGreaterThanOrEqual(Math.min(x, y));
      expect(value).toBeLessThanOrEqual(Math.max(x, y));
    }
  });

  it("rounds whole columns to the nearest even on halves, without −0", () => {
    const values = Float64Array.of(0, 0, 0, 1, 3, -1);
    expect(lerp(values, 3, [0, 0], [1, 1], [0.5, 0.25], [0, 1, 2])).toEqual([0, 2, 0, 0, 1, 0]);
  });

  it("keeps the base's missing cells, and the base's value where only the neighbor lacks one", () => {
    const values = Float64Array.of(NaN, 2, 3, 10, NaN, 30);
    expect(lerp(values, 3, [0, 1], [1, 0], [0.5, 0.5])).toEqual([NaN, 2, 16.5, 10, NaN, 16.5]);
  });
});

describe("copy_rows", () => {
  it("copies bytes: negative zero and NaN included", () => {
    const values = Float64Array.of(-0, NaN, 5e-324, 7);
    const copied = scope(({ kernels, arena }) => {
      const out = arena.room(Float64Array, 4);
      kernels.copy_rows(out, arena.put(values), arena.put(Uint32Array.of(1, 0)), 2, 2, 16);
      return arena.take(Float64Array, out, 4);
    });
    expect(new Uint8Array(copied.buffer)).toEqual(new Uint8Array(Float64Array.of(5e-324, 7, -0, NaN).buffer));
  });
});

describe("jitter_rows", () => {
  const jitter = (m: number, spread: number, { from = 0, low = -Infinity, high = Infinity, whole = false, base = 10 } = {}): Float64Array =>
    scope(({ kernels, arena }) => {
      const out = arena.room(Float64Array, m * 2);
      kernels.jitter_rows(
        out,
        arena.put(Float64Array.of(base, NaN)),
        arena.put(new Uint32Array(m)),
        arena.put(Float64Array.of(spread, 1)),
        arena.put(new Int32Array(4).fill(whole ? -1 : 0)),
        arena.put(Float64Array.of(low, -Infinity)),
        arena.put(Float64Array.of(high, Infinity)),
        m,
        1,
        2,
        5,
        0,
        5,
        1,
        from,
      );
      return arena.take(Float64Array, out, m * 2).filter((_, at) => at % 2 === 0);
    });

  it("adds normal noise of the given deviation", () => {
    const n = 50_000;
    const noise = jitter(n, 3).map((value) => (value - 10) / 3);
    const mean = noise.reduce((sum, z) => sum + z, 0) / n;
    const moment = (power: number): number => noise.reduce((sum, z) => sum + (z - mean) ** power, 0) / n;
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(n));
    expect(moment(2)).toBeCloseTo(1, 1);
    expect(Math.abs(moment(3))).toBeLessThan(0.06);
    expect(moment(4)).toBeCloseTo(3, 0);
  });

  it("is a function of the row: ranges are pieces", () => expect(jitter(50, 1, { from: 50 })).toEqual(jitter(100, 1).slice(50)));

  it("reflects at bounds and rounds whole columns", () => {
    for (const value of jitter(2000, 5, { low: 9, high: 12 })) {
      expect(value).toBeGreaterThanOrEqual(9);
      expect(value).toBeLessThanOrEqual(12);
    }
    const whole = jitter(2000, 5, { low: 9, high: 12, whole: true });
    expect(new Set(whole)).toEqual(new Set([9, 10, 11, 12]));
    expect(jitter(100, 1e6, { low: 10, high: 10 })).toEqual(new Float64Array(100).fill(10));
  });

  it("leaves a column without spread alone", () => expect(jitter(5, 0)).toEqual(new Float64Array(5).fill(10)));
});

describe("vote_codes", () => {
  const vote = (codes: number[], q: number, table: number[], k: number, withBase = false, m = 1, from = 0): number[] =>
    scope(({ kernels, arena }) => {
      const out = arena.room(Uint32Array, m * q);
      const [all, bases, near] = [arena.put(Uint32Array.from(codes)), arena.put(new Uint32Array(m)), arena.put(Uint32Array.from(table))];
      const lists = arena.put(Uint32Array.of(table.length - k, k));
      kernels.vote_codes(out, all, bases, near, lists, m, codes.length / q, q, Number(withBase), 1, 0, 4, 0, from);
      return [...arena.take(Uint32Array, out, m * q)];
    });

  it("takes the most frequent code among the neighbors, without the base", () => {
    expect(vote([1, 2, 2, 3, 1, 1], 1, [1, 2, 3], 3)).toEqual([2]);
    expect(vote([9, 2, 3, 3, 2, 2], 1, [1, 2, 3, 4, 5], 5)).toEqual([2]);
  });

  it("lets the base vote when asked to", () => expect(vote([3, 2, 3], 1, [1, 2], 2, true)).toEqual([3]));

  it("draws among ties, each as often", () => {
    const votes = vote([1, 2, 3, 2, 3], 1, [1, 2, 3, 4], 4, false, 4000);
    const twos = votes.filter((code) => code === 2).length;
    expect(votes.every((code) => code === 2 || code === 3)).toBe(true);
    expect(Math.abs(twos - 2000)).toBeLessThan(150);
    expect(vote([1, 2, 3, 2, 3], 1, [1, 2, 3, 4], 4, false, 1000, 3000)).toEqual(votes.slice(3000));
  });

  it("ignores missing cells, keeps the base's, and falls back on the base", () => {
    expect(vote([1, 0, 0, 2], 1, [1, 2, 3], 3)).toEqual([2]);
    expect(vote([0, 5, 5, 5], 1, [1, 2, 3], 3)).toEqual([0]);
    expect(vote([7, 0, 0, 0], 1, [1, 2, 3], 3)).toEqual([7]);
  });

  it("decides every column on its own", () => expect(vote([1, 1, 4, 8, 4, 9, 5, 9], 2, [1, 2, 3], 3)).toEqual([4, 9]));
});

it("parent_codes takes the nearer parent's code", () => {
  const codes = scope(({ kernels, arena }) => {
    const out = arena.room(Uint32Array, 8);
    kernels.parent_codes(
      out,
      arena.put(Uint32Array.of(1, 0, 2, 3)),
      arena.put(Uint32Array.of(0, 0, 1, 1)),
      arena.put(Uint32Array.of(1, 1, 0, 0)),
      arena.put(Float64Array.of(0.4, 0.6, 0.4, 0.6)),
      4,
      2,
      2,
    );
    return [...arena.take(Uint32Array, out, 8)];
  });
  expect(codes).toEqual([1, 0, 2, 0, 2, 3, 1, 3]);
});
