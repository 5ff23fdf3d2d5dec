import { show } from "../check";
import type { Kind } from "../contracts";
import { InputError } from "../errors";

/** The bounds declared for one numeric column, checked against its values in `numeric` (n, d). */
export function checkBounds(
  given: unknown,
  where: string,
  kind: Kind,
  numeric: Float64Array,
  n: number,
  d: number,
  place: number,
): readonly [number, number] | undefined {
  if (given === undefined) return undefined;
  const [low, high] = Array.isArray(given) && given.length === 2 ? (given as unknown[]) : [];
  if (typeof low !== "number" || typeof high !== "number" || !(low <= high)) {
    throw new InputError("OPTION", `bounds of ${where} are ${show(given)}, but need [lowest, highest].`);
  }
  if (kind === "nominal" || kind === "ordinal") {
    throw new InputError("OPTION", `bounds are given for ${where}, which is ${kind}; only numeric and integer columns have them.`);
  }
  if (kind === "integer" && ((Number.isFinite(low) && low % 1 !== 0) || (Number.isFinite(high) && high % 1 !== 0))) {
    throw new InputError("OPTION", `bounds of the integer column ${where} are [${low}, ${high}], but need whole numbers.`);
  }
  for (let i = 0; i < n; i++) {
    const value = numeric[i * d + place]!;
    if (value < low || value > high) {
      throw new InputError(
        "COLUMN",
        `${where} is ${value} in row ${i}, outside its bounds [${low}, ${high}]; widen the bounds or mend the row.`,
      );
    }
  }
  return [low, high];
}
