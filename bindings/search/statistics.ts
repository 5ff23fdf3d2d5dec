import type { CoreExports, Pointer } from "../engine/exports";
import type { Instance } from "../engine/lease";

/** Of the values present in each of d columns. Without any: mean and deviation 0, low Infinity, high −Infinity. */
export interface ColumnStatistics {
  readonly counts: Float64Array;
  readonly means: Float64Array;
  /** Population standard deviations. */
  readonly deviations: Float64Array;
  readonly lows: Float64Array;
  readonly highs: Float64Array;
}

/** A multiple of the kernels' chunk of 1024 rows: cuts between blocks leave no trace in the sums. */
const BLOCK_ROWS = 16 * 1024;

/** Statistics of an f64 (n, d) block already in the arena. */
export function statisticsAt(instance: Instance<CoreExports>, values: Pointer<Float64Array>, n: number, d: number): ColumnStatistics {
  return accumulate(instance, d, (visit) => visit(values, n));
}

/** Statistics of an f64 (n, d) block outside the arena, brought in some rows at a time. */
export function statisticsOf(instance: Instance<CoreExports>, values: Float64Array, n: number, d: number): ColumnStatistics {
  return accumulate(instance, d, (visit) => {
    for (let from = 0; from < n; from += BLOCK_ROWS) {
      const to = Math.min(from + BLOCK_ROWS, n);
      instance.arena.scope(() => visit(instance.arena.put(values.subarray(from * d, to * d)), to - from));
    }
  });
}

function accumulate(
  { kernels, arena }: Instance<CoreExports>,
  d: number,
  forEachBlock: (visit: (values: Pointer<Float64Array>, rows: number) => void) => void,
): ColumnStatistics {
  return arena.scope(() => {
    const counts = arena.put(new Float64Array(d));
    const sums = arena.put(new Float64Array(d));
    const lows = arena.put(new Float64Array(d).fill(Infinity));
    const highs = arena.put(new Float64Array(d).fill(-Infinity));
    const chunk = arena.room(Float64Array, d);
    forEachBlock((values, rows) => kernels.add_columns(counts, sums, lows, highs, values, chunk, rows, d));
    const present = arena.take(Float64Array, counts, d);
    const [low, high] = [arena.take(Float64Array, lows, d), arena.take(Float64Array, highs, d)];
    // a constant column is its own mean, whatever its sum was rounded to
    const means = arena.take(Float64Array, sums, d).map((sum, c) => (low[c] === high[c] ? low[c]! : present[c] ? sum / present[c] : 0));
    const squares = arena.put(new Float64Array(d));
    const center = arena.put(means);
    forEachBlock((values, rows) => kernels.add_squared_deviations(squares, values, center, chunk, rows, d));
    const deviations = arena.take(Float64Array, squares, d).map((sum, c) => (present[c] ? Math.sqrt(sum / present[c]) : 0));
    return { counts: present, means, deviations, lows: low, highs: high };
  });
}

/** The middle of the sorted values; the mean of the two middle ones if their number is even; 0 of none. */
export function median(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
