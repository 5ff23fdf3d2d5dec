import type { Dataset } from "../data/dataset";
import type { Choices } from "./choices";
import { neighborsOfSome } from "./crosswise";
import { limitsOf } from "./emit";
import { leanOnClass, type CheckedNeighborOptions } from "./kin";
import type { Decided, Points, Scene } from "./oversample";

/** As `leanOnClass`, for some rows of the class to grow from, with the rows that the choices speak of. */
export async function leanSomeOnClass(
  scene: Scene,
  options: CheckedNeighborOptions,
  bases: Uint32Array,
  k?: number,
): Promise<Omit<Decided, "bases"> | null> {
  const kin = await leanOnClass(scene, options, (from, most, compare) => neighborsOfSome(from, bases, most, compare), k, bases);
  if (!kin) return null;
  const towards = kin.neighbors.map((place) => scene.rows[place]!);
  return { ...kin, ...companionsOf(bases, towards, scene.data.n) };
}

/** Lists of row numbers as lists of places: the bases first, and behind them, in the order they are met, whoever else is leaned towards. */
export function companionsOf(bases: Uint32Array, towards: Uint32Array, n: number): Pick<Choices, "rows" | "neighbors"> {
  const places = new Int32Array(n).fill(-1);
  const rows = Array.from(bases);
  bases.forEach((row, place) => (places[row] = place));
  const neighbors = towards.map((row) => {
    if (places[row]! < 0) places[row] = rows.push(row) - 1;
    return places[row]!;
  });
  return { rows: Uint32Array.from(rows), neighbors };
}

/**
 * For each pair of rows a point as far beyond the base as the neighbor lies before it, within the limits of its columns. Leaning towards it, with a span below 0, is
 * leaning away from the neighbor, a row of the class, whose number, weight and nominal values it bears.
 */
export function mirrorsOf({ schema, numeric, nominal, weights }: Dataset, bases: Uint32Array, neighbors: Uint32Array): Points {
  const { d, q } = schema;
  const { lows, highs } = limitsOf(schema);
  const mirrored = new Float64Array(bases.length * d);
  const codes = new Uint32Array(bases.length * q);
  bases.forEach((base, p) => {
    const neighbor = neighbors[p]!;
    for (let c = 0; c < d; c++) {
      const beyond = numeric[base * d + c]! + (numeric[base * d + c]! - numeric[neighbor * d + c]!);
      mirrored[p * d + c] = Math.min(Math.max(beyond, lows[c]!), highs[c]!);
    }
    codes.set(nominal.subarray(neighbor * q, (neighbor + 1) * q), p * q);
  });
  return { numeric: mirrored, nominal: codes, weights: weights && Float64Array.from(neighbors, (i) => weights[i]!), rows: neighbors };
}
