/** Runs programs, and installs those that are missing. */
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const HERE = import.meta.dirname;
const MODULES = join(HERE, "node_modules");
/** Not in package-lock.json: `npm ci` asks for its binaries of every platform, of which some registries lack the newest. */
const DENO = "deno@2.9.6";
/** Debian's names of the packages, and the names of the programs elsewhere. */
const BROWSERS = {
  chromium: { debian: "chromium", programs: ["chromium", "chromium-browser", "google-chrome"] },
  firefox: { debian: "firefox-esr", programs: ["firefox-esr", "firefox"] },
};

/** Browsers that there was an attempt to install. */
const tried = new Set();

/** What the program printed; throws what it complained about. */
export async function run(program, args, options = {}) {
  try {
    return await promisify(execFile)(program, args, { timeout: 120_000, maxBuffer: 64e6, encoding: "utf8", ...options });
  } catch (error) {
    const words = `${error.stdout ?? ""}\n${error.stderr ?? ""}`.trim().split("\n").slice(-12).join("\n");
    throw new Error(`${program} ${args.join(" ")} failed: ${words || error.message}`, { cause: error });
  }
}

/** Installs what package-lock.json names, when it is not there or older than the lock. */
export function installTools() {
  const installed = join(MODULES, ".package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(HERE, "package-lock.json")).mtimeMs) return;
  console.error("installing test/runtimes/package-lock.json …");
  execFileSync("npm", ["ci", "--no-fund", "--no-audit"], { cwd: HERE, stdio: ["ignore", process.stderr, process.stderr] });
}

/** A program of test/runtimes/node_modules. */
export function tool(path) {
  return join(MODULES, path);
}

/** Version of the package in a folder. */
export function versionIn(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
}

export function denoProgram() {
  const program = tool(".bin/deno");
  if (!existsSync(program)) execFileSync("npm", ["install", "--no-save", DENO], { cwd: HERE, stdio: ["ignore", "ignore", "inherit"] });
  return program;
}

/** Path of a browser; Debian's is installed when there is none. */
export function browserProgram(name) {
  const { debian, programs } = BROWSERS[name];
  const found = onPath(programs);
  if (found) return found;
  if (!tried.has(name)) installBrowser(name, debian);
  const installed = onPath(programs);
  if (!installed) throw new Error(`none of ${programs.join(", ")} is on the PATH, and apt-get install ${debian} did not bring it`);
  return installed;
}

function installBrowser(name, debian) {
  tried.add(name);
  const install = ["apt-get", "install", "-y", "--no-install-recommends", debian];
  for (const command of [["apt-get", "update"], install]) {
    const [program, ...args] = process.getuid?.() === 0 ? command : ["sudo", "-n", ...command];
    console.error(`${name} is not on the PATH: ${[program, ...args].join(" ")} …`);
    spawnSync(program, args, { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
  }
}

function onPath(programs) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return programs.flatMap((program) => folders.map((folder) => join(folder, program))).find(isProgram);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
