import { describe, expect, it } from "vitest";
import {
  chain,
  crossValidate,
  kmeansSmote,
  kNN,
  logistic,
  randomUndersample,
  resampledClassifier,
  smote,
  smoteIpf,
  tomekLinks,
  type CrossValidateOptions,
  type Learner,
  type Matrix,
  type Resampler,
} from "../../bindings/index";
import { Lending } from "../../bindings/run/lending";

/** Two classes, flat: a number of rows of which folds are not all equally long. */
function flat(n: number, d: number): Matrix {
  let state = n;
  const draw = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296;
  const y = Array.from({ length: n }, (_, i) => (i % 9 ? "no" : "yes"));
  const X = Float64Array.from({ length: n * d }, (_, at) => draw() + (y[Math.floor(at / d)] === "yes" ? 0.3 : 0));
  return { X, y, columns: d };
}

describe("memory that is lent", () => {
  it("serves again where it is just as long, and only after it was given back", async () => {
    const lending = new Lending();
    const first = await lending.during(async (lend) => {
      const [a, b] = [lend(10), lend(10)];
      expect(a.buffer).not.toBe(b.buffer);
      expect(await lending.during(async (other) => other(10).buffer)).not.toBe(a.buffer);
      return [a, b].map(({ buffer }) => buffer);
    });
    await lending.during(async (lend) => {
      expect(lend(11).length).toBe(11);
      const again = [lend(10).buffer, lend(10).buffer];
      expect(new Set(again)).toEqual(new Set(first));
    });
    lending.clear();
    expect(first).not.toContain(await lending.during(async (lend) => lend(10).buffer));
  });

  it("comes back from a part that failed", async () => {
    const lending = new Lending();
    let lent: ArrayBufferLike | undefined;
    const failing = lending.during(async (lend) => {
      lent = lend(4).buffer;
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await lending.during(async (lend) => lend(4).buffer)).toBe(lent);
  });

  it("is not kept without end", async () => {
    const lending = new Lending();
    const large = await lending.during(async (lend) => lend((1 << 24) + 1).buffer);
    expect(await lending.during(async (lend) => lend((1 << 24) + 1).buffer)).not.toBe(large);
  });
});

/** What is not ours is lent nothing, and nothing is known of its parts. */
const foreign = (learner: Learner): Learner => ({ ...learner });

describe("trials on lent memory are those on new memory", () => {
  const data = flat(307, 3);
  const missing = flat(203, 4);
  for (let at = 5; at < 812; at += 37) (missing.X as Float64Array)[at] = NaN;
  const resamplers: [string, Resampler | undefined][] = [
    ["nothing", undefined],
    ["smote", smote()],
    ["smote of a few", smote({ strategy: 0.4 })],
    ["kmeansSmote", kmeansSmote()],
    ["smoteIpf", smoteIpf()],
    ["tomekLinks", tomekLinks()],
    ["randomUndersample", randomUndersample()],
    ["a chain", chain(smote(), tomekLinks())],
  ];
  const learners: [string, Learner][] = [
    ["logistic", logistic()],
    ["kNN", kNN({ kNeighbors: 3 })],
    ["resampledClassifier", resampledClassifier(smote(), logistic())],
  ];
  const cases = resamplers.flatMap(([before, resampler]) => learners.map(([then, learner]) => ({ before, then, resampler, learner })));

  it.each(cases)("$before, $then", async ({ resampler, learner }) => {
    for (const [given, options] of [
      [data, { folds: 4, repeats: 2, seed: 3 }],
      [data, { folds: 3, threshold: "f1" }],
      [{ ...data, bounds: { 0: [0, 2] } }, { folds: 3 }],
      [
        { ...data, y: Array.from(data.y, (label, i) => (i === 1 ? "rare" : label)) },
        { folds: [{ train: rows(200, 307), test: rows(0, 200) }] },
      ],
      ...(learner.name === "logistic" && !resampler ? [[missing, { folds: 3 }] as const] : []),
    ] as [Matrix, CrossValidateOptions][]) {
      const judge = (own: Learner): Promise<unknown> =>
        crossValidate(given, { ...options, candidates: { one: { learner: own, ...(resampler && { resampler }) } } }, { threads: 1 });
      expect(await judge(learner)).toEqual(await judge(foreign(learner)));
    }
  });

  it("of several classes", async () => {
    const several: Matrix = { ...data, y: Uint8Array.from(data.y, (label, i) => (label === "no" ? i % 2 : 2)) };
    const judge = (learner: Learner): Promise<unknown> =>
      crossValidate(several, { learner, resampler: smote(), folds: 3, seed: 1 }, { threads: 1 });
    expect(await judge(logistic())).toEqual(await judge(foreign(logistic())));
  });
});

function rows(from: number, to: number): Uint32Array {
  return Uint32Array.from({ length: to - from }, (_, i) => from + i);
}
