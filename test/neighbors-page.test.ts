import { rmSync } from "node:fs";
import { afterAll, it } from "vitest";
import { exampleFolder, examplesOf, expectPrinted } from "./support/examples";

const folder = exampleFolder("neighbors");
afterAll(() => rmSync(folder, { recursive: true }));

it.each(examplesOf("neighbors.md").map((code, i) => [i, code] as const))("example %i of docs/neighbors.md prints what it says", (i, code) =>
  expectPrinted(folder, code, i),
);
