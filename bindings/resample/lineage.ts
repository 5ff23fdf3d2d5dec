import type { ClassCount, Label, Origins } from "../contracts";
import { countsOf, type Dataset } from "../data/dataset";

/** Origins of rows that stayed, and of rows made of any number of parents. */
class Lineage implements Origins {
  readonly kind: Uint8Array;
  readonly base: Uint32Array;
  readonly neighbor: Int32Array;
  readonly gap: Float64Array;

  // not a property, so that origins can be cloned and sent
  readonly #parents: (i: number) => number[];

  constructor(n: number, parents: (i: number) => number[]) {
    this.#parents = parents;
    this.kind = new Uint8Array(n);
    this.base = new Uint32Array(n);
    this.neighbor = new Int32Array(n).fill(-1);
    this.gap = new Float64Array(n);
  }

  parents(i: number): number[] {
    return this.#parents(i);
  }
}

/** Of rows of the input that stay, and of rows behind them that stand for several; the base of those is the first they stand for. */
export function lineageOf(rows: Uint32Array, parents: readonly (readonly number[])[]): Origins {
  const origins = new Lineage(rows.length + parents.length, (i) => [...(parents[i - rows.length] ?? [])]);
  origins.kind.fill(1, rows.length);
  origins.base.set(rows);
  parents.forEach(([first], t) => (origins.base[rows.length + t] = first!));
  return origins;
}

/**
 * Where the rows of a second step come from, counted in the input of the first. A row made of rows that were made leans from the base of its base towards the base of its
 * neighbor; all rows that it comes from are its parents.
 */
export function composed(first: Origins, second: Origins): Origins {
  const ancestors = (j: number): number[] => (first.kind[j] ? first.parents(j) : [first.base[j]!]);
  const origins = new Lineage(second.kind.length, (i) => {
    if (!second.kind[i]) return first.parents(second.base[i]!);
    return [...new Set(second.parents(i).flatMap(ancestors))];
  });
  second.kind.forEach((made, i) => {
    const [j, toward] = [second.base[i]!, second.neighbor[i]!];
    origins.kind[i] = made || first.kind[j]!;
    origins.base[i] = first.base[j]!;
    origins.neighbor[i] = made ? (toward < 0 ? -1 : first.base[toward]!) : first.neighbor[j]!;
    origins.gap[i] = made ? second.gap[i]! : first.gap[j]!;
  });
  return origins;
}

/** Rows of each class of the input and of what came of it. A row that stays more than once is added from the second time on. */
export function classCounts(data: Dataset, origins: Origins): ReadonlyMap<Label, ClassCount> {
  const after = data.schema.classes.map(() => 0);
  const stayed = after.slice();
  const seen = new Uint8Array(data.n);
  origins.base.forEach((row, i) => {
    // whoever made a row, made it of its class
    const code = data.labels[row]!;
    after[code]!++;
    if (origins.kind[i] || seen[row]) return;
    seen[row] = 1;
    stayed[code]!++;
  });
  return new Map(
    countsOf(data).map((before, code) => [
      data.schema.classes[code]!,
      { before, added: after[code]! - stayed[code]!, removed: before - stayed[code]!, after: after[code]! },
    ]),
  );
}
