import { describe, expect, it } from "vitest";
import {
  constant,
  customLearner,
  diagnose,
  InputError,
  kNN,
  logistic,
  randomOversample,
  smote,
  table,
  type Data,
  type Diagnosed,
  type DiagnoseOptions,
  type Diagnosis,
} from "../../bindings/index";
import { golden, HAS_DATA, realTable } from "../support/data";
import { Numbers } from "../support/numbers";

const GIVEN: DiagnoseOptions = { oversampler: smote(), learner: logistic() };

/** n rows of two normal classes, one of which has `smaller` rows. */
function rowsOf(n: number, smaller: number, seed = 1): { X: number[][]; y: string[] } {
  const numbers = new Numbers(seed);
  const y = Array.from({ length: n }, (_, i) => (i < smaller ? "yes" : "no"));
  return { X: y.map((label) => [numbers.normal() + (label === "yes" ? 1 : 0), numbers.normal(), 3 * numbers.normal()]), y };
}

async function found(data: Data, options: Partial<DiagnoseOptions> = {}): Promise<Diagnosed> {
  const diagnosis: Diagnosis = await diagnose(data, { ...GIVEN, ...options });
  if (diagnosis.skipped !== undefined) throw new Error(diagnosis.skipped);
  return diagnosis;
}

/** Statistics, and counts, of two diagnoses to so many digits. */
function expectSame(a: Diagnosed, b: Diagnosed, digits: number): void {
  for (const name of ["tSym", "df", "gqs", "gqsDebiased", "floor", "gPhiNorm", "gPsiNorm", "cosine"] as const)
    expect(a[name], name).toBeCloseTo(b[name]!, digits);
  expect(a.raw.tSym / b.raw.tSym).toBeCloseTo(1, digits);
  expect(a.regime).toBe(b.regime);
}

interface Golden {
  readonly name: string;
  readonly C: number | null;
  readonly tSym: number;
  readonly raw: number;
  readonly gPhiNorm: number;
  readonly columns: number;
}

describe.skipIf(!HAS_DATA)("statistics as numpy finds them row by row", () => {
  const { diagnoses } = HAS_DATA ? golden<{ diagnoses: Golden[] }>("diagnosis.json") : { diagnoses: [] };
  it.each(diagnoses.map((each) => [each.name, each.C, each] as const))("%s, C = %s", async (name, C, wanted) => {
    const learner = logistic({
      ...(C === null ? { penalty: "none" } : { C }),
      scale: "standard",
      tolerance: 1e-11,
      weightScale: "as given",
    });
    const own = await found(realTable("keel", name), { learner, oversampler: randomOversample() });
    expect(own.df).toBe(wanted.columns);
    expect(own.raw.df).toBe(wanted.columns + 1);
    expect(own.tSym / wanted.tSym).toBeCloseTo(1, 5);
    expect(own.raw.tSym / wanted.raw).toBeCloseTo(1, 5);
    expect(own.gPhiNorm / wanted.gPhiNorm).toBeCloseTo(1, 6);
  });
});

describe("a diagnosis", () => {
  const data = rowsOf(600, 60);

  it("is plain data, the same for the same seed, with candidates that have 0 and 1 among them", async () => {
    const first = await found(data, { seed: 3 });
    expect(JSON.parse(JSON.stringify(first))).toEqual(first);
    expect(await found(data, { seed: 3 })).toEqual(first);
    expect((await found(data, { seed: 4 })).gqs).not.toBe(first.gqs);
    expect(first.raw.pValue).toBeLessThan(1e-9);
    expect(first.regime).toBe("intercept");
    expect(first.notes.join(" ")).toMatch(/prior shift/);
    expect(first.gqsDebiased).toBeCloseTo(first.gqs! - first.floor!, 12);
    expect(first.candidates).toEqual([...first.candidates].sort((a, b) => a - b));
    expect([first.candidates.includes(0), first.candidates.includes(1)]).toEqual([true, true]);
  });

  it("sees that columns were added which are constant, repeated or sums of others, and that there are levels", async () => {
    const more = { X: data.X.map(([a, b, c]) => [a!, b!, c!, 7, a!, a! - 2 * b!]), y: data.y };
    const learner = logistic({ penalty: "none", tolerance: 1e-11 });
    expectSame(
      await found(more, { learner, oversampler: randomOversample() }),
      await found(data, { learner, oversampler: randomOversample() }),
      4,
    );
    const rows = data.X.map(([a, b], i) => ({ a, b, color: ["red", "green", "blue"][i % 3], y: data.y[i] }));
    expect((await found(table(rows, { target: "y" }))).df).toBe(4);
  });

  it("does not see offsets and units", async () => {
    const far = { X: data.X.map(([a, b, c]) => [a! * 1e-3 + 1e9, b! * 1e6, c! - 1e5]), y: data.y };
    const learner = logistic({ scale: "standard", tolerance: 1e-10 });
    const oversampler = randomOversample();
    expectSame(await found(far, { learner, oversampler }), await found(data, { learner, oversampler }), 3);
  });

  it("counts a table's weights", async () => {
    const rows = data.X.map(([a, b, c], i) => ({ a, b, c, w: 1 + (i % 3), y: data.y[i] }));
    const weighted = await found(table(rows, { target: "y", weight: "w" }));
    expect(weighted.tSym).not.toBeCloseTo((await found(data)).tSym, 3);
    expect(Number.isFinite(weighted.gqs)).toBe(true);
  });

  it("takes missing cells, one column, equal rows and few rows without a number that is none", async () => {
    const holes = { X: data.X.map((row, i) => row.map((cell, c) => (i % 7 === c ? NaN : cell))), y: data.y };
    const one = { X: data.X.map((row) => [row[0]!]), y: data.y };
    const equal = { X: data.X.map((row) => row.map((cell) => Math.round(cell / 3))), y: data.y };
    const few = rowsOf(30, 4);
    for (const rows of [holes, one, equal, few]) {
      const { candidates, notes, regime, generator, raw, theoryGamma, skipped, ...numbers } = await found(rows, {
        oversampler: randomOversample(),
      });
      for (const [name, value] of Object.entries({ ...numbers, ...raw })) expect(Number.isFinite(value), name).toBe(true);
      expect([candidates.every(Number.isFinite), notes.length >= 0, typeof regime, typeof generator, skipped]).toEqual([
        true,
        true,
        "string",
        "string",
        undefined,
      ]);
      expect(theoryGamma === null || (theoryGamma > 0 && theoryGamma <= 5)).toBe(true);
    }
    expect((await found(few, { oversampler: randomOversample() })).notes.join(" ")).toMatch(/2 folds/);
  });

  it("finds copies realistic, and rows made far away biased", async () => {
    expect((await found(rowsOf(2100, 100), { oversampler: randomOversample() })).generator).toBe("realistic");
    const away = await found(rowsOf(2100, 100), { oversampler: randomOversample({ shrinkage: 12 }) });
    expect(away.generator).toBe("biased");
    expect(away.candidates).toHaveLength(41);
  });

  it("gives sizes as multiples of what the strategy asks for", async () => {
    const all = await found(data, { oversampler: randomOversample() });
    const half = await found(data, { oversampler: randomOversample({ strategy: { counts: { yes: 300 } } }) });
    expect(half.gqs).toBeCloseTo(all.gqs!, 8);
    expect(half.theoryGamma).toBeCloseTo(2 * all.theoryGamma!, 8);
  });

  it("is skipped where there is nothing to look at, in a sentence", async () => {
    const own = customLearner({ name: "mine", weights: "positive", fit: () => ({ predict: (X) => X.map(() => 0) }) });
    const three = { X: data.X, y: data.y.map((label, i) => (i % 5 ? label : "other")) };
    const cases: [Data, Partial<DiagnoseOptions>, RegExp][] = [
      [data, { learner: constant() }, /last layer/],
      [data, { learner: kNN() }, /last layer/],
      [data, { learner: own }, /last layer/],
      [three, {}, /there are 3/],
      [rowsOf(40, 20), {}, /nothing to balance/],
      [rowsOf(40, 3), {}, /has 3 rows/],
      [{ X: data.X.map(() => [1]), y: data.y }, {}, /No column varies/],
      [data, { oversampler: smote({ strategy: { counts: { no: 900 } } }) }, /adds no rows/],
      [{ X: data.X.map((row) => Array.from({ length: 300 }, (_, c) => row[0]! * c + row[1]!)), y: data.y }, {}, /300 columns/],
    ];
    for (const [rows, options, sentence] of cases) {
      const { skipped } = await diagnose(rows, { ...GIVEN, ...options });
      expect(skipped).toMatch(sentence);
    }
  });

  it("notes that a generator cannot be judged on so few rows", async () => {
    const { generator, notes, gqs, candidates } = await found(rowsOf(60, 6), { oversampler: smote({ kNeighbors: 5 }) });
    expect([generator, gqs]).toEqual(["not evaluated", null]);
    expect(notes.join(" ")).toMatch(/was not evaluated: .*kNeighbors/);
    expect(candidates).toHaveLength(41);
  });

  it("refuses unknown options and values, and what a method returned", async () => {
    const refused: [DiagnoseOptions, RegExp][] = [
      [{ ...GIVEN, fold: 3 } as never, /did you mean "folds"/],
      [{ ...GIVEN, folds: 1 }, /folds/],
      [{ ...GIVEN, alpha: 2 }, /alpha/],
      [{ ...GIVEN, oversampler: {} as never }, /oversampler/],
      [{ ...GIVEN, learner: {} as never }, /learner/],
    ];
    for (const [options, message] of refused) {
      const error: unknown = await diagnose(data, options).catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(InputError);
      expect((error as Error).message).toMatch(message);
    }
    const grown = (await smote().resample(data)).data;
    await expect(diagnose(grown, GIVEN)).rejects.toThrow(/returned/);
  });

  it("tells how far it is, and ends when told", async () => {
    const seen: number[] = [];
    let whole = 0;
    await diagnose(data, GIVEN, { onProgress: ({ done, total }) => (seen.push(done), (whole = total)) });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(whole);
    const stop = new AbortController();
    const ended = diagnose(data, GIVEN, { signal: stop.signal, onProgress: () => stop.abort(new Error("enough")) });
    await expect(ended).rejects.toThrow("enough");
  });
});

describe("copies of rows", () => {
  it("are weights: without a penalty the fit to them is the fit with the class counted as often", async () => {
    const { X, y } = rowsOf(300, 40);
    const learner = logistic({ penalty: "none", tolerance: 1e-12, weightScale: "as given" });
    for (const times of [2, 3, 6]) {
      const copies = await randomOversample({ strategy: { times: { yes: times } } }).resample({ X, y });
      const grown = await learner.fit(copies.data);
      const weighed = await learner.fit({ X, y }, { weights: y.map((label) => (label === "yes" ? times : 1)) });
      grown.coefficients!.values.forEach((value, c) => expect(value).toBeCloseTo(weighed.coefficients!.values[c]!, 8));
      expect(grown.coefficients!.intercepts[0]).toBeCloseTo(weighed.coefficients!.intercepts[0]!, 8);
    }
  });
});
