import { allRows, type ColumnStatistics, type Dataset } from "../data/dataset";
import type { CoreExports } from "../engine/exports";
import type { Instance } from "../engine/lease";
import { placeReference, scaleOf, type Space, type SpaceOptions } from "./space";

/** Any two rows of a data set, compared. */
export interface Pairs {
  readonly space: Space;
  /** The order key of rows i and j, by row number. */
  readonly key: (i: number, j: number) => number;
}

/**
 * Places all rows, so that any two of them can be compared one by one: for methods that ask of few pairs, or of the farthest. Keys equal to the last bit those that a search
 * finds which is told the same and knows `all`. The rows lie in the arena until it goes back.
 */
export function placePairs(
  instance: Instance<CoreExports>,
  data: Dataset,
  divisors: Float64Array,
  compare: Pick<SpaceOptions, "metric" | "missing">,
  all: ColumnStatistics,
): Pairs {
  const { space, placed } = placeReference(instance, data, allRows(data.n), divisors, compare, all);
  // refuses what squares to more than a number
  scaleOf(data.schema, space, [placed]);
  const { d, q, metric, weight, table } = space;
  const { kernels } = instance;
  return { space, key: (i, j) => kernels.order_key(placed.at, placed.at, i, j, d, q, metric, weight, table) };
}

/** Bytes that this takes. */
export function pairsBytes({ schema: { d, q }, n }: Pick<Dataset, "schema" | "n">): number {
  return n * (16 * d + 4 * q) + 1e4;
}
