import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { correctPriors, InputError } from "../../bindings/index";

const share = fc.double({ min: 0.01, max: 1, noNaN: true });
const sharesOf = (numbers: readonly number[]): number[] => numbers.map((one) => one / numbers.reduce((a, b) => a + b, 0));

describe("correctPriors", () => {
  it("is Bayes' rule with other shares", () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 2, max: 5 })
          .chain((c) => fc.tuple(...Array.from({ length: 3 }, () => fc.array(share, { minLength: c, maxLength: c })))),
        ([densities, a, b]) => {
          const [trained, target] = [sharesOf(a!), sharesOf(b!)];
          const by = (prior: readonly number[]): number[] => sharesOf(prior.map((p, k) => p * densities![k]!));
          const found = correctPriors([by(trained)], { trained, target });
          by(target).forEach((p, k) => expect(found[k]).toBeCloseTo(p, 12));
          const back = correctPriors(found, { trained: target, target: trained });
          by(trained).forEach((p, k) => expect(back[k]).toBeCloseTo(p, 12));
        },
      ),
    );
  });

  it("of one class takes its shares as numbers, and is Dal Pozzolo's formula after undersampling", () => {
    const p = Float64Array.of(0, 1e-300, 0.2, 0.5, 0.9, 1);
    const found = correctPriors(p, { trained: 0.5, target: 0.1 });
    const beta = 1 / 9;
    p.forEach((s, i) => expect(found[i]).toBeCloseTo((beta * s) / (beta * s - s + 1), 14));
    expect(found[1]! / 1e-300).toBeCloseTo(beta, 12);
    const both = correctPriors(
      Array.from(p, (s) => [1 - s, s]),
      { trained: { no: 50, yes: 50 }, target: { no: 9, yes: 1 } },
    );
    found.forEach((s, i) => expect(both[2 * i + 1]).toBe(s));
  });

  it("leaves 0 and 1 as they are, and a target of 0 makes 0", () => {
    const rows = [[0, 1, 0], [0.5, 0, 0.5]]; // prettier-ignore
    expect([...correctPriors(rows, { trained: [1, 1, 1], target: [0.2, 1e-9, 0.8] })]).toEqual([0, 1, 0, 0.2, 0, 0.8]);
    expect([...correctPriors([[0.5, 0.5]], { trained: [1, 1], target: [1, 0] })]).toEqual([1, 0]);
    expect(correctPriors([], { trained: [1, 1], target: [1, 2] })).toHaveLength(0);
  });

  it("knows labels by key: sorted, typed in a Map, or as classes says", () => {
    const one = [...correctPriors([[0.5, 0.5]], { trained: { 9: 1, 10: 1 }, target: new Map([[10, 1], [9, 3]]), classes: [9, 10] })]; // prettier-ignore
    expect(one).toEqual([0.75, 0.25]);
    expect([...correctPriors([[0.5, 0.5]], { trained: new Map([[10, 1], [9, 1]]), target: [3, 1] })]).toEqual([0.75, 0.25]); // prettier-ignore
    expect([...correctPriors(Float32Array.of(0.5, 0.5), { trained: { b: 1, a: 1 }, target: { b: 1, a: 3 } })]).toEqual([0.75, 0.25]);
  });

  it.each<[unknown, unknown, RegExp]>([
    [[[0.5, 0.5]], undefined, /trained is undefined, but needs shares/],
    [[[0.5, 0.5]], { trained: [1, 1] }, /target is undefined, but needs shares/],
    [[0.5], { trained: 0.5, target: 1 }, /target is 1, but a share of one class lies between 0 and 1/],
    [[0.5], { trained: 0.5, target: [1, 2] }, /trained is 0.5, but needs shares by label/],
    [[0.5, 0.6], { trained: [1, 1], target: [1, 2] }, /probabilities\[0\] adds up to 1.1/],
    [[0.5], { trained: [1, 1], target: [1, 2] }, /no rows of 2/],
    [[[0.5, 0.5]], { trained: [1, 1], target: [1, 1, 1] }, /trained has 2 shares and target 3/],
    [[[0.5, 0.5]], { trained: [1, -1], target: [1, 1] }, /trained gives class 1 -1/],
    [[[0.5, 0.5]], { trained: { a: 1, b: 1 }, target: { a: 1 } }, /target gives class "b" undefined/],
    [[[0.5, 0.5]], { trained: { a: 1, b: 1 }, target: { a: 1, c: 1 } }, /names class "c", which the data does not have/],
    [[[0.5, 0.5]], { trained: { 9: 1, 10: 1 }, target: { 9: 1, 10: 1 } }, /sort in one way as numbers/],
    [[[0.5, 0.5]], { trained: [1, 0], target: [1, 1] }, /trained gives class 1 no share/],
    [[[1, 0]], { trained: [1, 1], target: [0, 1] }, /Row 0 has probability only for classes that have no share/],
    [[[0.5, NaN]], { trained: [1, 1], target: [0, 1] }, /is NaN, but needs a number from 0 to 1/],
    ["half", { trained: 0.5, target: 0.5 }, /are "half", but need to be numbers/],
    [[0.5], { trained: 0.5, target: 0.5, labels: [] }, /has no option "labels"/],
  ])("%j with %j is an error", (rows, options, message) => {
    const call = (): unknown => correctPriors(rows as number[], options as { trained: number; target: number });
    expect(call).toThrow(InputError);
    expect(call).toThrow(message);
  });
});
