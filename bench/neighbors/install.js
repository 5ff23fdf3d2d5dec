/** Installs the peers: Python's into bench/peers/.venv, npm's into bench/peers/node_modules. What does not install is missing in the tables. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const PEERS = resolve(import.meta.dirname, "../peers");
const VENV = join(PEERS, ".venv");

export function installPeers() {
  installPython();
  installNode();
}

/** One requirement after the other: one that has no wheel here is no reason to go without the rest. */
function installPython() {
  const required = ["requirements.txt", "requirements-neighbors.txt"].map((name) => readFileSync(join(PEERS, name), "utf8")).join("");
  const stamp = join(VENV, "requirements.txt");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === required) return;
  if (!existsSync(join(VENV, "bin/python")) && !ran("python3", "-m", "venv", VENV)) return;
  for (const requirement of required.trim().split("\n")) ran(join(VENV, "bin/python"), "-m", "pip", "install", "--quiet", requirement);
  writeFileSync(stamp, required);
}

function installNode() {
  const installed = join(PEERS, "node_modules/.package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(PEERS, "package-lock.json")).mtimeMs) return;
  ran("npm", "ci", "--prefix", PEERS);
}

/** Runs a program; its words go to the terminal, and the tables stay on standard output. */
function ran(program, ...args) {
  console.error([program, ...args].join(" "));
  return spawnSync(program, args, { cwd: PEERS, stdio: ["ignore", process.stderr, process.stderr] }).status === 0;
}
