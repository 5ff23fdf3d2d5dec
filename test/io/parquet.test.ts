import fc from "fast-check";
import { parquetMetadata } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { table } from "../../bindings/index";
import { readParquet, writeParquet, type FileSource } from "../../bindings/io";
import { anyColumns, arraysOf, fixture, plain, PYARROW, PYARROW_ARRAYS } from "./support";

const small = { x: Float64Array.of(1, 2, 3), y: ["a", "b", "a"] };

describe("files of pyarrow", () => {
  it.each(["pyarrow.parquet", "pyarrow-v2.parquet"])("%s: every type, as the array that fits it", async (name) => {
    const { bool, ...rest } = PYARROW;
    const expected = name.includes("v2") ? rest : PYARROW;
    const columns = await readParquet(fixture(name));
    expect(plain(columns)).toEqual(expected);
    expect(arraysOf(columns)).toEqual(Object.fromEntries(Object.keys(expected).map((one) => [one, PYARROW_ARRAYS[one]])));
    expect(Object.keys(columns)).toEqual(Object.keys(expected));
    expect(bool).toHaveLength(4);
  });

  it("differences of texts, and many small pages", async () => {
    const delta = ["prefix one", "prefix two", null, "other"];
    expect((await readParquet(fixture("delta.parquet")))["text"]).toEqual(Array.from({ length: 80 }, (_, i) => delta[i % 4]));
    const { x, y } = await readParquet(fixture("pages.parquet"));
    expect(x).toEqual(Float64Array.from({ length: 1000 }, (_, i) => i));
    expect(y).toEqual(Array.from({ length: 1000 }, (_, i) => ["a", "b", null, "b", "b"][i % 5]));
  });

  it("other compressions, with functions for them", async () => {
    await expect(readParquet(fixture("gzip.parquet"))).rejects.toThrow(
      /compressed with GZIP; write the file with Snappy, or npm install hyparquet-compressors/,
    );
    const compressors = { GZIP: (packed: Uint8Array) => Uint8Array.from(gunzipSync(packed)) };
    expect(await readParquet(fixture("gzip.parquet"), { compressors })).toEqual({ x: Float64Array.of(1.5, 2.5) });
  });

  it("lists and records are refused, unless left out", async () => {
    await expect(readParquet(fixture("nested.parquet"))).rejects.toThrow(
      /Column "list" holds lists or records, which a table cannot use; name the columns to read, columns: \["x", "record"\]/,
    );
    expect(await readParquet(fixture("nested.parquet"), { columns: ["x"] })).toEqual({ x: Float64Array.of(1.5, 2.5) });
  });
});

describe("round trips", () => {
  it("any columns come back with the same cells", () =>
    fc.assert(
      fc.asyncProperty(anyColumns("", "__proto__"), async (columns) => {
        const back = await readParquet(await writeParquet(columns));
        expect(Object.keys(back)).toEqual(Object.keys(columns));
        expect(plain(back)).toEqual(plain(columns));
      }),
      { numRuns: 300 },
    ));

  it("typed arrays come back as they were", async () => {
    const columns = {
      a: Int8Array.of(-1),
      b: Uint8Array.of(255),
      c: Int16Array.of(-1),
      d: Uint16Array.of(65535),
      e: Int32Array.of(-1),
      f: Uint32Array.of(4294967295),
      g: Float32Array.of(0.1),
      h: Float64Array.of(-0),
      i: BigInt64Array.of(-(1n << 62n)),
      j: BigUint64Array.of((1n << 64n) - 1n),
    };
    expect(await readParquet(await writeParquet(columns))).toEqual(columns);
    const others = { a: Uint8ClampedArray.of(9), b: BigInt64Array.of(9n), c: [9], d: [2 ** 40], e: [-0], f: [1n << 63n] };
    expect(await readParquet(await writeParquet(others))).toEqual({
      a: Uint8Array.of(9),
      b: Float64Array.of(9),
      c: Int32Array.of(9),
      d: Float64Array.of(2 ** 40),
      e: Float64Array.of(-0),
      f: BigUint64Array.of(1n << 63n),
    });
  });

  it("whole numbers are written as integers, for readers elsewhere", async () => {
    const { buffer } = await writeParquet({ a: [1, null], b: [2 ** 40, 1], c: [0.5, 1], d: [null, undefined] });
    expect(parquetMetadata(buffer as ArrayBuffer).schema.map(({ type, repetition_type }) => [type, repetition_type])).toEqual([
      [undefined, undefined],
      ["INT32", "OPTIONAL"],
      ["INT64", "REQUIRED"],
      ["DOUBLE", "REQUIRED"],
      ["BYTE_ARRAY", "OPTIONAL"],
    ]);
  });

  it("several row groups, and none", async () => {
    const n = 2500;
    const columns = {
      x: Float64Array.from({ length: n }, (_, i) => i / 7),
      y: Array.from({ length: n }, (_, i) => (i % 11 ? `t${i % 13}` : null)),
    };
    expect(await readParquet(await writeParquet(columns))).toEqual(columns);
    expect(await readParquet(await writeParquet({ x: Float64Array.of(), y: [] }))).toEqual({ x: Float64Array.of(), y: [] });
  });

  it("tables, of columns and of rows", async () => {
    const rows = [
      { id: "p", x: 1.5, y: 0 },
      { x: 2.5, y: 1 },
    ];
    expect(plain(await readParquet(await writeParquet(table(rows, { target: "y" }))))).toEqual({
      id: ["p", null],
      x: [1.5, 2.5],
      y: [0, 1],
    });
    expect(await readParquet(await writeParquet(table(small, { target: "y" })))).toEqual(small);
  });
});

describe("sources", () => {
  it("bytes of any kind, wherever they begin", async () => {
    const bytes = await writeParquet(small);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    for (const source of [bytes.buffer as ArrayBuffer, Buffer.from(bytes), shifted.subarray(3), new DataView(shifted.buffer, 3), shared]) {
      expect(await readParquet(source)).toEqual(small);
    }
  });

  it("a file read in parts: no byte of other columns is fetched, none twice", async () => {
    const columns = {
      a: Float64Array.from({ length: 9000 }, Math.sin),
      b: Float64Array.from({ length: 9000 }, Math.cos),
      c: ["x", ...Array<string>(8999).fill("y")],
    };
    const padding = "p".repeat(1 << 19);
    const bytes = new Uint8Array(
      parquetWriteBuffer({
        columnData: Object.entries(columns).map(([name, data]) => ({ name, data: data as unknown[] })),
        kvMetadata: [{ key: "padding", value: padding }],
      }),
    );
    const fetched: [number, number][] = [];
    const source: FileSource = {
      byteLength: bytes.length,
      async slice(start, end = bytes.length) {
        fetched.push([start, end]);
        return Uint8Array.from(bytes.subarray(start, end)).buffer;
      },
    };
    expect(await readParquet(source, { columns: ["c", "a"] })).toEqual({ c: columns.c, a: columns.a });
    const before = fetched.length;
    // a footer beyond half a megabyte comes in two parts
    expect(before).toBe(2 + 4);
    const parts = fetched.slice(2).sort(([a], [b]) => a - b);
    for (const [i, [start]] of parts.entries()) if (i > 0) expect(start).toBeGreaterThanOrEqual(parts[i - 1]![1]);
    expect(parts.reduce((sum, [start, end]) => sum + end - start, 0)).toBeLessThan(90_000);
  });

  it("what a source throws is handed on: the bytes are not to blame", async () => {
    const fault = new TypeError("the network is down");
    const bytes = await writeParquet(small);
    let calls = 0;
    for (const failing of [1, 2]) {
      calls = 0;
      const source: FileSource = {
        byteLength: bytes.length,
        slice: (start, end) =>
          ++calls === failing ? Promise.reject(fault) : Promise.resolve(Uint8Array.from(bytes.subarray(start, end)).buffer),
      };
      await expect(readParquet(source)).rejects.toBe(fault);
    }
  });

  it.each<[string, unknown, RegExp]>([
    ["nothing", undefined, /readParquet was given undefined, but needs the bytes of a file/],
    [
      "a path",
      "a.parquet",
      /was given "a.parquet", but needs the bytes of a file as ArrayBuffer or Uint8Array; try await readFile\(path\)/,
    ],
    ["an array", [80, 65, 82, 49], /was given an array of 4/],
    ["no bytes", new Uint8Array(0), /no intact Parquet file \(0 bytes are too few\)/],
    ["a text", new TextEncoder().encode("a,b\n1,2\n3,4\n"), /no intact Parquet file \(parquet file invalid \(footer != PAR1\)\)/],
    [
      "a source of wrong length",
      { byteLength: 1000, slice: () => new ArrayBuffer(7) },
      /slice\(0, 1000\) of the source returned 7 bytes, but needs 1000/,
    ],
    ["a source of something else", { byteLength: 1000, slice: () => "abc" }, /slice\(0, 1000\) of the source returned "abc"/],
    ["a source without a length", { byteLength: NaN, slice: () => "abc" }, /was given an object with "byteLength" and "slice"/],
  ])("%s is an error", async (_, source, message) => {
    await expect(readParquet(source as Uint8Array)).rejects.toThrow(message);
    await expect(readParquet(source as Uint8Array)).rejects.toMatchObject({ name: "InputError", code: "DATA" });
  });
});

describe("errors", () => {
  it.each<[unknown, RegExp]>([
    [{ columns: ["z"] }, /columns names "z", which is no column; there are "x" and "y"/],
    [{ columns: [] }, /columns is an array of 0, but needs a list of column names/],
    [{ columns: "x" }, /columns is "x", but needs a list/],
    [{ column: ["x"] }, /readParquet has no option "column"; did you mean "columns"\?/],
    [{ compressors: { GZIP: 5 } }, /compressors is an object with "GZIP", but needs functions by codec/],
  ])("options %j", async (options, message) => {
    await expect(readParquet(await writeParquet(small), options as object)).rejects.toThrow(message);
  });

  it.each<[unknown, RegExp]>([
    [undefined, /writeParquet was given undefined, but needs columns/],
    [[{ x: 1 }], /was given an array of 1, but needs columns, .* for records use table/],
    [{}, /was given no columns/],
    [{ x: 5 }, /Column "x" is 5, but writeParquet needs an array for each column/],
    [{ x: [1], y: [1, 2] }, /Column "y" has 2 cells but "x" has 1/],
    [{ x: [1, "a"] }, /Column "x" mixes numbers and texts \(row 1: "a"\), but writeParquet needs one type in a column/],
    [{ x: [{}] }, /Column "x" holds an empty object in row 0, but writeParquet writes numbers, bigints, booleans, texts and dates/],
    [{ x: [new Date(NaN)] }, /Column "x" holds an invalid date in row 0/],
    [{ x: [1n << 64n] }, /Column "x" holds 18446744073709551616n, but writeParquet writes integers of 64 bits/],
    [{ x: [1n << 63n, -1n] }, /Column "x" holds -1n/],
  ])("columns %o", async (columns, message) => {
    await expect(writeParquet(columns as never)).rejects.toThrow(message);
    await expect(writeParquet(columns as never)).rejects.toMatchObject({ name: "InputError" });
  });

  it("bytes that are no text, dates of years there are not, types that nobody reads", async () => {
    const bytes = parquetWriteBuffer({ columnData: [{ name: "x", data: [Uint8Array.of(255)], type: "BYTE_ARRAY" }] });
    await expect(readParquet(bytes)).rejects.toThrow(/no UTF-8 text; name the columns to read without it/);
    const json = parquetWriteBuffer({ columnData: [{ name: "x", data: [{ a: 1 }], type: "JSON" }] });
    expect(await readParquet(json)).toEqual({ x: ['{"a":1}'] });
    const shape = parquetWriteBuffer({
      columnData: [
        { name: "x", data: [{ type: "Point", coordinates: [1, 2] }], type: "GEOMETRY" },
        { name: "y", data: [1] },
      ],
    });
    await expect(readParquet(shape)).rejects.toThrow(
      /Column "x" is of type GEOMETRY, which a table cannot use; name the columns to read, columns: \["y"\]/,
    );
  });
});
