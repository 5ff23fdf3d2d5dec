import type { DensityExports, Pointer } from "../engine/exports";
import type { Instance } from "../engine/lease";
import { withMath } from "../engine/math";
import { estimated, type Work } from "../run/work";
import { ROUNDING, shapeOf, translationsOf, type Translations } from "./chebyshev";
import { boxOf, gridOf, type Grid } from "./grid";
import { inBlocks, kernelWork, logSums, type Centers, type Leaves } from "./sums";

/** In more columns there are too many coefficients. */
const MOST_COLUMNS = 3;
/** Smaller ones may be lost in what polynomials round off. */
const LEAST_TOLERANCE = 1e-9;
/** Multiply-adds of polynomials that take as long as one term of a sum. */
const TERM = 8;
/** Coefficients that are kept at a time, 128 MB. */
const ROOM = 16777216;
const NONE = 0xffffffff;

type F64 = Pointer<Float64Array>;
type SumOptions = Parameters<typeof logSums>[5];

/**
 * As `logSums`, of which it takes what expansions cannot vouch for.
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
): Promise<Float64Array> {
  const { n, d } = centers;
  const m = queries.length / d;
  const part = estimated(work, m * kernelWork(n, d));
  const near = await expansions(instance, part, centers, queries, options);
  if (!near) return logSums(instance, work, place(), centers, queries, options);
  const rest = Uint32Array.from(near.sums.keys()).filter((i) => near.sums[i] === 0);
  const logs = withMath(({ log }) => near.sums.map((sum) => log(sum) * Math.LOG2E - near.bias));
  if (rest.length) {
    const { own, tolerance } = options;
    const asked = Float64Array.from({ length: rest.length * d }, (_, at) => queries[rest[Math.floor(at / d)]! * d + (at % d)]!);
    const left = await logSums(instance, part, place(), centers, asked, { ...(own && { own: rest.map((i) => own[i]!) }), tolerance });
    rest.forEach((i, t) => (logs[i] = left[t]!));
  }
  await part.finish();
  return logs;
}

/** Of m queries, f64 (m): sums times 2^bias, 0 for those that are not known well enough; undefined where expansions do not apply or do not pay. */
async function expansions(
  instance: Instance<DensityExports>,
  work: Work,
  centers: Centers,
  queries: Float64Array,
  { own, tolerance }: SumOptions,
): Promise<{ readonly sums: Float64Array; readonly bias: number } | undefined> {
  const { n, d, laplacian, scales } = centers;
  if (laplacian || d > MOST_COLUMNS || tolerance < LEAST_TOLERANCE || scales.some((scale) => scale !== scales[0])) return undefined;
  const shape = shapeOf(tolerance, n, d);
  const { p, reach, spread } = shape;
  const grid = gridOf(centers, Math.sqrt((spread * Math.LOG2E) / scales[0]!), reach);
  if (!grid) return undefined;
  const homes = homesOf(centers, grid);
  const m = queries.length / d;
  const count = homes.masses.length;
  const rest = [1, p, p * p][d - 1]!;
  const size = rest * p;
  const cost = (d * count * (2 * reach + 1) * p + 2 * n) * size;
  if (cost > TERM * n * (d < 3 ? n : Math.min(m, n)) || count * size > ROOM / 4 + 40 * n) return undefined;
  const { arena } = instance;
  return arena.during(async () => {
    const translations = translationsOf(shape, Math.max(...grid.lengths));
    // no kernel beyond the reach is above exp(−spread · reach²)
    const beyond = withMath(({ exp }) => exp(-spread * reach * reach)) * homes.masses.reduce((sum, mass) => sum + mass);
    const [origins, scratch] = [arena.put(grid.origins), arena.room(Float64Array, rest + p)];
    const frame: Frame = { instance, work, grid, origins, scratch, d, p, rest, size, matrices: arena.put(translations.matrices) };
    const moments = await momentsOf(frame, centers, homes);
    const sums = new Float64Array(m);
    for (let from = 0; from < m;) {
      const plan = planOf(grid, homes, queries, from, ROOM / size);
      const values = await expand(frame, moments, plan, queries.subarray(from * d));
      const off = errorsOf(plan, homes, translations, p);
      values.forEach((value, i) => {
        const sum = value - (own ? homes.weights[own[from + i]!]! : 0);
        if ((off[plan.at[i]!]! + beyond) * (1 + tolerance) <= tolerance * sum) sums[from + i] = sum;
      });
      from += values.length;
    }
    return { sums, bias: homes.bias };
  });
}

/** Boxes of the grid that hold points. */
interface Homes {
  /** Which of them a box of the grid is. */
  readonly places: Map<number, number>;
  /** u32 (n): that of each point. */
  readonly at: Uint32Array;
  /** f64 (n): 2^(bias − the point's), at most 1. */
  readonly weights: Float64Array;
  readonly bias: number;
  /** Sums of the weights, and numbers of points. */
  readonly masses: number[];
  readonly counts: number[];
}

function homesOf({ values, n, biases }: Centers, grid: Grid): Homes {
  const bias = biases.reduce((least, value) => Math.min(least, value));
  const weights = withMath(({ exp }) => biases.map((value) => (value === bias ? 1 : exp((bias - value) / Math.LOG2E))));
  const places = new Map<number, number>();
  const [masses, counts]: [number[], number[]] = [[], []];
  const at = new Uint32Array(n).map((_, i) => {
    const box = boxOf(grid, values, i);
    const place = places.get(box) ?? counts.push(0) - 1;
    if (!counts[place]!++) places.set(box, place);
    masses[place] = (masses[place] ?? 0) + weights[i]!;
    return place;
  });
  return { places, at, weights, bias, masses, counts };
}

/** Where everything is. */
interface Frame {
  readonly instance: Instance<DensityExports>;
  readonly work: Work;
  readonly grid: Grid;
  readonly origins: F64;
  readonly scratch: F64;
  readonly matrices: F64;
  readonly d: number;
  readonly p: number;
  /** p^(d − 1) and p^d. */
  readonly rest: number;
  readonly size: number;
}

async function momentsOf(frame: Frame, { values, n }: Centers, homes: Homes): Promise<F64> {
  const { instance, work, grid, origins, scratch, d, p, rest, size } = frame;
  const { arena, kernels } = instance;
  const length = homes.counts.length * size;
  const moments = arena.room(Float64Array, length);
  arena.view(Float64Array, moments, length).fill(0);
  await arena.during(async () => {
    const [rows, weights, at] = [arena.put(values), arena.put(homes.weights), arena.put(homes.at)];
    await inBlocks(work, 0, n, size, (from, to) =>
      kernels.add_moments(moments, rows, weights, origins, scratch, at, d, p, rest, grid.side, from, to),
    );
  });
  return moments;
}

/** Which expansions some queries want, and how they are made: of homes by steps along the first column, of what these give by steps along the second, and so on. */
interface Plan {
  /** By column: boxes of the grid; 0: homes. */
  readonly places: readonly Map<number, number>[];
  /** By column: box, box that it is made of, offset. */
  readonly steps: readonly number[][];
  readonly counts: number[];
  /** The expansion of each query, NONE where no point is within reach. */
  readonly at: number[];
}

function planOf(grid: Grid, homes: Homes, queries: Float64Array, from: number, most: number): Plan {
  const { strides } = grid;
  const plan: Plan = {
    places: [homes.places, ...strides.map(() => new Map<number, number>())],
    steps: strides.map(() => []),
    counts: strides.map(() => 0),
    at: [],
  };
  const left = queries.length / strides.length - from;
  while (plan.at.length < left && plan.counts.reduce((sum, count) => sum + count) < most) {
    plan.at.push(want(plan, grid, strides.length, boxOf(grid, queries, from + plan.at.length)));
  }
  return plan;
}

/** The place of a box after steps along so many columns. */
function want(plan: Plan, grid: Grid, columns: number, box: number): number {
  const known = plan.places[columns]!.get(box);
  if (known !== undefined || columns === 0) return known ?? NONE;
  const c = columns - 1;
  const parts: number[] = [];
  for (let k = -grid.reach; k <= grid.reach; k++) {
    const part = want(plan, grid, c, box + k * grid.strides[c]!);
    if (part !== NONE) parts.push(part, k + grid.reach);
  }
  const place = parts.length ? plan.counts[c]!++ : NONE;
  for (let t = 0; t < parts.length; t += 2) plan.steps[c]!.push(place, parts[t]!, parts[t + 1]!);
  plan.places[columns]!.set(box, place);
  return place;
}

/** Carries a plan out, and evaluates its expansions at as many queries as it is for. */
async function expand(frame: Frame, moments: F64, { steps, counts, at }: Plan, queries: Float64Array): Promise<Float64Array> {
  const { instance, work, grid, origins, scratch, matrices, d, p, rest, size } = frame;
  const { arena, kernels } = instance;
  return arena.during(async () => {
    // what is made of one room goes into the other
    const rooms = [0, 1].map((odd) => arena.room(Float64Array, size * Math.max(0, ...counts.filter((_, c) => c % 2 === odd))));
    let boxes = moments;
    for (const [c, list] of steps.entries()) {
      const [before, made, edges] = [boxes, rooms[c % 2]!, arena.put(Uint32Array.from(list))];
      boxes = made;
      await inBlocks(work, 0, list.length / 3, size * p, (from, to) => kernels.translate(made, before, matrices, edges, p, rest, from, to));
    }
    const m = at.length;
    const [out, asked, places] = [arena.room(Float64Array, m), arena.put(queries.subarray(0, m * d)), arena.put(Uint32Array.from(at))];
    await inBlocks(work, 0, m, size, (from, to) =>
      kernels.expand(out, boxes, asked, origins, scratch, places, d, p, rest, grid.side, from, to),
    );
    return arena.take(Float64Array, out, m);
  });
}

/** What each expansion of a plan may be off by, along the same steps as it is made. */
function errorsOf({ steps, counts }: Plan, homes: Homes, { sizes, errors }: Translations, p: number): Float64Array {
  let masses = Float64Array.from(homes.masses);
  let off = masses.map((mass, home) => mass * (homes.counts[home]! + 5 * p * p) * ROUNDING);
  steps.forEach((list, c) => {
    const [massesBefore, offBefore] = [masses, off];
    masses = new Float64Array(counts[c]!);
    off = new Float64Array(counts[c]!);
    for (let t = 0; t < list.length; t += 3) {
      const [to, from, k] = [list[t]!, list[t + 1]!, list[t + 2]!];
      masses[to]! += sizes[k]! * massesBefore[from]!;
      off[to]! += (sizes[k]! + errors[k]!) * offBefore[from]! + errors[k]! * massesBefore[from]!;
    }
  });
  return off;
}
