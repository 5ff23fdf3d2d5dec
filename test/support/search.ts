import { expect } from "vitest";
import type { Dataset } from "../../bindings/data/dataset";
import { core } from "../../bindings/engine/core";
import type { CoreExports } from "../../bindings/engine/exports";
import { withInstance, type Instance } from "../../bindings/engine/lease";
import { startWork } from "../../bindings/run/work";
import { searchNeighbors, type Algorithm, type Neighbors } from "../../bindings/search/neighbors";
import { METRIC, placeQueries, placeReference, type Placed, type Space, type SpaceOptions } from "../../bindings/search/space";
import { nearest, type OracleNeighbors } from "./oracle";

/** A dataset of bare blocks: numeric (n, d), nominal (n, q), two classes in turn. */
export function blocks(numeric: Float64Array, d: number, nominal = new Uint32Array(0), q = 0, levels = 9): Dataset {
  const n = d ? numeric.length / d : nominal.length / q;
  const feature = (kind: "numeric" | "nominal") => (_: unknown, place: number) => ({
    name: `${kind}${place}`,
    role: "feature" as const,
    kind,
    place,
    missing: "NaN" as const,
    array: "Array",
    ...(kind === "nominal" && { levels: Array.from({ length: levels }, (_unused, level) => level) }),
  });
  return {
    schema: {
      layout: "nested",
      columns: [...Array.from({ length: d }, feature("numeric")), ...Array.from({ length: q }, feature("nominal"))],
      target: "y",
      classes: [0, 1],
      labelArray: "Array",
      d,
      q,
      carried: 0,
      weighted: false,
      extra: {},
    },
    n,
    numeric,
    nominal,
    labels: Uint32Array.from({ length: n }, (_, i) => i % 2),
    weights: null,
    carried: [],
    scale: "none",
  };
}

export const allRows = (n: number): Uint32Array => Uint32Array.from({ length: n }, (_, i) => i);

/** What the exhaustive search finds, which is what the tree finds. */
async function byBoth(
  instance: Instance<CoreExports>,
  data: Dataset,
  space: Space,
  queries: Placed,
  reference: Placed,
  k: number,
): Promise<Neighbors> {
  const by = (algorithm: Algorithm): Promise<Neighbors> =>
    searchNeighbors(instance, startWork({ threads: 1 }, 1), data.schema, space, queries, reference, k, algorithm);
  const found = await by("exhaustive");
  expectExact(await by("tree"), found);
  return found;
}

/** Neighbors of every row among the others, and the space they were found in; `change` may replace what was learned from the rows. */
export async function selfSearch(
  data: Dataset,
  k: number,
  { missing = "expected" as SpaceOptions["missing"], change = (space: Space): Space => space } = {},
): Promise<Neighbors & { space: Space }> {
  return withInstance(core, (instance) =>
    instance.arena.during(async () => {
      const rows = allRows(data.n);
      const learned = placeReference(instance, data, rows, new Float64Array(data.schema.d).fill(1), { missing });
      const space = change(learned.space);
      const placed = space === learned.space ? learned.placed : placeQueries(instance, data, rows, space, missing).placed;
      return { ...(await byBoth(instance, data, space, placed, placed, k)), space };
    }),
  );
}

/** Neighbors of `queries` rows among the `reference` rows, counted among those. */
export async function crossSearch(
  data: Dataset,
  queries: Uint32Array,
  reference: Uint32Array,
  k: number,
): Promise<Neighbors & { space: Space }> {
  return withInstance(core, (instance) =>
    instance.arena.during(async () => {
      const { space, placed } = placeReference(instance, data, reference, new Float64Array(data.schema.d).fill(1), { missing: "expected" });
      const { placed: asked } = placeQueries(instance, data, queries, space, "expected");
      return { ...(await byBoth(instance, data, space, asked, placed, k)), space };
    }),
  );
}

/** The order key, written out: rows i and j of the data in a space. */
export function distanceIn(
  data: Dataset,
  space: Space,
  frequencies?: (column: number, code: number) => readonly number[],
): (i: number, j: number) => number {
  const { d, q } = data.schema;
  return (i, j) => {
    let sum = 0;
    let present = 0;
    for (let c = 0; c < d; c++) {
      const [x, y] = [data.numeric[i * d + c]!, data.numeric[j * d + c]!];
      if (space.metric & METRIC.rescaled) {
        if (x !== x || y !== y) continue;
        sum += space.metric & METRIC.manhattan ? Math.abs(x - y) : (x - y) * (x - y);
        present++;
        continue;
      }
      const apart = (x === x ? x : space.means[c]!) - (y === y ? y : space.means[c]!);
      const spread = (x === x ? 0 : space.variances[c]!) + (y === y ? 0 : space.variances[c]!);
      const term = apart * apart + spread;
      sum += space.metric & METRIC.manhattan ? (spread ? Math.sqrt(term) : Math.abs(apart)) : term;
    }
    if (space.metric & METRIC.rescaled) sum = present ? sum * (d / present) : d ? Infinity : 0;
    let unequal = 0;
    let byFrequencies = 0;
    for (let c = 0; c < q; c++) {
      const [x, y] = [data.nominal[i * q + c]!, data.nominal[j * q + c]!];
      if (space.metric & METRIC.valueDifference) {
        const [p, o] = [frequencies!(c, x), frequencies!(c, y)];
        let apart = 0;
        p.forEach((value, label) => (apart += Math.abs(value - o[label]!)));
        byFrequencies += apart * apart;
      } else if (x !== y) unequal++;
    }
    if (q === 0) return sum;
    return sum + (space.metric & METRIC.valueDifference ? byFrequencies : space.weight * unequal);
  };
}

/** The neighbors equal the naive twin's, indices and every bit of the distances. */
export function expectExact(found: OracleNeighbors, expected: OracleNeighbors): void {
  expect(found.indices).toEqual(expected.indices);
  expect(new Uint8Array(found.keys.buffer)).toEqual(new Uint8Array(expected.keys.buffer));
}

/** Searches and compares with the naive twin. */
export async function checkSelf(data: Dataset, k: number, options?: Parameters<typeof selfSearch>[2]): Promise<Neighbors> {
  const found = await selfSearch(data, k, options);
  expectExact(found, nearest(data.n, data.n, k, true, distanceIn(data, found.space)));
  return found;
}
