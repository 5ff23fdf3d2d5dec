import { chiSquaredQuantile } from "../../../bindings/evaluate/distributions";
import { startWork } from "../../../bindings/run/work";
import { candidatesFor, theoryTarget } from "../../../bindings/tune/candidates";
import { combined, dot } from "../../../bindings/tune/matrix";
import { momentsOf, type Group } from "../../../bindings/tune/moments";
import { qualityOf, type FoldMoments, type Quality } from "../../../bindings/tune/quality";
import { testSymmetry } from "../../../bindings/tune/symmetry";
import type { Numbers } from "../../../test/support/numbers";
import { balancedFit, foldsOf, sizeOf, type Block, type Make, type Sample } from "./squared";

const work = startWork(undefined, 1);

/** Rows of one class with the derivatives of (θᵀx − target)². */
export function squaredGroup({ d, values }: Block, theta: Float64Array, target: number): Group {
  const m = values.length / d;
  const stride = d + (d % 2);
  const z = new Float64Array(m * stride);
  const slopes = new Float64Array(m).fill(-2 * target);
  for (let i = 0; i < m; i++) {
    for (let c = 0; c < d; c++) {
      z[i * stride + c] = values[i * d + c]!;
      slopes[i]! += 2 * theta[c]! * values[i * d + c]!;
    }
  }
  return { p: d, stride, z, shares: new Float64Array(m).fill(1 / m), size: m, slopes, curves: new Float64Array(m).fill(2) };
}

/** The test as published: statistic, and whether it rejects at 5 %; ‖g_φ‖ comes along as a vector. */
export async function symmetryOf(sample: Sample): Promise<{ statistic: number; rejects: boolean; shift: Float64Array }> {
  const theta = balancedFit(sample);
  const groups = [squaredGroup(sample.zeros, theta, sample.targets[0]), squaredGroup(sample.ones, theta, sample.targets[1])] as const;
  const moments = [await momentsOf(groups[0], work), await momentsOf(groups[1], work)] as const;
  const { statistic, df } = await testSymmetry(groups, moments, undefined, work);
  return { statistic, rejects: statistic > chiSquaredQuantile(0.95, df), shift: combined([1, moments[0].score], [-1, moments[1].score]) };
}

/** The quality of a generator by rows it has not seen. */
export async function qualityOfMaker(sample: Sample, make: Make, folds: number, numbers: Numbers): Promise<Quality> {
  const [n0, n1] = [sizeOf(sample.zeros), sizeOf(sample.ones)];
  const found: FoldMoments[] = [];
  for (const { train, test } of foldsOf(sample, folds, numbers)) {
    const theta = balancedFit(train);
    const of = (block: Block, y: 0 | 1): Promise<FoldMoments["synthetic"]> =>
      momentsOf(squaredGroup(block, theta, sample.targets[y]), work);
    found.push({
      majority: await of(test.zeros, 0),
      minority: await of(test.ones, 1),
      synthetic: await of(await make(train.ones, n0 - n1, numbers), 1),
    });
  }
  return qualityOf(found, n0, n1, folds * (n0 - n1));
}

/** Regime and candidates as TG-VTSS has them, by the published score or the debiased one. */
export async function guidedCandidates(
  sample: Sample,
  make: Make,
  folds: number,
  score: "published" | "debiased",
  numbers: Numbers,
): Promise<{ verdict: "symmetric" | "realistic" | "biased"; candidates: number[] }> {
  const { rejects, shift } = await symmetryOf(sample);
  if (!rejects)
    return { verdict: "symmetric", candidates: candidatesFor({ symmetric: true, generator: "not evaluated", theoryGamma: null }, 1) };
  const { gqs, floor, mismatch } = await qualityOfMaker(sample, make, folds, numbers);
  const generator = (score === "published" ? gqs : gqs - floor) <= 10 ? "realistic" : "biased";
  const [far, off] = [Math.sqrt(dot(shift, shift)), Math.sqrt(dot(mismatch, mismatch))];
  const { theoryGamma } = theoryTarget(far, off, dot(shift, mismatch) / (far * off));
  return { verdict: generator, candidates: candidatesFor({ symmetric: false, generator, theoryGamma }, 1) };
}
