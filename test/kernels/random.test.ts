import { describe, expect, it } from "vitest";
import { integers, PURPOSE, units } from "../../bindings/draw";
import { core } from "../../bindings/engine/core";
import { withInstanceNow } from "../../bindings/engine/lease";

/** Four words of a block under a key. */
function block(counter: number[], key: number[]): number[] {
  return withInstanceNow(core, ({ kernels }) => {
    const [c0, c1, c2, c3] = counter as [number, number, number, number];
    const words = [0, 1].map((half) => BigInt.asUintN(64, kernels.philox(c0, c1, c2, c3, key[0]!, key[1]!, half)));
    return words.flatMap((word) => [Number(word & 0xffffffffn), Number(word >> 32n)]);
  });
}

describe("Philox4x32-10", () => {
  // known answers of the Random123 distribution, file kat_vectors
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ])("gives the published words for counter %j, key %j", (counter, key, words) => {
    expect(block(counter, key)).toEqual(words);
  });
});

describe("draws", () => {
  const draws = { seed: 7, label: 1 };
  const drawUnits = (from: number, count: number, whose = draws, purpose: (typeof PURPOSE)[keyof typeof PURPOSE] = PURPOSE.gap) =>
    withInstanceNow(core, (instance) => units(instance, whose, purpose, from, count));

  it("are functions of their row: any range is a piece of the whole", () => {
    const whole = drawUnits(0, 1000);
    expect(drawUnits(400, 600)).toEqual(whole.slice(400));
    expect(drawUnits(0, 0)).toHaveLength(0);
  });

  it("do not wrap at 2^32 rows", () => {
    expect(drawUnits(2 ** 32, 3)).not.toEqual(drawUnits(0, 3));
    expect(drawUnits(2 ** 32 - 1, 3)[1]).toBe(drawUnits(2 ** 32, 1)[0]);
  });

  it.each([
    { seed: 8, label: 1 },
    { seed: 7, label: 2 },
    { seed: 7 + 2 ** 32, label: 1 },
  ])("differ for %j", (other) => {
    expect(drawUnits(0, 4, other)).not.toEqual(drawUnits(0, 4));
  });

  it("differ by purpose", () => {
    expect(drawUnits(0, 4, draws, PURPOSE.base)).not.toEqual(drawUnits(0, 4));
  });

  it("are uniform (Kolmogorov–Smirnov, chi-square)", () => {
    const n = 100_000;
    const sorted = drawUnits(0, n).sort();
    expect(sorted[0]).toBeGreaterThanOrEqual(0);
    expect(sorted[n - 1]).toBeLessThan(1);
    const gap = Math.max(...Array.from(sorted, (u, i) => Math.max(u - i / n, (i + 1) / n - u)));
    expect(gap * Math.sqrt(n)).toBeLessThan(1.95); // p = 0.001
    const counts = new Array<number>(7).fill(0);
    const whole = withInstanceNow(core, (instance) => integers(instance, draws, PURPOSE.neighbor, 7, 0, n));
    for (const value of whole) counts[value]!++;
    expect(counts.reduce((sum, count) => sum + (count - n / 7) ** 2 / (n / 7), 0)).toBeLessThan(22.5); // 6 degrees, p = 0.001
  });
});
