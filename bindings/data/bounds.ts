import { show } from "../check";
import type { Kind } from "../contracts";
import { InputError } from "../errors";

export type Bounds = readonly [low: number, high: number];

/** The bounds declared for a column of this kind. */
export function readBounds(given: unknown, where: string, kind: Kind | undefined): Bounds | undefined {
  if (given === undefined) return undefined;
  const [low, high] = Array.isArray(given) && given.length === 2 ? (given as unknown[]) : [];
  if (typeof low !== "number" || typeof high !== "number" || !(low <= high)) {
    throw new InputError("OPTION", `bounds of ${where} are ${show(given)}, but need [lowest, highest].`);
  }
  if (kind !== "numeric" && kind !== "integer") {
    throw new InputError(
      "OPTION",
      `bounds are given for ${where}, which is ${kind ?? "no feature"}; only numeric and integer columns have them.`,
    );
  }
  if (kind === "integer" && [low, high].some((bound) => Number.isFinite(bound) && bound % 1 !== 0)) {
    throw new InputError("OPTION", `bounds of the integer column ${where} are [${low}, ${high}], but need whole numbers.`);
  }
  return [low, high];
}

/** Refuses values beyond the bounds in one column of `numeric` (n, d), rows `first`, `first` + 1, … of the data. */
export function checkWithin(
  bounds: Bounds | undefined,
  where: string,
  numeric: Float64Array,
  n: number,
  d: number,
  place: number,
  first = 0,
): void {
  if (!bounds) return;
  const [low, high] = bounds;
  for (let i = 0; i < n; i++) {
    const value = numeric[i * d + place]!;
    if (value < low || value > high) {
      throw new InputError(
        "COLUMN",
        `${where} is ${value} in row ${first + i}, outside its bounds [${low}, ${high}]; widen the bounds or mend the row.`,
      );
    }
  }
}
