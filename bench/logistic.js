/**
 * node bench/logistic.js [--turns 15]: logistic regression of 100 000 rows of 20 columns beside scikit-learn's solvers, each at the loosest of its tolerances (powers of ten) at which no entry of the gradient of the mean loss is above
 * 1e-6. They take turns, so that what else the machine does meets all alike; medians and least times, on the clock and of the processors. Then 16 000 rows, begun from a model of 200 fewer. Peers as for `npm run bench`.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { gaussian, uniform } from "./data.js";
import { startPeer } from "./peer.js";
import { median } from "./summary.js";

const { logistic } = await import("../dist/index.js");
const { values } = parseArgs({ options: { turns: { type: "string", default: "15" } } });
const turns = Number(values.turns);
const D = 20;
const CLOSE = 1e-6;

function rowsOf(n) {
  const X = gaussian(n, D, 3);
  const unit = uniform(5);
  const y = Uint8Array.from({ length: n }, (_, i) => {
    let odds = -2;
    for (let c = 0; c < D; c++) odds += (c % 2 ? 0.5 : -0.3) * X[i * D + c];
    return unit() < 1 / (1 + Math.exp(-odds)) ? 1 : 0;
  });
  return { X, y, columns: D };
}

/** The largest entry of the gradient of the mean loss, C = 1. */
function gradientAt({ X, y }, coefficients, intercept) {
  const sums = new Float64Array(D + 1);
  for (let i = 0; i < y.length; i++) {
    let odds = intercept;
    for (let c = 0; c < D; c++) odds += coefficients[c] * X[i * D + c];
    const residual = 1 / (1 + Math.exp(-odds)) - y[i];
    for (let c = 0; c < D; c++) sums[c] += residual * X[i * D + c];
    sums[D] += residual;
  }
  for (let c = 0; c < D; c++) sums[c] += coefficients[c];
  return Math.max(...sums.map(Math.abs)) / y.length;
}

async function ours(data, tolerance, training) {
  const [begun, worked] = [performance.now(), process.cpuUsage()];
  const { coefficients } = await logistic({ tolerance }).fit(data, training);
  const { user, system } = process.cpuUsage(worked);
  return {
    wall: performance.now() - begun,
    cpu: (user + system) / 1e3,
    coefficients: coefficients.values,
    intercept: coefficients.intercepts[0],
  };
}

const told = (name, runs) => {
  const of = (what) => runs.map((run) => run[what]);
  const text = ["wall", "cpu"].map((what) => `${what} ${median(of(what)).toFixed(1)} ms (least ${Math.min(...of(what)).toFixed(1)})`);
  console.log(`${name}: ${text.join(", ")}`);
};

console.log(`${cpus().length} × ${cpus()[0].model}, Node ${process.version}`);
const data = rowsOf(100_000);
const peer = await startPeer(resolve(import.meta.dirname, "peers/.venv/bin/python"), [resolve(import.meta.dirname, "peers/logistic.py")]);
const contenders = { counterpoise: (tolerance) => ours(data, tolerance) };
if (peer) {
  console.log(JSON.stringify(peer.versions));
  const folder = mkdtempSync(join(tmpdir(), "counterpoise-"));
  const job = { task: "load", d: D, X: join(folder, "X"), y: join(folder, "y") };
  writeFileSync(job.X, data.X);
  writeFileSync(job.y, data.y);
  await peer.ask(job);
  rmSync(folder, { recursive: true });
  for (const solver of ["lbfgs", "newton-cholesky"]) contenders[solver] = (tol) => peer.ask({ task: "fit", solver, tol });
} else console.log("scikit-learn is not there: bench/peers/.venv is missing.");

const tolerances = {};
for (const [name, fit] of Object.entries(contenders)) {
  for (let tolerance = 0.1; ; tolerance /= 10) {
    const { coefficients, intercept } = await fit(tolerance);
    const gradient = gradientAt(data, coefficients, intercept);
    if (gradient > CLOSE) continue;
    tolerances[name] = tolerance;
    console.log(`${name} at tolerance ${tolerance.toPrecision(1)}: gradient ${gradient.toExponential(1)}`);
    break;
  }
}
const runs = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
for (let turn = 0; turn < turns; turn++) for (const [name, fit] of Object.entries(contenders)) runs[name].push(await fit(tolerances[name]));
peer?.stop();
for (const [name, own] of Object.entries(runs)) told(name, own);
for (const name of Object.keys(runs).slice(1)) {
  const ratio = (what) => median(runs[name].map((run, turn) => run[what] / runs.counterpoise[turn][what])).toFixed(2);
  console.log(`${name} / counterpoise, turn by turn: wall ${ratio("wall")}, cpu ${ratio("cpu")}`);
}

const some = rowsOf(16_000);
const warmStart = await logistic().fit({ X: some.X.slice(0, 15_800 * D), y: some.y.slice(0, 15_800), columns: D });
for (const [name, training] of Object.entries({ "16 000 rows": {}, "16 000 rows from a model of 15 800": { warmStart } })) {
  const own = [];
  for (let turn = 0; turn < 5 * turns; turn++) own.push(await ours(some, 1e-6, training));
  told(name, own);
}
