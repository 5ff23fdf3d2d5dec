import { show } from "../../check";
import { InputError } from "../../errors";

/** Any array of numbers that a `.npy` file is read into. */
export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

type Cells = NumberArray | boolean[] | string[];

/** A type of cells as numpy names it. */
export interface Dtype {
  /** Bytes of one cell. */
  readonly size: number;
  /** n cells from bytes that begin at 0. */
  read(view: DataView, n: number): Cells;
}

/** By kind and width; each reads one cell. */
const NUMBERS: Readonly<
  Record<string, readonly [make: (n: number) => NumberArray, read: (view: DataView, at: number, little: boolean) => number | bigint]>
> = {
  i1: [(n) => new Int8Array(n), (view, at) => view.getInt8(at)],
  u1: [(n) => new Uint8Array(n), (view, at) => view.getUint8(at)],
  i2: [(n) => new Int16Array(n), (view, at, little) => view.getInt16(at, little)],
  u2: [(n) => new Uint16Array(n), (view, at, little) => view.getUint16(at, little)],
  i4: [(n) => new Int32Array(n), (view, at, little) => view.getInt32(at, little)],
  u4: [(n) => new Uint32Array(n), (view, at, little) => view.getUint32(at, little)],
  i8: [(n) => new BigInt64Array(n), (view, at, little) => view.getBigInt64(at, little)],
  u8: [(n) => new BigUint64Array(n), (view, at, little) => view.getBigUint64(at, little)],
  f2: [(n) => new Float32Array(n), (view, at, little) => halfFloat(view.getUint16(at, little))],
  f4: [(n) => new Float32Array(n), (view, at, little) => view.getFloat32(at, little)],
  f8: [(n) => new Float64Array(n), (view, at, little) => view.getFloat64(at, little)],
};

/** What cannot be read, by kind, and what to do in numpy. */
const UNREAD: Readonly<Record<string, string>> = {
  O: 'objects, which only Python reads; save x.astype(float) or x.astype("U")',
  c: "complex numbers; save x.real and x.imag",
  M: 'dates; save x.astype("datetime64[ms]").astype("int64")',
  m: 'durations; save x.astype("int64")',
  V: "records; save each field by itself",
  f: "floats of another width than 2, 4 or 8 bytes; save x.astype(float)",
};

/**
 * The type that a header names: "<f8", ">i4", "|b1", "<U5", "|S3".
 * @throws {InputError} for types that have no counterpart here.
 */
export function dtypeOf(name: string): Dtype {
  const [, order = "", kind = "", digits = ""] = /^([<>|=]?)([a-zA-Z?])(\d*)/.exec(name) ?? [];
  const little = order !== ">";
  const width = digits === "" ? NaN : Number(digits);
  if (kind === "b" && width === 1) return { size: 1, read: readBooleans };
  if (kind === "U" && width >= 1 && width < 1 << 24) return { size: 4 * width, read: (view, n) => readUnicode(view, n, width, little) };
  if (kind === "S" && width >= 1 && width < 1 << 26) return { size: width, read: (view, n) => readBytes(view, n, width) };
  const number = NUMBERS[kind + digits];
  if (!number) throw new InputError("DATA", `readNpy was given an array of ${UNREAD[kind] ?? `type ${show(name)}; save x.astype(float)`}.`);
  return { size: width, read: (view, n) => readNumbers(view, n, width, little, number) };
}

function readNumbers(view: DataView, n: number, width: number, little: boolean, [make, read]: (typeof NUMBERS)[string]): NumberArray {
  const cells = make(n);
  for (let i = 0; i < n; i++) cells[i] = read(view, i * width, little);
  return cells;
}

function readBooleans(view: DataView, n: number): boolean[] {
  return Array.from({ length: n }, (_, i) => view.getUint8(i) !== 0);
}

/** Fixed width, four bytes a character, filled up with zeros. */
function readUnicode(view: DataView, n: number, width: number, little: boolean): string[] {
  return Array.from({ length: n }, (_, i) => {
    const points: number[] = [];
    for (let c = 0; c < width; c++) points.push(view.getUint32(4 * (i * width + c), little));
    if (points.some((point) => point > 0x10ffff)) throw new Error(`the text in cell ${i} is no Unicode`);
    return String.fromCodePoint(...points).replace(/\0+$/, "");
  });
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Fixed width, filled up with zeros; numpy says no encoding, so UTF-8, of which ASCII is a part. */
function readBytes(view: DataView, n: number, width: number): string[] {
  return Array.from({ length: n }, (_, i) => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset + i * width, width);
    let length = width;
    while (length > 0 && bytes[length - 1] === 0) length--;
    return decoder.decode(bytes.subarray(0, length));
  });
}

function halfFloat(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  // both factors are powers of two: exact
  return exponent === 0 ? (sign * fraction) / (1 << 24) : (sign * (1024 + fraction) * (1 << exponent)) / (1 << 25);
}
