/** examples/service: served, retrained, kept when training fails, and started again from its file. */
import { deepStrictEqual, notDeepStrictEqual, strictEqual } from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

export async function service(program, place) {
  const example = join(place.folder, "examples/service");
  const data = join(example, "data");
  const source = join(data, "source.csv");
  mkdirSync(data);
  copyFileSync(join(place.folder, "examples/penguins.csv"), source);
  const env = { ...process.env, PORT: "0", SOURCE: source, STORE: join(data, "generator.json") };
  const start = () => started(program, example, env);

  let running = await start();
  const first = await ask(running, "/rows?label=Chinstrap&from=0&to=50", 200);
  strictEqual(first.length, 50);
  strictEqual((await ask(running, "/rows?label=Gentoo", 200)).length, 28);
  for (const query of ["label=Emperor", "label=Gentoo&from=-1", "label=Gentoo&from=2&to=1", "label=Gentoo&to=1e9", ""]) {
    strictEqual(/^\S[^\n]+\.$/.test((await ask(running, `/rows?${query}`, 400)).error), true, query);
  }

  writeFileSync(source, readFileSync(source, "utf8").split("\n").slice(0, -30).join("\n")); // 30 penguins fewer
  await retrained(running, /^trained/);
  const second = await ask(running, "/rows?label=Chinstrap&from=0&to=50", 200);
  notDeepStrictEqual(second, first);
  writeFileSync(source, "no table\n");
  await retrained(running, /^not trained/);
  deepStrictEqual(await ask(running, "/rows?label=Chinstrap&from=0&to=50", 200), second);
  strictEqual(await stopped(running), 0);

  running = await start(); // its source is still broken: only the file can have brought the rows back
  deepStrictEqual(await ask(running, "/rows?label=Chinstrap&from=0&to=50", 200), second);
  strictEqual(await stopped(running), 0);
  deepStrictEqual(readdirSync(data).toSorted(), ["generator.json", "source.csv"]);
  return { result: "served, retrained, restarted" };
}

/** A service that listens, and the lines it prints from then on. */
async function started(program, cwd, env) {
  const child = spawn(program, ["service.js"], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", (line) => lines.push(line));
  const line = await printed({ child, lines }, /^listening on/);
  return { child, lines, url: line.split(" ").at(-1) };
}

async function retrained(running, pattern) {
  running.lines.length = 0;
  running.child.kill("SIGHUP");
  await printed(running, pattern);
}

async function printed({ child, lines }, pattern) {
  for (const end = Date.now() + 20_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 20))) {
    const found = lines.find((line) => pattern.test(line));
    if (found) return found;
    if (child.exitCode !== null) break;
  }
  child.kill();
  throw new Error(`the service did not print ${pattern}, but ${JSON.stringify(lines)}`);
}

async function ask({ url }, path, status) {
  const response = await fetch(url + path, { headers: { connection: "close" } });
  strictEqual(response.status, status, path);
  return response.json();
}

function stopped({ child }) {
  return new Promise((resolve) => {
    child.once("exit", resolve);
    child.kill("SIGTERM");
  });
}
