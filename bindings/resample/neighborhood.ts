import type { ColumnStatistics } from "../data/dataset";
import { InputError } from "../errors";
import { amongBytes, neighborsAmong } from "../search/among";
import { noteDominant } from "../search/dominant";
import type { Neighbors } from "../search/neighbors";
import { divisorsOf, type Space, type SpaceOptions } from "../search/space";
import type { Scene } from "./oversample";

/** What a method does with a class of k rows or fewer. */
export type TooFewPolicy = "error" | "reduce" | "copy" | "skip";

/** The k that the class allows under the policy: 0 to copy, null to skip. */
export function enoughNeighbors({ rows, name, note }: Scene, k: number, policy: TooFewPolicy): number | null {
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
    throw new InputError("TOO_FEW_ROWS", `kNeighbors is ${k} but ${has}; ${smaller}.`);
  }
  if (policy === "copy" || n === 1) {
    note(`C${has.slice(1)}, too few for ${k} neighbors; its rows were copied.`);
    return 0;
  }
  note(`C${has.slice(1)}, too few for ${k} neighbors; ${n - 1} were used.`);
  return n - 1;
}

/** The k nearest rows of its class for each row of a class, counted within the class. */
export async function neighborsInClass(scene: Scene, k: number, options: SpaceOptions): Promise<Neighbors & { readonly space: Space }> {
  const { rows, name, data, note } = scene;
  const found = await neighborsOf(scene, rows, rows, k, options);
  noteDominant(data, rows, found.space, `class ${name}`, note);
  return found;
}

/** The k nearest rows of the reference for each query, never itself; `indices` are places in the reference. */
export async function neighborsOf(
  { instance, work, data, name, statistics }: Pick<Scene, "instance" | "work" | "data" | "statistics"> & { readonly name?: string },
  queries: Uint32Array,
  reference: Uint32Array,
  k: number,
  { scale, ...compare }: SpaceOptions,
  all?: ColumnStatistics,
): Promise<Neighbors & { readonly space: Space }> {
  const { schema } = data;
  if (schema.d + schema.q === 0) {
    throw new InputError(
      "DATA",
      "The data has no feature columns, so no row is nearer than another; describe a feature, or use a random method.",
    );
  }
  const divisors = divisorsOf(schema, scale, statistics);
  instance.arena.reserve(
    amongBytes({ data, queries, reference, k }),
    `Finding ${k} neighbors for each of the ${queries.length} rows${name === undefined ? "" : ` of class ${name}`}`,
  );
  return neighborsAmong({ instance, work, data, queries, reference, k, divisors, compare, all });
}
