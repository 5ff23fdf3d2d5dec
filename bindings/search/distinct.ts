import { allRows, type Dataset } from "../data/dataset";
import type { Neighbors } from "./neighbors";

/** Rows of which many are equal, by groups of equal ones, in order of their first row. Equal rows have equal neighbors, so one of each group is searched for. */
export interface Groups {
  /** Number of each group's first row, u32 (groups). */
  readonly first: Uint32Array;
  /** Group of each row, by its place, u32 (rows). */
  readonly of: Uint32Array;
}

/** Fewer rows are searched before they are grouped. */
const FEWEST = 1024;
/** Rows of a sample with an equal one before them, among 4√n of n, where every row has one other like it. */
const TWINS = 8;
/** Share of the rows that groups may be to be worth it. */
const MOST_GROUPS = 0.75;

/** The rows in groups where that spares much, by a sample of them; never with a missing cell, which is not at distance 0 of itself. */
export function groupsOfEqual(data: Dataset, rows: Uint32Array): Groups | undefined {
  const n = rows.length;
  if (n < FEWEST) return undefined;
  const step = Math.ceil(Math.sqrt(n) / 4);
  const sample = Uint32Array.from({ length: Math.floor(n / step) }, (_, s) => rows[s * step]!);
  if (sample.length - (grouped(data, sample)?.first.length ?? n) < TWINS) return undefined;
  const groups = grouped(data, rows);
  return groups && groups.first.length > 1 && groups.first.length < MOST_GROUPS * n ? groups : undefined;
}

/** Every row as a group of its own. */
export function alone(rows: Uint32Array): Groups {
  return { first: rows, of: allRows(rows.length) };
}

/** Groups of rows whose bits are equal; undefined with a missing cell. */
function grouped({ schema: { d, q }, numeric, nominal }: Dataset, rows: Uint32Array): Groups | undefined {
  const words = new Int32Array(numeric.buffer, numeric.byteOffset, 2 * numeric.length);
  const w = 2 * d;
  let size = 1;
  while (size < 2 * rows.length) size *= 2;
  const table = new Int32Array(size).fill(-1);
  const [first, of] = [new Uint32Array(rows.length), new Uint32Array(rows.length)];
  let count = 0;
  for (let t = 0; t < rows.length; t++) {
    const i = rows[t]!;
    let hash = 0;
    // whole numbers have zeros in the low bits, and multiplying alone never brings anything there
    for (let c = i * w; c < i * w + w; c++) hash = (hash = Math.imul(hash ^ words[c]!, 0x9e3779b1)) ^ (hash >>> 15);
    for (let c = i * q; c < i * q + q; c++) hash = (hash = Math.imul(hash ^ nominal[c]!, 0x9e3779b1)) ^ (hash >>> 15);
    for (let c = i * d; c < i * d + d; c++) if (numeric[c] !== numeric[c]) return undefined;
    let at = hash & (size - 1);
    for (; table[at]! >= 0; at = (at + 1) & (size - 1)) {
      const other = first[table[at]!]!;
      let c = 0;
      while (c < w && words[i * w + c] === words[other * w + c]) c++;
      if (c < w) continue;
      for (c = 0; c < q && nominal[i * q + c] === nominal[other * q + c];) c++;
      if (c === q) break;
    }
    if (table[at]! < 0) {
      first[count] = i;
      table[at] = count++;
    }
    of[t] = table[at]!;
  }
  return { first: first.slice(0, count), of };
}

/**
 * The k nearest rows of the reference for every query, from the nearest groups of each group: of groups in order of (key, first row), the first k hold the k nearest rows. `self`: the
 * lists tell of other groups alone, and a group's own rows, which the lists get too, are at distance 0.
 */
export function ungrouped(
  { indices, keys, evaluated }: Neighbors,
  queries: Groups,
  reference: Groups,
  k: number,
  self: boolean,
): Neighbors {
  const { members, starts } = membersOf(reference);
  const width = indices.length / queries.first.length;
  const lists = { indices: new Uint32Array(queries.first.length * k), keys: new Float64Array(queries.first.length * k) };
  queries.first.forEach((_, group) => {
    const list = lists.indices.subarray(group * k, group * k + k);
    let filled = 0;
    for (let near = self ? -1 : 0; filled < k && near < width;) {
      const key = near < 0 ? 0 : keys[group * width + near]!;
      const from = filled;
      // rows of groups that are as near come by row number
      do {
        const other = near < 0 ? group : indices[group * width + near]!;
        for (let at = starts[other]!; at < starts[other + 1]!; at++) {
          const row = members[at]!;
          let place = filled < k ? filled++ : k;
          for (; place > from && list[place - 1]! > row; place--) if (place < k) list[place] = list[place - 1]!;
          if (place === k) break;
          list[place] = row;
        }
        near++;
      } while (near < width && (near < 0 ? 0 : keys[group * width + near]!) === key);
      lists.keys.fill(key, group * k + from, group * k + filled);
    }
  });
  const all = { indices: new Uint32Array(queries.of.length * k), keys: new Float64Array(queries.of.length * k), evaluated };
  queries.of.forEach((group, t) => {
    for (let p = 0; p < k; p++) {
      all.indices[t * k + p] = lists.indices[group * k + p]!;
      all.keys[t * k + p] = lists.keys[group * k + p]!;
    }
  });
  return all;
}

/** Places of the rows of each group, ascending, group after group, and where each begins. */
function membersOf({ first, of }: Groups): { readonly members: Uint32Array; readonly starts: Uint32Array } {
  const starts = new Uint32Array(first.length + 2);
  // two places ahead, so that filling moves each start to where it belongs
  for (const group of of) starts[group + 2]!++;
  for (let group = 2; group < starts.length; group++) starts[group]! += starts[group - 1]!;
  const members = new Uint32Array(of.length);
  of.forEach((group, place) => (members[starts[group + 1]!++] = place));
  return { members, starts };
}
