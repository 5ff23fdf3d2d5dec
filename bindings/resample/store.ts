import type { StoredGenerator } from "../contracts";
import { mapSchema, pack, toText } from "../data/plain";
import { ALL_THE_WAY } from "./choices";
import type { Fitted } from "./generate";
import { FORMAT, VERSION } from "./stored";

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
      ...(choices.gaps && { gaps: choices.gaps }),
      weights: choices.weights && toText(choices.weights),
      carried: choices.carried.map((cells) => cells.map(pack)),
      bases: { ...choices.bases, shares: choices.bases.shares && toText(choices.bases.shares) },
      rule: "spreads" in choices.rule ? { ...choices.rule, spreads: toText(choices.rule.spreads) } : choices.rule,
    })),
  };
}
