import { combined, dot, inverse, times } from "./matrix";
import type { Moments } from "./moments";

/** Moments of one fold at the optimum of its training rows: of held-out rows of both classes, and of rows that the generator made of the training rows. */
export interface FoldMoments {
  readonly majority: Moments;
  readonly minority: Moments;
  readonly synthetic: Moments;
}

export interface Quality {
  /** f64 (p), g_ψ: mean score of synthetic rows less that of held-out rows of their class. */
  readonly mismatch: Float64Array;
  readonly gqs: number;
  /** What the score is on average for rows drawn from the class itself. */
  readonly floor: number;
}

/**
 * The generator quality score of Ma and Zhang (2026; as their code has it): squared bias over variance of a fit to fully balanced rows, Δ² / 2n₀ · δᵀ H⁻¹ δ over tr(H⁻¹ Σ), δ the mismatch and
 * Σ = ½ Σ₀ + n₁ / 2n₀ · Σ₁ + Δ / 2n₀ · Σₛ, all of them means over folds. Because δ is known from n₁ rows only, a perfect generator scores about κ / 2 at n₀ / n₁ = κ; that floor, which
 * is ours, is tr(H⁻¹ (Σ₁ / n₁ + Σₛ / made)) in place of δᵀ H⁻¹ δ. `made`: synthetic rows of all folds.
 */
export function qualityOf(folds: readonly FoldMoments[], majority: number, minority: number, made: number): Quality {
  const mean = (pick: (fold: FoldMoments) => Float64Array): Float64Array =>
    combined(...folds.map((fold) => [1 / folds.length, pick(fold)] as const));
  const mismatch = mean((fold) => combined([1, fold.synthetic.score], [-1, fold.minority.score]));
  const bend = inverse(
    mean((fold) => combined([0.5, fold.majority.hessian], [0.5, fold.minority.hessian])),
    mismatch.length,
  );
  const [first, second, synthetic] = (["majority", "minority", "synthetic"] as const).map((name) =>
    dot(
      bend,
      mean((fold) => fold[name].covariance),
    ),
  ) as [number, number, number];
  const gap = majority - minority;
  const variance = first / 2 + ((minority / majority) * second + (gap / majority) * synthetic) / 2;
  const unit = (gap * gap) / (2 * majority) / variance;
  return { mismatch, gqs: unit * dot(mismatch, times(bend, mismatch)), floor: unit * (second / minority + synthetic / made) };
}
