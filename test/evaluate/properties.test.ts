import fc from "fast-check";
import { expect, it } from "vitest";
import {
  averagePrecision,
  balancedAccuracy,
  balancedLogLoss,
  brier,
  calibrationSlope,
  chooseThreshold,
  classificationReport,
  confusionMatrix,
  expectedCalibrationError,
  fBeta,
  gMean,
  indexBalancedAccuracy,
  logLoss,
  macroAveragedMae,
  matthewsCorrelation,
  prAuc,
  precision,
  precisionAtK,
  rocAuc,
  sensitivity,
  specificity,
} from "../../bindings/index";

type Pairs = readonly { readonly label: number; readonly guess: number; readonly p: number; readonly times: number }[];

/** Rows of up to 4 classes with probabilities that often tie; the first ones make sure that both classes of two are there. */
const pairs = (classes: number): fc.Arbitrary<Pairs> =>
  fc
    .array(
      fc.record({
        label: fc.nat(classes - 1),
        guess: fc.nat(classes - 1),
        p: fc.oneof(fc.constantFrom(0, 0.25, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true })),
        times: fc.nat(3),
      }),
      { minLength: 1, maxLength: 30 },
    )
    .map((rows) => [{ label: 0, guess: 0, p: 0.3, times: 1 }, { label: 1, guess: 0, p: 0.4, times: 1 }, ...rows]);

type Options = { weights?: number[] };
const labelsOf = (rows: Pairs): number[] => rows.map(({ label }) => label);
const guessesOf = (rows: Pairs): number[] => rows.map(({ guess }) => guess);
const scoresOf = (rows: Pairs): number[] => rows.map(({ p }) => p);

const OF_LABELS: Record<string, (labels: number[], guesses: number[], options?: Options) => number> = {
  sensitivity: (y, g, o) => sensitivity(y, g, { ...o, average: "macro" }),
  specificity: (y, g, o) => specificity(y, g, { ...o, average: "weighted" }),
  precision: (y, g, o) => precision(y, g, { ...o, average: "micro" }),
  fBeta: (y, g, o) => fBeta(y, g, { ...o, positive: 1, beta: 2 }),
  gMean,
  iba: (y, g, o) => indexBalancedAccuracy(y, g, { ...o, positive: 1 }),
  balancedAccuracy,
  matthewsCorrelation,
  macroAveragedMae,
  report: (y, g, o) => classificationReport(y, g, o).average.iba,
};
const OF_RANKS: Record<string, (labels: number[], scores: number[], options?: Options) => number> = {
  rocAuc,
  averagePrecision,
  prAuc,
  precisionAtK: (y, p, o) => precisionAtK(y, p, { ...o, k: 2 }),
};
const OF_PROBABILITIES: typeof OF_RANKS = {
  brier,
  logLoss,
  balancedLogLoss,
  uniform: expectedCalibrationError,
  quantile: (y, p, o) => expectedCalibrationError(y, p, { ...o, strategy: "quantile", bins: 4 }),
  threshold: (y, p, o) => chooseThreshold(y, p, { ...o, metric: "gMean" }).value,
  cost: (y, p, o) => chooseThreshold(y, p, { ...o, costs: { falsePositive: 1, falseNegative: 3 } }).value,
};

/** Both numbers of 0 and 1, shuffled by `seed`. */
const shuffled = (rows: Pairs, keys: readonly number[]): Pairs =>
  rows.map((row, i) => ({ row, key: keys[i % keys.length]! })).sort((a, b) => a.key - b.key).map(({ row }) => row); // prettier-ignore
const keys = fc.array(fc.nat(), { minLength: 40, maxLength: 40 });
const same = (a: number, b: number): void => {
  expect(Number.isNaN(a) || Number.isNaN(b), `${a} and ${b}`).toBe(false);
  expect(Math.abs(a - b), `${a} and ${b}`).toBeLessThanOrEqual(1e-11 * Math.max(1, Math.abs(a)));
};

const LABELS = Object.entries(OF_LABELS).map(([name, metric]) => ({ name, metric, classes: 4, second: guessesOf }));
const SCORES = [...Object.entries(OF_RANKS), ...Object.entries(OF_PROBABILITIES)].map(([name, metric]) => ({
  name,
  metric,
  classes: 2,
  second: scoresOf,
}));

it.each([...LABELS, ...SCORES])("$name does not see the order of rows", ({ metric, classes, second }) => {
  fc.assert(
    fc.property(pairs(classes), keys, (rows, order) => {
      const others = shuffled(rows, order);
      same(metric(labelsOf(others), second(others)), metric(labelsOf(rows), second(rows)));
    }),
  );
});

it.each([...LABELS, ...SCORES])("$name takes weights for repeated rows, and 0 for none", ({ metric, classes, second }) => {
  fc.assert(
    fc.property(pairs(classes), (rows) => {
      const repeated = rows.flatMap((row) => Array.from({ length: row.times }, () => row));
      // a class that weighs nothing is still a class where averages go over all of them
      fc.pre(new Set([...labelsOf(repeated), ...guessesOf(repeated)]).size === new Set([...labelsOf(rows), ...guessesOf(rows)]).size);
      const weights = rows.map(({ times }) => times);
      same(metric(labelsOf(rows), second(rows), { weights }), metric(labelsOf(repeated), second(repeated)));
    }),
  );
});

it.each(Object.entries(OF_RANKS).slice(0, 3))("%s sees nothing of scores but their order", (_, metric) => {
  fc.assert(
    fc.property(pairs(2), (rows) => {
      const scores = scoresOf(rows).map((p) => Math.round(p * 1e6));
      const changed = scores.map((score) => score * score * score - 5e17);
      fc.pre(new Set(scores).size === new Set(changed).size);
      expect(metric(labelsOf(rows), changed)).toBe(metric(labelsOf(rows), scores));
    }),
  );
});

it("rocAuc is the share of pairs in the right order, ties half, and turns with the labels", () => {
  fc.assert(
    fc.property(pairs(2), (rows) => {
      const [ones, zeros] = [rows.filter((row) => row.label === 1), rows.filter((row) => row.label === 0)];
      const won = ones.flatMap((a) => zeros.map((b) => (a.p > b.p ? 1 : a.p === b.p ? 0.5 : 0)));
      same(rocAuc(labelsOf(rows), scoresOf(rows)), won.reduce<number>((sum, one) => sum + one, 0) / won.length);
      same(rocAuc(labelsOf(rows), scoresOf(rows), { positive: 0 }) + rocAuc(labelsOf(rows), scoresOf(rows)), 1);
    }),
  );
});

it("names of classes change nothing but their order", () => {
  const names = ["d", "b", "c", "a"];
  fc.assert(
    fc.property(pairs(4), (rows) => {
      const named = (codes: number[]): string[] => codes.map((code) => names[code]!);
      const [own, other] = [
        confusionMatrix(labelsOf(rows), guessesOf(rows)),
        confusionMatrix(named(labelsOf(rows)), named(guessesOf(rows))),
      ];
      own.classes.forEach((a, i) =>
        own.classes.forEach((b, j) => {
          const place = (code: unknown): number => other.classes.indexOf(names[code as number]!);
          expect(other.counts[place(a)]![place(b)]).toBe(own.counts[i]![j]);
        }),
      );
      for (const metric of [gMean, balancedAccuracy, matthewsCorrelation])
        same(metric(named(labelsOf(rows)), named(guessesOf(rows))), metric(labelsOf(rows), guessesOf(rows)));
    }),
  );
});

it("of two classes the many-class formulas are the known ones", () => {
  fc.assert(
    fc.property(pairs(2), (rows) => {
      const [y, g] = [labelsOf(rows), guessesOf(rows)];
      const [[tn, fp], [fn, tp]] = confusionMatrix(y, g, { classes: [0, 1] }).counts as [[number, number], [number, number]];
      same(gMean(y, g), Math.sqrt((tp / (tp + fn)) * (tn / (tn + fp))));
      same(gMean(y, g), gMean(y, g, { positive: 1 }));
      const root = Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn));
      same(matthewsCorrelation(y, g), root === 0 ? 0 : (tp * tn - fp * fn) / root);
    }),
  );
});

it("a chosen threshold is as good as any, and does what it says", () => {
  const metrics = { f1: fBeta, gMean, balancedAccuracy, matthewsCorrelation };
  fc.assert(
    fc.property(pairs(2), fc.constantFrom(...(Object.keys(metrics) as (keyof typeof metrics)[])), (rows, metric) => {
      const [y, p] = [labelsOf(rows), scoresOf(rows)];
      const at = (threshold: number): number => metrics[metric](y, p.map((own) => (own >= threshold ? 1 : 0)), { classes: [0, 1] }); // prettier-ignore
      const { threshold, value, outcomes } = chooseThreshold(y, p, { metric });
      same(at(threshold), value);
      for (const other of [...p, 2]) expect(at(other)).toBeLessThanOrEqual(value + 1e-12);
      expect(outcomes.truePositives).toBe(rows.filter((row) => row.label === 1 && row.p >= threshold).length);
      expect(outcomes.trueNegatives).toBe(rows.filter((row) => row.label === 0 && row.p < threshold).length);
    }),
  );
});

it("the calibration line is finite, and nothing near it is likelier", () => {
  fc.assert(
    fc.property(pairs(2), (rows) => {
      const [y, p] = [labelsOf(rows), scoresOf(rows)];
      const { slope, intercept, separated } = calibrationSlope(y, p);
      expect(Number.isFinite(slope) && Number.isFinite(intercept)).toBe(true);
      const odds = p.map((own) => Math.min(Math.max(own, 2 ** -52), 1 - 2 ** -52)).map((own) => Math.log(own / (1 - own)));
      const likelihood = (a: number, b: number): number => {
        let [sum, s0, s1, s2] = [0, 0, 0, 0];
        odds.forEach((x, i) => {
          const t = a + b * x;
          sum += (y[i] ? Math.min(t, 0) : Math.min(-t, 0)) - Math.log1p(Math.exp(-Math.abs(t)));
          const spread = 1 / (2 + Math.exp(t) + Math.exp(-t));
          [s0, s1, s2] = [s0 + spread, s1 + spread * x, s2 + spread * x * x];
        });
        return separated ? sum + Math.log(s0 * s2 - s1 * s1) / 2 : sum;
      };
      const best = likelihood(intercept, slope);
      for (const [a, b] of [
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
        [1, 1],
        [-1, 1],
      ] as const)
        // prettier-ignore
        for (const step of [1e-3, 0.03])
          expect(likelihood(intercept + a * step * (1 + Math.abs(intercept)), slope + b * step * (1 + Math.abs(slope)))).toBeLessThanOrEqual(
            best + 1e-9 * Math.max(1, Math.abs(best)),
          );
    }),
    { numRuns: 300 },
  );
});
