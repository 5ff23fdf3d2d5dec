import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { exampleFolder, examplesOf, expectPrinted } from "./support/examples";

const folder = exampleFolder("trust");
afterAll(() => rmSync(folder, { recursive: true }));

// the first is the file that the others import
const [data, ...examples] = examplesOf("trust.md");
writeFileSync(join(folder, "data.mjs"), data!);

it.each(examples.map((code, i) => [i, code] as const))("example %i of docs/trust.md prints what it says", (i, code) =>
  expectPrinted(folder, code, i),
);

it("the page says what is sampled", () => {
  const page = readFileSync(join(import.meta.dirname, "../docs/trust.md"), "utf8");
  const code = (file: string) => readFileSync(join(import.meta.dirname, "../bindings/diagnose", file), "utf8");
  expect(page).toMatch(
    /20 000 of a class for neighbors, 2000 for classifiers, balls and attacks, 500 for the discrepancy, 4000 for the estimate/,
  );
  expect(code("discrepancy.ts")).toMatch(/MOST_COMPARED = 500/);
  expect(code("quality.ts")).toMatch(/MOST_ASKED = 20000/);
  for (const file of ["fidelity.ts", "twoSample.ts"]) expect(code(file)).toMatch(/MOST_COMPARED = 2000/);
  expect(code("privacy.ts")).toMatch(/MOST_ASKED = 2000/);
  expect(code("leak.ts")).toMatch(/MOST_ASKED = 4000/);
});
