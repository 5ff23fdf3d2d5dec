import { describe, expect, it } from "vitest";
import { choose, gridOf } from "../../bindings/tune/grid";

describe("which multiple is taken", () => {
  const curve = [
    { gamma: 0, perSplit: [1.3, 1.1, 1.2] },
    { gamma: 0.5, perSplit: [1.05, 1.005, 1.02] },
    { gamma: 1, perSplit: [1.04, 0.99, 1.01] },
    { gamma: 2, perSplit: [1.0, 1.0, 1.02] },
  ];

  it("the lowest mean, or by one standard error of paired differences the one nearest to an anchor", () => {
    expect(choose(curve, 3, "argmin")).toEqual({ lowest: 3, chosen: 3, range: [1, 2] });
    expect(choose(curve, 3, { oneSE: "balance" }).chosen).toBe(2);
    expect(choose(curve, 3, { oneSE: "smallest" }).chosen).toBe(2);
    expect(choose(curve, 3, { oneSE: "zero" }).chosen).toBe(2);
    // a repeat of two folds makes the standard error larger: sd / √2, not sd / √3
    expect(choose(curve, 2, { oneSE: "zero" }).chosen).toBe(1);
  });

  it("of equal losses the smallest", () => {
    const even = [0, 1, 2].map((gamma) => ({ gamma, perSplit: [0.5, 0.25] }));
    expect(choose(even, 2, "argmin").chosen).toBe(0);
  });

  it("from the published grid about balance, or the one given, ascending", () => {
    expect(gridOf(undefined)).toEqual([0, 0.1, 0.25, 0.5, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.35, 1.5, 1.75, 2]);
    expect(gridOf([2, 0, 1, 1])).toEqual([0, 1, 2]);
  });
});
