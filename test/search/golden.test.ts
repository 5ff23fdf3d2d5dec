import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Dataset } from "../../bindings/data/dataset";
import { read } from "../../bindings/data/read";
import { core } from "../../bindings/engine/core";
import { withInstance, withInstanceNow } from "../../bindings/engine/lease";
import { evenLists } from "../../bindings/resample/choices";
import { startWork } from "../../bindings/run/work";
import { searchNeighbors } from "../../bindings/search/neighbors";
import { placeReference } from "../../bindings/search/space";
import { golden, HAS_DATA, realTable } from "../support/data";
import { allRows, selfSearch } from "../support/search";

interface Golden {
  readonly folder: string;
  readonly name: string;
  readonly n: number;
  readonly d: number;
  readonly q: number;
  readonly weight: number;
  readonly means: readonly number[];
  readonly variances: readonly number[];
  readonly indices: string;
  readonly squared: string;
  readonly sample: readonly { readonly row: number; readonly indices: readonly number[]; readonly squared: readonly number[] }[];
  readonly scikitLearn?: readonly (readonly number[])[];
}

const { k, sets } = golden<{ k: number; sets: readonly Golden[] }>("neighbors.json");
const hash = (numbers: Uint32Array | Float64Array): string =>
  createHash("sha256")
    .update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))
    .digest("hex");

describe.skipIf(!HAS_DATA)("neighbors on real tables", () => {
  it.each(sets.map((set) => [set.name, set] as const))("%s: every index and every bit of the distances equal numpy's", async (_, set) => {
    const data = read(realTable(set.folder, set.name));
    expect([data.n, data.schema.d, data.schema.q]).toEqual([set.n, set.d, set.q]);
    const found = await selfSearch(data, k, {
      change(space) {
        // what we learn from the rows agrees with numpy; the sums run in another order, so the search takes numpy's digits
        expect(space.weight).toBeCloseTo(set.weight, 6);
        set.means.forEach((mean, c) => expect(Math.abs(space.means[c]! - mean)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(mean))));
        set.variances.forEach((variance, c) =>
          expect(Math.abs(space.variances[c]! - variance)).toBeLessThanOrEqual(1e-11 * Math.max(1, variance)),
        );
        return { ...space, weight: set.weight, means: Float64Array.from(set.means), variances: Float64Array.from(set.variances) };
      },
    });
    for (const { row, indices, squared } of set.sample) {
      expect([...found.indices.slice(row * k, row * k + k)], `row ${row}`).toEqual(indices);
      expect([...found.keys.slice(row * k, row * k + k)], `row ${row}`).toEqual(squared);
    }
    expect(hash(found.indices)).toBe(set.indices);
    expect(hash(found.keys)).toBe(set.squared);
    set.scikitLearn?.forEach((distances, s) => {
      const { row } = set.sample[s]!;
      distances.forEach((distance, p) => expect(Math.sqrt(found.keys[row * k + p]!)).toBeCloseTo(distance, 9));
    });
  });
});

interface GoldenClass {
  readonly folder: string;
  readonly name: string;
  readonly minority: string;
  readonly rows: number;
  readonly median: number;
  readonly sample: readonly {
    readonly row: number;
    readonly distances: readonly number[];
    readonly neighbors: readonly number[];
    readonly votes: readonly (string | null)[];
  }[];
}

/** Neighbors of the rows of one class among themselves, unscaled, and what the nominal columns of the first k say. */
async function withinClass(data: Dataset, code: number, neighbors: number) {
  return withInstance(core, (instance) =>
    instance.arena.during(async () => {
      const rows = allRows(data.n).filter((i) => data.labels[i] === code);
      const { space, placed } = placeReference(instance, data, rows, new Float64Array(data.schema.d).fill(1), { missing: "expected" });
      return { rows, space, ...(await searchNeighbors(instance, startWork(undefined, 1), data.schema, space, placed, placed, neighbors)) };
    }),
  );
}

describe.skipIf(!HAS_DATA)("SMOTE-NC as imbalanced-learn computes it", () => {
  const file = golden<{ k: number; sets: readonly GoldenClass[] }>("smotenc.json");
  it.each(file.sets.map((set) => [set.name, set] as const))("%s: median, distances, neighbors and votes", async (_, set) => {
    const data = read(realTable(set.folder, set.name));
    const { q, classes, columns } = data.schema;
    const { rows, space, indices, keys } = await withinClass(data, classes.indexOf(set.minority), file.k);
    expect(rows).toHaveLength(set.rows);
    expect(Math.sqrt(space.weight)).toBeCloseTo(set.median, 9);
    const nominal = columns.filter(({ kind }) => kind === "nominal");
    let compared = 0;
    for (const { row, distances, neighbors, votes } of set.sample) {
      const own = Array.from({ length: file.k }, (_unused, p) => Math.sqrt(keys[row * file.k + p]!));
      own.forEach((distance, p) => expect(distance).toBeCloseTo(distances[p]!, 8));
      const found = [...indices.slice(row * file.k, row * file.k + file.k)];
      const tied = new Set(distances).size < distances.length;
      if (!tied) expect(found).toEqual(neighbors);
      if ([...found].sort().join() !== [...neighbors].sort().join()) continue;
      const voted = withInstanceNow(core, ({ kernels, arena }) =>
        arena.scope(() => {
          const codes = arena.put(
            Uint32Array.from(rows, (i) => i).reduce(
              (all, i, t) => (all.set(data.nominal.subarray(i * q, i * q + q), t * q), all),
              new Uint32Array(rows.length * q),
            ),
          );
          const [base, table, out] = [arena.put(Uint32Array.of(row)), arena.put(indices), arena.room(Uint32Array, q)];
          const lists = arena.put(evenLists(rows.length, file.k));
          kernels.vote_codes(out, codes, base, table, lists, 1, rows.length, q, false, 0, 0, 0, 0, 0);
          return arena.take(Uint32Array, out, q);
        }),
      );
      votes.forEach((vote, c) => {
        if (vote === null) return; // a tie, which both draw
        expect(nominal[c]!.levels![voted[c]! - 1], `row ${row}, ${nominal[c]!.name}`).toBe(vote);
        compared++;
      });
    }
    expect(compared).toBeGreaterThan(20);
  });
});

describe.skipIf(!HAS_DATA)("the Value Difference Metric equals imbalanced-learn's", () => {
  const file = golden<{
    sets: readonly { folder: string; name: string; rows: readonly number[]; distances: readonly (readonly number[])[] }[];
  }>("value-difference.json");
  it.each(file.sets.map((set) => [set.name, set] as const))("%s", (_, set) => {
    const data = read(realTable(set.folder, set.name));
    withInstanceNow(core, (instance) =>
      instance.arena.scope(() => {
        const { space, placed } = placeReference(instance, data, allRows(data.n), new Float64Array(0), { missing: "expected" });
        set.distances.forEach((row, a) =>
          row.forEach((distance, b) => {
            const { at } = placed;
            const own = instance.kernels.order_key(at, at, set.rows[a]!, set.rows[b]!, 0, space.q, space.metric, space.weight, space.table);
            expect(own).toBeCloseTo(distance, 12);
          }),
        );
      }),
    );
  });
});
