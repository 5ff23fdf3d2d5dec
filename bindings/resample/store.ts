import { show } from "../check";
import type { StoredGenerator } from "../contracts";
import type { Column, Schema } from "../data/dataset";
import { ARRAYS } from "../data/write";
import { InputError } from "../errors";
import type { Choices, Rule } from "./choices";
import type { Fitted } from "./generate";

const FORMAT = "counterpoise generator";
const VERSION = 1;

type Numbers = Float64Array | Uint32Array;

/** What was fitted as plain data: arrays of numbers as base64 of their little-endian bytes, so that every bit survives. */
export function store(fitted: Fitted): StoredGenerator {
  return {
    format: FORMAT,
    version: VERSION,
    contains: "real rows",
    method: fitted.method,
    seed: fitted.seed,
    schema: mapSchema(fitted.schema, pack),
    counts: fitted.counts,
    notes: fitted.notes,
    streams: fitted.streams.map((choices) => ({
      label: choices.label,
      k: choices.k,
      rows: toText(choices.rows),
      numeric: toText(choices.numeric),
      nominal: toText(choices.nominal),
      neighbors: toText(choices.neighbors),
      weights: choices.weights && toText(choices.weights),
      carried: choices.carried.map((cells) => cells.map(pack)),
      bases: { ...choices.bases, shares: choices.bases.shares && toText(choices.bases.shares) },
      rule: choices.rule.name === "jitter" ? { ...choices.rule, spreads: toText(choices.rule.spreads) } : choices.rule,
    })),
  };
}

interface StoredStream {
  label: number;
  k: number;
  rows: string;
  numeric: string;
  nominal: string;
  neighbors: string;
  weights: string | null;
  carried: unknown[][];
  bases: { draws: "even" | "independent"; shares: string | null };
  rule: Exclude<Rule, { name: "jitter" }> | { name: "jitter"; spreads: string };
}

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
      `This generator was stored in version ${show(given["version"])} of the format, but this release reads version ${VERSION}; use the release that stored it.`,
    );
  }
  try {
    const schema = checkedSchema(mapSchema(given["schema"] as Schema, unpack) as Schema);
    const streams = Array.from(given["streams"] as StoredStream[], (stream) => checked(restoreStream(stream), schema));
    const { method, seed, counts, notes } = given as { method: string; seed: number; counts: number[]; notes: string[] };
    const fits = typeof method === "string" && Number.isSafeInteger(seed) && seed >= 0 && Array.isArray(notes) && counts.length === streams.length;
    if (!fits || !Array.from(counts).every(Number.isSafeInteger)) throw damaged("its seed, counts or notes are not what they were");
    return { method, seed, schema, counts, notes, streams };
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw damaged(String((cause as Error).message));
  }
}

function restoreStream(stream: StoredStream): Choices {
  const { rule, bases } = stream;
  return {
    label: stream.label,
    k: stream.k,
    rows: fromText(Uint32Array, stream.rows),
    numeric: fromText(Float64Array, stream.numeric),
    nominal: fromText(Uint32Array, stream.nominal),
    neighbors: fromText(Uint32Array, stream.neighbors),
    weights: stream.weights === null ? null : fromText(Float64Array, stream.weights),
    carried: Array.from(stream.carried, (cells) => Array.from(cells, unpack)),
    bases: { draws: bases.draws, shares: bases.shares === null ? null : fromText(Float64Array, bases.shares) },
    rule: rule.name === "jitter" ? { name: "jitter", spreads: fromText(Float64Array, rule.spreads) } : rule,
  };
}

/** A schema that rows can be written by. */
function checkedSchema(schema: Schema): Schema {
  const { layout, columns, classes, labelArray, d, q, carried } = schema;
  const count = (block: (column: Column) => boolean): number => columns.filter(block).length;
  const fits =
    ["nested", "flat", "rows", "columns"].includes(layout) &&
    classes.every((label) => ["string", "number", "boolean"].includes(typeof label)) &&
    Object.hasOwn(ARRAYS, labelArray) &&
    columns.every(({ name, kind, levels, array, missing, role }) => {
      const measured = role !== "feature" || (!!kind && (kind === "nominal" || kind === "ordinal") === Array.isArray(levels));
      return measured && typeof name === "string" && typeof missing === "string" && Object.hasOwn(ARRAYS, array);
    }) &&
    d === count(({ role, kind }) => role === "feature" && kind !== "nominal") &&
    q === count(({ role, kind }) => role === "feature" && kind === "nominal") &&
    carried === count(({ role }) => role === "carry" || role === "group" || role === "time") &&
    columns.every(({ place }) => place >= 0 && place < Math.max(1, d, q, carried));
  if (!fits) throw damaged("its columns are not what they were");
  return schema;
}

/** A stream whose arrays fit together: kernels trust them. */
function checked(choices: Choices, { d, q, carried, columns, classes }: Schema): Choices {
  const { rows, k, rule, label, numeric, nominal } = choices;
  const n = rows.length;
  const known = (place: number, levels: number, kind: string): boolean =>
    kind === "nominal"
      ? rows.every((_, t) => nominal[t * q + place]! <= levels)
      : rows.every((_, t) => Number.isNaN(numeric[t * d + place]) || (numeric[t * d + place]! >= 0 && numeric[t * d + place]! < levels));
  const fits =
    n > 0 &&
    classes[label] !== undefined &&
    Number.isSafeInteger(k) &&
    numeric.length === n * d &&
    nominal.length === n * q &&
    choices.neighbors.length === n * k &&
    choices.neighbors.every((row) => row < n) &&
    choices.carried.length === carried &&
    choices.carried.every((cells) => cells.length === n) &&
    (choices.weights === null || choices.weights.length === n) &&
    (choices.bases.shares === null || choices.bases.shares.length === n) &&
    ["copy", "lerp", "jitter"].includes(rule.name) &&
    (rule.name !== "lerp" || k > 0) &&
    (rule.name !== "jitter" || rule.spreads.length === d) &&
    ["even", "independent"].includes(choices.bases.draws) &&
    columns.every(({ place, levels, kind }) => !levels || known(place, levels.length, kind!));
  if (!fits) throw damaged("its arrays do not fit together");
  return choices;
}

function damaged(why: string): InputError {
  return new InputError("GENERATOR", `The stored generator is damaged (${why}); store it again with toJSON().`);
}

/** The schema with its cells packed or unpacked: labels, levels and bounds. */
function mapSchema({ classes, columns, ...rest }: Schema, change: (cell: unknown) => unknown): object {
  return {
    ...rest,
    classes: Array.from(classes, change),
    columns: Array.from(columns, ({ levels, bounds, ...column }) => ({
      ...column,
      ...(levels && { levels: Array.from(levels, change) }),
      ...(bounds && { bounds: Array.from(bounds, change) }),
    })),
  };
}

/** A cell as JSON can hold it. */
function pack(cell: unknown): unknown {
  if (cell instanceof Date) return { date: cell.getTime() };
  if (typeof cell === "bigint") return { bigint: String(cell) };
  if (cell === undefined) return { undefined: true };
  if (typeof cell === "number" && (!Number.isFinite(cell) || Object.is(cell, -0)))
    return { number: Object.is(cell, -0) ? "-0" : String(cell) };
  if (typeof cell === "object" && cell !== null) {
    throw new InputError(
      "GENERATOR",
      `A carried column holds ${show(cell)}, which cannot be stored; leave that column out of the table before fitting.`,
    );
  }
  return cell;
}

function unpack(cell: unknown): unknown {
  if (typeof cell !== "object" || cell === null) return cell;
  const packed = cell as { date?: number; bigint?: string; number?: string };
  if (packed.date !== undefined) return new Date(packed.date);
  if (packed.bigint !== undefined) return BigInt(packed.bigint);
  return packed.number === undefined ? undefined : Number(packed.number);
}

function toText(numbers: Numbers): string {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}

function fromText<T extends Numbers>(type: { new (buffer: ArrayBuffer): T }, text: string): T {
  const bytes = atob(text);
  const copy = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at++) copy[at] = bytes.charCodeAt(at);
  return new type(copy.buffer);
}
