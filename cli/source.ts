import { mkdtempSync, openSync, readSync, closeSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { draftOf, writeAll } from "./files";

/** A file that is no table; the message names the place. */
export class FileError extends Error {}

/** Something to read, more than once. */
export interface Source {
  /** For messages, and to tell the format. */
  readonly name: string;
  /** Bytes of the file, compressed or not. */
  readonly size: number;
  /** Decompressed bytes from the start, good until the next are asked for; tells how much of `size` was read. */
  bytes(onRead: (read: number) => void): AsyncIterable<Uint8Array>;
}

/** Small enough for its text to be a small object to the garbage collector. */
const CHUNK = 1 << 16;
const CHUNKS_A_TURN = 16;

/** Opens a file, or standard input for "-", which is kept in a temporary file until the end. Gzip is told by its first bytes. */
export async function openSource(path: string): Promise<Source> {
  const file = path === "-" ? await keepStandardInput() : path;
  const { size } = statSync(file);
  const zipped = startsZipped(file);
  const name = path === "-" ? "standard input" : basename(path);
  return {
    name,
    size,
    async *bytes(onRead) {
      const raw = chunksOf(file, onRead);
      if (!zipped) return yield* raw;
      const unzipped = createGunzip({ chunkSize: CHUNK });
      pipeline(copies(raw), unzipped, () => undefined);
      try {
        yield* unzipped as AsyncIterable<Uint8Array>;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (!/^Z_/.test(code ?? "")) throw error;
        throw new FileError(`${name} is a damaged gzip file; make it again, or decompress it first.`);
      }
    },
  };
}

/** The file some bytes at a time, in one buffer that is used again. Now and then signals get their turn. */
async function* chunksOf(path: string, onRead: (read: number) => void): AsyncIterable<Uint8Array> {
  const file = openSync(path, "r");
  const buffer = new Uint8Array(CHUNK);
  let read = 0;
  try {
    for (let chunk = 1; ; chunk++) {
      const count = readSync(file, buffer);
      if (count === 0) return;
      onRead((read += count));
      yield buffer.subarray(0, count);
      if (chunk % CHUNKS_A_TURN === 0) await new Promise((turn) => setImmediate(turn));
    }
  } finally {
    closeSync(file);
  }
}

async function keepStandardInput(): Promise<string> {
  if (process.stdin.isTTY) throw new FileError("Standard input is a terminal; name a file, or pipe a table in.");
  const folder = mkdtempSync(join(tmpdir(), "counterpoise-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const file = draftOf(join(folder, "input"));
  const to = openSync(file, "w");
  for await (const chunk of process.stdin) writeAll(to, chunk as Uint8Array);
  closeSync(to);
  return file;
}

function startsZipped(file: string): boolean {
  const from = openSync(file, "r");
  try {
    const first = new Uint8Array(2);
    return readSync(from, first) === 2 && first[0] === 0x1f && first[1] === 0x8b;
  } finally {
    closeSync(from);
  }
}

/** For those who keep what they are given. */
async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) yield chunk.slice();
}

const [LINE_FEED, CARRIAGE_RETURN] = [10, 13];

/** Bytes as texts of whole lines, so that each is one flat string. */
export async function* textsOf(bytes: AsyncIterable<Uint8Array>, name: string): AsyncIterable<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const decode = (whole: Uint8Array): string => {
    try {
      return decoder.decode(whole);
    } catch {
      throw new FileError(`${name} is not UTF-8 text; convert it first, for instance with iconv -f latin1 -t utf8.`);
    }
  };
  let rest: Uint8Array[] = [];
  for await (const chunk of bytes) {
    const end = Math.max(chunk.lastIndexOf(LINE_FEED), chunk.includes(LINE_FEED) ? -1 : chunk.lastIndexOf(CARRIAGE_RETURN)) + 1;
    if (end > 0) {
      yield decode(rest.length ? Buffer.concat([...rest, chunk.subarray(0, end)]) : chunk.subarray(0, end));
      rest = [];
    }
    if (end < chunk.length) rest.push(chunk.slice(end));
  }
  if (rest.length) yield decode(Buffer.concat(rest));
}
