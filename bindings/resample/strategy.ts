import { list, nearest, show } from "../check";
import type { Label, PerLabel, Strategy } from "../contracts";
import { perLabel } from "../data/labels";
import { InputError } from "../errors";

const WORDS = ["auto", "minority", "not minority", "not majority", "all"] as const;
const FORMS = '"auto", a ratio such as 0.5, { counts: { yes: 500 } }, { ratios: { yes: 0.5 } }, { times: { yes: 2 } }, or a function';

/**
 * How many rows to add to each class that the strategy names, by class code, in sorted order; see `Strategy`.
 * `counts`: rows of each class code; `ranks`: those that tell the smallest class and the largest.
 */
export function rowsToAdd(
  strategy: Strategy,
  classes: readonly Label[],
  counts: readonly number[],
  ranks: readonly number[] = counts,
): Map<number, number> {
  checkClasses(classes);
  const largest = counts[ranks.indexOf(Math.max(...ranks))]!;
  const codes = counts.map((_, code) => code);
  const upTo = (target: number, named: readonly number[]): Map<number, number> =>
    new Map(named.map((code) => [code, Math.max(0, target - counts[code]!)]));

  if (typeof strategy === "string") return upTo(largest, codesOfWord(strategy, ranks, codes));
  if (typeof strategy === "number") {
    checkFactor("strategy", strategy);
    const target = Math.round(strategy * largest);
    const smaller = codes.filter((code) => counts[code]! < target);
    if (smaller.length > 0) return upTo(target, smaller);
    throw new InputError(
      "STRATEGY",
      `strategy is ${strategy}, but every class already has at least ${strategy} times the ${largest} rows of the largest; use a higher ratio.`,
    );
  }
  if (typeof strategy === "function") {
    const where = "The function given as strategy";
    const present = new Map(classes.map((label, code) => [label, counts[code]!]));
    return adding(finalCounts(strategy(present), where, classes), where, classes, counts);
  }
  if (typeof strategy === "object" && strategy !== null) {
    const keys = Object.keys(strategy);
    const [key] = keys;
    const where = `strategy.${key}`;
    const value = (strategy as Record<string, unknown>)[key ?? ""];
    if (keys.length === 1 && key === "counts") return adding(finalCounts(value, where, classes), where, classes, counts);
    if (keys.length === 1 && (key === "ratios" || key === "times")) {
      return adding(
        products(value, where, classes, (code) => (key === "ratios" ? largest : counts[code]!)),
        where,
        classes,
        counts,
      );
    }
  }
  throw new InputError("STRATEGY", `strategy is ${show(strategy)}, but needs ${FORMS}.`);
}

/** Rows of each class by which words are resolved. */
export function ranksOf(ranking: PerLabel | undefined, classes: readonly Label[], counts: readonly number[]): readonly number[] {
  if (!ranking) return counts;
  const given = perLabel("OPTION", ranking, "ranking", classes);
  return classes.map((_, code) => given.get(code) ?? 0);
}

export function checkClasses(present: readonly Label[]): void {
  if (present.length >= 2) return;
  throw new InputError("LABEL", `Only class ${show(present[0])} is present, but balancing needs at least two classes.`);
}

function codesOfWord(word: string, ranks: readonly number[], codes: readonly number[]): readonly number[] {
  checkWord(word, WORDS);
  const smallest = ranks.indexOf(Math.min(...ranks));
  const largest = ranks.indexOf(Math.max(...ranks));
  if (word === "minority") return [smallest];
  if (word === "not minority") return codes.filter((code) => code !== smallest);
  if (word === "all") return codes;
  return codes.filter((code) => code !== largest);
}

export function checkWord(word: string, words: readonly string[]): void {
  if (words.includes(word)) return;
  const near = nearest(word, words);
  throw new InputError("STRATEGY", `strategy is ${show(word)}, but needs one of ${list(words)}${near ? `; did you mean "${near}"?` : "."}`);
}

/** Final counts as rows to add. */
function adding(finals: Map<number, number>, where: string, classes: readonly Label[], counts: readonly number[]): Map<number, number> {
  for (const [code, final] of finals) {
    if (final < counts[code]!) {
      throw new InputError(
        "STRATEGY",
        `${where} gives class ${show(classes[code])} ${final} rows, but it has ${counts[code]} already and oversampling only adds; leave the class out or give at least ${counts[code]}.`,
      );
    }
    finals.set(code, final - counts[code]!);
  }
  return finals;
}

/** Factors by label as final counts by class code. */
export function products(given: unknown, where: string, classes: readonly Label[], of: (code: number) => number): Map<number, number> {
  const finals = perLabel("STRATEGY", given, where, classes);
  for (const [code, factor] of finals) {
    checkFactor(`${where} of class ${show(classes[code])}`, factor);
    finals.set(code, Math.round(factor * of(code)));
  }
  return finals;
}

/** Whole numbers by class code. */
export function finalCounts(given: unknown, where: string, classes: readonly Label[]): Map<number, number> {
  const finals = perLabel("STRATEGY", given, where, classes);
  for (const [code, final] of finals) {
    if (!Number.isSafeInteger(final) || final < 0) {
      throw new InputError("STRATEGY", `${where} gives class ${show(classes[code])} ${show(final)} rows, but needs a whole number.`);
    }
  }
  return finals;
}

export function checkFactor(where: string, factor: number): void {
  if (!(factor > 0 && factor < Infinity)) throw new InputError("STRATEGY", `${where} is ${show(factor)}, but needs a number above 0.`);
}
