import { allRows } from "../data/dataset";
import type { StatsExports } from "../engine/exports";
import type { Instance } from "../engine/lease";
import { inBlocks, type Work } from "../run/work";
import { biasOf, edgesOf, kernelSums, solve, waysOf, type Problem, type Until } from "./machine";

/** How well the pilot learns. */
const PILOT_TOLERANCE = 0.05;
/** How well those are solved that the pilot finds, before others join. */
const COARSE = 0.02;
/** How far beyond its margin a row may be and is taken along, by the pilot and later. All four are measured: they decide the time alone. */
const FIRST_SLACK = 0.15;
const JOIN_SLACK = 0.01;

/**
 * Solves a problem of many rows among those that can matter: a row far beyond its margin, as most are, has an alpha of 0 whatever others there are. A pilot on a sample, in which a row costs as
 * much more as its class has more rows, tells where the margins are about, and what lies inside of them is solved. Then all other rows are compared with the solution, by sums in f32 with a bound of
 * what they may be off; those that could violate its conditions join, until there are none. So it is a solution of the whole problem, to the same tolerance. Chunks are Vapnik's (Estimation of
 * dependences based on empirical data, 1982); pilot and bound are ours. Alphas and gains ← the optimum; gains of rows that did not matter are those in f32.
 */
export async function solveSifted(
  instance: Instance<StatsExports>,
  work: Pick<Work, "step">,
  problem: Problem,
  until: Until,
  pilotRows: number,
): ReturnType<typeof solve> {
  const { d, values, signs, alphas, gains } = problem;
  const inside = await likelyRows(instance, work, problem, until, pilotRows);
  const unit = unitOfDoubt(values, d);
  let doubt = 0;
  let tolerance = Math.max(until.tolerance, COARSE);
  for (let steps = 0; ;) {
    const rows = rowsWhere(inside, 1);
    const part = partOf(problem, rows);
    const { steps: taken, gap } = await solve(instance, work, part, { ...until, tolerance, most: until.most - steps });
    steps += taken;
    const moves = new Float64Array(rows.length);
    rows.forEach((i, t) => {
      moves[t] = signs[i]! * (part.alphas[t]! - alphas[i]!);
      alphas[i] = part.alphas[t]!;
      gains[i] = part.gains[t]!;
    });
    const others = rowsWhere(inside, 0);
    const by = moves.filter((move) => move !== 0);
    const sums = await narrowSums(
      instance,
      work,
      values,
      others,
      rows.filter((_, t) => moves[t] !== 0),
      by,
      d,
    );
    others.forEach((i, t) => (gains[i]! -= sums[t]!));
    doubt += by.reduce((sum, move) => sum + unit * Math.abs(move), 0);
    const edges = edgesOf(part);
    const joining = rowsBeyond(problem, others, edges, Math.max(doubt, JOIN_SLACK));
    if (steps >= until.most || (gap < until.tolerance && joining.length === 0)) return { steps, gap };
    tolerance = until.tolerance;
    await join(instance, work, problem, joining);
    for (const i of joining) inside[i] = 1;
  }
}

/** Gains of some rows ← as the alphas make them, exactly. */
async function join(instance: Instance<StatsExports>, work: Pick<Work, "step">, problem: Problem, rows: Uint32Array): Promise<void> {
  const { d, values, signs, alphas, gains } = problem;
  const support = allRows(problem.n).filter((i) => alphas[i]! > 0);
  const coefficients = Float64Array.from(support, (i) => signs[i]! * alphas[i]!);
  const sums = await kernelSums(instance, work, rowsOf(values, support, d), coefficients, d, rowsOf(values, rows, d));
  rows.forEach((i, t) => (gains[i] = signs[i]! - sums[t]!));
}

/** u8 (n): 1 for rows inside of their margins, or not far beyond, by a classifier of a sample, and for its support vectors. */
async function likelyRows(
  instance: Instance<StatsExports>,
  work: Pick<Work, "step">,
  problem: Problem,
  until: Until,
  pilotRows: number,
): Promise<Uint8Array> {
  const { n, d, values, signs } = problem;
  const inside = new Uint8Array(n);
  const shares = [-1, 1].map((sign) => {
    const own = allRows(n).filter((i) => signs[i] === sign);
    const m = Math.min(own.length, pilotRows);
    for (let t = 0; t < m; t++) inside[own[Math.floor((t * own.length) / m)]!] = 1;
    return own.length / m;
  });
  const rows = rowsWhere(inside, 1);
  const part = partOf(problem, rows);
  const pilot = { ...part, limits: part.limits.map((limit, t) => limit * shares[part.signs[t]! > 0 ? 1 : 0]!) };
  await solve(instance, work, pilot, { ...until, tolerance: Math.max(until.tolerance, PILOT_TOLERANCE) });
  rows.forEach((i, t) => (inside[i] = Number(pilot.alphas[t]! > 0)));
  const coefficients = pilot.alphas.map((alpha, t) => pilot.signs[t]! * alpha).filter((one) => one !== 0);
  const sums = await narrowSums(instance, work, values, allRows(n), rowsWhere(inside, 1), coefficients, d);
  const bias = biasOf(pilot);
  for (let i = 0; i < n; i++) if (!(signs[i]! * (sums[i]! + bias) > 1 + FIRST_SLACK)) inside[i] = 1;
  return inside;
}

function rowsWhere(flags: Uint8Array, flag: number): Uint32Array {
  return allRows(flags.length).filter((i) => flags[i] === flag);
}

/** Those of some rows that go beyond the edges, if their gains are off by `slack`; also where a gain is no number. */
function rowsBeyond(problem: Problem, rows: Uint32Array, [highest, lowest]: readonly [number, number], slack: number): Uint32Array {
  return rows.filter((i) => {
    const [up, down] = waysOf(problem, i);
    const gain = problem.gains[i]!;
    return (up && !(gain + slack <= highest)) || (down && !(gain - slack >= lowest));
  });
}

/** Some rows of a problem, as a problem of their own. */
function partOf({ values, d, signs, limits, alphas, gains }: Problem, rows: Uint32Array): Problem {
  const some = (of: Float64Array): Float64Array => Float64Array.from(rows, (i) => of[i]!);
  return {
    values: rowsOf(values, rows, d),
    n: rows.length,
    d,
    signs: some(signs),
    limits: some(limits),
    alphas: some(alphas),
    gains: some(gains),
  };
}

function rowsOf(values: Float64Array, rows: Uint32Array, d: number): Float64Array {
  const block = new Float64Array(rows.length * d);
  rows.forEach((i, t) => block.set(values.subarray(i * d, i * d + d), t * d));
  return block;
}

/** Rows in tiles of eight, column by column: f32 (⌈rows ÷ 8⌉, d, 8). */
function tilesOf(values: Float64Array, rows: Uint32Array, d: number): Float32Array {
  const tiles = new Float32Array(8 * d * Math.ceil(rows.length / 8));
  rows.forEach((i, t) => {
    for (let c = 0, at = (t >> 3) * 8 * d + (t & 7); c < d; c++, at += 8) tiles[at] = values[i * d + c]!;
  });
  return tiles;
}

/** Σ coefficients (s) · kernel with the rows `support` (s), for each of `rows`, in f32. */
export async function narrowSums(
  { arena, kernels }: Instance<StatsExports>,
  work: Pick<Work, "step">,
  values: Float64Array,
  rows: Uint32Array,
  support: Uint32Array,
  coefficients: Float64Array,
  d: number,
): Promise<Float64Array> {
  const tiles = Math.ceil(rows.length / 8);
  const s = support.length;
  return arena.during(async () => {
    const sums = arena.put(new Float64Array(8 * tiles));
    const [narrow, squares] = [arena.put(tilesOf(values, rows, d)), arena.room(Float32Array, 256)];
    const [near, by] = [arena.put(Float32Array.from(rowsOf(values, support, d))), arena.put(Float32Array.from(coefficients))];
    await inBlocks(work, tiles, 2 * s * (d + 6) + 1, (from, to) => kernels.sum_narrow(sums, narrow, near, by, squares, s, d, from, to));
    return arena.take(Float64Array, sums, rows.length);
  });
}

/**
 * By how much a sum in f32 may be off for each 1 of its coefficients' sizes, with u = 2⁻²⁴ and r the longest row: the power 4u; the exponent, of e, (d + 4)u·e for its own sum and 4u·r·√e for what
 * rows lose, of which 2^−e leaves 0.37 (d + 4)u and 1.43 u·r; adding up, 20u.
 */
export function unitOfDoubt(values: Float64Array, d: number): number {
  let longest = 0;
  for (let at = 0; at < values.length; at += d) {
    let square = 0;
    for (let c = at; c < at + d; c++) square += values[c]! * values[c]!;
    longest = Math.max(longest, square);
  }
  return 6e-8 * (32 + d + 2 * Math.sqrt(longest));
}
