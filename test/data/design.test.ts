import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError, smote, split, table, toMatrix, type Data, type Kind, type TableOptions } from "../../bindings/index";
import { inLayout, LAYOUTS, plainData } from "../support/layouts";

const SOURCE = {
  id: ["p", "q", "r", "s"],
  size: ["M", "S", null, "L"],
  color: ["red", null, "blue", "red"],
  x: [1.5, 2.5, null, 5],
  n: [1, null, 2, 3],
  w: [1, 2, 3, 4],
  t: [4, 3, 2, 1],
  flag: [true, false, true, null],
  y: ["no", "yes", "no", "yes"],
};
const OPTIONS: TableOptions = {
  target: "y",
  carry: ["id"],
  weight: "w",
  time: "t",
  kinds: { size: "ordinal" },
  levels: { size: ["S", "M", "L"] },
};
const rowsOf = (X: ArrayLike<number>, columns: number): number[][] =>
  Array.from({ length: X.length / columns }, (_, i) => Array.from({ length: columns }, (__, c) => X[i * columns + c]!));
const N = NaN;

describe("layouts of the matrix", () => {
  const data = table(SOURCE, OPTIONS);

  it("one-hot: features in the order of the table, missing cells kept", () => {
    const made = toMatrix(data);
    expect(made.names).toEqual(["size", "color=red", "color=blue", "x", "n", "flag=true", "flag=false"]);
    expect(rowsOf(made.X, made.columns)).toEqual([
      [1, 1, 0, 1.5, 1, 1, 0],
      [0, 0, 0, 2.5, N, 0, 1],
      [N, 0, 1, N, 2, 1, 0],
      [2, 1, 0, 5, 3, 0, 0],
    ]);
    expect(made).toMatchObject({
      rows: 4,
      columns: 7,
      y: Int32Array.of(0, 1, 0, 1),
      classes: ["no", "yes"],
      labels: ["no", "yes", "no", "yes"],
      weights: Float64Array.of(1, 2, 3, 4),
      notes: [],
    });
    expect(made.X).toBeInstanceOf(Float64Array);
  });

  it("codes", () => {
    const made = toMatrix(data, { nominal: "ordinal" });
    expect(made.names).toEqual(["size", "color", "x", "n", "flag"]);
    expect(rowsOf(made.X, made.columns)).toEqual([
      [1, 0, 1.5, 1, 0],
      [0, N, 2.5, N, 1],
      [N, 1, N, 2, 0],
      [2, 0, 5, 3, N],
    ]);
  });

  it("imputed: mean, lower median of ranks, most frequent level", () => {
    expect(rowsOf(toMatrix(data, { missing: "impute" }).X, 7)).toEqual([
      [1, 1, 0, 1.5, 1, 1, 0],
      [0, 1, 0, 2.5, 2, 0, 1],
      [1, 0, 1, 3, 2, 1, 0],
      [2, 1, 0, 5, 3, 1, 0],
    ]);
    expect(rowsOf(toMatrix(data, { missing: "impute", nominal: "ordinal" }).X, 5)[1]).toEqual([0, 0, 2.5, 2, 1]);
    const even = table(
      { r: ["a", "b", "c", "d", null], y: [0, 1, 0, 1, 0] },
      { target: "y", kinds: { r: "ordinal" }, levels: { r: ["a", "b", "c", "d"] } },
    );
    expect(toMatrix(even, { missing: "impute" }).X[4]).toBe(1);
    const none = table({ x: [null, null], c: [null, null], y: [0, 1] }, { target: "y", kinds: { x: "numeric", c: "nominal" } });
    expect(toMatrix(none, { missing: "impute", nominal: "ordinal" }).X).toEqual(new Float64Array(4));
    expect(toMatrix(none).names).toEqual(["x"]);
  });

  it("32-bit floats", () => {
    const made = toMatrix(data, { array: "float32" });
    const X: Float32Array = made.X;
    expect(X).toEqual(Float32Array.from(toMatrix(data).X));
    expect(() => toMatrix({ X: [[1e39], [1]], y: [0, 1] }, { array: "float32" })).toThrow(
      /beyond those of 32-bit floats, 3\.4e38; use array: "float64"/,
    );
    expect(toMatrix({ X: [[1e38], [N]], y: [0, 1] }, { array: "float32" }).X).toEqual(Float32Array.of(1e38, N));
  });

  it("is a copy, and the cells of the table stay as they are", () => {
    const X = Float64Array.of(1, 2, 3, 4);
    const made = toMatrix({ X, y: [1, 0], columns: 2 });
    expect(made.X).toEqual(X);
    made.X[0] = 9;
    expect(X[0]).toBe(1);
    expect([made.names, made.weights, made.labels, made.classes]).toEqual([["0", "1"], null, [1, 0], [0, 1]]);
  });

  it("a table of carried columns alone has none", () => {
    const made = toMatrix(table({ id: ["a", "b", "c"], y: [0, 1, 0] }, { target: "y" }));
    expect([made.X.length, made.columns, made.names, made.rows]).toEqual([0, 0, [], 3]);
  });
});

const KIND_SETS: readonly (readonly Kind[])[] = [
  ["numeric"],
  ["nominal"],
  ["ordinal", "integer"],
  ["numeric", "nominal", "integer", "ordinal", "nominal"],
];

describe.each(LAYOUTS)("%s", (layout) => {
  it.each(KIND_SETS)("of %j %j %j %j %j: one column of codes for each feature, whatever the layout", (...kinds) => {
    for (const missing of [false, true]) {
      const plain = plainData(kinds, missing);
      const made = toMatrix(inLayout(layout, plain), { nominal: "ordinal" });
      const oneHot = toMatrix(inLayout(layout, plain));
      expect([made.rows, made.columns, made.X.length]).toEqual([plain.cells.length, kinds.length, plain.cells.length * kinds.length]);
      expect(made.labels).toEqual(plain.labels);
      kinds.forEach((kind, c) => {
        const column = Float64Array.from(plain.cells, (_, i) => made.X[i * kinds.length + c]!);
        expect(Array.from(column, Number.isNaN)).toEqual(plain.cells.map((row) => row[c] === null));
        if (kind === "numeric" || kind === "integer") {
          const cells = Float64Array.from(plain.cells, (row) => (row[c] as number | null) ?? NaN);
          expect(column).toEqual(layout === "Float32Array" ? Float64Array.from(Float32Array.from(cells)) : cells);
        } else {
          // equal cells have equal codes, 0 to the number of levels
          const codes = new Map<unknown, number>();
          plain.cells.forEach((row, i) => row[c] !== null && codes.set(row[c], column[i]!));
          plain.cells.forEach((row, i) => row[c] !== null && expect(column[i]).toBe(codes.get(row[c])));
          expect([...codes.values()].sort()).toEqual(Array.from({ length: codes.size }, (_, code) => code));
          if (kind === "ordinal")
            expect([codes.get("S"), codes.get("M"), codes.get("L")].filter((code) => code !== undefined)).toEqual(
              [0, 1, 2].slice(0, codes.size),
            );
        }
      });
      // each row has a one in each nominal column that is not missing
      const nominal = kinds.filter((kind) => kind === "nominal").length;
      const ones = oneHot.names.flatMap((name, at) => (name.includes("=") ? [at] : []));
      expect(ones.length).toBeGreaterThanOrEqual(2 * nominal);
      plain.cells.forEach((row, i) => {
        const sum = ones.reduce((total, at) => total + oneHot.X[i * oneHot.columns + at]!, 0);
        expect(sum).toBe(row.filter((cell, c) => kinds[c] === "nominal" && cell !== null).length);
      });
      const imputed = toMatrix(inLayout(layout, plain), { missing: "impute" });
      expect(imputed.X.some(Number.isNaN)).toBe(false);
    }
  });
});

describe("other rows like these", () => {
  const n = 60;
  const columns = {
    color: Array.from({ length: n }, (_, i) => ["red", "green", "blue"][i % 3]!),
    x: Array.from({ length: n }, (_, i) => (i % 5 ? i : null)),
    y: Array.from({ length: n }, (_, i) => (i % 4 ? "no" : "yes")),
  };

  it("both parts of a split, and what a method makes of one, have the same columns", async () => {
    const { train, test } = split(table(columns, { target: "y" }), { seed: 2 });
    const { data } = await smote().resample(train);
    for (const part of [train, test, data]) expect(toMatrix(part).names).toEqual(["color=red", "color=green", "color=blue", "x"]);
    const fitted = toMatrix(train, { missing: "impute" });
    const asked = toMatrix(test, { like: fitted });
    const mean = (train.columns["x"] as (number | null)[]).filter((cell) => cell !== null);
    const expected = mean.reduce((sum, cell) => sum + cell, 0) / mean.length;
    const at = (test.columns["x"] as (number | null)[]).indexOf(null);
    expect(asked.X[4 * at + 3]).toBe(expected);
    expect(asked.notes).toEqual([]);
  });

  it("a table of its own: its levels in another order, one unknown, one absent", () => {
    const fitted = toMatrix(table(columns, { target: "y" }));
    const other = table(
      { y: ["yes", "yes", "yes"], x: [7, 8, null], extra: [1, 2, 3], color: ["blue", "violet", "blue"] },
      { target: "y" },
    );
    const asked = toMatrix(other, { like: fitted });
    expect(asked.names).toEqual(fitted.names);
    expect(rowsOf(asked.X, asked.columns)).toEqual([
      [0, 0, 1, 7],
      [0, 0, 0, 8],
      [0, 0, 1, N],
    ]);
    expect([asked.y, asked.classes, asked.labels]).toEqual([Int32Array.of(1, 1, 1), ["no", "yes"], ["yes", "yes", "yes"]]);
    expect(asked.notes).toEqual([
      'Column "color" has 1 cells of levels that like does not know, "violet" for one; they count as missing.',
      'Columns that like does not have are left out: "extra".',
    ]);
    const codes = toMatrix(table(columns, { target: "y" }), { nominal: "ordinal" });
    expect(rowsOf(toMatrix(other, { like: codes }).X, 2)).toEqual([
      [2, 7],
      [N, 8],
      [2, N],
    ]);
    // and on from there
    expect(toMatrix(other, { like: asked }).X).toEqual(asked.X);
  });

  it("a small table that carries what the large one took for a feature", () => {
    const fitted = toMatrix(table(columns, { target: "y" }));
    const small = table({ color: ["blue", "red"], x: [null, null], y: ["no", "yes"] }, { target: "y" });
    expect(small.description.map(({ role }) => role)).toEqual(["carry", "carry", "target"]);
    expect(rowsOf(toMatrix(small, { like: fitted }).X, 4)).toEqual([
      [0, 0, 1, N],
      [1, 0, 0, N],
    ]);
  });

  it("matrices go by column number", () => {
    const fitted = toMatrix({
      X: [
        [5, 1],
        [6, 2],
        [5, 3],
      ],
      y: [0, 1, 0],
      kinds: ["nominal", "ordinal"],
    });
    const asked = toMatrix({ X: Float64Array.of(6, 3, 7, 9), columns: 2, y: [1, 0], kinds: ["nominal"] }, { like: fitted });
    expect(asked.names).toEqual(["0=5", "0=6", "1"]);
    expect(rowsOf(asked.X, 3)).toEqual([
      [0, 1, 2],
      [0, 0, N],
    ]);
    expect(asked.notes).toHaveLength(2);
  });

  const like = toMatrix(table(columns, { target: "y" }));
  it.each<[Data, object, RegExp]>([
    [table({ x: [1, 2], y: ["no", "yes"] }, { target: "y" }), { like }, /like has a column "color", which this data has not as a feature/],
    [
      table({ ...columns, x: columns.color }, { target: "y" }),
      { like },
      /Column "x" is integer in like but nominal here and holds "red"; .* kinds: \{ "x": "integer" \}/,
    ],
    [
      table({ ...columns, x: columns.color.map((_, i) => new Date(i)) }, { target: "y" }),
      { like },
      /Column "x" is integer in like but carried here/,
    ],
    [
      table({ ...columns, y: columns.y.map((label, i) => (i === 3 ? "maybe" : label)) }, { target: "y" }),
      { like },
      /Label "maybe" in row 3 is none of the classes of like, "no" and "yes"/,
    ],
    [
      table(columns, { target: "y" }),
      { like: { ...like } },
      /like is an object with .*, but needs what toMatrix\(train\) returned, not a copy/,
    ],
    [table(columns, { target: "y" }), { like: null }, /like is null/],
    [table(columns, { target: "y" }), { like, nominal: "ordinal" }, /nominal is "ordinal", but like was made with "oneHot"; leave it out/],
    [table(columns, { target: "y" }), { like, missing: "impute" }, /missing is "impute", but like was made with "keep"/],
    [table(columns, { target: "y" }), { nominal: "onehot" }, /nominal is "onehot", but needs one of "oneHot" and "ordinal"/],
    [table(columns, { target: "y" }), { missing: "drop" }, /missing is "drop"/],
    [table(columns, { target: "y" }), { array: "f32" }, /array is "f32"/],
    [table(columns, { target: "y" }), { oneHot: true }, /toMatrix has no option "oneHot"/],
    [[{ x: 1 }] as never, {}, /Data is an array of 1, but needs \{ X, y \}/],
  ])("%# is an error", (data, options, message) => {
    expect(() => toMatrix(data, options)).toThrow(message);
    expect(() => toMatrix(data, options)).toThrow(InputError);
  });

  it("so many levels that no memory holds their columns are an error", () => {
    const many = Array.from({ length: 40_000 }, (_, i) => `t${i >> 1}`);
    const data = table({ many, y: many.map((_, i) => i % 2) }, { target: "y" });
    expect(() => toMatrix(data)).toThrow(/40000 rows of 20000 columns are more than 536870912 numbers; use nominal: "ordinal", or carry/);
    expect(toMatrix(data, { nominal: "ordinal" }).X[39_999]).toBe(19_999);
  });
});

it("whatever is asked for is made, or refused with one InputError", () => {
  const size = { minLength: 4, maxLength: 9 };
  const cells = fc.oneof(
    fc.array(fc.constantFrom<unknown>(0, 1, 2, 3, null), size),
    fc.array(fc.constantFrom<unknown>("a", "b", "c", ""), size),
    fc.array(fc.constantFrom<unknown>(0, 1.5, null, "a", true, ""), size),
  );
  const kinds = fc.constantFrom<Kind | undefined>(undefined, "numeric", "nominal", "ordinal");
  const source = fc.record({ a: cells, b: cells, kindA: kinds, kindB: kinds });
  const options = fc.record(
    {
      nominal: fc.constantFrom("oneHot", "ordinal"),
      missing: fc.constantFrom("keep", "impute"),
      array: fc.constantFrom("float64", "float32"),
    },
    { requiredKeys: [] },
  );
  const made = ({ a, b, kindA, kindB }: { a: unknown[]; b: unknown[]; kindA: Kind | undefined; kindB: Kind | undefined }): Data => {
    const n = Math.min(a.length, b.length);
    const kindsOf = { ...(kindA && { a: kindA }), ...(kindB && { b: kindB }) };
    return table({ a: a.slice(0, n), b: b.slice(0, n), y: a.slice(0, n).map((_, i) => i % 2) }, { target: "y", kinds: kindsOf });
  };
  let opened = 0;
  fc.assert(
    fc.property(source, source, options, (first, second, how) => {
      try {
        const like = toMatrix(made(first), how as object);
        opened++;
        const asked = toMatrix(made(second), { like });
        expect(asked.names).toEqual(like.names);
        expect(asked.X).toHaveLength(asked.rows * asked.columns);
        opened++;
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        expect((error as Error).message).toMatch(/^[^\n]+[.?]$/);
      }
    }),
    { numRuns: 3000 },
  );
  expect(opened).toBeGreaterThan(1000);
});
