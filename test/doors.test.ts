import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { core } from "../bindings/engine/core";
import { restoreGenerator } from "../bindings/generator";
import * as counterpoise from "../bindings/index";
import {
  compareScores,
  configure,
  constant,
  crossValidate,
  InputError,
  kNN,
  nearestNeighbors,
  randomOversample,
  smote,
  split,
  table,
  wilcoxon,
} from "../bindings/index";

let [tried, opened] = [0, 0];

/** Whatever is passed in, a call works or throws an InputError with one sentence; nothing else, and no memory stays taken. */
async function knocks(call: () => unknown): Promise<void> {
  tried++;
  try {
    await call();
    opened++;
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(/^[^\n]+[.?]$/s);
    expect((error as Error).message.length).toBeLessThan(500);
  }
  for (const { arena } of core.idle) expect(arena.top).toBe(arena.base);
}

const odd = [
  fc.boolean(),
  fc.integer({ min: -9, max: 999 }),
  fc.constantFrom(NaN, Infinity, -Infinity, 0.5, -0, 1e300, "", "a", "1", null, undefined),
  fc.string(),
  fc.bigInt(),
];
const anything = fc.anything({ values: odd, withDate: true, withMap: true, withTypedArray: true, withSparseArray: true, maxDepth: 3 });

/** A valid value in which, now and then, something at any depth is replaced or taken out. */
function mostly(valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const wounds = fc.array(fc.tuple(fc.array(fc.nat(), { minLength: 0, maxLength: 3 }), fc.option(anything)), { maxLength: 2 });
  return fc
    .tuple(valid, fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: wounds }))
    .map(([value, where]) => (where as [number[], unknown][]).reduce((whole, [path, wrong]) => wound(whole, path, wrong), value));
}

function wound(value: unknown, [step, ...rest]: number[], wrong: unknown): unknown {
  if (step === undefined) return wrong;
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || value instanceof Map || value instanceof AbortSignal)
    return value;
  const keys = Object.keys(value);
  if (keys.length === 0) return value;
  const key = keys[step % keys.length]!;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  if (rest.length === 0 && wrong === null) delete copy[key];
  else copy[key] = wound(copy[key], rest, wrong);
  return copy;
}

const some = (model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> => fc.record(model, { requiredKeys: [] });
const labels = (n: number): fc.Arbitrary<unknown[]> =>
  fc.oneof(
    ...[
      ["a", "b", "c"],
      [0, 1],
      [true, false],
    ].map((values) => fc.array(fc.constantFrom(...(values as (string | number | boolean)[])), { minLength: n, maxLength: n })),
  );
const finite = fc.oneof(
  fc.double({ noDefaultInfinity: true, min: -1e100, max: 1e100 }),
  fc.integer({ min: -9, max: 9 }),
  fc.constantFrom(NaN, 0, -0, 5e-324),
);
const matrix = fc.tuple(fc.integer({ min: 4, max: 24 }), fc.integer({ min: 1, max: 3 })).chain(([n, d]) => {
  const cells = fc.array(finite, { minLength: n * d, maxLength: n * d });
  return fc.oneof(
    fc.record({
      X: fc.array(fc.array(fc.oneof(finite, fc.constantFrom(null, undefined)), { minLength: d, maxLength: d }), {
        minLength: n,
        maxLength: n,
      }),
      y: labels(n),
    }),
    fc.record({ X: cells.map((all) => Float64Array.from(all)), y: labels(n), columns: fc.constant(d) }),
    fc.record({
      X: cells.map((all) => Float32Array.from(all, (value) => (Math.abs(value) < 1e38 ? value : 1))),
      y: labels(n),
      columns: fc.constant(d),
    }),
    fc.record({
      X: fc.array(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: d, maxLength: d }), { minLength: n, maxLength: n }),
      y: labels(n),
      kinds: fc.array(fc.constantFrom("numeric", "integer", "ordinal", "nominal"), { maxLength: d }),
    }),
  );
});
const strategy = fc.oneof(
  fc.constantFrom("auto", "minority", "all", "not minority"),
  fc.double({ min: 1, max: 3, noNaN: true }),
  fc.record({
    times: fc.dictionary(fc.constantFrom("a", "b", "0", "1", "true"), fc.double({ min: 1, max: 5, noNaN: true }), {
      minKeys: 1,
      maxKeys: 1,
    }),
  }),
  fc.constant((counts: Map<unknown, number>) => new Map([...counts].map(([label, count]) => [label, count + 3]))),
);
const common = {
  strategy,
  seed: fc.nat(),
  draws: fc.constantFrom("even", "independent"),
  compat: fc.constantFrom(undefined, "imbalanced-learn"),
};
const smoteOptions = some({
  ...common,
  kNeighbors: fc.integer({ min: 1, max: 6 }),
  scale: fc.constantFrom("none", "standard"),
  onTooFew: fc.constantFrom("reduce", "copy", "skip"),
  missing: fc.constantFrom("expected", "rescale"),
  nominal: fc.constantFrom("vote", "parent"),
});
const randomOptions = some({ ...common, shrinkage: fc.double({ min: 0, max: 3, noNaN: true }) });
const tableSource = fc.integer({ min: 6, max: 24 }).chain((n) => {
  const column = (values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown[]> => fc.array(values, { minLength: n, maxLength: n });
  const columns = fc.record({
    a: fc.oneof(
      column(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(null))),
      column(finite),
      column(fc.constantFrom("1", "2.5", "")),
      column(fc.date()),
    ),
    b: column(fc.nat(9)).map((all) => Uint8Array.from(all as number[])),
    c: column(fc.constantFrom("x", "y", undefined)),
    y: labels(n),
  });
  return fc.oneof(
    columns,
    columns.map((all) =>
      Array.from({ length: n }, (_, i) => Object.fromEntries(Object.entries(all).map(([name, cells]) => [name, cells[i]]))),
    ),
  );
});
const tableOptions = fc.oneof(
  fc.constant({ target: "y", parseNumbers: true }),
  fc.record({
    target: fc.constant("y"),
    parseNumbers: fc.boolean(),
    carry: fc.subarray(["a", "c"]),
    weight: fc.constantFrom("b", undefined),
  }),
  fc.record({
    target: fc.constant("y"),
    parseNumbers: fc.constant(true),
    kinds: some({ b: fc.constantFrom("numeric", "nominal", "ordinal"), c: fc.constant("nominal") }),
    missing: fc.constantFrom([], ["x"]),
  }),
  fc.record({
    target: fc.constant("y"),
    parseNumbers: fc.constant(true),
    bounds: some({ b: fc.constant([0, 255]) }),
    group: fc.constantFrom("c", undefined),
    time: fc.constantFrom("b", undefined),
  }),
);
const neighborOptions = some({
  kNeighbors: fc.integer({ min: 1, max: 3 }),
  exclude: fc.constant("none"),
  scale: fc.constantFrom("none", "standard"),
  missing: fc.constantFrom("expected", "rescale"),
});
type Judge = (labels: never, predictions: never, options: never) => unknown;
const OF_LABELS: readonly Judge[] = [
  counterpoise.sensitivity,
  counterpoise.precision,
  counterpoise.fBeta,
  counterpoise.gMean,
  counterpoise.indexBalancedAccuracy,
  counterpoise.balancedAccuracy,
  counterpoise.matthewsCorrelation,
  counterpoise.macroAveragedMae,
  (...given) => counterpoise.classificationReport(...given).average.iba,
];
const OF_SCORES: readonly Judge[] = [
  counterpoise.rocAuc,
  counterpoise.prAuc,
  counterpoise.averagePrecision,
  counterpoise.brier,
  counterpoise.balancedLogLoss,
  counterpoise.expectedCalibrationError,
  (...given) => counterpoise.calibrationSlope(...given).slope,
  (...given) => counterpoise.precisionAtK(...given),
  (y, scores, options) =>
    counterpoise.chooseThreshold(y, scores, Object(options) === options ? { ...(options as object), metric: "f1" } : options).value,
  (...given) => counterpoise.rocCurve(...given).truePositiveRate[1],
];
const judged = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.constantFrom(2, 3)).chain(([n, c]) => {
  const share = fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }));
  const rows = fc.array(fc.constantFrom([0.5, 0.25, 0.25], [0, 1, 0], [0.2, 0.2, 0.6]), { minLength: n, maxLength: n });
  return fc.tuple(
    fc.oneof(labels(n), fc.array(fc.nat(c - 1), { minLength: n, maxLength: n })),
    fc.array(fc.nat(c - 1), { minLength: n, maxLength: n }),
    c === 2 ? fc.array(share, { minLength: n, maxLength: n }) : rows,
    fc.oneof(fc.constant(undefined), fc.array(fc.constantFrom(0, 1, 2, 0.1, 1e-300), { minLength: n, maxLength: n })),
  );
});
const judgedOptions = some({
  positive: fc.constantFrom(1, "a", true, undefined),
  average: fc.constantFrom("macro", "micro", "weighted"),
  zeroDivision: fc.constantFrom(0, 1, "skip", "error"),
  classes: fc.constantFrom([0, 1], [0, 1, 2], ["a", "b", "c"]),
  k: fc.integer({ min: 1, max: 4 }),
});
const evaluateOptions = fc
  .record(
    {
      folds: fc.oneof(fc.constantFrom(2, 3), fc.constant([{ repeat: 0, fold: 0, train: [0, 1], test: [2, 3] }])),
      repeats: fc.constantFrom(1, 2),
      by: fc.constant("row"),
      seed: fc.nat(),
      metrics: fc.constantFrom(["brier"], ["brier", "rocAuc"], { brier: "brier", rows: ({ rows }: { rows: Uint32Array }) => rows.length }),
      threshold: fc.constantFrom("default", "f1"),
      groups: fc.constant([0, 1, 2, 3]),
    },
    { requiredKeys: [] },
  )
  .map((options) => ({
    ...options,
    candidates: { plain: { learner: constant() }, near: { learner: kNN({ kNeighbors: 2 }), resampler: smote({ kNeighbors: 1 }) } },
  }));
/** Without the option that a function does not have: they are drawn for all of them. */
const taken = (options: unknown, refused: string): unknown =>
  Object(options) === options
    ? Object.fromEntries(Object.entries(options as object).filter(([name]) => !refused.includes(`"${name}"`)))
    : options;
const runs = { numRuns: Number(process.env["FUZZ_RUNS"] ?? 1500) };

describe("the doors let through what works and answer the rest with one InputError", () => {
  it("smote on numbers", () =>
    fc.assert(
      fc.asyncProperty(mostly(matrix), mostly(smoteOptions), (data, options) =>
        knocks(() => smote(options as object).resample(data as never)),
      ),
      runs,
    ));

  it("randomOversample on numbers", () =>
    fc.assert(
      fc.asyncProperty(mostly(matrix), mostly(randomOptions), (data, options) =>
        knocks(() => randomOversample(options as object).resample(data as never)),
      ),
      runs,
    ));

  it("nearestNeighbors on numbers", () =>
    fc.assert(
      fc.asyncProperty(mostly(matrix), mostly(neighborOptions), (data, options) =>
        knocks(() =>
          nearestNeighbors(data as never, { ...(options as object), ...(Object(options) === options ? { queries: data } : {}) } as object),
        ),
      ),
      runs,
    ));

  it("tables, split and smote on them", () =>
    fc.assert(
      fc.asyncProperty(
        mostly(tableSource),
        mostly(tableOptions),
        mostly(smoteOptions),
        mostly(some({ test: fc.double({ min: 0.1, max: 0.9, noNaN: true }), stratify: fc.boolean(), seed: fc.nat() })),
        (source, options, how, parts) =>
          knocks(async () => {
            const data = table(source as never, options as never);
            await knocks(() => split(data, parts as object));
            await smote(how as object).resample(data);
          }),
      ),
      runs,
    ));

  it("metrics, which are never NaN", () =>
    fc.assert(
      fc.asyncProperty(mostly(judged), mostly(judgedOptions), fc.nat(), async (given, options, which) => {
        const [own, guesses, scores, weights] = Array.isArray(given) ? (given as unknown[]) : [];
        const metrics = which % 2 ? OF_LABELS : OF_SCORES;
        const metric = metrics[Math.floor(which / 2) % metrics.length]!;
        const call = (chosen: unknown): unknown =>
          metric(own as never, (which % 2 ? (which % 3 ? guesses : own) : scores) as never, chosen as never);
        await knocks(() => {
          let tries = options;
          for (let left = 6; ; left--) {
            try {
              const value = call(Object(tries) === tries && weights ? { ...(tries as object), weights } : tries);
              return expect(value).not.toBeNaN();
            } catch (error) {
              if (left === 0 || !/has no option/.test(String(error))) throw error;
              tries = taken(tries, String(error));
            }
          }
        });
      }),
      runs,
    ));

  it("crossValidate, whose candidates fail with a sentence too, compareScores and wilcoxon", () =>
    fc.assert(
      fc.asyncProperty(
        mostly(matrix),
        mostly(evaluateOptions),
        mostly(some({ metric: fc.constant("brier"), level: fc.constant(0.9) })),
        (data, options, compared) =>
          knocks(async () => {
            const result = await crossValidate(data as never, options as never);
            for (const { scores, errors, probabilities, mean } of result.candidates) {
              for (const score of [...Object.values(scores).flat(), ...Object.values(mean)]) expect(score ?? 0).toSatisfy(Number.isFinite);
              for (const error of errors) expect(error ?? "Fine.").toMatch(/^(?!.*(undefined is|not a function|Cannot read))[^\n]+[.?]$/);
              expect(probabilities.every(Number.isFinite)).toBe(true);
            }
            const { candidates } = compareScores(result, compared as object);
            for (const { pValue, low } of candidates) expect([pValue ?? 0, low ?? 0]).not.toContain(NaN);
            const [first, second] = result.candidates.map(({ scores }) => Object.values(scores)[0]!);
            await knocks(() => expect(wilcoxon(first as number[], second as number[]).pValue).not.toBeNaN());
          }),
      ),
      { numRuns: Math.ceil(runs.numRuns / 5) },
    ));

  it("run options", () =>
    fc.assert(
      fc.asyncProperty(
        mostly(
          some({
            only: fc.constantFrom("all", "synthetic"),
            signal: fc.constant(new AbortController().signal),
            onProgress: fc.constant(() => undefined),
          }),
        ),
        (run) => knocks(() => smote({ kNeighbors: 1 }).resample({ X: [[1], [2], [3], [4], [5]], y: [0, 0, 0, 1, 1] }, run as object)),
      ),
      runs,
    ));

  it("stored generators", async () => {
    const stored = (
      await smote({ kNeighbors: 1 }).fit(
        table(
          [
            { a: 1, c: "u", y: 0 },
            { a: 2, c: "v", y: 0 },
            { a: 3, c: "u", y: 1 },
            { a: 3, c: "u", y: 1 },
            { a: 5, c: "v", y: 1 },
          ],
          { target: "y" },
        ),
      )
    ).toJSON();
    await fc.assert(
      fc.asyncProperty(mostly(fc.constant(stored)), (given) => knocks(() => restoreGenerator(given).sample(0, 0, 3))),
      runs,
    );
  });

  it("configure", () =>
    fc.assert(
      fc.asyncProperty(mostly(some({ memoryLimit: fc.constant(2 ** 32), module: fc.constant(undefined) })), (settings) =>
        knocks(() => configure(settings as object)),
      ),
      runs,
    ));

  // or nothing was tested but refusals
  afterEach(({ task }) => {
    expect(opened / tried, task.name).toBeGreaterThan(0.2);
    [tried, opened] = [0, 0];
  });
});
