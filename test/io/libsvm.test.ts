import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { smote } from "../../bindings/index";
import { readLibsvm, writeLibsvm } from "../../bindings/io";

const SMALL = `# two classes
+1 1:0.5 3:-2e-3  # a comment
-1 2:1

1.5 1:nan 4:.5
`;

describe("readLibsvm", () => {
  it("is dense, zeros where a line says nothing", () => {
    expect(readLibsvm(SMALL)).toEqual({
      X: Float64Array.of(0.5, 0, -0.002, 0, 0, 1, 0, 0, NaN, 0, 0, 0.5),
      y: Float64Array.of(1, -1, 1.5),
      columns: 4,
    });
  });

  it("takes the number of columns, and indices from 0", () => {
    expect(readLibsvm("1 2:5\n", { columns: 3 })).toEqual({ X: Float64Array.of(0, 5, 0), y: Float64Array.of(1), columns: 3 });
    expect(readLibsvm("0 0:7 2:5\r\n0\r\n", { zeroBased: true })).toEqual({
      X: Float64Array.of(7, 0, 5, 0, 0, 0),
      y: Float64Array.of(0, 0),
      columns: 3,
    });
    expect(readLibsvm("1\n0", { columns: 2 }).X).toEqual(new Float64Array(4));
  });

  it.each<[unknown, object, RegExp]>([
    [undefined, {}, /readLibsvm was given undefined, but needs the text of a file/],
    [new Uint8Array(4), {}, /was given a Uint8Array, .* new TextDecoder\(\)\.decode\(bytes\)/],
    ["", {}, /found no rows/],
    ["1\n0\n", {}, /rows without any value; say columns: 4/],
    ["1 0:3", {}, /Line 1 has index 0, but indices begin at 1; if they begin at 0, say zeroBased: true/],
    ["1 1:3\n0 3:1 2:1", {}, /Line 2 has index 2 after 3, but indices ascend; sort them/],
    ["1 2:1 2:1", {}, /Line 1 has index 2 after 2/],
    ["1 5:1", { columns: 4 }, /Line 1 has index 5, but columns is 4; raise it or leave it out/],
    ["1 4:1", { columns: 4, zeroBased: true }, /Line 1 has index 4, but columns is 4/],
    ["1 qid:3 1:2", {}, /Line 1 has "qid:3", but groups of queries \(qid\) are for ranking; remove them/],
    ["1,2 1:2", {}, /Line 1 has the labels "1,2", but several labels per row are not supported/],
    ["yes 1:2", {}, /Line 1 begins with "yes", but needs a label that is a number/],
    ["1:2 2:3", {}, /Line 1 begins with "1:2"/],
    ["1 a:2", {}, /Line 1 has "a:2", but needs index:value/],
    ["1 2", {}, /Line 1 has "2", but needs index:value/],
    ["1 1:0x10", {}, /Line 1 has "1:0x10"/],
    ["1 1:1e999", {}, /Line 1 has "1:1e999", but needs index:value with a whole number and a finite one/],
    ["1 1:inf", {}, /Line 1 has "1:inf"/],
    ["1 :5", {}, /Line 1 has ":5"/],
    ["a,b\n1,2", {}, /Line 1 has the labels "a,b"/],
    ["1 9007199254740993:1", {}, /Line 1 has "9007199254740993:1"/],
    [
      "1 3999999999:1\n0 1:1",
      {},
      /2 rows of 3999999999 columns would take 64.0 GB as a dense matrix, and 2.15 GB is the most; sparse matrices are not supported/,
    ],
    ["1 1:1", { columns: 0 }, /columns is 0, but needs a whole number of at least 1/],
    ["1 1:1", { zeroBased: 1 }, /zeroBased is 1, but needs true or false/],
    ["1 1:1", { zerobased: true }, /has no option "zerobased"; did you mean "zeroBased"\?/],
  ])("%j with %j is an error", (text, options, message) => expect(() => readLibsvm(text as string, options)).toThrow(message));
});

describe("writeLibsvm", () => {
  it("leaves zeros out", () => {
    expect(writeLibsvm({ X: [0.5, 0, -0.002, 1e21, 0, NaN], y: [1, true], columns: 3 })).toBe("1 1:0.5 3:-0.002\n1 1:1e+21 3:nan\n");
    expect(writeLibsvm({ X: [0.5, 0], y: [-1], columns: 2 }, { zeroBased: true })).toBe("-1 0:0.5\n");
  });

  it("what it writes is read back, digit for digit", () => {
    const cell = fc.oneof(
      fc.constant(0),
      fc.constant(NaN),
      fc.double({ noDefaultInfinity: true }).map((value) => value + 0),
    );
    const matrix = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 9 })).chain(([columns, n]) =>
      fc.record({
        X: fc.array(cell, { minLength: n * columns, maxLength: n * columns }).map((cells) => Float64Array.from(cells)),
        y: fc
          .array(fc.double({ noDefaultInfinity: true, noNaN: true }), { minLength: n, maxLength: n })
          .map((labels) => Float64Array.from(labels, (one) => one + 0)),
        columns: fc.constant(columns),
      }),
    );
    fc.assert(
      fc.property(matrix, fc.boolean(), (data, zeroBased) => {
        expect(readLibsvm(writeLibsvm(data, { zeroBased }), { zeroBased, columns: data.columns })).toEqual(data);
      }),
    );
  });

  it("what it reads goes straight into a method, and back", async () => {
    const text = Array.from({ length: 20 }, (_, i) => `${i < 6 ? 1 : 0} 1:${i + 1} 2:${(i * 7) % 5}`).join("\n");
    const { data } = await smote({ kNeighbors: 3 }).resample(readLibsvm(text));
    expect(readLibsvm(writeLibsvm({ ...data, columns: 2, X: data.X as Float64Array }))).toEqual(data);
    expect(data.y).toHaveLength(28);
  });

  it.each<[unknown, RegExp]>([
    [undefined, /writeLibsvm was given undefined, but needs \{ X, y, columns \}/],
    [{ X: [[1]], y: [1], columns: 1 }, /X is an array of 1 in row 0, column 0, but writeLibsvm needs finite numbers or NaN/],
    [{ X: [1, 2, 3], y: [1], columns: 2 }, /needs \{ X, y, columns \} with y.length · columns numbers in X/],
    [{ X: [1], y: [1] }, /for rows of numbers use X.flat\(\), for tables toMatrix\(table\)/],
    [{ X: [1], y: ["yes"], columns: 1 }, /y is "yes" in row 0, but LIBSVM needs numbers for labels; toMatrix\(data\).y has them as codes/],
    [{ X: [Infinity], y: [1], columns: 1 }, /X is Infinity in row 0, column 0/],
    [{ X: [1], y: [NaN], columns: 1 }, /y is NaN in row 0/],
  ])("%o is an error", (data, message) => expect(() => writeLibsvm(data as never)).toThrow(message));
});
