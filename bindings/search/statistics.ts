import type { ColumnStatistics } from "../data/dataset";
import type { CoreExports, Pointer } from "../engine/exports";
import type { Instance } from "../engine/lease";

/** A multiple of the kernels' chunk of 1024 rows. */
export const BLOCK_ROWS = 16 * 1024;

/** Statistics of an f64 (n, d) block already in the arena. */
export function statisticsAt(instance: Instance<CoreExports>, values: Pointer<Float64Array>, n: number, d: number): ColumnStatistics {
  return accumulate(instance, nothing(d), values, n);
}

/** Statistics of an f64 (n, d) block outside the arena, brought in some rows at a time. */
export function statisticsOf(instance: Instance<CoreExports>, values: Float64Array, n: number, d: number): ColumnStatistics {
  let sums = nothing(d);
  for (let from = 0; from < n; from += BLOCK_ROWS) sums = addRows(instance, sums, values.subarray(from * d, (from + BLOCK_ROWS) * d), d);
  return sums;
}

/** Statistics of no rows. */
export function nothing(d: number): ColumnStatistics {
  return {
    counts: new Float64Array(d),
    means: new Float64Array(d),
    deviations: new Float64Array(d),
    lows: new Float64Array(d).fill(Infinity),
    highs: new Float64Array(d).fill(-Infinity),
    squares: new Float64Array(d),
  };
}

/** The statistics with the rows of an f64 (n, d) block added; cuts between blocks leave no trace if n is a multiple of BLOCK_ROWS in all but the last. */
export function addRows(instance: Instance<CoreExports>, before: ColumnStatistics, values: Float64Array, d: number): ColumnStatistics {
  return instance.arena.scope(() => accumulate(instance, before, instance.arena.put(values), d ? values.length / d : 0));
}

function accumulate(
  { kernels, arena }: Instance<CoreExports>,
  before: ColumnStatistics,
  values: Pointer<Float64Array>,
  n: number,
): ColumnStatistics {
  const d = before.counts.length;
  return arena.scope(() => {
    const at = [before.counts, before.means, before.squares, before.lows, before.highs].map((numbers) => arena.put(numbers));
    const [counts, means, squares, lows, highs] = at as [number, number, number, number, number];
    kernels.add_columns(counts, means, squares, lows, highs, values, n, d);
    const take = (from: number): Float64Array => arena.take(Float64Array, from, d);
    const [present, sums] = [take(counts), take(squares)];
    const deviations = sums.map((sum, c) => (present[c] ? Math.sqrt(sum / present[c]) : 0));
    return { counts: present, means: take(means), squares: sums, deviations, lows: take(lows), highs: take(highs) };
  });
}

/** The middle of the sorted values; the mean of the two middle ones if their number is even; 0 of none. */
export function median(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
