import { describe, expect, it } from "vitest";
import { inspect, InputError, table } from "../../bindings/index";
import { Numbers } from "../support/numbers";

describe("inspect", () => {
  it("tells classes, columns, missing cells, constants, duplicates and conflicts of a table", () => {
    const data = table(
      {
        id: ["a", "b", "c", "d", "e", "f"],
        x: [1.5, 1.5, 1.5, 2, null, null],
        color: ["red", "red", "red", "blue", "red", "red"],
        flat: [7, 7, 7, 7, 7, 7],
        y: ["u", "u", "v", "u", "u", "u"],
      },
      { target: "y", carry: ["id"] },
    );
    const { columns, ...rest } = inspect(data);
    expect(rest).toEqual({
      rows: 6,
      classes: [
        { label: "u", rows: 5, share: 5 / 6 },
        { label: "v", rows: 1, share: 1 / 6 },
      ],
      imbalanceRatio: 5,
      missing: { cells: 2, rows: 2 },
      constant: ["flat"],
      duplicates: 2,
      conflicts: 3,
      notes: ["3 rows have features that a row of another class has too; no classifier can tell them apart."],
    });
    expect(columns).toEqual([
      { name: "id", role: "carry", why: "named in carry", missing: 0 },
      { name: "x", role: "feature", kind: "numeric", why: "numbers", missing: 2, distinct: 2, lowest: 1.5, highest: 2 },
      { name: "color", role: "feature", kind: "nominal", why: "2 different texts", missing: 0, distinct: 2 },
      { name: "flat", role: "feature", kind: "integer", why: "whole numbers", missing: 0, distinct: 1, lowest: 7, highest: 7 },
    ]);
  });

  it("takes numbers with labels, one row, all missing, and zeros of either sign as equal", () => {
    const found = inspect({
      X: [
        [0, NaN],
        [-0, NaN],
        [1, NaN],
      ],
      y: [1, 1, 0],
    });
    expect(found).toMatchObject({ duplicates: 1, conflicts: 0, constant: ["1"], imbalanceRatio: 2, missing: { cells: 3, rows: 3 } });
    expect(inspect({ X: [[1]], y: [1] })).toMatchObject({ rows: 1, imbalanceRatio: 1, duplicates: 0 });
    expect(() => inspect([] as never)).toThrow(InputError);
  });

  it("finds the same duplicates and conflicts as comparing all with all", () => {
    const numbers = new Numbers(8);
    const X = Array.from({ length: 400 }, () => [numbers.below(4), numbers.below(5), numbers.below(3) || NaN]);
    const y = X.map(() => numbers.below(3));
    const same = (i: number, j: number): boolean => String(X[i]) === String(X[j]);
    const rows = X.map((_, i) => i);
    const found = inspect({ X, y, kinds: { 1: "nominal" } });
    expect(found.duplicates).toBe(rows.filter((i) => rows.some((j) => j < i && same(i, j) && y[i] === y[j])).length);
    expect(found.conflicts).toBe(rows.filter((i) => rows.some((j) => same(i, j) && y[i] !== y[j])).length);
  });
});
