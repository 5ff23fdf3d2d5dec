import { marked } from "../data/marks";
import type { Learner } from "../contracts";
import { fromText, toText } from "../data/plain";
import { learnerOf, type Fitted } from "./learner";

/**
 * Predicts the share of each class among the rows learned from, by weight, for every row alike: what any learner has to beat.
 */
export function constant(): Learner {
  return marked(
    learnerOf({
      name: "constant",
      options: {},
      takes: { weights: true, signedWeights: false, nominal: true, missing: true },
      contains: "what was learned",
      async train({ codes, weights, labels }) {
        const sums = new Float64Array(labels.length);
        codes.forEach((code, i) => (sums[code]! += weights[i]!));
        const total = sums.reduce((sum, one) => sum + one, 0);
        return sharing(sums.map((sum) => sum / total));
      },
      revive: ({ shares }, _schema, labels) => {
        const known = fromText(Float64Array, shares as string);
        if (known.length !== labels.length || !known.every((share) => share >= 0 && share <= 1)) throw new Error();
        return sharing(known);
      },
    }),
    {},
  );
}

function sharing(shares: Float64Array): Fitted {
  return {
    probabilities: async ({ n }) => Float64Array.from({ length: n * shares.length }, (_, at) => shares[at % shares.length]!),
    plain: () => ({ shares: toText(shares) }),
  };
}
