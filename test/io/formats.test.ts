import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readParquet, writeParquet } from "../../bindings/io";
import { exampleFolder, examplesOf, expectPrinted } from "../support/examples";
import { penguins } from "./support";

const FOLDER = exampleFolder("formats");
const examples = examplesOf("formats.md");

beforeAll(async () => {
  writeFileSync(join(FOLDER, "penguins.parquet"), await writeParquet(penguins()));
});
afterAll(() => rmSync(FOLDER, { recursive: true }));

/** Every example of docs/formats.md runs on the built package and prints what its comments say. */
it.each(examples.map((code, i) => [/import .* from "counterpoise.*/.exec(code)![0], code, i] as const))("%s", async (_, code, i) => {
  expectPrinted(FOLDER, code, i);
  if (i === 0) expect((await readParquet(readFileSync(join(FOLDER, "balanced.parquet"))))["island"]).toHaveLength(456);
});

it("there is an example for every function", async () => {
  const io = Object.keys(await import("../../bindings/io")).filter((name) => name !== "InputError");
  const text = examples.join();
  for (const name of [...io, "toMatrix"]) expect(text).toContain(`${name}(`);
});
