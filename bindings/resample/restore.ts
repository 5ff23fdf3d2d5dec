import { show } from "../check";
import type { Schema } from "../data/dataset";
import { fromText, isWhole, mapSchema, unpack } from "../data/plain";
import { InputError } from "../errors";
import { ALL_THE_WAY, evenLists, type Choices, type Rule } from "./choices";
import type { Fitted } from "./generate";
import { FORMAT, VERSION, type StoredStream } from "./stored";

/**
 * What `store` returned, as data again.
 * @throws {InputError} when it is something else, or of a later version.
 */
export function restore(stored: unknown): Fitted {
  const given = (stored ?? {}) as Record<string, unknown>;
  if (given["format"] !== FORMAT) {
    throw new InputError(
      "GENERATOR",
      `restoreGenerator was given ${show(stored)}, but needs what a generator's toJSON() returned; parse the text with JSON.parse first.`,
    );
  }
  if (given["version"] !== VERSION) {
    throw new InputError(
      "GENERATOR",
      `This generator has version ${show(given["version"])} of the format, but this release reads version ${VERSION}; use the release that stored it.`,
    );
  }
  try {
    const schema = mapSchema(given["schema"] as Schema, unpack) as Schema;
    if (!isWhole(schema)) throw damaged();
    const streams = Array.from(given["streams"] as StoredStream[], (stream) => checked(restoreStream(stream), schema));
    const { method, seed, counts, notes } = given as { method: string; seed: number; counts: number[]; notes: string[] };
    const fits =
      typeof method === "string" && Number.isSafeInteger(seed) && seed >= 0 && Array.isArray(notes) && counts.length === streams.length;
    if (!fits || !Array.from(counts).every(Number.isSafeInteger)) throw damaged();
    return { method, seed, schema, counts, notes, streams };
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw damaged();
  }
}

function restoreStream(stream: StoredStream): Choices {
  const { rule, k } = stream;
  const rows = fromText(Uint32Array, stream.rows);
  const bases = { ...stream.bases, shares: fromText(Float64Array, stream.bases.shares) };
  return {
    ...stream,
    rows,
    bases,
    numeric: fromText(Float64Array, stream.numeric),
    nominal: fromText(Uint32Array, stream.nominal),
    neighbors: fromText(Uint32Array, stream.neighbors),
    lists: fromText(Uint32Array, stream.lists) ?? evenLists((bases.shares ?? rows).length, k),
    spans: fromText(Float64Array, stream.spans) ?? ALL_THE_WAY,
    weights: fromText(Float64Array, stream.weights),
    carried: Array.from(stream.carried, (cells) => Array.from(cells, unpack)),
    rule: { ...rule, spreads: fromText(Float64Array, (rule as { spreads?: string }).spreads) } as Rule,
  };
}

/** A stream whose arrays fit together: kernels trust them. */
function checked(choices: Choices, { d, q, carried, columns, classes }: Schema): Choices {
  const { rows, rule, label, numeric, nominal, neighbors, weights, bases, lists, spans } = choices;
  const n = rows.length;
  const b = lists.length / 2;
  const fits =
    [
      [numeric, n * d],
      [nominal, n * q],
      [bases.shares ?? rows, b],
      [choices.carried, carried],
      ...choices.carried.map((cells) => [cells, b] as const),
      [weights ?? rows, n],
      [rule.name === "copy" || rule.name === "lerp" ? Array(d) : rule.spreads, d],
    ].every(([array, length]) => (array as ArrayLike<unknown>).length === length) &&
    neighbors.every((row) => row < n) &&
    lists.every((at, i) => (i % 2 ? at || !rule.nominal : at + lists[i + 1]! <= neighbors.length)) &&
    (spans.length === 2 || spans.length === 2 * neighbors.length) &&
    spans.every((gap) => Math.abs(gap) <= 1) &&
    (!bases.shares || bases.shares.reduce((sum, share) => sum + (share < 0 ? NaN : share), 0) > 0) &&
    columns.every(({ place, levels, kind }) =>
      rows.every((_, t) => {
        const level = kind === "nominal" ? nominal[t * q + place]! - 1 : numeric[t * d + place]!;
        return !levels || !(level >= levels.length || (level < 0 && kind !== "nominal"));
      }),
    );
  if (!n || b > n || !fits || !/^(even|independent)$/.test(bases.draws) || classes[label] === undefined) throw damaged();
  return choices;
}

function damaged(): InputError {
  return new InputError("GENERATOR", "The stored generator is damaged; store it again with toJSON().");
}
