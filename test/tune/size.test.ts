import { describe, expect, it } from "vitest";
import {
  customLearner,
  folds,
  kNN,
  logistic,
  randomOversample,
  smote,
  tomekLinks,
  tuneSyntheticSize,
  type Data,
  type Generator,
  type Matrix,
  type Model,
  type Oversampler,
  type TuneOptions,
} from "../../bindings/index";
import { inLayout, LAYOUTS, plainData } from "../support/layouts";
import { Numbers } from "../support/numbers";

interface Flat extends Matrix {
  readonly X: Float64Array;
  readonly y: number[];
  readonly columns: number;
}

/** Classes a step apart along the first column, which also tells rows apart by their digits. */
function gaussian(counts: readonly number[], d = 3, seed = 1, step = 1): Flat {
  const numbers = new Numbers(seed);
  const y = counts.flatMap((count, code) => new Array<number>(count).fill(code));
  const X = Float64Array.from({ length: y.length * d }, (_, at) => numbers.normal() + (at % d === 0 ? step * y[Math.floor(at / d)]! : 0));
  return { X, y, columns: d };
}

/** An oversampler that tells what it was asked. */
function spied(inner: Oversampler): { readonly oversampler: Oversampler; readonly fits: Flat[]; readonly asked: number[][] } {
  const fits: Flat[] = [];
  const asked: number[][] = [];
  const oversampler: Oversampler = {
    ...inner,
    async fit<D extends Data>(data: D): Promise<Generator<D>> {
      fits.push(data as unknown as Flat);
      const generator = await inner.fit(data);
      return {
        ...generator,
        sample: (label, from, to, run) => {
          asked.push([from, to]);
          return generator.sample(label, from, to, run);
        },
      };
    },
  };
  return { oversampler, fits, asked };
}

const QUICK = { validation: { folds: 3, repeats: 1 }, baselines: false, grid: [0, 0.5, 1, 1.5], expand: false } as const;
const tune = (data: Data, options: Partial<TuneOptions> = {}): ReturnType<typeof tuneSyntheticSize> =>
  tuneSyntheticSize(data, { oversampler: smote({ kNeighbors: 3 }), learner: logistic(), ...QUICK, ...options });

describe("what is seen where", () => {
  it("the oversampler is not asked where no row is added", async () => {
    const { oversampler, fits } = spied(smote());
    const tuned = await tune(gaussian([60, 15]), { oversampler, grid: [0] });
    expect(fits).toHaveLength(0);
    expect(tuned.gamma).toBe(0);
    expect([...tuned.counts.values()]).toEqual([0, 0]);
    const data = gaussian([60, 15]);
    const { data: same, notes } = await tuned.resample(data);
    expect(same).toEqual(data);
    expect(same).not.toBe(data);
    expect(notes.join()).toMatch(/tuned size is 0/);
    expect(fits).toHaveLength(0);
  });

  it("no row that is held out is asked for, learned from or made of; sizes are the first rows of one stream", async () => {
    const data = gaussian([60, 15]);
    const key = (x: number): string => x.toFixed(12);
    const { oversampler, fits, asked } = spied(smote({ kNeighbors: 3 }));
    const learned: Set<string>[] = [];
    const judged: Set<string>[] = [];
    const firsts = (X: number[][]): Set<string> => new Set(X.map(([x]) => key(x!)));
    const learner = customLearner({
      name: "spy",
      scale: "none",
      fit: (X) => {
        learned.push(firsts(X));
        return {
          predict: (held) => {
            judged.push(firsts(held));
            return held.map(([x]) => (x! > 0.5 ? 1 : 0));
          },
        };
      },
    });
    const divisions = folds(data, { folds: 3 });
    await tune(data, { oversampler, learner, validation: divisions });
    const real = new Set(data.y.map((_, i) => key(data.X[3 * i]!)));
    expect(learned).toHaveLength(12);
    learned.forEach((rows, t) => {
      for (const row of judged[t]!) {
        expect(rows.has(row)).toBe(false);
        // held out rows are real
        expect(real.has(row)).toBe(true);
      }
    });
    expect(fits.slice(0, 3).map(({ y }) => y.length)).toEqual([50, 50, 50]);
    fits.slice(0, 3).forEach((rows, s) => {
      const held = new Set(Array.from(divisions[s]!.test, (i) => key(data.X[3 * i]!)));
      for (let i = 0; i < rows.y.length; i++) expect(held.has(key(rows.X[3 * i]!))).toBe(false);
    });
    // 40 rows against 10: one pool of 1.5 · 30 in each division
    expect(asked.slice(0, 3)).toEqual([
      [0, 45],
      [0, 45],
      [0, 45],
    ]);
    for (const at of [0, 4, 8]) {
      expect([...learned.slice(at, at + 4)].map(({ size }) => size)).toEqual([50, 65, 80, 95]);
      for (let t = at; t < at + 3; t++) for (const row of learned[t]!) expect(learned[t + 1]!.has(row)).toBe(true);
    }
  });

  it("nor is any for baselines and thresholds, on inner folds either", async () => {
    const data = gaussian([40, 12]);
    const seen: Set<number>[] = [];
    let leaks = 0;
    const learner = customLearner({
      name: "spy",
      scale: "none",
      fit: (X) => {
        const own = new Set(X.map(([x]) => x!));
        seen.push(own);
        return {
          predict: (held) => {
            for (const [x] of held) if (own.has(x!)) leaks++;
            return held.map(() => 0);
          },
        };
      },
    });
    await tune(data, { learner, grid: [0], baselines: true });
    // three divisions, each with three plans and as many on each of three inner folds, after the curve
    expect(seen).toHaveLength(3 + 3 * 3 * 4);
    expect(leaks).toBe(0);
  });
});

describe("what comes out", () => {
  it("a multiple that validation prefers, the same for any way to hand data in", async () => {
    const all = LAYOUTS.map(async (layout) => {
      const data = inLayout(layout, plainData(["numeric", "numeric"], false, 2));
      const { gamma, curve, counts } = await tune(data, { learner: logistic({ scale: "none" }), perClass: true });
      return { gamma, losses: curve.map(({ mean }) => mean.toFixed(4)), counts: [...counts.values()] };
    });
    const [first, ...others] = await Promise.all(all);
    // tables divide by deviations when they look for neighbors, and single floats have fewer digits
    expect(others[0]).toEqual(first);
    expect(others.at(-1)).toEqual(others.at(-2));
    for (const one of others) expect(one.losses).toHaveLength(4);
  });

  it("goes on where the best is the largest, up to 6, and says where it stops", async () => {
    // rows that overlap the others: the more the better for the loss of the rare class
    const data = gaussian([400, 20], 2, 3, 0.2);
    const weak = logistic({ C: 1e-4 });
    const wide = await tune(data, { learner: weak, grid: [0, 0.1], expand: true, oversampler: randomOversample() });
    expect(wide.curve.length).toBeGreaterThan(4);
    expect(wide.curve.map(({ gamma }) => gamma).slice(0, 4)).toEqual([0, 0.1, 0.125, 0.15625]);
    const narrow = await tune(data, { learner: weak, grid: [0, 0.1], expand: false, oversampler: randomOversample() });
    expect(narrow.edgeHit).toBe(true);
    expect(narrow.notes.join()).toMatch(/largest multiple tried, 0\.1/);
  });

  it("an oversampler of that size, whose rows are those of the stream", async () => {
    const data = gaussian([90, 12]);
    const inner = smote({ kNeighbors: 3, seed: 7 });
    const tuned = await tune(data, { oversampler: inner, grid: [0.5] });
    expect(tuned.counts.get(1)).toBe(39);
    const { data: grown, origins, counts } = await tuned.oversampler.resample(data);
    expect(counts.get(1)).toEqual({ before: 12, added: 39, removed: 0, after: 51 });
    const whole = (await inner.resample(data)).data as Flat;
    expect([...(grown as Flat).X]).toEqual([...whole.X.subarray(0, 3 * 141)]);
    expect(origins.kind.filter((kind) => kind === 1)).toHaveLength(39);
    expect(origins.parents(140).every((row) => data.y[row] === 1)).toBe(true);
    const only = await tuned.resample(data, { only: "synthetic" });
    expect((only.data as Flat).y).toEqual(new Array(39).fill(1));
    const generator = await tuned.oversampler.fit(data);
    expect(generator.counts.get(1)).toBe(39);
    const model = await tuned.fit(data);
    expect(await model.predict({ X: [[5, 0, 0]] })).toEqual([1]);
  });

  it("every class on its own where asked", async () => {
    const data = gaussian([120, 40, 15], 3, 5);
    const tuned = await tune(data, { perClass: true });
    expect(tuned.gammas.size).toBe(3);
    expect(tuned.counts.get(0)).toBe(0);
    const together = await tune(data);
    expect(together.gamma).toBe(tuned.gamma);
  });

  it("weights that keep the penalty, unless as published", async () => {
    const data = gaussian([200, 30], 3, 8);
    const asIs = await tune(data, { learner: logistic({ C: 0.01, weightScale: "as given" }), penalty: "as published", grid: [1] });
    const kept = await tune(data, { learner: logistic({ C: 0.01 }), grid: [1] });
    const strong = await tune(data, { learner: logistic({ C: 0.02 }), penalty: "per real row", grid: [1] });
    // with twice the rows, a penalty counts for half
    expect(asIs.curve[0]!.mean).not.toBeCloseTo(kept.curve[0]!.mean, 3);
    expect(Math.abs(asIs.curve[0]!.mean - strong.curve[0]!.mean)).toBeLessThan(Math.abs(asIs.curve[0]!.mean - kept.curve[0]!.mean));
  });

  it("the same by learners that learn one by one as by those that learn again", async () => {
    const data = gaussian([150, 25], 3, 4);
    const quick = await tune(data);
    // one that hides what it is
    const inner = logistic();
    const plain = await tune(data, { learner: { ...inner } });
    quick.curve.forEach(({ mean, adjusted }, at) => {
      expect(mean).toBeCloseTo(plain.curve[at]!.mean, 4);
      expect(adjusted).toBeCloseTo(plain.curve[at]!.adjusted, 4);
    });
  });

  it("baselines on the same divisions", async () => {
    const data = gaussian([300, 40], 3, 6);
    const { baselines, curve, summary } = await tune(data, { baselines: true });
    const row = (name: string): (typeof baselines)[number] => baselines.find((baseline) => baseline.name === name)!;
    expect(baselines.map(({ name }) => name)).toEqual([
      "none",
      "none + prior shift",
      "threshold",
      "class weights",
      "tuned class weight",
      "balance",
      "tuned size",
    ]);
    expect(row("none").balancedLogLoss!.mean).toBeCloseTo(curve[0]!.mean, 5);
    expect(row("none + prior shift").balancedLogLoss!.mean).toBeCloseTo(curve[0]!.adjusted, 5);
    expect(row("balance").balancedLogLoss!.mean).toBeCloseTo(curve[2]!.mean, 5);
    expect(row("threshold").balancedLogLoss).toBeNull();
    for (const { balancedAccuracy } of baselines) expect(balancedAccuracy!.mean).toBeGreaterThan(0.6);
    // a straight line: moving the prior is all that rows can do (dossier P12)
    expect(row("none + prior shift").balancedLogLoss!.mean).toBeLessThan(row("tuned size").balancedLogLoss!.mean + 0.01);
    expect(summary).toMatch(/Beyond moving an intercept the rows bring/);
  });

  it("the same by a learner of one's own, an instance that names classes in another order", async () => {
    const data = gaussian([150, 25], 3, 4);
    const inner = logistic();
    class Reversed {
      readonly name = "reversed";
      readonly options = {};
      readonly takes = inner.takes;
      restore = inner.restore;
      async fit(...given: Parameters<typeof inner.fit>): Promise<Model> {
        const model = await inner.fit(...(given.slice(0, 1).concat([{ ...given[1], warmStart: undefined }]) as [Data]));
        return {
          ...model,
          predictProbability: async (rows) => {
            const { probabilities, notes } = await model.predictProbability(rows);
            return { labels: [1, 0], notes, probabilities: probabilities.map((_, at) => probabilities[at ^ 1]!) };
          },
        };
      }
    }
    const [own, plain] = [await tune(data, { learner: new Reversed() }), await tune(data, { learner: { ...inner } })];
    own.curve.forEach(({ mean }, at) => expect(mean).toBeCloseTo(plain.curve[at]!.mean, 4));
  });

  it("a strength of bias correction, where it helps", async () => {
    const data = gaussian([400, 25], 4, 6);
    const { correction, fit, gamma } = await tune(data, { biasCorrection: true });
    expect(correction!.gamma).toBe(gamma);
    const best = correction!.curve.find((point) => point.lambda === correction!.lambda && point.gamma === gamma)!;
    for (const { mean } of correction!.curve) expect(best.mean).toBeLessThanOrEqual(mean);
    // nothing taken away is among the candidates, at what the curve has
    expect(correction!.curve[0]!.lambda).toBe(0);
    expect((await fit(data)).labels).toEqual([0, 1]);
    await expect(tune(data, { biasCorrection: true, learner: kNN() })).rejects.toThrow(/kNN" takes no weights below 0/);
    await expect(tune(data, { biasCorrection: true, perClass: true })).rejects.toThrow(/leave perClass out/);
  });

  it("a diagnosis, whose sizes are tried too, or why there is none", async () => {
    const { diagnosis, curve } = await tune(gaussian([300, 40], 3, 6), { guided: true });
    if (diagnosis!.skipped !== undefined) throw new Error(diagnosis!.skipped);
    const tried = curve.map((point) => point.gamma);
    for (const candidate of diagnosis!.candidates) expect(tried.some((gamma) => Math.abs(gamma - candidate) <= 0.0005)).toBe(true);
    expect(tried).toContain(1.5);
    const none = await tune(gaussian([60, 20]), { guided: true, learner: kNN() });
    expect(none.notes.join()).toMatch(/kNN/);
    expect(none.diagnosis!.skipped).toBeDefined();
  });

  it("a model whose probabilities are those of the data", async () => {
    const data = gaussian([400, 40], 3, 2);
    const tuned = await tune(data, { grid: [1] });
    const { probabilities } = await (await tuned.fit(data)).predictProbability(data);
    let positive = 0;
    for (let at = 1; at < probabilities.length; at += 2) positive += probabilities[at]! / 440;
    expect(positive).toBeGreaterThan(0.06);
    expect(positive).toBeLessThan(0.13);
  });

  it("says what a learner cannot do", async () => {
    const { baselines } = await tune(gaussian([80, 20]), {
      baselines: true,
      learner: customLearner({ name: "mean", fit: () => ({ predict: (X) => X.map(() => 1) }) }),
    });
    expect(baselines.find(({ name }) => name === "class weights")!.failed).toMatch(/mean takes no row weights/);
  });

  it("kNN, with mixed and missing cells", async () => {
    const data = inLayout("rows", plainData(["numeric", "nominal", "integer"], true, 3));
    const { curve, gamma } = await tune(data, { learner: kNN({ kNeighbors: 5 }) });
    expect(curve.every(({ mean }) => mean > 0 && mean < 40)).toBe(true);
    expect(curve.map((point) => point.gamma)).toContain(gamma);
  });
});

describe("at the door", () => {
  const data = gaussian([60, 15]);
  it.each([
    [{ oversampler: tomekLinks() as never }, /oversampler is .*but needs what smote\(\)/],
    [{ learner: {} as never }, /learner is .*but needs what logistic\(\)/],
    [{ grid: [] }, /grid is an array of 0/],
    [{ grid: [-1] }, /grid holds -1/],
    [{ rule: "best" as never }, /rule is "best", but needs "argmin"/],
    [{ expand: 1 as never }, /expand is 1/],
    [{ penalty: "none" as never }, /penalty is "none"/],
    [{ validation: { folds: 16 } }, /class 1 has 15 rows/],
    [{ gamma: 1 } as never, /gamma/],
  ])("%o", async (options, message) => {
    await expect(tune(data, options as Partial<TuneOptions>)).rejects.toThrow(message);
  });

  it("takes no resampler without a stream, by type", async () => {
    // @ts-expect-error: what only removes or filters rows has no size
    await expect(tuneSyntheticSize(data, { oversampler: tomekLinks(), learner: logistic() })).rejects.toThrow(/no stream of rows/);
  });

  it("refuses rows that a method made, and parts without a class", async () => {
    const { data: grown } = await smote().resample(data);
    await expect(tune(grown)).rejects.toThrow(/smote returned/);
    const odd = [{ repeat: 0, fold: 0, train: Uint32Array.from({ length: 60 }, (_, i) => i), test: Uint32Array.of(60, 61) }];
    await expect(tune(data, { validation: odd })).rejects.toThrow(/training part of fold 0 has no row of class 1/);
  });

  it("warns of few rows held out", async () => {
    expect((await tune(data)).notes.join()).toMatch(/as few as 5 rows of a class/);
  });

  it("tells how far it is, and can be stopped", async () => {
    const seen: number[] = [];
    await tuneSyntheticSize(
      data,
      { oversampler: smote(), learner: logistic(), ...QUICK },
      { onProgress: ({ done, total }) => seen.push(done / total) },
    );
    expect(seen.every((share, at) => share >= (seen[at - 1] ?? 0))).toBe(true);
    expect(seen.at(-1)).toBe(1);
    const stop = new AbortController();
    const call = tuneSyntheticSize(
      gaussian([4000, 400], 8),
      { oversampler: smote(), learner: logistic() },
      {
        signal: stop.signal,
        onProgress: ({ done }) => {
          if (done > 0) stop.abort(new Error("enough"));
        },
      },
    );
    await expect(call).rejects.toThrow("enough");
  });
});
