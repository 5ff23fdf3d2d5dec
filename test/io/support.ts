import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import Papa from "papaparse";
import { expect } from "vitest";
import { InputError, type Columns } from "../../bindings/io";

const ROOT = resolve(import.meta.dirname, "../..");

/** A fixture that test/golden/io.py wrote. */
export function fixture(name: string): Uint8Array {
  return readFileSync(resolve(ROOT, "test/golden/io", name));
}

/** The example table as plain columns: numbers, texts, null. */
export function penguins(): Record<string, unknown[]> {
  const { data, meta } = Papa.parse<Record<string, string>>(readFileSync(resolve(ROOT, "examples/penguins.csv"), "utf8"), {
    header: true,
    skipEmptyLines: true,
  });
  const cell = (text: string): unknown => (text === "" ? null : Number.isNaN(Number(text)) ? text : Number(text));
  return Object.fromEntries(meta.fields!.map((name) => [name, data.map((row) => cell(row[name]!))]));
}

/** Columns as plain arrays, undefined as null: what is compared when the kind of array does not matter. */
export function plain(columns: Columns): Record<string, unknown[]> {
  return Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, Array.from(cells, (cell) => cell ?? null)]));
}

/** What test/golden/io.py put into its table, as plain cells. */
const date = (...times: (string | null)[]): (Date | null)[] => times.map((time) => (time === null ? null : new Date(time)));
export const PYARROW: Record<string, unknown[]> = {
  int8: [-128, 0, 1, 127],
  uint16: [0, 1, 2, 65535],
  uint32: [0, 1, 2, 4294967295],
  int64: [Number.MIN_SAFE_INTEGER, 0, 1, Number.MAX_SAFE_INTEGER],
  int64null: [1, null, 3, 4],
  large: [-(1n << 63n), 0n, 1n, (1n << 63n) - 1n],
  uint64: [0n, 1n, 2n, (1n << 64n) - 1n],
  float16: [0.5, 1.5, -2, 65504],
  float32: [0.5, 1.5, -2, 3.25],
  double: [0.1, NaN, -0, 1e300],
  doublenull: [0.1, null, 2, null],
  bool: [true, false, null, true],
  text: ["a", "", null, "straße 🌊"],
  category: ["red", "blue", null, "red"],
  date: date("2020-02-29", null, "1969-12-31", "1970-01-01"),
  seconds: date("1970-01-01T00:00:00Z", "1970-01-01T00:00:01Z", null, "2020-09-13T12:26:40Z"),
  micros: date(...Array<string>(4).fill("2020-01-02T03:04:05.678Z")),
  nanos: date("2017-07-14T02:40:00.123Z", null, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
  decimal: [1.15, null, -0.01, 12345678.9],
  nothing: [null, null, null, null],
};

/** What arrays they come in. */
export const PYARROW_ARRAYS: Record<string, string> = {
  ...Object.fromEntries(Object.keys(PYARROW).map((name) => [name, "Array"])),
  int8: "Int8Array",
  uint16: "Uint16Array",
  uint32: "Uint32Array",
  int64: "Float64Array",
  large: "BigInt64Array",
  uint64: "BigUint64Array",
  float16: "Float32Array",
  float32: "Float32Array",
  double: "Float64Array",
};

export function arraysOf(columns: Columns): Record<string, string> {
  return Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, cells.constructor.name]));
}

/** A call works, or throws an InputError with one sentence: nothing else. Returns whether it worked. */
export async function knock(call: () => unknown): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message).toMatch(/^[^\n]+[.?]$/);
    expect(error.message.length).toBeLessThan(500);
    return false;
  }
}

/** Bytes with up to three of them changed, or cut off at the end, or both. */
export function damaged(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const flips = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), { maxLength: 3 });
  const length = fc.oneof({ weight: 3, arbitrary: fc.constant(bytes.length) }, { weight: 1, arbitrary: fc.nat(bytes.length - 1) });
  return fc.tuple(flips, length).map(([changes, end]) => {
    const copy = Uint8Array.from(bytes);
    for (const [at, mask] of changes) copy[at]! ^= mask;
    return copy.subarray(0, end);
  });
}

/** Columns of one length, in every container and of every type that is written. */
export const anyColumns = (...oddNames: string[]): fc.Arbitrary<Record<string, ArrayLike<unknown>>> =>
  fc.integer({ min: 1, max: 40 }).chain((n) => {
    const plainColumn = (cells: fc.Arbitrary<unknown>): fc.Arbitrary<ArrayLike<unknown>> =>
      fc.oneof(
        fc.array(cells, { minLength: n, maxLength: n }),
        fc.array(fc.option(cells), { minLength: n, maxLength: n }),
        fc.array(fc.option(cells, { nil: undefined }), { minLength: n, maxLength: n }),
      );
    const typed = (cells: fc.Arbitrary<ArrayLike<unknown>>): fc.Arbitrary<ArrayLike<unknown>> => cells;
    const size = { minLength: n, maxLength: n };
    const column = fc.oneof(
      plainColumn(fc.double()),
      plainColumn(fc.integer()),
      plainColumn(fc.maxSafeInteger()),
      plainColumn(fc.boolean()),
      plainColumn(fc.string({ unit: "binary" })),
      plainColumn(fc.constantFrom("red", "green", "")),
      plainColumn(fc.date({ noInvalidDate: true })),
      plainColumn(fc.bigInt({ min: (1n << 53n) + 1n, max: (1n << 63n) - 1n })),
      ...[
        fc.int8Array(size),
        fc.uint8Array(size),
        fc.int16Array(size),
        fc.uint16Array(size),
        fc.int32Array(size),
        fc.uint32Array(size),
        fc.float32Array(size),
        fc.float64Array(size),
        fc.bigInt64Array({ ...size, max: -(1n << 54n) }),
        fc.bigUint64Array({ ...size, min: 1n << 54n }),
      ].map((one) => typed(one as fc.Arbitrary<ArrayLike<unknown>>)),
    );
    // names that objects treat in a way of their own are names like others
    const name = fc.oneof(
      fc.string({ unit: "binary", minLength: 1 }).filter((one) => one !== "__proto__"),
      fc.constantFrom("root", "a.b", "constructor", ...oddNames),
    );
    const names = fc.uniqueArray(name, { minLength: 1, maxLength: 5 });
    return names.chain((all) =>
      fc.tuple(...all.map(() => column)).map((columns) => Object.fromEntries(all.map((one, i) => [one, columns[i]!]))),
    );
  });
