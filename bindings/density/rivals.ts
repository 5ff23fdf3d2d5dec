import type { ColumnStatistics, Dataset } from "../data/dataset";
import { density } from "../engine/density";
import type { CoreExports } from "../engine/exports";
import { withInstance, type Instance } from "../engine/lease";
import type { Work } from "../run/work";
import { embed, type Embedded } from "../search/embed";
import { centersOf, widthBy, type BandwidthRule } from "./bandwidths";
import { nearLogSums } from "./expansions";
import { centersBytes, kernelWork, placeLeaves } from "./sums";

/** The densities of a class and of all others, of one bandwidth, so that they can be compared. */
export interface Rivals {
  readonly embedded: Embedded;
  /** Rows of the class and of all others, as places among the embedded ones. */
  readonly own: Uint32Array;
  readonly others: Uint32Array;
  readonly width: number;
}

/** The rivals of a class; the bandwidth is that of a rule, times the root of the mean variance within the class. */
export function rivalsOf(
  instance: Instance<CoreExports>,
  data: Dataset,
  all: Uint32Array,
  code: number,
  divisors: Float64Array,
  statistics: ColumnStatistics,
  rule: BandwidthRule,
): Rivals {
  const embedded = embed(instance, data, all, divisors, statistics);
  const own = all.filter((i) => data.labels[i] === code);
  const columns = data.schema.d + data.schema.q;
  let variance = 0;
  for (let c = 0; c < embedded.width; c++) {
    const mean = own.reduce((sum, i) => sum + embedded.values[i * embedded.width + c]!, 0) / own.length;
    for (const i of own) {
      const apart = embedded.values[i * embedded.width + c]! - mean;
      variance += (apart * apart) / own.length;
    }
  }
  return {
    embedded,
    own,
    others: all.filter((i) => data.labels[i] !== code),
    // a class of equal rows has no width of its own
    width: widthBy(rule, own.length, columns) * Math.sqrt(variance / columns || 1),
  };
}

/** Work of both densities at m points. */
export function rivalWork(n: number, m: number, d: number): number {
  return m * kernelWork(n, d);
}

/** Binary logarithms of the mean kernels of the class and of all others at m points; `own`: at the class's rows, each without itself. */
export async function logRivals(
  work: Work,
  { embedded, own, others, width }: Rivals,
  points: Float64Array | "own",
): Promise<{ readonly inside: Float64Array; readonly outside: Float64Array }> {
  const { values, width: d } = embedded;
  const block = (rows: Uint32Array): Float64Array => {
    const taken = new Float64Array(rows.length * d);
    rows.forEach((i, t) => taken.set(values.subarray(i * d, i * d + d), t * d));
    return taken;
  };
  const itself = points === "own" ? { own: own.map((_, t) => t) } : {};
  return withInstance(density, async (instance) => {
    const sums = (rows: Uint32Array, options: { readonly own?: Uint32Array }): Promise<Float64Array> =>
      instance.arena.during(async () => {
        const n = rows.length;
        const asked = points === "own" ? block(own) : points;
        if (n === 0) return new Float64Array(asked.length / d).fill(-Infinity);
        instance.arena.reserve(centersBytes(n, d) + asked.length * 10, `Densities by ${n} rows`);
        const centers = centersOf({ values: block(rows), n, d, laplacian: false, weights: null }, width);
        return nearLogSums(instance, work, () => placeLeaves(instance, centers), centers, asked, { ...options, tolerance: 1e-9 });
      });
    return { inside: await sums(own, itself), outside: await sums(others, {}) };
  });
}
