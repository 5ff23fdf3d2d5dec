import { describe, expect, it } from "vitest";
import {
  adasyn,
  brier,
  calibratedClassifier,
  chain,
  constant,
  correctPriors,
  customLearner,
  InputError,
  kNN,
  logistic,
  logLoss,
  randomOversample,
  randomUndersample,
  resampledClassifier,
  smote,
  table,
  tomekLinks,
  type Data,
  type Learner,
  type Matrix,
  type Resampler,
  type Training,
} from "../../bindings/index";
import { plainData, inLayout } from "../support/layouts";
import { Numbers } from "../support/numbers";

/** Rows of a logistic truth; the first column is the row's number over a million, so that any row can be told from any other. */
function truth(n: number, intercept: number, seed = 1): { X: number[][]; y: string[] } {
  const numbers = new Numbers(seed);
  const X = Array.from({ length: n }, (_, i) => [i / 1e6, numbers.normal(), numbers.normal()]);
  const y = X.map(([, a, b]) => (numbers.unit() < 1 / (1 + Math.exp(-(intercept + 1.5 * a! - b!))) ? "yes" : "no"));
  return { X, y };
}

const data = truth(600, -2.5);
const shareOfYes = data.y.filter((label) => label === "yes").length / 600;

const refused = async (call: () => unknown, message: RegExp): Promise<void> => {
  const error: unknown = await (async () => call())().catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(InputError);
  expect((error as Error).message).toMatch(message);
};

/** A logistic regression that keeps what it was handed. */
function recording(): { learner: Learner; fits: { data: Matrix; training: Training }[]; asked: Data[] } {
  const fits: { data: Matrix; training: Training }[] = [];
  const asked: Data[] = [];
  const own = logistic();
  return {
    fits,
    asked,
    learner: {
      ...own,
      async fit(given, training = {}, run) {
        fits.push({ data: given as Matrix, training });
        const model = await own.fit(given, training, run);
        return { ...model, predictProbability: (rows, how) => (asked.push(rows as Data), model.predictProbability(rows, how)) };
      },
    },
  };
}

describe("resampledClassifier", () => {
  it("says what the learner says of resampled rows, corrected to the shares of the real ones", async () => {
    const model = await resampledClassifier(smote({ seed: 3 }), logistic()).fit(data);
    const inner = await logistic().fit((await smote({ seed: 3 }).resample(data)).data, { realRows: 600 });
    const { probabilities } = await inner.predictProbability(data);
    const expected = correctPriors(probabilities, { trained: { no: 0.5, yes: 0.5 }, target: { no: 1 - shareOfYes, yes: shareOfYes } });
    const found = (await model.predictProbability(data)).probabilities;
    expected.forEach((p, at) => expect(found[at]).toBeCloseTo(p, 14));
    expect(await model.predict(data)).toEqual(await inner.predict(data));
    expect(model.notes).toEqual([
      expect.stringMatching(/^Probabilities are corrected from classes as frequent as "no" 0.5, "yes" 0.5 to "no" 0.\d+, "yes" 0.\d+\.$/),
      expect.stringMatching(/^predict takes the class whose probability is largest relative to its share/),
    ]);
  });

  it("corrects to other shares, or to none", async () => {
    const [half, trained, none] = await Promise.all(
      [{ targetPrior: { no: 1, yes: 1 } }, { targetPrior: "trained" as const }, { calibration: "none" as const }].map(async (options) =>
        (await resampledClassifier(randomUndersample(), logistic(), options).fit(data)).predictProbability(data),
      ),
    );
    trained!.probabilities.forEach((p, at) => expect(half!.probabilities[at]).toBeCloseTo(p, 14));
    expect(none).toEqual(trained);
    const rare = await resampledClassifier(randomUndersample(), logistic(), { targetPrior: new Map([["yes", 0.01], ["no", 0.99]]) }).fit(data); // prettier-ignore
    const { probabilities } = await rare.predictProbability(data);
    expect(probabilities).toEqual(correctPriors(none!.probabilities, { trained: [1, 1], target: [0.99, 0.01] }));
  });

  it("predicts by its threshold", async () => {
    const learner = (threshold: number | "most probable"): Learner => resampledClassifier(smote(), logistic(), { threshold });
    for (const threshold of ["most probable", 0, 0.1, 0.5, 1, 1 + 2 ** -52] as const) {
      const model = await learner(threshold).fit(data);
      const { probabilities } = await model.predictProbability(data);
      const said = await model.predict(data);
      const least = typeof threshold === "number" ? threshold : 0.5;
      said.forEach((label, i) => expect(label).toBe(probabilities[2 * i + 1]! >= least ? "yes" : "no"));
      expect(
        await learner(threshold)
          .restore(JSON.parse(JSON.stringify(model)))
          .predict(data),
      ).toEqual(said);
    }
    const three = { X: data.X, y: data.y.map((label, i) => (i % 3 ? label : "maybe")) };
    await refused(() => learner(0.3).fit(three), /threshold of resampledClassifier looks at one class against the rest, and there are 3/);
  });

  it("calibrates on rows held out after methods that look where rows lie, and never learns from those", async () => {
    for (const resampler of [tomekLinks(), adasyn(), chain(smote(), tomekLinks())]) {
      const { learner, fits, asked } = recording();
      const model = await resampledClassifier(resampler, learner, { folds: 4 }).fit(data);
      expect([fits.length, asked.length]).toEqual([5, 4]);
      const numbersOf = (rows: Data): number[] => (rows as unknown as { X: number[][] }).X.map((row) => row[0]!);
      asked.forEach((held, f) => {
        const learned = numbersOf(fits[f]!.data);
        const inside = new Set(numbersOf(held));
        expect(learned.some((number) => inside.has(number))).toBe(false);
        expect(numbersOf(held)).toHaveLength(150);
      });
      expect(new Set(asked.flatMap((rows) => numbersOf(rows))).size).toBe(600);
      expect(model.notes.join(" ")).toMatch(/by where they lie.*calibrated on rows held out/);
      const { probabilities } = await model.predictProbability(data);
      const mean = probabilities.reduce((sum, p, at) => sum + (at % 2 ? p : 0), 0) / 600;
      expect(Math.abs(mean - shareOfYes)).toBeLessThan(0.01);
    }
    const { learner, fits } = recording();
    await resampledClassifier(chain(smote(), randomUndersample()), learner).fit(data);
    expect(fits).toHaveLength(1);
  });

  it("of a resampler it does not know says so, and calibrates", async () => {
    const doubled: Resampler = { ...randomOversample(), name: "mine" };
    const model = await resampledClassifier(doubled, logistic()).fit(data);
    expect(model.notes[0]).toMatch(/^mine takes or makes rows by where they lie/);
    const alone = { X: data.X.slice(0, 20), y: data.X.slice(0, 20).map((_, i) => (i ? "no" : "yes")) };
    expect((await resampledClassifier(doubled, logistic()).fit(alone)).notes[0]).toMatch(/a class has one row, so they were corrected/);
    await refused(() => resampledClassifier(doubled, logistic(), { calibration: "platt" }).fit(alone), /Class "yes" has 1 row/);
  });

  it("hands weights and real rows to the learner, a new row's between those of its parents", async () => {
    const weights = data.y.map((_, i) => 1 + (i % 5));
    const { learner, fits } = recording();
    const model = await resampledClassifier(smote({ seed: 1 }), learner).fit(data, { weights, realRows: 500 });
    const { origins, data: rows } = await smote({ seed: 1 }).resample(data);
    const expected = Array.from(origins.base, (base, i) => {
      const gap = origins.kind[i] ? origins.gap[i]! : 0;
      return gap ? weights[base]! + gap * (weights[origins.neighbor[i]!]! - weights[base]!) : weights[base]!;
    });
    expect(fits[0]!.training.realRows).toBe(500);
    expect([...(fits[0]!.training.weights as Float64Array)]).toEqual(expected);
    // the same as a column of the table, which the resampler itself carries on
    const records = data.X.map(([a, b, c], i) => ({ a, b, c, w: weights[i], y: data.y[i] }));
    const column = await resampledClassifier(smote({ seed: 1, scale: "none" }), logistic({ scale: "none" })).fit(
      table(records, { target: "y", weight: "w", kinds: { a: "numeric" } }),
      { realRows: 500 },
    );
    const [one, other] = [await model.predictProbability(data), await column.predictProbability(table(records, { target: "y", weight: "w", kinds: { a: "numeric" } }))]; // prettier-ignore
    one.probabilities.forEach((p, at) => expect(other.probabilities[at]).toBeCloseTo(p, 9));
    const total = expected.reduce((a, b) => a + b);
    const yes = expected.reduce((sum, weight, i) => sum + (rows.y[i] === "yes" ? weight : 0), 0);
    expect(model.notes[0]).toContain(`"yes" ${Number((yes / total).toPrecision(3))} to`);
    const few = recording();
    await resampledClassifier(randomUndersample(), few.learner).fit(data);
    expect(few.fits[0]!.training.realRows).toBe(few.fits[0]!.data.y.length);
  });

  it("counts what the learner weighs classes with", async () => {
    const sum = async (learner: Learner): Promise<number> => {
      const model = await resampledClassifier(randomOversample({ strategy: 0.5 }), learner).fit(data);
      return (await model.predictProbability(data)).probabilities.reduce((all, p, at) => all + (at % 2 ? p : 0), 0) / 600;
    };
    const plain = await sum(logistic());
    for (const classWeight of ["balanced", { yes: 7 }] as const)
      expect(Math.abs((await sum(logistic({ classWeight }))) - plain)).toBeLessThan(0.01);
  });

  it("works on every layout, kinds, missing cells and three classes", async () => {
    const plain = plainData(["numeric", "integer", "ordinal", "nominal"], true);
    for (const layout of ["nested", "Float64Array", "Float32Array", "rows", "columns", "typed columns"] as const) {
      const rows = inLayout(layout, plain);
      for (const learner of [
        resampledClassifier(smote(), kNN()),
        resampledClassifier(smote(), logistic(), { calibration: "isotonic" }),
        calibratedClassifier(logistic(), { folds: 3 }),
      ]) {
        const { labels, probabilities } = await (await learner.fit(rows)).predictProbability(rows);
        expect(labels).toEqual(["a", "b", "c"]);
        for (let at = 0; at < probabilities.length; at += 3) {
          const row = probabilities.subarray(at, at + 3);
          expect(row.every((p) => p >= 0)).toBe(true);
          expect(row[0]! + row[1]! + row[2]!).toBeCloseTo(1, 12);
        }
      }
    }
  });

  it("tells how far it is, never less than before, and can be aborted", async () => {
    for (const learner of [
      resampledClassifier(smote(), logistic()),
      resampledClassifier(adasyn(), logistic()),
      calibratedClassifier(kNN()),
    ]) {
      let last = 0;
      const onProgress = ({ done, total }: { done: number; total: number }): void => {
        expect(done / total).toBeGreaterThanOrEqual(last);
        last = done / total;
      };
      await learner.fit(data, {}, { onProgress });
      expect(last).toBe(1);
      const stop = new AbortController();
      const fitting = learner.fit(
        data,
        {},
        { signal: stop.signal, onProgress: ({ done, total }) => done / total > 0.3 && stop.abort("enough") },
      );
      await expect(fitting).rejects.toBe("enough");
    }
  });

  it("refuses what it cannot use", async () => {
    const call = (...given: unknown[]) => () => resampledClassifier(...(given as Parameters<typeof resampledClassifier>)); // prettier-ignore
    await refused(call(logistic(), smote()), /was given an object with .*, but needs a resampler/);
    await refused(call(smote(), smote()), /needs a learner, such as logistic/);
    await refused(call(smote(), logistic(), { prior: 1 }), /no option "prior"/);
    await refused(call(smote(), logistic(), { threshold: 2 }), /threshold is 2/);
    await refused(call(smote(), logistic(), { threshold: "half" }), /threshold is "half"/);
    await refused(call(smote(), logistic(), { targetPrior: "none" }), /targetPrior is "none"/);
    await refused(call(smote(), logistic(), { targetPrior: "trained", calibration: "platt" }), /leave one of the two out/);
    await refused(call(smote(), logistic(), { targetPrior: { yes: 1 }, calibration: "none" }), /leave one of the two out/);
    await refused(call(smote(), logistic(), { folds: 1 }), /folds is 1/);
    await refused(
      () => resampledClassifier(smote(), logistic(), { targetPrior: { yes: 0.1 } }).fit(data),
      /targetPrior gives class "no" undefined/,
    );
    await refused(() => resampledClassifier(smote(), logistic()).fit(data, { weights: data.y.map((_, i) => i - 1) }), /none below 0/);
    const learner = resampledClassifier(adasyn(), logistic());
    const stored = JSON.parse(JSON.stringify(await learner.fit(data))) as Record<string, unknown>;
    for (const broken of [
      { notes: 1 },
      { factors: [1] },
      { against: ["a", "b"] },
      { cut: [2, 0.5] },
      { calibration: { method: "platt", line: [1], least: 0.1 } },
      { calibration: { method: "isotonic", rising: [] } },
    ])
      // prettier-ignore
      await refused(() => learner.restore({ ...stored, ...broken }), /damaged/);
  });
});

describe("calibratedClassifier", () => {
  /** Doubles the log odds of a logistic regression: too sure of itself. */
  const sure = (): Learner => {
    const own = logistic();
    return {
      ...own,
      async fit(given, training, run) {
        const model = await own.fit(given, training, run);
        return {
          ...model,
          async predictProbability(rows, how) {
            const { probabilities, ...rest } = await model.predictProbability(rows, how);
            const squares = probabilities.map((p) => p ** 3);
            return { ...rest, probabilities: squares.map((p, at) => p / (p + squares[at ^ 1]!)) };
          },
        };
      },
    };
  };

  it.each([
    ["platt", logLoss, 0.002, 0.1],
    // its ends are 0 and 1, which a logarithm does not forgive
    ["isotonic", brier, 0.002, 0.01],
  ] as const)("by %s mends a learner that is too sure", async (method, loss, near, far) => {
    const [train, test] = [truth(4000, -1.5, 2), truth(4000, -1.5, 3)];
    const lossOf = async (learner: Learner): Promise<number> =>
      loss(test.y, (await (await learner.fit(train)).predictProbability(test)).probabilities);
    const best = await lossOf(logistic());
    expect(await lossOf(calibratedClassifier(sure(), { method }))).toBeLessThan(best + near);
    expect(await lossOf(sure())).toBeGreaterThan(best + far);
  });

  it("takes a learner that says the same of all rows, classes of two rows, and refuses resampled data", async () => {
    const { probabilities } = await (await calibratedClassifier(constant()).fit(data)).predictProbability({ X: [[1, 1, 1]] });
    expect(Math.abs(probabilities[1]! - shareOfYes)).toBeLessThan(0.003);
    const two = { X: [[0], [1], [2], [3], [4]], y: [0, 0, 0, 1, 1] };
    expect((await calibratedClassifier(logistic()).fit(two)).notes).toContain("Probabilities were calibrated on rows held out in 2 folds.");
    const { data: made } = await smote().resample(data);
    await refused(() => calibratedClassifier(logistic()).fit(made), /folds was given what smote returned/);
    await refused(() => calibratedClassifier(smote() as unknown as Learner), /needs a learner/);
    await refused(() => calibratedClassifier(logistic(), { method: "sigmoid" as "platt" }), /method is "sigmoid"/);
  });

  it("takes any classifier, and its models go on from each other", async () => {
    let warm = 0;
    const means = customLearner({
      name: "means",
      fit: (_X, y, { warmStart }) => {
        warm += Number(warmStart !== undefined);
        const share = y.reduce((a, b) => a + b) / y.length;
        return { predictProbability: (rows) => rows.map((row) => (row[1]! > 0 ? [0.5, 0.5] : [1 - share / 2, share / 2])) };
      },
    });
    const learner = calibratedClassifier(means, { folds: 3 });
    const model = await learner.fit(data);
    await learner.fit(data, { warmStart: model });
    expect(warm).toBe(4);
    await refused(() => learner.restore(JSON.parse(JSON.stringify({ ...model.toJSON })) as unknown), /needs what toJSON/);
  });
});
