import { describe, expect, it } from "vitest";
import { core } from "../../bindings/engine/core";
import type { CoreExports } from "../../bindings/engine/exports";
import { withInstanceNow, type Instance } from "../../bindings/engine/lease";
import { golden } from "../support/data";
import { Numbers } from "../support/numbers";

const scope = <T>(work: (instance: Instance<CoreExports>) => T): T =>
  withInstanceNow(core, (instance) => instance.arena.scope(() => work(instance)));
const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 67];

function lerp(values: Float64Array, d: number, bases: number[], neighbors: number[], gaps: number[], whole: number[] = []): number[] {
  return scope(({ kernels, arena }) => {
    const m = bases.length;
    const out = arena.room(Float64Array, m * d + 1);
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

/** What scatter_rows is told beside the rows. */
interface Scatter {
  readonly neighbors?: number[];
  readonly spreads: number[];
  readonly truncation?: number;
  readonly keep?: number;
  readonly whole?: number[];
  readonly low?: number;
  readonly high?: number;
  readonly from?: number;
}

function scatter(values: Float64Array, d: number, bases: number[], told: Scatter): { made: Float64Array; gaps: Float64Array } {
  return scope(({ kernels, arena }) => {
    const { neighbors = bases, spreads, truncation, keep, whole = [], low = -Infinity, high = Infinity, from = 0 } = told;
    const m = bases.length;
    const [out, gaps] = [arena.room(Float64Array, m * d), arena.room(Float64Array, m)];
    const limits = [low, high].map((limit) => arena.put(new Float64Array(d).fill(limit)));
    kernels.scatter_rows(
      out,
      gaps,
      arena.put(values),
      arena.put(Uint32Array.from(bases)),
      arena.put(Uint32Array.from(neighbors)),
      arena.put(Float64Array.from(spreads)),
      arena.put(Int32Array.from({ length: 2 * d }, (_, half) => (whole.includes(half >> 1) ? -1 : 0))),
      limits[0]!,
      limits[1]!,
      m,
      d ? values.length / d : 1,
      d,
      truncation,
      keep,
      ...[5, 0, 5, 1, from],
    );
    return { made: arena.take(Float64Array, out, m * d), gaps: arena.take(Float64Array, gaps, m) };
  });
}

/** The first `width` normal deviates of row t of scatter's stream. */
const normals = (width: number, t: number): Float64Array =>
  scatter(new Float64Array(width), width, [0], { spreads: new Array<number>(width).fill(1), from: t }).made;

describe("scatter_rows as noise", () => {
  const jitter = (m: number, spread: number, { base = 10, ...told }: Partial<Scatter> & { base?: number } = {}): Float64Array => {
    const rows = scatter(Float64Array.of(base, NaN), 2, new Array<number>(m).fill(0), { spreads: [spread, 1], ...told }).made;
    expect(rows.every((value, at) => at % 2 === 0 || Number.isNaN(value))).toBe(true);
    return rows.filter((_, at) => at % 2 === 0);
  };

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
    const whole = jitter(2000, 5, { low: 9, high: 12, whole: [0] });
    expect(new Set(whole)).toEqual(new Set([9, 10, 11, 12]));
    expect(jitter(100, 1e6, { low: 10, high: 10 })).toEqual(new Float64Array(100).fill(10));
  });

  it("leaves a column without spread alone", () => {
    expect(jitter(5, 0)).toEqual(new Float64Array(5).fill(10));
    expect(jitter(1, 0, { base: -0 })).toEqual(Float64Array.of(-0));
  });
});

/** The steps of Geometric SMOTE in f64, written out: a point of the unit ball, truncated, deformed, moved. */
function ballTwin(
  center: number[],
  surface: number[],
  z: ArrayLike<number>,
  truncation: number,
  deformation: number,
): { made: number[]; gap: number } {
  const d = center.length;
  const length = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  const apart = surface.map((value, c) => value - center[c]!);
  const radius = length(apart);
  if (radius === 0) return { made: center, gap: 0 };
  let point = Array.from({ length: d }, (_, c) => z[c]! / length(Array.from(z)));
  const axis = apart.map((value) => value / radius);
  const dot = (): number => point.reduce((sum, value, c) => sum + value * axis[c]!, 0);
  const along = dot();
  if ((truncation > 0 && along < truncation - 1) || (truncation < 0 && along > truncation + 1)) {
    point = point.map((value, c) => value - 2 * along * axis[c]!);
  }
  const gap = dot();
  point = point.map((value, c) => gap * axis[c]! + (1 - deformation) * (value - gap * axis[c]!));
  return { made: center.map((value, c) => value + radius * point[c]!), gap };
}

describe("scatter_rows as a ball", () => {
  const { rows } = golden<{
    rows: { center: number[]; surface: number[]; normals: number[]; truncation: number; deformation: number; made: number[] }[];
  }>("geometric.json");

  it("has a naive twin that is imbalanced-learn-extra's, its draws handed in", () => {
    for (const { center, surface, normals: z, truncation, deformation, made } of rows) {
      ballTwin(center, surface, z, truncation, deformation).made.forEach((value, c) => expect(value).toBeCloseTo(made[c]!, 12));
    }
  });

  it("equals the twin, for any truncation, deformation and divisors", () => {
    rows.forEach(({ center, surface, truncation, deformation }, t) => {
      const d = center.length;
      const spreads = center.map((_, c) => (t % 2 ? 1 : 0.5 + c));
      const values = Float64Array.from([...center, ...surface], (value, at) => value * spreads[at % d]!);
      const { made, gaps } = scatter(values, d, [0], { neighbors: [1], spreads, truncation, keep: 1 - deformation, from: t });
      const twin = ballTwin(center, surface, normals(d + 2, t), truncation, deformation);
      made.forEach((value, c) => expect(value).toBeCloseTo(twin.made[c]! * spreads[c]!, 12));
      expect(gaps[0]).toBeCloseTo(twin.gap, 12);
    });
  });

  it("fills the ball evenly: the share within r of the radius is r^d", () => {
    const m = 20_000;
    for (const d of [1, 2, 5]) {
      const values = Float64Array.from({ length: 2 * d }, (_, at) => (at === d ? 3 : 0));
      const told = { neighbors: new Array<number>(m).fill(1), spreads: new Array<number>(d).fill(1), truncation: 0, keep: 1 };
      const { made, gaps } = scatter(values, d, new Array<number>(m).fill(0), told);
      const radii = Array.from(
        { length: m },
        (_, t) => Math.sqrt(made.subarray(t * d, (t + 1) * d).reduce((sum, x) => sum + x * x, 0)) / 3,
      );
      expect(Math.max(...radii)).toBeLessThan(1);
      for (const r of [0.3, 0.6, 0.9]) {
        const within = radii.filter((radius) => radius < r).length / m;
        expect(Math.abs(within - r ** d)).toBeLessThan(4 * Math.sqrt((r ** d * (1 - r ** d)) / m) + 1e-3);
      }
      expect(Math.abs(gaps.reduce((sum, gap) => sum + gap, 0) / m)).toBeLessThan(0.02);
      gaps.forEach((gap, t) => expect(gap).toBeCloseTo(made[t * d]! / 3, 12));
    }
  });

  it("stays in the half towards the neighbor, or away from it, when truncated, and on the axis when deformed", () => {
    const values = Float64Array.of(1, 1, 4, 5);
    const [bases, neighbors] = [new Array<number>(500).fill(0), new Array<number>(500).fill(1)];
    for (const [truncation, sign] of [
      [1, 1],
      [-1, -1],
    ] as const) {
      const { gaps } = scatter(values, 2, bases, { neighbors, spreads: [1, 1], truncation, keep: 1 });
      expect(Math.min(...gaps.map((gap) => gap * sign))).toBeGreaterThanOrEqual(0);
    }
    const { made, gaps } = scatter(values, 2, bases, { neighbors, spreads: [1, 1], truncation: 1, keep: 0 });
    gaps.forEach((gap, t) => {
      expect(made[2 * t]).toBeCloseTo(1 + 3 * gap, 12);
      expect(made[2 * t + 1]).toBeCloseTo(1 + 4 * gap, 12);
    });
  });

  it("copies a base that lies on its neighbor, and leaves columns out that either lacks", () => {
    const same = scatter(Float64Array.of(7, -3, 7, -3), 2, [0, 0], { neighbors: [1, 0], spreads: [1, 1], truncation: 1, keep: 1 });
    expect([...same.made, ...same.gaps]).toEqual([7, -3, 7, -3, 0, 0]);
    const values = Float64Array.of(1, NaN, 2, 8, 5, 5, NaN, 8);
    const { made } = scatter(values, 4, [0], { neighbors: [1], spreads: [1, 1, 1, 1], truncation: 0, keep: 1, from: 3 });
    expect([made[1], made[2], made[3] === 8]).toEqual([NaN, 2, false]);
    const z = normals(6, 3);
    const twin = ballTwin([1, 8], [5, 8], [z[0]!, z[3]!, z[4]!, z[5]!], 0, 0);
    expect(made[0]).toBeCloseTo(twin.made[0]!, 12);
    expect(made[3]).toBeCloseTo(twin.made[1]!, 12);
  });

  it("keeps far offsets: the axis is of differences", () => {
    const values = Float64Array.of(1e9, 1e9 + 1e-3);
    const { made, gaps } = scatter(values, 1, [0], { neighbors: [1], spreads: [1], truncation: 1, keep: 1 });
    expect(made[0]! - 1e9).toBeCloseTo(gaps[0]! * (values[1]! - 1e9), 6);
  });
});

describe("vote_codes", () => {
  const vote = (codes: number[], q: number, table: number[], k: number, withBase = false, m = 1, from = 0): number[] =>
    scope(({ kernels, arena }) => {
      const out = arena.room(Uint32Array, m * q);
      const [all, bases, near] = [arena.put(Uint32Array.from(codes)), arena.put(new Uint32Array(m)), arena.put(Uint32Array.from(table))];
      const lists = arena.put(Uint32Array.of(table.length - k, k));
      kernels.vote_codes(out, all, bases, near, lists, m, codes.length / q, q, withBase, 1, 0, 4, 0, from);
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
    expect(vote([7, 1, 2], 1, [], 0)).toEqual([7]);
  });

  it("decides every column on its own", () => expect(vote([1, 1, 4, 8, 4, 9, 5, 9], 2, [1, 2, 3], 3)).toEqual([4, 9]));
});
