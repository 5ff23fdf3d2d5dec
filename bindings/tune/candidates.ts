/** What is known of imbalance and generator where candidates are chosen. */
export interface Standing {
  readonly symmetric: boolean;
  /** Not known where it was not looked at. */
  readonly generator: "realistic" | "biased" | "not evaluated";
  /** The size, relative to balance, that cancels what imbalance does, if there is one. */
  readonly theoryGamma: number | null;
}

/** No theory is followed beyond. */
export const LARGEST_TARGET = 5;

/**
 * The size, relative to full balance, at which the first-order bias has nothing left along g_φ: 1 / D with D = 1 − 2 (‖g_ψ‖ / ‖g_φ‖) cos, at most 5; none where D is not above 0. Exact where
 * both vectors are parallel; elsewhere it can be on the wrong side of balance.
 */
export function theoryTarget(
  gPhiNorm: number,
  gPsiNorm: number,
  cosine: number,
): { readonly denominator: number; readonly theoryGamma: number | null } {
  const denominator = 1 - 2 * (gPsiNorm / gPhiNorm) * cosine;
  return { denominator, theoryGamma: denominator > 0 ? Math.min(1 / denominator, LARGEST_TARGET) : null };
}

/** Twentieths from `from` to `to`. */
function twentieths(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => (from + i) / 20);
}

/**
 * Sizes as multiples of the rows that a strategy asks for, rising; `unit` of them is full balance. Near none; near balance and the target of theory; or from none to twice balance. 0 and 1 are
 * always among them.
 */
export function candidatesFor({ symmetric, generator, theoryGamma }: Standing, unit: number): number[] {
  const near = twentieths(16, 24);
  const local = theoryGamma === null ? near : [...near, ...near.map((gamma) => gamma * theoryGamma)];
  const sizes = symmetric ? twentieths(0, 4) : generator === "realistic" ? local : twentieths(0, 40);
  return [...new Set([0, 1, ...sizes.map((gamma) => gamma * unit)])].sort((a, b) => a - b);
}
