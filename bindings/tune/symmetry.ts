import type { Work } from "../run/work";
import { combined, dot, inverse, product, times } from "./matrix";
import { grams, outer, type Group, type Moments } from "./moments";

/** Added to every variance, as a share of their mean: directions in which a class is separated have none, and no shift that means anything. */
const LEAST_SHARE = 1e-8;

/** What a test of g = 0 needs: T = gᵀ V⁻¹ g, of df degrees of freedom. */
export interface WaldStatistic {
  readonly statistic: number;
  readonly df: number;
}

/**
 * Whether both classes pull alike at the optimum of balanced weights: g = mean score of the first − that of the second, 0 under local symmetry (Ma, Zhang, arXiv 2601.16120, 2026, as their code tests
 * it). That the optimum is estimated from the same rows is accounted for: θ̂ moves by −½ H⁻¹ · (sum of the means), and g by its derivative times that.
 *
 * With `bends` (third derivatives of the loss by the log odds, f64 (m) for each group) the last column of z is an intercept, and is profiled out, which is ours. An intercept never
 * has g = 0 unless the classes are separated, so the test above always rejects with enough rows. What imbalance does to first order is −H⁻¹ g; it leaves the slopes alone where g = κ · H e
 * for some κ, e the intercept's direction. So κ is set by the intercept's entry, κ = gₑ / Hₑₑ, and r = g − κ · H e is tested in the other entries. r depends on θ̂ by H₀ − H₁ − κ T (T: mean third
 * derivatives along e) and on κ̂ by −H e, which removes from each row's share of r its entry along e times H e / Hₑₑ. A penalty leaves means whose sum is not 0; one Newton step takes what it does
 * to r away. A well-specified logistic model has H⁻¹ g = 4 e, so this does not reject it, whatever the intercept.
 */
export async function testSymmetry(
  groups: readonly [Group, Group],
  moments: readonly [Moments, Moments],
  bends: readonly [Float64Array, Float64Array] | undefined,
  work: Work,
): Promise<WaldStatistic> {
  const { p } = groups[0];
  const e = p - 1;
  const [first, second] = moments;
  const hessian = combined([0.5, first.hessian], [0.5, second.hessian]);
  const g = combined([1, first.score], [-1, second.score]);
  const along = hessian.slice(e * p);
  const kappa = bends ? g[e]! / along[e]! : 0;
  let apart = combined([1, first.hessian], [-1, second.hessian]);
  if (bends) {
    for (const [y, group] of groups.entries()) apart = combined([1, apart], [-kappa / 2, (await grams(group, [bends[y]!], work))[0]!]);
  }
  const moved = combined([0.5, product(apart, inverse(hessian, p), p)]);
  let variance: Float64Array = new Float64Array(p * p);
  for (const [y, group] of groups.entries()) {
    const sign = y === 0 ? 1 : -1;
    const own = group.slopes.map((slope, i) => sign * slope - (kappa / 2) * group.curves[i]!);
    const { score, hessian: curvature } = moments[y]!;
    const center = combined([sign, score], [-kappa / 2, curvature.slice(e * p)], [-1, times(moved, score)]);
    variance = combined([1, variance], [1 / (group.size - 1), await spread(group, own, moved, center, work)]);
  }
  // what a penalty leaves of the gradient, and how far θ̂ is from the optimum without it, are in the same directions as r
  const left = combined([1, first.score], [1, second.score]);
  const r = bends ? combined([1, g], [-kappa, along], [-1, times(moved, left)]) : g;
  const [tested, its] = bends ? without(e, r, variance, along) : [r, variance];
  const df = tested.length;
  const least = (LEAST_SHARE / df) * tested.reduce((sum, _, c) => sum + its[c * df + c]!, 0);
  for (let c = 0; c < df; c++) its[c * df + c]! += least;
  return { statistic: dot(tested, times(inverse(its, df), tested)), df };
}

/** Mean of (own · z − slope · moved · z)(…)ᵀ, less center · centerᵀ. */
async function spread(group: Group, own: Float64Array, moved: Float64Array, center: Float64Array, work: Work): Promise<Float64Array> {
  const { p, slopes } = group;
  const lists = [own.map((one) => one * one), own.map((one, i) => one * slopes[i]!), slopes.map((slope) => slope * slope)];
  const [squares, mixed, scores] = (await grams(group, lists, work)) as [Float64Array, Float64Array, Float64Array];
  const turned = transposed(moved, p);
  const cross = product(mixed, turned, p);
  const far = product(product(moved, scores, p), turned, p);
  return combined([1, squares], [-1, cross], [-1, transposed(cross, p)], [1, far], [-1, outer(center)]);
}

function transposed(matrix: Float64Array, p: number): Float64Array {
  return matrix.map((_, at) => matrix[(at % p) * p + Math.floor(at / p)]!);
}

/** Vector and variance of the entries but the last, each less the last one times its share along / along[last]. */
function without(e: number, vector: Float64Array, variance: Float64Array, along: Float64Array): [Float64Array, Float64Array] {
  const p = e + 1;
  const share = along.map((entry) => entry / along[e]!);
  const rest = vector.slice(0, e).map((entry, i) => entry - share[i]! * vector[e]!);
  const its = Float64Array.from({ length: e * e }, (_, at) => {
    const [i, j] = [Math.floor(at / e), at % e];
    const v = (a: number, b: number): number => variance[a * p + b]!;
    return v(i, j) - share[i]! * v(e, j) - share[j]! * v(i, e) + share[i]! * share[j]! * v(e, e);
  });
  return [rest, its];
}
