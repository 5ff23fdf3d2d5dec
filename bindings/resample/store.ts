import { show } from "../check";
import type { StoredGenerator } from "../contracts";
import { InputError } from "../errors";
import { ALL_THE_WAY } from "./choices";
import type { Fitted } from "./generate";
import { FORMAT, mapSchema, VERSION } from "./stored";

/** What was fitted as plain data. */
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
      ...(!choices.k && choices.neighbors.length > 0 && { lists: toText(choices.lists) }),
      ...(choices.spans !== ALL_THE_WAY && { spans: toText(choices.spans) }),
      weights: choices.weights && toText(choices.weights),
      carried: choices.carried.map((cells) => cells.map(pack)),
      bases: { ...choices.bases, shares: choices.bases.shares && toText(choices.bases.shares) },
      rule: choices.rule.name === "jitter" ? { ...choices.rule, spreads: toText(choices.rule.spreads) } : choices.rule,
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

function toText(numbers: Float64Array | Uint32Array): string {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}
