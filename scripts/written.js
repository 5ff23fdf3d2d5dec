/** Files of the repository that scripts write: with --check they are compared instead, for tests. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The catalogue of methods as the built command line tells it. */
export function catalogue() {
  const { stdout, stderr, status } = spawnSync(process.execPath, [`${ROOT}dist/cli.js`, "methods", "--json"], { encoding: "utf8" });
  if (status !== 0) throw new Error(`dist/cli.js tells no methods; npm run build first. ${stderr}`);
  return JSON.parse(stdout);
}

/** Writes texts by path below the root, or says which differ from what is there. Of `folder` nothing else remains. */
export function written(texts, folder) {
  const check = process.argv.includes("--check");
  const paths = Object.keys(texts);
  const present = folder ? readdirSync(`${ROOT}${folder}`).map((name) => `${folder}/${name}`) : [];
  const left = present.filter((path) => !paths.includes(path));
  const differing = paths.filter((path) => read(path) !== texts[path]);
  if (check && left.length + differing.length) {
    const script = relative(ROOT, process.argv[1]);
    throw new Error(`${[...differing, ...left].join(", ")} not as ${script} writes them; npm run build && npm run docs.`);
  }
  if (check) return;
  for (const path of left) rmSync(ROOT + path);
  for (const path of differing) {
    mkdirSync(dirname(ROOT + path), { recursive: true });
    writeFileSync(ROOT + path, texts[path]);
    console.log(`wrote ${path}`);
  }
}

export function read(path) {
  try {
    return readFileSync(ROOT + path, "utf8");
  } catch {
    return undefined;
  }
}
