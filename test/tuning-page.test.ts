import { rmSync } from "node:fs";
import { afterAll, it } from "vitest";
import { exampleFolder, examplesOf, expectPrinted } from "./support/examples";

const folder = exampleFolder("tuning");
afterAll(() => rmSync(folder, { recursive: true }));

it.each(examplesOf("tuning.md").map((code, i) => [i, code] as const))("example %i of docs/tuning.md prints what it says", (i, code) =>
  expectPrinted(folder, code, i),
);
