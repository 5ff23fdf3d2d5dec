import * as flechette from "@uwdata/flechette";
import * as arrow from "apache-arrow";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { table } from "../../bindings/index";
import { fromArrow, readArrow, toArrow, writeArrow, type ArrowTable, type WriteArrowOptions } from "../../bindings/io";
import { anyColumns, arraysOf, fixture, plain, PYARROW, PYARROW_ARRAYS } from "./support";

const small = { x: Float64Array.of(1, 2, 3), y: ["a", "b", "a"] };

/** Both libraries: what reads and what writes, as options; none for the one that is found by itself. */
const LIBRARIES: [string, { tableFromIPC?: (bytes: Uint8Array) => ArrowTable }, WriteArrowOptions][] = [
  ["the one that is found", {}, {}],
  ["flechette", { tableFromIPC: flechette.tableFromIPC }, { tableFromArrays: flechette.tableFromArrays, tableToIPC: flechette.tableToIPC }],
  ["apache-arrow", { tableFromIPC: arrow.tableFromIPC }, { tableFromArrays: arrow.tableFromArrays, tableToIPC: arrow.tableToIPC }],
];

describe.each(LIBRARIES)("with %s", (_, reading, writing) => {
  it.each(["pyarrow.arrow", "pyarrow.arrows"])("%s of pyarrow: every type, as the array that fits it", async (name) => {
    const columns = await readArrow(fixture(name), reading);
    expect(plain(columns)).toEqual(PYARROW);
    expect(arraysOf(columns)).toEqual(PYARROW_ARRAYS);
  });

  it("any columns come back with the same cells", () =>
    fc.assert(
      fc.asyncProperty(anyColumns(), fc.constantFrom("file" as const, "stream" as const), async (columns, format) => {
        const back = await readArrow(await writeArrow(columns, { ...writing, format }), reading);
        expect(Object.keys(back).sort()).toEqual(Object.keys(columns).sort());
        expect(plain(back)).toEqual(withoutNegativeZero(plain(columns)));
      }),
      { numRuns: 200 },
    ));

  it("compressed bytes are an error that says so; lists too", async () => {
    await expect(readArrow(fixture("lz4.arrow"), reading)).rejects.toThrow(
      /compressed Arrow bytes that are not unpacked .* write them uncompressed/,
    );
    await expect(readArrow(fixture("nested.arrow"), reading)).rejects.toThrow(/Column "list" holds lists or records/);
    expect(await readArrow(fixture("nested.arrow"), { ...reading, columns: ["x"] })).toEqual({ x: Float64Array.of(1.5, 2.5) });
  });

  it("bytes that begin anywhere", async () => {
    const bytes = await writeArrow(small, writing);
    for (let shift = 1; shift < 9; shift++) {
      const shifted = new Uint8Array(bytes.length + shift);
      shifted.set(bytes, shift);
      expect(await readArrow(shifted.subarray(shift), reading)).toEqual(small);
    }
  });
});

/** Columns with missing cells are typed by the library, which takes −0 for an integer if the others are. */
function withoutNegativeZero(columns: Record<string, unknown[]>): Record<string, unknown[]> {
  const turn = (cells: unknown[]): unknown[] =>
    cells.includes(null) ? cells.map((cell) => (Object.is(cell, -0) ? expect.closeTo(0) : cell)) : cells;
  return Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, turn(cells)]));
}

describe("fromArrow", () => {
  it("numbers without missing cells are the table's own memory", () => {
    const x = Float64Array.of(1, 2, 3);
    for (const made of [arrow.tableFromArrays({ x }), flechette.tableFromArrays({ x })] as ArrowTable[]) {
      const { x: taken } = fromArrow(made);
      expect(taken).toEqual(x);
      expect((taken as Float64Array).buffer).toBe((made.getChild("x")!.toArray() as Float64Array).buffer);
    }
  });

  it("types that bytes of pyarrow do not hold", () => {
    const made = new arrow.Table({
      seconds: arrow.vectorFromArray([1, null], new arrow.TimeSecond()),
      micros: arrow.vectorFromArray([1n, 2n], new arrow.TimeMicrosecond()),
      millis: arrow.vectorFromArray([new Date(5), null], new arrow.DateMillisecond()),
      wide: arrow.vectorFromArray(["a", "b"], new arrow.LargeUtf8()),
      mixed: arrow.vectorFromArray([1n, 1n << 60n], new arrow.Int64()),
      missing: arrow.vectorFromArray([1n << 60n, null], new arrow.Int64()),
      half: arrow.vectorFromArray([0.5, 2], new arrow.Float16()),
    });
    expect(fromArrow(made)).toEqual({
      seconds: [1, null],
      micros: Float64Array.of(1, 2),
      millis: [new Date(5), null],
      wide: ["a", "b"],
      mixed: BigInt64Array.of(1n, 1n << 60n),
      missing: [1n << 60n, null],
      half: Float32Array.of(0.5, 2),
    });
  });

  it("tables of several batches, and tables that were cut", async () => {
    const x = Float64Array.from({ length: 100 }, (_, i) => i);
    const one = arrow.tableFromArrays({ x, y: Array.from(x, (value) => `t${value % 3}`) });
    const both = one.concat(one).slice(90, 120);
    const expected = Array.from({ length: 30 }, (_, i) => (i + 90) % 100);
    expect(plain(fromArrow(both))).toEqual({ x: expected, y: expected.map((value) => `t${value % 3}`) });
    expect(fromArrow(flechette.tableFromIPC(arrow.tableToIPC(both, "file")))).toEqual(fromArrow(both));
  });

  it("options of flechette: dates, bigints, decimals as whole numbers", () => {
    const bytes = fixture("pyarrow.arrow");
    for (const options of [{}, { useDate: true }, { useDecimalInt: true }, { useDate: true, useDecimalInt: true }]) {
      const columns = fromArrow(flechette.tableFromIPC(bytes, { ...options, useBigInt: true }));
      expect(plain(columns)).toEqual(PYARROW);
    }
    const { large, uint64, ...numbers } = PYARROW;
    expect([large, uint64]).toHaveLength(2);
    expect(plain(fromArrow(flechette.tableFromIPC(bytes), { columns: Object.keys(numbers) }))).toEqual(numbers);
    expect(() => fromArrow(flechette.tableFromIPC(bytes))).toThrow(
      /cannot decode column "large" \(.*\); read the table again, with \{ useBigInt: true \}/,
    );
  });

  it("tables of other libraries that look the same", () => {
    const shape = (toArray: () => ArrayLike<unknown>, type: unknown = undefined): ArrowTable => ({
      numRows: 2,
      schema: { fields: [{ name: "x", type }] },
      getChild: () => ({ toArray }),
    });
    expect(fromArrow(shape(() => [1, null]))).toEqual({ x: [1, null] });
    expect(fromArrow(shape(() => [1, 2]))).toEqual({ x: Float64Array.of(1, 2) });
    expect(fromArrow(shape(() => [1000n, null], { typeId: 10, unit: 0 }))).toEqual({ x: [new Date(1_000_000), null] });
    expect(() => fromArrow(shape(() => [1]))).toThrow(/cannot decode column "x" \(it has 1 cells but the table 2 rows\)/);
    expect(() => fromArrow({ ...shape(() => []), getChild: () => null })).toThrow(/cannot decode column "x" \(there is no such column\)/);
    expect(() => fromArrow(shape(() => [Symbol("s"), 1], { typeId: 8 }))).toThrow(/a date is Symbol\(s\)/);
  });

  it.each<[unknown, RegExp]>([
    [
      undefined,
      /fromArrow was given undefined, but needs an Arrow table with numRows, schema.fields and getChild\(name\); for bytes use readArrow/,
    ],
    [new Uint8Array(8), /was given a Uint8Array/],
    [[{ x: 1 }], /was given an array of 1/],
    [{ numRows: () => 1 }, /was given an object with "numRows"/],
    [arrow.tableFromArrays({}), /an Arrow table without columns/],
  ])("%o is an error", (given, message) => expect(() => fromArrow(given as ArrowTable)).toThrow(message));

  it("columns of one name are an error", () => {
    const field = { name: "x", type: { typeId: 2, bitWidth: 32 } };
    const twins = { numRows: 1, schema: { fields: [field, field] }, getChild: () => ({ toArray: () => [1] }) };
    expect(() => fromArrow(twins)).toThrow(/found two columns of the name "x"; rename one/);
  });
});

describe("toArrow and writeArrow", () => {
  it("make tables of either library, which it reads back", async () => {
    const made = await toArrow(small, { tableFromArrays: arrow.tableFromArrays });
    expect(made).toBeInstanceOf(arrow.Table);
    expect(fromArrow(made)).toEqual(small);
    expect(fromArrow(await toArrow(small))).toEqual(small);
    expect(await toArrow(small)).toBeInstanceOf(flechette.Table);
  });

  it("take tables made by table()", async () => {
    const rows = [
      { x: 1.5, y: 0 },
      { x: 2.5, y: 1 },
    ];
    expect(fromArrow(await toArrow(table(rows, { target: "y" })))).toEqual({ x: Float64Array.of(1.5, 2.5), y: Int32Array.of(0, 1) });
  });

  it("types are those that readers elsewhere expect", async () => {
    const { schema } = await toArrow(
      { a: [1, 2], b: [1.5, 2], c: ["p", "q"], d: [true, null], e: [1n, 2n], f: [1n << 63n, 0n], g: Uint8ClampedArray.of(1, 2) },
      { tableFromArrays: arrow.tableFromArrays },
    );
    expect(schema.fields.map(({ type }) => String(type))).toEqual([
      "Int32",
      "Float64",
      "Dictionary<Int32, Utf8>",
      "Bool",
      "Int64",
      "Uint64",
      "Uint8",
    ]);
  });

  it.each<[() => Promise<unknown>, RegExp]>([
    [() => writeArrow({ x: [1, "a"] }), /Column "x" mixes numbers and texts/],
    [() => writeArrow({ "": [1] }), /writeArrow loses a column of the name "" in an Arrow table; rename it/],
    [
      () =>
        writeArrow(Object.fromEntries([["__proto__", [1]]]), {
          tableFromArrays: arrow.tableFromArrays,
          tableToIPC: arrow.tableToIPC,
        }),
      /loses a column of the name "__proto__"/,
    ],
    [() => writeArrow({ x: Float64Array.of() }), /writeArrow was given columns without rows; at least one is needed/],
    [() => writeArrow({ x: [[1]] }), /Column "x" holds an array of 1 in row 0/],
    [() => writeArrow({ x: [1n << 63n, null] }), /holds bigints beyond 2\^63 and missing cells/],
    [() => writeArrow({ x: [1n << 64n] }), /holds 18446744073709551616n, but writeArrow writes integers of 64 bits/],
    [() => writeArrow(small, { format: "feather" as "file" }), /format is "feather", but needs one of "file" and "stream"/],
    [() => writeArrow(small, { tableToIPC: arrow.tableToIPC }), /one of tableFromArrays and tableToIPC, but needs both/],
    [() => writeArrow(small, { tableToIPC: () => null, tableFromArrays: arrow.tableFromArrays }), /was given null, but needs the bytes/],
    [
      () => toArrow(small, { tableFromArrays: arrow as never }),
      /tableFromArrays is an object with .*, but needs the function of that name/,
    ],
    [() => toArrow(small, { tables: 1 } as object), /toArrow has no option "tables"/],
    [
      () => readArrow(fixture("pyarrow.arrow"), { tableFromIPC: () => 5 as never }),
      /tableFromIPC returned 5, but needs to return an Arrow table/,
    ],
    [() => readArrow(fixture("pyarrow.arrow"), { columns: ["z"] }), /columns names "z", which is no column/],
    [() => readArrow("a.arrow" as never), /readArrow was given "a.arrow", but needs the bytes of a file/],
    [() => readArrow(new Uint8Array(0)), /no intact Arrow file or stream \(0 bytes are too few\)/],
    [
      () => readArrow(new TextEncoder().encode("species,island\nAdelie,Dream\n")),
      /no intact Arrow file or stream \(a message ends early\)/,
    ],
    [() => readArrow(fixture("pyarrow.arrow").subarray(0, 5000)), /no intact Arrow file or stream \(its end is missing\)/],
  ])("%s is an error", async (call, message) => {
    await expect(call()).rejects.toThrow(message);
    await expect(call()).rejects.toMatchObject({ name: "InputError" });
  });
});
