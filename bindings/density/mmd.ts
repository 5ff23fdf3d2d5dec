import { checkInteger, checkOneOf, checkOptions } from "../check";
import type { Features, Run } from "../contracts";
import { density } from "../engine/density";
import type { DensityExports } from "../engine/exports";
import { withInstance, type Instance } from "../engine/lease";
import { InputError } from "../errors";
import { checkThreads } from "../run/job";
import { checkRun, inBlocks, startWork, type Work } from "../run/work";
import { pairOf, squaredOf, type DiscrepancyOptions, type Pair } from "./discrepancy";
import { FREQUENCY, noiseOf } from "./noise";
import { pairSums } from "./pairs";
import { centersBytes, kernelWork } from "./sums";

export interface MmdOptions extends DiscrepancyOptions {
  /**
   * `"unbiased"` (default): may be below 0, 0 on average between samples of one distribution. `"biased"`: the distance of the samples' means in the kernel's space, never below 0. `"block"`: the mean of
   * unbiased ones over blocks of about √n rows; time n^1.5. `"features"`: the biased one by random Fourier features; time n.
   */
  readonly estimator?: "unbiased" | "biased" | "block" | "features" | undefined;
  /** Frequencies of `"features"`. Default 512; the error falls with their root. */
  readonly frequencies?: number | undefined;
  /** Of `"features"`. Default 0. */
  readonly seed?: number | undefined;
}

/** How far two samples are apart. */
export interface Discrepancy {
  /** Squared maximum mean discrepancy. */
  readonly squared: number;
  /** Of the kernels that were added up. */
  readonly bandwidths: readonly number[];
}

/**
 * The maximum mean discrepancy of two samples: 0 if and only if their distributions are equal, given enough rows. Labels are not looked at and may be left out; weights are not counted.
 *
 * Gretton, Borgwardt, Rasch, Schölkopf, Smola: A kernel two-sample test, JMLR 13 (2012); blocks: Zaremba, Gretton, Blaschko, B-test, NIPS 2013; features: Rahimi, Recht: Random features for
 * large-scale kernel machines, NIPS 2007.
 *
 * @throws {InputError} for unknown options or values, columns that differ, nominal columns and missing cells: `toMatrix` turns them into numbers.
 */
export async function mmd(a: Features, b: Features, options: MmdOptions = {}, run?: Run): Promise<Discrepancy> {
  checkOptions("mmd", options, ["kernel", "bandwidth", "scale", "estimator", "frequencies", "seed"]);
  checkRun("mmd", run);
  checkThreads(run);
  const estimator = checkOneOf("estimator", options.estimator ?? "unbiased", ["unbiased", "biased", "block", "features"]);
  const frequencies = checkInteger("frequencies", options.frequencies ?? 512, 1);
  const seed = checkInteger("seed", options.seed ?? 0, 0);
  const pair = pairOf(a, b, options);
  const { n, m, d, bandwidths } = pair;
  if (estimator !== "biased" && estimator !== "features") checkTwo(pair);
  return withInstance(density, async (instance) => {
    let squared = 0;
    if (estimator === "features") {
      const work = startWork(run, bandwidths.length * (n + m) * frequencies * (d + 60));
      for (const [at, width] of bandwidths.entries()) squared += await byFeatures(instance, work, pair, width, frequencies, seed, at);
    } else {
      const size = estimator === "block" ? Math.max(2, Math.floor(Math.sqrt(Math.min(n, m)))) : Math.max(n, m);
      const blocks = estimator === "block" ? Math.floor(Math.min(n, m) / size) : 1;
      const rows = (all: number): number => (estimator === "block" ? size : all);
      const work = startWork(run, blocks * bandwidths.length * ((rows(n) + rows(m)) / 2) * kernelWork(rows(n) + rows(m), d));
      for (let block = 0; block < blocks; block++) {
        const starts = [block * rows(n), n + block * rows(m)] as const;
        squared += (await exact(instance, work, pair, starts, rows(n), rows(m), estimator !== "biased")) / blocks;
      }
    }
    return { squared, bandwidths };
  });
}

/** Refuses samples that have no two different rows. */
export function checkTwo({ n, m }: Pair): void {
  if (Math.min(n, m) > 1) return;
  throw new InputError("TOO_FEW_ROWS", `The samples have ${n} and ${m} rows but need two or more each; use estimator: "biased".`);
}

/** The discrepancy of n rows of one sample and m of the other. */
async function exact(
  instance: Instance<DensityExports>,
  work: Work,
  pair: Pair,
  [first, second]: readonly [number, number],
  n: number,
  m: number,
  unbiased: boolean,
): Promise<number> {
  instance.arena.reserve(2 * centersBytes(n + m, pair.d), `The discrepancy of ${n} and ${m} rows`);
  const [within, without, between] = await pairSums(instance, work, pair, pair.bandwidths, [
    [first, n, first, n],
    [second, m, second, m],
    [first, n, second, m],
  ]);
  return squaredOf({ within: within!, without: without!, between: between! }, n, m, pair.bandwidths.length, unbiased);
}

/** Frequencies are drawn from the kernel's transform: normal, or, of the Laplacian kernel, a ratio of normal numbers. */
async function byFeatures(
  instance: Instance<DensityExports>,
  work: Work,
  { values, n, m, d, laplacian }: Pair,
  width: number,
  k: number,
  seed: number,
  label: number,
): Promise<number> {
  const { arena, kernels } = instance;
  const drawn = noiseOf({ seed, label: 2 * label }, FREQUENCY, k, d);
  const below = laplacian ? noiseOf({ seed, label: 2 * label + 1 }, FREQUENCY, k, d) : undefined;
  const waves = drawn.map((value, at) => value / (below ? below[at]! : 1) / width / 6.283185307179586);
  arena.reserve(8 * values.length + 8 * k * (d + 2), `The discrepancy of ${n} and ${m} rows`);
  return arena.during(async () => {
    const [rows, frequencies] = [arena.put(values), arena.put(waves)];
    const means: Float64Array[] = [];
    for (const [from, to] of [
      [0, n],
      [n, n + m],
    ] as const) {
      const sums = arena.put(new Float64Array(2 * k));
      await inBlocks(work, to - from, k * (d + 60), (row, next) =>
        kernels.add_waves(sums, rows, frequencies, k, d, from + row, from + next),
      );
      means.push(arena.take(Float64Array, sums, 2 * k).map((sum) => sum / (to - from)));
    }
    return means[0]!.reduce((sum, mean, j) => sum + (mean - means[1]![j]!) * (mean - means[1]![j]!), 0) / k;
  });
}
