/** Outcomes of finished cells, one line of JSON each, so that a run that was stopped can go on. */
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");
const FOLDER = join(ROOT, "bench/.cache");
const FILE = join(FOLDER, "neighbors.jsonl");

/** Records by cell; with `resume` those of the file that were measured with this build and these peers. */
export function openCache(resume) {
  const build = hashOfBuild();
  if (!resume) rmSync(FILE, { force: true });
  mkdirSync(FOLDER, { recursive: true });
  const lines = existsSync(FILE) ? readFileSync(FILE, "utf8").trim().split("\n") : [];
  const all = lines.filter(Boolean).map((line) => JSON.parse(line));
  const records = new Map(all.filter((record) => record.build === build).map((record) => [record.name, record]));
  return {
    get: (name) => records.get(name),
    set(record) {
      records.set(record.name, record);
      appendFileSync(FILE, `${JSON.stringify({ build, ...record })}\n`);
    },
  };
}

function hashOfBuild() {
  const hash = createHash("sha256").update(process.version);
  const built = readdirSync(join(ROOT, "dist"), { recursive: true, encoding: "utf8" }).filter((name) => /\.(js|wasm)$/.test(name));
  const peers = readdirSync(join(ROOT, "bench/peers")).filter((name) => /\.(txt|py|js|json)$/.test(name));
  for (const name of built.toSorted()) hash.update(readFileSync(join(ROOT, "dist", name)));
  for (const name of peers.toSorted()) hash.update(readFileSync(join(ROOT, "bench/peers", name)));
  return hash.digest("hex").slice(0, 16);
}
