import { describe, expect, it } from "vitest";
import { smote, tomekLinks, type CleaningStrategy, type Label, type UndersampleStrategy } from "../../bindings/index";
import { classesToClean, rowsToKeep, standingOf } from "../../bindings/resample/reduction";

const CLASSES = [1, 2, 3];
const COUNTS = [50, 100, 25];
const standing = (classes: readonly Label[], counts: readonly number[], ranking?: ReadonlyMap<Label, number>) =>
  standingOf(classes, counts, ranking);
const keep = (strategy: unknown, classes: readonly Label[] = CLASSES, counts: readonly number[] = COUNTS): Record<string, number> =>
  Object.fromEntries(
    [...rowsToKeep(strategy as UndersampleStrategy, standing(classes, counts))].map(([code, rows]) => [String(classes[code]), rows]),
  );
const clean = (strategy: unknown): Label[] =>
  classesToClean(strategy as CleaningStrategy, standing(CLASSES, COUNTS)).map((code) => CLASSES[code]!);

describe("rows that stay of classes of 50, 100 and 25 rows", () => {
  it.each<[unknown, Record<string, number>]>([
    ["auto", { 1: 25, 2: 25 }],
    ["not minority", { 1: 25, 2: 25 }],
    ["majority", { 2: 25 }],
    ["not majority", { 1: 25, 3: 25 }],
    ["all", { 1: 25, 2: 25, 3: 25 }],
    [1, { 1: 25, 2: 25 }],
    [0.5, { 2: 50 }],
    [{ counts: { 1: 7, 2: 100 } }, { 1: 7, 2: 100 }],
    [{ counts: new Map([[3, 0]]) }, { 3: 0 }],
    [{ ratios: { 2: 2, 1: 0.5 } }, { 1: 13, 2: 50 }],
    [{ times: { 2: 0.29 } }, { 2: 29 }],
    [(present: Map<Label, number>) => ({ 2: present.get(1)! }), { 2: 50 }],
  ])("strategy %o", (strategy, expected) => expect(keep(strategy)).toEqual(expected));

  it("rounds the quotient", () => {
    expect(keep(0.5, [0, 1], [100, 25])).toEqual({ 0: 50 });
    expect(keep(0.29, [0, 1], [1000, 29])).toEqual({ 0: 100 });
    expect(keep(0.3, [0, 1], [100, 5])).toEqual({ 0: 17 });
  });

  it("takes the class that sorts first when sizes tie, and none without rows", () => {
    expect(keep("auto", ["a", "b", "c"], [5, 9, 5])).toEqual({ b: 5, c: 5 });
    expect(keep("majority", ["a", "b", "c"], [9, 9, 5])).toEqual({ a: 5 });
    expect(keep("auto", ["a", "b", "c"], [0, 9, 5])).toEqual({ a: 0, b: 5 });
  });

  it("tells the smallest class by a ranking, and its size by the rows there are", () => {
    const ranking = new Map<Label, number>([
      ["a", 90],
      ["b", 10],
    ]);
    const { smallest, largest } = standing(["a", "b"], [60, 60], ranking);
    expect([smallest, largest]).toEqual([1, 0]);
    expect([...rowsToKeep("auto", standing(["a", "b"], [60, 40], ranking))]).toEqual([[0, 40]]);
    // the smallest has been grown beyond the other, of which there are no more than there are
    expect([...rowsToKeep("auto", standing(["a", "b"], [60, 80], ranking))]).toEqual([[0, 60]]);
  });

  it.each([5, [1], "a"])("refuses %j for a ranking", async (ranking) => {
    const data = { X: [[1], [2], [3], [4]], y: [0, 0, 0, 1] };
    await expect(tomekLinks().resample(data, { ranking: ranking as never })).rejects.toThrow(
      /ranking is .*, but needs a number for each label/,
    );
    await expect(smote().resample(data, { ranking: ranking as never })).rejects.toThrow(/ranking is .*, but needs a number for each label/);
  });
});

describe("classes that may lose rows", () => {
  it.each<[unknown, Label[]]>([
    ["auto", [1, 2]],
    ["not minority", [1, 2]],
    ["majority", [2]],
    ["not majority", [1, 3]],
    ["all", [1, 2, 3]],
    [
      [3, 1, 3],
      [1, 3],
    ],
  ])("strategy %j", (strategy, expected) => expect(clean(strategy)).toEqual(expected));

  it.each<[unknown, RegExp]>([
    ["minority", /removing rows should spare; use "auto", or name the class by its label/],
    ["mayority", /did you mean "majority"\?/],
    [0.5, /this method itself finds how many rows go/],
    [{ counts: { 1: 5 } }, /this method itself finds how many rows go/],
    [[], /strategy is an array of 0/],
    [["1"], /names class "1", which the data does not have; it has 1, 2 and 3/],
  ])("%j is refused", (strategy, message) => expect(() => clean(strategy)).toThrow(message));
});

describe("a strategy that cannot be meant is an error", () => {
  it.each<[unknown, RegExp]>([
    ["minority", /removing rows should spare/],
    ["balance", /needs one of "auto", "majority", "not minority", "not majority" and "all"/],
    [["majority"], /strategy is an array of 1, but needs "auto", a ratio such as 0.5/],
    [{ 1: 7 }, /an object with "1"/],
    [0, /needs a number above 0/],
    [1.5, /would make the smallest class the largest/],
    [0.25, /no class has more than the 100 rows that the 25 of the smallest allow; use a higher ratio/],
    [{ counts: { 1: 51 } }, /gives class 1 51 rows, but it has 50 and undersampling only removes; leave the class out or give at most 50/],
    [{ counts: { 1: -1 } }, /needs a whole number/],
    [{ counts: { 4: 1 } }, /names class "4"/],
    [{ ratios: { 1: 3 } }, /gives class 1 75 rows, but it has 50/],
    [{ times: { 1: 0 } }, /needs a number above 0/],
    [() => 5, /The function given as strategy is 5/],
  ])("%o", (strategy, message) => expect(() => keep(strategy)).toThrow(message));

  it("one class cannot be balanced, even if the data knows of others", () => {
    expect(() => standing(["a", "b"], [4, 0])).toThrow(/Only class "a" is present/);
    expect(() => standing(["a"], [4])).toThrow(/Only class "a" is present/);
  });
});
