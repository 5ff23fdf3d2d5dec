import type { ColumnStatistics, Dataset } from "../data/dataset";
import type { CoreExports } from "../engine/exports";
import type { Instance } from "../engine/lease";
import type { Work } from "../run/work";
import { alone, groupsOfEqual, ungrouped } from "./distinct";
import { searchBytes, searchNeighbors, searchWork, type Algorithm, type Neighbors } from "./neighbors";
import { placeQueries, placeReference, type Space, type SpaceOptions } from "./space";

/** Some rows are asked for their neighbors among some rows of a data set. */
export interface Question {
  readonly instance: Instance<CoreExports>;
  readonly work: Work;
  readonly data: Dataset;
  /** Row numbers, each once; the same array twice is a self search. */
  readonly queries: Uint32Array;
  readonly reference: Uint32Array;
  readonly k: number;
  /** f64 (d): what columns are divided by; see `divisorsOf`. */
  readonly divisors: Float64Array;
  readonly compare: Pick<SpaceOptions, "metric" | "missing">;
  /** Statistics of all rows, where those and not the reference's are to say how rows compare. */
  readonly all?: ColumnStatistics | undefined;
  /** Other data that the queries are rows of; or the same, where a row may find itself. */
  readonly asked?: Dataset | undefined;
  readonly algorithm?: Algorithm;
}

type Sizes = Pick<Question, "data" | "queries" | "reference" | "asked">;

/** Work that a question counts up to. */
export function amongWork({ data, queries, reference, asked }: Sizes): number {
  return searchWork(data.schema, queries.length, reference.length, queries === reference && !asked);
}

/** Bytes that it takes. */
export function amongBytes({ data, queries, reference, asked, k }: Sizes & Pick<Question, "k">): number {
  const { schema } = data;
  if (queries === reference && !asked) return searchBytes(schema, queries.length, k, true);
  return searchBytes(schema, reference.length, 0, true) + searchBytes(schema, queries.length, k + 1, true);
}

/**
 * The k nearest rows of the reference for each query, never the query itself, exact and ordered by (order key, place in the reference): `indices` are places in the reference.
 * Columns are compared by what the reference teaches (`placeReference`). Of the reference, k rows besides the query have to be there.
 */
export async function neighborsAmong(question: Question): Promise<Neighbors & { readonly space: Space }> {
  const { instance, work, data, queries, reference, k, divisors, compare, all, asked, algorithm } = question;
  const { schema } = data;
  return instance.arena.during(async () => {
    const { space, placed } = placeReference(instance, data, reference, divisors, compare, all);
    const self = queries === reference && !asked;
    const known = groupsOfEqual(data, reference);
    const alike = self ? known : groupsOfEqual(asked ?? data, queries);
    if (self && !known) return { ...(await searchNeighbors(instance, work, schema, space, placed, placed, k, algorithm)), space };
    const places = asked ? undefined : placesOf(queries, reference, data.n);
    const own = places?.some((place) => place >= 0);
    const wanted = own ? k + 1 : k;
    const among = known ? placeQueries(instance, data, known.first, space, compare.missing).placed : placed;
    const queried = self
      ? { space, placed: among }
      : placeQueries(instance, asked ?? data, alike?.first ?? queries, space, compare.missing);
    const most = Math.min(wanted, among.n - Number(self));
    let found = await searchNeighbors(instance, work, schema, queried.space, queried.placed, among, most, algorithm);
    if (known || alike) {
      found = ungrouped(found, alike ?? alone(queries), known ?? alone(reference), wanted, self);
      await work.step(amongWork(question) - searchWork(schema, queried.placed.n, among.n, self));
    }
    return { ...(own ? withoutOwn(found, places!, k) : found), space: queried.space };
  });
}

/** Where each query stands in the reference, or −1. */
function placesOf(queries: Uint32Array, reference: Uint32Array, n: number): Int32Array {
  const places = new Int32Array(n).fill(-1);
  reference.forEach((row, place) => (places[row] = place));
  return Int32Array.from(queries, (row) => places[row]!);
}

/** Lists of k + 1 without the query itself; without the last where it is not in its own list, as among many equal rows, or not in the reference. */
function withoutOwn({ indices, keys, evaluated }: Neighbors, places: Int32Array, k: number): Neighbors {
  const kept = { indices: new Uint32Array(places.length * k), keys: new Float64Array(places.length * k), evaluated };
  places.forEach((own, t) => {
    let from = t * (k + 1);
    for (let place = 0; place < k; place++, from++) {
      if (indices[from] === own) from++;
      kept.indices[t * k + place] = indices[from]!;
      kept.keys[t * k + place] = keys[from]!;
    }
  });
  return kept;
}
