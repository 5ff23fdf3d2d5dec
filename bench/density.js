/**
 * npm run bench:density [-- --write]: densities, discrepancies and KOTARO of the built package beside scipy, scikit-learn and numpy, in turn, in the same run. With --write the Markdown also goes to
 * docs/benchmarks-density.md. Peers as for `npm run bench`.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { kde, kotaro, mmd, mmdTest } from "../dist/index.js";
import { gaussian } from "./data.js";
import { startPeer } from "./peer.js";
import { cell, median } from "./summary.js";

const ROOT = resolve(import.meta.dirname, "..");
const PYTHON = join(ROOT, "bench/peers/.venv/bin/python");
const REPEATS = 3;
const THREADS = 2;

const one = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
const peer = existsSync(PYTHON) ? await startPeer(PYTHON, [join(ROOT, "bench/peers/density.py")], one) : undefined;
if (!peer) throw new Error("Peers are not in bench/peers/.venv; see bench/run.js.");
const folder = mkdtempSync(join(tmpdir(), "counterpoise-bench-"));
const lines = [];
const print = (line = "") => {
  console.log(line);
  lines.push(line);
};

const file = (name, values) => {
  const path = join(folder, name);
  writeFileSync(path, values);
  return path;
};

/** Milliseconds of a call of ours and of each peer's job, in turn, after one that does not count. */
async function measure(call, jobs, repeats = REPEATS) {
  await call();
  const ours = [];
  const theirs = jobs.map(() => []);
  for (let turn = 0; turn < repeats; turn++) {
    const before = performance.now();
    await call();
    ours.push(performance.now() - before);
    for (const [j, { once, ...job }] of jobs.entries())
      if (!once || turn === 0) theirs[j].push(...(await peer.ask({ repeats: 1, ...job })));
  }
  return { ours, theirs };
}

/** Ratio of each turn: what else the machine does then is the same for both. */
function ratio(theirs, ours) {
  return median(theirs.map((time, turn) => time / ours[turn])).toFixed(1);
}

print("# Benchmarks of densities");
print();
const versions = Object.entries({ node: process.version, ...peer.versions }).map(([name, version]) => `${name} ${version}`);
print(
  `${cpus()[0].model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB; ${versions.join(", ")}. Written by \`npm run bench:density -- --write\`.`,
);
print();
print(
  `Milliseconds, median (least–most) of ${REPEATS} turns, of mmd 9; how many times as long a peer takes, median over turns; scikit-learn in the first turn only. Densities of ours by one thread and by ${THREADS}, mmd by ${THREADS}; the peers know no threads there. All else by one thread each.`,
);
print();
print("## Densities of 20 000 normal rows at 20 000 others");
print();
print(
  "| columns | tolerance | one thread | counterpoise | scipy | ratio | scikit-learn, rtol 0 | ratio |\n| --- | --- | --- | --- | --- | --- | --- | --- |",
);
for (const d of [2, 10, 50]) {
  const [X, Q] = [gaussian(20_000, d, 1), gaussian(20_000, d, 2)];
  const files = { X: file("X", X), Q: file("Q", Q), columns: d };
  for (const tolerance of [0, 1e-6]) {
    const density = await kde({ tolerance }).fit({ X, columns: d });
    const jobs = [{ task: "scipy", ...files }, ...(tolerance ? [] : [{ task: "sklearn", once: true, ...files }])];
    const asked = (threads) => density.logDensity({ X: Q, columns: d }, { threads });
    // until workers have started, calls go on alone
    for (let times = 0; times < 2; times++) await asked(THREADS);
    const alone = await measure(() => asked(1), []);
    const { ours, theirs } = await measure(() => asked(THREADS), jobs);
    const learned = theirs[1] ? `${cell(theirs[1])} | ${ratio(theirs[1], ours)}×` : " | ";
    print(`| ${d} | ${tolerance} | ${cell(alone.ours)} | ${cell(ours)} | ${cell(theirs[0])} | ${ratio(theirs[0], ours)}× | ${learned} |`);
  }
}
print();
print("## Discrepancies");
print();
print("| what | counterpoise | peer | ratio |\n| --- | --- | --- | --- |");
{
  const [a, b] = [gaussian(5000, 2, 1), gaussian(5000, 2, 2)];
  const job = { task: "mmd", X: file("X", a), Q: file("Q", b), columns: 2 };
  const call = () => mmd({ X: a, columns: 2 }, { X: b, columns: 2 }, { bandwidth: 1, estimator: "biased" }, { threads: THREADS });
  for (let times = 0; times < 4; times++) await call();
  const { ours, theirs } = await measure(call, [job], 9);
  print(`| mmd of 5000 and 5000 rows, 2 columns; scipy's cdist | ${cell(ours)} | ${cell(theirs[0])} | ${ratio(theirs[0], ours)}× |`);
}
{
  const [a, b] = [gaussian(1000, 10, 1), gaussian(1000, 10, 2)];
  const { ours } = await measure(() => mmdTest({ X: a, columns: 10 }, { X: b, columns: 10 }), []);
  print(`| mmdTest of 1000 and 1000 rows, 10 columns, 1000 permutations | ${cell(ours)} | | |`);
}
print();
print("## KOTARO");
print();
print("| what | counterpoise | numpy.linalg.solve of as many equations | time relative to it |\n| --- | --- | --- | --- |");
{
  const n = 3000;
  const X = gaussian(n, 8, 3);
  const y = Uint8Array.from({ length: n }, (_, i) => Number(X[8 * i] > 1));
  const job = { task: "solve", X: file("A", gaussian(n, n, 4)), n };
  const { ours, theirs } = await measure(() => kotaro().fit({ X, y, columns: 8 }), [job]);
  print(
    `| kotaro().fit of ${n} rows of 8 columns, neighbors and kernels counted in | ${cell(ours)} | ${cell(theirs[0])} | ${(1 / Number(median(theirs[0].map((time, turn) => time / ours[turn])))).toFixed(1)}× |`,
  );
}
peer.stop();
rmSync(folder, { recursive: true });
if (process.argv.includes("--write")) writeFileSync(join(ROOT, "docs/benchmarks-density.md"), `${lines.join("\n").trimEnd()}\n`);
