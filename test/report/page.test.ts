import { rmSync } from "node:fs";
import { afterAll, it } from "vitest";
import { exampleFolder, examplesOf, expectPrinted } from "../support/examples";

const folder = exampleFolder("report");
afterAll(() => rmSync(folder, { recursive: true }));

it.each(examplesOf("report.md").map((code, i) => [i, code] as const))("example %i of docs/report.md prints what it says", (i, code) =>
  expectPrinted(folder, code, i),
);
