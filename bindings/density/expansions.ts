import type { DensityExports, Pointer } from "../engine/exports";
import type { Instance } from "../engine/lease";
import { withMath } from "../engine/math";
import { estimated, inBlocks, type Work } from "../run/work";
import { gridOf, homesOf, numberOf, planOf, type Grid, type Plan } from "./boxes";
import { shapeOf, translationsOf } from "./chebyshev";
import { kernelWork, logSums, type Centers, type Leaves } from "./sums";

/** Smaller ones, by columns, may be lost in what polynomials round off, or need too high a degree. */
const LEAST_TOLERANCES = [1e-9, 1e-9, 1e-7];
/** Multiply-adds of polynomials that take as long as one term of a sum. */
const TERM = 10;
/** Coefficients of a plan; two thirds are there at once, 180 MB. */
const ROOM = 33554432;
const NONE = 0xffffffff;

type F64 = Pointer<Float64Array>;
type SumOptions = Parameters<typeof logSums>[5];

/**
 * As `logSums`, of which it takes what expansions cannot vouch for. `room`: how many coefficients are planned at a time.
 *
 * Points and queries lie in boxes of a grid. Between two boxes a Gaussian is nearly a polynomial in each column, its interpolant at Chebyshev's points. So p^d moments stand for the points of a box; translated column by column,
 * they add up to the expansion of a box of queries, which is then evaluated. How far off that may be is known for each box, and it counts where it is within the tolerance of the sum found: not far from all points, where the nearest leaf rules.
 * It is for Gaussians of one width in up to three columns. What a query finds depends on the points and on itself; in three columns also on whether queries are so many that it pays.
 *
 * Greengard and Strain: The fast Gauss transform (1991), whose bound Baxter and Roussos corrected (A new error estimate of the fast Gauss transform, 2002); a tolerance relative to each sum as in Lee, Gray and Moore: Dual-tree fast Gauss
 * transforms (2005). Ours: Chebyshev's points in place of Hermite's and Taylor's series, which need twice the degree, and a judgement of each sum afterwards.
 */
export async function nearLogSums(
  instance: Instance<DensityExports>,
  work: Work,
  place: () => Leaves,
  centers: Centers,
  queries: Float64Array,
  options: SumOptions,
  room = ROOM,
): Promise<Float64Array> {
  const { n, d } = centers;
  const m = queries.length / d;
  const part = estimated(work, m * kernelWork(n, d));
  const near = await expansions(instance, part, centers, queries, options, room);
  if (!near) return logSums(instance, work, place(), centers, queries, options);
  const rest = Uint32Array.from(near.sums.keys()).filter((i) => near.sums[i] === 0);
  const logs = withMath(({ log }) => near.sums.map((sum) => log(sum) * Math.LOG2E - near.bias));
  if (rest.length) {
    const { own, tolerance } = options;
    const asked = rowsAt(queries, d, rest);
    const left = await logSums(instance, part, place(), centers, asked, { ...(own && { own: rest.map((i) => own[i]!) }), tolerance });
    rest.forEach((i, t) => (logs[i] = left[t]!));
  }
  await part.finish();
  return logs;
}

/** Whether a Gaussian of these may be expanded. */
export function mayExpand({ laplacian, d, scales }: Centers, tolerance: number): boolean {
  return !laplacian && tolerance >= LEAST_TOLERANCES[d - 1]! && scales.every((scale) => scale === scales[0]);
}

/** f64 (some, d) ← some rows of (n, d). */
function rowsAt(rows: Float64Array, d: number, some: Uint32Array): Float64Array {
  const taken = new Float64Array(some.length * d);
  some.forEach((i, t) => taken.set(rows.subarray(i * d, i * d + d), t * d));
  return taken;
}

/** Of m queries, f64 (m): sums times 2^bias, 0 for those that are not known well enough; undefined where expansions do not apply or do not pay. */
async function expansions(
  instance: Instance<DensityExports>,
  work: Work,
  centers: Centers,
  queries: Float64Array,
  { own, tolerance }: SumOptions,
  room: number,
): Promise<{ readonly sums: Float64Array; readonly bias: number } | undefined> {
  const { values, n, d, scales, biases } = centers;
  if (!mayExpand(centers, tolerance)) return undefined;
  const shape = shapeOf(tolerance, n, d);
  const { p, spread, reach } = shape;
  const grid = gridOf(values, d, Math.sqrt((spread * Math.LOG2E) / scales[0]!), shape);
  if (!grid) return undefined;
  const bias = biases.reduce((least, value) => Math.min(least, value));
  const weights = withMath(({ exp }) => biases.map((value) => (value === bias ? 1 : exp((bias - value) / Math.LOG2E))));
  const { homes, at } = homesOf(grid, values, weights);
  const m = queries.length / d;
  const rest = [1, p, p * p][d - 1]!;
  const size = rest * p;
  // as if as many were asked for as there are points, so that it does not matter who asks; in three columns too much would be done for few
  const cost = (d * homes.size * (2 * reach + 1) * p + 2 * n) * size;
  if (cost > TERM * n * (d < 3 ? n : Math.min(m, n)) || homes.size * size > ROOM / 8 + 40 * n) return undefined;
  const translations = translationsOf(shape, Math.max(...grid.lengths));
  // no kernel beyond the reach is above exp(−spread · reach²)
  const beyond = weights.reduce((sum, weight) => sum + weight) * withMath(({ exp }) => exp(-spread * reach * reach));
  const { arena, kernels } = instance;
  return arena.during(async () => {
    const [origins, scratch] = [arena.put(grid.origins), arena.room(Float64Array, rest + p)];
    const frame: Frame = { instance, work, grid, rest, origins, scratch, matrices: arena.put(translations.matrices) };
    const moments = arena.room(Float64Array, homes.size * size);
    arena.view(Float64Array, moments, homes.size * size).fill(0);
    await arena.during(async () => {
      const [rows, by, places] = [arena.put(values), arena.put(weights), arena.put(at)];
      await inBlocks(work, n, size, (from, to) =>
        kernels.add_moments(moments, rows, by, origins, scratch, places, d, p, rest, grid.side, from, to),
      );
    });
    const sums = new Float64Array(m);
    let order = Uint32Array.from(sums.keys());
    const next = (): Plan => planOf(grid, homes, translations, queries, order, room / size);
    let plan = next();
    if (plan.asked.length < m) {
      // what does not fit in is taken box by box, so that most is made but once
      const numbers = Float64Array.from(order, (i) => numberOf(grid, queries, i));
      order.sort((i, j) => numbers[i]! - numbers[j]! || i - j);
      plan = next();
    }
    for (; order.length; plan = next()) {
      const count = plan.asked.length;
      const found = await expand(frame, plan, moments, rowsAt(queries, d, order.subarray(0, count)));
      for (const [t, box] of plan.asked.entries()) {
        const i = order[t]!;
        const sum = found[t]! - (own ? weights[own[i]!]! : 0);
        if (box && (box.error + beyond) * (1 + tolerance) <= tolerance * sum) sums[i] = sum;
      }
      order = order.subarray(count);
    }
    return { sums, bias };
  });
}

/** What every kernel is told. */
interface Frame {
  readonly instance: Instance<DensityExports>;
  readonly work: Work;
  readonly grid: Grid;
  readonly rest: number;
  readonly origins: F64;
  readonly scratch: F64;
  readonly matrices: F64;
}

/** f64 (queries of the plan): what their expansions say, made of moments; 0 for those without one. */
async function expand(
  { instance, work, grid, rest, origins, scratch, matrices }: Frame,
  { steps, counts, asked }: Plan,
  moments: F64,
  queries: Float64Array,
): Promise<Float64Array> {
  const { arena, kernels } = instance;
  const { p, side } = grid;
  const d = steps.length;
  const size = rest * p;
  const m = asked.length;
  return arena.during(async () => {
    // what is made of one room goes into the other
    const rooms = [0, 1].map((odd) => arena.room(Float64Array, size * Math.max(0, ...counts.filter((_, c) => c % 2 === odd))));
    let boxes = moments;
    for (const [c, list] of steps.entries()) {
      const [before, made, edges] = [boxes, rooms[c % 2]!, arena.put(Uint32Array.from(list))];
      await inBlocks(work, list.length / 3, size * p, (from, to) => kernels.translate(made, before, matrices, edges, p, rest, from, to));
      boxes = made;
    }
    const [out, rows] = [arena.room(Float64Array, m), arena.put(queries)];
    const places = arena.put(Uint32Array.from(asked, (box) => box?.place ?? NONE));
    await inBlocks(work, m, size, (from, to) => kernels.expand(out, boxes, rows, origins, scratch, places, d, p, rest, side, from, to));
    return arena.take(Float64Array, out, m);
  });
}
