/**
 * node bench/csv.js MEGABYTES STRATEGY: balances a generated CSV of payments, 1 % of them fraud, from the command line in a new process; prints seconds, peak memory and sizes.
 * The file is kept in the folder given by COUNTERPOISE_CSV, or made in a temporary one.
 */
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { uniform } from "./data.js";

const [megabytes = "1000", strategy = "0.1"] = process.argv.slice(2);
const folder = process.env.COUNTERPOISE_CSV ?? mkdtempSync(join(tmpdir(), "counterpoise-bench-"));
const input = join(folder, `payments-${megabytes}.csv`);
const output = join(folder, "balanced.csv");
const cli = resolve(import.meta.dirname, "../dist/cli.js");

function payments(unit, i) {
  const fraud = unit() < 0.01;
  const city = ["Berlin", "Paris", "Rome", "Madrid", "Lisbon", "Vienna"][Math.floor(unit() * 6)];
  const channel = ["web", "app", "shop"][Math.floor(unit() * 3)];
  const amount = (unit() * 1000 * (fraud ? 3 : 1)).toFixed(2);
  const balance = unit() < 0.03 ? "" : (unit() * 10000 - 2000).toFixed(2);
  const [age, days] = [18 + Math.floor(unit() * 60), Math.floor(unit() * 365)];
  const shares = [unit() + (fraud ? 0.5 : 0), unit(), unit() - unit(), unit() * unit()].map((share) => share.toFixed(5));
  return `T${i},${amount},${age},${balance},${days},${city},${channel},${shares.join()},${fraud ? "yes" : "no"}\n`;
}

if (!existsSync(input)) {
  const unit = uniform(7);
  const file = openSync(input, "w");
  writeSync(file, "id,amount,age,balance,days,city,channel,s1,s2,s3,s4,fraud\n");
  for (let i = 0, written = 0; written < Number(megabytes) * 1e6;) {
    const lines = Array.from({ length: 5000 }, () => payments(unit, i++)).join("");
    written += writeSync(file, lines);
  }
  closeSync(file);
}
// prints the peak in the process that is measured
const watch = `data:text/javascript,process.on("exit",()=>process.stderr.write("\\npeak "+process.resourceUsage().maxRSS+"\\n"))`;
const start = performance.now();
const args = ["--import", watch, cli, "balance", input, "--target", "fraud", "--strategy", strategy, "-o", output, "--json"];
const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
const seconds = (performance.now() - start) / 1000;
if (status !== 0) throw new Error(stderr);
const size = (path) => statSync(path).size / 1e6;
console.log(JSON.stringify({ seconds, peak: Number(/peak (\d+)/.exec(stderr)[1]) / 1e3, read: size(input), written: size(output) }));
rmSync(output);
if (!process.env.COUNTERPOISE_CSV) rmSync(folder, { recursive: true });
