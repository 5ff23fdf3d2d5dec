import type { ColumnStatistics } from "../data/dataset";
import { noteDominant } from "../search/dominant";
import { amongBytes, neighborsAmong } from "../search/among";
import type { Neighbors } from "../search/neighbors";
import { divisorsOf, type SpaceOptions } from "../search/space";
import { checkFeatures } from "./neighborhood";
import type { Scene } from "./oversample";

/** The k nearest rows of the reference for each query, never itself; `indices` are places in the reference. */
export async function neighborsOf(
  { instance, work, data, statistics }: Pick<Scene, "instance" | "work" | "data" | "statistics">,
  queries: Uint32Array,
  reference: Uint32Array,
  k: number,
  { scale, ...compare }: SpaceOptions,
  all?: ColumnStatistics,
): ReturnType<typeof neighborsAmong> {
  checkFeatures(data.schema);
  const divisors = divisorsOf(data.schema, scale, statistics);
  instance.arena.reserve(
    amongBytes({ data, queries, reference, k }),
    `Finding ${k} neighbors for ${queries.length} rows among ${reference.length}`,
  );
  return neighborsAmong({ instance, work, data, queries, reference, k, divisors, compare, all });
}

/** The k nearest rows of a class for some of its rows; `indices` are places in the class. */
export async function neighborsOfSome(scene: Scene, queries: Uint32Array, k: number, options: SpaceOptions): Promise<Neighbors> {
  const { rows, data, name, note } = scene;
  const found = await neighborsOf(scene, queries, rows, k, options);
  noteDominant(data, rows, found.space, `class ${name}`, note);
  return found;
}
