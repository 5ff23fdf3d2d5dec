import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");

async function bundle(code: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: ROOT },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "neutral",
    logLevel: "silent",
  });
  return outputFiles[0]!.text;
}

describe("diagnose stands beside the main entry", () => {
  it("and never within it", async () => {
    expect(await bundle(`export * from "./dist/index.js"; export * from "./dist/generator.js"`)).not.toMatch(
      /leakReport|privacyReport|qualityReport/,
    );
  });

  it("is small", async () => {
    const size = async (code: string): Promise<number> => gzipSync(await bundle(code), { level: 9 }).length;
    const main = await size(`export * from "./dist/index.js"`);
    const both = await size(
      `export * from "./dist/index.js"; export { qualityReport, privacyReport, leakReport } from "./dist/diagnose.js"`,
    );
    console.info(`counterpoise/diagnose beyond the main entry: ${both - main} bytes of at most 15000`);
    expect(both - main).toBeLessThanOrEqual(15_000);
    expect(both - main).toBeGreaterThan(3_000);
  });

  it("has one InputError, one memory of tables and of marks", () => {
    const code = `
      const [diagnose, { InputError, smote, table }] = await Promise.all([import("counterpoise/diagnose"), import("counterpoise")]);
      const real = table(Array.from({ length: 40 }, (_, i) => ({ a: i * i, b: 7 * i % 11, y: i % 4 ? "no" : "yes" })), { target: "y" });
      const { data } = await smote().resample(real);
      const { rows } = await diagnose.privacyReport(real, data);
      process.stdout.write([diagnose.InputError === InputError, rows.synthetic].join(" "));`;
    expect(execFileSync(process.execPath, ["--input-type=module", "-e", code], { cwd: ROOT, encoding: "utf8" })).toBe("true 20");
  });
});
