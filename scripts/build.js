/**
 * Builds everything from sources: kernels (release into dist/kernels, the debug twin with its assertions into build/debug), their loaders for the runtimes
 * named in package.json, the bundled entries, and the declarations.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "tsup";

const BINARIES = ["core", "generator"];
process.chdir(fileURLToPath(new URL("..", import.meta.url)));

function run(command, ...args) {
  const { status } = spawnSync(process.execPath, [`node_modules/${command}`, ...args], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

function compileKernels(target, folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of BINARIES) {
    const out = `${folder}/${name}.wasm`;
    run("assemblyscript/bin/asc.js", `assembly/${name}.ts`, "--config", "asconfig.json", "--target", target, "-o", out);
    const base64 = readFileSync(out).toString("base64");
    writeFileSync(`${folder}/${name}.inline.js`, inlineLoader(base64));
  }
}

/** Bytes in the file itself, compiled on first use: works wherever compiling is allowed, with any bundler. */
function inlineLoader(base64) {
  return `const bytes = ${JSON.stringify(base64)};
export function compile() {
  return new WebAssembly.Module(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)));
}
`;
}

/** The host compiles the file beforehand and hands in a module. */
function moduleLoader(file) {
  return `import module from "${file}";\nexport function compile() {\n  return module;\n}\n`;
}

rmSync("dist", { recursive: true, force: true });
rmSync("build", { recursive: true, force: true });
compileKernels("release", "dist/kernels");
compileKernels("debug", "build/debug");
for (const name of BINARIES) {
  writeFileSync(`dist/kernels/${name}.workerd.js`, moduleLoader(`./${name}.wasm`));
  writeFileSync(`dist/kernels/${name}.edge.js`, moduleLoader(`./${name}.wasm?module`));
}

await build({
  entry: { index: "bindings/index.ts", generator: "bindings/generator.ts", cli: "cli/main.ts" },
  outDir: "dist",
  format: "esm",
  target: "es2022",
  platform: "neutral",
  splitting: true,
  treeshake: true,
  clean: false,
  silent: true,
  config: false,
  external: [/^#kernels\//, /^node:/],
  noExternal: ["@assemblyscript/loader", "papaparse"],
});
chmodSync("dist/cli.js", 0o755);
run("typescript/bin/tsc", "-p", "tsconfig.build.json");
