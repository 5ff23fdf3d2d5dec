import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readParquet, writeParquet } from "../../bindings/io";
import { penguins } from "./support";

const ROOT = resolve(import.meta.dirname, "../..");
// inside the package, so that "counterpoise" is this build
const FOLDER = join(ROOT, "build/formats");
const examples = [...readFileSync(join(ROOT, "docs/formats.md"), "utf8").matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code!);

beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, "penguins.parquet"), await writeParquet(penguins()));
});
afterAll(() => rmSync(FOLDER, { recursive: true }));

/** Every example of docs/formats.md runs on the built package and prints what its comments say. */
it.each(examples.map((code, i) => [/import .* from "counterpoise.*/.exec(code)![0], code, i] as const))("%s", async (_, code, i) => {
  const file = join(FOLDER, `example-${i}.mjs`);
  writeFileSync(file, code);
  const printed = execFileSync(process.execPath, [file], { cwd: FOLDER, encoding: "utf8" });
  const expected = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, text]) => text);
  expect(printed.trim().split("\n")).toEqual(expected);
  if (i === 0) expect((await readParquet(readFileSync(join(FOLDER, "balanced.parquet"))))["island"]).toHaveLength(456);
});

it("there is an example for every function", async () => {
  const io = Object.keys(await import("../../bindings/io")).filter((name) => name !== "InputError");
  const text = examples.join();
  for (const name of [...io, "toMatrix"]) expect(text).toContain(`${name}(`);
});
