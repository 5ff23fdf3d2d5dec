import { NO_ROW } from "../resample/choices";
import { restore } from "../resample/restore";

/**
 * By the row that new rows grew from: the rows that voted for their nominal values, whatever row each leaned towards. Empty where there was no vote.
 * @throws {InputError} when it is no stored generator, or a damaged one.
 */
export function votersOf(stored: unknown): ReadonlyMap<number, readonly number[]> {
  const voters = new Map<number, number[]>();
  const { schema, streams } = restore(stored);
  if (schema.q === 0) return voters;
  for (const { rows, neighbors, lists, rule } of streams) {
    if (rule.nominal !== "vote") continue;
    for (let b = 0; 2 * b < lists.length; b++) {
      const own = voters.get(rows[b]!) ?? [];
      for (let at = 0; at < lists[2 * b + 1]!; at++) {
        const row = rows[neighbors[lists[2 * b]! + at]!]!;
        if (row !== NO_ROW) own.push(row);
      }
      voters.set(rows[b]!, own);
    }
  }
  return voters;
}
