import type { Dataset } from "../data/dataset";
import { withMath } from "../engine/math";
import { factorsOf, shifted } from "../evaluate/calibration/priors";
import { within } from "../evaluate/metrics/losses";
import type { Trial } from "./trials";

/** Labels of held out rows, by which models are judged. */
export interface Judge {
  /** Mean over classes of each one's mean log loss (natural logarithm). */
  loss(probabilities: Float64Array): number;
  readonly codes: Uint32Array;
  readonly classes: number;
}

/** The logarithm of a product is taken before that could be 0: one for dozens of rows. */
const TINY = 1e-250;

/** The judge of some rows of the data. */
export function judgeOf({ labels, weights, schema }: Dataset, rows: Uint32Array): Judge {
  const codes = rows.map((i) => labels[i]!);
  const own = weights && Float64Array.from(rows, (i) => weights[i]!);
  const c = schema.classes.length;
  return {
    codes,
    classes: c,
    loss: (probabilities) =>
      withMath(({ log }) => {
        const [losses, weighed, products] = [new Float64Array(c), new Float64Array(c), new Float64Array(c).fill(1)];
        for (let i = 0; i < codes.length; i++) {
          const code = codes[i]!;
          const chance = within(probabilities[i * c + code]!);
          weighed[code]! += own ? own[i]! : 1;
          if (own) losses[code]! -= own[i]! * log(chance);
          else if ((products[code]! *= chance) < TINY) {
            losses[code]! -= log(products[code]!);
            products[code] = 1;
          }
        }
        const means = [...losses].flatMap((loss, code) => (weighed[code]! > 0 ? [(loss - log(products[code]!)) / weighed[code]!] : []));
        return means.reduce((sum, mean) => sum + mean, 0) / means.length;
      }),
  };
}

/** f64 (m, classes) ← probabilities as if classes had been as frequent as told, by default all alike, among the rows learned from. Source: Saerens, Latinne, Decaestecker, Neural Computation 14, 2002. */
export function atPrior({ probabilities, shares }: Trial, prior: ArrayLike<number> = shares.map(() => 1)): Float64Array {
  return shifted(probabilities, factorsOf(shares, prior));
}
