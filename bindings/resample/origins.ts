import type { Origins } from "../contracts";
import type { Choices } from "./choices";
import type { Plan } from "./plan";

/** Origins of `originals` rows of the input, each its own, and room for `made` synthetic ones behind them. */
export class OriginList implements Origins {
  readonly kind: Uint8Array;
  readonly base: Uint32Array;
  readonly neighbor: Int32Array;
  readonly gap: Float64Array;

  constructor(originals: number, made: number) {
    this.kind = new Uint8Array(originals + made).fill(1, originals);
    this.base = new Uint32Array(originals + made);
    for (let i = 0; i < originals; i++) this.base[i] = i;
    this.neighbor = new Int32Array(originals + made).fill(-1);
    this.gap = new Float64Array(originals + made);
  }

  /** Records the rows of a plan from place `at` on. */
  record(at: number, { rows, neighbors: table }: Choices, { m, bases, neighbors, gaps }: Plan): void {
    for (let t = 0; t < m; t++) {
      this.base[at + t] = rows[bases[t]!]!;
      // NO_ROW becomes −1
      if (table.length) this.neighbor[at + t] = rows[neighbors[t]!]!;
      this.gap[at + t] = gaps[t]!;
    }
  }

  parents(i: number): number[] {
    return this.kind[i] ? [this.base[i]!, this.neighbor[i]!].filter((row) => row >= 0) : [];
  }
}
