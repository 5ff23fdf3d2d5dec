import { describe, expect, it } from "vitest";
import { geometricSmote, InputError, table, type GeometricSmoteOptions } from "../../bindings/index";
import { golden } from "../support/data";
import { Numbers } from "../support/numbers";

interface Golden {
  readonly X: number[][];
  readonly y: number[];
  readonly surfaces: { readonly selection: "combined"; readonly k: number; readonly neighbors: number[][] }[];
}
const { X, y, surfaces } = golden<Golden>("geometric.json");
const rare = y.flatMap((label, i) => (label ? [i] : []));

const between = (a: readonly number[], b: readonly number[]): number =>
  Math.sqrt(a.reduce((sum, value, c) => sum + (value - b[c]!) * (value - b[c]!), 0));

async function made(
  options: GeometricSmoteOptions,
  count = 600,
): Promise<{ rows: number[][]; base: number[]; neighbor: number[]; gap: number[] }> {
  const strategy = { counts: { 1: rare.length + count } };
  const { data, origins } = await geometricSmote({ ...options, strategy }).resample({ X, y }, { only: "synthetic" });
  return { rows: data.X as number[][], base: [...origins.base], neighbor: [...origins.neighbor], gap: [...origins.gap] };
}

describe("geometricSmote", () => {
  it.each(surfaces.map((chosen) => [chosen.selection, chosen.k, chosen] as const))(
    "reaches to the rows that imbalanced-learn-extra's reaches to: %s, k = %d",
    async (selection, kNeighbors, { neighbors }) => {
      const { base, neighbor } = await made({ selection, kNeighbors }, 3000);
      rare.forEach((row, place) => {
        const reached = new Set(neighbor.filter((_, t) => base[t] === row));
        expect([...reached].sort((a, b) => a - b)).toEqual([...new Set(neighbors[place])].sort((a, b) => a - b));
      });
    },
  );

  it.each(["combined", "minority", "majority"] as const)("stays within the radius, %s", async (selection) => {
    const { rows, base, neighbor, gap } = await made({ selection });
    rows.forEach((row, t) => {
      const [center, surface] = [X[base[t]!]!, X[neighbor[t]!]!];
      const radius = between(center, surface);
      expect(between(row, center)).toBeLessThan(radius);
      const along = row.reduce((sum, value, c) => sum + (value - center[c]!) * (surface[c]! - center[c]!), 0) / (radius * radius);
      expect(gap[t]).toBeCloseTo(along, 10);
      expect(gap[t]).toBeGreaterThanOrEqual(0);
    });
  });

  it("with deformation 1 lies on the segment; with truncation −1 beyond the base; with 0 on both sides", async () => {
    const line = await made({ selection: "minority", deformation: 1 });
    line.rows.forEach((row, t) => {
      const [center, surface] = [X[line.base[t]!]!, X[line.neighbor[t]!]!];
      row.forEach((value, c) => expect(value).toBeCloseTo(center[c]! + line.gap[t]! * (surface[c]! - center[c]!), 12));
    });
    expect(Math.max(...(await made({ truncation: -1 })).gap)).toBeLessThanOrEqual(0);
    const { gap } = await made({ truncation: 0 });
    expect(gap.filter((share) => share < 0).length / gap.length).toBeCloseTo(0.5, 1);
  });

  it("measures the ball in columns as they are compared", async () => {
    const numbers = new Numbers(4);
    const units = [1, 1000];
    const wide = Array.from({ length: 40 }, (_, i) => units.map((unit) => unit * (numbers.normal() + (i < 10 ? 1 : 0))));
    const labels = wide.map((_, i) => (i < 10 ? "u" : "v"));
    const options = { selection: "minority", seed: 3 } as const;
    const scaled = await geometricSmote({ ...options, scale: [1, 1000] }).resample({ X: wide, y: labels }, { only: "synthetic" });
    const small = await geometricSmote(options).resample({ X: wide.map(([a, b]) => [a!, b! / 1000]), y: labels }, { only: "synthetic" });
    (scaled.data.X as number[][]).forEach(([a, b], t) => {
      expect(a).toBeCloseTo((small.data.X[t] as number[])[0]!, 10);
      expect(b! / 1000).toBeCloseTo((small.data.X[t] as number[])[1]!, 10);
    });
  });

  it("copies where base and neighbor are the same point", async () => {
    const same = {
      X: [
        [1, 2],
        [1, 2],
        [1, 2],
        [9, 9],
        [8, 9],
        [9, 8],
        [8, 8],
      ],
      y: [1, 1, 1, 0, 0, 0, 0],
    };
    const { data } = await geometricSmote({ kNeighbors: 2, selection: "minority" }).resample(same, { only: "synthetic" });
    expect(data.X).toEqual([[1, 2]]);
  });

  it("lets no row of another class vote: nominal values are the class's", async () => {
    const numbers = new Numbers(9);
    const rows = Array.from({ length: 60 }, (_, i) => ({ x: numbers.normal(), color: i < 20 ? "red" : "blue", y: i < 20 ? "u" : "v" }));
    for (const selection of ["combined", "majority"] as const) {
      for (const nominal of ["vote", "parent"] as const) {
        const { data } = await geometricSmote({ selection, nominal }).resample(table(rows, { target: "y" }), { only: "synthetic" });
        expect(new Set(data.rows.map(({ color }) => color))).toEqual(new Set(["red"]));
      }
    }
  });

  it("stays within declared bounds", async () => {
    const numbers = new Numbers(2);
    const data = {
      X: numbers.block(60, 2, () => numbers.unit()),
      columns: 2,
      y: Array.from({ length: 60 }, (_, i) => Number(i < 8)),
      bounds: { 0: [0, 1] },
    } as const;
    const { data: after } = await geometricSmote({ truncation: 0, selection: "majority", strategy: { times: { 1: 100 } } }).resample(data, {
      only: "synthetic",
    });
    const values = (after.X as Float64Array).filter((_, at) => at % 2 === 0);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThanOrEqual(1);
  });

  it.each<[object, RegExp]>([
    [{ truncation: 1.5 }, /truncation is 1.5, but needs a number from -1 to 1/],
    [{ deformation: NaN }, /deformation is NaN, but needs a number from 0 to 1/],
    [{ selection: "both" }, /selection is "both", but needs one of "combined"/],
  ])("refuses %j", (options, message) => {
    expect(() => geometricSmote(options)).toThrow(InputError);
    expect(() => geometricSmote(options)).toThrow(message);
  });

  it("refuses a ball that leaves the range of numbers, and a class too small for k", async () => {
    const far = {
      X: [
        [0, 1e308],
        [1e3, 1e308],
        [2e3, 1e308],
        [1e4, 1e308],
        [1, 1e308],
      ],
      y: [1, 1, 0, 0, 0],
    };
    await expect(geometricSmote({ kNeighbors: 1, scale: [1, 1e306] }).resample(far)).rejects.toThrow(/Column "1" would leave the range/);
    await expect(geometricSmote({ kNeighbors: 2 }).resample(far)).rejects.toThrow(/kNeighbors is 2 but class 1 has 2 rows/);
  });
});
