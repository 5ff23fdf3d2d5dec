import type { Dataset } from "../data/dataset";
import { firstEquals } from "../data/equal";
import type { Both } from "./both";

/** For each row behind those of the first data set, in order: a row of the first with the same features, or −1. i32 (rows behind). */
export function copiesOf({ data, n }: Both): { readonly of: Int32Array; readonly firsts: Uint32Array } {
  const firsts = firstEquals(data);
  return { of: Int32Array.from(firsts.subarray(n), (first) => (first < n ? first : -1)), firsts };
}

/**
 * By class code, whether nearly every row is there about as often as the others, and often more than once: so copying makes them, whereas of rows that were measured, and of those that hold few values, some
 * repeat much and others do not.
 */
export function evenRepeats({ schema, labels, n }: Dataset, firsts: Uint32Array): boolean[] {
  const times = new Map<number, number>();
  for (let i = 0; i < n; i++) {
    const key = firsts[i]! * schema.classes.length + labels[i]!;
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  const byClass = schema.classes.map((): number[] => []);
  for (const [key, count] of times) byClass[key % schema.classes.length]!.push(count);
  return byClass.map((counts) => {
    const mean = counts.reduce((sum, count) => sum + count - 1, 0) / counts.length;
    const variance = counts.reduce((sum, count) => sum + (count - 1 - mean) * (count - 1 - mean), 0) / counts.length;
    const alone = counts.filter((count) => count === 1).length / counts.length;
    // drawn evenly, copies of a row differ by one or two; drawn at random, their variance is their mean, and about exp(−mean) of the rows have none, also where some were repeated before
    const random = alone <= MOST_UNEVEN / (1 + mean + (mean * mean) / 2 + (mean * mean * mean) / 6);
    return mean > 0 && (variance <= MOST_UNEVEN * mean || (mean >= 1 && random));
  });
}

/** How far above what copying with replacement makes: a variance equal to the mean, and a share of rows without a copy. */
const MOST_UNEVEN = 1.3;
