/** Times nearestNeighbors of the built package. Started by crew.js, in a new process for each cell so that peak memory is the cell's. */
import { readFileSync, writeFileSync } from "node:fs";
import { nearestNeighbors } from "../../dist/index.js";
import { gaussian } from "../data.js";
import { readRows } from "../rows.js";
import { serve, timed } from "../serve.js";

let data;
function load({ file, columns }) {
  data = { X: readRows(file), columns };
  return { before: peak() };
}

/** Workers end after ten idle seconds, which others take for their turns: they are started again before anything is timed. */
async function warm(threads) {
  const table = { X: gaussian(20_000, 10), columns: 10 };
  for (let i = 0; i < 3; i++) await nearestNeighbors(table, { algorithm: "exhaustive" }, { threads });
}

async function time({ method, threads, k, repeats, rows = Infinity, out }) {
  const { X, columns } = data;
  if (threads > 1) await warm(threads);
  const options = { kNeighbors: k, ...(method === "default" ? {} : { algorithm: method }) };
  const run = threads === undefined ? undefined : { threads };
  const part = { X: rows * columns < X.length ? X.slice(0, rows * columns) : X, columns };
  const { times, result } = await timed(() => nearestNeighbors(part, options, run), repeats);
  if (out) {
    writeFileSync(out, result.indices);
    writeFileSync(`${out}.distances`, result.distances);
  }
  return { times, peak: peak() };
}

/** Megabytes this process ever held. A process on Linux begins with its parent's `maxRSS`; what the kernel tells of its own memory begins anew. */
function peak() {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS / 1024;
  return Number(/VmHWM:\s*(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024;
}

/** What this build can be asked for: whether it takes `threads`, and which algorithms. An error for a wrong one names those there are. */
async function abilities() {
  const table = { X: gaussian(10, 2), columns: 2 };
  const refusal = (options, run) => nearestNeighbors(table, { kNeighbors: 1, ...options }, run).then(() => "", String);
  const threads = (await refusal({}, { threads: 2 })) === "";
  const words = /needs one of (.*)/.exec(await refusal({ algorithm: "" }))?.[1] ?? "";
  return { threads, algorithms: [...words.matchAll(/"([^"]+)"/g)].map(([, word]) => word) };
}

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
await serve({ counterpoise: version, node: process.version }, { load, time, abilities });
