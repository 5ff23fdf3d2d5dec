import { placePairs } from "../search/pairs";
import { takenRows, type Desk } from "./both";

/** How far two sets of rows reach into each other, by balls around every row that reach to its k-th nearest of its own set. */
export interface Fidelity {
  /** Synthetic rows that lie in the ball of a real row, as a share (Kynkäänniemi et al. 2019). */
  readonly precision: number;
  /** Real rows that lie in the ball of a synthetic row. */
  readonly recall: number;
  /** In how many real balls a synthetic row lies, over k: 1 where both are alike (Naeem et al. 2020). */
  readonly density: number;
  /** Real rows whose ball holds a synthetic row. */
  readonly coverage: number;
  /** k, and how many rows of either side were compared. */
  readonly kNeighbors: number;
  readonly compared: { readonly real: number; readonly synthetic: number };
}

/** k of Naeem et al. */
const K = 5;
const MOST_COMPARED = 2000;

export function fidelityWork({ both: { data } }: Pick<Desk, "both">, real: number, synthetic: number): number {
  const [n, m] = [Math.min(real, MOST_COMPARED), Math.min(synthetic, MOST_COMPARED)];
  return (n * n + m * m + n * m) * (data.schema.d + data.schema.q + 200);
}

/**
 * Precision, recall, density and coverage of at most 2000 rows a side, every pair compared. Null where a side has k rows or fewer. A row on the edge of a ball is not in it, as in Naeem et al.'s code.
 */
export function fidelityOf(desk: Desk, real: Uint32Array, synthetic: Uint32Array): Promise<Fidelity | null> {
  const [x, y] = [desk.some(real, MOST_COMPARED), desk.some(synthetic, MOST_COMPARED)];
  const [n, m] = [x.length, y.length];
  return desk.part(fidelityWork(desk, n, m), async (work) => {
    if (n <= K || m <= K) return null;
    const { instance, divisors, all } = desk;
    const data = takenRows(desk.both.data, x, y);
    return instance.arena.during(async () => {
      const { key } = placePairs(instance, data, divisors, { metric: "euclidean", missing: "expected" }, all);
      const each = data.schema.d + data.schema.q + 200;
      const radii = new Float64Array(n + m);
      const nearest = new Float64Array(K);
      for (let i = 0; i < n + m; i++) {
        nearest.fill(Infinity);
        for (let j = i < n ? 0 : n; j < (i < n ? n : n + m); j++) {
          if (j === i) continue;
          let distance = key(i, j);
          for (let t = 0; t < K; t++) {
            const held = nearest[t]!;
            if (distance >= held) continue;
            nearest[t] = distance;
            distance = held;
          }
        }
        radii[i] = nearest[K - 1]!;
        await work.step((i < n ? n : m) * each);
      }
      const [inReal, inSynthetic, covered] = [new Uint32Array(m), new Uint8Array(n), new Uint8Array(n)];
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < m; j++) {
          const distance = key(i, n + j);
          if (distance < radii[n + j]!) inSynthetic[i] = 1;
          if (distance >= radii[i]!) continue;
          inReal[j]!++;
          covered[i] = 1;
        }
        await work.step(m * each);
      }
      const sum = (flags: ArrayLike<number>): number =>
        Array.prototype.reduce.call(flags, (total, flag) => (total as number) + flag, 0) as number;
      return {
        precision: inReal.filter((count) => count > 0).length / m,
        recall: sum(inSynthetic) / n,
        density: sum(inReal) / (K * m),
        coverage: sum(covered) / n,
        kNeighbors: K,
        compared: { real: n, synthetic: m },
      };
    });
  });
}
