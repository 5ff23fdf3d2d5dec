import type { Data } from "../contracts";
import { read } from "../data/read";
import { withMath } from "../engine/math";
import { factorsOf, shifted } from "../evaluate/calibration/priors";
import { meanByClass, within } from "../evaluate/metrics/losses";
import type { Trial } from "./trials";

/** Labels of held out rows, by which models are judged. */
export interface Judge {
  /** Mean over classes of each one's mean log loss (natural logarithm). */
  loss(probabilities: Float64Array): number;
  readonly codes: Uint32Array;
  readonly classes: number;
}

/** The judge of some rows of the data. */
export function judgeOf(data: Data, rows: Uint32Array): Judge {
  const { labels, weights, schema } = read(data);
  const codes = Uint32Array.from(rows, (i) => labels[i]!);
  const own = weights && Float64Array.from(rows, (i) => weights[i]!);
  const c = schema.classes.length;
  return {
    codes,
    classes: c,
    loss: (probabilities) =>
      withMath(({ log }) => {
        const losses = new Float64Array(codes.length);
        for (let i = 0; i < losses.length; i++) losses[i] = -log(within(probabilities[i * c + codes[i]!]!));
        return meanByClass(losses, { codes, classes: schema.classes, weights: own });
      }),
  };
}

/** f64 (m, classes) ← probabilities as if classes had been as frequent as told, by default all alike, among the rows learned from. Source: Saerens, Latinne, Decaestecker, Neural Computation 14, 2002. */
export function atPrior({ probabilities, shares }: Trial, prior: ArrayLike<number> = shares.map(() => 1)): Float64Array {
  return shifted(probabilities, factorsOf(shares, prior));
}
