import { describe, expect, it } from "vitest";
import {
  balancedAccuracy,
  brier,
  chooseThreshold,
  constant,
  crossValidate,
  customLearner,
  folds,
  gMean,
  InputError,
  kNN,
  logistic,
  randomUndersample,
  rocAuc,
  smote,
  table,
  type Data,
  type Features,
  type Fold,
  type Label,
  type Learner,
  type Matrix,
  type Resampler,
} from "../../bindings/index";
import { inLayout, LAYOUTS, plainData } from "../support/layouts";

const plain = plainData(["numeric", "numeric", "nominal"], true, 4, ["a", "a", "b"]);
const three = plainData(["numeric", "integer"], false, 7);
const nested = inLayout("nested", plain) as Matrix;

function part(data: Matrix, rows: Uint32Array): Matrix {
  return { ...data, X: Array.from(rows, (i) => data.X[i] as number[]), y: Array.from(rows, (i) => data.y[i]!) };
}

describe("crossValidate", () => {
  it("looks anew at predictions that a model of the caller's writes into the same array each time", async () => {
    const same: Label[] = [];
    const judge = (again: boolean): ReturnType<typeof crossValidate> => {
      let fold = 1;
      const learner: Learner = {
        ...logistic(),
        async fit(data, training, run) {
          const model = await logistic().fit(data, training, run);
          const predict = async (rows: Features): Promise<Label[]> => {
            const labels = await model.predict(rows);
            const said = again ? same : [];
            said.length = 0;
            for (const [i, label] of labels.entries()) said.push(i % fold ? "a" : label);
            fold++;
            return said;
          };
          return { ...model, predict };
        },
      };
      return crossValidate(nested, { learner, folds: 3, repeats: 2, metrics: ["balancedAccuracy", "gMean"] });
    };
    const scores = async (again: boolean): Promise<unknown> => (await judge(again)).candidates[0]!.scores;
    expect(await scores(true)).toEqual(await scores(false));
  });

  it("is what anyone would write by hand: resample and fit training rows, predict test rows, score", async () => {
    const resampler = smote({ seed: 5 });
    const result = await crossValidate(nested, { learner: logistic(), resampler, folds: 3, repeats: 2, seed: 9 });
    const parts = folds(nested, { folds: 3, repeats: 2, seed: 9 });
    expect(result.folds).toEqual(parts);
    expect([result.labels, result.positive]).toEqual([["a", "b"], "b"]);
    const [row] = result.candidates;
    expect([row!.name, row!.learner, row!.resampler]).toEqual(["smote + logistic", "logistic", "smote"]);
    const sums = new Float64Array(132);
    for (const [f, { train, test }] of parts.entries()) {
      const own = part(nested, train);
      const resampled = await resampler.resample(own);
      const model = await logistic().fit(resampled.data, { realRows: train.length });
      const { probabilities } = await model.predictProbability(part(nested, test));
      const predictions = await model.predict(part(nested, test));
      const labels = Array.from(test, (i) => nested.y[i]!) as Label[];
      test.forEach((i, t) => [0, 1].forEach((k) => (sums[i * 2 + k]! += probabilities[t * 2 + k]!)));
      expect(row!.scores["balancedAccuracy"]![f]).toBe(balancedAccuracy(labels, predictions));
      expect(row!.scores["gMean"]![f]).toBe(gMean(labels, predictions));
      expect(row!.scores["rocAuc"]![f]).toBe(rocAuc(labels, probabilities, { positive: "b" }));
      expect(row!.scores["brier"]![f]).toBe(brier(labels, probabilities, { positive: "b" }));
      const before = ["a", "b"].map((label) => (own.y as Label[]).filter((y) => y === label).length);
      expect(row!.counts[f]).toEqual({ before, after: [before[0], before[0]] });
    }
    expect(row!.probabilities).toEqual(sums.map((sum) => sum / 2));
    expect(new Set(row!.tested)).toEqual(new Set([2]));
    const scores = row!.scores["brier"] as number[];
    const mean = scores.reduce((sum, score) => sum + score) / 6;
    expect(row!.mean["brier"]).toBeCloseTo(mean, 14);
    expect(row!.sd["brier"]).toBeCloseTo(Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / 5), 14);
  });

  it.each(LAYOUTS)("gives the same scores for %s", async (layout) => {
    const result = await crossValidate(inLayout(layout, three), {
      learner: logistic({ scale: "standard" }),
      resampler: randomUndersample(),
      folds: 3,
    });
    const other = await crossValidate(inLayout("nested", three), {
      learner: logistic({ scale: "standard" }),
      resampler: randomUndersample(),
      folds: 3,
    });
    expect(result.positive).toBeNull();
    for (const [metric, scores] of Object.entries(other.candidates[0]!.scores)) {
      scores.forEach((score, f) => expect(result.candidates[0]!.scores[metric]![f]).toBeCloseTo(score!, layout === "Float32Array" ? 4 : 9));
    }
  });

  it("judges candidates on the same folds, each as if it were alone", async () => {
    const candidates = { nothing: { learner: constant() }, near: { learner: kNN(), resampler: smote() }, line: { learner: logistic() } };
    const both = await crossValidate(nested, { candidates, folds: 4, seed: 2 });
    expect(both.candidates.map(({ name }) => name)).toEqual(["nothing", "near", "line"]);
    for (const [name, candidate] of Object.entries(candidates)) {
      const alone = await crossValidate(nested, { candidates: { [name]: candidate }, folds: 4, seed: 2 });
      expect(both.candidates.find((row) => row.name === name)).toEqual(alone.candidates[0]);
      expect(both.folds).toEqual(alone.folds);
    }
  });

  it("gives a candidate that fails its sentence, and judges the others", async () => {
    let calls = 0;
    const sometimes = customLearner({
      name: "sometimes",
      fit: () => {
        if (++calls === 2) throw new Error("out of luck");
        return { predict: (X) => X.map(() => 0) };
      },
    });
    const result = await crossValidate(nested, {
      candidates: { never: { learner: kNN({ kNeighbors: 1000 }) }, sometimes: { learner: sometimes }, line: { learner: logistic() } },
      folds: 3,
      metrics: ["rocAuc"],
    });
    const [never, once, line] = result.candidates;
    expect(never!.errors.every((error) => /kNeighbors is 1000/.test(error!))).toBe(true);
    expect([never!.scores["rocAuc"], never!.mean["rocAuc"], never!.sd["rocAuc"]]).toEqual([[null, null, null], null, null]);
    expect(new Set(never!.tested)).toEqual(new Set([0]));
    expect(once!.errors).toEqual([null, "out of luck", null]);
    expect(once!.scores["rocAuc"]).toEqual([0.5, null, 0.5]);
    expect(once!.counts[1]).toBeNull();
    expect([once!.mean["rocAuc"], once!.sd["rocAuc"]]).toEqual([0.5, 0]);
    expect(line!.errors).toEqual([null, null, null]);
    expect(result.notes.slice(1)).toEqual([
      expect.stringMatching(/^"never" failed in every fold: kNeighbors is 1000/),
      '"sometimes" failed in 1 of 3 folds, and its means are over the others: out of luck',
      expect.stringMatching(/not of the same rows/),
    ]);
    expect(JSON.stringify(result)).not.toMatch(/NaN/);
    for (const row of result.candidates) expect([...row.probabilities].every(Number.isFinite)).toBe(true);
  });

  it("a metric that a test part does not allow is null there, and said", async () => {
    const data = { X: Array.from({ length: 12 }, (_, i) => [i]), y: Array.from({ length: 12 }, (_, i) => (i < 4 ? 1 : 0)) };
    const fold = (test: number[]): Fold => {
      const train = data.X.map((_, i) => i).filter((i) => !test.includes(i));
      return { repeat: 0, fold: 0, train: Uint32Array.from(train), test: Uint32Array.from(test) };
    };
    const result = await crossValidate(data, { learner: logistic(), folds: [fold([5, 6]), fold([0, 8])], metrics: ["rocAuc", "brier"] });
    expect(result.candidates[0]!.scores["rocAuc"]).toEqual([null, 1]);
    expect(result.candidates[0]!.scores["brier"]!.every((score) => typeof score === "number")).toBe(true);
    expect(result.candidates[0]!.notes.join(" ")).toMatch(/rocAuc has no value: .*\(in 1 of 2 folds\)/);
    expect(result.candidates[0]!.tested).toEqual(Uint32Array.from(data.X, (_, i) => ([0, 5, 6, 8].includes(i) ? 1 : 0)));
  });

  it("chooses a threshold on training rows, by models that did not learn from them", async () => {
    const data = inLayout("nested", plainData(["numeric"], false, 3, ["a", "a", "b"])) as Matrix;
    const learner = logistic();
    const chosen = await crossValidate(data, { learner, resampler: smote({ kNeighbors: 2 }), folds: 3, threshold: "gMean", seed: 1 });
    const free = await crossValidate(data, { learner, resampler: smote({ kNeighbors: 2 }), folds: 3, seed: 1 });
    const [row, other] = [chosen.candidates[0]!, free.candidates[0]!];
    expect(row.probabilities).toEqual(other.probabilities);
    expect(row.scores["rocAuc"]).toEqual(other.scores["rocAuc"]);
    expect(other.thresholds).toEqual([null, null, null]);
    for (const [f, { train, test }] of chosen.folds.entries()) {
      const own = part(data, train);
      const [labels, chances]: [Label[], number[]] = [[], []];
      for (const inner of folds(own, { folds: 3, seed: 1 })) {
        const { data: more } = await smote({ kNeighbors: 2 }).resample(part(own, inner.train));
        const { probabilities } = await (
          await learner.fit(more, { realRows: inner.train.length })
        ).predictProbability(part(own, inner.test));
        inner.test.forEach((i, t) => [labels.push(own.y[i] as Label), chances.push(probabilities[2 * t + 1]!)]);
      }
      const { threshold } = chooseThreshold(labels, chances, { metric: "gMean", positive: "b" });
      expect(row.thresholds[f]).toBe(threshold);
      const predictions = Array.from(test, (i) => (row.probabilities[2 * i + 1]! >= threshold ? "b" : "a"));
      expect(row.scores["gMean"]![f]).toBe(gMean(Array.from(test, (i) => data.y[i] as Label), predictions, { classes: ["a", "b"] })); // prettier-ignore
    }
  });

  it("takes functions for metrics, beside names", async () => {
    const result = await crossValidate(nested, {
      learner: logistic(),
      folds: 2,
      metrics: { area: "rocAuc", rows: ({ rows, labels, predictions }) => (labels.length === predictions.length ? rows.length : -1) },
    });
    expect(result.metrics).toEqual(["area", "rows"]);
    expect(result.candidates[0]!.scores["rows"]).toEqual([33, 33]);
  });

  it("counts test rows that equal a training row, missing cells and levels included", async () => {
    const rows = [
      ...Array.from({ length: 20 }, (_, i) => ({ a: i + 0.5, c: i % 3 ? "x" : "y", y: i % 2 ? "no" : "yes" })),
      { a: null, c: "x", y: "no" },
      { a: null, c: "x", y: "yes" },
      { a: 3.5, c: null, y: "no" },
      { a: 3.5, c: null, y: "no" },
    ];
    const data = table(rows, { target: "y" });
    const test = Uint32Array.of(0, 20, 22);
    const train = Uint32Array.from(rows.keys()).filter((i) => !test.includes(i));
    const result = await crossValidate(data, { learner: logistic(), folds: [{ repeat: 0, fold: 0, train, test }] });
    expect(result.duplicates).toEqual([2]);
    expect(result.notes).toEqual([expect.stringMatching(/^2 of 3 tested rows have the features of a row that the model learned from/)]);
    expect((await crossValidate(inLayout("rows", three), { learner: logistic() })).notes).toEqual([]);
  });

  it("weighs rows of the test part as the table does", async () => {
    const rows = Array.from({ length: 30 }, (_, i) => ({ a: (i * 7) % 11, w: 1 + (i % 3), y: i % 3 ? "no" : "yes" }));
    const result = await crossValidate(table(rows, { target: "y", weight: "w" }), { learner: logistic(), folds: 2 });
    const [{ test }] = result.folds as [Fold];
    const [row] = result.candidates;
    const labels = Array.from(test, (i) => rows[i]!.y);
    const shares = Float64Array.from(test, (i) => row!.probabilities[2 * i + 1]!);
    const weights = Array.from(test, (i) => rows[i]!.w);
    expect(row!.scores["brier"]![0]).toBe(brier(labels, shares, { positive: "yes", weights }));
  });

  it("keeps groups together and later rows for testing, of matrices too", async () => {
    const n = 40;
    const data = { X: Array.from({ length: n }, (_, i) => [(i * 13) % 17]), y: Array.from({ length: n }, (_, i) => (i % 4 ? 0 : 1)) };
    const groups = Array.from({ length: n }, (_, i) => `g${i % 10}`);
    const grouped = await crossValidate(data, { learner: logistic(), groups, folds: 3, threshold: "f1" });
    for (const { train, test } of grouped.folds) {
      const inside = new Set(Array.from(test, (i) => groups[i]));
      expect(Array.from(train).some((i) => inside.has(groups[i]!))).toBe(false);
    }
    const times = Array.from({ length: n }, (_, i) => (i * 7) % n);
    const later = await crossValidate(data, { learner: logistic(), times, folds: 2 });
    for (const { train, test } of later.folds) {
      const last = Math.max(...Array.from(train, (i) => times[i]!));
      expect(Array.from(test).every((i) => times[i]! > last)).toBe(true);
    }
    expect([...later.candidates[0]!.tested].filter((count) => count === 0).length).toBeGreaterThan(0);
  });

  it("knows classes that a training part lacks", async () => {
    const data = { X: Array.from({ length: 9 }, (_, i) => [i]), y: ["a", "a", "a", "b", "b", "b", "c", "c", "c"] };
    const train = Uint32Array.of(0, 1, 3, 4);
    const test = Uint32Array.of(2, 5, 6);
    const { candidates } = await crossValidate(data, { learner: logistic(), folds: [{ repeat: 0, fold: 0, train, test }] });
    expect(candidates[0]!.errors).toEqual([null]);
    expect(candidates[0]!.counts).toEqual([{ before: [2, 2, 0], after: [2, 2, 0] }]);
    expect([2, 5, 6].map((i) => candidates[0]!.probabilities[3 * i + 2])).toEqual([0, 0, 0]);
  });

  it("asks a model of others for its predictions", async () => {
    const strange: Learner = {
      ...logistic(),
      name: "strange",
      fit: async (data, training, run) =>
        ({ ...(await logistic().fit(data, training, run)), predict: async ({ X }: { X: number[][] }) => X.map(() => "b") }) as never,
    };
    const { candidates } = await crossValidate(nested, { learner: strange, folds: 2, metrics: ["sensitivity", "specificity"] });
    expect(candidates[0]!.scores).toEqual({ sensitivity: [1, 1], specificity: [0, 0] });
  });

  it("draws one bar over all, and stops when told", async () => {
    const seen: { done: number; total: number }[] = [];
    const candidates = { a: { learner: logistic(), resampler: smote() }, b: { learner: kNN() } };
    await crossValidate(nested, { candidates, folds: 3, threshold: "f1" }, { onProgress: (progress) => void seen.push({ ...progress }) });
    const shares = seen.map(({ done, total }) => done / total);
    for (let t = 1; t < shares.length; t++) expect(shares[t]!).toBeGreaterThanOrEqual(shares[t - 1]!);
    expect([new Set(seen.map(({ total }) => total)).size, shares.at(-1)]).toEqual([1, 1]);

    const abort = new AbortController();
    const reason = new Error("enough");
    let at = 0;
    const stopped = crossValidate(
      nested,
      { candidates, folds: 3 },
      { signal: abort.signal, onProgress: () => void (++at === 5 && abort.abort(reason)) },
    );
    await expect(stopped).rejects.toBe(reason);
    await expect(crossValidate(nested, { candidates }, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    // one that fails when it is stopped did not fail
    const late = new AbortController();
    const dies: Resampler = { name: "dies", options: {}, resample: () => (late.abort(reason), Promise.reject(new Error("other"))) };
    await expect(crossValidate(nested, { learner: logistic(), resampler: dies }, { signal: late.signal })).rejects.toBe(reason);
  });

  it("refuses what makes no sense in one sentence", async () => {
    const learner = logistic();
    const two = { X: [[1], [2], [3], [4]], y: [0, 1, 0, 1] };
    const fold = (train: number[], test: number[]): Fold[] => [
      { repeat: 0, fold: 0, train: Uint32Array.from(train), test: Uint32Array.from(test) },
    ];
    const cases: [Data, object | undefined, string][] = [
      [nested, undefined, "crossValidate was given no learner"],
      [nested, { resampler: smote() }, "crossValidate was given no learner, but needs one of them: { learner: logistic() }"],
      [nested, { learner, candidates: { a: { learner } } }, "crossValidate was given both learner and candidates"],
      [nested, { candidates: {} }, "candidates is an empty object, but needs { name: { learner, resampler } }"],
      [nested, { candidates: { a: { learner, model: 1 } } }, 'candidate "a" has no option "model"'],
      [nested, { candidates: { a: logistic } }, 'candidate "a" takes an object of options'],
      [nested, { learner: logistic }, 'learner of "logistic" is a function, but needs what logistic() or another learner returns.'],
      [nested, { learner, resampler: smote }, "resampler of"],
      [nested, { learner, metrics: ["auc"] }, 'metric is "auc", but needs one of'],
      [nested, { learner, metrics: [] }, "metrics is an array of 0, but needs names"],
      [nested, { learner, threshold: 0.3 }, "threshold is 0.3, but needs one of"],
      [
        inLayout("nested", three),
        { learner, threshold: "f1" },
        'threshold is "f1", but there are 3 classes and it is of two; leave it out.',
      ],
      [nested, { learner, positive: "c" }, 'positive is "c", but the classes are "a" and "b"; name one of these.'],
      [{ X: [[1], [2]], y: ["a", "a"] }, { learner }, 'All rows are of class "a"'],
      [{ X: [[1], [2], [3], [4]], y: ["a", "a", "b", "b"] }, { learner, folds: 2 }, "which class is the positive one"],
      [nested, { learner, fold: 3 }, 'crossValidate has no option "fold"; did you mean "folds"?'],
      [nested, { learner, folds: 20 }, "folds is 20, but class"],
      [two, { learner, folds: [] }, "folds has no fold"],
      [two, { learner, folds: fold([0, 1], [1, 2]) }, "folds[0] names row 1 twice, but a row is in train or in test, once."],
      [two, { learner, folds: fold([0, 1], [4]) }, "A row of folds[0].test is 4, but needs a whole number from 0 to 3."],
      [two, { learner, folds: fold([0, 1], []) }, "folds[0].test is a Uint32Array, but needs numbers of rows."],
      [two, { learner, folds: 2, groups: [1, 2] }, "groups is an array of 2, but needs 4 cells, one for each row."],
      [two, { learner, folds: 2, groups: [1, 1, 2, 2], times: [1, 2, 3, 4] }, "folds was given groups and times, but goes by one"],
      [(await smote().resample(nested)).data, { learner }, "crossValidate was given what smote returned"],
    ];
    for (const [data, options, sentence] of cases) {
      const call = crossValidate(data, options as never);
      await expect(call).rejects.toThrow(InputError);
      await expect(call).rejects.toThrow(sentence);
    }
    await expect(crossValidate(nested, { learner }, { seed: 1 } as never)).rejects.toThrow('crossValidate has no option "seed"');
  });
});
