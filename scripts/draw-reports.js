/**
 * Writes docs/report/NAME-WIDTH.png and models.png: reports of real tables as Chromium shows them at a desk and on a telephone. Needs the built package, the tables (COUNTERPOISE_DATA, by
 * default ../shared/data), and test/runtimes installed (npm ci --prefix test/runtimes). `--keep FOLDER` leaves the pages there.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Papa from "papaparse";
import { visit } from "../test/runtimes/drivers.js";
import { ROOT } from "./written.js";

const { crossValidate, inspect, logistic, smote, table, tuneSyntheticSize } = await import(`${ROOT}dist/index.js`);
const { outOfFold, projectRows, report } = await import(`${ROOT}dist/report.js`);

const DATA = process.env.COUNTERPOISE_DATA ?? join(ROOT, "../shared/data");
const TABLES = {
  penguins: { file: join(ROOT, "examples/penguins.csv"), target: "species" },
  bank: { file: join(DATA, "mixed/bank.csv"), target: "subscribe" },
  yeast6: { file: join(DATA, "keel/yeast6.csv"), target: "class" },
};
/** Whose section on models is shown, too. */
const MODELS = "bank";
/** What is seen of a page at first. */
const VIEWS = [
  { width: 1280, height: 1160 },
  { width: 360, height: 1160 },
];

const kept = process.argv.indexOf("--keep");
const folder = kept > 0 ? process.argv[kept + 1] : mkdtempSync(join(tmpdir(), "counterpoise-"));
mkdirSync(folder, { recursive: true });
mkdirSync(join(ROOT, "docs/report"), { recursive: true });
for (const [name, { file, target }] of Object.entries(TABLES)) {
  const page = join(folder, `${name}.html`);
  writeFileSync(page, await pageOf(name, file, target));
  await visit("chromium", pathToFileURL(page).href, async (tab) => {
    for (const size of VIEWS) {
      await tab.setViewportSize(size);
      await tab.screenshot({ path: join(ROOT, `docs/report/${name}-${size.width}.png`) });
    }
    await tab.setViewportSize(VIEWS[0]);
    if (name === MODELS)
      await tab.locator("section", { hasText: "Reliability" }).screenshot({ path: join(ROOT, "docs/report/models.png") });
  });
  console.log(`drew ${name}`);
}
if (kept < 0) rmSync(folder, { recursive: true });

/** Everything that a report can show of one table. */
async function pageOf(name, file, target) {
  const { data: rows } = Papa.parse(readFileSync(file, "utf8"), { header: true, skipEmptyLines: true });
  const data = table(rows, { target, parseNumbers: true });
  const [oversampler, learner] = [smote(), logistic()];
  const resampled = await oversampler.resample(data);
  const candidates = {
    untouched: { learner },
    "class weights": { learner: logistic({ classWeight: "balanced" }) },
    smote: { learner, resampler: oversampler },
  };
  const evaluated = await crossValidate(data, { candidates, folds: 5, repeats: 2 });
  return report({
    title: `${name}: SMOTE and logistic regression`,
    inspected: inspect(data),
    resampled,
    projection: await projectRows(data, resampled),
    tuned: await tuneSyntheticSize(data, { oversampler, learner, validation: { folds: 5, repeats: 1 } }),
    evaluated,
    predictions: outOfFold(data, evaluated),
  });
}
