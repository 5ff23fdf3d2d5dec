/**
 * npm run test:runtimes [-- NAME …] [--write]: packs the package, installs it in an empty folder, and runs it in every runtime named, or in all. Prints a Markdown table; with
 * --write, and all runtimes, it also goes to docs/runtimes.md. Exits with 1 if any row failed; a row that cannot run has failed.
 */
import { rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { chromium, firefox } from "./browsers.js";
import { bundlers } from "./bundlers.js";
import { edge } from "./edge-runtime.js";
import { judge } from "./judge.js";
import { packed } from "./pack.js";
import { bun, deno, node } from "./processes.js";
import { installTools } from "./tools.js";
import { packaging, types } from "./types.js";
import { workerd } from "./workerd.js";

const ROOT = resolve(import.meta.dirname, "../..");
const PAGE = join(ROOT, "docs/runtimes.md");
const MOST_MS = 180_000;
/** Each makes rows: { runtime, run }, where run gives { version, report, result, cold }, see judge.js. */
const GROUPS = { node, deno, bun, workerd, edge, chromium, firefox, bundlers, types, packaging };

const { values, positionals } = parseArgs({ options: { write: { type: "boolean", default: false } }, allowPositionals: true });
const unknown = positionals.filter((name) => !Object.hasOwn(GROUPS, name));
if (unknown.length || (values.write && positionals.length)) {
  console.error(
    unknown.length
      ? `There is no runtime ${unknown.join(", ")}; there are ${Object.keys(GROUPS).join(", ")}.`
      : "--write needs all runtimes; leave the names out.",
  );
  process.exit(2);
}

installTools();
const place = packed(ROOT);
const lines = ["| Runtime | Version | Result | Cold ms |", "| --- | --- | --- | --- |"];
console.log(lines.join("\n"));
const failures = [];
let passed = 0;
for (const name of positionals.length ? positionals : Object.keys(GROUPS)) {
  for (const { runtime, run } of GROUPS[name](place)) {
    const { cells, failure } = await within(run, MOST_MS).then((outcome) => judge(outcome, place.expected), refused);
    if (failure) failures.push(`${runtime}: ${failure}`);
    else passed++;
    const line = `| ${[runtime, ...cells].join(" | ")} |`;
    lines.push(line);
    console.log(line);
  }
}
rmSync(place.folder, { recursive: true, force: true });
for (const failure of failures) console.error(`\n${failure}`);
console.log(`\n${passed} passed, ${failures.length} failed`);
if (values.write && !failures.length) writeFileSync(PAGE, page(lines));
process.exit(failures.length ? 1 : 0);

function refused(error) {
  return { cells: ["", "failed", ""], failure: error.stack ?? String(error) };
}

async function within(run, ms) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${ms / 1000} seconds`)), ms);
  });
  try {
    return await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function page(table) {
  return `# Runtimes

\`npm run test:runtimes -- --write\` packs the package, installs it in an empty folder and writes this page. Every row with a hash made the bytes of
\`test/golden/fingerprint.json\` (its first 8 digits are shown), and threw one \`InputError\` from both entries. Cold: milliseconds from importing the package, in a new process or
page, to the first \`smote\` result on 1 000 rows of 10 columns; one run each, on ${cpus().length} cores of ${cpus()[0].model.trim()}, so read them as orders of magnitude. A service worker's begin when it
starts; workerd's are read on its own clock, which moves between events only, and contain one timer of about a millisecond. For examples/edge it is the time from importing
the worker, generator included, to its first answer of 100 rows: the median of 5 starts of workerd.

${table.join("\n")}
`;
}
