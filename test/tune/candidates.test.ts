import { describe, expect, it } from "vitest";
import { candidatesFor, theoryTarget } from "../../bindings/tune/candidates";

/** Rows of each candidate where full balance takes `gap`. */
const rowsOf = (gap: number, gammas: readonly number[]): number[] => gammas.map((gamma) => Math.round(gamma * gap));

/** Printed by runs of the authors' code: https://github.com/Zechiiii/Synthetic-Data-Augmentation-Code. Rounded halves may differ by a row. */
const AROUND_THEORY = [2565, 2725, 2886, 3046, 3206, 3366, 3527, 3687, 3847];
const AROUND_BALANCE = [2432, 2584, 2736, 2888, 3040, 3192, 3344, 3496, 3648];

describe("the target of theory", () => {
  it("is that of the authors' runs", () => {
    const first = theoryTarget(1.21315, 0.644507, 0.952262);
    expect(first.denominator).toBeCloseTo(-0.0118077, 5);
    expect(first.theoryGamma).toBeNull();
    const second = theoryTarget(0.61888, 0.0293786, 0.545744);
    expect(second.denominator).toBeCloseTo(0.948186, 5);
    expect(Math.round(3040 * second.theoryGamma!)).toBe(3206);
    const third = theoryTarget(0.636935, 0.0246354, 0.152379);
    expect(third.denominator).toBeCloseTo(0.988213, 5);
    expect(Math.round(3040 * third.theoryGamma!)).toBe(3076);
  });

  it("is 1 / (1 − 2c) for a mismatch that is c times the shift, and never beyond 5", () => {
    for (const c of [-0.5, -0.1, 0, 0.1, 0.375])
      expect(theoryTarget(2, 2 * Math.abs(c), Math.sign(c)).theoryGamma).toBeCloseTo(1 / (1 - 2 * c), 12);
    expect(theoryTarget(1, 0.49, 1).theoryGamma).toBe(5);
    expect(theoryTarget(1, 0.5, 1).theoryGamma).toBeNull();
  });
});

describe("candidates", () => {
  const target = theoryTarget(0.61888, 0.0293786, 0.545744);

  it("are near balance and the target for a realistic generator", () => {
    const found = candidatesFor({ symmetric: false, generator: "realistic", ...target }, 1);
    const rows = rowsOf(3040, found);
    expect(rows).toHaveLength(AROUND_THEORY.length + AROUND_BALANCE.length + 1);
    for (const wanted of [0, ...AROUND_THEORY, ...AROUND_BALANCE]) expect(rows.some((count) => Math.abs(count - wanted) <= 1)).toBe(true);
    expect(candidatesFor({ symmetric: false, generator: "realistic", theoryGamma: null }, 1)).toHaveLength(10);
  });

  it("are near none under symmetry, and from none to twice balance otherwise; 0 and 1 are never missing", () => {
    expect(candidatesFor({ symmetric: true, generator: "not evaluated", theoryGamma: null }, 1)).toEqual([0, 0.05, 0.1, 0.15, 0.2, 1]);
    for (const generator of ["biased", "not evaluated"] as const) {
      const wide = candidatesFor({ symmetric: false, generator, theoryGamma: 1.1 }, 1);
      expect(wide).toEqual(Array.from({ length: 41 }, (_, i) => i / 20));
    }
    // a strategy that asks for half of what balance takes
    const half = candidatesFor({ symmetric: false, generator: "realistic", theoryGamma: null }, 2);
    expect([half[0], half[1], half.at(-1)]).toEqual([0, 1, 2.4]);
  });
});
