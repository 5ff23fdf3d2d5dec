import { describe, expect, it } from "vitest";
import {
  averagePrecision,
  balancedAccuracy,
  balancedLogLoss,
  brier,
  calibrationSlope,
  classificationReport,
  confusionMatrix,
  fBeta,
  gMean,
  indexBalancedAccuracy,
  logLoss,
  macroAveragedMae,
  matthewsCorrelation,
  prAuc,
  precision,
  precisionRecallCurve,
  rocAuc,
  rocCurve,
  sensitivity,
  specificity,
  type Average,
  type Label,
} from "../../bindings/index";
import { golden } from "../support/data";

type Rates = Record<"sensitivity" | "specificity" | "precision" | "f1" | "f2" | "gMean" | "iba" | "imbalancedSensitivity", number>;
type Averages = Record<Average, number>;

interface Case {
  readonly name: string;
  readonly given: {
    readonly labels: Label[];
    readonly predictions: Label[];
    readonly weights: number[] | null;
    readonly probabilities: number[] | null;
    readonly rows: number[][] | null;
    readonly positive: Label | null;
  };
  readonly expected: {
    readonly labels: {
      readonly confusion: number[][];
      readonly classes: Label[];
      readonly averages: Record<Average, Rates>;
      readonly positive?: Rates;
      readonly gMean: number;
      readonly corrected: number;
      readonly balancedAccuracy: number;
      readonly adjusted?: number;
      readonly matthews: number;
      readonly macroAveragedMae?: number;
      readonly report: Record<string, Record<string, number>>;
      readonly text: string;
    };
    readonly scores?: Record<
      "rocAuc" | "averagePrecision" | "prAuc" | "brier" | "logLoss" | "balancedLogLoss" | "slope" | "intercept",
      number
    > & {
      readonly roc: Record<"falsePositiveRate" | "truePositiveRate" | "thresholds", number[]>;
      readonly precisionRecall: Record<"precision" | "recall" | "thresholds", number[]>;
      readonly rocPoints: number;
      readonly precisionRecallPoints: number;
    };
    readonly rows?: {
      readonly rocAuc: Averages;
      readonly averagePrecision: Averages;
      readonly brier: number;
      readonly logLoss: number;
      readonly pairwise?: Omit<Averages, "micro">;
    };
  };
}

const AVERAGES = ["macro", "micro", "weighted"] as const;
const close = (own: number, reference: number, what = ""): void => {
  expect(Math.abs(own - reference), `${what}: ${own} and ${reference}`).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(reference)));
};
const closeAll = (own: ArrayLike<number>, reference: readonly number[]): void => {
  expect(own.length).toBe(reference.length);
  reference.forEach((value, i) => close(own[i]!, value, `place ${i}`));
};

const { cases } = golden<{ cases: Case[] }>("metrics.json");

describe.each(cases)("$name", ({ given, expected }) => {
  const { labels, predictions } = given;
  const common = { weights: given.weights ?? undefined };
  const positive = given.positive ?? undefined;

  const rates = (view: { average?: Average; positive?: Label }, reference: Rates): void => {
    const options = { ...common, ...view };
    close(sensitivity(labels, predictions, options), reference.sensitivity, "sensitivity");
    close(sensitivity(labels, predictions, options), reference.imbalancedSensitivity, "sensitivity");
    close(specificity(labels, predictions, options), reference.specificity, "specificity");
    close(precision(labels, predictions, options), reference.precision, "precision");
    close(fBeta(labels, predictions, options), reference.f1, "f1");
    close(fBeta(labels, predictions, { ...options, beta: 2 }), reference.f2, "f2");
    close(gMean(labels, predictions, options), reference.gMean, "gMean");
    close(indexBalancedAccuracy(labels, predictions, options), reference.iba, "iba");
  };

  it("scores of predicted labels", () => {
    const reference = expected.labels;
    const { classes, counts } = confusionMatrix(labels, predictions, common);
    expect({ classes, counts }).toEqual({ classes: reference.classes, counts: reference.confusion });
    for (const average of AVERAGES) rates({ average }, reference.averages[average]);
    if (reference.positive) rates({ positive: positive! }, reference.positive);
    close(gMean(labels, predictions, common), reference.gMean);
    close(gMean(labels, predictions, { ...common, correction: 0.01 }), reference.corrected);
    close(balancedAccuracy(labels, predictions, common), reference.balancedAccuracy);
    if (reference.adjusted !== undefined) close(balancedAccuracy(labels, predictions, { ...common, adjusted: true }), reference.adjusted);
    close(matthewsCorrelation(labels, predictions, common), reference.matthews);
    if (reference.macroAveragedMae !== undefined) close(macroAveragedMae(labels, predictions, common), reference.macroAveragedMae);
  });

  it("the report, as data and as text", () => {
    const report = classificationReport(labels, predictions, { ...common, digits: 6 });
    for (const [label, own] of report.classes) {
      for (const [name, value] of Object.entries(own)) close(value, expected.labels.report[String(label)]![name]!, `${label} ${name}`);
    }
    for (const [name, value] of Object.entries(report.average)) {
      close(value, expected.labels.report[name === "sup" ? "total_support" : `avg_${name}`] as unknown as number, name);
    }
    // where nothing is right the reference writes its counts as 5.0
    expect(report.text).toBe(expected.labels.text.replace(/(\d+)\.0$/gm, "  $1"));
  });
});

describe.each(cases.filter(({ expected }) => expected.scores))("$name", ({ given, expected: { scores } }) => {
  const { labels } = given;
  const common = { weights: given.weights ?? undefined };
  const positive = given.positive ?? undefined;

  it("scores of probabilities", () => {
    const probabilities = given.probabilities!;
    const options = { ...common, positive };
    close(rocAuc(labels, probabilities, options), scores!.rocAuc, "rocAuc");
    close(averagePrecision(labels, probabilities, options), scores!.averagePrecision, "averagePrecision");
    close(prAuc(labels, probabilities, options), scores!.prAuc, "prAuc");
    close(brier(labels, probabilities, options), scores!.brier, "brier");
    close(logLoss(labels, probabilities, options), scores!.logLoss, "logLoss");
    close(balancedLogLoss(labels, probabilities, options), scores!.balancedLogLoss, "balancedLogLoss");
  });

  it("curves", () => {
    const options = { ...common, positive };
    const roc = rocCurve(labels, given.probabilities!, options);
    closeAll(roc.falsePositiveRate, scores!.roc.falsePositiveRate);
    closeAll(roc.truePositiveRate, scores!.roc.truePositiveRate);
    expect([...roc.thresholds]).toEqual([Infinity, ...scores!.roc.thresholds]);
    const curve = precisionRecallCurve(labels, given.probabilities!, options);
    closeAll(curve.precision, scores!.precisionRecall.precision);
    closeAll(curve.recall, scores!.precisionRecall.recall);
    expect([...curve.thresholds]).toEqual(scores!.precisionRecall.thresholds);
    const all = { ...options, dropIntermediate: false };
    expect(rocCurve(labels, given.probabilities!, all).thresholds).toHaveLength(scores!.rocPoints);
    expect(precisionRecallCurve(labels, given.probabilities!, all).precision).toHaveLength(scores!.precisionRecallPoints);
  });

  it("the calibration line", () => {
    const { slope, intercept, separated } = calibrationSlope(labels, given.probabilities!, { ...common, positive });
    expect(separated).toBe(false);
    // both go on until steps are small, each by its own measure
    expect(slope).toBeCloseTo(scores!.slope, 9);
    expect(intercept).toBeCloseTo(scores!.intercept, 9);
  });
});

describe.each(cases.filter(({ expected }) => expected.rows))("$name", ({ given, expected: { rows } }) => {
  const { labels } = given;
  const common = { weights: given.weights ?? undefined };

  it("scores of rows of probabilities", () => {
    for (const average of AVERAGES) {
      close(rocAuc(labels, given.rows!, { ...common, average }), rows!.rocAuc[average], `rocAuc ${average}`);
      close(averagePrecision(labels, given.rows!, { ...common, average }), rows!.averagePrecision[average], `averagePrecision ${average}`);
    }
    close(rocAuc(labels, given.rows!.flat(), common), rows!.rocAuc.macro, "rocAuc of flat rows");
    close(brier(labels, given.rows!, common), rows!.brier, "brier");
    close(logLoss(labels, given.rows!, common), rows!.logLoss, "logLoss");
    for (const average of ["macro", "weighted"] as const) {
      if (rows!.pairwise)
        close(rocAuc(labels, given.rows!, { multiclass: "one-vs-one", average }), rows!.pairwise[average], `pairs ${average}`);
    }
  });
});
