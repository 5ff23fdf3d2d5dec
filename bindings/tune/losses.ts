import type { Data } from "../contracts";
import { read } from "../data/read";
import { withMath } from "../engine/math";
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

/** f64 (m, classes) ← probabilities as if all classes had been equally frequent among the rows learned from. Source: Saerens, Latinne, Decaestecker, Neural Computation 14, 2002. */
export function atEqualPrior({ probabilities, shares }: Trial): Float64Array {
  const c = shares.length;
  const even = new Float64Array(probabilities.length);
  for (let at = 0; at < even.length; at += c) {
    let sum = 0;
    for (let k = 0; k < c; k++) sum += even[at + k] = shares[k]! > 0 ? probabilities[at + k]! / shares[k]! : 0;
    for (let k = 0; k < c; k++) even[at + k] = sum > 0 ? even[at + k]! / sum : 1 / c;
  }
  return even;
}
