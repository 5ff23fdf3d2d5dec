import { describe, expect, it } from "vitest";
import * as all from "../../bindings/index";
import {
  averagePrecision,
  balancedAccuracy,
  balancedLogLoss,
  brier,
  classificationReport,
  confusionMatrix,
  fBeta,
  gMean,
  indexBalancedAccuracy,
  logLoss,
  macroAveragedMae,
  matthewsCorrelation,
  precision,
  precisionAtK,
  rocAuc,
  rocCurve,
  sensitivity,
  specificity,
  type Label,
  type Labels,
} from "../../bindings/index";

const OF_LABELS = {
  sensitivity,
  specificity,
  precision,
  fBeta,
  gMean,
  indexBalancedAccuracy,
  balancedAccuracy,
  matthewsCorrelation,
  macroAveragedMae,
};
const { calibrationSlope, expectedCalibrationError, prAuc, precisionRecallCurve, chooseThreshold } = all;
const OF_SCORES = { rocAuc, averagePrecision, prAuc, rocCurve, precisionRecallCurve };
const OF_PROBABILITIES = { brier, logLoss, balancedLogLoss, expectedCalibrationError, calibrationSlope };

describe("the positive class", () => {
  it.each<[string, Labels, Labels, Labels]>([
    ["is 1 of 0 and 1, also where it is frequent", [1, 1, 1, 0], [1, 1, 0, 0], [1, 1, 1, 0]],
    ["is 1 of −1 and 1", Int8Array.of(1, 1, 1, -1), [1, 1, -1, -1], [1, 1, 1, -1]],
    ["is true", [true, true, true, false], [true, true, false, false], [true, true, true, false]],
  ])("%s", (_, labels, predictions, same) => {
    expect(sensitivity(labels, predictions)).toBe(2 / 3);
    expect(specificity(labels, same)).toBe(1);
  });

  it("is the rarer one of other labels, by rows and not by weight", () => {
    const labels = ["sick", "well", "well", "well"];
    expect(sensitivity(labels, ["well", "well", "well", "well"])).toBe(0);
    expect(sensitivity(labels, ["well", "well", "well", "well"], { weights: [9, 1, 1, 1] })).toBe(0);
    expect(rocAuc([2, 1, 1], [0.9, 0.1, 0.2])).toBe(1);
  });

  it("is not guessed", () => {
    expect(() => precision(["a", "b"], ["a", "b"])).toThrow(
      'precision needs to know which class is the positive one, and labels "a" and "b" are equally frequent; name it: positive: "a".',
    );
    expect(() => sensitivity(["a", "a"], ["a", "a"])).toThrow(/all rows have label "a"; name it/);
    expect(() => rocAuc(["a", "b", "c"], [1, 2, 3])).toThrow(/one class against the rest, and there are 3; name the class: positive: "a"/);
    expect(() => precision(["a", "b"], ["a", "b"], { positive: "yes" })).toThrow(/positive is "yes", but the classes are "a" and "b"/);
  });

  it("may be one that no row has, where all rows are of one class", () => {
    expect(sensitivity([0, 0], [0, 0])).toBe(0);
    expect(specificity([0, 0], [0, 0])).toBe(1);
    expect(precision(["no", "no"], ["no", "no"], { positive: "yes", zeroDivision: 1 })).toBe(1);
    expect(brier([0, 0], [0.5, 0.5])).toBe(0.25);
  });

  it("picks one of many, against the rest", () => {
    expect(precision(["a", "b", "c", "c"], ["a", "b", "b", "c"], { positive: "b" })).toBe(0.5);
    expect(rocAuc(["a", "b", "c"], [[0.8, 0.1, 0.1], [0.1, 0.7, 0.2], [0.3, 0.3, 0.4]], { positive: "c" })).toBe(1); // prettier-ignore
  });

  it("does not go with an average", () => {
    expect(() => fBeta([0, 1], [0, 1], { positive: 1, average: "macro" })).toThrow(/both positive: 1 and average: "macro"; give one/);
    expect(() => rocAuc([0, 1], [0, 1], { average: "macro" })).toThrow(/average: "macro" needs scores of every class/);
  });
});

describe("zero divided by zero", () => {
  const [labels, predictions] = [["a", "a", "b", "c"], ["a", "b", "b", "a"]]; // prettier-ignore
  it("is 0, or what is said", () => {
    expect(precision(labels, predictions)).toBeCloseTo(1 / 3);
    expect(precision(labels, predictions, { zeroDivision: 1 })).toBeCloseTo(2 / 3);
    expect(precision(labels, predictions, { zeroDivision: "skip" })).toBe(0.5);
    expect(() => precision(labels, predictions, { zeroDivision: "error" })).toThrow(
      'precision of class "c" divides 0 by 0 on these rows; give more rows, or zeroDivision: 0 or 1 to say what it is then.',
    );
    expect(() => precision([0, 0], [0, 0], { zeroDivision: "skip" })).toThrow(/precision of class|divides 0 by 0/);
    expect(() => precision(labels, predictions, { zeroDivision: 0.5 as 1 })).toThrow(
      /zeroDivision is 0.5, but needs 0, 1, "skip" or "error"/,
    );
    expect(() => classificationReport(labels, predictions, { zeroDivision: "skip" as never })).toThrow(/leaves gaps in a report/);
  });

  it("does not arise where a class without rows is left out", () => {
    const classes = ["a", "b", "c", "d"];
    expect(balancedAccuracy(labels, predictions, { classes })).toBe(0.5);
    expect(sensitivity(labels, predictions, { classes })).toBe(0.375);
    expect(gMean(["a", "b"], ["a", "b"], { classes })).toBe(0);
    expect(gMean(["a", "b"], ["a", "b"], { classes, zeroDivision: "skip" })).toBe(1);
    expect(matthewsCorrelation([0, 0], [0, 1])).toBe(0);
    expect(matthewsCorrelation([0, 0], [0, 0])).toBe(0);
  });
});

describe("classes", () => {
  it("give the order of rows and columns, and may name absent ones", () => {
    expect(confusionMatrix(["b", "a"], ["b", "b"], { classes: ["b", "a", "c"] })).toEqual({
      classes: ["b", "a", "c"],
      counts: [[1, 0, 0], [1, 0, 0], [0, 0, 0]], // prettier-ignore
    });
    expect(logLoss(["b", "b"], [[0.5, 0.5], [1, 0]], { classes: ["b", "a"] })).toBeCloseTo(Math.log(2) / 2); // prettier-ignore
  });

  it("leave absent ones out of means of areas", () => {
    const rows = [[0.6, 0.3, 0.1], [0.2, 0.6, 0.2], [0.5, 0.4, 0.1]]; // prettier-ignore
    expect(rocAuc(["a", "b", "a"], rows, { classes: ["a", "b", "c"] })).toBe(1);
    expect(rocAuc(["a", "b", "a"], rows, { classes: ["a", "b", "c"], multiclass: "one-vs-one" })).toBe(1);
    expect(averagePrecision(["a", "b", "a"], rows, { classes: ["a", "b", "c"] })).toBe(1);
  });

  it.each<[Labels, Label[], RegExp]>([
    [["a", "b"], ["a"], /labels hold "b", which classes leaves out/],
    [["a", "b"], ["a", "b", "a"], /classes names a label twice/],
    [["a", "b"], [], /classes is an array of 0/],
  ])("of %j as %j are an error", (labels, classes, message) => expect(() => gMean(labels, labels, { classes })).toThrow(message));

  it("of rows need a column each", () => {
    expect(() => rocAuc(["a", "b", "a"], [[1, 2, 3], [1, 2, 3], [1, 2, 3]])).toThrow(/scores\[0\] has 3 numbers, but the classes are "a" and "b"/); // prettier-ignore
    expect(() => brier([0, 0], [[0.5, 0.5], [0.5, 0.5]])).toThrow(/has 2 numbers, but the classes are 0; name in classes/); // prettier-ignore
  });
});

describe("a ranking", () => {
  it("counts ties half, whatever the order of rows", () => {
    expect(rocAuc([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5])).toBe(0.5);
    expect(rocAuc([0, 1], [-0, 0])).toBe(0.5);
    expect(averagePrecision([0, 1, 0, 0], [0.5, 0.5, 0.5, 0.5])).toBe(0.25);
  });

  it("goes by value, below zero and far out", () => {
    expect(rocAuc([1, 0, 1, 0], [1e308, -1e308, 5e-324, -5e-324])).toBe(1);
    expect([...rocCurve([1, 0, 1, 0], [3, -7, 0, -0.5]).thresholds]).toEqual([Infinity, 3, 0, -7]);
  });

  it("needs rows of both classes", () => {
    expect(() => rocAuc([1, 1], [0.1, 0.2])).toThrow(
      "rocAuc is undefined, because all rows are of class 1 (or they weigh nothing); give rows of both classes.",
    );
    expect(() => rocAuc([0, 0], [0.1, 0.2])).toThrow(/no row is of the positive class/);
    expect(() => averagePrecision([0, 1], [0.1, 0.2], { weights: [1, 0] })).toThrow(/no row is of class 1/);
    expect(averagePrecision([1, 1], [0.1, 0.2])).toBe(1);
  });

  it("draws among equal scores at the k-th place", () => {
    const [labels, scores] = [[1, 0, 1, 0, 0], [0.9, 0.5, 0.5, 0.5, 0.1]]; // prettier-ignore
    expect(precisionAtK(labels, scores, { k: 1 })).toBe(1);
    expect(precisionAtK(labels, scores, { k: 2 })).toBeCloseTo((1 + 1 / 3) / 2);
    expect(precisionAtK(labels, scores, { k: 4 })).toBe(0.5);
    expect(precisionAtK(labels, scores, { k: 2, weights: [2, 1, 1, 1, 1] })).toBe(1);
    expect(() => precisionAtK(labels, scores, { k: 6 })).toThrow(/k is 6, but there are 5 rows \(by weight\); use 5 or less/);
    expect(() => precisionAtK(labels, scores, {} as { k: number })).toThrow(/k is undefined/);
  });
});

describe("probabilities", () => {
  it("of 0 for what came true cost 52 ln 2", () => {
    expect(logLoss([1, 0], [0, 0])).toBeCloseTo(26 * Math.log(2), 10);
    expect(balancedLogLoss([1, 0, 0, 0], [0, 0, 0, 0])).toBeCloseTo(26 * Math.log(2), 10);
  });

  it("are the same as one number and as rows", () => {
    const [labels, p] = [["no", "yes", "no"], [0.2, 0.7, 0.4]]; // prettier-ignore
    const rows = p.map((own) => [1 - own, own]);
    for (const metric of [rocAuc, averagePrecision, prAuc, brier, logLoss, balancedLogLoss, expectedCalibrationError]) {
      expect(metric(labels, rows)).toBeCloseTo(metric(labels, p), 15);
      expect(metric(labels, Float64Array.from(rows.flat()))).toBe(metric(labels, rows));
      expect(metric(labels, rows.map((row) => Float32Array.from(row)))).toBeCloseTo(metric(labels, p), 6); // prettier-ignore
    }
  });
});

describe("macroAveragedMae", () => {
  it("compares numbers, or ranks of classes in their order", () => {
    expect(macroAveragedMae([1, 2, 2, 2], [1, 2, 1, 2])).toBeCloseTo(1 / 6);
    expect(macroAveragedMae([1, 3], [1.5, 2.5])).toBe(0.5);
    expect(macroAveragedMae(["low", "high"], ["mid", "low"], { classes: ["low", "mid", "high"] })).toBe(1.5);
    expect(() => macroAveragedMae(["low", "high"], ["low", "low"])).toThrow(
      /labels are strings, which have no distances; give their order/,
    );
  });
});

describe("wrong input is one error", () => {
  const cases: [unknown[], RegExp][] = [
    [[[0, 1], [0]], /2 labels but 1 /], // prettier-ignore
    [[[], []], /was given no labels/],
    [[null, [0]], /labels of .* are null, but need to be an array of labels/],
    [[[0, 1], "ab"], /are "ab", but need to be/],
    [[[0, 1], { length: -1 }], /are an object with "length", but need to be/],
    [[new DataView(new ArrayBuffer(8)), [0]], /labels of .* are a DataView, but need/],
    [
      [
        [0, NaN],
        [0, 1],
      ],
      /labels has no label in row 1/,
    ],
    [[[0, 1], [0, 1], { weights: [1] }], /2 labels but 1 weights/],
    [[[0, 1], [0, 1], { weights: [1, -1] }], /weights\[1\] is -1, but needs a finite number of at least 0/],
    [[[0, 1], [0, 1], { weights: [0, 0] }], /weights add up to 0/],
    [[[0, 1], [0, 1], { weights: [1e308, 1e308] }], /weights add up to Infinity/],
    [[[0, 1], [0, 1], { weight: [1, 1] }], /no option "weight"; did you mean "weights"\?/],
    [[[0, 1], [0, 1], null], /takes an object of options, but was given null/],
  ];
  const every = { ...OF_LABELS, ...OF_SCORES, ...OF_PROBABILITIES, confusionMatrix, classificationReport };
  const table = Object.entries(every).flatMap(([name, metric]) => cases.map(([given, message]) => ({ name, metric, given, message })));
  it.each(table)("$name: $message", ({ metric, given, message }) => {
    expect(() => (metric as (...given: unknown[]) => unknown)(...given)).toThrow(message);
    expect(() => (metric as (...given: unknown[]) => unknown)(...given)).toThrow(all.InputError);
  });

  it.each(Object.entries({ ...OF_SCORES, ...OF_PROBABILITIES }))("%s refuses numbers that are none", (_, metric) => {
    for (const value of [NaN, Infinity, -Infinity, null, "0.5", undefined]) {
      expect(() => metric([0, 1], [0.5, value as number])).toThrow(/\[1\] is .*, but needs a/);
      expect(() => metric([0, 1], [[0.5, 0.5], [0.5, value as number]])).toThrow(/\[1\]\[1\] is .*, but needs a/); // prettier-ignore
    }
  });

  it.each(Object.entries({ ...OF_PROBABILITIES, chooseThreshold }))("%s refuses what is no probability", (_, metric) => {
    expect(() => metric([0, 1], [0.5, 1.1], { metric: "f1" } as object)).toThrow(
      /probabilities\[1\] is 1.1, but needs a number from 0 to 1|no option/,
    );
    expect(() => metric([0, 1], [0.5, -0.1], { positive: 1 } as never)).toThrow(/probabilities\[1\] is -0.1/);
    expect(() => metric([0, 1], [[0.5, 0.5], [0.5, 0.4]], { positive: 1 } as never)).toThrow(/probabilities\[1\] adds up to 0.9, but/); // prettier-ignore
  });

  it("labels and predictions of two types", () => {
    expect(() => gMean([0, 1], ["0", "1"])).toThrow(
      "labels are numbers but predictions are strings; give both as the same type, such as labels.map(String).",
    );
  });

  it("options out of range", () => {
    expect(() => fBeta([0, 1], [0, 1], { beta: 0 })).toThrow(/beta is 0/);
    expect(() => gMean([0, 1], [0, 1], { correction: -1 })).toThrow(/correction is -1/);
    expect(() => indexBalancedAccuracy([0, 1], [0, 1], { alpha: 2 })).toThrow(/alpha is 2/);
    expect(() => indexBalancedAccuracy([0, 1], [0, 1], { metric: "gMean" as never })).toThrow(/metric is "gMean", but needs a function/);
    expect(() => sensitivity([0, 1], [0, 1], { average: "mean" as "macro" })).toThrow(/average is "mean"/);
    expect(() => rocAuc([0, 1], [0, 1], { multiclass: "one-vs-one" })).toThrow(
      /compares all pairs of classes, but was given one number a row/,
    );
    expect(() => balancedAccuracy([1, 1], [1, 1], { adjusted: true })).toThrow(/all rows are of one class/);
    expect(() => confusionMatrix(Uint32Array.from({ length: 5000 }, (__, i) => i), new Uint32Array(5000))).toThrow(/There are 5000 classes/); // prettier-ignore
  });

  it("but nothing given is changed", () => {
    const scores = Float64Array.of(0.3, 0.9, 0.1);
    const weights = Float64Array.of(1, 2, 3);
    rocAuc([0, 1, 1], scores, { weights });
    logLoss([0, 1, 1], scores, { weights });
    expect([[...scores], [...weights]]).toEqual([[0.3, 0.9, 0.1], [1, 2, 3]]); // prettier-ignore
  });
});

it("indexBalancedAccuracy takes any score of labels", () => {
  const [labels, predictions] = [[0, 0, 0, 1], [0, 1, 0, 1]]; // prettier-ignore
  const dominance = 1 - 2 / 3;
  expect(indexBalancedAccuracy(labels, predictions, { metric: precision, squared: false, alpha: 0.5 })).toBeCloseTo(
    (1 + dominance / 2) * 0.5,
  );
  // both classes together favor none of two
  expect(indexBalancedAccuracy(labels, predictions, { average: "macro" })).toBeCloseTo(
    gMean(labels, predictions, { average: "macro" }) ** 2,
  );
});
