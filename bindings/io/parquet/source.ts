import { show } from "../../check";
import { InputError } from "../../errors";
import { bytesOf, SourceFault } from "../failure";

/** A file that is read in parts: over HTTP, from a disk. hyparquet's AsyncBuffer. */
export interface FileSource {
  /** Length of the whole file. */
  readonly byteLength: number;
  /** Bytes from start up to end. */
  slice(start: number, end?: number): ArrayBuffer | Promise<ArrayBuffer>;
}

/** A part of a file. */
export interface Part {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** A file that hands out parts of itself; for one in memory nothing is copied. */
export interface Opened {
  readonly byteLength: number;
  part(start: number, end: number): Promise<Part>;
}

/**
 * Opens bytes or a source of bytes.
 * @throws {InputError} for anything else.
 */
export function openFile(where: string, given: unknown): Opened {
  if (isSource(given)) {
    const { byteLength } = given;
    return {
      byteLength,
      async part(start, end) {
        const bytes = await fetchBytes(given, start, end);
        if (bytes.byteLength !== end - start) {
          throw new InputError(
            "DATA",
            `slice(${start}, ${end}) of the source returned ${bytes.byteLength} bytes, but needs ${end - start}.`,
          );
        }
        return { start, bytes };
      },
    };
  }
  const bytes = bytesOf(where, given);
  return { byteLength: bytes.length, part: (start, end) => Promise.resolve({ start, bytes: bytes.subarray(start, end) }) };
}

/** Parts of a file as a file that hyparquet reads: what lies between them is zeros. */
export function fileOf(
  parts: readonly Part[],
  byteLength: number,
): { byteLength: number; slice(start: number, end?: number): ArrayBuffer } {
  return {
    byteLength,
    slice(start, end = byteLength) {
      const bytes = new Uint8Array(Math.max(0, end - start));
      for (const part of parts) {
        const from = Math.max(start, part.start);
        const to = Math.min(end, part.start + part.bytes.length);
        if (from < to) bytes.set(part.bytes.subarray(from - part.start, to - part.start), from - start);
      }
      return bytes.buffer;
    },
  };
}

function isSource(given: unknown): given is FileSource {
  if (typeof given !== "object" || given === null || ArrayBuffer.isView(given)) return false;
  const { byteLength, slice } = given as Partial<FileSource>;
  if (typeof slice !== "function" || /Buffer\]$/.test(Object.prototype.toString.call(given))) return false;
  return typeof byteLength === "number" && Number.isSafeInteger(byteLength) && byteLength >= 0;
}

/** What the source throws, or rejects with, is its own: a network that is down is not a broken file. */
async function fetchBytes(source: FileSource, start: number, end: number): Promise<Uint8Array> {
  let fetched: unknown;
  try {
    fetched = await source.slice(start, end);
  } catch (error) {
    throw new SourceFault(error);
  }
  if (ArrayBuffer.isView(fetched) || fetched instanceof ArrayBuffer) return bytesOf("slice", fetched);
  throw new InputError("DATA", `slice(${start}, ${end}) of the source returned ${show(fetched)}, but needs an ArrayBuffer.`);
}
