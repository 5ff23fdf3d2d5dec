import { rmSync } from "node:fs";
import { afterAll, it } from "vitest";
import { exampleFolder, examplesOf, expectPrinted } from "./support/examples";

const folder = exampleFolder("calibration");
afterAll(() => rmSync(folder, { recursive: true }));

it.each(examplesOf("calibration.md").map((code, i) => [i, code] as const))(
  "example %i of docs/calibration.md prints what it says",
  (i, code) => expectPrinted(folder, code, i),
);
