import { once } from "node:events";
import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import type { Writable } from "node:stream";
import { createGzip } from "node:zlib";

/** Files that a signal, or the end, must not leave behind. */
const unfinished = new Set<string>();

/** A name beside `path` for what is not yet whole. */
export function draftOf(path: string): string {
  const draft = `${path}.${process.pid}.part`;
  unfinished.add(draft);
  return draft;
}

/** Removes what was not written to its end. */
export function removeUnfinished(): void {
  for (const draft of unfinished) rmSync(draft, { force: true });
  unfinished.clear();
}

export function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

/** Where a table goes. */
export interface Output {
  write(data: string | Uint8Array): Promise<void>;
  /** Puts the whole in its place. Without it, nothing is there. */
  finish(): Promise<void>;
}

/** A file that appears whole or not at all, compressed if its name ends with .gz. */
export function openFile(path: string): Output {
  const draft = draftOf(path);
  const file = openSync(draft, "w");
  const put = (data: string | Uint8Array): void => writeAll(file, typeof data === "string" ? Buffer.from(data) : data);
  const zip = /\.gz$/i.test(path) ? zipped(put) : undefined;
  return {
    write: async (data) => (zip ? zip.write(data) : put(data)),
    async finish() {
      await zip?.finish();
      closeSync(file);
      renameSync(draft, path);
      unfinished.delete(draft);
    },
  };
}

/** Hands on what it is given, compressed. */
function zipped(put: (data: Uint8Array) => void): Output {
  const zip = createGzip();
  zip.on("data", put);
  return {
    write: (data) => taken(zip, data),
    async finish() {
      zip.end();
      await once(zip, "end");
    },
  };
}

/** Resolves when the stream has handed the data on; a copy of it, for the caller uses its memory again. */
function taken(to: Writable, data: string | Uint8Array): Promise<void> {
  return new Promise((done) => void to.write(typeof data === "string" ? data : data.slice(), () => done()));
}

/** Standard output. */
export function openStandardOutput(): Output {
  return { write: (data) => taken(process.stdout, data), finish: () => Promise.resolve() };
}
