import { rmSync } from "node:fs";
import { afterAll, it } from "vitest";
import { exampleFolder, examplesOf, expectPrinted } from "./support/examples";

const folder = exampleFolder("diagnosis");
afterAll(() => rmSync(folder, { recursive: true }));

it.each(examplesOf("diagnosis.md").map((code, i) => [i, code] as const))("example %i of docs/diagnosis.md prints what it says", (i, code) =>
  expectPrinted(folder, code, i),
);
