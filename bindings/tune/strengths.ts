import { read } from "../data/read";
import { STRENGTHS } from "./correction";
import { meanOf, standardError, type Losses } from "./grid";
import { onDivisions, type Setup } from "./setup";
import type { Plan } from "./trials";

/** How much of the bias is taken away, and what other strengths came to. */
export interface Corrections {
  /** 0 says that nothing taken away is best. */
  readonly lambda: number;
  /** The multiple that goes with it. */
  readonly gamma: number;
  readonly curve: readonly CorrectionPoint[];
}

/** Mean balanced log loss of real rows held out. */
export interface CorrectionPoint extends Losses {
  readonly lambda: number;
  readonly mean: number;
  readonly se: number;
}

/** Tries strengths at the multiple that is best without any, and at 1, beside the points that the curve has already. */
export async function strengths(setup: Setup, curve: readonly Losses[], gamma: number, perRepeat: number): Promise<Corrections> {
  const { schema } = read(setup.data);
  const gammas = [...new Set([gamma, 1])].filter((own) => own > 0);
  const plans = gammas.flatMap((own) => STRENGTHS.slice(1).map((lambda): Plan => ({ gammas: schema.classes.map(() => own), lambda })));
  const losses = plans.map((): number[] => []);
  const parts = setup.divisions.map((division) => ({ division, plans }));
  await onDivisions(setup, parts, (s, place, { probabilities }) => (losses[place]![s] = setup.judges[s]!.loss(probabilities)));
  const point = (own: number, lambda: number, perSplit: readonly number[]): CorrectionPoint => ({
    gamma: own,
    lambda,
    perSplit,
    mean: meanOf(perSplit),
    se: standardError(perSplit, perRepeat),
  });
  const points = [
    ...curve.filter((one) => one.gamma === gamma).map(({ perSplit }) => point(gamma, 0, perSplit)),
    ...plans.map(({ gammas: own, lambda }, at) => point(own[0]!, lambda!, losses[at]!)),
  ];
  const best = points.reduce((least, one) => (one.mean < least.mean ? one : least));
  return { lambda: best.lambda, gamma: best.gamma, curve: points };
}
