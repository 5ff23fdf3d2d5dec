import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compareScores, InputError, wilcoxon, type CrossValidation, type WilcoxonOptions } from "../../bindings/index";
import { scoreInterval } from "../../bindings/evaluate/compare";

/** A result with these scores in folds of 80 and 20 rows. */
function result(scores: Record<string, (number | null)[]>): CrossValidation {
  const folds = Object.values(scores)[0]!.map((_, fold) => ({ repeat: 0, fold, train: new Uint32Array(80), test: new Uint32Array(20) }));
  const candidates = Object.entries(scores).map(([name, own]) => ({ name, scores: { area: own } }));
  return { metrics: ["area"], folds, candidates } as unknown as CrossValidation;
}

describe("compareScores", () => {
  const scores = { base: [0.7, 0.72, 0.69, 0.75, 0.71], better: [0.74, 0.78, 0.71, 0.77, 0.76], same: [0.7, 0.72, 0.69, 0.75, 0.71], worse: [0.71, 0.69, 0.7, 0.74, 0.7] }; // prettier-ignore

  it("corrects the variance for training parts that overlap", () => {
    const { candidates, ...rest } = compareScores(result(scores), { level: 0.9 });
    expect(rest).toEqual({ metric: "area", baseline: "base", level: 0.9 });
    const differences = scores.better.map((score, f) => score - scores.base[f]!);
    const mean = differences.reduce((sum, x) => sum + x) / 5;
    const variance = differences.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 4;
    const error = Math.sqrt((1 / 5 + 20 / 80) * variance);
    // scipy.stats.t.ppf(0.95, 4)
    const reach = 2.1318467863266504 * error;
    expect(candidates[0]).toMatchObject({ name: "better", folds: 5 });
    expect(candidates[0]!.mean).toBeCloseTo(mean, 14);
    expect(candidates[0]!.error).toBeCloseTo(error, 14);
    expect(candidates[0]!.low).toBeCloseTo(mean - reach, 12);
    expect(candidates[0]!.high).toBeCloseTo(mean + reach, 12);
    expect(candidates[1]).toMatchObject({ name: "same", mean: 0, low: 0, high: 0, pValue: 1, adjusted: 1 });
  });

  it("adjusts p-values by Holm", () => {
    const { candidates } = compareScores(result(scores), { baseline: "worse" });
    expect(candidates.map(({ name }) => name)).toEqual(["base", "better", "same"]);
    const p = candidates.map(({ pValue }) => pValue!);
    expect(p[0]).toBe(p[2]);
    expect(candidates[1]!.adjusted).toBe(Math.min(1, 3 * p[1]!));
    expect(candidates[0]!.adjusted).toBe(Math.min(1, 2 * p[0]!));
    expect(candidates[2]!.adjusted).toBe(candidates[0]!.adjusted);
  });

  it("an interval leaves 0 out just where its p-value is below 1 − level", () => {
    const list = fc.array(fc.integer({ min: -5, max: 9 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(list, fc.constantFrom(0.5, 0.9, 0.95), (own, level) => {
        const [row] = compareScores(result({ base: own.map(() => 0), other: own }), { level }).candidates;
        expect(row!.low! > 0 || row!.high! < 0).toBe(row!.pValue! < 1 - level);
      }),
    );
  });

  it("pairs the folds that both have, and says nothing of fewer than two", () => {
    const found = compareScores(result({ base: [1, null, 3, 4], part: [2, 2, null, 6], alone: [null, null, null, 5] }));
    expect(found.candidates[0]).toMatchObject({ folds: 2, mean: 1.5 });
    expect(found.candidates[1]).toEqual({
      name: "alone",
      folds: 1,
      mean: 1,
      error: null,
      low: null,
      high: null,
      pValue: null,
      adjusted: null,
    });
    expect(found.candidates[0]!.adjusted).toBe(found.candidates[0]!.pValue);
  });

  it("gives a mean its interval", () => {
    const all = result({ base: [0.1, 0.2, 0.3] });
    const found = scoreInterval(all.candidates[0]!, "area", all.folds, 0.95);
    expect(found.mean).toBeCloseTo(0.2, 14);
    // of two degrees of freedom the quantile is (2p − 1) / √(2p(1 − p))
    expect(found.high! - found.mean!).toBeCloseTo((0.95 / Math.sqrt(2 * 0.975 * 0.025)) * Math.sqrt((1 / 3 + 1 / 4) * 0.01), 12);
  });

  it("refuses names that the result does not have", () => {
    expect(() => compareScores(result(scores), { metric: "brier" })).toThrow('metric is "brier", but needs one of "area"');
    expect(() => compareScores(result(scores), { baseline: "none" })).toThrow('baseline is "none", but needs one of "base", "better"');
    expect(() => compareScores(result(scores), { level: 95 })).toThrow("level is 95, but needs a number from 0 to 1.");
    expect(() => compareScores(undefined as never)).toThrow(InputError);
  });
});

interface Golden extends WilcoxonOptions {
  differences: number[];
  pValue: number;
}
const golden = JSON.parse(readFileSync(new URL("../golden/wilcoxon.json", import.meta.url), "utf8")) as { cases: Golden[] };

describe("wilcoxon", () => {
  it.each(golden.cases.map((test, t) => ({ ...test, t })))("$t: equals scipy's, $method, $zeros, $alternative", (test) => {
    const { differences, pValue, zeros, alternative, method } = test;
    if (differences.every((x) => x === 0)) return;
    const found = wilcoxon(differences, new Float64Array(differences.length), { zeros, alternative, method });
    expect(Math.abs(found.pValue - pValue)).toBeLessThan(1e-12 + 1e-10 * pValue);
    expect(found.n + found.zeros).toBe(differences.length);
  });

  it("counts all ways to give signs", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 9 }),
        fc.constantFrom("wilcox", "pratt"),
        (own, zeros) => {
          const kept = zeros === "pratt" ? own : own.filter((x) => x !== 0);
          const rank = (x: number): number => {
            const [less, equal] = [
              kept.filter((y) => Math.abs(y) < Math.abs(x)).length,
              kept.filter((y) => Math.abs(y) === Math.abs(x)).length,
            ];
            return less + (equal + 1) / 2;
          };
          const ranks = own.filter((x) => x !== 0).map(rank);
          const sum = own.filter((x) => x > 0).map(rank).reduce((a, b) => a + b, 0); // prettier-ignore
          let least = 0;
          for (let signs = 0; signs < 2 ** ranks.length; signs++) {
            const total = ranks.reduce((a, b, t) => a + ((signs >> t) & 1 ? b : 0), 0);
            if (total >= sum) least++;
          }
          const found = wilcoxon(own, own.map(() => 0), { zeros, alternative: "greater" }); // prettier-ignore
          expect(found).toMatchObject({ positive: sum, n: ranks.length, method: "exact" });
          expect(found.pValue).toBeCloseTo(least / 2 ** ranks.length, 12);
        },
      ),
    );
  });

  it("takes more than 50 pairs for normal, and none that differ for no evidence", () => {
    const many = Float64Array.from({ length: 51 }, (_, i) => (i % 3 ? i : -i - 0.5));
    expect(wilcoxon(many, new Float64Array(51)).method).toBe("approximate");
    expect(wilcoxon([1, 2], [1, 2])).toEqual({ positive: 0, negative: 0, n: 0, zeros: 2, pValue: 1, method: "exact" });
    expect(wilcoxon([1, 2], [1, 2], { method: "approximate" }).pValue).toBe(1);
  });

  it("refuses what are no pairs of numbers", () => {
    expect(() => wilcoxon([1], [1, 2])).toThrow("an array of 1 and an array of 2, but needs two arrays of as many numbers");
    expect(() => wilcoxon([], [])).toThrow(InputError);
    expect(() => wilcoxon([1, NaN], [1, 2])).toThrow("a[1] is NaN, but needs a finite number.");
    expect(() => wilcoxon([1], [2], { zeros: "split" as never })).toThrow('zeros is "split"');
  });
});
