import { describe, expect, it } from "vitest";
import { logistic, smote, type Matrix } from "../../bindings/index";
import { read } from "../../bindings/data/read";
import { refitting } from "../../bindings/learn/learner";
import { Numbers } from "../support/numbers";

const gaussian = (counts: readonly number[], d: number, seed: number): Matrix & { X: Float64Array; y: number[] } => {
  const numbers = new Numbers(seed);
  const y = counts.flatMap((count, code) => new Array<number>(count).fill(code));
  const X = Float64Array.from({ length: y.length * d }, (_, at) => numbers.normal() + (at % d === y[Math.floor(at / d)]! ? 1 : 0));
  return { X, y, columns: d };
};

describe("learning from the same rows again", () => {
  it.each([
    { counts: [300, 40], d: 4, C: 1 },
    { counts: [9000, 500], d: 6, C: 1e4 },
    { counts: [200, 60, 30], d: 5, C: 0.5 },
  ])("is what fit learns: $counts rows, $d columns, C $C", async ({ counts, d, C }) => {
    const data = gaussian(counts, d, 3);
    const real = data.y.length;
    const union = (await smote({ kNeighbors: 3 }).resample(data)).data as typeof data;
    const n = union.y.length;
    const learner = logistic({ C, tolerance: 1e-9 });
    const ran = await refitting(learner, read(union), real, read(data), undefined, async (retry) => {
      for (const share of [0, 0.1, 0.25, 0.5, 0.8, 1, 0.3]) {
        const added = Math.round(share * (n - real));
        const weights = Float64Array.from({ length: n }, (_, i) => (i < real + added ? 1 : 0));
        const again = await retry(weights);
        const X = union.X.subarray(0, (real + added) * d);
        const once = await learner.fit({ X, y: union.y.slice(0, real + added), columns: d }, { realRows: real });
        const { probabilities } = await once.predictProbability(data);
        again.forEach((value, at) => expect(Math.abs(value - probabilities[at]!)).toBeLessThan(2e-4));
      }
      return true;
    });
    expect(ran).toBe(true);
  });
});
