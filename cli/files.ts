import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";

/** Files that a signal must not leave behind. */
const unfinished = new Set<string>();

/** Writes the whole file or nothing: beside its place first, then moved there. */
export function writeWhole(path: string, text: string): void {
  const draft = `${path}.${process.pid}.part`;
  unfinished.add(draft);
  try {
    const file = openSync(draft, "w");
    try {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } finally {
    removeUnfinished();
  }
}

/** Removes what was not written to its end. */
export function removeUnfinished(): void {
  for (const draft of unfinished) rmSync(draft, { force: true });
  unfinished.clear();
}
