import { list, nearest, show } from "../check";
import type { Label, Strategy } from "../contracts";
import { perLabel } from "../data/labels";
import { InputError } from "../errors";

const WORDS = ["auto", "minority", "not minority", "not majority", "all"] as const;
const FORMS = '"auto", a ratio such as 0.5, { counts: { yes: 500 } }, { ratios: { yes: 0.5 } }, { times: { yes: 2 } }, or a function';

/**
 * How many rows to add to each class that the strategy names, by class code, in sorted order; see `Strategy`.
 * `counts`: rows of each class code.
 */
export function rowsToAdd(strategy: Strategy, classes: readonly Label[], counts: readonly number[]): Map<number, number> {
  if (classes.length < 2) {
    throw new InputError("LABEL", `Only class ${show(classes[0])} is present, but balancing needs at least two classes.`);
  }
  const largest = Math.max(...counts);
  const codes = counts.map((_, code) => code);
  const up = (target: (code: number) => number, named: readonly number[]): Map<number, number> =>
    new Map(named.map((code) => [code, Math.max(0, Math.round(target(code)) - counts[code]!)]));

  if (typeof strategy === "string") return up(() => largest, codesOfWord(strategy, counts, codes));
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
    return exactly(strategy(present), "The function given as strategy", classes, counts);
  }
  if (typeof strategy === "object" && strategy !== null) {
    const keys = Object.keys(strategy);
    const [key] = keys;
    const value = (strategy as Record<string, unknown>)[key ?? ""];
    if (keys.length === 1 && key === "counts") return exactly(value, "strategy.counts", classes, counts);
    if (keys.length === 1 && (key === "ratios" || key === "times")) {
      const factors = perLabel("STRATEGY", value, `strategy.${key}`, classes);
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

function codesOfWord(word: string, counts: readonly number[], codes: readonly number[]): readonly number[] {
  if (!WORDS.includes(word as (typeof WORDS)[number])) {
    const near = nearest(word, WORDS);
    throw new InputError(
      "STRATEGY",
      `strategy is ${show(word)}, but needs one of ${list(WORDS)}${near ? `; did you mean "${near}"?` : "."}`,
    );
  }
  const smallest = counts.indexOf(Math.min(...counts));
  const largest = counts.indexOf(Math.max(...counts));
  if (word === "minority") return [smallest];
  if (word === "not minority") return codes.filter((code) => code !== smallest);
  if (word === "all") return codes;
  return codes.filter((code) => code !== largest);
}

/** Final counts, by label, as rows to add. */
function exactly(given: unknown, where: string, classes: readonly Label[], counts: readonly number[]): Map<number, number> {
  const finals = perLabel("STRATEGY", given, where, classes);
  for (const [code, final] of finals) {
    const label = show(classes[code]);
    if (!Number.isSafeInteger(final) || final < 0) {
      throw new InputError("STRATEGY", `${where} gives class ${label} ${show(final)} rows, but needs a whole number.`);
    }
    if (final < counts[code]!) throw tooFew(`${where} gives class ${label} ${final} rows`, counts[code]!);
    finals.set(code, final - counts[code]!);
  }
  return finals;
}

function tooFew(given: string, present: number): InputError {
  return new InputError(
    "STRATEGY",
    `${given}, but it has ${present} already and oversampling only adds; leave the class out or give at least ${present}.`,
  );
}

function checkFactor(where: string, factor: number): void {
  if (!(factor > 0 && factor < Infinity)) throw new InputError("STRATEGY", `${where} is ${show(factor)}, but needs a number above 0.`);
}
