import { show } from "../check";
import type { CleaningStrategy, Label, PerLabel, UndersampleStrategy } from "../contracts";
import { InputError } from "../errors";
import { checkClasses, checkFactor, checkWord, finalCounts, products, ranksOf } from "./strategy";

/** How the classes stand; `smallest` and `largest` are codes of classes that have rows, the first in sorted order of those of equal size. */
export interface Standing {
  readonly classes: readonly Label[];
  /** Rows of each class code. */
  readonly counts: readonly number[];
  readonly smallest: number;
  readonly largest: number;
}

const WORDS = ["auto", "majority", "not minority", "not majority", "all"] as const;
const FORMS = '"auto", a ratio such as 0.5, { counts: { no: 500 } }, { ratios: { no: 2 } }, { times: { no: 0.5 } }, or a function';

/** The classes by their counts; by `ranking`, where there is one, which is the smallest and which the largest. */
export function standingOf(classes: readonly Label[], counts: readonly number[], ranking: PerLabel | undefined): Standing {
  const ranks = ranksOf(ranking, classes, counts);
  const present = counts.flatMap((count, code) => (count > 0 ? [code] : []));
  checkClasses(present.map((code) => classes[code]!));
  const first = (before: (a: number, b: number) => boolean): number =>
    present.reduce((best, code) => (before(ranks[code]!, ranks[best]!) ? code : best));
  return { classes, counts, smallest: first((a, b) => a < b), largest: first((a, b) => a > b) };
}

/** How many rows stay of each class that the strategy names, by class code, in sorted order; see `UndersampleStrategy`. */
export function rowsToKeep(strategy: UndersampleStrategy, standing: Standing): Map<number, number> {
  const { classes, counts, smallest } = standing;
  const fewest = counts[smallest]!;
  if (typeof strategy === "string") {
    return new Map(codesOf(strategy, standing).map((code) => [code, Math.min(counts[code]!, fewest)]));
  }
  if (typeof strategy === "number") {
    checkFactor("strategy", strategy);
    if (strategy > 1) {
      throw new InputError(
        "STRATEGY",
        `strategy is ${strategy}, which would make the smallest class the largest; use a ratio of 1 or less.`,
      );
    }
    const most = Math.round(fewest / strategy);
    const cut = counts.flatMap((count, code): [number, number][] => (count > most ? [[code, most]] : []));
    if (cut.length === 0) {
      throw new InputError(
        "STRATEGY",
        `strategy is ${strategy}, but no class has more than the ${most} rows that the ${fewest} of the smallest allow; use a higher ratio.`,
      );
    }
    return new Map(cut);
  }
  if (typeof strategy === "function") {
    const present = new Map(classes.map((label, code) => [label, counts[code]!]));
    const where = "The function given as strategy";
    return within(finalCounts(strategy(present), where, classes), where, standing);
  }
  if (typeof strategy === "object" && strategy !== null) {
    const keys = Object.keys(strategy);
    const [key] = keys;
    const where = `strategy.${key}`;
    const value = (strategy as Record<string, unknown>)[key ?? ""];
    if (keys.length === 1 && key === "counts") return within(finalCounts(value, where, classes), where, standing);
    if (keys.length === 1 && (key === "ratios" || key === "times")) {
      return within(
        products(value, where, classes, (code) => (key === "ratios" ? fewest : counts[code]!)),
        where,
        standing,
      );
    }
  }
  throw new InputError("STRATEGY", `strategy is ${show(strategy)}, but needs ${FORMS}.`);
}

/** Codes of the classes that may lose rows, in sorted order; see `CleaningStrategy`. */
export function classesToClean(strategy: CleaningStrategy, standing: Standing): number[] {
  if (typeof strategy === "string") return codesOf(strategy, standing);
  if (!Array.isArray(strategy) || strategy.length === 0) {
    throw new InputError(
      "STRATEGY",
      `strategy is ${show(strategy)}, but this method itself finds how many rows go; it needs "auto", "all", or the labels that may lose rows: ["no"].`,
    );
  }
  // the checks of labels given by name are those of counts given by label
  return [...finalCounts(new Map((strategy as Label[]).map((label) => [label, 0])), "strategy", standing.classes).keys()];
}

function codesOf(word: string, { counts, smallest, largest }: Standing): number[] {
  if (word === "minority") {
    throw new InputError(
      "STRATEGY",
      'strategy is "minority", but the smallest class is what removing rows should spare; use "auto", or name the class by its label.',
    );
  }
  checkWord(word, WORDS);
  if (word === "majority") return [largest];
  const spared = word === "all" ? -1 : word === "not majority" ? largest : smallest;
  return [...counts.keys()].filter((code) => code !== spared);
}

/** Refuses to keep more rows than there are. */
function within(finals: Map<number, number>, where: string, { classes, counts }: Standing): Map<number, number> {
  for (const [code, final] of finals) {
    if (final <= counts[code]!) continue;
    throw new InputError(
      "STRATEGY",
      `${where} gives class ${show(classes[code])} ${final} rows, but it has ${counts[code]} and undersampling only removes; leave the class out or give at most ${counts[code]}.`,
    );
  }
  return finals;
}
