import { describe, expect, it } from "vitest";
import {
  advise,
  chain,
  customLearner,
  kNN,
  logistic,
  smote,
  tomekLinks,
  type Advice,
  type AdviseOptions,
  type Data,
  type Matrix,
  type Resampler,
} from "../../bindings/index";
import { against } from "../../bindings/tune/verdict";
import { inLayout, plainData } from "../support/layouts";
import { Numbers } from "../support/numbers";

function gaussian(counts: readonly number[], d = 3, seed = 1, step = 1): Matrix {
  const numbers = new Numbers(seed);
  const y = counts.flatMap((count, code) => new Array<number>(count).fill(code));
  const X = Float64Array.from({ length: y.length * d }, (_, at) => numbers.normal() + (at % d === 0 ? step * y[Math.floor(at / d)]! : 0));
  return { X, y, columns: d };
}

const ask = (data: Data, options: Partial<AdviseOptions> = {}): Promise<Advice> =>
  advise(data, {
    learner: logistic(),
    candidates: [smote({ kNeighbors: 3 })],
    grid: [0, 0.5, 1],
    validation: { folds: 3, repeats: 1 },
    ...options,
  });

describe("advice", () => {
  it("shows what costs nothing beside every candidate, in three columns", async () => {
    const { rows, recommendation, summary, fits } = await ask(gaussian([300, 60]), {
      candidates: { "a little smote": smote({ kNeighbors: 3 }), "smote, cleaned": chain(smote(), tomekLinks()) },
    });
    expect(rows.map(({ name }) => name)).toEqual([
      "untouched",
      "prior shift",
      "threshold",
      "class weights",
      "random oversampling",
      "random undersampling",
      "a little smote",
      "smote, cleaned",
    ]);
    for (const { name, scores, kind, against: held } of rows) {
      expect(scores.averagePrecision).toHaveLength(3);
      expect(scores.averagePrecision.every((score) => score! > 0.2 && score! <= 1)).toBe(true);
      expect(scores.balancedAccuracy.every((score) => score! > 0.4)).toBe(true);
      // moving the prior is a decision, not a probability
      expect(scores.logLoss.every((score) => (name === "prior shift" ? score === null : score! < 1))).toBe(true);
      expect(held === null).toBe(kind === "simple");
    }
    const means = Object.fromEntries(rows.map((row) => [row.name, row.means]));
    // one model: one ranking, other decisions
    expect(means["threshold"]!.averagePrecision).toBe(means["untouched"]!.averagePrecision);
    expect(means["threshold"]!.logLoss).toBe(means["untouched"]!.logLoss);
    expect(means["threshold"]!.balancedAccuracy!).toBeGreaterThan(means["untouched"]!.balancedAccuracy!);
    expect(means["class weights"]!.balancedAccuracy!).toBeGreaterThan(means["untouched"]!.balancedAccuracy!);
    // a straight line gains nothing from rows
    expect(rows.at(-2)!.against!.averagePrecision.verdict).not.toBe("better");
    expect(rows.slice(0, 6).map(({ name }) => name)).toContain(recommendation);
    expect(summary).toMatch(/^By average precision the best of what needs no candidate is /);
    // each of two simple models on 3 inner folds and the outer one; random sizes, undersampling, smote, chain
    expect(fits).toBe(3 * (8 + 10 + 4 + 10 + 4));
  });

  it("finds what helps where something does", async () => {
    // a nearest-neighbor vote ranks a rare class better when its gaps are filled
    const numbers = new Numbers(9);
    const [n, m] = [900, 60];
    const y = Array.from({ length: n + m }, (_, i) => (i < n ? "no" : "yes"));
    const X = Float64Array.from({ length: 2 * (n + m) }, (_, at) => {
      const i = at >> 1;
      return i < n ? 6 * numbers.unit() : (at & 1 ? 3 : 6 * ((i - n) / m)) + 0.05 * numbers.normal();
    });
    const { rows, summary } = await ask(
      { X, y, columns: 2 },
      { learner: kNN({ kNeighbors: 5 }), grid: [0, 0.25, 0.5], validation: { folds: 3, repeats: 2 } },
    );
    expect(rows.at(-1)!.means.averagePrecision!).toBeGreaterThan(rows[0]!.means.averagePrecision! - 0.05);
    expect(summary).toMatch(/smote/);
  });

  it("tells the fits before it begins, and counts up to the end", async () => {
    const seen: string[] = [];
    const { fits, divisions } = await advise(
      gaussian([100, 40]),
      {
        learner: logistic(),
        candidates: [smote()],
        grid: [0, 1],
        validation: { folds: 2, repeats: 1 },
        onPlan: (plan) => seen.push(`plan ${plan.fits} ${plan.divisions}`),
      },
      { onProgress: ({ done, total }) => seen.push(done === total ? "end" : "on") },
    );
    expect(seen[0]).toBe(`plan ${fits} 2`);
    expect(seen.at(-1)).toBe("end");
    expect(divisions).toHaveLength(2);
  });

  it("has failures as rows, and cannot tell what failed in part", async () => {
    let call = 0;
    const moody: Resampler = {
      name: "moody",
      options: {},
      resample: (data, run) => {
        if (++call > 4) throw new Error("not today");
        return smote().resample(data, run);
      },
    };
    const { rows } = await ask(gaussian([120, 60]), { candidates: [moody] });
    const row = rows.at(-1)!;
    expect(row.failures).toEqual([{ sentence: "not today", divisions: 2 }]);
    expect(row.scores.averagePrecision.filter((score) => score === null)).toHaveLength(2);
    expect(row.against!.averagePrecision.verdict).toBe("cannot tell");
    expect(row.against!.averagePrecision.because).toMatch(/failed in some divisions/);
  });

  it("a learner without weights has no class weights, and says so", async () => {
    const learner = customLearner({
      name: "first",
      fit: () => ({ predictProbability: (X) => X.map(([x]) => (x! > 0.5 ? [0.3, 0.7] : [0.8, 0.2])) }),
    });
    const { rows } = await ask(gaussian([80, 40]), { learner });
    expect(rows.find(({ name }) => name === "class weights")!.failures[0]!.sentence).toBe("first takes no row weights.");
    expect(rows[0]!.failures).toEqual([]);
  });

  it("does not tell by a handful of rows", async () => {
    const { rows } = await ask(gaussian([90, 12]));
    const { verdict, because } = rows.at(-1)!.against!.averagePrecision;
    expect(verdict).toBe("cannot tell");
    expect(because).toMatch(/as few as 4 rows of a class, and needs 10/);
  });

  it("more than two classes, mixed columns with missing cells, tables", async () => {
    const { rows } = await ask(inLayout("rows", plainData(["numeric", "nominal", "integer"], true, 3)));
    expect(rows.map(({ name }) => name)).not.toContain("threshold");
    for (const { failures, means } of rows) {
      expect(failures).toEqual([]);
      expect(means.averagePrecision).toBeGreaterThan(0);
    }
  });

  it("judges oversamplers with their bias taken away too", async () => {
    const { rows } = await ask(gaussian([200, 60]), { biasCorrection: true, candidates: [smote(), tomekLinks()] });
    expect(rows.slice(-3).map(({ name }) => name)).toEqual(["smote", "tomekLinks", "smote, bias corrected"]);
    expect(rows.at(-1)!.lambdas).toHaveLength(3);
    expect(rows.at(-1)!.failures).toEqual([]);
    const refused = await ask(gaussian([80, 40]), { biasCorrection: true, learner: kNN() });
    expect(refused.rows.at(-1)!.failures[0]!.sentence).toMatch(/no weights below 0/);
  });

  it("keeps to its time", async () => {
    const { divisions, notes } = await ask(gaussian([200, 50]), { validation: { folds: 4, repeats: 1 }, timeBudget: 0 });
    expect(divisions).toHaveLength(2);
    expect(notes.join()).toMatch(/ended after 2 of 4 divisions/);
  });

  it("can be stopped", async () => {
    const stop = new AbortController();
    const call = advise(
      gaussian([2000, 400], 6),
      { learner: logistic(), candidates: [smote()] },
      {
        signal: stop.signal,
        onProgress: ({ done }) => {
          if (done > 0) stop.abort(new Error("enough"));
        },
      },
    );
    await expect(call).rejects.toThrow("enough");
  });

  it.each([
    [{ candidates: [] }, /candidates is .*but needs methods/],
    [{ candidates: [logistic() as never] }, /Candidate "logistic" is .*but needs what smote\(\)/],
    [{ metric: "f1" as never }, /metric is "f1"/],
    [{ learner: 3 as never }, /learner is 3/],
    [{ validation: { folds: 50 } }, /class 1 has 12 rows/],
  ])("refuses %o", async (options, message) => {
    await expect(ask(gaussian([90, 12]), options as Partial<AdviseOptions>)).rejects.toThrow(message);
  });
});

describe("verdicts", () => {
  const divisions = Array.from({ length: 10 }, (_, fold) => ({ repeat: 0, fold, train: new Uint32Array(90), test: new Uint32Array(10) }));
  const bench = { divisions, level: 0.95, margin: 0.02, unsure: null };
  const row = (name: string, values: readonly number[]) => ({
    name,
    scores: { averagePrecision: values, logLoss: values.map((value) => 1 - value), balancedAccuracy: values },
  });
  const wobble = divisions.map((_, s) => 0.001 * (s % 3));
  const simple = row(
    "simple",
    wobble.map((value) => 0.5 + value),
  );

  it("are by the corrected interval, losses turned round", () => {
    const verdicts = (["averagePrecision", "logLoss"] as const).map((metric) =>
      against(
        [
          row(
            "good",
            divisions.map((_, s) => 0.6 + 0.001 * (s % 4)),
          ),
          row(
            "same",
            divisions.map((_, s) => 0.5 + 0.001 * ((s + 1) % 3)),
          ),
          row(
            "bad",
            divisions.map((_, s) => 0.4 + 0.001 * (s % 5)),
          ),
          row(
            "noisy",
            divisions.map((_, s) => 0.5 + (s % 2 ? 0.2 : -0.15)),
          ),
        ],
        simple,
        metric,
        bench,
      ).map(({ verdict }) => verdict),
    );
    expect(verdicts).toEqual([
      ["better", "equivalent", "worse", "cannot tell"],
      ["better", "equivalent", "worse", "cannot tell"],
    ]);
  });

  it("are by as many candidates as there are", () => {
    const one = row(
      "one",
      divisions.map((_, s) => 0.5 + (s % 2 ? 0.1 : -0.028)),
    );
    const alone = against([one], simple, "averagePrecision", bench)[0]!;
    const among = against([one, ...Array.from({ length: 9 }, () => simple)], simple, "averagePrecision", bench)[0]!;
    expect(among.pValue!).toBeCloseTo(Math.min(1, 10 * alone.pValue!), 10);
  });
});
