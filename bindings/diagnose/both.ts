import { list, show } from "../check";
import type { Data, Label, Origins, Scale } from "../contracts";
import { alignTo } from "../data/align";
import { allRows, type ColumnStatistics, type Dataset } from "../data/dataset";
import { firstEquals } from "../data/equal";
import { sortLabels } from "../data/labels";
import { markOf } from "../data/marks";
import { read } from "../data/read";
import { units, type Purpose } from "../draw";
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

/** A purpose of draws of this room's own. */
const AUDIT: Purpose = 50;

/** Which rows of the second data set are wanted: all; of what a method returned, those that it made; or all but the rows of the first, each once. */
export type Wanted = "all" | "synthetic" | "without the first";

/**
 * Reads both.
 * @throws {InputError} when columns or labels do not go together, or there is no row to look at.
 */
export function bothOf(first: Data, second: Data, who: string, wanted: Wanted, origins?: Origins): Both {
  const [a, other] = [read(first), read(second)];
  const known = originsOf(origins, second, other.n, a.n);
  const b = alignTo(a.schema, other, who);
  const classes = sharedClasses(a.schema.classes, other.schema.classes, who);
  const rows = allRows(other.n);
  const made = wanted === "synthetic" && known ? rows.filter((i) => known.kind[i] === 1) : rows;
  const whole = joined(a, { ...b, schema: other.schema }, classes, made);
  const left = wanted === "without the first" ? unmatched(whole, a.n).map((t) => made[t]!) : made;
  if (left.length === 0)
    throw new InputError("DATA", `${who} hold no row that a method made, so there is nothing to look at; give what was added.`);
  const data = left.length < made.length ? joined(a, { ...b, schema: other.schema }, classes, left) : whole;
  return { data, n: a.n, rows: left, origins: known };
}

/** The rows of a and some of b, whose class codes are by its own schema. */
function joined(a: Dataset, b: Dataset, classes: readonly Label[], rows: Uint32Array): Dataset {
  const { d, q } = a.schema;
  const n = a.n + rows.length;
  const [numeric, nominal, labels] = [new Float64Array(n * d), new Uint32Array(n * q), new Uint32Array(n)];
  numeric.set(a.numeric);
  nominal.set(a.nominal);
  const codes = ({ schema }: Dataset): number[] => schema.classes.map((label) => classes.indexOf(label));
  const [own, others] = [codes(a), codes(b)];
  for (let i = 0; i < a.n; i++) labels[i] = own[a.labels[i]!]!;
  rows.forEach((row, t) => {
    numeric.set(b.numeric.subarray(row * d, (row + 1) * d), (a.n + t) * d);
    nominal.set(b.nominal.subarray(row * q, (row + 1) * q), (a.n + t) * q);
    labels[a.n + t] = others[b.labels[row]!]!;
  });
  return { schema: { ...a.schema, classes }, n, numeric, nominal, labels, weights: null, carried: [], scale: a.scale };
}

/** Of the rows behind the first n, places of those that are left when each of the n has taken one that equals it, label and all. */
function unmatched(data: Dataset, n: number): Uint32Array {
  const firsts = firstEquals(data);
  const keyOf = (row: number): number => firsts[row]! * data.schema.classes.length + data.labels[row]!;
  const waiting = new Map<number, number>();
  for (let i = 0; i < n; i++) waiting.set(keyOf(i), (waiting.get(keyOf(i)) ?? 0) + 1);
  return allRows(data.n - n).filter((t) => {
    const count = waiting.get(keyOf(n + t)) ?? 0;
    waiting.set(keyOf(n + t), count - 1);
    return count <= 0;
  });
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
      `origins name row ${given.base.find((row) => row >= n)}, but there are ${n} real rows; give the rows that were resampled.`,
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

/** @throws {InputError} when includesReal is neither true nor false. */
export function wantedRows(includesReal: unknown = false): Wanted {
  if (typeof includesReal === "boolean") return includesReal ? "without the first" : "synthetic";
  throw new InputError("OPTION", `includesReal is ${show(includesReal)}, but needs true or false.`);
}
