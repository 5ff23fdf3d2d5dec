import { describe, expect, it } from "vitest";
import { polynomFitSmote, table, type PolynomFitSmoteOptions } from "../../bindings/index";
import { golden } from "../support/data";
import { Numbers } from "../support/numbers";

interface Case {
  readonly topology: string;
  readonly rounds: number;
  readonly rare: number[][];
  readonly made: number[][];
}
const { cases } = golden<{ cases: Case[] }>("polynom.json");

/** The rows that are made of a class, beside enough of another. */
async function grown(rare: readonly number[][], count: number, options: PolynomFitSmoteOptions) {
  const X = [...rare, ...Array.from({ length: rare.length + 1 }, () => rare[0]!.map(() => 0))];
  const y = X.map((_, i) => (i < rare.length ? "rare" : "common"));
  const method = polynomFitSmote({ ...options, strategy: { counts: { rare: rare.length + count } } });
  const { data, origins } = await method.resample({ X, y }, { only: "synthetic" });
  return { rows: data.X as number[][], origins };
}

const sorted = (rows: readonly number[][]): number[][] => [...rows].sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);

function expectClose(found: readonly number[][], expected: readonly number[][]): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((row, t) => row.forEach((value, c) => expect(value).toBeCloseTo(expected[t]![c]!, 11)));
}

describe("polynomFitSmote", () => {
  const figures = cases.filter(({ topology }) => !topology.startsWith("poly"));
  it.each(figures.map((told) => [told.topology, told.rounds, told.rare.length, told] as const))(
    "makes the rows of smote_variants: %s after %d rounds of %d rows",
    async (topology, _rounds, _n, { rare, made }) => {
      const { rows } = await grown(rare, made.length, { topology: topology as "star", seed: 5 });
      expectClose(sorted(rows), sorted(made));
    },
  );

  const curves = cases.filter(({ topology }) => topology.startsWith("poly"));
  it.each(curves.map((told) => [told.topology, told.rare.length, told] as const))(
    "fits the polynomials of smote_variants: %s to %d rows",
    async (topology, n, { rare, made }) => {
      const { rows, origins } = await grown(rare, n - 1, { topology: "poly", degree: Number(topology.slice(-1)) });
      const mean = (row: readonly number[]): number => row.reduce((sum, value) => sum + value, 0) / row.length;
      const order = rare.map((_, i) => i).sort((a, b) => mean(rare[a]!) - mean(rare[b]!));
      rows.forEach((row, t) => {
        const rank = order.indexOf(origins.base[t]!);
        expect(origins.neighbor[t]).toBe(order[rank + 1]);
        // the first round lies half-way between ranks
        row.forEach((value, c) => expect(value).toBeCloseTo((made[rank]![c]! + made[rank + 1]![c]!) / 2, 9));
      });
    },
  );

  it("draws no fraction: each round has one, in the order 1/2, 1/4, 3/4, 1/8 …", async () => {
    const numbers = new Numbers(1);
    const rare = Array.from({ length: 5 }, () => [numbers.normal(), numbers.normal()]);
    for (const topology of ["star", "mesh"] as const) {
      const { origins } = await grown(rare, 20, { topology, seed: 9 });
      expect([...origins.gap]).toEqual([0.5, 0.25, 0.75, 0.125].flatMap((gap) => new Array<number>(5).fill(gap)));
    }
  });

  it("as a star leans towards the mean, which is no row", async () => {
    const { rows, origins } = await grown(
      [
        [0, 0],
        [2, 0],
        [4, 6],
      ],
      3,
      {},
    );
    expect([...origins.neighbor]).toEqual([-1, -1, -1]);
    expect(origins.parents(0)).toEqual([origins.base[0]]);
    expect(sorted(rows)).toEqual([
      [1, 1],
      [2, 1],
      [3, 4],
    ]);
  });

  it("as a bus goes from row to row and not back from the last", async () => {
    const { origins } = await grown([[0], [5], [1], [7]], 300, { topology: "bus" });
    origins.base.forEach((base, t) => expect(origins.neighbor[t]).toBe(base + 1));
    expect(new Set(origins.base)).toEqual(new Set([0, 1, 2]));
  });

  it("as a mesh meets every pair and never pairs a row with itself", async () => {
    const { origins } = await grown([[0], [5], [1], [7]], 400, { topology: "mesh" });
    expect(new Set(Array.from(origins.base, (base, t) => `${base}-${origins.neighbor[t]}`)).size).toBe(12);
    origins.base.forEach((base, t) => expect(origins.neighbor[t]).not.toBe(base));
  });

  it("keeps far offsets, fits fewer rows than the degree asks for, and stays within bounds", async () => {
    const near = [0, 1e-3, 2e-3, 3e-3].map((value) => [1e9 + value]);
    const { rows } = await grown(near, 3, { topology: "poly", degree: 1 });
    expect(rows.map(([value]) => Math.round((value! - 1e9) * 1e4)).sort((a, b) => a - b)).toEqual([5, 15, 25]);
    const two = await grown(
      [
        [1, 5],
        [3, 9],
      ],
      1,
      { topology: "poly", degree: 3 },
    );
    expect(two.rows).toEqual([[2, 7]]);
    const X = [0, 0, 0, 0, 0, 0, 10, 5, 5, 5, 5, 5, 5, 5, 5].map((value, i) => [value, i]);
    const y = X.map((_, i) => Number(i < 7));
    const bounded = await polynomFitSmote({ topology: "poly", degree: 3, scale: "none", strategy: { times: { 1: 9 } } }).resample(
      { X, y, bounds: { 0: [0, 10] } },
      { only: "synthetic" },
    );
    for (const [value] of bounded.data.X as number[][]) expect(value).toBeGreaterThanOrEqual(0);
  });

  it("orders rows by columns as they are compared", async () => {
    const numbers = new Numbers(7);
    const rare = Array.from({ length: 9 }, () => [numbers.normal(), numbers.normal()]);
    const options = { topology: "poly", seed: 2 } as const;
    const small = await grown(rare, 8, options);
    const wide = await grown(
      rare.map(([a, b]) => [a!, b! * 1000]),
      8,
      { ...options, scale: [1, 1000] },
    );
    expect([...wide.origins.base]).toEqual([...small.origins.base]);
  });

  it("takes nominal values of the nearer parent, and weights between the two", async () => {
    const rows = ["a", "b", "c", "d", "e", "f"].map((name, i) => ({
      x: i,
      name: name < "c" ? "p" : "q",
      w: i < 3 ? 1 : 3,
      y: i < 3 ? "u" : "v",
    }));
    const data = table([...rows, { x: 9, name: "q", w: 3, y: "v" }, { x: 8, name: "q", w: 1, y: "v" }], { target: "y", weight: "w" });
    const bus = await polynomFitSmote({ topology: "bus" }).resample(data, { only: "synthetic" });
    expect(bus.data.rows.map(({ w }) => w)).toEqual([1, 1]);
    const star = await polynomFitSmote({ strategy: { times: { v: 2 } } }).resample(data, { only: "synthetic" });
    for (const { w, name } of star.data.rows) expect([w, name]).toEqual([expect.any(Number), "q"]);
    expect(new Set(star.data.rows.map(({ w }) => w))).toEqual(new Set([2.8, 1.8]));
  });

  it.each<[PolynomFitSmoteOptions, RegExp]>([
    [{ topology: "ring" as "star" }, /topology is "ring", but needs one of "star"/],
    [{ degree: 2 }, /degree is of topology "poly", but the topology is "star"; leave degree out/],
    [{ topology: "poly", degree: 4 }, /degree is 4, but needs a whole number from 1 to 3/],
  ])("refuses %j", (options, message) => expect(() => polynomFitSmote(options)).toThrow(message));

  it("refuses a class of one row, a star of nominal columns and columns too wide", async () => {
    const one = { X: [[1], [2], [3]], y: [1, 0, 0] };
    await expect(polynomFitSmote().resample(one)).rejects.toThrow(/needs two rows of a class but class 1 has 1 row; use onTooFew: "copy"/);
    expect((await polynomFitSmote({ onTooFew: "copy" }).resample(one)).data.X).toEqual([[1], [2], [3], [1]]);
    const nominal = { X: [[1], [2], [1], [2], [1]], y: [1, 1, 0, 0, 0], kinds: ["nominal"] } as const;
    await expect(polynomFitSmote().resample(nominal)).rejects.toThrow(
      /no numeric feature columns for topology "star"; use "bus" or "mesh"/,
    );
    expect((await polynomFitSmote({ topology: "bus" }).resample(nominal)).counts.get(1)!.after).toBe(3);
    for (const topology of ["star", "bus", "mesh", "poly"] as const) {
      const wide = { X: [[-1e308], [1e308], [0], [1], [2]], y: [1, 1, 0, 0, 0] };
      await expect(polynomFitSmote({ topology }).resample(wide)).rejects.toThrow(/Column "0" spans numbers/);
    }
  });
});
