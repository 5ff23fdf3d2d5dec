import { checkInteger, checkOneOf, checkOptions } from "../check";
import type { Features, Run } from "../contracts";
import { allRows } from "../data/dataset";
import { units } from "../draw";
import { core } from "../engine/core";
import { density } from "../engine/density";
import type { DensityExports, Pointer } from "../engine/exports";
import { withInstance, withInstanceNow, type Instance } from "../engine/lease";
import { checkThreads } from "../run/job";
import { checkRun, inBlocks, startWork, type Work } from "../run/work";
import { kernelsOf, pairOf, squaredOf, type DiscrepancyOptions, type Pair } from "./discrepancy";
import { checkTwo, type Discrepancy } from "./mmd";
import { PERMUTATION } from "./noise";
import { centersBytes, kernelWork, placeTiles } from "./sums";

export interface MmdTestOptions extends DiscrepancyOptions {
  /** Default `"unbiased"`; see `mmd`. */
  readonly estimator?: "unbiased" | "biased" | undefined;
  /** How often rows are dealt out anew. Default 1000. */
  readonly permutations?: number | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
}

export interface MmdTest extends Discrepancy {
  /** Share of groupings, the one given counted in, that are as far apart or farther: at most α with probability α if both samples are of one distribution. */
  readonly pValue: number;
  readonly permutations: number;
}

/** Groupings that the kernel sums at a time. */
const TOGETHER = 8;

/**
 * Whether two samples are of one distribution: their maximum mean discrepancy against that of rows dealt out to two samples at random. It keeps all kernels between rows, 8 · (n + m)² bytes.
 *
 * Gretton, Borgwardt, Rasch, Schölkopf, Smola: A kernel two-sample test, JMLR 13 (2012); the p-value counts the grouping given in, so it is exact and never 0 (Phipson, Smyth 2010).
 *
 * @throws {InputError} as `mmd`.
 */
export async function mmdTest(a: Features, b: Features, options: MmdTestOptions = {}, run?: Run): Promise<MmdTest> {
  checkOptions("mmdTest", options, ["kernel", "bandwidth", "scale", "estimator", "permutations", "seed"]);
  checkRun("mmdTest", run);
  checkThreads(run);
  const unbiased = checkOneOf("estimator", options.estimator ?? "unbiased", ["unbiased", "biased"]) === "unbiased";
  const permutations = checkInteger("permutations", options.permutations ?? 1000, 1, 1e7);
  const seed = checkInteger("seed", options.seed ?? 0, 0);
  const pair = pairOf(a, b, options);
  const { n, m, d, bandwidths } = pair;
  if (unbiased) checkTwo(pair);
  const rows = n + m;
  const batches = Math.ceil((permutations + 1) / TOGETHER);
  const work = startWork(run, bandwidths.length * rows * kernelWork(rows, d) + batches * rows * rows);
  return withInstance(density, (instance) =>
    instance.arena.during(async () => {
      const stride = 8 * Math.ceil(rows / 8);
      instance.arena.reserve(8 * rows * (stride + 10) + 2 * centersBytes(rows, d), `The kernels between ${rows} rows`);
      const matrix = instance.arena.put(new Float64Array(rows * stride));
      await fill(instance, work, pair, matrix);
      const squaresOf = groupings(instance, work, pair, matrix, stride, unbiased, seed);
      let [observed, extreme] = [0, 0];
      for (let batch = 0; batch < batches; batch++) {
        const squares = await squaresOf(batch);
        if (batch === 0) observed = squares[0]!;
        squares.forEach((squared, g) => {
          const permutation = batch * TOGETHER + g;
          // groupings that are equal but for the names of the samples differ by what sums round off
          if (permutation > 0 && permutation <= permutations && squared >= observed - 1e-12 * bandwidths.length) extreme++;
        });
      }
      return { squared: observed, bandwidths, pValue: (1 + extreme) / (1 + permutations), permutations };
    }),
  );
}

/** matrix (rows, stride) ← sums of the kernels between all rows. */
async function fill(instance: Instance<DensityExports>, work: Work, pair: Pair, matrix: Pointer<Float64Array>): Promise<void> {
  const { arena, kernels } = instance;
  const { values, n, m, d, laplacian, bandwidths } = pair;
  for (const width of bandwidths) {
    await arena.during(async () => {
      const { packed, tiles, scratch } = placeTiles(instance, kernelsOf(pair, 0, n + m, width));
      const queries = arena.put(values);
      await inBlocks(work, n + m, kernelWork(n + m, d), (from, to) =>
        kernels.add_kernels(matrix, queries, packed, scratch, tiles, d, laplacian, from, to),
      );
    });
  }
}

/** What finds the squared discrepancies of eight groupings: grouping 0 is the samples as they are, p the p-th at random. */
function groupings(
  { arena, kernels }: Instance<DensityExports>,
  work: Work,
  { n, m, bandwidths }: Pair,
  matrix: Pointer<Float64Array>,
  stride: number,
  unbiased: boolean,
  seed: number,
): (batch: number) => Promise<number[]> {
  const rows = n + m;
  const identity = allRows(rows);
  // of each row with all others; what a group's rows have with each other is counted twice in it
  const cells = arena.view(Float64Array, matrix, rows * stride);
  const others = Float64Array.from(identity, (i) =>
    cells.subarray(i * stride, i * stride + rows).reduce((sum, cell) => sum + cell, -cells[i * stride + i]!),
  );
  const total = others.reduce((sum, value) => sum + value, 0) / 2;
  return (batch) =>
    arena.during(async () => {
      const masks = new Uint32Array(rows * TOGETHER * 2);
      const sides = Array.from({ length: TOGETHER }, (_, g) => {
        const group = groupOf(identity, n, seed, batch * TOGETHER + g);
        let sum = 0;
        for (const i of group) {
          masks.fill(0xffffffff, (i * TOGETHER + g) * 2, (i * TOGETHER + g) * 2 + 2);
          sum += others[i]!;
        }
        return sum;
      });
      const members = arena.put(new Float64Array(masks.buffer));
      const sums = arena.put(new Float64Array(TOGETHER));
      await inBlocks(work, rows, rows, (from, to) => kernels.sum_groupings(sums, matrix, members, rows, stride, from, to));
      return Array.from(arena.view(Float64Array, sums, TOGETHER), (within, g) => {
        const between = sides[g]! - 2 * within;
        return squaredOf({ within, without: total - within - between, between }, n, m, bandwidths.length, unbiased);
      });
    });
}

/** The rows of the first sample in a grouping, ascending in grouping 0: the first n of an order in which each is as likely in each place (Fisher, Yates). */
function groupOf(identity: Uint32Array, n: number, seed: number, grouping: number): Uint32Array {
  if (grouping === 0) return identity.subarray(0, n);
  const order = identity.slice();
  const drawn = withInstanceNow(core, (instance) => units(instance, { seed, label: grouping }, PERMUTATION, 0, n));
  drawn.forEach((unit, i) => {
    const j = i + Math.floor(unit * (order.length - i));
    [order[i], order[j]] = [order[j]!, order[i]!];
  });
  return order.subarray(0, n);
}
