import { describe, expect, it } from "vitest";
import { core } from "../../bindings/engine/core";
import { withInstanceNow } from "../../bindings/engine/lease";
import { Numbers } from "../support/numbers";

const { exp, log } = withInstanceNow(core, ({ kernels }) => kernels);

/** Distance in units of the last place. */
function units(a: number, b: number): number {
  const [x, y] = [a, b].map((value) => new BigInt64Array(Float64Array.of(value).buffer)[0]!);
  return Number(x! > y! ? x! - y! : y! - x!);
}

describe("exp", () => {
  it("is within 2 units of the last place of the host's, which is within 1", () => {
    const numbers = new Numbers(1);
    for (let i = 0; i < 20_000; i++) {
      const x = (numbers.unit() - 0.5) * (i % 2 ? 1400 : 4);
      expect(units(exp(x), Math.exp(x)), `exp(${x})`).toBeLessThanOrEqual(2);
    }
  });

  it.each([
    [0, 1],
    [-0, 1],
    [Infinity, Infinity],
    [-Infinity, 0],
    [710, Infinity],
    [-746, 0],
    [709.7, Math.exp(709.7)],
    [-744, Math.exp(-744)],
  ])("exp(%d) is %d", (x, y) => expect(units(exp(x), y)).toBeLessThanOrEqual(2));

  it("passes NaN on", () => expect(exp(NaN)).toBeNaN());
});

describe("log", () => {
  it("is within 2 units of the last place of the host's", () => {
    const numbers = new Numbers(2);
    for (let i = 0; i < 20_000; i++) {
      const x = i % 3 === 0 ? 0.5 + numbers.unit() : Math.exp((numbers.unit() - 0.5) * (i % 3 === 1 ? 1480 : 1));
      const error = x > 0.9 && x < 1.1 ? Math.abs(log(x) - Math.log(x)) / Math.abs(Math.log(x) || 1) / 2.3e-16 : units(log(x), Math.log(x));
      expect(error, `log(${x})`).toBeLessThanOrEqual(2);
    }
  });

  it.each([
    [1, 0],
    [0, -Infinity],
    [Infinity, Infinity],
    [5e-324, Math.log(5e-324)],
    [2, Math.LN2],
  ])("log(%d) is %d", (x, y) => expect(log(x)).toBeCloseTo(y, 12));

  it("has no value below zero", () => {
    expect(log(-1)).toBeNaN();
    expect(log(NaN)).toBeNaN();
  });
});
