import { describe, expect, it } from "vitest";
import { generatorOf, numbersOf, rowsOf } from "../../bench/studies/bias-correction/designs.js";
import {
  averageTreatmentEffect,
  folds,
  InputError,
  logistic,
  smote,
  table,
  type Data,
  type Matrix,
  type Oversampler,
} from "../../bindings/index";
import { unsealed } from "../../bindings/data/weighted";
import { correctionOf } from "../../bindings/tune/correction";
import { leastSquares } from "../../bindings/tune/treatment";

/** Two covariates and an outcome, of which treatment adds 2; treatment at random, or likelier where the first covariate is high. */
function trial(n0: number, n1: number, seed: number, confounded = false): Matrix & { X: Float64Array; y: number[] } {
  const { normal } = numbersOf(seed);
  const X = new Float64Array((n0 + n1) * 3);
  for (let i = 0; i < n0 + n1; i++) {
    const treated = i >= n0;
    const [a, b] = [normal() + (treated && confounded ? 1 : 0), normal()];
    X.set([a, b, a + 0.5 * b + (treated ? 2 : 0) + 0.5 * normal()], i * 3);
  }
  return { X, y: Array.from({ length: n0 + n1 }, (_, i) => +(i >= n0)), columns: 3 };
}

/** A bootstrap that lowers outcomes by a half. */
const lowering = (seed: number): Oversampler =>
  generatorOf(
    "lowering",
    (rows) => (t) => [rows[t % rows.length]![0]!, rows[t % rows.length]![1]!, rows[t % rows.length]![2]! - 0.5],
    seed,
  );
const copying = (seed: number): Oversampler => generatorOf("copying", (rows) => (t) => rows[t % rows.length]!, seed);

const meanAndError = (values: number[]): [number, number] => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) / values.length)];
};

describe("the average effect of a treatment that few had", () => {
  it("of a generator that lowers outcomes is biased by its share, and not when corrected", async () => {
    const [naive, corrected]: [number[], number[]] = [[], []];
    for (let r = 1; r <= 60; r++) {
      const data = trial(400, 40, r);
      const found = await averageTreatmentEffect(data, { outcome: 2, oversampler: lowering(r), seed: r });
      const raw =
        rowsOf(data as never, 1).reduce((sum, row) => sum + row[2]!, 0) / 40 -
        rowsOf(data as never, 0).reduce((sum, row) => sum + row[2]!, 0) / 400;
      naive.push(found.naive - raw);
      corrected.push(found.randomized.effect - 2);
      expect(found.subsets).toBe(10);
    }
    const [off] = meanAndError(naive);
    expect(off).toBeCloseTo((-0.5 * 360) / 400, 6);
    const [bias, error] = meanAndError(corrected);
    expect(Math.abs(bias)).toBeLessThan(2 * error);
    expect(error).toBeLessThan(0.05);
  });

  it("is adjusted for covariates that decide who is treated", async () => {
    const [plain, adjusted]: [number[], number[]] = [[], []];
    for (let r = 1; r <= 30; r++) {
      const found = await averageTreatmentEffect(trial(400, 60, r, true), { outcome: 2, oversampler: smote(), seed: r });
      plain.push(found.randomized.effect - 2);
      adjusted.push(found.adjusted.effect - 2);
      expect(found.adjusted.standardError).toBeGreaterThan(0);
    }
    expect(meanAndError(plain)[0]).toBeGreaterThan(0.8);
    const [bias, error] = meanAndError(adjusted);
    expect(Math.abs(bias)).toBeLessThan(2.5 * error + 0.02);
  });

  it("has propensities as without augmentation, where rows are only repeated", async () => {
    const data = trial(4000, 400, 3, true);
    const { propensities } = await averageTreatmentEffect(data, { outcome: 2, oversampler: copying(1) });
    const X = Float64Array.from({ length: 8800 }, (_, at) => data.X[Math.floor(at / 2) * 3 + (at % 2)]!);
    const { probabilities } = await (await logistic({ C: 1e4 }).fit({ X, y: data.y, columns: 2 })).predictProbability({ X, columns: 2 });
    const apart = [...propensities].map((share, i) => Math.abs(share - Math.max(probabilities[2 * i + 1]!, 0.01)));
    expect(apart.reduce((sum, value) => sum + value, 0) / apart.length).toBeLessThan(0.005);
    expect(propensities.reduce((sum, share) => sum + share, 0) / 4400).toBeCloseTo(400 / 4400, 2);
  });

  it("takes tables, and refuses what is no trial", async () => {
    const data = trial(60, 12, 4);
    const rows = data.y.map((label, i) => ({
      age: data.X[3 * i]!,
      site: ["a", "b"][i % 2],
      gain: data.X[3 * i + 2]!,
      drug: label ? "yes" : "no",
    }));
    const seen: number[] = [];
    const options = { outcome: "gain", treated: "yes", oversampler: smote() } as const;
    const found = await averageTreatmentEffect(table(rows, { target: "drug" }), options, {
      onProgress: ({ done, total }) => seen.push(done / total),
    });
    expect(found.randomized.effect).toBeGreaterThan(1);
    expect(found.notes.join(" ")).toMatch(/Nominal columns/);
    expect(seen.every((share, i) => share >= (seen[i - 1] ?? 0))).toBe(true);
    expect(seen.at(-1)).toBe(1);
    const refused = (given: Data, more: object, message: RegExp): Promise<void> =>
      expect(averageTreatmentEffect(given, { ...options, ...more } as never)).rejects.toThrow(message);
    await refused(table(rows, { target: "drug" }), { outcome: "site" }, /outcome is "site", but needs a numeric column/);
    await refused(table(rows, { target: "drug" }), { treated: "maybe" }, /Labels are "no" and "yes"/);
    await refused(table(rows, { target: "drug" }), { tasks: [] }, /no option "tasks"/);
    await refused({ X: [[1], [2], [3]], y: [0, 1, 2] }, { outcome: 0, treated: 1 }, /need to be two/);
    await expect(averageTreatmentEffect(data, undefined as never)).rejects.toThrow(InputError);
    const { data: made } = await smote().resample(data);
    expect(() => folds(made)).toThrow(InputError);
    await refused(made, { outcome: 2, treated: 1 }, /was given what smote returned/);
  });
});

it("least squares of signed rows are those of moments", async () => {
  const data = trial(300, 50, 5);
  const { at } = await correctionOf(data as Matrix, { oversampler: smote() });
  const { data: rows, weights, parts } = at(0.8);
  const { X, y } = unsealed(rows).data as unknown as { X: Float64Array; y: number[] };
  // squared loss of labels about x and 1: second moments of synthetic rows less 0.8 times (pseudo-synthetic less reference), one solve
  const moments = (from: number, to: number, share: number, into: number[][]): void => {
    for (let i = from; i < to; i++) {
      const row = [X[3 * i]!, X[3 * i + 1]!, X[3 * i + 2]!, 1];
      for (let a = 0; a < 4; a++) {
        for (let b = 0; b < 4; b++) into[a]![b]! += share * row[a]! * row[b]!;
        into[a]![4]! += share * row[a]! * y[i]!;
      }
    }
  };
  const system = Array.from({ length: 4 }, () => [0, 0, 0, 0, 0]);
  moments(0, parts.reference, 1, system);
  moments(parts.reference, parts.pseudo, (0.8 * 250) / 300, system);
  moments(parts.pseudo, parts.end, -0.8, system);
  for (let a = 0; a < 4; a++) {
    for (let b = 0; b < 4; b++) {
      if (a === b) continue;
      const factor = system[b]![a]! / system[a]![a]!;
      for (let c = a; c < 5; c++) system[b]![c]! -= factor * system[a]![c]!;
    }
  }
  const padded = new Float64Array((y.length + 1) * 4);
  for (let i = 0; i < y.length; i++) padded.set([X[3 * i]!, X[3 * i + 1]!, X[3 * i + 2]!, 1], i * 4);
  const line = leastSquares(padded, 4, Float64Array.from(y), weights);
  line.forEach((value, c) => expect(value).toBeCloseTo(system[c]![4]! / system[c]![c]!, 7));
});
