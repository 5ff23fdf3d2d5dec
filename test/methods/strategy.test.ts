import { describe, expect, it } from "vitest";
import type { Label, Strategy } from "../../bindings/index";
import { rowsToAdd } from "../../bindings/resample/strategy";

const CLASSES = [1, 2, 3];
const COUNTS = [50, 100, 25];
const add = (strategy: unknown, classes: readonly Label[] = CLASSES, counts: readonly number[] = COUNTS): Record<string, number> =>
  Object.fromEntries([...rowsToAdd(strategy as Strategy, classes, counts)].map(([code, rows]) => [String(classes[code]), rows]));

describe("rows to add to classes of 50, 100 and 25 rows", () => {
  it.each<[unknown, Record<string, number>]>([
    ["auto", { 1: 50, 3: 75 }],
    ["not majority", { 1: 50, 3: 75 }],
    ["all", { 1: 50, 2: 0, 3: 75 }],
    ["minority", { 3: 75 }],
    ["not minority", { 1: 50, 2: 0 }],
    [{ counts: { 1: 70, 2: 100, 3: 70 } }, { 1: 20, 2: 0, 3: 45 }],
    [
      {
        counts: new Map([
          [3, 70],
          [1, 70],
        ]),
      },
      { 1: 20, 3: 45 },
    ],
    [(present: Map<Label, number>) => ({ 3: present.get(2)! }), { 3: 75 }],
    [() => new Map([[3, 26]]), { 3: 1 }],
    [0.6, { 1: 10, 3: 35 }],
    [1, { 1: 50, 3: 75 }],
    [1.5, { 1: 100, 2: 50, 3: 125 }],
    [{ ratios: { 3: 0.5 } }, { 3: 25 }],
    [{ times: { 1: 1, 3: 3 } }, { 1: 0, 3: 50 }],
  ])("strategy %o", (strategy, expected) => expect(add(strategy)).toEqual(expected));

  it("rounds the product: 0.29 of 100 is 29", () => {
    expect(add(0.29, [0, 1], [100, 25])).toEqual({ 1: 4 });
    expect(add({ ratios: { 1: 0.29 } }, [0, 1], [100, 25])).toEqual({ 1: 4 });
    expect(add({ times: { 1: 1.1 } }, [0, 1], [100, 25])).toEqual({ 1: 3 });
  });

  it("takes the class that sorts first when sizes tie", () => {
    expect(add("minority", ["a", "b", "c"], [5, 9, 5])).toEqual({ a: 4 });
    expect(add("not majority", ["a", "b", "c"], [9, 9, 5])).toEqual({ b: 0, c: 4 });
  });

  it("finds labels of any type by their text, and by value in a Map", () => {
    expect(add({ counts: { true: 9 } }, [false, true], [9, 4])).toEqual({ true: 5 });
    expect(add({ counts: new Map([[true, 9]]) }, [false, true], [9, 4])).toEqual({ true: 5 });
    expect(() => add({ counts: new Map([["true", 9]]) }, [false, true], [9, 4])).toThrow(
      /names class "true", which the data does not have/,
    );
  });
});

describe("a strategy that cannot be meant is an error", () => {
  it.each<[unknown, RegExp]>([
    ["majority", /strategy is "majority", but needs one of .*did you mean "not majority"\?/],
    ["balance", /needs one of "auto", "minority", "not minority", "not majority" and "all"/],
    [{ 1: 70 }, /strategy is an object with "1", but needs "auto", a ratio such as 0.5, \{ counts: \{ yes: 500 \} \}/],
    [{}, /strategy is an empty object/],
    [null, /strategy is null/],
    [["minority"], /strategy is an array of 1/],
    [0, /needs a number above 0/],
    [-1, /needs a number above 0/],
    [NaN, /needs a number above 0/],
    [Infinity, /needs a number above 0/],
    [0.2, /every class already has at least 0.2 times the 100 rows/],
    [{ counts: { 4: 9 } }, /names class "4", which the data does not have; it has 1, 2 and 3/],
    [{ counts: { 1: 49 } }, /gives class 1 49 rows, but it has 50 already and oversampling only adds/],
    [{ counts: { 1: 50.5 } }, /needs a whole number/],
    [{ counts: { 1: "60" } }, /gives class "1" "60", but needs a number/],
    [{ counts: {} }, /names no class; the data has 1, 2 and 3/],
    [{ counts: [60] }, /needs a number for each label/],
    [{ counts: { 1: 60 }, ratios: { 1: 1 } }, /an object with "counts" and "ratios"/],
    [{ ratios: { 1: 0.2 } }, /strategy.ratios gives class 1 20 rows, but it has 50 already/],
    [{ times: { 1: 0 } }, /strategy.times of class 1 is 0, but needs a number above 0/],
    [{ times: { 1: 0.5 } }, /25 rows, but it has 50 already/],
    [() => 5, /The function given as strategy is 5, but needs a number for each label/],
    [() => ({ 1: 10 }), /it has 50 already/],
  ])("%o", (strategy, message) => expect(() => add(strategy)).toThrow(message));

  it("one class cannot be balanced", () => expect(() => add("auto", ["x"], [4])).toThrow(/Only class "x" is present/));
});
