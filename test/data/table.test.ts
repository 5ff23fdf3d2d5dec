import { describe, expect, it } from "vitest";
import { InputError, smote, table, type Kind, type TableOptions } from "../../bindings/index";
import { read } from "../../bindings/data/read";

const rows = (columns: Record<string, readonly unknown[]>): Record<string, unknown>[] => {
  const names = Object.keys(columns);
  return columns[names[0]!]!.map((_, i) => Object.fromEntries(names.map((name) => [name, columns[name]![i]])));
};
const y = ["p", "q", "p", "q", "p", "q"];
const describeColumn = (cells: readonly unknown[], options: Partial<TableOptions> = {}) => {
  const made = table({ x: cells as unknown[], y }, { target: "y", ...options });
  return { ...made.description[0]!, notes: made.notes, table: made };
};

describe("kinds and roles are inferred", () => {
  it.each<[string, readonly unknown[], Kind | undefined, RegExp | undefined]>([
    ["whole numbers", [3, 1, 4, 1, 5, 9], "integer", undefined],
    ["numbers", [3, 1.5, 4, 1, 5, 9], "numeric", undefined],
    ["numbers with missing cells", [3, null, undefined, NaN, "", 1.5], "numeric", undefined],
    ["booleans", [true, false, true, true, false, null], "nominal", undefined],
    ["texts that repeat", ["u", "v", "u", "v", "u", "v"], "nominal", undefined],
    [
      "texts of which none occurs twice",
      ["a", "b", "c", "d", "e", "f"],
      undefined,
      /6 different texts, none twice, and is carried .* kinds: \{ "x": "nominal" \}/,
    ],
    ["dates", y.map((_, i) => new Date(i)), undefined, /holds dates, which are carried .* name it in time/],
    ["bigints", [1n, 2n, 2n, 3n, 4n, 5n], undefined, /bigints, which are carried .* kinds: \{ "x": "integer" \}/],
    ["row numbers", [1, 2, 3, 4, 5, 6], "integer", /counts its rows .* carry: \["x"\]/],
    ["nothing", [null, null, "", undefined, NaN, " "], undefined, /no values at all; it is carried/],
    ["codes with leading zeros", ["007", "010", "007", "010", "007", "010"], "nominal", undefined],
  ])("%s", (_, cells, kind, note) => {
    const described = describeColumn(cells);
    expect(described.kind).toBe(kind);
    expect(described.role).toBe(kind ? "feature" : "carry");
    expect(described.why).not.toBe("");
    if (note) expect(described.notes.join()).toMatch(note);
    else expect(described.notes).toEqual([]);
  });

  it("many different texts get a note", () => {
    const cells = Array.from({ length: 60 }, (_, i) => `t${i % 40}`);
    const made = table({ x: cells, y: cells.map((_, i) => i % 2) }, { target: "y" });
    expect(made.notes.join()).toMatch(/40 different texts in 60 rows/);
  });

  it.each<[string, readonly unknown[], RegExp]>([
    ["numbers as texts", ["1", "2.5", "-3", "1e3", ".5", "4."], /holds numbers as texts \("1"\); say parseNumbers: true or kinds/],
    ["two types", [1, "?", 3, 4, 5, 6], /mixes numbers and strings \(row 1: "\?"\); .*option missing/],
    ["infinity", [1, 2, Infinity, 4, 5, 6], /is Infinity in row 2/],
    ["objects", [{}, {}, {}, {}, {}, {}], /cannot be a feature; drop it/],
  ])("%s are an error", (_, cells, message) => {
    expect(() => describeColumn(cells)).toThrow(message);
    expect(() => describeColumn(cells)).toThrow(InputError);
  });
});

describe("kinds, levels, bounds and missing can be declared", () => {
  it("numbers as texts are read, and written as texts", async () => {
    const cells = ["1", " 2.5", "", "4", "5e0", "9"];
    for (const options of [{ parseNumbers: true }, { kinds: { x: "numeric" as const } }]) {
      const { table: made } = describeColumn(cells, options);
      expect([...read(made).numeric]).toEqual([1, 2.5, NaN, 4, 5, 9]);
      const { data } = await smote({ kNeighbors: 1, strategy: { counts: { p: 5 } } }).resample(made);
      for (const cell of (data.columns["x"] as string[]).slice(6)) expect(typeof cell).toBe("string");
    }
  });

  it("texts that mean missing", () => {
    const { table: made, kind, missing } = describeColumn([1, "NA", 3, "?", 5, 6], { missing: ["NA", "?"] });
    expect([kind, missing]).toEqual(["integer", 2]);
    expect([...read(made).numeric]).toEqual([1, NaN, 3, NaN, 5, 6]);
  });

  it("a missing cell of a synthetic row is written as the column writes it", async () => {
    for (const cell of [null, undefined, NaN, "", "NA"]) {
      const made = table(
        { x: [cell, cell, cell, 1, 2, 3], z: [1, 2, 3, 4, 5, 6], y: ["p", "p", "p", "q", "q", "q"] },
        { target: "y", missing: ["NA"] },
      );
      const { data } = await smote({ kNeighbors: 1, strategy: { counts: { p: 4 } } }).resample(made);
      expect((data.columns["x"] as unknown[])[6]).toBe(cell);
    }
  });

  it("ordinal columns need an order, numbers have one", () => {
    const sizes = ["S", "M", "L", "M", "S", "L"];
    expect(() => describeColumn(sizes, { kinds: { x: "ordinal" } })).toThrow(/order is not known; give it in levels/);
    expect([...read(describeColumn(sizes, { kinds: { x: "ordinal" }, levels: { x: ["S", "M", "L"] } }).table).numeric]).toEqual([
      0, 1, 2, 1, 0, 2,
    ]);
    expect(() => describeColumn(sizes, { kinds: { x: "ordinal" }, levels: { x: ["S", "M"] } })).toThrow(
      /holds "L", which its levels do not name/,
    );
    expect([...read(describeColumn([10, 30, 20, 10, 20, 30], { kinds: { x: "ordinal" } }).table).numeric]).toEqual([0, 2, 1, 0, 1, 2]);
  });

  it("mixed types are allowed in a nominal column", () => {
    expect(describeColumn([1, "1", 2, "x", true, 1], { kinds: { x: "nominal" } }).kind).toBe("nominal");
  });

  it("bigints become integers, within what a number holds", async () => {
    const { table: made } = describeColumn([1n, 2n, 9n, 3n, 4n, 5n], { kinds: { x: "integer" } });
    const { data } = await smote({ kNeighbors: 1, strategy: { counts: { p: 4 } } }).resample(made);
    expect(typeof (data.columns["x"] as unknown[])[6]).toBe("bigint");
    expect(() => describeColumn([1n, 2n ** 60n, 9n, 3n, 4n, 5n], { kinds: { x: "integer" } })).toThrow(/beyond 2\^53/);
  });

  it.each<[readonly unknown[], Partial<TableOptions>, RegExp]>([
    [[1, 2.5, 3, 4, 5, 6], { kinds: { x: "integer" } }, /is 2.5 in row 1 but is declared integer/],
    [["a", "b", "a", "b", "a", "b"], { kinds: { x: "numeric" } }, /declared numeric but holds texts that are not all numbers/],
    [[true, false, true, true, false, true], { kinds: { x: "integer" } }, /declared integer but holds booleans/],
    [[1, 2, 3, 4, 5, 6], { kinds: { x: "number" as Kind } }, /kinds.x is "number", but needs one of/],
    [[1, 2, 3, 4, 5, 6], { bounds: { x: [2, 9] } }, /is 1 in row 0, outside its bounds \[2, 9\]/],
    [[1, 2, 3, 4, 5, 6], { bounds: { x: [9, 2] } }, /need \[lowest, highest\]/],
    [[1, 2, 3, 4, 5, 6], { bounds: { x: [0.5, 9] } }, /need whole numbers/],
    [["a", "b", "a", "b", "a", "b"], { bounds: { x: [0, 1] } }, /only numeric and integer columns have them/],
    [[1, 2, 3, 4, 5, 6], { levels: { x: [1, 2] } }, /levels.x needs a list from lowest to highest, and kinds/],
    [[1, 2, 3, 4, 5, 6], { weight: "x", carry: ["x"] }, /named as carry and as weight/],
    [[1, -2, 3, 4, 5, 6], { weight: "x" }, /Weight column "x" is -2 in row 1/],
    [[1, 2, 3, 4, 5, 6], { carry: ["z"] }, /carry names "z", which is no column; there are "x" and "y"/],
    [[1, 2, 3, 4, 5, 6], { carry: "x" as unknown as string[] }, /carry is "x", but needs a list/],
    [[1, 2, 3, 4, 5, 6], { kinds: { y: "nominal" } }, /describes column "y", which is named as target/],
    [[1, 2, 3, 4, 5, 6], { nominal: ["x"] } as object, /table has no option "nominal"/],
  ])("%j with %j is an error", (cells, options, message) => expect(() => describeColumn(cells, options)).toThrow(message));
});

describe("tables from rows", () => {
  it("take the union of all keys; what a row lacks is missing", () => {
    const made = table(
      [
        { a: 1, y: 0 },
        { b: "u", y: 1 },
        { a: 2.5, b: "u", y: 0 },
      ],
      { target: "y" },
    );
    expect(made.description.map(({ name, kind, missing }) => [name, kind, missing])).toEqual([
      ["a", "numeric", 1],
      ["y", undefined, 0],
      ["b", "nominal", 1],
    ]);
  });

  it.each<[unknown, unknown, RegExp]>([
    [[], { target: "y" }, /no rows/],
    [[{ y: 1 }, 5], { target: "y" }, /Row 1 is 5, but needs an object/],
    [[[1, 2]], { target: "y" }, /Row 0 is an array of 2, but needs an object; for rows of numbers use \{ X, y \}/],
    [{}, { target: "y" }, /no columns/],
    [{ y: [] }, { target: "y" }, /no rows/],
    [{ y: [1], x: [1, 2] }, { target: "y" }, /has 2 cells but "y" has 1/],
    [{ y: 5 }, { target: "y" }, /Column "y" is 5, but needs an array/],
    [null, { target: "y" }, /was given null/],
    [new Float64Array(4), { target: "y" }, /was given a Float64Array/],
    [[{ x: 1 }], {}, /target names undefined, which is no column/],
    [[{ x: 1 }], undefined, /table takes an object of options/],
    [[{ x: 1, klass: 2 }], { target: "klas" }, /did you mean "klass"/],
    [rows({ x: [1, 2], y: [1, null] }), { target: "y" }, /Target column "y" has no label in row 1/],
    [rows({ x: [1, 2], y: [1, "a"] }), { target: "y" }, /mixes numbers and strings \(row 1: "a"\)/],
    [rows({ x: [1, 2], y: [1n, 2n] }), { target: "y" }, /holds a bigint in row 0/],
    [rows({ x: [1, 2], y: [["a"], ["b"]] }), { target: "y" }, /one label per row; several targets are not supported/],
  ])("%o with %o is an error", (source, options, message) => expect(() => table(source as never, options as never)).toThrow(message));

  it("a copy of a table is not a table", async () => {
    const made = table(
      [
        { a: 1, y: 0 },
        { a: 2, y: 1 },
      ],
      { target: "y" },
    );
    await expect(smote().resample({ ...made })).rejects.toThrow(/which table\(\) did not make/);
  });

  it("results are tables again, with the same kinds and levels", async () => {
    const source = rows({ a: [1, 2, 3, 4, 5, 6, 7, 8], c: ["u", "v", "u", "v", "u", "v", "u", "v"], y: [0, 0, 0, 0, 0, 0, 1, 1] });
    const first = await smote({ kNeighbors: 1 }).resample(table(source, { target: "y" }));
    const second = await smote({ kNeighbors: 1, strategy: { counts: { 0: 9 } } }).resample(first.data);
    expect(second.data.rows).toHaveLength(15);
    expect(second.data.description).toEqual(first.data.description);
  });
});
