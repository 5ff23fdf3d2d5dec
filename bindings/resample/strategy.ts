import { list, nearest, show } from "../check";
import type { Label, Strategy } from "../contracts";
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
  const up = (target: (code: number) => number, named: readonly number[]): Map<number, number> =>
    new Map(named.map((code) => [code, Math.max(0, Math.round(target(code)) - counts[code]!)]));

  if (typeof strategy === "string") return up(() => largest, codesOfWord(strategy, ranks, codes));
  if (typeof strategy === "number") {
    checkFactor("strategy", strategy);
    const growing = up(() => strategy * largest, codes);
    if ([...growing.values()].every((rows) => rows === 0)) {
      throw new InputError(
        "STRATEGY",
        `strategy is ${strategy}, but every class already has at least ${strategy} times the ${largest} rows of the largest; use a higher ratio.`,
      );
    }
    for (const [code, rows] of growing) if (rows === 0) growing.delete(code);
    return growing;
  }
  if (typeof strategy === "function") {
    const present = new Map(classes.map((label, code) => [label, counts[code]!]));
    return adding(strategy(present), "The function given as strategy", classes, counts);
  }
  if (typeof strategy === "object" && strategy !== null) {
    const keys = Object.keys(strategy);
    const [key] = keys;
    const value = (strategy as Record<string, unknown>)[key ?? ""];
    if (keys.length === 1 && key === "counts") return adding(value, "strategy.counts", classes, counts);
    if (keys.length === 1 && (key === "ratios" || key === "times")) {
      const factors = perLabel(value, `strategy.${key}`, classes);
      for (const [code, factor] of factors) {
        const label = show(classes[code]);
        checkFactor(`strategy.${key} of class ${label}`, factor);
        const target = Math.round(factor * (key === "ratios" ? largest : counts[code]!));
        if (target < counts[code]!) throw tooFew(`strategy.${key} gives class ${label} ${target} rows`, counts[code]!);
      }
      return up((code) => factors.get(code)! * (key === "ratios" ? largest : counts[code]!), [...factors.keys()]);
    }
  }
  throw new InputError("STRATEGY", `strategy is ${show(strategy)}, but needs ${FORMS}.`);
}

/** Rows of each class by which words are resolved. */
export function ranksOf(
  ranking: ReadonlyMap<Label, number> | undefined,
  classes: readonly Label[],
  counts: readonly number[],
): readonly number[] {
  if (ranking === undefined) return counts;
  if (!(ranking instanceof Map)) throw new InputError("OPTION", `ranking is ${show(ranking)}, but needs a Map from label to rows.`);
  return classes.map((label) => (ranking as ReadonlyMap<Label, number>).get(label) ?? 0);
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

/** Final counts, by label, as rows to add. */
function adding(given: unknown, where: string, classes: readonly Label[], counts: readonly number[]): Map<number, number> {
  const finals = finalCounts(given, where, classes);
  for (const [code, final] of finals) {
    if (final < counts[code]!) throw tooFew(`${where} gives class ${show(classes[code])} ${final} rows`, counts[code]!);
    finals.set(code, final - counts[code]!);
  }
  return finals;
}

/** Whole numbers by class code. */
export function finalCounts(given: unknown, where: string, classes: readonly Label[]): Map<number, number> {
  const finals = perLabel(given, where, classes);
  for (const [code, final] of finals) {
    if (!Number.isSafeInteger(final) || final < 0) {
      throw new InputError("STRATEGY", `${where} gives class ${show(classes[code])} ${show(final)} rows, but needs a whole number.`);
    }
  }
  return finals;
}

function tooFew(given: string, present: number): InputError {
  return new InputError(
    "STRATEGY",
    `${given}, but it has ${present} already and oversampling only adds; leave the class out or give at least ${present}.`,
  );
}

/** Numbers by class code, in sorted order, from an object or a Map keyed by label. */
export function perLabel(given: unknown, where: string, classes: readonly Label[]): Map<number, number> {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new InputError("STRATEGY", `${where} is ${show(given)}, but needs a number for each label: an object or a Map.`);
  }
  const entries: [unknown, unknown][] = given instanceof Map ? [...given] : Object.entries(given);
  if (entries.length === 0) throw new InputError("STRATEGY", `${where} names no class; the data has ${list(classes.slice(0, 12))}.`);
  const byCode = new Map<number, number>();
  for (const [key, value] of entries) {
    const code = given instanceof Map ? classes.indexOf(key as Label) : classes.findIndex((label) => String(label) === key);
    if (code < 0) {
      throw new InputError(
        "STRATEGY",
        `${where} names class ${show(key)}, which the data does not have; it has ${list(classes.slice(0, 12))}${classes.length > 12 ? " …" : ""}.`,
      );
    }
    if (typeof value !== "number")
      throw new InputError("STRATEGY", `${where} gives class ${show(key)} ${show(value)}, but needs a number.`);
    byCode.set(code, value);
  }
  return new Map([...byCode].sort(([a], [b]) => a - b));
}

export function checkFactor(where: string, factor: number): void {
  if (!(factor > 0 && factor < Infinity)) throw new InputError("STRATEGY", `${where} is ${show(factor)}, but needs a number above 0.`);
}
