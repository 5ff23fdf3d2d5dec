import { describe, expect, it } from "vitest";
import { kNN, logistic, table, type Matrix } from "../../bindings/index";
import { qualityReport } from "../../bindings/diagnose";
import { kolmogorov } from "../../bindings/diagnose/marginals";
import { crossFittedArea } from "../../bindings/diagnose/twoSample";
import { golden } from "../support/data";

interface Dependence {
  readonly correlation: readonly number[];
  readonly correlationRatio: number;
  readonly cramersV: number;
}

const known = golden<{
  real: number[][];
  synthetic: number[][];
  levels: { real: number[][]; synthetic: number[][] };
  distributions: { statistic: number; pValue: number }[];
  kolmogorov: [number, number][];
  totalVariation: number[];
  dependence: { real: Dependence; synthetic: Dependence };
  prdc: { precision: number; recall: number; density: number; coverage: number };
  twoSample: { folds: number; kNN: number; logistic: number };
}>("diagnose.json");

const one = (rows: number[][]): Matrix => ({ X: rows, y: rows.map(() => "yes") });
const mixed = (rows: number[][], levels: number[][]) =>
  table(
    rows.map((row, i) => ({ a: row[0], b: row[1], c: row[2], p: `p${levels[i]![0]}`, q: `q${levels[i]![1]}`, y: "yes" })),
    { target: "y" },
  );

describe("as scipy, scikit-learn and prdc have it", () => {
  it("distributions of columns", async () => {
    const { classes } = await qualityReport(mixed(known.real, known.levels.real), mixed(known.synthetic, known.levels.synthetic));
    const columns = classes[0]!.columns;
    known.distributions.forEach(({ statistic, pValue }, c) => {
      expect(columns[c]!.distance).toBeCloseTo(statistic, 12);
      expect(columns[c]!.pValue).toBeCloseTo(pValue, 12);
    });
    known.totalVariation.forEach((value, c) => expect(columns[3 + c]!.distance).toBeCloseTo(value, 12));
  });

  it.each(known.kolmogorov)("Kolmogorov's distribution beyond %f", (x, share) => {
    expect(Math.abs(kolmogorov(x) - share)).toBeLessThan(1e-9 * share + 1e-16);
  });

  it("dependence of pairs", async () => {
    const { classes } = await qualityReport(mixed(known.real, known.levels.real), mixed(known.synthetic, known.levels.synthetic));
    const { most, pairs } = classes[0]!.dependence;
    expect([pairs, most.length]).toEqual([10, 10]);
    const of = (a: string, b: string) => most.find(({ columns }) => columns.join() === `${a},${b}`)!;
    for (const side of ["real", "synthetic"] as const) {
      const expected = known.dependence[side];
      [of("a", "b"), of("a", "c"), of("b", "c")].forEach((pair, at) => expect(pair[side]).toBeCloseTo(expected.correlation[at]!, 12));
      expect(of("a", "p")[side]).toBeCloseTo(expected.correlationRatio, 12);
      expect(of("p", "q")[side]).toBeCloseTo(expected.cramersV, 12);
    }
  });

  it("precision, recall, density and coverage", async () => {
    const { classes } = await qualityReport(one(known.real), one(known.synthetic));
    const { precision, recall, density, coverage } = classes[0]!.fidelity!;
    expect(precision).toBeCloseTo(known.prdc.precision, 12);
    expect(recall).toBeCloseTo(known.prdc.recall, 12);
    expect(density).toBeCloseTo(known.prdc.density, 12);
    expect(coverage).toBeCloseTo(known.prdc.coverage, 12);
  });

  it("classifier two-sample tests, fold for fold", async () => {
    const X = Float64Array.from([...known.real, ...known.synthetic.slice(5)].flat());
    const y = new Uint8Array(X.length / 3).fill(1, known.real.length);
    const parts = Array.from({ length: known.twoSample.folds }, (_, fold) => ({
      train: Uint32Array.from(y.keys()).filter((i) => i % known.twoSample.folds !== fold),
      test: Uint32Array.from(y.keys()).filter((i) => i % known.twoSample.folds === fold),
    }));
    const area = (learner: Parameters<typeof crossFittedArea>[1]) => crossFittedArea({ X, y, columns: 3 }, learner, parts, async () => {});
    expect(await area(kNN({ kNeighbors: 5, scale: "none" }))).toBeCloseTo(known.twoSample.kNN, 12);
    expect(await area(logistic({ scale: "standard", tolerance: 1e-10 }))).toBeCloseTo(known.twoSample.logistic, 12);
  });
});
