import { describe, expect, it } from "vitest";
import { InputError, logistic, table, type LogisticOptions, type Model } from "../../bindings/index";
import { learn } from "../../bindings/engine/learn";
import { golden, HAS_DATA, realTable } from "../support/data";
import { Numbers } from "../support/numbers";
import { rowsOf, type Rows } from "../support/regression";

const CLOSE: LogisticOptions = { tolerance: 1e-12, maxIterations: 1000 };

interface GoldenFit {
  readonly folder: string;
  readonly name: string;
  readonly C: number | null;
  readonly weighted: boolean;
  readonly balanced: boolean;
  readonly standard: boolean;
  readonly classes: readonly string[];
  readonly coefficients: readonly (readonly number[])[];
  readonly intercepts: readonly number[];
  readonly sample: readonly number[];
  readonly probabilities: readonly (readonly number[])[];
}

describe.skipIf(!HAS_DATA)("coefficients as scikit-learn finds them", () => {
  const { fits } = HAS_DATA ? golden<{ fits: GoldenFit[] }>("logistic.json") : { fits: [] };
  it.each(
    fits.map(
      (fit) =>
        [
          `${fit.name}, C ${fit.C}, ${fit.weighted ? "weighted, " : ""}${fit.balanced ? "balanced, " : ""}${fit.standard ? "standard" : "none"}`,
          fit,
        ] as const,
    ),
  )("%s", async (_, fit) => {
    const data = realTable(fit.folder, fit.name);
    const n = Object.values(data.columns)[0]!.length;
    const weights = fit.weighted ? Array.from({ length: n }, (_row, i) => 1 + (i % 3)) : undefined;
    const learner = logistic({
      ...CLOSE,
      ...(fit.C === null ? { penalty: "none" } : { C: fit.C }),
      classWeight: fit.balanced ? "balanced" : undefined,
      scale: fit.standard ? "standard" : "none",
      weightScale: "as given",
    });
    const model = await learner.fit(data, { weights });
    const { values, intercepts } = model.coefficients!;
    expect(model.labels.map(String)).toEqual(fit.classes);
    const wanted = fit.coefficients.flat();
    const largest = Math.max(...wanted.map(Math.abs));
    wanted.forEach((value, at) => expect(Math.abs(values[at]! - value), `coefficient ${at}`).toBeLessThan(1e-6 * Math.max(1, largest)));
    fit.intercepts.forEach((value, k) => expect(Math.abs(intercepts[k]! - value)).toBeLessThan(1e-6 * Math.max(1, Math.abs(value))));
    const { probabilities } = await model.predictProbability(data);
    const c = model.labels.length;
    fit.sample.forEach((i, t) => fit.probabilities[t]!.forEach((p, k) => expect(probabilities[i * c + k]).toBeCloseTo(p, 6)));
  });
});

/** The largest entry of the gradient of the mean loss at the coefficients of a model of two classes, l2 with C. */
function gradientAt(model: Model, { n, d, X, codes, weights }: Rows, C: number): number {
  const { values, intercepts } = model.coefficients!;
  const gradient = new Float64Array(d + 1);
  for (let c = 0; c < d; c++) gradient[c] = values[c]! / C;
  for (let i = 0; i < n; i++) {
    let odds = intercepts[0]!;
    for (let c = 0; c < d; c++) odds += values[c]! * X[i * d + c]!;
    const residual = weights[i]! * (1 / (1 + Math.exp(-odds)) - codes[i]!);
    for (let c = 0; c <= d; c++) gradient[c]! += residual * (c < d ? X[i * d + c]! : 1);
  }
  return Math.max(...gradient.map(Math.abs)) / n;
}

describe("logistic", () => {
  it.each([
    [300, 5],
    [30_000, 4],
    [600, 420],
  ])("finds the optimum of %i rows of %i columns, weights below 0 among them, however it goes about it", async (n, d) => {
    const numbers = new Numbers(n);
    const rows = { ...rowsOf(numbers, n, d, 1, true) };
    const sign = (i: number): number => (rows.X[i * d]! + numbers.normal() > 1 ? 1 : 0);
    rows.codes.forEach((_, i) => (rows.codes[i] = sign(i)));
    const data = { X: rows.X, y: rows.codes, columns: d };
    const learner = logistic({ C: 0.5, tolerance: 1e-8, maxIterations: 500, weightScale: "as given" });
    const model = await learner.fit(data, { weights: rows.weights });
    expect(model.notes).toEqual([]);
    expect(gradientAt(model, rows, 0.5)).toBeLessThan(1e-7);
    const again = await learner.fit(data, { weights: rows.weights, warmStart: model });
    again.coefficients!.values.forEach((value, c) => expect(value).toBeCloseTo(model.coefficients!.values[c]!, 5));
  });

  it.each([
    [30_000, 3, 3],
    [500, 150, 4],
  ])("finds the optimum of %i rows of %i columns and %i classes, rare ones among them", async (n, d, classes) => {
    const numbers = new Numbers(n + d);
    const X = numbers.block(n, d);
    const y = Uint8Array.from({ length: n }, (_, i) => Math.max(0, Math.min(classes - 1, Math.floor(X[i * d]! + numbers.normal() - 0.5))));
    const model = await logistic({ tolerance: 1e-8, maxIterations: 500 }).fit({ X, y, columns: d });
    expect(model.notes).toEqual([]);
    const { probabilities } = await model.predictProbability({ X, columns: d });
    const { values } = model.coefficients!;
    for (let k = 0; k < classes; k++) {
      for (let c = 0; c <= d; c++) {
        let slope = c < d ? values[k * d + c]! : 0;
        for (let i = 0; i < n; i++) slope += (probabilities[i * classes + k]! - (y[i] === k ? 1 : 0)) * (c < d ? X[i * d + c]! : 1);
        expect(Math.abs(slope / n)).toBeLessThan(1e-7);
      }
    }
  });

  it("tells of separated classes in many rows too, and begins from a model with other columns", async () => {
    const numbers = new Numbers(12);
    const X = numbers.block(20_000, 2);
    const y = Uint8Array.from({ length: 20_000 }, (_, i) => (X[2 * i]! > 0.3 ? 1 : 0));
    const model = await logistic({ penalty: "none" }).fit({ X, y, columns: 2 });
    expect(model.notes.join()).toMatch(/separated|not yet at an optimum/);
    expect(model.coefficients!.values.every(Number.isFinite)).toBe(true);
    const noisy = {
      X: [
        [0, 1, 2],
        [1, 5, 1],
        [2, 2, 4],
        [3, 0, 1],
        [1, 1, 1],
      ],
      y: [0, 0, 1, 1, 1],
    };
    const warm = await logistic(CLOSE).fit(noisy, { warmStart: model });
    const cold = await logistic(CLOSE).fit(noisy);
    warm.coefficients!.values.forEach((value, c) => expect(value).toBeCloseTo(cold.coefficients!.values[c]!, 8));
  });

  it("is not led astray by large offsets, unequal units and constant columns", async () => {
    const numbers = new Numbers(3);
    const [n, d] = [400, 3];
    const X = numbers.block(n, d);
    const y = Array.from({ length: n }, (_, i) => (X[i * d]! - X[i * d + 1]! + numbers.normal() > 0.5 ? "yes" : "no"));
    const near = await logistic({ ...CLOSE, penalty: "none" }).fit({ X, y, columns: d });
    const wide = Array.from({ length: n }, (_, i) => [1e9 + X[i * d]!, 1e-9 * X[i * d + 1]!, 1e6 * X[i * d + 2]!, 7]);
    const far = await logistic({ ...CLOSE, penalty: "none" }).fit({ X: wide, y });
    expect(far.notes).toEqual([]);
    const [a, b] = [near.coefficients!.values, far.coefficients!.values];
    expect([b[0], b[1]! * 1e-9, b[2]! * 1e6, b[3]].map((value) => Math.round(value! * 1e5))).toEqual(
      [...a, 0].map((value) => Math.round(value * 1e5)),
    );
    const [p, q] = [await near.predictProbability({ X, columns: d }), await far.predictProbability({ X: wide })];
    p.probabilities.forEach((chance, at) => expect(q.probabilities[at]).toBeCloseTo(chance, 5));
  });

  it("says that separated classes have no optimum without a penalty, and stays finite", async () => {
    const data = { X: [[0], [1], [2], [3]], y: [0, 0, 1, 1] };
    const model = await logistic({ penalty: "none" }).fit(data);
    expect(model.notes.join()).toMatch(/separated by a plane.*penalty: "l2"/);
    expect(model.coefficients!.values.every(Number.isFinite)).toBe(true);
    expect(await model.predict(data)).toEqual(data.y);
    expect((await logistic().fit(data)).notes).toEqual([]);
    const quasi = await logistic({ penalty: "none" }).fit({ X: [[0], [1], [1], [2]], y: ["a", "a", "b", "b"] });
    expect(quasi.notes.join()).toMatch(/separated/);
    const three = await logistic({ penalty: "none" }).fit({ X: [[0], [1], [5], [6], [10], [11]], y: [0, 0, 1, 1, 2, 2] });
    expect(three.notes.join()).toMatch(/separated/);
    expect(await three.predict({ X: [[0.5], [5.5], [12]] })).toEqual([0, 1, 2]);
  });

  it("gives what a copy of a row gives to a weight of 2, and nothing to a weight of 0 or to a row and its negative", async () => {
    const numbers = new Numbers(6);
    const X = Array.from({ length: 60 }, () => [numbers.normal(), numbers.normal()]);
    const y = X.map(([a]) => (a! + numbers.normal() > 0 ? 1 : 0));
    const learner = logistic({ ...CLOSE, weightScale: "as given" });
    const twice = await learner.fit({ X: [...X, X[3]!], y: [...y, y[3]!] });
    const close = (model: Model, to: Model): void =>
      model.coefficients!.values.forEach((value, c) => expect(value).toBeCloseTo(to.coefficients!.values[c]!, 7));
    close(await learner.fit({ X, y }, { weights: X.map((_, i) => (i === 3 ? 2 : 1)) }), twice);
    const more = { X: [...X, X[3]!, [5, 5], [4, 4], [4, 4]], y: [...y, y[3]!, 1, 0, 0] };
    close(await learner.fit(more, { weights: more.X.map((_, i) => [1, 0, 0.5, -0.5][i - 60] ?? 1) }), twice);
  });

  it("rescales weights to the rows that are real, unless told otherwise", async () => {
    const numbers = new Numbers(7);
    const X = Array.from({ length: 50 }, () => [numbers.normal()]);
    const y = X.map(([a]) => (a! + numbers.normal() > 0 ? 1 : 0));
    const slope = async (options: LogisticOptions, weight?: number, realRows?: number): Promise<number> => {
      const weights = weight && X.map(() => weight);
      return (await logistic({ ...CLOSE, C: 0.1, ...options }).fit({ X, y }, { weights: weights || undefined, realRows })).coefficients!
        .values[0]!;
    };
    const usual = await slope({});
    expect(await slope({}, 7)).toBeCloseTo(usual, 9);
    expect(await slope({ weightScale: "as given" }, 7)).toBeCloseTo(await slope({ C: 0.7 }), 9);
    expect(await slope({}, 1, 25)).toBeCloseTo(await slope({ C: 0.05 }), 9);
    expect(await slope({ classWeight: { 0: 3, 1: 3 } })).toBeCloseTo(usual, 9);
  });

  it("ends at weights below 0 that leave no optimum with a note, not with NaN", async () => {
    const data = { X: [[0], [1], [2], [3], [4]], y: [0, 1, 0, 1, 1] };
    const model = await logistic({ penalty: "none", maxIterations: 30 }).fit(data, { weights: [1, 1, -5, 4, 1] });
    expect(model.coefficients!.values.every(Number.isFinite)).toBe(true);
    expect(model.notes).toHaveLength(1);
  });

  it("stops with the signal's reason and leaves nothing behind", async () => {
    const numbers = new Numbers(1);
    const [n, d] = [40_000, 20];
    const data = { X: numbers.block(n, d), y: Uint8Array.from({ length: n }, () => numbers.below(3)), columns: d };
    const controller = new AbortController();
    let calls = 0;
    const run = { signal: controller.signal, onProgress: () => void (++calls === 4 && controller.abort("enough")) };
    await expect(logistic().fit(data, {}, run)).rejects.toBe("enough");
    for (const { arena } of learn.idle) expect(arena.top).toBe(arena.base);
    const seen: number[] = [];
    await logistic().fit(data, {}, { onProgress: ({ done, total }) => void seen.push(done / total) });
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  it("refuses in one sentence", async () => {
    const data = { X: [[0], [1], [2]], y: ["a", "b", "b"] };
    const refused = async (call: () => unknown, message: RegExp): Promise<void> => {
      const error: unknown = await (async () => call())().catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(InputError);
      expect((error as Error).message).toMatch(message);
    };
    await refused(() => logistic({ C: 0 }), /C is 0, but needs a number above 0; use penalty: "none"/);
    await refused(() => logistic({ penalty: "l1" as "l2" }), /penalty is "l1"/);
    await refused(() => logistic({ c: 1 } as LogisticOptions), /no option "c"/);
    await refused(() => logistic({ classWeight: "even" as "balanced" }), /classWeight is "even"/);
    await refused(() => logistic({ classWeight: { c: 1 } }).fit(data), /classWeight names class "c", which the data does not have/);
    await refused(() => logistic({ classWeight: { a: 0 } }).fit(data), /classWeight of class "a" is 0/);
    await refused(() => logistic().fit(data, { weights: [1, 2] }), /weights is an array of 2, but needs 3 numbers/);
    await refused(() => logistic().fit(data, { weights: [1, NaN, 1] }), /weights\[1\] is NaN/);
    await refused(() => logistic().fit(data, { weights: [1, -2, 1] }), /sum to 0/);
    await refused(() => logistic({ classWeight: "balanced" }).fit(data, { weights: [-1, 2, 2] }), /class "a" weigh -1 in sum/);
    await refused(() => logistic().fit(data, { warmStart: {} as Model }), /warmStart is an empty object, but needs a model of "logistic"/);
    await refused(() => logistic().fit({ X: [[1e300], [-1e300], [0]], y: [0, 1, 1] }), /"0" holds numbers too large to be squared/);
    const model = await logistic().fit(data);
    await refused(() => model.predict({ X: [[1, 2]] }), /feature "1", which the data lack/);
    await refused(() => model.predictProbability({ X: [[1]] }, { thread: 1 } as object), /no option "thread"/);
  });

  it("learns levels, medians and modes from the rows it is given, and tells of what it did not see", async () => {
    const rows = Array.from({ length: 24 }, (_, i) => ({
      color: i % 5 === 0 ? null : ["red", "green", "blue"][i % 3]!,
      size: i % 7 === 0 ? null : i,
      never: i < 20 ? null : i,
      flat: 3,
      label: i % 2 ? "yes" : "no",
    }));
    const whole = table(rows, { target: "label", kinds: { color: "nominal", never: "numeric", flat: "numeric" } });
    const model = await logistic().fit(
      table(
        rows.slice(0, 20).map((row, i) => ({ ...row, never: i === 0 ? null : row.never })),
        {
          target: "label",
          kinds: { color: "nominal", never: "numeric", flat: "numeric", size: "numeric" },
        },
      ),
    );
    expect(model.notes).toEqual(['Column "never" has no value in the rows learned from, and is left out.']);
    expect(model.coefficients!.names).toEqual(["size", "size missing", "flat", "color=green", "color=blue", "color=red", "color missing"]);
    expect(model.coefficients!.values[2]).toBe(0);
    expect(model.coefficients!.values.every(Number.isFinite)).toBe(true);
    const seen = await model.predictProbability(whole);
    expect(seen.notes).toEqual([]);
    const strange = table(
      [
        { color: "pink", size: 1, never: 1, flat: null, label: "no" },
        { color: "pink", size: 2, never: 1, flat: 4, label: "yes" },
      ],
      { target: "label", kinds: { color: "nominal", never: "numeric", flat: "numeric", size: "numeric" } },
    );
    const { notes, probabilities } = await model.predictProbability(strange);
    expect(notes).toEqual([
      'Column "flat" lacks 1 values, but none where the model learned; its mean stands in for them.',
      'Column "color" has 2 cells of levels that the model did not learn; they count as none of its levels.',
    ]);
    for (let i = 0; i < 2; i++) expect(probabilities[2 * i]! + probabilities[2 * i + 1]!).toBeCloseTo(1, 12);
    const restored = logistic().restore(JSON.parse(JSON.stringify(model)));
    expect((await restored.predictProbability(whole)).probabilities).toEqual(seen.probabilities);
    const { values, names } = model.features!(whole);
    expect([values.length, names]).toEqual([24 * 7, model.coefficients!.names]);
  });
});
