import { once } from "node:events";
import { createWriteStream, openSync, renameSync, rmSync, writeSync } from "node:fs";
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
  const file = createWriteStream(draft, { fd: openSync(draft, "w"), highWaterMark: 1 << 20 });
  const zip = /\.gz$/i.test(path) ? createGzip() : undefined;
  let failure: Error | undefined;
  const failed = (error: Error): void => void (failure ??= error);
  file.on("error", failed);
  zip?.on("error", failed);
  zip?.pipe(file);
  const to: Writable = zip ?? file;
  return {
    async write(data) {
      if (!to.write(data) && !failure) await Promise.race([once(to, "drain"), once(file, "error")]).catch(failed);
      if (failure) throw failure;
    },
    async finish() {
      to.end();
      if (!failure) await Promise.race([once(file, "close"), once(file, "error")]).catch(failed);
      if (failure) throw failure;
      renameSync(draft, path);
      unfinished.delete(draft);
    },
  };
}

/** Standard output. */
export function openStandardOutput(): Output {
  return {
    async write(data) {
      if (!process.stdout.write(data)) await once(process.stdout, "drain");
    },
    finish: () => Promise.resolve(),
  };
}
