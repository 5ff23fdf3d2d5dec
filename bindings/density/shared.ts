import { density } from "../engine/density";
import { lease, withInstance } from "../engine/lease";
import { spread } from "../run/spread";
import { startWork, type Work } from "../run/work";
import { centersBytes, kernelWork, logSums, placeLeaves, type Centers, type Leaves } from "./sums";

/** Queries of a part: few enough for threads to end at about the same time, and many enough for telling of them to be nothing. */
const [PARTS, LEAST] = [32, 64];

interface Shared {
  readonly centers: Centers;
  readonly tolerance: number;
}

/** As `logSums` of points that are nowhere placed yet; ranges of queries are shared by threads. */
export async function sharedLogSums(work: Work, centers: Centers, queries: Float64Array, tolerance: number): Promise<Float64Array> {
  const { n, d } = centers;
  const m = queries.length / d;
  const size = Math.max(LEAST, LEAST * Math.ceil(m / PARTS / LEAST));
  const parts = Array.from({ length: Math.ceil(m / size) }, (_, p) => queries.slice(p * size * d, (p + 1) * size * d));
  const sums = new Float64Array(m);
  const bytes = centersBytes(n, d) + 8 * queries.length;
  const { signal, threads } = work.run ?? {};
  await withInstance(density, (instance) =>
    instance.arena.during(async () => {
      instance.arena.reserve(bytes, `Densities by ${n} rows`);
      const placed = placeLeaves(instance, centers);
      await spread<Float64Array, Float64Array>(
        {
          name: "sums",
          shared: (): Shared => ({ centers, tolerance }),
          parts,
          cost: 0.1 * m * kernelWork(n, d),
          bytes: 2 * bytes,
          here: (asked) => logSums(instance, work, placed, centers, asked, { tolerance }),
          async take(place, found, far) {
            sums.set(found, place * size);
            if (far) await work.step(found.length * kernelWork(n, d));
          },
        },
        { signal, threads },
      );
    }),
  );
  return sums;
}

/** What a lane does with the parts. Its instance is its own: where the points are placed they stay until the next errand. */
export function sumsOf({ centers, tolerance }: Shared): (queries: Float64Array) => Promise<Float64Array> {
  const instance = lease(density);
  const work = startWork({ threads: 1 }, Infinity);
  let placed: Leaves | undefined;
  return (queries) => logSums(instance, work, (placed ??= placeLeaves(instance, centers)), centers, queries, { tolerance });
}
