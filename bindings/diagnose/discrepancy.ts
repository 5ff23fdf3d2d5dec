import type { Matrix } from "../contracts";
import { mmdTest } from "../density/mmdTest";
import type { Desk } from "./both";

/** How far synthetic rows are from real ones of their class by the means of a Gaussian kernel (Gretton et al. 2012). */
export interface DiscrepancyQuality {
  /** Squared, unbiased: 0 on average between samples of one distribution, and then as often below 0. */
  readonly squared: number;
  /** Share of ways to deal the rows to two samples that are as far apart or farther. Small for copies too, whose rows are not independent. */
  readonly pValue: number;
  /** Columns of numbers without a missing cell, which are those that count. */
  readonly columns: number;
  readonly compared: { readonly real: number; readonly synthetic: number };
}

const MOST_COMPARED = 500;
const PERMUTATIONS = 499;

export function discrepancyWork(real: number, synthetic: number): number {
  const rows = Math.min(real, MOST_COMPARED) + Math.min(synthetic, MOST_COMPARED);
  return rows * rows * PERMUTATIONS;
}

/** Of at most 500 rows a side. */
export function discrepancyOf(desk: Desk, real: Uint32Array, synthetic: Uint32Array, seed: number): Promise<DiscrepancyQuality | null> {
  const { both, divisors } = desk;
  const { numeric, schema } = both.data;
  const [x, y] = [desk.some(real, MOST_COMPARED), desk.some(synthetic, MOST_COMPARED)];
  return desk.part(discrepancyWork(x.length, y.length), async (work) => {
    const complete = Array.from(divisors.keys()).filter((c) =>
      [x, y].every((rows) => rows.every((row) => !Number.isNaN(numeric[row * schema.d + c]))),
    );
    if (complete.length === 0 || x.length < 2 || y.length < 2) return null;
    const points = (rows: Uint32Array): Pick<Matrix, "X"> => ({
      X: Array.from(rows, (row) => complete.map((c) => numeric[row * schema.d + c]! / divisors[c]!)),
    });
    const run = { signal: work.run?.signal, threads: work.run?.threads };
    const { squared, pValue } = await mmdTest(points(x), points(y), { permutations: PERMUTATIONS, scale: "none", seed }, run);
    return { squared, pValue, columns: complete.length, compared: { real: x.length, synthetic: y.length } };
  });
}
