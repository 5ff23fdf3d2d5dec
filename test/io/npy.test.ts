import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { smote } from "../../bindings/index";
import { readNpy, writeNpy } from "../../bindings/io";
import { fixture } from "./support";

const SIX = [0.5, 1.5, 2.5, 3.5, 4.5, 5.5];

describe("files of numpy", () => {
  it.each<[string, string, number[], ArrayLike<unknown>]>([
    ["f8", "<f8", [2, 3], Float64Array.from(SIX)],
    ["f4-big", ">f4", [2, 3], Float32Array.from(SIX)],
    ["f2", "<f2", [8], Float32Array.of(0, -0, 1.5, -2, 65504, 2 ** -24, Infinity, NaN)],
    ["f8-fortran", "<f8", [2, 3, 4], Float64Array.from({ length: 24 }, (_, i) => i)],
    ["i1", "|i1", [3], Int8Array.of(-128, 0, 127)],
    ["u1", "|u1", [2], Uint8Array.of(0, 255)],
    ["i2-big", ">i2", [2], Int16Array.of(-32768, 32767)],
    ["u2", "<u2", [2], Uint16Array.of(0, 65535)],
    ["i4", "<i4", [2], Int32Array.of(-2147483648, 2147483647)],
    ["u4-big", ">u4", [2], Uint32Array.of(0, 4294967295)],
    ["i8", "<i8", [2], Float64Array.of(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)],
    ["i8-large", "<i8", [2], BigInt64Array.of(-(1n << 63n), (1n << 63n) - 1n)],
    ["u8-large", "<u8", [2], BigUint64Array.of(0n, (1n << 64n) - 1n)],
    ["b1", "|b1", [2, 2], [true, false, false, true]],
    ["U", "<U6", [5], ["", "yes", "straße", "日本", "🌊"]],
    ["U-big", ">U3", [2], ["no", "yes"]],
    ["S", "|S3", [3], ["", "yes", "no"]],
    ["scalar", "<f8", [], Float64Array.of(2.5)],
    ["empty", "<f8", [0, 3], Float64Array.of()],
  ])("%s", (name, dtype, shape, data) => {
    expect(readNpy(fixture(`${name}.npy`))).toEqual({ data, shape, dtype });
  });

  it.each([
    ["object", /an array of objects, which only Python reads; save x\.astype\(float\)/],
    ["complex", /an array of complex numbers; save x\.real and x\.imag/],
    ["date", /an array of dates; save x\.astype\("datetime64\[ms\]"\)/],
    ["record", /an array of records; save each field by itself/],
  ])("%s is an error that says what to save instead", (name, message) => {
    expect(() => readNpy(fixture(`${name}.npy`))).toThrow(message);
  });

  it("what is written is what numpy writes, byte for byte", () => {
    for (const name of ["f8", "i1", "u1", "u2", "i4", "b1", "U", "scalar", "empty", "i8-large", "u8-large"]) {
      const bytes = fixture(`${name}.npy`);
      const { data, shape } = readNpy(bytes);
      expect(writeNpy(data, shape), name).toEqual(Uint8Array.from(bytes));
    }
  });
});

describe("round trips", () => {
  const cells = fc.oneof(
    ...[
      fc.int8Array(),
      fc.uint8Array(),
      fc.int16Array(),
      fc.uint16Array(),
      fc.int32Array(),
      fc.uint32Array(),
      fc.float32Array(),
      fc.float64Array(),
    ],
    fc.bigInt64Array({ minLength: 1, max: -(1n << 54n) }),
    fc.bigUint64Array({ minLength: 1, min: 1n << 54n }),
    fc.array(fc.boolean(), { minLength: 1 }),
    fc.array(
      fc.string({ unit: "binary" }).map((text) => text.replace(/\0+$/, "")),
      { minLength: 1 },
    ),
  ) as fc.Arbitrary<ArrayLike<unknown>>;

  it("of any cells in any shape", () =>
    fc.assert(
      fc.property(cells, fc.nat(), (data, pick) => {
        const divisors = Array.from({ length: data.length }, (_, i) => i + 1).filter((one) => data.length % one === 0);
        const rows = divisors[pick % (divisors.length || 1)] ?? 0;
        const shape = rows ? [rows, data.length / rows] : [0];
        expect(readNpy(writeNpy(data, shape))).toMatchObject({ data, shape });
      }),
    ));

  it("of plain numbers and bigints, by default in one dimension", () => {
    expect(readNpy(writeNpy([1, NaN, -0]))).toEqual({ data: Float64Array.of(1, NaN, -0), shape: [3], dtype: "<f8" });
    expect(readNpy(writeNpy([1n, -1n]))).toEqual({ data: Float64Array.of(1, -1), shape: [2], dtype: "<i8" });
    expect(readNpy(writeNpy([1n << 63n]))).toMatchObject({ data: BigUint64Array.of(1n << 63n), dtype: "<u8" });
    expect(readNpy(writeNpy(Uint8ClampedArray.of(3)))).toMatchObject({ data: Uint8Array.of(3), dtype: "|u1" });
    expect(readNpy(writeNpy([]))).toMatchObject({ shape: [0], dtype: "<f8" });
  });

  it("bytes that begin anywhere", () => {
    const bytes = fixture("f8.npy");
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(readNpy(shifted.subarray(1)).data).toEqual(Float64Array.from(SIX));
    expect(readNpy(Uint8Array.from(bytes).buffer).data).toEqual(Float64Array.from(SIX));
  });

  it("a matrix and labels go straight into a method", async () => {
    const X = readNpy(writeNpy(Float64Array.from({ length: 24 }, Math.sin), [12, 2]));
    const y = readNpy(writeNpy(["a", "a", "a", "b", "b", "b", "b", "b", "b", "b", "b", "b"]));
    const { data } = await smote({ kNeighbors: 2 }).resample({ X: X.data as Float64Array, y: y.data as string[], columns: X.shape[1] });
    expect(readNpy(writeNpy(data.X as Float64Array, [18, 2]))).toMatchObject({ data: data.X, shape: [18, 2] });
  });
});

describe("errors", () => {
  const header = (text: string, body = 48): Uint8Array => {
    const bytes = new Uint8Array(10 + text.length + body);
    bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, text.length & 255, text.length >> 8, ...new TextEncoder().encode(text)]);
    return bytes;
  };
  it.each<[unknown, RegExp]>([
    [undefined, /readNpy was given undefined, but needs the bytes of a file/],
    [new Uint8Array(0), /no intact .npy file \(it does not begin like one\)/],
    [new TextEncoder().encode("1,2,3\n4,5,6\n"), /no intact .npy file \(it does not begin like one\)/],
    [fixture("f8.npy").subarray(0, 100), /\(its header ends early\)/],
    [fixture("f8.npy").subarray(0, 170), /\(shape \[2, 3\] of <f8 needs 48 bytes but 42 follow\)/],
    [Uint8Array.from([...fixture("f8.npy"), 0]), /needs 48 bytes but 49 follow/],
    [header("{'descr': '<f8', 'shape': (2, 3), }"), /its header lacks descr, fortran_order or shape/],
    [header("no dictionary"), /its header is no dictionary/],
    [
      header("{'descr': '<f16', 'fortran_order': False, 'shape': (3,), }"),
      /floats of another width than 2, 4 or 8 bytes; save x.astype\(float\)/,
    ],
    [header("{'descr': '<z9', 'fortran_order': False, 'shape': (3,), }"), /an array of type "<z9"/],
    [header("{'descr': '<U0', 'fortran_order': False, 'shape': (999999999999,), }", 0), /an array of type "<U0"/],
    [header("{'descr': '<U1', 'fortran_order': False, 'shape': (1,), }", 4).fill(255, -4), /the text in cell 0 is no Unicode/],
  ])("of readNpy: %#", (bytes, message) => expect(() => readNpy(bytes as Uint8Array)).toThrow(message));

  it("a header may name its entries in any order, and be long", () => {
    expect(readNpy(header('{"shape": (2, 3), "descr": "<f8", "fortran_order": False}')).shape).toEqual([2, 3]);
    const bytes = fixture("f8.npy");
    const long = Uint8Array.from([...bytes.subarray(0, 6), 2, 0, 118, 0, 0, 0, ...bytes.subarray(10)]);
    expect(readNpy(long)).toEqual(readNpy(bytes));
  });

  it.each<[unknown, unknown, RegExp]>([
    [undefined, undefined, /writeNpy was given undefined, but needs an array/],
    ["abc", [3], /writeNpy was given "abc"/],
    [[[1, 2]], undefined, /holds an array of 2 in row 0/],
    [[1, 2, 3], [2, 2], /shape is \[2, 2\], but needs whole numbers whose product is 3/],
    [[1, 2, 3], 3, /shape is 3, but needs whole numbers/],
    [[1, 2, 3], [-1, -3], /shape is an array of 2/],
    [[1, null], undefined, /was given missing cells, but an array of numpy holds numbers, booleans or texts; write NaN/],
    [[new Date(0)], undefined, /was given dates/],
    [[1, "a"], undefined, /mixes numbers and texts \(row 1: "a"\)/],
    [[1n << 64n], undefined, /writes integers of 64 bits/],
  ])("of writeNpy: %o, %o", (data, shape, message) => {
    expect(() => writeNpy(data as number[], shape as number[])).toThrow(message);
  });
});
