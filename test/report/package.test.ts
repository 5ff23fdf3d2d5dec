import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const dist = (name: string): string => readFileSync(join(ROOT, "dist", name), "utf8");

it("charts are in the entry of reports and nowhere else", () => {
  expect(dist("report.js")).toContain("node_modules/@observablehq/plot");
  for (const name of ["index.js", "generator.js", "io.js", "cli.js", "browser.js", "browser.mjs"])
    expect(dist(name), name).not.toContain("observablehq");
  for (const [, chunk] of dist("index.js").matchAll(/from "\.\/(chunk-\w+\.js)"/g)) expect(dist(chunk!)).not.toContain("observablehq");
});

it("nothing is imported from another package", () => {
  const names = [...dist("report.js").matchAll(/^import .*? from ["']([^"']+)["'];$/gm)].map(([, name]) => name!);
  for (const name of names) expect(name).toMatch(/^(\.\/chunk-|#kernels\/)/);
});

it("throws the same InputError as the main entry", () => {
  const code = `const [own, main] = await Promise.all([import("counterpoise/report"), import("counterpoise")]);
    try { own.report({}) } catch (error) { process.stdout.write(String(error instanceof main.InputError)) }`;
  expect(execFileSync(process.execPath, ["--input-type=module", "-e", code], { cwd: ROOT, encoding: "utf8" })).toBe("true");
});

it("names the owners of the code it brings", () => {
  const notice = readFileSync(join(ROOT, "NOTICE"), "utf8");
  const packages = new Set([...dist("report.js").matchAll(/\/\/ node_modules\/((?:@[\w-]+\/)?[\w-]+)\//g)].map(([, name]) => name!));
  expect(packages.size).toBeGreaterThan(5);
  for (const name of packages) expect(notice).toContain(name.replace(/^d3-.*/, "d3-"));
});
