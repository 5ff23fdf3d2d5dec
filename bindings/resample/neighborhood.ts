import type { ColumnStatistics, Schema } from "../data/dataset";
import { InputError } from "../errors";
import { noteDominant } from "../search/dominant";
import { searchBytes, searchNeighbors, type Neighbors } from "../search/neighbors";
import { statisticsOf } from "../search/statistics";
import { divisorsOf, placeReference, type SpaceOptions } from "../search/space";
import type { Scene } from "./oversample";

/** What a method does with a class of k rows or fewer. */
export type TooFewPolicy = "error" | "reduce" | "copy" | "skip";

/** The k that the class allows under the policy: 0 to copy, null to skip. */
export function enoughNeighbors(
  { rows, name, note }: Scene,
  k: number,
  policy: TooFewPolicy,
  wanted = `kNeighbors is ${k}`,
): number | null {
  const n = rows.length;
  if (n > k) return k;
  const has = `class ${name} has ${n} ${n === 1 ? "row" : "rows"}`;
  if (policy === "skip") {
    note(`C${has.slice(1)}, too few for ${k} neighbors, and was left as it is.`);
    return null;
  }
  if (n === 0)
    throw new InputError(
      "TOO_FEW_ROWS",
      `Class ${name} has no rows here, so none can be made; leave it out of the strategy, or onTooFew: "skip".`,
    );
  if (policy === "error") {
    const smaller = n > 1 ? `use ${n - 1} or less, or onTooFew: "reduce"` : `use onTooFew: "copy"`;
    throw new InputError("TOO_FEW_ROWS", `${wanted} but ${has}; ${smaller}.`);
  }
  if (policy === "copy" || n === 1) {
    note(`C${has.slice(1)}, too few for ${k} neighbors; its rows were copied.`);
    return 0;
  }
  note(`C${has.slice(1)}, too few for ${k} neighbors; ${n - 1} were used.`);
  return n - 1;
}

/** The k nearest rows of its class for each row of a class, counted within the class. */
export async function neighborsInClass(scene: Scene, k: number, { scale, ...compare }: SpaceOptions): Promise<Neighbors> {
  const { instance, work, rows, name, data, statistics, note } = scene;
  const { schema } = data;
  checkFeatures(schema);
  instance.arena.reserve(
    searchBytes(schema, rows.length, k, true),
    `Finding ${k} neighbors for each of the ${rows.length} rows of class ${name}`,
  );
  const { space, placed } = placeReference(instance, data, rows, divisorsOf(schema, scale, statistics), compare);
  noteDominant(data, rows, space, `class ${name}`, note);
  return searchNeighbors(instance, work, schema, space, placed, placed, k);
}

/** Refuses data of which no row is nearer than another. */
export function checkFeatures({ d, q }: Schema): void {
  if (d + q > 0) return;
  throw new InputError("DATA", "The data has no feature columns, by which rows are near; describe one, or use a random method.");
}

/** Statistics of the numeric columns within the class. */
export function statisticsOfClass({ instance, data, rows }: Scene): ColumnStatistics {
  const { d } = data.schema;
  const values = new Float64Array(rows.length * d);
  rows.forEach((i, t) => values.set(data.numeric.subarray(i * d, (i + 1) * d), t * d));
  return statisticsOf(instance, values, rows.length, d);
}
