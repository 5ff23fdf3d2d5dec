import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { folds, InputError, split, table, type Data, type Fold } from "../../bindings/index";

const n = 60;
const rows = Array.from({ length: n }, (_, i) => ({
  a: i,
  patient: `p${Math.floor((i * 7) % n / 4)}`, // prettier-ignore
  when: new Date(2024, 0, 1 + Math.floor(((i * 37) % n) / 2)),
  y: i % 6 === 0 ? "rare" : i % 2 ? "odd" : "even",
}));
const plain = { X: rows.map(({ a }) => [a]), y: rows.map(({ y }) => y) };
const byPatient = table(rows, { target: "y", group: "patient", carry: ["when"] });
const byDate = table(rows, { target: "y", time: "when", carry: ["patient"] });
const counts = (part: Uint32Array): Record<string, number> =>
  Object.fromEntries(["rare", "odd", "even"].map((y) => [y, [...part].filter((i) => rows[i]!.y === y).length]));
const sorted = (part: ArrayLike<number>): number[] => Array.from(part).sort((a, b) => a - b);

/** Every row is in one test part, and training is the rest, in order. */
const divides = (parts: readonly Fold[], size: number): void => {
  expect(sorted(parts.flatMap(({ test }) => [...test]))).toEqual(Array.from({ length: size }, (_, i) => i));
  for (const { train, test } of parts) {
    expect([...train, ...test]).toHaveLength(size);
    expect(sorted([...train, ...test])).toEqual(Array.from({ length: size }, (_, i) => i));
    for (const part of [train, test]) expect([...part]).toEqual(sorted(part));
  }
};

describe("folds", () => {
  it("are five, each with its share of every class", () => {
    const parts = folds(plain, { seed: 3 });
    expect(parts).toHaveLength(5);
    divides(parts, n);
    for (const { test } of parts) expect(counts(test)).toEqual({ rare: 2, odd: 6, even: 4 });
  });

  it("differ by at most one row, by class and in all", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 8, maxLength: 80 }), fc.integer({ min: 2, max: 6 }), fc.nat(), (y, k, seed) => {
        const sizes = [0, 1, 2, 3].map((label) => y.filter((own) => own === label).length);
        fc.pre(sizes.every((size) => size === 0 || size >= k));
        const parts = folds({ X: y.map((_, i) => [i]), y }, { folds: k, seed });
        divides(parts, y.length);
        for (const of of [(i: number) => y[i] === 0, (i: number) => y[i] === 3, () => true]) {
          const found = parts.map(({ test }) => [...test].filter(of).length);
          expect(Math.max(...found) - Math.min(...found)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it("are the same for the same seed, others for another, and for every repeat", () => {
    const parts = folds(plain, { repeats: 3, folds: 4, seed: 1 });
    expect(parts.map(({ repeat, fold }) => [repeat, fold])).toEqual(
      [0, 1, 2].flatMap((repeat) => [0, 1, 2, 3].map((fold) => [repeat, fold])),
    );
    for (const repeat of [0, 1, 2]) divides(parts.filter((part) => part.repeat === repeat), n); // prettier-ignore
    expect(parts).toEqual(folds(plain, { repeats: 3, folds: 4, seed: 1 }));
    expect(parts.slice(0, 4)).toEqual(folds(plain, { folds: 4, seed: 1 }));
    const tests = new Set([...parts, ...folds(plain, { folds: 4, seed: 2 })].map(({ test }) => test.join()));
    expect(tests.size).toBe(16);
  });

  it("by row look at no class", () => {
    const parts = folds({ X: plain.X, y: plain.X.map((_, i) => (i < 6 ? 1 : 0)) }, { by: "row", folds: 7 });
    divides(parts, n);
    for (const { test } of parts) expect([8, 9]).toContain(test.length);
  });

  it("of as many as there are rows leave one out", () => {
    const parts = folds({ X: [[1], [2], [3], [4]], y: [0, 1, 0, 1] }, { by: "row", folds: 4 });
    divides(parts, 4);
    for (const { test } of parts) expect(test).toHaveLength(1);
  });
});

describe("folds by group", () => {
  const patient = (i: number): string => rows[i]!.patient;

  it("keep groups whole and come near the share of every class", () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const parts = folds(byPatient, { seed, repeats: 2 });
      for (const { train, test, repeat } of parts) {
        divides(parts.filter((part) => part.repeat === repeat), n); // prettier-ignore
        const known = new Set([...train].map(patient));
        for (const i of test) expect(known).not.toContain(patient(i));
        expect(Object.values(counts(train)).every((count) => count > 0)).toBe(true);
        expect(Math.abs(test.length - 12)).toBeLessThanOrEqual(4);
      }
      expect(parts[0]!.test.join()).not.toBe(parts[5]!.test.join());
    }
  });

  it("never put all groups of a class into one fold", () => {
    // two groups hold the rare class, among many that do not
    const few = Array.from({ length: 40 }, (_, i) => ({ a: i, g: i >> 1, y: i === 0 || i === 20 ? 1 : 0 }));
    for (let seed = 0; seed < 40; seed++) {
      for (const { train } of folds(table(few, { target: "y", group: "g" }), { folds: 2, seed })) {
        expect([...train].some((i) => few[i]!.y === 1)).toBe(true);
      }
    }
  });

  it("are as many as groups at most, each with a row", () => {
    const few = Array.from({ length: 12 }, (_, i) => ({ a: i, g: i % 4, y: i % 4 < 2 ? 0 : 1 }));
    const parts = folds(table(few, { target: "y", group: "g" }), { folds: 4 });
    for (const { test } of parts) expect(test).toHaveLength(3);
  });
});

describe("folds by time", () => {
  const when = (i: number): number => rows[i]!.when.getTime();

  it("are tested after all they are trained on, equal times together", () => {
    const parts = folds(byDate, { folds: 4 });
    expect(parts).toHaveLength(4);
    parts.forEach(({ train, test }, fold) => {
      expect(test).toHaveLength(12);
      expect(train).toHaveLength(12 * (fold + 1));
      const last = [...train].map(when).reduce((a, b) => Math.max(a, b));
      for (const i of test) expect(when(i)).toBeGreaterThan(last);
    });
  });

  it("do not depend on the seed, and are not repeated", () => {
    expect(folds(byDate, { seed: 1 })).toEqual(folds(byDate, { seed: 2 }));
    expect(() => folds(byDate, { repeats: 2 })).toThrow(/repeats is 2, but the order of times leaves nothing to draw/);
  });

  it("come out uneven where many rows have one time", () => {
    const late = Array.from({ length: 20 }, (_, i) => ({ a: i, t: Math.max(0, i - 12), y: i % 2 }));
    const parts = folds(table(late, { target: "y", time: "t" }), { folds: 3 });
    expect(parts.map(({ train }) => train.length)).toEqual([13, 14, 15]);
    expect(parts.map(({ test }) => test.length)).toEqual([1, 1, 5]);
  });
});

describe("what cannot be divided is one sentence", () => {
  const y = plain.X.map((_, i) => (i < 3 ? "few" : "many"));
  const early = table(plain.X.map((_, i) => ({ a: i, t: i, y: i < 20 ? 0 : 1 })), { target: "y", time: "t" }); // prettier-ignore
  const oneGroup = table(plain.X.map((_, i) => ({ a: i, g: i % 9, y: i % 9 === 0 ? 1 : 0 })), { target: "y", group: "g" }); // prettier-ignore
  const sameTime = table(plain.X.map((_, i) => ({ a: i, t: i % 3, y: i % 2 })), { target: "y", time: "t" }); // prettier-ignore
  const both = table(rows, { target: "y", time: "when", group: "patient" });
  it.each<[Data, object, string]>([
    [{ ...plain, y }, {}, 'folds is 5, but class "few" has 3 rows, and each fold needs one; use 3 or less, or by: "row".'],
    [
      { X: [[1], [2], [3]], y: [0, 0, 1] },
      { folds: 2 },
      'class 1 has 1 row, and each fold needs one; add rows, drop the class, or use by: "row".',
    ],
    [{ X: [[1], [2]], y: [0, 1] }, { folds: 3 }, "folds is 3, but there are 2 rows; use 2 or less."],
    [{ X: [[1], [2], [3]], y: [0, 0, 1] }, { folds: 3, by: "row" }, "classes, but needs 2; use another seed or fewer folds."],
    [
      plain,
      { by: "group" },
      'by is "group", but the data has no group column; name one, table(rows, { target, group: … }), or give groups, one for each row.',
    ],
    [plain, { by: "time" }, 'by is "time", but the data has no time column'],
    [byPatient, { folds: 20 }, 'folds is 20, but "patient" has 15 groups; use fewer folds, at most one a group.'],
    [
      oneGroup,
      { folds: 2 },
      'Class 1 is in one group of "g", so the fold that tests it cannot be trained on it; add groups, or drop the class.',
    ],
    [early, { folds: 4 }, "The training part of fold 0 has 1 of 2 classes, but needs 2; use fewer folds."],
    [
      sameTime,
      { folds: 3 },
      'folds is 3, but the times of "t" fill 3 of the 4 parts that takes, because equal times stay together; use fewer folds.',
    ],
    [both, {}, 'The table has a group column ("patient") and a time column ("when"); folds goes by one, so carry the other.'],
    [plain, { folds: 1 }, "folds is 1, but needs a whole number of at least 2."],
    [plain, { repeats: 0 }, "repeats is 0"],
    [plain, { by: "label" }, 'by is "label", but needs one of "class", "row", "group" and "time".'],
    [plain, { fold: 3 }, 'folds has no option "fold"; did you mean "folds"?'],
  ])("%#: %j", (data, options, message) => {
    expect(() => folds(data, options)).toThrow(InputError);
    expect(() => folds(data, options)).toThrow(message);
  });

  it("unless one of two ways is chosen", () => {
    expect(folds(both, { by: "time" })).toHaveLength(5);
    expect(folds(both, { by: "group" })).toHaveLength(5);
    expect(() => split(both)).toThrow(/split goes by one, so carry the other/);
  });
});
