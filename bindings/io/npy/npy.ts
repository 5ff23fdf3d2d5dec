import { show } from "../../check";
import { InputError } from "../../errors";
import { narrowBigints } from "../columns";
import { bytesOf, reasonOf, unreadable } from "../failure";
import { needsUnsigned, profileOf } from "../profile";
import { dtypeOf, type NumberArray } from "./dtype";

/** An array of numpy, rows one after another whatever order the file has. */
export interface NpyArray {
  /** Cells in row-major order; 64-bit integers are numbers in a Float64Array if all are safe integers. */
  readonly data: NumberArray | readonly boolean[] | readonly string[];
  /** Length in each dimension; [] is a single number. */
  readonly shape: readonly number[];
  /** The type as numpy names it: "<f8". */
  readonly dtype: string;
}

const MAGIC = "\x93NUMPY";

/**
 * Reads a `.npy` file, which `numpy.save` writes: integers, floats of 2, 4 and 8 bytes, booleans, texts and bytes of fixed width, in either byte order and
 * in C or Fortran order. Half floats come as Float32Array, texts without their padding.
 * `smote().resample({ X: data, y, columns: shape[1] })` takes what it returns.
 * @throws {InputError} when it is no intact `.npy` file, or holds objects, complex numbers, dates or records.
 */
export function readNpy(bytes: ArrayBuffer | ArrayBufferView): NpyArray {
  const given = bytesOf("readNpy", bytes);
  try {
    return decode(given);
  } catch (error) {
    throw error instanceof InputError ? error : unreadable("readNpy", ".npy file", reasonOf(error));
  }
}

/**
 * Writes numbers, booleans, texts or bigints as a `.npy` file, in C order, little-endian. Typed arrays keep their type; plain arrays of numbers become "<f8",
 * texts "<U" of the longest.
 * @param data cells in row-major order
 * @param shape length in each dimension, whose product is the length of `data`; default `[data.length]`
 * @throws {InputError} when the shape does not fit, or cells are missing, mixed or no such values.
 */
export function writeNpy(data: ArrayLike<unknown>, shape: readonly number[] = [data?.length]): Uint8Array {
  if (!(Array.isArray(data) || (ArrayBuffer.isView(data) && !(data instanceof DataView)))) {
    throw new InputError("DATA", `writeNpy was given ${show(data)}, but needs an array of numbers, booleans or texts and its shape.`);
  }
  const lengths = Array.isArray(shape) && shape.every((length) => Number.isSafeInteger(length) && length >= 0);
  if (!lengths || product(shape) !== data.length) {
    const given = lengths && shape.length < 9 ? `[${shape.join(", ")}]` : show(shape);
    throw new InputError(
      "DATA",
      `shape is ${given}, but needs whole numbers whose product is ${data.length}, the length of the array; for rows of numbers use X.flat().`,
    );
  }
  const { dtype, body } = encode(data);
  const header = headerOf(dtype, shape);
  const file = new Uint8Array(header.length + body.length);
  file.set(header);
  file.set(body, header.length);
  return file;
}

function decode(bytes: Uint8Array): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 10 || String.fromCharCode(...bytes.subarray(0, 6)) !== MAGIC) throw new Error("it does not begin like one");
  const version = bytes[6]!;
  if (version < 1 || version > 3) throw new Error(`its version is ${version}`);
  const start = version === 1 ? 10 : 12;
  const end = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (end > bytes.length) throw new Error("its header ends early");
  const { descr, fortran, shape } = parseHeader(new TextDecoder().decode(bytes.subarray(start, end)));
  const { size, read } = dtypeOf(descr);
  const n = product(shape);
  if (n * size !== bytes.length - end)
    throw new Error(`shape [${shape.join(", ")}] of ${descr} needs ${n * size} bytes but ${bytes.length - end} follow`);
  const cells = read(new DataView(bytes.buffer, bytes.byteOffset + end, n * size), n);
  const ordered = fortran && shape.length > 1 ? rowMajor(cells, shape) : cells;
  const wide = ordered instanceof BigInt64Array || ordered instanceof BigUint64Array;
  return { data: wide ? (narrowBigints(ordered) as NumberArray) : ordered, shape, dtype: descr };
}

/** The header is a Python dictionary of three entries in any order. */
function parseHeader(text: string): { descr: string; fortran: boolean; shape: number[] } {
  const entries = new Map<string, string>();
  const body = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1];
  if (body === undefined) throw new Error("its header is no dictionary");
  for (const [, name, value] of body.matchAll(/['"](\w+)['"]\s*:\s*('[^']*'|"[^"]*"|True|False|\([\d\s,L]*\)|\[.*\])/gs))
    entries.set(name!, value!);
  const [descr, fortran, shape] = [entries.get("descr"), entries.get("fortran_order"), entries.get("shape")];
  if (!descr || !fortran || !shape?.startsWith("(")) throw new Error("its header lacks descr, fortran_order or shape");
  return {
    descr: descr.startsWith("[") ? "V" : descr.slice(1, -1),
    fortran: fortran === "True",
    shape: (shape.match(/\d+/g) ?? []).map(Number),
  };
}

/** Cells of a Fortran-ordered array, the first index of which runs fastest, in C order. */
function rowMajor<T extends NumberArray | boolean[] | string[]>(cells: T, shape: readonly number[]): T {
  const ordered = cells.slice() as T;
  const index = shape.map(() => 0);
  const steps = shape.map((_, axis) => product(shape.slice(0, axis)));
  for (let i = 0, from = 0; i < cells.length; i++) {
    ordered[i] = cells[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= index[axis]! * steps[axis]!;
      index[axis] = 0;
    }
  }
  return ordered;
}

const DTYPES: Readonly<Record<string, string>> = {
  Int8Array: "|i1",
  Uint8Array: "|u1",
  Uint8ClampedArray: "|u1",
  Int16Array: "<i2",
  Uint16Array: "<u2",
  Int32Array: "<i4",
  Uint32Array: "<u4",
  BigInt64Array: "<i8",
  BigUint64Array: "<u8",
  Float32Array: "<f4",
  Float64Array: "<f8",
};

function encode(data: ArrayLike<unknown>): { dtype: string; body: Uint8Array } {
  if (ArrayBuffer.isView(data)) return { dtype: DTYPES[data.constructor.name]!, body: littleEndian(data as unknown as NumberArray) };
  const { type, missing } = profileOf("writeNpy", "0", data);
  if (missing || type === "nothing" || type === "dates") {
    if (data.length === 0) return { dtype: "<f8", body: new Uint8Array(0) };
    throw new InputError(
      "DATA",
      `writeNpy was given ${missing ? "missing cells" : type}, but an array of numpy holds numbers, booleans or texts; write NaN for a missing number.`,
    );
  }
  if (type === "texts") return encodeTexts(data as ArrayLike<string>);
  if (type === "booleans") return { dtype: "|b1", body: Uint8Array.from(data as ArrayLike<boolean>, Number) };
  if (type === "bigints") {
    const unsigned = needsUnsigned("writeNpy", "0", data);
    const cells = unsigned ? BigUint64Array.from(data as ArrayLike<bigint>) : BigInt64Array.from(data as ArrayLike<bigint>);
    return { dtype: unsigned ? "<u8" : "<i8", body: littleEndian(cells) };
  }
  return { dtype: "<f8", body: littleEndian(Float64Array.from(data as ArrayLike<number>)) };
}

function encodeTexts(texts: ArrayLike<string>): { dtype: string; body: Uint8Array } {
  const points = Array.from(texts, (one) => Array.from(one, (letter) => letter.codePointAt(0)!));
  const width = points.reduce((most, { length }) => Math.max(most, length), 1);
  const cells = new Uint32Array(points.length * width);
  points.forEach((one, i) => cells.set(one, i * width));
  return { dtype: `<U${width}`, body: littleEndian(cells) };
}

/** Bytes of the cells, least significant first on any machine. */
function littleEndian(cells: NumberArray): Uint8Array {
  const bytes = new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength).slice();
  const width = cells.BYTES_PER_ELEMENT;
  if (width === 1 || new Uint8Array(Uint16Array.of(1).buffer)[0] === 1) return bytes;
  for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
  return bytes;
}

/** numpy leaves room for the first length to grow, then fills up with spaces to a multiple of 64: byte for byte what it writes. */
function headerOf(dtype: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const room = shape.length ? 21 - String(shape[0]).length : 0;
  const text = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${tuple}), }${" ".repeat(room)}`;
  const length = 64 * Math.ceil((10 + text.length + 1) / 64);
  const header = new Uint8Array(length);
  const filled = `${MAGIC}\x01\x00${String.fromCharCode((length - 10) & 255, (length - 10) >> 8)}${text.padEnd(length - 11)}\n`;
  for (let i = 0; i < length; i++) header[i] = filled.charCodeAt(i);
  return header;
}

function product(shape: readonly number[]): number {
  return shape.reduce((all, length) => all * length, 1);
}
