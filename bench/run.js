/**
 * npm run bench: times the built package, and imbalanced-learn beside it in the same run where bench/peers/.venv exists. Prints Markdown; with --write it also goes to
 * docs/benchmarks.md.
 *
 *     python3 -m venv bench/peers/.venv && bench/peers/.venv/bin/pip install -r bench/peers/requirements.txt
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { Bench } from "tinybench";
import { smote } from "../dist/index.js";
import { gaussian } from "./data.js";
import { startPeer } from "./peer.js";
import { cell, median } from "./summary.js";

const ROOT = resolve(import.meta.dirname, "..");
const PYTHON = join(ROOT, "bench/peers/.venv/bin/python");
const DATA = process.env.COUNTERPOISE_DATA ?? resolve(ROOT, "../shared/data");
const folder = mkdtempSync(join(tmpdir(), "counterpoise-bench-"));
const lines = [];
const print = (line = "") => {
  console.log(line);
  lines.push(line);
};

/** Times of a call in milliseconds, after it has run a while. */
async function timesOf(call, repeats) {
  const bench = new Bench({ iterations: repeats, time: 0, warmupIterations: 5, warmupTime: 200, retainSamples: true });
  bench.add("call", call);
  const [{ result }] = await bench.run();
  return [...result.latency.samples];
}

async function smoteTable(peer) {
  print("## smote, end to end");
  print();
  print(
    "`smote().resample({ X, y, columns })`, k = 5, Gaussian columns, the minority doubled beside twice as many majority rows as it ends with.",
  );
  print("Milliseconds, median (least–most); cold is the first call of a new process.");
  print();
  print("| minority rows × columns | counterpoise, one thread | cold | imbalanced-learn, two threads | ratio |");
  print("| --- | --- | --- | --- | --- |");
  for (const minority of [1000, 10_000]) {
    for (const columns of [5, 10, 30, 64]) {
      const X = gaussian(3 * minority, columns);
      const y = new Uint8Array(3 * minority).fill(1, 0, minority);
      const file = join(folder, "X.f64");
      writeFileSync(file, X);
      const repeats = minority === 1000 ? 31 : 11;
      // in turn, so that both meet the same machine
      const theirs = peer ? await peer.ask({ task: "smote", file, columns, minority, repeats: repeats >> 1 }) : [];
      const ours = await timesOf(() => smote().resample({ X, y, columns }, { threads: 1 }), repeats);
      if (peer) theirs.push(...(await peer.ask({ task: "smote", file, columns, minority, repeats: repeats >> 1 })));
      const cold = fresh("cold.js", minority, columns);
      const ratio = peer ? `${(median(theirs) / median(ours)).toFixed(2)}×` : "";
      print(
        `| ${minority} × ${columns} | ${cell(ours)} | ${cold.first.toFixed(1)} | ${peer ? cell(theirs) : "not installed"} | ${ratio} |`,
      );
    }
  }
  print();
}

/** What a script of this folder prints in a new process. */
function fresh(script, ...args) {
  return JSON.parse(execFileSync(process.execPath, [join(ROOT, "bench", script), ...args.map(String)], { encoding: "utf8" }));
}

function startTable() {
  print("## From import to the first result");
  print();
  const runs = Array.from({ length: 15 }, () => fresh("cold.js", 500, 10));
  print("1 000 rows × 10 columns, `import` and `smote` in a new process, milliseconds, median (least–most) of 15:");
  print(
    `import ${cell(runs.map((run) => run.imported))}, first result ${cell(runs.map((run) => run.imported + run.first))}, second call ${cell(runs.map((run) => run.second))}.`,
  );
  print();
}

async function adultTable(peer) {
  const adult = join(DATA, "mixed/adult.csv");
  if (!existsSync(adult)) return print(`The table \`adult\` is not in ${DATA}; its figures are left out.\n`);
  print("## adult: 30 162 rows, 5 numeric and 8 nominal columns");
  print();
  const runs = Array.from({ length: 5 }, () => fresh("adult.js", adult));
  print(
    `\`smote\` on the whole table, scale "none", in a new process: ${cell(runs.map((run) => run.first))} ms, again ${cell(runs.map((run) => run.second))} ms,`,
  );
  print(`peak memory of the process ${Math.max(...runs.map((run) => run.megabytes)).toFixed(0)} MB, reading the CSV included.`);
  if (peer) {
    const [header, ...rows] = readFileSync(adult, "utf8").trim().split("\n");
    const nominal = header
      .split(",")
      .slice(0, -1)
      .flatMap((_, c) => (Number.isNaN(Number(rows[0].split(",")[c])) ? [c] : []));
    const file = join(folder, "adult.csv");
    writeFileSync(file, rows.join("\n"));
    const theirs = await peer.ask({ task: "smotenc", file, nominal, repeats: 3 });
    print(
      `imbalanced-learn's SMOTENC in the same run: ${cell(theirs)} ms, ${(median(theirs) / median(runs.map((run) => run.second))).toFixed(1)}× as long.`,
    );
  }
  print();
}

/** A CSV larger than is wise to hold in memory. */
function csvTable() {
  print("## A CSV of 1 GB, 1 % of its rows in the smaller class");
  print();
  print("`counterpoise balance payments.csv --target fraud --strategy …`: 12 columns, in a new process; MB/s of what is read and written.");
  print();
  print("| strategy | read | written | seconds | read | read and written | peak memory |");
  print("| --- | --- | --- | --- | --- | --- | --- |");
  process.env.COUNTERPOISE_CSV = folder;
  for (const strategy of ["0.1", "auto"]) {
    const { seconds, peak, read, written } = fresh("csv.js", 1000, strategy);
    const rate = (megabytes) => `${(megabytes / seconds).toFixed(0)} MB/s`;
    print(
      `| ${strategy} | ${read.toFixed(0)} MB | ${written.toFixed(0)} MB | ${seconds.toFixed(1)} | ${rate(read)} | ${rate(read + written)} | ${peak.toFixed(0)} MB |`,
    );
  }
  print();
}

const peer = existsSync(PYTHON) ? await startPeer(PYTHON, [join(ROOT, "bench/peers/imbalanced_learn.py")]) : undefined;
print("# Benchmarks");
print();
const versions = Object.entries({ node: process.version, ...peer?.versions }).map(([name, version]) => `${name} ${version}`);
print(
  `${cpus()[0].model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB; ${versions.join(", ")}. Written by \`npm run bench -- --write\`.`,
);
print();
await smoteTable(peer);
startTable();
await adultTable(peer);
peer?.stop();
csvTable();
rmSync(folder, { recursive: true });
if (process.argv.includes("--write")) writeFileSync(join(ROOT, "docs/benchmarks.md"), `${lines.join("\n").trimEnd()}\n`);
