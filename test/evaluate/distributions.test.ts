import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  chiSquared,
  chiSquaredQuantile,
  normal,
  normalQuantile,
  studentT,
  studentTQuantile,
  type Tails,
} from "../../bindings/evaluate/distributions";

interface Golden {
  law: "normal" | "studentT" | "chiSquared";
  df: number;
  tails: [x: number, below: number, above: number][];
  quantiles: [p: number, x: number][];
}
const golden = JSON.parse(readFileSync(new URL("../golden/distributions.json", import.meta.url), "utf8")) as { distributions: Golden[] };

const LAWS: Record<Golden["law"], [tails: (x: number, df: number) => Tails, quantile: (p: number, df: number) => number]> = {
  normal: [normal, normalQuantile],
  studentT: [studentT, studentTQuantile],
  chiSquared: [chiSquared, chiSquaredQuantile],
};

/** Relative, so that far tails count; what is below the range of numbers is 0 in both. */
function expectNear(found: number, expected: number, what: string): void {
  if (!(Math.abs(found - expected) <= 1e-10 * Math.abs(expected) + 1e-290)) expect.fail(`${what}: ${found} instead of ${expected}`);
}

describe("distribution functions", () => {
  for (const { law, df, tails, quantiles } of golden.distributions) {
    it(`${law}(${df ?? ""}) equals scipy's`, () => {
      const [tailsOf, quantileOf] = LAWS[law];
      for (const [x, below, above] of tails) {
        const found = tailsOf(x, df);
        expectNear(found.below, below, `below ${x}`);
        expectNear(found.above, above, `above ${x}`);
      }
      for (const [p, x] of quantiles) expectNear(quantileOf(p, df), x, `quantile ${p}`);
    });
  }

  it("a quantile is where its share is", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), fc.double({ min: 0.3, max: 1e4, noNaN: true }), (p, df) => {
        for (const [tailsOf, quantileOf] of Object.values(LAWS)) expect(tailsOf(quantileOf(p, df), df).below).toBeCloseTo(p, 11);
      }),
      { numRuns: 30 },
    );
  });

  it("edges: shares of 0 and 1, values beyond all others, what is no number", () => {
    expect([normalQuantile(0), normalQuantile(1), studentTQuantile(0.5, 3)]).toEqual([-Infinity, Infinity, 0]);
    expect([chiSquaredQuantile(0, 2), chiSquaredQuantile(1, 2)]).toEqual([0, Infinity]);
    expect([normal(Infinity), studentT(-Infinity, 2)]).toEqual([
      { below: 1, above: 0 },
      { below: 0, above: 1 },
    ]);
    expect(studentT(1.3, Infinity)).toEqual(normal(1.3));
    expect([normal(NaN).below, studentT(NaN, 3).above, studentT(1, -1).above, chiSquared(1, 0).below, normalQuantile(2)]).toEqual(
      Array(5).fill(NaN),
    );
  });
});
