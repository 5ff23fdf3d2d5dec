/**
 * npm run study:vtss [-- NAME …] [--write]: the simulated designs of docs/studies/vtss.md, on two processes. Every repetition has a seed of its own and goes to bench/.cache/vtss.jsonl as it is done, so a run
 * that is ended goes on where it was; delete the file to begin anew. Designs whose name begins with a NAME, or all; --write puts what there is into the page.
 */
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const ROOT = resolve(import.meta.dirname, "../../..");
const CACHE = join(ROOT, "bench/.cache");
const PARTS = 2;
const { values, positionals } = parseArgs({ options: { write: { type: "boolean" } }, allowPositionals: true });

mkdirSync(CACHE, { recursive: true });
const programs = ["work", "report"].map((name) => join(import.meta.dirname, `${name}.ts`));
// beside the sources of the library, from which kernels are found
await build({
  entryPoints: programs,
  bundle: true,
  platform: "node",
  format: "esm",
  outdir: CACHE,
  outExtension: { ".js": ".mjs" },
  logLevel: "warning",
});

const results = join(CACHE, "vtss.jsonl");
const run = (...args) =>
  new Promise((done, failed) =>
    spawn(process.execPath, args, { stdio: "inherit" }).on("exit", (code) =>
      code ? failed(new Error(`${args[0]} ended with ${code}`)) : done(),
    ),
  );
await Promise.all(
  Array.from({ length: PARTS }, (_, part) => run(join(CACHE, "work.mjs"), results, String(part), String(PARTS), ...positionals)),
);
await run(join(CACHE, "report.mjs"), results, ...(values.write ? [join(ROOT, "docs/studies/vtss.md")] : []));
