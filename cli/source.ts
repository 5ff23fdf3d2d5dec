import { createReadStream, mkdtempSync, openSync, readSync, closeSync, rmSync, statSync } from "node:fs";
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
  /** Decompressed bytes from the start; tells how much of `size` was read. */
  bytes(onRead: (read: number) => void): AsyncIterable<Uint8Array>;
}

const CHUNK = 1 << 20;

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
      const raw = counted(createReadStream(file, { highWaterMark: CHUNK }), onRead);
      if (!zipped) return yield* raw;
      const unzipped = createGunzip({ chunkSize: CHUNK });
      pipeline(raw, unzipped, () => undefined);
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

async function* counted(chunks: AsyncIterable<Uint8Array>, onRead: (read: number) => void): AsyncIterable<Uint8Array> {
  let read = 0;
  for await (const chunk of chunks) {
    onRead((read += chunk.length));
    yield chunk;
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

/** Bytes as text. */
export async function* textsOf(bytes: AsyncIterable<Uint8Array>, name: string): AsyncIterable<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const decode = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new FileError(`${name} is not UTF-8 text; convert it first, for instance with iconv -f latin1 -t utf8.`);
    }
  };
  for await (const chunk of bytes) yield decode(chunk);
  yield decode();
}
