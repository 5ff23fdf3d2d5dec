/**
 * npm run bench:evaluation [-- --write]: cross-validation of SMOTE and logistic regression beside imbalanced-learn's pipeline in scikit-learn's cross_validate, in the same run, both on two threads.
 * With --write the Markdown also goes to docs/benchmarks-evaluation.md. Peers as for `npm run bench`.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { crossValidate, logistic, smote } from "../dist/index.js";
import { rareHigh } from "./data.js";
import { startPeer } from "./peer.js";
import { cell, median } from "./summary.js";

const ROOT = resolve(import.meta.dirname, "..");
const PYTHON = join(ROOT, "bench/peers/.venv/bin/python");
const [FOLDS, REPEATS, THREADS, TURNS] = [5, 3, 2, 7];
/** Calls of a turn: what idles for seconds, while the other one has its turn, gives up memory and code, and takes some calls to be warm again. */
const CALLS = 8;
/** Calls before it is timed. */
const WARM = 40;
/** The same six, ours and theirs. */
const METRICS = {
  balancedAccuracy: "balanced_accuracy",
  rocAuc: "roc_auc",
  averagePrecision: "average_precision",
  logLoss: "neg_log_loss",
  brier: "neg_brier_score",
  fBeta: "f1",
};

if (!existsSync(PYTHON)) throw new Error("imbalanced-learn is not in bench/peers/.venv; see bench/run.js.");
const peer = await startPeer(PYTHON, [join(ROOT, "bench/peers/imbalanced_learn.py")]);
const folder = mkdtempSync(join(tmpdir(), "counterpoise-bench-"));
const lines = [];
const print = (line = "") => {
  console.log(line);
  lines.push(line);
};

async function measure(data, resample) {
  const [file, labels] = [join(folder, "X.f64"), join(folder, "y.u8")];
  writeFileSync(file, data.X);
  writeFileSync(labels, data.y);
  const options = {
    learner: logistic(),
    ...(resample && { resampler: smote() }),
    folds: FOLDS,
    repeats: REPEATS,
    metrics: Object.keys(METRICS),
  };
  const ours = [];
  // on one job or on two, whichever is faster for them
  const theirs = { 1: [], [THREADS]: [] };
  const start = performance.now();
  await crossValidate(data, options, { threads: THREADS });
  const first = performance.now() - start;
  // until compilers are done with what every part of it takes, and workers are warm
  for (let times = 1; times < WARM; times++) await crossValidate(data, options, { threads: THREADS });
  for (let turn = -1; turn < TURNS; turn++) {
    for (let call = 0; call < CALLS; call++) {
      const before = performance.now();
      const result = await crossValidate(data, options, { threads: THREADS });
      const time = performance.now() - before;
      if (result.candidates[0].errors.some((error) => error !== null)) throw new Error("a fold failed");
      if (turn >= 0) ours.push(time);
    }
    for (const threads of [1, THREADS]) {
      const job = {
        task: "evaluate",
        file,
        labels,
        columns: data.columns,
        resample,
        folds: FOLDS,
        repeats_of_folds: REPEATS,
        repeats: CALLS,
        threads,
      };
      const their = await peer.ask({ ...job, metrics: Object.values(METRICS) });
      if (turn >= 0) theirs[threads].push(...their);
    }
  }
  const [, best] = Object.entries(theirs).toSorted((a, b) => median(a[1]) - median(b[1]))[0];
  return { ours, best, first };
}

const versions = Object.entries({ node: process.version, ...peer.versions }).map(([name, version]) => `${name} ${version}`);
print("# Benchmark of evaluation");
print();
print(
  `${cpus()[0].model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB; ${versions.join(", ")}. Written by \`npm run bench:evaluation -- --write\`.`,
);
print();
print(
  `\`crossValidate\`, ${FOLDS} folds × ${REPEATS} repeats, logistic regression alone and behind SMOTE, six metrics (${Object.keys(METRICS).join(", ")}), on two threads; beside scikit-learn's \`cross_validate\` of imbalanced-learn's pipeline, on one job or two, whichever is faster. In turn, ${CALLS} calls each, in one run, both warm: ours after ${WARM} calls, of which the first is told too, in a process that begins with the first line of the table. Milliseconds, median (least–most).`,
);
print();
print(
  "| rows × columns, 5 % in the smaller class | counterpoise | first call | imbalanced-learn and scikit-learn | ratio |\n| --- | --- | --- | --- | --- |",
);
for (const [n, columns] of [
  [1000, 10],
  [10_000, 20],
]) {
  const data = rareHigh(n, columns);
  for (const resample of [false, true]) {
    const { ours, best, first } = await measure(data, resample);
    print(
      `| ${n} × ${columns}, ${resample ? "SMOTE and logistic" : "logistic"} | ${cell(ours)} | ${first.toFixed(0)} | ${cell(best)} | ${(median(best) / median(ours)).toFixed(1)}× |`,
    );
  }
}
peer.stop();
rmSync(folder, { recursive: true });
if (process.argv.includes("--write")) writeFileSync(join(ROOT, "docs/benchmarks-evaluation.md"), `${lines.join("\n").trimEnd()}\n`);
