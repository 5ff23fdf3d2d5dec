import { density } from "../engine/density";
import type { DensityExports } from "../engine/exports";
import { lease, type Instance } from "../engine/lease";
import { spread } from "../run/spread";
import { inBlocks, startWork, type Work } from "../run/work";
import { kernelsOf, type Pair } from "./discrepancy";
import { centersBytes, kernelWork, placeTiles, type Tiles } from "./sums";

/** First row and number of some rows, and of others; if they are the same, each pair of different ones counts once. */
type Sides = readonly [first: number, n: number, other: number, m: number];

/** Rows [from, to) of the first of two sides, by kernels of one bandwidth. */
interface Part {
  readonly sides: Sides;
  readonly width: number;
  readonly from: number;
  readonly to: number;
  /** Which of all sums it is a part of. */
  readonly sum: number;
}

type Points = Pick<Pair, "values" | "d" | "laplacian">;

/** Parts of each sum: the first rows of a triangle take longest, and go first. */
const PARTS = 12;

/** For each two sides the sum, over bandwidths, of the kernels between their rows; ranges of rows are shared by threads. */
export async function pairSums(
  instance: Instance<DensityExports>,
  work: Work,
  points: Pair,
  widths: readonly number[],
  all: readonly Sides[],
): Promise<number[]> {
  const { values, d, laplacian } = points;
  const sums = widths.flatMap((width) => all.map((sides) => ({ sides, width, rows: new Float64Array(sides[1]) })));
  const parts = sums.flatMap(({ sides, width }, sum) => {
    const size = Math.ceil(sides[1] / PARTS);
    return Array.from({ length: Math.ceil(sides[1] / size) }, (_, p): Part => ({
      sides,
      width,
      from: p * size,
      to: Math.min((p + 1) * size, sides[1]),
      sum,
    }));
  });
  const workOf = ({ sides, from, to }: Part): number => (to - from) * costOf(sides, d);
  const summed = summing(instance, points);
  await instance.arena.during(() =>
    spread<Part, Float64Array>(
      {
        name: "pairs",
        shared: (): Points => ({ values, d, laplacian }),
        parts,
        cost: 0.1 * parts.reduce((total, part) => total + workOf(part), 0),
        bytes: 3 * centersBytes(values.length / d, d),
        here: (part) => summed(work, part),
        async take(place, found, far) {
          const part = parts[place]!;
          sums[part.sum]!.rows.set(found, part.from);
          if (far) await work.step(workOf(part));
        },
      },
      { signal: work.run?.signal, threads: work.run?.threads },
    ),
  );
  const totals = sums.map(({ rows }) => rows.reduce((sum, value) => sum + value, 0));
  return all.map((_, at) => widths.reduce((sum, _width, w) => sum + totals[w * all.length + at]!, 0));
}

/** What a lane does with the parts. */
export function pairsOf(points: Points): (part: Part) => Promise<Float64Array> {
  const summed = summing(lease(density), points);
  const work = startWork({ threads: 1 }, Infinity);
  return (part) => summed(work, part);
}

/** Work of a row. */
function costOf([first, , other, m]: Sides, d: number): number {
  return kernelWork(m, d) / (first === other ? 2 : 1);
}

/** What sums parts; the rows on the other side are placed once for all parts of a sum. */
function summing({ arena, kernels }: Instance<DensityExports>, points: Points): (work: Work, part: Part) => Promise<Float64Array> {
  const { values, d, laplacian } = points;
  const mark = arena.top;
  let placed: (Tiles & Record<"queries" | "weights" | "out", number>) | undefined;
  let known = -1;
  return async (work, { sides, width, from, to, sum }) => {
    const [first, n, other, m] = sides;
    if (sum !== known) {
      arena.top = mark;
      known = sum;
      const tiles = placeTiles({ arena, kernels }, kernelsOf(points, other, other + m, width));
      placed = {
        ...tiles,
        queries: arena.put(values.subarray(first * d, (first + n) * d)),
        weights: arena.put(new Float64Array(8 * tiles.tiles).fill(1, 0, m)),
        out: arena.room(Float64Array, n),
      };
    }
    const { queries, packed, weights, scratch, tiles, out } = placed!;
    await inBlocks(work, to - from, costOf(sides, d), (row, next) =>
      kernels.weigh_kernels(out, queries, packed, weights, scratch, tiles, d, laplacian, first === other, from + row, from + next),
    );
    return arena.view(Float64Array, out, n).slice(from, to);
  };
}
