import { describe, expect, it } from "vitest";
import {
  COLUMNS,
  DESIGNS,
  drawRows,
  duplicates,
  gaussianFit,
  jitter,
  numbersOf,
  rowsOf,
  shift,
} from "../../bench/studies/bias-correction/designs.js";
import { biasCorrect, biasOneStep, logistic, smote, type Data, type Matrix, type Model, type Oversampler } from "../../bindings/index";
import { unsealed } from "../../bindings/data/weighted";
import { correctionOf, type CorrectionOptions } from "../../bindings/tune/correction";

const LEARNER = logistic({ C: 500, tolerance: 1e-10 });

/** Rows and labels behind sealed data. */
const rowsBehind = (data: Data): { X: Float64Array; y: number[]; columns: number } => unsealed(data).data as never;

/** Gradient by slopes and intercept of Σ weight · log loss over rows [from, to), divided by `per`. */
function gradientOf(
  theta: number[],
  { X, y }: { X: Float64Array; y: number[] },
  weights: ArrayLike<number>,
  from = 0,
  to = y.length,
  per = 1,
): number[] {
  const d = theta.length - 1;
  const sum = new Array<number>(d + 1).fill(0);
  for (let i = from; i < to; i++) {
    let odds = theta[d]!;
    for (let c = 0; c < d; c++) odds += theta[c]! * X[i * d + c]!;
    const residual = (weights[i]! * (1 / (1 + Math.exp(-odds)) - y[i]!)) / per;
    for (let c = 0; c <= d; c++) sum[c]! += residual * (c < d ? X[i * d + c]! : 1);
  }
  return sum;
}

function lossOf(theta: number[], { X, y }: { X: Float64Array; y: number[] }, weights: ArrayLike<number>): number {
  const d = theta.length - 1;
  return y.reduce((sum, label, i) => {
    let odds = theta[d]!;
    for (let c = 0; c < d; c++) odds += theta[c]! * X[i * d + c]!;
    return sum + weights[i]! * Math.log(1 + Math.exp(label ? -odds : odds));
  }, 0);
}

const norm = (vector: number[]): number => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
const thetaOf = (model: Model): number[] => [...model.coefficients!.values, model.coefficients!.intercepts[0]!];
const balanced = async (data: Matrix): Promise<number[]> => thetaOf(await LEARNER.fit(data));

/** The estimated bias of a generator: gradient of the loss of pseudo-synthetic rows less that of the reference. */
async function estimated(
  theta: number[],
  design: keyof typeof DESIGNS,
  oversampler: Oversampler,
  seed: number,
  options: Partial<CorrectionOptions> = {},
): Promise<number[]> {
  const { at } = await correctionOf(drawRows(design, 1000, 50, seed) as Matrix, { oversampler, seed, ...options });
  const { data, weights, parts } = at(1);
  return gradientOf(
    theta,
    rowsBehind(data),
    weights.map((weight) => -weight),
    parts.reference,
    parts.end,
    parts.reference - parts.synthetic,
  );
}

/** Mean and standard deviation of each entry. */
function momentsOf(draws: number[][]): { mean: number[]; deviation: number[] } {
  const mean = draws[0]!.map((_, c) => draws.reduce((sum, draw) => sum + draw[c]!, 0) / draws.length);
  return {
    mean,
    deviation: mean.map((value, c) => Math.sqrt(draws.reduce((sum, draw) => sum + (draw[c]! - value) ** 2, 0) / (draws.length - 1))),
  };
}

const SMOTE_ALL = smote({ kNeighbors: 49 });
const repeat = (count: number): number[] => Array.from({ length: count }, (_, r) => r + 1);

describe("the corrected loss", () => {
  it("at lambda 0 is naive augmentation, to the bit", async () => {
    const data = drawRows("gauss", 300, 40, 1);
    const made = await biasCorrect(data as Matrix, { oversampler: smote({ seed: 3 }), lambda: 0, learner: LEARNER });
    const naive = await smote({ seed: 3 }).resample(data as Matrix);
    expect(rowsBehind(made.data)).toEqual(naive.data);
    expect(made.weights.every((weight) => weight === 1)).toBe(true);
    expect(made.model!.coefficients).toEqual((await LEARNER.fit(naive.data)).coefficients);
    expect([...made.origins.base]).toEqual([...naive.origins.base]);
    expect([...made.origins.neighbor]).toEqual([...naive.origins.neighbor]);
  });

  it.each(["seeds", "heldout"] as const)("weighs as much as the real and the synthetic rows, reference %s", async (reference) => {
    for (const gamma of [0.3, 1, 1.7]) {
      const made = await biasCorrect(drawRows("gauss", 310, 40, 2) as Matrix, { oversampler: smote(), gamma, lambda: 0.75, reference });
      expect(made.parts.reference).toBe(350 + Math.round(270 * gamma));
      expect(made.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(made.parts.reference, 8);
      const drawn = made.weights.subarray(made.parts.pseudo);
      expect(drawn.every((weight) => weight === -0.75)).toBe(true);
      expect(drawn).toHaveLength(Math.round(270 * gamma));
    }
  });

  it("is what the learner minimizes: its gradient vanishes there, and equals finite differences elsewhere", async () => {
    const made = await biasCorrect(drawRows("gauss", 300, 40, 3) as Matrix, {
      oversampler: SMOTE_ALL_39,
      lambda: 1,
      learner: logistic({ penalty: "none", tolerance: 1e-10 }),
    });
    const rows = rowsBehind(made.data);
    const theta = thetaOf(made.model!);
    expect(norm(gradientOf(theta, rows, made.weights)) / made.parts.reference).toBeLessThan(1e-8);
    const away = theta.map((value, c) => value + 0.1 * (c - 2));
    const slope = gradientOf(away, rows, made.weights);
    slope.forEach((value, c) => {
      const [up, down] = [1e-5, -1e-5].map((step) =>
        lossOf(
          away.map((own, other) => own + (other === c ? step : 0)),
          rows,
          made.weights,
        ),
      );
      expect((up! - down!) / 2e-5).toBeCloseTo(value, 3);
    });
    expect(made.diagnostics.hessianPositiveDefinite).toBe(true);
  });

  it("of a class that lends to itself is that of class weights", async () => {
    const data = drawRows("gauss", 300, 40, 4);
    const { data: naive } = await smote().resample(data as Matrix);
    const own = rowsOf(data, 1);
    const made = rowsOf(naive as never, 1).slice(40);
    const all = {
      X: Float64Array.from([...(naive.X as Float64Array), ...own.flatMap((row) => [...row]), ...made.flatMap((row) => [...row])]),
      columns: COLUMNS,
    };
    const y = [...(naive.y as number[]), ...own.map(() => 1), ...made.map(() => 1)];
    const weights = Float64Array.from(y, (_, i) => (i < 600 ? 1 : i < 640 ? 260 / 40 : -1));
    const exact = logistic({ penalty: "none", tolerance: 1e-12, weightScale: "as given", maxIterations: 1000 });
    const corrected = thetaOf(await exact.fit({ ...all, y }, { weights }));
    const weighted = thetaOf(await exact.fit(data as Matrix, { weights: Float64Array.from(data.y, (label) => (label ? 300 / 40 : 1)) }));
    corrected.forEach((value, c) => expect(value).toBeCloseTo(weighted[c]!, 8));
  });
});

const SMOTE_ALL_39 = smote({ kNeighbors: 39 });

describe("the estimated bias", () => {
  it("subsets are disjoint, of the smaller class's size, and the generator sees no other seeds", async () => {
    const data = drawRows("gauss", 1000, 50, 5);
    const seen: Float64Array[][] = [];
    const base = smote();
    const spy: Oversampler = { ...base, fit: (given, run) => (seen.push(rowsOf(given as never, 1)), base.fit(given, run)) };
    const made = await biasCorrect(data as Matrix, { oversampler: spy, lambda: 1 });
    expect(made.diagnostics.subsets).toBe(20);
    expect(seen.map((rows) => rows.length)).toEqual(new Array(21).fill(50));
    const reference = [...made.origins.base].slice(made.parts.reference, made.parts.pseudo);
    expect(new Set(reference).size).toBe(1000);
    expect(reference.every((row) => data.y[row] === 0)).toBe(true);
    // pseudo-synthetic rows grew from rows of one subset each
    const subsetOf = new Map(reference.map((row, at) => [row, Math.floor(at / 50)]));
    for (let i = made.parts.pseudo; i < made.parts.end; i++) {
      const [one, other] = [made.origins.base[i]!, made.origins.neighbor[i]!].map((row) => subsetOf.get(row));
      expect(one).toBeDefined();
      expect(other).toBe(one);
    }
  });

  it("SMOTE among all rows shrinks covariances to 2/3 − 1/(3(n − 1)), which is its bias for squared loss", async () => {
    const n = 30;
    const numbers = numbersOf(6);
    const X = Float64Array.from({ length: 2 * n * 3 }, () => numbers.normal());
    const data: Matrix = { X, columns: 3, y: Array.from({ length: 2 * n }, (_, i) => +(i >= n)) };
    const generator = await smote({ kNeighbors: n - 1, strategy: "all", draws: "independent" }).fit(data);
    const { data: made } = await generator.sample(1, 0, 200_000);
    const covariance = (rows: Float64Array, a: number, b: number): number => {
      const m = rows.length / 3;
      const [mean, other] = [a, b].map((c) => rows.reduce((sum, value, at) => sum + (at % 3 === c ? value : 0), 0) / m);
      let sum = 0;
      for (let i = 0; i < m; i++) sum += (rows[i * 3 + a]! - mean!) * (rows[i * 3 + b]! - other!);
      return sum / m;
    };
    const factor = 2 / 3 - 1 / (3 * (n - 1));
    const theta = [0.7, -0.4, 0.2];
    const [before, after] = [X.subarray(n * 3), made.X as Float64Array].map((rows) =>
      theta.flatMap((one, a) => theta.map((two, b) => one * two * covariance(rows, a, b))).reduce((sum, term) => sum + term),
    );
    expect(after! / before!).toBeGreaterThan(factor * 0.98);
    expect(after! / before!).toBeLessThan(factor * 1.02);
    expect(after! - before!).toBeCloseTo(-(1 / 3 + 1 / (3 * (n - 1))) * before!, 1);
  });

  const LAWS: [string, (seed: number) => Oversampler][] = [
    ["smote", () => SMOTE_ALL],
    ["jitter", jitter],
    ["gaussianFit", gaussianFit],
    ["shift", shift],
  ];

  /** The bias of a generator at theta, from many samples of 50 rows. */
  async function truth(theta: number[], make: (seed: number) => Oversampler): Promise<number[]> {
    const draws: number[][] = [];
    for (const r of repeat(150)) {
      const data = drawRows("gauss", 60, 50, 1000 + r);
      const { data: made } = await (await make(r).fit(data as Matrix)).sample(1, 0, 500);
      const synthetic = made as { X: Float64Array; y: number[] };
      const one = new Float64Array(500).fill(1);
      const real = { X: data.X.subarray(60 * COLUMNS), y: data.y.slice(60) };
      const [s, t] = [gradientOf(theta, synthetic, one, 0, 500, 500), gradientOf(theta, real, one, 0, 50, 50)];
      draws.push(s.map((value, c) => value - t[c]!));
    }
    return momentsOf(draws).mean;
  }

  it.each(LAWS)("of %s is near the truth, in direction and size", async (_, make) => {
    const theta = await balanced(drawRows("gauss", 5000, 5000, 77) as Matrix);
    const actual = await truth(theta, make);
    for (const transfer of ["translate", "diag"] as const) {
      const draws: number[][] = [];
      for (const r of repeat(20)) draws.push(await estimated(theta, "gauss", make(r), r, { transfer }));
      const { mean } = momentsOf(draws);
      const cosine = mean.reduce((sum, value, c) => sum + value * actual[c]!, 0) / norm(mean) / norm(actual);
      expect(cosine).toBeGreaterThan(0.95);
      expect(norm(mean.map((value, c) => value - actual[c]!)) / norm(actual)).toBeLessThan(0.35);
    }
  });

  it("by rows with their own label has the wrong sign for a generator that shifts", async () => {
    const theta = await balanced(drawRows("gauss", 5000, 5000, 77) as Matrix);
    const actual = await truth(theta, shift);
    const draws: number[][] = [];
    for (const r of repeat(10)) draws.push(await estimated(theta, "gauss", shift(r), r, { transfer: "own" }));
    const { mean } = momentsOf(draws);
    expect(norm(mean.map((value, c) => value - actual[c]!)) / norm(actual)).toBeGreaterThan(1);
  });

  it("of duplicates is nothing, within two standard errors", async () => {
    const theta = await balanced(drawRows("gauss", 5000, 5000, 77) as Matrix);
    const draws: number[][] = [];
    for (const r of repeat(30)) draws.push(await estimated(theta, "gauss", duplicates(r), r));
    const { mean, deviation } = momentsOf(draws);
    mean.forEach((value, c) => expect(Math.abs(value)).toBeLessThanOrEqual((2 * deviation[c]!) / Math.sqrt(30) + 1e-9));
    expect(norm(mean)).toBeLessThan(0.01);
  });

  it("varies less with more subsets, and less by seeds than by rows held out", async () => {
    const theta = await balanced(drawRows("gauss", 5000, 5000, 77) as Matrix);
    const spread = async (options: Partial<CorrectionOptions>): Promise<number> => {
      const draws: number[][] = [];
      for (const r of repeat(25)) draws.push(await estimated(theta, "gauss", SMOTE_ALL, r, options));
      return norm(momentsOf(draws).deviation);
    };
    const one = await spread({ subsets: 1, reference: "heldout" });
    expect(await spread({ subsets: 10, reference: "heldout" })).toBeLessThan(0.5 * one);
    const seeds = await spread({ subsets: 1 });
    expect(seeds).toBeLessThan(0.5 * one);
    expect(await spread({})).toBeLessThan(seeds);
  });
});

describe("models of the corrected loss", () => {
  const test = drawRows("gauss", 10_000, 10_000, 999);
  const excess = async (model: Model): Promise<number> => lossOf(thetaOf(model), test, new Float64Array(20_000).fill(1 / 20_000));

  it.each([
    ["shift", shift],
    ["gaussianFit", gaussianFit],
  ] as const)("have less than 0.6 of the excess risk of naive augmentation: %s", async (_, make) => {
    const best = lossOf(await balanced(test as Matrix), test, new Float64Array(20_000).fill(1 / 20_000));
    let [naive, corrected, stepped] = [0, 0, 0];
    for (const r of repeat(12)) {
      const data = drawRows("gauss", 1000, 50, r) as Matrix;
      const plain = await biasCorrect(data, { oversampler: make(r), lambda: 0, learner: LEARNER });
      const made = await biasCorrect(data, { oversampler: make(r), lambda: 1, learner: LEARNER, seed: r });
      const step = await biasOneStep(made, plain.model!.coefficients!, { C: 500 });
      naive += (await excess(plain.model!)) - best;
      corrected += (await excess(made.model!)) - best;
      stepped += lossOf([...step.values, step.intercepts[0]!], test, new Float64Array(20_000).fill(1 / 20_000)) - best;
    }
    expect(naive).toBeGreaterThan(0);
    expect(corrected).toBeLessThan(0.6 * naive);
    expect(stepped).toBeLessThan(0.6 * naive);
  });

  it("tuned, do no harm where no map fits", async () => {
    const own = drawRows("mirror", 10_000, 10_000, 998);
    const losses: number[] = [];
    for (const r of repeat(6)) {
      const data = drawRows("mirror", 500, 25, r) as Matrix;
      const [plain, made] = [{ lambda: 0 }, {}].map((options) =>
        biasCorrect(data, { oversampler: gaussianFit(r), learner: LEARNER, seed: r, ...options }),
      );
      const [naive, tuned] = [await plain!, await made!].map(({ model }) =>
        lossOf(thetaOf(model!), own, new Float64Array(20_000).fill(1 / 20_000)),
      );
      losses.push(tuned! - naive!);
    }
    const { mean, deviation } = momentsOf(losses.map((loss) => [loss]));
    expect(mean[0]!).toBeLessThanOrEqual((2 * deviation[0]!) / Math.sqrt(losses.length));
  });

  it("tuned, keep the rows of a fold's test part out of everything", async () => {
    const data = drawRows("gauss", 200, 20, 7);
    const base = smote();
    const sizes: number[] = [];
    const spy: Oversampler = { ...base, fit: (given, run) => (sizes.push((given as Matrix).y.length), base.fit(given, run)) };
    const made = await biasCorrect(data as Matrix, { oversampler: spy });
    // the whole, then five folds of 176 rows: naive and ten subsets each
    expect(sizes).toEqual([...new Array(11).fill(220), ...new Array(55).fill(176)]);
    expect(made.curve.map(({ lambda }) => lambda)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    const least = Math.min(...made.curve.map(({ loss }) => loss));
    expect(made.curve.find(({ lambda }) => lambda === made.lambda)!.loss).toBe(least);
  });
});
