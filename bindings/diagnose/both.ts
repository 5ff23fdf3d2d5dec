import { list, show } from "../check";
import type { Data, Label, Origins, Scale } from "../contracts";
import { alignTo } from "../data/align";
import { allRows, type ColumnStatistics, type Dataset } from "../data/dataset";
import { sortLabels } from "../data/labels";
import { markOf } from "../data/marks";
import { read } from "../data/read";
import { AUDIT, units } from "../draw";
import { core } from "../engine/core";
import type { CoreExports } from "../engine/exports";
import { withInstance, type Instance } from "../engine/lease";
import { InputError } from "../errors";
import { estimated, type Work } from "../run/work";
import { amongBytes, neighborsAmong } from "../search/among";
import { checkScale, distancesOf, divisorsOf } from "../search/space";
import { statisticsOf } from "../search/statistics";

/** Two data sets as one: the rows of the first and, behind them, rows of the second, with columns, codes and class codes in common. */
export interface Both {
  readonly data: Dataset;
  /** Rows of the first. */
  readonly n: number;
  /** Row of the second data set that each row behind them is. */
  readonly rows: Uint32Array;
  /** Where the rows of the second data set come from, as it was told or as its mark says. */
  readonly origins: Origins | undefined;
}

/**
 * Reads both. What a method returned, originals and all, gives its synthetic rows alone if that is `wanted`.
 * @throws {InputError} when columns or labels do not go together, or there is no row to look at.
 */
export function bothOf(first: Data, second: Data, who: string, wanted: "all" | "synthetic", origins?: Origins): Both {
  const [a, other] = [read(first), read(second)];
  const known = originsOf(origins, second, other.n, a.n);
  const rows = wanted === "synthetic" && known ? allRows(other.n).filter((i) => known.kind[i] === 1) : allRows(other.n);
  if (rows.length === 0)
    throw new InputError("DATA", `${who} hold no synthetic row, so there is nothing to look at; give what a method added.`);
  const b = alignTo(a.schema, other, who);
  const classes = sharedClasses(a.schema.classes, other.schema.classes, who);
  const schema = { ...a.schema, classes };
  const { d, q } = schema;
  const n = a.n + rows.length;
  const [numeric, nominal, labels] = [new Float64Array(n * d), new Uint32Array(n * q), new Uint32Array(n)];
  numeric.set(a.numeric);
  nominal.set(a.nominal);
  const [codes, others] = [a.schema.classes, other.schema.classes].map((own) => own.map((label) => classes.indexOf(label))) as [
    number[],
    number[],
  ];
  for (let i = 0; i < a.n; i++) labels[i] = codes[a.labels[i]!]!;
  rows.forEach((row, t) => {
    numeric.set(b.numeric.subarray(row * d, (row + 1) * d), (a.n + t) * d);
    nominal.set(b.nominal.subarray(row * q, (row + 1) * q), (a.n + t) * q);
    labels[a.n + t] = others[other.labels[row]!]!;
  });
  return { data: { schema, n, numeric, nominal, labels, weights: null, carried: [], scale: a.scale }, n: a.n, rows, origins: known };
}

function originsOf(given: Origins | undefined, data: Data, m: number, n: number): Origins | undefined {
  if (given === undefined) {
    const marked = markOf(data)?.origins;
    return marked?.kind.length === m ? marked : undefined;
  }
  if (typeof given?.parents !== "function" || given.kind?.length !== m || given.base?.length !== m) {
    throw new InputError(
      "OPTION",
      `origins is ${show(given)}, but needs the origins of these ${m} rows: the field of what resample or sample returned.`,
    );
  }
  if (given.base.some((row) => row >= n))
    throw new InputError(
      "OPTION",
      `origins name row ${Math.max(...given.base)}, but there are ${n} real rows; give the rows that were resampled.`,
    );
  return given;
}

function sharedClasses(first: readonly Label[], second: readonly Label[], who: string): Label[] {
  if (typeof first[0] !== typeof second[0]) {
    throw new InputError(
      "LABEL",
      `Labels are ${list(first.slice(0, 4))} in the data but ${list(second.slice(0, 4))} in the ${who.toLowerCase()}; give both as the same type.`,
    );
  }
  return sortLabels([...new Set([...first, ...second])]);
}

/** An instance, work that is counted, and how rows of both are compared: by what the rows of the first teach. */
export interface Desk {
  readonly instance: Instance<CoreExports>;
  readonly both: Both;
  readonly divisors: Float64Array;
  readonly all: ColumnStatistics;
  /** Runs what counts up to `amount`, or about that. */
  part<R>(amount: number, job: (work: Work) => Promise<R>): Promise<R>;
  /** The k nearest rows of `reference` for each query, never itself; fewer where there are fewer. Row numbers of both, and distances. */
  nearest(queries: Uint32Array, reference: Uint32Array, k: number): Promise<Near>;
  /** At most `most` of the rows, drawn with the seed, ascending. */
  some(rows: Uint32Array, most: number): Uint32Array;
}

export interface Near {
  readonly k: number;
  /** u32 (queries, k) and f64 (queries, k), row-major, nearest first. */
  readonly indices: Uint32Array;
  readonly distances: Float64Array;
}

/** Work of a search for some rows among others. */
export function nearestWork({ data }: Both, queries: number, reference: number): number {
  return queries * reference * (data.schema.d + data.schema.q + 2);
}

export function withDesk<R>(
  both: Both,
  options: { scale?: Scale | undefined; seed: number },
  work: Work,
  job: (desk: Desk) => Promise<R>,
): Promise<R> {
  const { data, n } = both;
  const { d } = data.schema;
  const scale = checkScale(options.scale) ?? data.scale;
  return withInstance(core, async (instance) => {
    const all = statisticsOf(instance, data.numeric.subarray(0, n * d), n, d);
    const divisors = divisorsOf(data.schema, scale, () => all);
    const part: Desk["part"] = async (amount, begin) => {
      const own = estimated(work, amount);
      const result = await begin(own);
      await own.finish();
      return result;
    };
    return job({
      instance,
      both,
      divisors,
      all,
      part,
      nearest: (queries, reference, wanted) => {
        const inside = new Uint8Array(data.n);
        for (const row of reference) inside[row] = 1;
        const k = Math.min(wanted, reference.length - (queries.some((row) => inside[row] === 1) ? 1 : 0));
        if (k < 1 || queries.length === 0) return Promise.resolve({ k: 0, indices: new Uint32Array(0), distances: new Float64Array(0) });
        return part(nearestWork(both, queries.length, reference.length), async (own) => {
          const question = {
            instance,
            work: own,
            data,
            queries,
            reference,
            k,
            divisors,
            all,
            compare: { metric: undefined, missing: "expected" } as const,
          };
          instance.arena.reserve(amongBytes(question), `Finding ${k} neighbors for ${queries.length} rows among ${reference.length}`);
          const { indices, keys, space } = await neighborsAmong(question);
          for (let at = 0; at < indices.length; at++) indices[at] = reference[indices[at]!]!;
          return { k, indices, distances: distancesOf(space, keys) };
        });
      },
      some: (rows, most) => {
        if (rows.length <= most) return rows;
        const draws = units(instance, { seed: options.seed, label: 0 }, AUDIT, 0, data.n);
        return rows
          .slice()
          .sort((i, j) => draws[i]! - draws[j]! || i - j)
          .slice(0, most)
          .sort();
      },
    });
  });
}

/** Rows of both that belong to a class: those of the first data set, and those behind them. */
export function rowsOfClass({ data, n }: Both, code: number): { first: Uint32Array; second: Uint32Array } {
  const rows = allRows(data.n).filter((i) => data.labels[i] === code);
  const cut = rows.findIndex((row) => row >= n);
  return cut < 0 ? { first: rows, second: rows.subarray(0, 0) } : { first: rows.subarray(0, cut), second: rows.subarray(cut) };
}

export function concatenated(first: Uint32Array, second: Uint32Array): Uint32Array {
  const rows = new Uint32Array(first.length + second.length);
  rows.set(first);
  rows.set(second, first.length);
  return rows;
}

/** Codes of the classes that rows behind the first data set have, or of the labels asked for. */
export function codesOf({ data, n }: Both, labels: readonly Label[] | undefined, who: string): number[] {
  const present = new Set(data.labels.subarray(n));
  if (labels === undefined) return [...present].sort((a, b) => a - b);
  if (!Array.isArray(labels) || labels.length === 0) {
    throw new InputError("OPTION", `labels is ${show(labels)}, but needs an array of labels: ["yes"].`);
  }
  return labels.map((label: Label) => {
    const code = data.schema.classes.indexOf(label);
    if (present.has(code)) return code;
    const there = data.schema.classes.filter((_, own) => present.has(own));
    throw new InputError("LABEL", `labels names ${show(label)}, but the ${who.toLowerCase()} are of ${list(there.slice(0, 12))}.`);
  });
}

/** Some rows of the data, one list after the other, as data of their own. */
export function takenRows({ schema, numeric, nominal, labels, scale }: Dataset, ...lists: readonly Uint32Array[]): Dataset {
  const { d, q } = schema;
  const n = lists.reduce((sum, rows) => sum + rows.length, 0);
  const taken = { numeric: new Float64Array(n * d), nominal: new Uint32Array(n * q), labels: new Uint32Array(n) };
  let at = 0;
  for (const rows of lists) {
    for (const row of rows) {
      taken.numeric.set(numeric.subarray(row * d, (row + 1) * d), at * d);
      taken.nominal.set(nominal.subarray(row * q, (row + 1) * q), at * q);
      taken.labels[at++] = labels[row]!;
    }
  }
  return { schema, n, ...taken, weights: null, carried: [], scale };
}
