import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import threads from "node:worker_threads";
import { afterAll, describe, expect, it } from "vitest";
import { METHODS } from "../cli/catalogue";
import type { Data, Resampled, ResampleRun } from "../bindings/contracts";
import { LEARNERS } from "../cli/learners";

// lanes are started from the file that the build puts beside the library
const library = (await import(pathToFileURL("dist/index.js").href)) as typeof import("../bindings/index");
const {
  adasyn,
  advise,
  calibratedClassifier,
  chain,
  crossValidate,
  customLearner,
  InputError,
  kNN,
  logistic,
  resampledClassifier,
  smote,
  table,
  tomekLinks,
  tuneSyntheticSize,
} = library;

/** Rows of two classes, a quarter of them in the second, large enough for lanes to be worth it. */
function rows(n: number, d: number): { X: Float64Array; y: number[]; columns: number } {
  let state = 7;
  const unit = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  const y = Array.from({ length: n }, (_, i) => (i % 4 === 0 ? 1 : 0));
  const X = Float64Array.from({ length: n * d }, (_, at) => unit() + unit() + unit() + 0.4 * y[Math.floor(at / d)]!);
  return { X, y, columns: d };
}

const data = rows(12_000, 12);

/** Lanes that were told what an errand is about. */
let started = 0;
const give = threads.Worker.prototype.postMessage;
threads.Worker.prototype.postMessage = function (...given: Parameters<typeof give>): void {
  if ("name" in (given[0] as object)) started++;
  return give.apply(this, given);
};
afterAll(() => {
  threads.Worker.prototype.postMessage = give;
});

/** What a call gives with one thread and with more, as text, and how many lanes had a part in the latter. */
async function compared(call: (run: { threads: number }) => Promise<unknown>): Promise<number> {
  const text = (value: unknown): string =>
    JSON.stringify(value, (_key, inner: unknown) =>
      ArrayBuffer.isView(inner) ? Array.from(inner as Float64Array) : inner instanceof Map ? [...inner] : inner,
    );
  const alone = text(await call({ threads: 1 }));
  // until lanes have started, calls go on alone
  for (let times = 0; times < 20; times++) {
    const before = started;
    expect(text(await call({ threads: 3 }))).toBe(alone);
    if (started > before) return started - before;
  }
  return 0;
}

describe("lanes do parts of a call, and no byte of the result changes", () => {
  it("folds of cross-validation, with a threshold of its own for each", async () => {
    const candidates = {
      plain: { learner: logistic() },
      chained: { learner: logistic({ C: 0.5 }), resampler: chain(smote(), tomekLinks()) },
      corrected: { learner: resampledClassifier(smote({ kNeighbors: 3 }), calibratedClassifier(logistic(), { folds: 2 })) },
    };
    expect(await compared((run) => crossValidate(data, { candidates, folds: 3, threshold: "gMean" }, run))).toBe(2);
  });

  it("a table with texts for missing cells, levels, weights and dates", async () => {
    const all = Array.from({ length: 9000 }, (_, i) => ({
      a: i % 50 === 0 ? "NA" : data.X[12 * i]!,
      b: i % 31 === 0 ? null : data.X[12 * i + 1]!,
      c: i % 40 === 0 ? "?" : ["red", "green", "blue"][i % 3]!,
      when: new Date(i * 1e7),
      w: 1 + (i % 3),
      label: data.y[i] ? "rare" : "common",
    }));
    const described = table(all, { target: "label", missing: ["NA", "?"], weight: "w" });
    expect(await compared((run) => crossValidate(described, { learner: logistic(), resampler: smote(), folds: 4 }, run))).toBe(2);
  });

  it("rows in lists, and a learner that compares them", async () => {
    const X = Array.from({ length: 3000 }, (_, i) =>
      Array.from(data.X.subarray(12 * i, 12 * i + 4), (cell, c) => (c === 1 && i % 9 === 0 ? null : cell)),
    );
    const nested = { X, y: data.y.slice(0, 3000), kinds: { 2: "integer" as const } };
    nested.X.forEach((row) => (row[2] = Math.round(10 * row[2]!)));
    expect(await compared((run) => crossValidate(nested, { learner: kNN(), resampler: adasyn(), folds: 5, repeats: 2 }, run))).toBe(2);
  });

  it("divisions of a search for a size, and its baselines", async () => {
    const options = { oversampler: smote(), learner: logistic(), validation: { folds: 3 }, expand: false, grid: [0, 0.5, 1] };
    expect(await compared((run) => tuneSyntheticSize(data, options, run))).toBeGreaterThan(0);
  });

  it("divisions of a contest", async () => {
    const options = { learner: logistic(), candidates: [smote(), tomekLinks()], validation: { folds: 3, repeats: 1 } };
    expect(await compared((run) => advise(rows(4000, 6), options, run))).toBe(2);
  });
});

describe("densities", () => {
  it.each([
    [4, 0],
    [2, 0],
    [5, 1e-6],
  ])("in %s columns with tolerance %s, at any number of queries", async (d, tolerance) => {
    const density = await library.kde({ tolerance }).fit({ X: data.X.slice(0, 3000 * d), columns: d });
    for (const m of [9001, 130]) {
      const X = data.X.slice(10 * d, (m + 10) * d);
      expect(await compared((run) => density.logDensity({ X, columns: d }, run))).toBe(m > 9000 ? 2 : 0);
    }
  });
});

describe("discrepancies", () => {
  it.each(["gaussian", "laplacian"] as const)("of two samples, %s kernels of two widths", async (kernel) => {
    const [a, b] = [
      { X: data.X.slice(0, 3 * 6001), columns: 3 },
      { X: data.X.slice(3 * 6001, 3 * 11_003), columns: 3 },
    ];
    expect(await compared((run) => library.mmd(a, b, { kernel, bandwidth: [0.5, 2] }, run))).toBe(2);
    expect(await compared((run) => library.mmd(a, b, { kernel, estimator: "block" }, run))).toBe(0);
  });
});

describe("what cannot go to a lane stays", () => {
  it("a learner of the caller's, whatever its name", async () => {
    const learner = customLearner({ name: "logistic", fit: (_X, y) => ({ predict: (all) => all.map((_row, i) => y[i % 2]!) }) });
    expect(await compared((run) => crossValidate(data, { learner, folds: 3 }, run))).toBe(0);
  });

  it("a copy of a method, which may do other things", async () => {
    const method = smote();
    const resampler = {
      ...method,
      resample: <D extends Data>(given: D, run?: ResampleRun): Promise<Resampled<D>> => method.resample(given, run),
    };
    expect(await compared((run) => crossValidate(data, { learner: logistic(), resampler, folds: 3 }, run))).toBe(0);
  });

  it("a strategy that is a function", async () => {
    const resampler = smote({ strategy: (counts) => new Map([...counts].map(([label]) => [label, 9000])) });
    expect(await compared((run) => crossValidate(data, { learner: logistic(), resampler, folds: 3 }, run))).toBe(0);
  });

  it("cells that cannot be sent", async () => {
    const columns = { a: data.X.subarray(0, 9000), label: data.y.slice(0, 9000), carried: Array.from({ length: 9000 }, (_, i) => () => i) };
    const described = table(columns, { target: "label", carry: ["carried"] });
    const alone = await crossValidate(described, { learner: logistic(), resampler: smote(), folds: 8 }, { threads: 1 });
    const shared = await crossValidate(described, { learner: logistic(), resampler: smote(), folds: 8 }, { threads: 3 });
    expect(shared.candidates).toEqual(alone.candidates);
  });
});

describe("lanes", () => {
  const cross = (run: object): Promise<unknown> => crossValidate(data, { learner: logistic(), resampler: smote(), folds: 10 }, run);
  const warm = (): Promise<number> => compared(cross);

  it("tell a candidate's failure as this thread does", async () => {
    await warm();
    const short = await crossValidate(data, { learner: logistic(), resampler: smote({ kNeighbors: 5000 }), folds: 10 }, { threads: 3 });
    expect(short.candidates[0]!.errors.every((error) => error!.includes("kNeighbors is 5000"))).toBe(true);
    const tuned = tuneSyntheticSize(data, { oversampler: smote({ kNeighbors: 5000 }), learner: logistic() }, { threads: 3 });
    await expect(tuned).rejects.toBeInstanceOf(InputError);
    await expect(tuned).rejects.toMatchObject({ code: "TOO_FEW_ROWS" });
  });

  it("abort within 100 ms, and the next call works", async () => {
    await warm();
    const stop = new AbortController();
    const call = cross({ threads: 3, signal: stop.signal });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const since = performance.now();
    stop.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
    expect(performance.now() - since).toBeLessThan(100);
    expect(await warm()).toBe(2);
  });

  it("that die fail the call, and the next one works", async () => {
    await warm();
    const post = threads.Worker.prototype.postMessage;
    threads.Worker.prototype.postMessage = function (...given: Parameters<typeof post>): void {
      post.apply(this, given);
      if ("part" in (given[0] as object)) void this.terminate();
    };
    try {
      await expect(cross({ threads: 2 })).rejects.toMatchObject({ code: "WORKER_FAILED", message: expect.stringMatching(/threads: 1\./) });
    } finally {
      threads.Worker.prototype.postMessage = post;
    }
    expect(await warm()).toBeGreaterThan(0);
  });

  it("count progress up to the end", async () => {
    await warm();
    const seen: number[] = [];
    await cross({ threads: 3, onProgress: ({ done, total }: { done: number; total: number }) => seen.push(done / total) });
    expect(seen.at(-1)).toBe(1);
    expect(seen.every((share, at) => share >= (seen[at - 1] ?? 0))).toBe(true);
  });
});

describe.each([...METHODS, ...LEARNERS].map(({ name }) => name))("%s", (name) => {
  const make = (library as unknown as Record<string, (options: object) => { readonly options: object }>)[name]!;

  it("makes of its options another that has the same", () => {
    const { options } = make({});
    expect(make(options).options).toEqual(options);
  });

  it("is known to lanes", () => {
    expect(readFileSync("bindings/makers.ts", "utf8")).toMatch(new RegExp(`\\b${name},`));
  });
});
