import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");

/** The JavaScript examples of a page of docs/. */
export function examplesOf(page: string): string[] {
  return [...readFileSync(join(ROOT, "docs", page), "utf8").matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code!);
}

/** A folder inside the package, so that "counterpoise" is this build. */
export function exampleFolder(name: string): string {
  const folder = join(ROOT, "build", name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Runs an example on the built package; it has to print what its comments say. */
export function expectPrinted(folder: string, code: string, i: number): void {
  const file = join(folder, `example-${i}.mjs`);
  writeFileSync(file, code);
  const printed = execFileSync(process.execPath, [file], { cwd: folder, encoding: "utf8" });
  const expected = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, text]) => text);
  expect(printed.trim().split("\n")).toEqual(expected);
}
