import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build, type BuildResult } from "esbuild";
import { afterAll, describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const PEERS = Object.keys((JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { peerDependencies: object }).peerDependencies);

async function bundle(code: string): Promise<{ text: string; inputs: string[] }> {
  const { outputFiles, metafile } = (await build({
    stdin: { contents: code, resolveDir: ROOT },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "neutral",
    external: PEERS,
    logLevel: "silent",
  })) as BuildResult<{ write: false; metafile: true }>;
  return { text: outputFiles[0]!.text, inputs: Object.keys(metafile.inputs) };
}

describe("io stands beside the main entry", () => {
  it("and never within it", async () => {
    const main = await bundle(`export * from "./dist/index.js"; export * from "./dist/generator.js"`);
    for (const name of PEERS) expect(main.text).not.toContain(name);
    expect(main.text).not.toMatch(/readParquet|ARROW1|NUMPY|libsvm/i);
  });

  it("has nothing of the kernels, and what is not called falls away with its packages", async () => {
    const all = await bundle(`export * from "./dist/io.js"`);
    for (const name of PEERS) expect(all.text).toContain(name);
    expect(all.text).not.toContain("WebAssembly");
    expect(all.inputs.filter((path) => path.includes("node_modules"))).toEqual([]);
    const npy = await bundle(`export { readNpy } from "./dist/io.js"`);
    for (const name of PEERS) expect(npy.text).not.toContain(name);
    expect(npy.text.length).toBeLessThan(12_000);
  });

  it("throws the same InputError as the main entry", async () => {
    const code = `const [io, main] = await Promise.all([import("counterpoise/io"), import("counterpoise")]); process.stdout.write(String(io.InputError === main.InputError));`;
    expect(execFileSync(process.execPath, ["--input-type=module", "-e", code], { cwd: ROOT, encoding: "utf8" })).toBe("true");
  });
});

describe("without the packages", () => {
  // far from any node_modules
  const folder = mkdtempSync(join(tmpdir(), "counterpoise-"));
  cpSync(join(ROOT, "dist"), folder, { recursive: true, filter: (path) => !path.includes("types") });
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (code: string): string =>
    execFileSync(
      process.execPath,
      ["--input-type=module", "-e", `const io = await import(${JSON.stringify(join(folder, "io.js"))}); ${code}`],
      {
        cwd: folder,
        encoding: "utf8",
      },
    );

  it.each([
    ["readParquet", "hyparquet", "new Uint8Array(20)"],
    ["writeParquet", "hyparquet-writer", "{ x: [1] }"],
    ["readArrow", "@uwdata/flechette", "new Uint8Array(20)"],
    ["writeArrow", "@uwdata/flechette", "{ x: [1] }"],
    ["toArrow", "@uwdata/flechette", "{ x: [1] }"],
  ])("%s says what to install", (call, name, given) => {
    const printed = run(`await io.${call}(${given}).catch((error) => console.log(error.name, error.code, error.message))`);
    expect(printed.trim()).toMatch(new RegExp(`^Error NO_PACKAGE ${call} needs .*${name}.*; run npm install ${name}\\.$`));
  });

  it("the others work, and so do those that are handed what they need", () => {
    expect(run(`console.log(io.readNpy(io.writeNpy([1, 2])).shape[0], io.readLibsvm("1 1:2").columns)`).trim()).toBe("2 1");
    expect(run(`console.log(await io.toArrow({ x: [1] }, { tableFromArrays: () => "made" }))`).trim()).toBe("made");
  });
});
