import { describe, expect, it } from "vitest";
import { chooseThreshold } from "../../bindings/index";

const labels = [0, 0, 1, 0, 1];
const probabilities = [0.1, 0.3, 0.4, 0.6, 0.8];

describe("chooseThreshold", () => {
  it("lies halfway between neighbors", () => {
    const { threshold, value, outcomes } = chooseThreshold(labels, probabilities, { metric: "f1" });
    expect(threshold).toBeCloseTo(0.35, 15);
    expect(value).toBeCloseTo(0.8);
    expect(outcomes).toEqual({ truePositives: 2, falsePositives: 1, falseNegatives: 0, trueNegatives: 2 });
  });

  it("is above the lower of two neighbors without a number between", () => {
    const next = 0.5 + 2 ** -53;
    expect(chooseThreshold([0, 1], [0.5, next], { metric: "gMean" }).threshold).toBe(next);
  });

  it("is the highest of equally good ones", () => {
    const tied = [1, 0, 0, 1, 0, 0];
    const falling = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4];
    expect(chooseThreshold(tied, falling, { metric: ({ truePositives }) => (truePositives > 0 ? 1 : 0) }).threshold).toBeCloseTo(0.85);
  });

  it("is 0 for always and above 1 for never", () => {
    expect(chooseThreshold(labels, probabilities, { costs: { falsePositive: 0, falseNegative: 1 } })).toMatchObject({ value: 0 });
    const dear = { falsePositive: 0.01, falseNegative: 1 };
    expect(chooseThreshold([0, 1, 0], [0.9, 0.1, 0.5], { costs: dear })).toMatchObject({ threshold: 0, value: 0.02 / 3 });
    const { threshold, outcomes } = chooseThreshold([0, 1], [1, 0.5], { costs: { falsePositive: 9, falseNegative: 1 } });
    expect(1 >= threshold).toBe(false);
    expect(JSON.parse(JSON.stringify(threshold))).toBe(threshold);
    expect(outcomes.truePositives + outcomes.falsePositives).toBe(0);
  });

  it("weighs what each outcome costs, gains among them", () => {
    const costs = { falsePositive: 2, falseNegative: 5, truePositive: -3, trueNegative: 0.5 };
    const { value, outcomes } = chooseThreshold(labels, probabilities, { costs });
    expect(outcomes).toEqual({ truePositives: 2, falsePositives: 1, falseNegatives: 0, trueNegatives: 2 });
    expect(value).toBeCloseTo((-6 + 2 + 1) / 5);
  });

  it("finds the share asked for, with as few alarms as that takes", () => {
    expect(chooseThreshold(labels, probabilities, { recall: 0.5 })).toMatchObject({ value: 0.5, outcomes: { falsePositives: 0 } });
    expect(chooseThreshold(labels, probabilities, { recall: 0.51 })).toMatchObject({ value: 1, outcomes: { falsePositives: 1 } });
    expect(chooseThreshold(labels, probabilities, { recall: 1 }).threshold).toBeCloseTo(0.35);
  });

  it("takes rows of probabilities and texts", () => {
    const rows = probabilities.map((p) => [p, 1 - p]);
    const texts = labels.map((label) => (label ? "fraud" : "good"));
    expect(chooseThreshold(texts, rows, { metric: "matthewsCorrelation" })).toMatchObject({
      outcomes: chooseThreshold(labels, probabilities, { metric: "matthewsCorrelation" }).outcomes,
    });
  });

  it.each<[object, RegExp]>([
    [{}, /was given 0 of metric, costs and recall, but needs one, such as metric: "f1"/],
    [{ metric: "f1", recall: 0.5 }, /was given 2 of metric/],
    [{ metric: "accuracy" }, /metric is "accuracy", but needs one of "f1", "gMean"/],
    [{ metric: () => NaN }, /metric returned NaN, but needs to return a number/],
    [{ recall: 0 }, /recall is 0, but needs a share/],
    [{ recall: 1.2 }, /recall is 1.2/],
    [{ costs: { falsePositive: 1 } }, /costs.falseNegative is undefined, but needs a finite number/],
    [
      { costs: { falsePositive: 1, falseNegative: 2, falseNegatives: 2 } },
      /costs has no option "falseNegatives"; did you mean "falseNegative"/,
    ],
    [{ costs: 3 }, /costs takes an object/],
  ])("%j is an error", (options, message) => expect(() => chooseThreshold(labels, probabilities, options)).toThrow(message));

  it("needs rows of both classes", () => {
    expect(() => chooseThreshold([1, 1], [0.5, 0.6], { metric: "f1" })).toThrow(
      /chooseThreshold is undefined, because all rows are of class 1/,
    );
    expect(() => chooseThreshold([1, 0], [0.5, 0.6], undefined as never)).toThrow(/was given 0 of metric, costs and recall/);
  });
});
