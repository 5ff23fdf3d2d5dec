import { describe, expect, it } from "vitest";
import { InputError, smote } from "../../bindings/index";
import { read } from "../../bindings/data/read";

const y = [0, 1, 0, 1];

describe("numbers and labels that do not fit are an error", () => {
  it.each<[unknown, RegExp]>([
    [undefined, /Data is undefined, but needs \{ X, y \}, or table/],
    [5, /Data is 5/],
    [[[1, 2]], /Data is an array of 1/],
    [{}, /Data is an empty object, but needs \{ X, y \}, or table\(rows, \{ target \}\) for objects and columns/],
    [{ X: [[1]], z: 1, y: [1] }, /Data has no option "z"/],
    [{ X: 5, y }, /X is 5, but needs \{ X: rows of numbers, y \}/],
    [{ X: { indptr: [], indices: [], data: [] }, y }, /sparse matrices are not supported/],
    [{ X: [[1], [2], [3], [4]] }, /y is undefined, but needs an array of labels/],
    [{ X: [[1], [2], [3], [4]], y: "abcd" }, /y is "abcd"/],
    [{ X: [[1], [2], [3], [4]], y: [1, 0] }, /X has 4 rows but y has 2 labels/],
    [{ X: [], y: [] }, /X has no rows/],
    [{ X: [[], [], [], []], y }, /X\[0\] has no columns/],
    [{ X: [1, 2, 3, 4], y }, /X\[0\] is 1, but needs/],
    [{ X: [{ a: 1 }], y: [1] }, /for objects use table/],
    [{ X: [[1, 2], [3], [4, 5], [6, 7]], y }, /X\[1\] has 1 numbers but X\[0\] has 2/],
    [{ X: [[1], null, [3], [4]], y }, /X\[1\] has no numbers/],
    [
      {
        X: [
          [1, 2],
          [3, "4"],
          [4, 5],
          [6, 7],
        ],
        y,
      },
      /X\[1\]\[1\] is "4", but X holds numbers; .* use table/,
    ],
    [{ X: [[1], [Infinity], [3], [4]], y }, /X\[1\]\[0\] is Infinity; only finite numbers/],
    [{ X: Float64Array.of(1, 2, 3, -Infinity), y, columns: 1 }, /X\[3\]\[0\] is -Infinity/],
    [{ X: Float64Array.of(1, 2, 3, 4), y }, /flat array of 4 numbers with columns: undefined; .*columns: 4/],
    [{ X: Float64Array.of(1, 2, 3, 4), y, columns: 3 }, /with columns: 3/],
    [{ X: [[1], [2], [3], [4]], y, columns: 2 }, /columns is 2 but X\[0\] has 1 numbers/],
    [{ X: [[1], [2], [3], [4]], y, kinds: ["category"] }, /kinds\[0\] is "category", but needs one of/],
    [{ X: [[1], [2], [3], [4]], y, kinds: { 1: "nominal" } }, /kinds names column "1", but X has columns 0 to 0/],
    [{ X: [[1], [2], [3], [4]], y, bounds: { 3: [0, 1] } }, /bounds names column "3", but X has columns 0 to 0/],
    [{ X: [[1], [2.5], [3], [4]], y, kinds: ["integer"] }, /X\[1\]\[0\] is 2.5, but column 0 is declared integer/],
    [{ X: [[1], [2], [3], [4]], y, bounds: { 0: [2, 3] } }, /column 0 is 1 in row 0, outside its bounds/],
    [{ X: [[1], [2], [3], [4]], y: [1, 0, null, 1] }, /y has no label in row 2/],
    [{ X: [[1], [2], [3], [4]], y: [1, 0, NaN, 1] }, /y has no label in row 2/],
    [
      {
        X: [[1], [2], [3], [4]],
        y: [
          [1, 0],
          [0, 1],
          [1, 0],
          [0, 1],
        ],
      },
      /several targets are not supported/,
    ],
    [
      { X: Array.from({ length: 40 }, (_, i) => [i]), y: Array.from({ length: 40 }, (_, i) => i + 0.5) },
      /regression target; this library balances classes/,
    ],
  ])("%o", async (data, message) => {
    const resampling = smote().resample(data as never);
    await expect(resampling).rejects.toThrow(message);
    await expect(resampling).rejects.toBeInstanceOf(InputError);
  });
});

describe("what is read", () => {
  it("missing cells of every form, kinds by list or by column, negative zero", () => {
    const data = read({
      X: [
        [1, null],
        [undefined, -0],
        [NaN, 5],
        [4, 5],
      ],
      y,
      kinds: { 1: "nominal" },
    });
    expect([...data.numeric]).toEqual([1, NaN, NaN, 4]);
    expect([...data.nominal]).toEqual([0, 1, 2, 2]);
    expect(data.schema.columns[1]!.levels).toEqual([0, 5]);
    expect(data.labels).toEqual(Uint32Array.of(0, 1, 0, 1));
  });

  it("does not copy a complete Float64Array", () => {
    const X = Float64Array.of(1, 2, 3, 4);
    expect(read({ X, y, columns: 1 }).numeric).toBe(X);
    expect(read({ X: Float32Array.from(X), y, columns: 1 }).numeric).not.toBe(X);
  });

  it("ranks ordinal numbers, and gives them back as they were", async () => {
    const X = [[10], [30], [10], [20], [10], [20]];
    const labels = [0, 0, 1, 0, 1, 0];
    expect([...read({ X, y: labels, kinds: ["ordinal"] }).numeric]).toEqual([0, 2, 0, 1, 0, 1]);
    const { data } = await smote({ kNeighbors: 1 }).resample({ X, y: labels, kinds: ["ordinal"] });
    for (const [value] of data.X) expect([10, 20, 30]).toContain(value);
  });
});
