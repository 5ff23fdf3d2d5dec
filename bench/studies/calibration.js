/**
 * node bench/studies/calibration.js [--runs 200] [--write]: what resampling does to probabilities, after the design of van den Goorbergh, van Smeden, Timmerman and Van Calster, JAMIA 29 (2022): the truth is a logistic regression,
 * classes are rare to a known degree, models are logistic regressions of what each method makes of the same rows, and all are judged on many new rows. Run r is a function of its number alone; what was
 * run before is kept in bench/studies/.results and not run again. With --write the table goes into docs/studies/calibration.md, between its marks. Needs `npm run build`.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { gaussian, uniform } from "../data.js";

const library = await import("../../dist/index.js");
const {
  adasyn,
  brier,
  calibratedClassifier,
  calibrationSlope,
  logistic,
  logLoss,
  randomOversample,
  randomUndersample,
  resampledClassifier,
  rocAuc,
  smote,
} = library;
const ROOT = resolve(import.meta.dirname, "../..");
const KEPT = join(import.meta.dirname, ".results/calibration.jsonl");
const PAGE = join(ROOT, "docs/studies/calibration.md");

const PREVALENCES = [0.01, 0.1, 0.3];
const ROWS = 5000;
const TEST_ROWS = 20_000;
const COLUMNS = 12;
/** Of the true log odds, about an AUROC of 0.75. */
const SPREAD = 1;

const plain = logistic({ penalty: "none" });
const as = (resampler, calibration) => resampledClassifier(resampler, plain, { calibration });
const LEARNERS = {
  untouched: () => plain,
  "untouched + Platt": (seed) => calibratedClassifier(plain, { seed }),
  "class weights": () => logistic({ penalty: "none", classWeight: "balanced" }),
  "random undersampling": (seed) => as(randomUndersample({ seed }), "none"),
  "random undersampling + prior": (seed) => as(randomUndersample({ seed }), "prior"),
  "random oversampling": (seed) => as(randomOversample({ seed }), "none"),
  "random oversampling + prior": (seed) => as(randomOversample({ seed }), "prior"),
  SMOTE: (seed) => as(smote({ seed }), "none"),
  "SMOTE + prior": (seed) => as(smote({ seed }), "prior"),
  "SMOTE + Platt": (seed) => as(smote({ seed }), "platt"),
  ADASYN: (seed) => as(adasyn({ seed }), "none"),
  "ADASYN + Platt": (seed) => as(adasyn({ seed }), "platt"),
};
const MEASURES = {
  slope: (y, p) => calibrationSlope(y, p, { positive: 1 }).slope,
  intercept: (y, p) => calibrationSlope(y, p, { positive: 1 }).intercept,
  Brier: (y, p) => brier(y, p, { positive: 1 }),
  "log loss": (y, p) => logLoss(y, p, { positive: 1 }),
  AUROC: (y, p) => rocAuc(y, p, { positive: 1 }),
};

const { values } = parseArgs({ options: { runs: { type: "string", default: "200" }, write: { type: "boolean" } } });
const runs = Number(values.runs);
mkdirSync(join(KEPT, ".."), { recursive: true });
const keyOf = ({ run, prevalence }) => `${run} ${prevalence}`;
const kept = existsSync(KEPT) ? readFileSync(KEPT, "utf8").trim().split("\n").map(JSON.parse) : [];
// of two lines of one run the later knows more
const known = new Map(kept.map((result) => [keyOf(result), result]));
const results = [];
for (let run = 0; run < runs; run++) {
  for (const prevalence of PREVALENCES) {
    const { scores = {} } = known.get(keyOf({ run, prevalence })) ?? {};
    const missing = Object.keys(LEARNERS).filter((name) => !(name in scores));
    const result = { run, prevalence, scores: { ...scores, ...(missing.length && (await study(run, prevalence, missing))) } };
    if (missing.length) appendFileSync(KEPT, `${JSON.stringify(result)}\n`);
    results.push(result);
  }
  process.stderr.write(`\r${run + 1} of ${runs}`);
}
process.stderr.write("\n");
const text = PREVALENCES.map(tableOf).join("\n");
console.log(text);
if (values.write) {
  const page = readFileSync(PAGE, "utf8");
  writeFileSync(PAGE, page.replace(/<!-- table -->[^]*<!-- end -->/, `<!-- table -->\n\n${text}\n<!-- end -->`));
}

/** Every measure of some learners on the rows of one run. */
async function study(run, prevalence, names) {
  const seed = 1 + 10 * run + PREVALENCES.indexOf(prevalence);
  const intercept = interceptFor(prevalence);
  const [train, test] = [rowsOf(ROWS, intercept, 2 * seed), rowsOf(TEST_ROWS, intercept, 2 * seed + 1)];
  const scores = {};
  for (const name of names) {
    const model = await LEARNERS[name](seed).fit(train);
    const { probabilities } = await model.predictProbability(test);
    scores[name] = Object.fromEntries(Object.entries(MEASURES).map(([measure, of]) => [measure, of(test.y, probabilities)]));
  }
  return scores;
}

function rowsOf(n, intercept, seed) {
  const X = gaussian(n, COLUMNS, seed);
  const unit = uniform(seed + 1e6);
  const y = Uint8Array.from({ length: n }, (_, i) => {
    let odds = intercept;
    for (let c = 0; c < COLUMNS; c++) odds += (SPREAD / Math.sqrt(COLUMNS)) * X[i * COLUMNS + c];
    return unit() < 1 / (1 + Math.exp(-odds)) ? 1 : 0;
  });
  return { X, y, columns: COLUMNS };
}

/** Where the mean chance is the prevalence, by halving. */
function interceptFor(prevalence) {
  const odds = gaussian(100_000, 1, 7);
  let [low, high] = [-20, 20];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    const mean = odds.reduce((sum, z) => sum + 1 / (1 + Math.exp(-middle - SPREAD * z)), 0) / odds.length;
    [low, high] = mean < prevalence ? [middle, high] : [low, middle];
  }
  return low;
}

/** Medians over the runs, and of the slope how far its middle half reaches. */
function tableOf(prevalence) {
  const own = results.filter((each) => each.prevalence === prevalence);
  const at = (name, measure, share) => {
    const sorted = own.map(({ scores }) => scores[name][measure]).sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  };
  const cell = (name, measure) =>
    at(name, measure, 0.5).toFixed(measure === "Brier" || measure === "log loss" ? 4 : measure === "AUROC" ? 3 : 2);
  const lines = Object.keys(LEARNERS).map((name) => {
    const [slope, ...others] = Object.keys(MEASURES).map((measure) => cell(name, measure));
    return `| ${name} | ${slope} (${at(name, "slope", 0.25).toFixed(2)} to ${at(name, "slope", 0.75).toFixed(2)}) | ${others.join(" | ")} |`;
  });
  const head = `Prevalence ${100 * prevalence} %, medians of ${own.length} runs:\n\n| learned from | slope (middle half) | intercept | Brier | log loss | AUROC |\n| --- | --- | --- | --- | --- | --- |`;
  return `${head}\n${lines.join("\n")}\n`;
}
