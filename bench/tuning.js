/**
 * npm run bench:tuning [-- --write]: the search of a synthetic size beside scikit-learn's GridSearchCV over imbalanced-learn's pipeline, in the same run; then with baselines, and advice of six candidates.
 * With --write the Markdown also goes to docs/benchmarks-tuning.md. Peers as for `npm run bench`.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join, resolve } from "node:path";
import {
  adasyn,
  advise,
  borderlineSmote,
  geometricSmote,
  logistic,
  safeLevelSmote,
  smote,
  smoteTomek,
  tuneSyntheticSize,
} from "../dist/index.js";
import { rareHigh } from "./data.js";
import { startPeer } from "./peer.js";
import { cell, median } from "./summary.js";

const ROOT = resolve(import.meta.dirname, "..");
const PYTHON = join(ROOT, "bench/peers/.venv/bin/python");
const [FOLDS, TURNS] = [5, 7];
/** Calls of a turn: what is idle for a while is cold again. */
const CALLS = 3;
const GRID = [0, 0.1, 0.25, 0.5, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.35, 1.5, 1.75, 2];

if (!existsSync(PYTHON)) throw new Error("imbalanced-learn is not in bench/peers/.venv; see bench/run.js.");
const peer = await startPeer(PYTHON, [join(ROOT, "bench/peers/imbalanced_learn.py")]);
const folder = mkdtempSync(join(tmpdir(), "counterpoise-bench-"));
const lines = [];
const print = (line = "") => {
  console.log(line);
  lines.push(line);
};

async function timed(call) {
  const before = performance.now();
  await call();
  return performance.now() - before;
}

const data = rareHigh(10_000, 20);
const [file, labels] = [join(folder, "X.f64"), join(folder, "y.u8")];
writeFileSync(file, data.X);
writeFileSync(labels, data.y);
const options = { oversampler: smote(), learner: logistic(), grid: GRID, expand: false, validation: { folds: FOLDS, repeats: 1 } };
const [search, whole] = [[], []];
// on one job or on two, whichever is faster for them
const theirs = { 1: [], 2: [] };
// until compilers and workers are warm
for (let times = 0; times < 5; times++) await tuneSyntheticSize(data, { ...options, baselines: false });
for (let turn = -1; turn < TURNS; turn++) {
  for (let call = 0; call < CALLS; call++) {
    const ours = await timed(() => tuneSyntheticSize(data, { ...options, baselines: false }));
    if (turn >= 0) search.push(ours);
  }
  const all = await timed(() => tuneSyntheticSize(data, options));
  if (turn >= 0) whole.push(all);
  for (const threads of [1, 2]) {
    const their = await peer.ask({ task: "tune", file, labels, columns: data.columns, folds: FOLDS, grid: GRID, repeats: CALLS, threads });
    if (turn >= 0) theirs[threads].push(...their);
  }
}
const [, best] = Object.entries(theirs).toSorted((a, b) => median(a[1]) - median(b[1]))[0];

const small = rareHigh(5000, 15);
let fits = 0;
const candidates = [smote(), borderlineSmote(), adasyn(), safeLevelSmote(), geometricSmote(), smoteTomek()];
const advice = await timed(() => advise(small, { learner: logistic(), candidates, onPlan: (plan) => (fits = plan.fits) }));

const versions = Object.entries({ node: process.version, ...peer.versions }).map(([name, version]) => `${name} ${version}`);
print("# Benchmark of tuning");
print();
print(
  `${cpus()[0].model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB; ${versions.join(", ")}. Written by \`npm run bench:tuning -- --write\`.`,
);
print();
print(
  `\`tuneSyntheticSize\` of SMOTE and logistic regression, ${GRID.length} sizes × ${FOLDS} folds, 10 000 × 20 with 5 % in the smaller class, beside scikit-learn's \`GridSearchCV\` over imbalanced-learn's pipeline with the same sizes, folds and loss, on one job or two, whichever is faster. In turn, ${CALLS} calls each, in one run, both warm. Milliseconds, median (least–most).`,
);
print();
print("| what | counterpoise | imbalanced-learn and scikit-learn | ratio |\n| --- | --- | --- | --- |");
print(`| the search alone | ${cell(search)} | ${cell(best)} | ${(median(best) / median(search)).toFixed(1)}× |`);
print(`| with baselines (class weights in five strengths, thresholds on inner folds) | ${cell(whole)} | | |`);
print();
print(
  `\`advise\` with six candidates (SMOTE, Borderline-SMOTE, ADASYN, Safe-level-SMOTE, geometric SMOTE, SMOTE-Tomek) on 5000 × 15, defaults, ${fits} fits, first call: ${(advice / 1000).toFixed(1)} s.`,
);
peer.stop();
rmSync(folder, { recursive: true });
if (process.argv.includes("--write")) writeFileSync(join(ROOT, "docs/benchmarks-tuning.md"), `${lines.join("\n").trimEnd()}\n`);
