/**
 * npm run bench:methods [-- NAME …] [--write]: whole methods of the built package beside imbalanced-learn's, in the same run, both on two threads. Methods or tables whose name contains a NAME, or
 * all; with --write, and all of them, the Markdown also goes to docs/benchmarks-methods.md. Peers as for `npm run bench`; real tables are read from COUNTERPOISE_DATA.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import Papa from "papaparse";
import { gaussian, rank5, uniform } from "./data.js";
import { startPeer } from "./peer.js";
import { cell, geometricMean, median } from "./summary.js";

const library = await import("../dist/index.js");
const ROOT = resolve(import.meta.dirname, "..");
const PYTHON = join(ROOT, "bench/peers/.venv/bin/python");
const DATA = process.env.COUNTERPOISE_DATA ?? resolve(ROOT, "../shared/data");
const THREADS = 2;
/** A call of the peer that takes longer is ended, and counts as that long at least. */
const LIMIT = 20_000;
/** Calls of ours that do not count, at most, and for how long. */
const [WARM, WARM_MILLISECONDS] = [40, 1500];
/** First calls below which a turn has three. */
const SHORT = 200;

/** Ours, the peer's class, and its arguments. `most`: rows beyond which they are not asked; `wide`: also on large tables of full rank, which take minutes. */
const METHODS = [
  { name: "smote", wide: true, peer: "SMOTE" },
  { name: "borderlineSmote", wide: true, peer: "BorderlineSMOTE" },
  { name: "adasyn", wide: true, peer: "ADASYN" },
  { name: "kmeansSmote", wide: true, peer: "KMeansSMOTE", params: { cluster_balance_threshold: 0.01 }, options: { minShare: 0.01 } },
  { name: "svmSmote", peer: "SVMSMOTE", most: 20_000 },
  { name: "tomekLinks", peer: "TomekLinks" },
  { name: "editedNearestNeighbors", peer: "EditedNearestNeighbours" },
  { name: "repeatedEditedNearestNeighbors", peer: "RepeatedEditedNearestNeighbours" },
  { name: "allKnn", peer: "AllKNN" },
  { name: "neighborhoodCleaningRule", peer: "NeighbourhoodCleaningRule" },
  { name: "condensedNearestNeighbor", peer: "CondensedNearestNeighbour", most: 20_000 },
  { name: "oneSidedSelection", peer: "OneSidedSelection", most: 40_000 },
  { name: "nearMiss", peer: "NearMiss" },
];

/** Tables: { name, kind, make }, of which 5 % are in the smaller class: those highest in the first column and some noise. */
const TABLES = [
  made("Gaussian", gaussian, 20_000, 10),
  made("Gaussian", gaussian, 100_000, 20),
  made("rank 5", rank5, 100_000, 20),
  made("Gaussian", gaussian, 100_000, 50),
  { name: "adult, its numeric columns", kind: "real", make: adult },
];

function made(kind, draw, n, columns) {
  const make = () => {
    const X = draw(n, columns);
    const unit = uniform(7);
    const scores = Float64Array.from({ length: n }, (_, i) => X[i * columns] + unit() + unit() - 1);
    const border = scores.toSorted()[Math.floor(0.95 * n)];
    return { X, columns, y: Uint8Array.from(scores, (score) => Number(score >= border)) };
  };
  return { name: `${kind} ${n} × ${columns}`, kind, make };
}

function adult() {
  const file = join(DATA, "mixed/adult.csv");
  if (!existsSync(file)) return undefined;
  const [header, ...rows] = Papa.parse(readFileSync(file, "utf8"), { skipEmptyLines: true }).data;
  const isNumber = (text) => text.trim() !== "" && Number.isFinite(Number(text));
  const numeric = header.flatMap((_, c) => (c < header.length - 1 && rows.every((row) => isNumber(row[c])) ? [c] : []));
  const labels = [...new Set(rows.map((row) => row.at(-1)))];
  const X = Float64Array.from(rows.flatMap((row) => numeric.map((c) => Number(row[c]))));
  return { X, columns: numeric.length, y: Uint8Array.from(rows, (row) => labels.indexOf(row.at(-1))) };
}

const { values, positionals } = parseArgs({ options: { write: { type: "boolean", default: false } }, allowPositionals: true });
if (values.write && positionals.length) {
  console.error("--write needs everything; leave the names out.");
  process.exit(2);
}
const wanted = (name) => positionals.length === 0 || positionals.some((part) => name.includes(part));
const folder = mkdtempSync(join(tmpdir(), "counterpoise-bench-"));
const start = () => startPeer(PYTHON, [join(ROOT, "bench/peers/imbalanced_learn.py")]);
let peer = existsSync(PYTHON) ? await start() : undefined;
if (!peer) throw new Error("imbalanced-learn is not in bench/peers/.venv; see bench/run.js.");

/** Times of both on one table, in turn; what is short is called three times a turn. Before that, ours until compilers are done with it, and theirs once. */
async function measure({ name, peer: theirName, params, options, most = Infinity, wide }, { X, y, columns }, files, kind) {
  const n = y.length;
  const method = library[name]?.(options);
  if (!method || n > most || (!wide && kind === "Gaussian" && n > 20_000)) return undefined;
  const call = async () => {
    const before = performance.now();
    await method.resample({ X, y, columns }, { threads: THREADS });
    return performance.now() - before;
  };
  const first = await call();
  for (let spent = first, times = 1; times < WARM && spent < WARM_MILLISECONDS; times++) spent += await call();
  const calls = first < SHORT ? 3 : 1;
  const job = { task: "resample", name: theirName, params, columns, ...files, repeats: calls, threads: THREADS };
  const ask = async () => {
    const answer = await peer.ask(job, LIMIT);
    if (!answer) peer = await start();
    return answer;
  };
  let late = !(await ask());
  let theirs = [];
  const ours = [];
  const turns = Math.max(2, Math.min(7, Math.floor(2000 / first)));
  for (let turn = 0; turn < turns; turn++) {
    if (!late && (theirs.length < 2 || median(theirs) * theirs.length < 6_000)) {
      const answer = await ask();
      if (answer) theirs.push(...answer);
      late = !answer;
    }
    for (let times = 0; times < calls; times++) ours.push(await call());
  }
  if (late) theirs = [LIMIT];
  return { ours, theirs, late, first };
}

const lines = [];
const print = (line = "") => {
  console.log(line);
  lines.push(line);
};
const versions = Object.entries({ node: process.version, ...peer.versions }).map(([name, version]) => `${name} ${version}`);
print("# Benchmarks of methods");
print();
print(
  `${cpus()[0].model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB; ${versions.join(", ")}. Written by \`npm run bench:methods -- --write\`.`,
);
print();
print(
  `\`method().resample({ X, y, columns })\` with default options, on two threads, beside imbalanced-learn with neighbors on two jobs, in turn, in one run, both warm: ours after ${WARM} calls or ${WARM_MILLISECONDS / 1000} s of them, of which the first is told too. Milliseconds, median (least–most).`,
);
const ratios = {};
for (const { name, kind, make } of TABLES) {
  const table = make();
  if (!table) {
    print(`\n${name} is not in the data folder; its figures are left out.`);
    continue;
  }
  const files = { file: join(folder, "X.f64"), labels: join(folder, "y.u8") };
  writeFileSync(files.file, table.X);
  writeFileSync(files.labels, table.y);
  print(`\n## ${name}\n\n| method | counterpoise | first call | imbalanced-learn | ratio |\n| --- | --- | --- | --- | --- |`);
  for (const method of METHODS.filter((each) => wanted(each.name) || wanted(name))) {
    const times = await measure(method, table, files, kind);
    if (!times) continue;
    const ratio = median(times.theirs) / median(times.ours);
    (ratios[method.name] ??= []).push({ kind, ratio });
    const theirs = times.late ? `> ${LIMIT / 1000} s` : cell(times.theirs);
    print(
      `| ${method.name} | ${cell(times.ours)} | ${times.first.toFixed(0)} | ${theirs} | ${times.late ? "> " : ""}${ratio.toFixed(1)}× |`,
    );
  }
}
print("\n## Geometric means\n\n| method | full rank | rank 5 and real | least |\n| --- | --- | --- | --- |");
for (const [name, all] of Object.entries(ratios)) {
  const mean = (some) => (some.length ? `${geometricMean(some.map(({ ratio }) => ratio)).toFixed(1)}×` : "");
  const full = all.filter(({ kind }) => kind === "Gaussian");
  print(
    `| ${name} | ${mean(full)} | ${mean(all.filter((one) => !full.includes(one)))} | ${Math.min(...all.map(({ ratio }) => ratio)).toFixed(1)}× |`,
  );
}
peer.stop();
rmSync(folder, { recursive: true });
if (values.write) writeFileSync(join(ROOT, "docs/benchmarks-methods.md"), `${lines.join("\n").trimEnd()}\n`);
