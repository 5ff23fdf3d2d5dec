/**
 * npm run bench:neighbors [-- NAME …] [--write] [--resume] [--huge]: times the exact self search of the built package, k = 5, beside peers in the same run. Cells whose name contains
 * a NAME, or all; with --write, and all of them, the Markdown also goes to docs/benchmarks-neighbors.md. --resume keeps the cells that a run of the same build has finished, --huge
 * adds one of a million rows. Peers are installed into bench/peers; real tables are read from COUNTERPOISE_DATA, by default ../shared/data.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { openCache } from "./cache.js";
import { allCells, hugeCell } from "./cells.js";
import { contendersOf, ourColumns, PEERS } from "./contenders.js";
import { startCrew } from "./crew.js";
import { installPeers } from "./install.js";
import { measureCell } from "./measure.js";
import { page } from "./report.js";

const PAGE = resolve(import.meta.dirname, "../../docs/benchmarks-neighbors.md");
const HUGE_LIMIT = 3_600_000;

const flag = { type: "boolean", default: false };
const { values, positionals } = parseArgs({ options: { write: flag, resume: flag, huge: flag }, allowPositionals: true });
if (values.write && positionals.length) {
  console.error("--write needs all cells; leave the names out.");
  process.exit(2);
}

installPeers();
const folder = mkdtempSync(join(tmpdir(), "counterpoise-bench-"));
const cache = openCache(values.resume);
const crew = startCrew();
const own = ourColumns(await (await crew.get("counterpoise, 1")).ask({ task: "abilities" }));
const records = [];
try {
  const wanted = allCells().filter(({ name }) => !positionals.length || positionals.some((part) => name.includes(part)));
  for (const cell of wanted) await include(cell, [...own, ...PEERS].flatMap(contendersOf), {});
  if (values.huge) await include(hugeCell(), patient(own), { turns: 0 });
} finally {
  crew.stop();
  rmSync(folder, { recursive: true });
}
const text = page(records, own, PEERS);
console.log(text);
if (values.write) writeFileSync(PAGE, text);

/** Ours alone, with an hour for a call. */
function patient(columns) {
  const alone = columns.filter(({ variant }) => !variant).flatMap(contendersOf);
  return alone.map((contender) => ({ ...contender, limit: HUGE_LIMIT }));
}

/** Adds the cell's record, measured now unless a run before has it. */
async function include(cell, contenders, how) {
  const record = cache.get(cell.name) ?? (await measure(cell, contenders, how));
  if (!record) return console.error(`${cell.name}: its table is not here; it is left out`);
  records.push(record);
}

async function measure({ name, shape, tenth, make }, contenders, how) {
  const file = join(folder, "rows.f64");
  const start = performance.now();
  const made = await make(crew, file);
  if (!made) return undefined;
  const table = { name, file, ...made, n: made.X.length / made.columns };
  writeFileSync(file, made.X);
  crew.use(file, made.columns);
  const outcomes = await measureCell(table, contenders, crew, { tenth: cache.get(tenth)?.outcomes, ...how });
  const record = { name, shape, n: table.n, columns: table.columns, load: loadavg()[0], versions: { ...crew.versions }, outcomes };
  cache.set(record);
  console.error(`${name}: ${((performance.now() - start) / 1000).toFixed(1)} s, load ${record.load.toFixed(1)}`);
  return record;
}
