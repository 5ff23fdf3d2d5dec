import * as arrow from "apache-arrow";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import {
  fromArrow,
  fromFrame,
  readArrow,
  readLibsvm,
  readNpy,
  readParquet,
  toArrow,
  writeArrow,
  writeLibsvm,
  writeNpy,
  writeParquet,
} from "../../bindings/io";
import { damaged, fixture, knock } from "./support";

const runs = { numRuns: Number(process.env["FUZZ_RUNS"] ?? 1000) };
/** No call on a file of some kilobytes takes longer, unless the reader ran away. */
const LONGEST = 10_000;
let [tried, opened] = [0, 0];

async function survives(call: () => unknown): Promise<void> {
  const before = performance.now();
  tried++;
  if (await knock(call)) opened++;
  expect(performance.now() - before).toBeLessThan(LONGEST);
}

const n = 60;
const COLUMNS = {
  a: Float64Array.from({ length: n }, Math.sin),
  b: Array.from({ length: n }, (_, i) => (i % 3 ? `x${i % 4}` : null)),
  c: Array.from({ length: n }, (_, i) => (i % 5 ? i : null)),
  d: Array.from({ length: n }, (_, i) => BigInt(i)),
  e: Array.from({ length: n }, (_, i) => (i % 7 ? i % 2 === 0 : null)),
  f: Array.from({ length: n }, (_, i) => new Date(i * 1e9)),
  g: Array.from({ length: n }, (_, i) => `text ${i * 7}`),
};

describe("damaged bytes are read, or refused with one InputError; nothing runs away", () => {
  it.each(["pyarrow.parquet", "pyarrow-v2.parquet", "delta.parquet", "pages.parquet", "nested.parquet"])("Parquet: %s", (name) =>
    fc.assert(
      fc.asyncProperty(damaged(fixture(name)), (bytes) =>
        survives(() => readParquet(bytes, { columns: name.startsWith("nested") ? ["x"] : undefined })),
      ),
      runs,
    ),
  );

  it("Parquet of our own", async () => {
    const bytes = await writeParquet(COLUMNS);
    await fc.assert(
      fc.asyncProperty(damaged(bytes), (one) => survives(() => readParquet(one))),
      runs,
    );
  });

  it.each(["pyarrow.arrow", "pyarrow.arrows", "nested.arrow", "lz4.arrow"])("Arrow, by either library: %s", async (name) => {
    const options = { columns: name.startsWith("nested") ? ["x"] : undefined };
    if (name.startsWith("lz4")) opened++;
    await fc.assert(
      fc.asyncProperty(damaged(fixture(name)), fc.boolean(), (bytes, apache) =>
        survives(() => readArrow(bytes, apache ? { ...options, tableFromIPC: arrow.tableFromIPC } : options)),
      ),
      runs,
    );
  });

  it("Arrow of our own, by either library", async () => {
    const files = [
      await writeArrow(COLUMNS),
      await writeArrow(COLUMNS, { format: "stream" }),
      await writeArrow(COLUMNS, { tableFromArrays: arrow.tableFromArrays, tableToIPC: arrow.tableToIPC }),
    ];
    await fc.assert(
      fc.asyncProperty(fc.oneof(...files.map(damaged)), fc.boolean(), (bytes, apache) =>
        survives(() => readArrow(bytes, apache ? { tableFromIPC: arrow.tableFromIPC } : {})),
      ),
      runs,
    );
  });

  // every single bit of what counts: a table of one column each
  it("each bit of small files", async () => {
    const parquet = await writeParquet({ x: [1, null, 3], y: ["a", null, "a"] });
    const file = await writeArrow({ x: [1, null, 3], y: ["a", null, "a"] });
    for (const [bytes, read] of [
      [parquet, readParquet],
      [file, readArrow],
    ] as const) {
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const copy = Uint8Array.from(bytes);
        copy[bit >> 3]! ^= 1 << (bit & 7);
        await survives(() => read(copy));
      }
    }
  });

  it.each(["f8", "f8-fortran", "U", "S", "b1", "i8-large"])(".npy: %s", (name) =>
    fc.assert(
      fc.asyncProperty(damaged(fixture(`${name}.npy`)), (bytes) => survives(() => readNpy(bytes))),
      runs,
    ),
  );

  it("LIBSVM", () => {
    const text = new TextEncoder().encode("1 1:0.5 2:-2e-3 4:1 # first\n-1 2:1\n0 1:nan 3:.5\n".repeat(4));
    return fc.assert(
      fc.asyncProperty(damaged(text), fc.boolean(), (bytes, zeroBased) =>
        survives(() => readLibsvm(new TextDecoder().decode(bytes), { zeroBased })),
      ),
      runs,
    );
  });

  // or nothing was tested but refusals
  afterEach(({ task }) => {
    expect(opened / tried, task.name).toBeGreaterThan(task.name.includes("lz4") ? 0 : 0.05);
    [tried, opened] = [0, 0];
  });
});

it("a truncated Parquet file, Arrow file or .npy file is never read as a shorter one", async () => {
  const files: [Uint8Array, (bytes: Uint8Array) => unknown][] = [
    [await writeParquet(COLUMNS), readParquet],
    [await writeArrow(COLUMNS), readArrow],
    [fixture("f8.npy"), readNpy],
  ];
  for (const [bytes, read] of files) {
    for (let length = 0; length < bytes.length; length++) {
      expect(await knock(() => read(bytes.subarray(0, length))), `${length} of ${bytes.length}`).toBe(false);
    }
  }
});

it("anything at all is refused with one InputError", () => {
  const anything = fc.anything({ withDate: true, withMap: true, withTypedArray: true, withSparseArray: true, withBigInt: true });
  const odd = fc.constantFrom<unknown>(
    ...[null, undefined, NaN, -0, Infinity, 1, 1.5, 2 ** 53, "", "a", "\ud800", true, 1n, 1n << 63n, -(1n << 64n)],
    ...[new Date(0), new Date(NaN), new Date(8.64e15), {}, [], Symbol.iterator],
  );
  // mostly one cell, so that many columns are of one type
  const cells = (length: number): fc.Arbitrary<unknown[]> =>
    odd.chain((one) => fc.array(fc.oneof({ weight: 6, arbitrary: fc.constant(one) }, odd), { minLength: length, maxLength: length }));
  const columns = fc
    .nat(6)
    .chain((length) => fc.dictionary(fc.string(), fc.oneof(cells(length), fc.float64Array({ minLength: length, maxLength: length }))));
  const calls = [
    readParquet,
    readArrow,
    readNpy,
    readLibsvm,
    fromArrow,
    fromFrame,
    writeParquet,
    writeArrow,
    toArrow,
    writeNpy,
    writeLibsvm,
  ];
  return fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...calls),
      fc.oneof(anything, columns),
      fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: anything }),
      async (call, given, options) => {
        await knock(() => (call as (given: unknown, options: unknown) => unknown)(given, options));
      },
    ),
    { numRuns: 10 * runs.numRuns },
  );
});
