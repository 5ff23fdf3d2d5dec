import { describe, expect, it } from "vitest";
import { InputError, qualityReport, type RowTypes } from "../../bindings/diagnose";
import { randomOversample, smote, table, type Matrix } from "../../bindings/index";
import { Numbers } from "../support/numbers";
import { twoClasses } from "./support";

const data = twoClasses(1, 300, 60, 4);

/** Kinds of rows by plain loops; ties by row number. */
function typesBy(X: number[][], y: string[], rows: number[], reference: number[]): RowTypes {
  const kin = (i: number) =>
    reference
      .filter((j) => j !== i)
      .map((j) => [X[i]!.reduce((sum, value, c) => sum + (value - X[j]![c]!) * (value - X[j]![c]!), 0), j] as const)
      .sort((a, b) => a[0] - b[0] || a[1] - b[1])
      .slice(0, 5)
      .map(([, j]) => j)
      .filter((j) => y[j] === y[i]);
  const counts = { safe: 0, borderline: 0, rare: 0, outlier: 0 };
  for (const i of rows) {
    const own = kin(i);
    if (own.length > 3) counts.safe++;
    else if (own.length > 1) counts.borderline++;
    else if (own.length === 0) counts.outlier++;
    else if (kin(own[0]!).every((j) => j === i)) counts.rare++;
    else counts.borderline++;
  }
  return counts;
}

describe("where rows lie", () => {
  it("row types before and after, and the territory, are those of plain loops", async () => {
    const { data: made } = await smote().resample(data, { only: "synthetic" });
    const { classes } = await qualityReport(data, made);
    const X = [...data.X, ...(made.X as number[][])];
    const y = [...data.y, ...(made.y as string[])];
    const [real, all] = [data.X.map((_, i) => i), X.map((_, i) => i)];
    const yes = real.filter((i) => y[i] === "yes");
    const { types, territory } = classes[0]!;
    expect(types.before).toEqual(typesBy(X, y, yes, real));
    expect(types.after).toEqual(typesBy(X, y, yes, all));
    expect(types.synthetic).toEqual(typesBy(X, y, all.slice(real.length), real));
    expect(types.before.rare + types.before.outlier).toBeGreaterThan(0);
    const nearest = (i: number) => real.reduce((best, j) => (apart(X[i]!, X[j]!) < apart(X[i]!, X[best]!) ? j : best));
    const other = all.slice(real.length).filter((i) => y[nearest(i)] === "no").length;
    expect(territory.nearestOther).toBeCloseTo(other / (all.length - real.length), 12);
  });

  it("copies and near copies", async () => {
    const { classes } = await qualityReport(data, (await randomOversample().resample(data)).data);
    const { duplicates, rows } = classes[0]!;
    expect([rows.synthetic, duplicates.ofReal, duplicates.near, duplicates.amongSynthetic]).toEqual([240, 240, 240, 180]);
    const shifted = { X: data.X.map((row) => row.map((value) => value + 1e-9)), y: data.y };
    const near = await qualityReport(data, shifted, { labels: ["yes"] });
    expect(near.classes[0]!.duplicates).toMatchObject({ ofReal: 0, near: 60 });
  });
});

const apart = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, c) => sum + (value - b[c]!) * (value - b[c]!), 0);

describe("classifiers and balls", () => {
  it("cannot tell rows of one distribution, and tell those of another", async () => {
    const same = await qualityReport(twoClasses(1, 0, 400, 4), twoClasses(2, 0, 400, 4));
    const { twoSample, fidelity } = same.classes[0]!;
    for (const area of [twoSample!.kNN, twoSample!.logistic]) expect(Math.abs(area - 0.5)).toBeLessThan(0.07);
    expect(fidelity!.density).toBeCloseTo(1, 0);
    expect(fidelity!.coverage).toBeGreaterThan(0.9);
    const far = await qualityReport(twoClasses(1, 0, 200, 4), {
      X: twoClasses(2, 0, 200, 4).X.map((row) => row.map((x) => x + 3)),
      y: Array(200).fill("yes"),
    });
    expect(far.classes[0]!.twoSample!.logistic).toBeGreaterThan(0.99);
    expect(far.classes[0]!.fidelity!.precision).toBeLessThan(0.05);
    expect(far.summary.join(" ")).toMatch(/Classifiers tell synthetic rows .* 4 columns differ|4 columns differ .* Classifiers tell/);
  });
});

describe("what is impossible", () => {
  const rows = Array.from({ length: 60 }, (_, i) => ({ age: 20 + (i % 30), level: i % 3 ? "low" : "high", y: i % 4 ? "no" : "yes" }));
  const real = table(rows, { target: "y", bounds: { age: [18, 99] } });

  it("fractions in integer columns, values out of range, unknown levels, missing cells", async () => {
    const made = table(
      [
        { age: 20.5, level: "low", y: "yes" },
        { age: 300, level: "none", y: "yes" },
        { age: null, level: "none", y: "yes" },
        { age: 25, level: "low", y: "yes" },
      ],
      { target: "y", kinds: { age: "numeric", level: "nominal" } },
    );
    const { classes, summary } = await qualityReport(real, made);
    const [age, level] = classes[0]!.columns;
    expect(age).toMatchObject({ kind: "integer", outOfRange: 1, invalid: 1, missing: { real: 0, synthetic: 0.25 } });
    expect(level).toMatchObject({ kind: "nominal", invalid: 2, pValue: null });
    expect(summary.join(" ")).toMatch(/4 synthetic cells are out of range or of no possible value/);
    expect(classes[0]).toMatchObject({ twoSample: null, fidelity: null });
  });

  it("rules, on records, columns and arrays", async () => {
    const { data: made } = await smote().resample(real);
    const rules = { young: (row: { age: number }) => row.age < 40, wild: () => true };
    const broken = (await qualityReport(real, made, { rules })).rules;
    expect(broken[0]!.real).toBe(rows.filter(({ age }) => age >= 40).length);
    expect(broken[1]).toEqual({ rule: "wild", real: 0, synthetic: 0 });
    const columns = table(
      { age: rows.map(({ age }) => age), level: rows.map(({ level }) => level), y: rows.map(({ y }) => y) },
      { target: "y" },
    );
    expect((await qualityReport(columns, columns, { rules })).rules[0]).toMatchObject({
      real: broken[0]!.real,
      synthetic: broken[0]!.real,
    });
    const positive = { positive: ([first]: number[]) => first! > 0 };
    const expected = data.X.filter(([first]) => first! > 0).length;
    const flat: Matrix = { X: Float64Array.from(data.X.flat()), y: data.y, columns: 4 };
    for (const given of [data, flat]) {
      expect((await qualityReport(given, given, { rules: positive })).rules[0]!.real).toBe(data.X.length - expected);
    }
  });
});

describe("the door", () => {
  it.each<[object, RegExp]>([
    [{ rules: {} }, /rules is an empty object/],
    [{ rules: { a: 1 } }, /rules is an object with "a"/],
    [{ rules: { a: () => "yes" } }, /Rule "a" returned "yes"/],
    [{ labels: [3] }, /labels names 3/],
    [{ label: ["yes"] }, /did you mean "labels"/],
    [{ includesReal: true }, /no row that a method made/],
  ])("%#: one sentence", async (options, message) => {
    const call = qualityReport(data, data, options);
    await expect(call).rejects.toThrow(message);
    await expect(call).rejects.toBeInstanceOf(InputError);
  });

  it("the same with every number of threads, and plain data", async () => {
    const { data: made } = await smote().resample(data);
    const [one, more] = [await qualityReport(data, made, {}, { threads: 1 }), await qualityReport(data, made, {}, { threads: 2 })];
    expect(more).toEqual(one);
    expect(JSON.parse(JSON.stringify(one))).toEqual(one);
  });

  it("aborts, and tells progress that never falls and ends", async () => {
    const { data: made } = await smote().resample(data, { only: "synthetic" });
    const reason = new Error("enough");
    const controller = new AbortController();
    const stopped = qualityReport(
      data,
      made,
      {},
      { signal: controller.signal, onProgress: ({ done }) => done > 0 && controller.abort(reason) },
    );
    await expect(stopped).rejects.toBe(reason);
    const seen: number[] = [];
    await qualityReport(data, made, {}, { onProgress: ({ done, total }) => seen.push(done / total) });
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen[seen.length - 1]).toBe(1);
  });

  it("awkward rows: one a side, constant columns, all missing, all nominal, many classes, absent classes", async () => {
    const numbers = new Numbers(3);
    const parts: Matrix[] = [
      { X: [[1, 1]], y: ["a"] },
      { X: Array.from({ length: 12 }, () => [1, NaN]), y: Array(12).fill("a") },
      {
        X: Array.from({ length: 40 }, () => [numbers.below(3), numbers.below(2)]),
        y: Array.from({ length: 40 }, (_, i) => i % 2),
        kinds: ["nominal", "nominal"],
      },
      { X: Array.from({ length: 60 }, () => [1e15 + numbers.below(9), numbers.normal()]), y: Array.from({ length: 60 }, (_, i) => i % 30) },
    ];
    for (const part of parts) {
      const { classes } = await qualityReport(part, part);
      expect(classes.length).toBe(new Set(part.y as unknown[]).size);
      for (const { columns, dependence, duplicates, rows } of classes) {
        expect(duplicates.ofReal).toBe(rows.synthetic);
        for (const { distance } of columns) expect([0, null]).toContain(distance);
        expect(dependence.largestDifference).toBe(0);
      }
    }
    const absent = await qualityReport({ X: [[1], [2]], y: ["a", "a"] }, { X: [[1]], y: ["b"] });
    expect(absent.classes[0]).toMatchObject({ label: "b", rows: { real: 0, synthetic: 1 }, territory: { nearestOther: 1 } });
  });
});
