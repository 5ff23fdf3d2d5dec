import { describe, expect, it } from "vitest";
import { calibrationSlope, expectedCalibrationError } from "../../bindings/index";
import { Numbers } from "../support/numbers";

describe("expectedCalibrationError", () => {
  /** Rows grouped by a function, |mean p − share| by size. */
  const naive = (labels: readonly number[], p: readonly number[], weights: readonly number[], binOf: (i: number) => number): number => {
    const bins = new Map<number, number[]>();
    p.forEach((_, i) => bins.set(binOf(i), [...(bins.get(binOf(i)) ?? []), i]));
    const sum = (rows: readonly number[], of: (i: number) => number): number => rows.reduce((total, i) => total + weights[i]! * of(i), 0);
    const all = weights.reduce((a, b) => a + b, 0);
    return [...bins.values()].reduce((total, rows) => {
      const size = sum(rows, () => 1);
      return size === 0 ? total : total + (size / all) * Math.abs(sum(rows, (i) => p[i]!) / size - sum(rows, (i) => labels[i]!) / size);
    }, 0);
  };

  it.each([1, 3, 10, 49, 93])("%i bins of equal width, each with its upper edge", (bins) => {
    const numbers = new Numbers(bins);
    // many on the edges of bins, or next to them
    const near = (nudge: number): number => Math.min(1, (numbers.below(bins + 1) / bins) * (1 + nudge * 2 ** -52));
    const p = Array.from({ length: 400 }, (_, i) => (i % 4 ? near((i % 4) - 2) : numbers.unit()));
    // gaps of both signs, so that a row in the wrong bin shows
    const labels = p.map(() => numbers.below(2));
    const weights = p.map(() => numbers.below(3));
    const edges = Array.from({ length: bins }, (_, b) => (b + 1) / bins);
    const expected = naive(labels, p, weights, (i) => edges.findIndex((edge) => p[i]! <= edge));
    expect(expectedCalibrationError(labels, p, { bins, weights })).toBeCloseTo(expected, 12);
  });

  it("bins of equal weight keep equal probabilities together", () => {
    const [labels, p] = [[0, 1, 1, 0, 1, 1], [0.1, 0.2, 0.2, 0.2, 0.8, 0.9]]; // prettier-ignore
    // middles of weight: 0.5, 2.5, 4.5 and 5.5 of 6
    const expected = naive(labels, p, [1, 1, 1, 1, 1, 1], (i) => (p[i]! < 0.5 ? 0 : 1));
    expect(expectedCalibrationError(labels, p, { bins: 2, strategy: "quantile" })).toBeCloseTo(expected, 12);
    const thirds = naive(labels, p, [1, 1, 1, 1, 1, 1], (i) => [0, 1, 1, 1, 2, 2][i]!);
    expect(expectedCalibrationError(labels, p, { bins: 3, strategy: "quantile" })).toBeCloseTo(thirds, 12);
  });

  it("of many classes asks how often the most likely one is right, the first of equals", () => {
    const rows = [[0.6, 0.3, 0.1], [0.6, 0.2, 0.2], [0.2, 0.4, 0.4], [0.1, 0.1, 0.8]]; // prettier-ignore
    expect(expectedCalibrationError(["a", "b", "b", "c"], rows)).toBeCloseTo((2 * 0.1 + 0.6 + 0.2) / 4, 12);
    expect(expectedCalibrationError(["a", "b", "b", "c"], rows, { positive: "c" })).toBeCloseTo((0.1 + 0.2 + 0.4 + 0.2) / 4, 12);
  });

  it.each<[object, RegExp]>([
    [{ bins: 0 }, /bins is 0/],
    [{ strategy: "equal" }, /strategy is "equal", but needs one of "uniform" and "quantile"/],
  ])("%j is an error", (options, message) => expect(() => expectedCalibrationError([0, 1], [0.2, 0.8], options)).toThrow(message));
});

describe("calibrationSlope", () => {
  const sample = (stretch: number, shift: number, n = 20_000): { labels: number[]; p: number[] } => {
    const numbers = new Numbers(7);
    const odds = Array.from({ length: n }, () => 2 * numbers.normal());
    return {
      labels: odds.map((x) => (numbers.unit() < 1 / (1 + Math.exp(-(shift + stretch * x))) ? 1 : 0)),
      p: odds.map((x) => 1 / (1 + Math.exp(-x))),
    };
  };

  it("is 1 and 0 of calibrated probabilities, and undoes what was done to others", () => {
    for (const [stretch, shift] of [
      [1, 0],
      [0.5, -1.5],
      [2, 0.7],
    ] as const) {
      // prettier-ignore
      const { labels, p } = sample(stretch, shift);
      const { slope, intercept, separated } = calibrationSlope(labels, p);
      expect(separated).toBe(false);
      expect(Math.abs(slope - stretch)).toBeLessThan(0.1);
      expect(Math.abs(intercept - shift)).toBeLessThan(0.1);
    }
  });

  it("stays exact where probabilities hardly differ", () => {
    const { labels, p } = sample(1, 0, 500);
    const near = p.map((own) => 0.999999 + own * 1e-7);
    const [wide, narrow] = [calibrationSlope(labels, near), calibrationSlope(labels, near.map((own) => 1 - (1 - own) * 1e-3))]; // prettier-ignore
    expect(Number.isFinite(wide.slope) && Number.isFinite(narrow.slope)).toBe(true);
    expect(narrow.slope / wide.slope).toBeCloseTo(1, 3);
  });

  it.each([
    ["apart", [0, 0, 1, 1], [0.1, 0.2, 0.7, 0.8], 1],
    ["apart but for one probability that both have", [0, 0, 1, 1], [0.1, 0.5, 0.5, 0.8], 1],
    ["apart the wrong way", [1, 1, 0, 0], [0.1, 0.2, 0.7, 0.8], -1],
    ["0 and 1", [0, 1], [0, 1], 1],
  ])("is finite for classes that are %s", (_, labels, p, sign) => {
    const { slope, intercept, separated } = calibrationSlope(labels, p);
    expect(separated).toBe(true);
    expect(Number.isFinite(intercept)).toBe(true);
    expect(slope * sign).toBeGreaterThan(0);
    expect(Math.abs(slope)).toBeLessThan(20);
  });

  it("does not take rows without weight for an overlap", () => {
    expect(calibrationSlope([0, 1, 1, 0], [0.1, 0.9, 0.05, 0.95], { weights: [1, 1, 0, 0] }).separated).toBe(true);
  });

  it("needs rows of both classes, and probabilities that differ", () => {
    expect(() => calibrationSlope([1, 1], [0.1, 0.2])).toThrow(/compares two classes, but all rows are of one/);
    expect(() => calibrationSlope([0, 1], [0.3, 0.3])).toThrow(/has no slope, because all probabilities are the same/);
  });
});
