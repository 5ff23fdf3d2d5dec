import type { StatsExports } from "../engine/exports";
import type { Instance } from "../engine/lease";
import { blockSizes, type Work } from "../run/work";

/** Work of a cluster of n rows. */
export function meanDistanceWork(n: number, d: number): number {
  return (n * n * (d + 4)) / 2;
}

/** The mean distance of two different rows of f64 (n, d); 0 of fewer than two. */
export async function meanDistance(
  { arena, kernels }: Instance<StatsExports>,
  work: Pick<Work, "step">,
  values: Float64Array,
  n: number,
  d: number,
): Promise<number> {
  if (n < 2) return 0;
  return arena.during(async () => {
    const rows = arena.put(values);
    const packed = arena.room(Float64Array, (n + 1) * d);
    const [sums, squares] = [arena.room(Float64Array, n), arena.room(Float64Array, n + 1)];
    kernels.pack_pairs(packed, rows, n, d);
    const size = blockSizes();
    for (let from = 0; from < n;) {
      const cost = (n - from) * (d + 4);
      const to = Math.min(n, from + Math.max(1, Math.floor(size() / cost)));
      kernels.sum_distances(sums, rows, packed, squares, n, d, from, to);
      const turn = work.step((to - from) * cost);
      if (turn) await turn;
      from = to;
    }
    const sum = arena.view(Float64Array, sums, n).reduce((all, one) => all + one, 0);
    return sum / ((n * (n - 1)) / 2);
  });
}
