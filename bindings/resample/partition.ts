import { allRows, rowsByClass, type Dataset } from "../data/dataset";
import { PURPOSE, units } from "../draw";
import type { CoreExports } from "../engine/exports";
import type { Instance } from "../engine/lease";

/** How an iterative-partitioning filter goes about it. */
export interface Partitioning {
  readonly folds: number;
  readonly vote: "majority" | "consensus";
  /** A round that takes away less than this share of all rows is a quiet one; after `quietRounds` of them in a row the filter ends. */
  readonly quietShare: number;
  readonly quietRounds: number;
  readonly seed: number;
  /** Rows that stay whatever is voted. */
  readonly protects: (row: number) => boolean;
  /** Class codes that a model of the rows `fold` gives to `rows`; an unknown one is wrong. */
  readonly predict: (fold: Uint32Array, rows: Uint32Array) => Promise<ArrayLike<number>>;
}

export interface Partitioned {
  /** Rows left, ascending. */
  readonly kept: Uint32Array;
  readonly rounds: number;
  /** Class codes whose rows were all voted out in some round, and stayed. */
  readonly spared: readonly number[];
}

/**
 * The iterative-partitioning filter (Khoshgoftaar, Rebours: Improving software quality prediction by noise filtering techniques, JCST 22, 2007): the rows left are dealt into stratified
 * folds, a model of each fold votes on all rows, and rows that most models, or all of them, give another class are taken away; again until little is taken away.
 */
export async function partition(
  instance: Instance<CoreExports>,
  data: Dataset,
  { folds, vote, quietShare, quietRounds, seed, protects, predict }: Partitioning,
): Promise<Partitioned> {
  const { labels, n } = data;
  const spared = new Set<number>();
  let kept = allRows(n);
  let rounds = 0;
  for (let quiet = 0; quiet < quietRounds; rounds++) {
    const wrong = new Uint32Array(n);
    const dealt = deal(instance, data, kept, folds, seed, rounds);
    for (const fold of dealt) {
      const said = await predict(fold, kept);
      kept.forEach((row, at) => (wrong[row]! += Number(said[at] !== labels[row])));
    }
    const noisy = (row: number): boolean =>
      !protects(row) && (vote === "majority" ? 2 * wrong[row]! > dealt.length : wrong[row] === dealt.length);
    const lost = data.schema.classes.map(
      (_, code) => kept.some((row) => labels[row] === code) && !kept.some((row) => labels[row] === code && !noisy(row)),
    );
    lost.forEach((all, code) => all && spared.add(code));
    const left = kept.filter((row) => lost[labels[row]!] || !noisy(row));
    quiet = kept.length - left.length < quietShare * n ? quiet + 1 : 0;
    kept = left;
  }
  return { kept, rounds, spared: [...spared] };
}

/** The rows in folds of equal size, each with its share of every class, ascending; in each round other ones. */
export function deal(
  instance: Instance<CoreExports>,
  data: Dataset,
  rows: Uint32Array,
  folds: number,
  seed: number,
  round: number,
): Uint32Array[] {
  const count = Math.min(folds, rows.length);
  const dealt = Array.from({ length: count }, (): number[] => []);
  let next = 0;
  const here = { labels: Uint32Array.from(rows, (row) => data.labels[row]!), schema: data.schema };
  rowsByClass(here).forEach((places, label) => {
    const draws = units(instance, { seed, label }, PURPOSE.fold, round * 4294967296, places.length);
    const shuffled = Array.from(places.keys()).sort((a, b) => draws[a]! - draws[b]! || a - b);
    for (const at of shuffled) dealt[next++ % count]!.push(rows[places[at]!]!);
  });
  return dealt.map((fold) => Uint32Array.from(fold).sort());
}
