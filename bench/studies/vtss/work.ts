/* Does every other job, or all: node work.mjs FILE PART PARTS [NAME …]. One line of JSON a job goes to FILE; jobs whose line is there are not done again. */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { Numbers } from "../../../test/support/numbers";
import { allJobs } from "./jobs";

const [file, part, parts, ...names] = process.argv.slice(2) as [string, string, string, ...string[]];
const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
const done = new Set(
  lines.map((line) => JSON.parse(line) as { name: string; repeat: number }).map(({ name, repeat }) => `${name} #${repeat}`),
);
const jobs = allJobs().filter(({ name }) => names.length === 0 || names.some((wanted) => name.startsWith(wanted)));

/** FNV-1a: every job has a seed of its own. */
function seedOf(text: string): number {
  let hash = 2166136261;
  for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0)!, 16777619);
  return hash >>> 0;
}

for (const [k, { name, repeat, run }] of jobs.entries()) {
  const key = `${name} #${repeat}`;
  if (k % Number(parts) !== Number(part) || done.has(key)) continue;
  const start = performance.now();
  const found = await run(new Numbers(seedOf(key)));
  appendFileSync(file, `${JSON.stringify({ name, repeat, seconds: (performance.now() - start) / 1000, ...found })}\n`);
}
