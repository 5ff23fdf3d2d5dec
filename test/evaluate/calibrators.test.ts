import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitIsotonic, risingAt } from "../../bindings/evaluate/calibration/isotonic";
import { calibrating, fitCalibration } from "../../bindings/evaluate/calibration/calibrator";
import { fitPlatt, plattOf } from "../../bindings/evaluate/calibration/platt";
import { golden } from "../support/data";
import { Numbers } from "../support/numbers";

interface Case {
  readonly p: readonly number[];
  readonly y: readonly number[];
  readonly weights: readonly number[];
  readonly sigmoid: { readonly line: readonly number[]; readonly sklearn: readonly number[] };
  readonly isotonic: { readonly queries: readonly number[]; readonly values: readonly number[] };
}

const { cases } = golden<{ cases: readonly Case[] }>("calibration.json");
const heldOf = ({ p, y, weights }: Pick<Case, "p" | "y" | "weights">) => ({
  probabilities: Float64Array.from(p.flatMap((one) => [1 - one, one])),
  codes: Uint32Array.from(y),
  weights: Float64Array.from(weights),
  classes: 2,
});

describe.each(cases.map((one, i) => [i, one] as const))("case %i of scikit-learn", (_, one) => {
  it("has its sigmoid", async () => {
    const { line } = await fitPlatt(heldOf(one));
    one.sigmoid.line.forEach((expected, k) => expect(line[k]).toBeCloseTo(expected, 9));
    one.sigmoid.sklearn.forEach((expected, k) => expect(line[k]).toBeCloseTo(expected, 3));
  });

  it("has its rising function", () => {
    const { queries, values } = one.isotonic;
    const rising = fitIsotonic(Float64Array.from(one.p), one.y, one.weights);
    queries.forEach((x, i) => expect(risingAt(rising, x)).toBeCloseTo(values[i]!, 12));
  });
});

describe("platt", () => {
  /** Three classes, stretched log odds with an offset. */
  const three = (n: number): { probabilities: Float64Array; codes: Uint32Array; weights: Float64Array; classes: number } => {
    const numbers = new Numbers(5);
    const probabilities = new Float64Array(3 * n);
    const codes = Uint32Array.from({ length: n }, (_, i) => {
      const odds = [0, 0, 0].map(() => 2 * numbers.normal());
      const truth = odds.map((x, k) => Math.exp(0.5 * x + [0, -1, 1][k]!));
      odds.forEach((x, k) => (probabilities[3 * i + k] = Math.exp(x) / odds.reduce((sum, other) => sum + Math.exp(other), 0)));
      let left = numbers.unit() * truth.reduce((a, b) => a + b);
      return truth.findIndex((share) => (left -= share) < 0);
    });
    return { probabilities, codes, weights: Float64Array.from({ length: n }, () => numbers.unit()), classes: 3 };
  };

  it("of three classes is the likeliest slope and intercepts, which are the true ones nearly", async () => {
    const held = three(4000);
    const found = await fitPlatt(held);
    [0.5, -1, 1].forEach((expected, k) => expect(Math.abs(found.line[k]! - expected)).toBeLessThan(0.15));
    const { probabilities, codes, weights } = held;
    const masses = [0, 0, 0];
    codes.forEach((code, i) => (masses[code]! += weights[i]!));
    const loss = (line: readonly number[]): number => {
      const said = plattOf(probabilities, { ...found, line });
      return codes.reduce((sum, code, i) => {
        const own = [0, 1, 2].map((k) => ((k === code ? masses[code]! + 1 : 1) / (masses[code]! + 3)) * Math.log(said[3 * i + k]!));
        return sum - weights[i]! * own.reduce((a, b) => a + b);
      }, 0);
    };
    const least = loss(found.line);
    for (let k = 0; k < 3; k++)
      for (const nudge of [-1e-3, 1e-3]) expect(loss(found.line.map((value, l) => value + (l === k ? nudge : 0)))).toBeGreaterThan(least);
  });

  it("is finite where classes are apart, all alike, or probabilities 0 and 1; and never turns an order round", async () => {
    for (const p of [
      [0, 0, 0, 1, 1, 1],
      [0.3, 0.3, 0.3, 0.3, 0.3, 0.3],
      [0, 0.2, 0.4, 0.6, 0.8, 1],
      [1e-300, 1e-9, 0.1, 0.5, 1, 1],
    ]) {
      // prettier-ignore
      const found = await fitPlatt(heldOf({ p, y: [0, 0, 0, 1, 1, 1], weights: [1, 1, 1, 1, 1, 1] }));
      const said = plattOf(Float64Array.from([1, 0, 0.999999, 1e-6, 0.7, 0.3, 0.3, 0.7, 0, 1]), found);
      for (let i = 0; i < 5; i++) {
        expect(said[2 * i]! + said[2 * i + 1]!).toBeCloseTo(1, 14);
        expect(said[2 * i + 1]!).toBeGreaterThan(0);
        expect(said[2 * i + 1]!).toBeGreaterThanOrEqual(i ? said[2 * i - 1]! - 1e-15 : 0);
      }
    }
  });
});

describe("isotonic", () => {
  /** The least-squares rising values by the formula of minima of maxima. */
  const naive = (x: readonly number[], y: readonly number[], weights: readonly number[], at: number): number => {
    const mean = (from: number, to: number): number => {
      let [sum, total] = [0, 0];
      x.forEach((value, i) => {
        if (value < from || value > to) return;
        sum += weights[i]! * y[i]!;
        total += weights[i]!;
      });
      return sum / total;
    };
    return Math.max(...x.filter((from) => from <= at).map((from) => Math.min(...x.filter((to) => to >= at).map((to) => mean(from, to)))));
  };

  it("is the nearest rising function, ties and weights counted", () => {
    const row = fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 4 }));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
        const [x, y, weights] = [0, 1, 2].map((c) => rows.map((one) => one[c]!)) as [number[], number[], number[]];
        const rising = fitIsotonic(Float64Array.from(x), y, weights);
        for (const at of x) expect(risingAt(rising, at)).toBeCloseTo(naive(x, y, weights, at), 12);
        const doubled = fitIsotonic(Float64Array.from([...x, 9]), [...y, 0], [...weights, 0]);
        expect(doubled).toEqual(rising);
      }),
    );
  });

  it("of three classes is each against the rest, brought to a sum of 1; a row without any stays", async () => {
    const probabilities = Float64Array.from([0.8, 0.1, 0.1, 0.2, 0.7, 0.1, 0.1, 0.2, 0.7, 0.4, 0.35, 0.25, 0.3, 0.4, 0.3]);
    const codes = Uint32Array.of(0, 1, 2, 0, 1);
    const calibration = await fitCalibration("isotonic", { probabilities, codes, weights: new Float64Array(5).fill(1), classes: 3 });
    const change = calibrating(JSON.parse(JSON.stringify(calibration)) as typeof calibration, 3);
    const asked = Float64Array.from([0.5, 0.3, 0.2, 0.3, 0.34, 0.26]);
    const said = change(asked);
    for (let i = 0; i < 2; i++) {
      const own = [0, 1, 2].map((k) => {
        const column = Float64Array.from({ length: 5 }, (_, row) => probabilities[3 * row + k]!);
        return risingAt(fitIsotonic(column, Array.from(codes, (code) => Number(code === k)), [1, 1, 1, 1, 1]), asked[3 * i + k]!); // prettier-ignore
      });
      const sum = own.reduce((a, b) => a + b);
      own.forEach((value, k) => expect(said[3 * i + k]).toBeCloseTo(sum > 0 ? value / sum : asked[3 * i + k]!, 14));
    }
  });
});
