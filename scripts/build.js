/**
 * Builds everything from sources: kernels (release into dist/kernels, the debug twin with its assertions into build/debug), their loaders for the runtimes
 * named in package.json, the bundled entries, the two files for pages without a bundler, and the declarations.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle, transform } from "esbuild";
import { build } from "tsup";

const BINARIES = ["core", "generator", "stats", "learn", "density"];
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
    const instantiate = target === "debug" ? LOADER : PLAIN;
    writeFileSync(`${folder}/${name}.inline.js`, inlined(readFileSync(out)) + instantiate);
    if (target === "debug") continue;
    writeFileSync(`${folder}/${name}.workerd.js`, handedIn(`./${name}.wasm`) + instantiate);
    writeFileSync(`${folder}/${name}.edge.js`, handedIn(`./${name}.wasm?module`) + instantiate);
  }
}

/** The release has no imports. A module of another realm, which an edge runtime's host compiles outside of the sandbox, is taken too. */
const PLAIN = "export function instantiate(module) {\n  return new WebAssembly.Instance(module).exports;\n}\n";
/** AssemblyScript's loader makes a failed assertion of the debug twin readable. */
const LOADER = `import { instantiateSync } from "@assemblyscript/loader";
export function instantiate(module) {
  return instantiateSync(module, {}).exports;
}
`;

/** Codes of the characters that stand for bytes: 35 to 126 but for the backslash, which a literal would have to escape; the last two begin a pair. */
const [FIRST, BACKSLASH, LAST, PAIRS] = [35, 92, 126, 2];

/**
 * Bytes in the file itself, compiled on first use: works wherever compiling is allowed, with any bundler. The 89 most frequent bytes are one character, the others two,
 * so that gzip sees nearly what it sees in the binary: 8.9 kB for the core, 9.6 in hexadecimal, 11.7 in base64.
 */
function inlined(binary) {
  const characters = LAST - FIRST;
  const frequencies = new Array(256).fill(0);
  for (const byte of binary) frequencies[byte]++;
  const bytes = frequencies.map((_, byte) => byte);
  const frequent = new Set(bytes.toSorted((a, b) => frequencies[b] - frequencies[a] || a - b).slice(0, characters - PAIRS));
  const values = [...bytes.filter((byte) => frequent.has(byte)), ...bytes.filter((byte) => !frequent.has(byte))];
  const codes = [];
  values.forEach((byte, place) => {
    const beyond = place - (characters - PAIRS);
    const pair = [characters - PAIRS + Math.floor(beyond / characters), beyond % characters];
    codes[byte] = (beyond < 0 ? [place] : pair).map((at) => String.fromCharCode(FIRST + at + (FIRST + at >= BACKSLASH))).join("");
  });
  const text = Array.from(binary, (byte) => codes[byte]).join("");
  const marks = Array.from({ length: 64 }, (_, at) =>
    [0, 1, 2, 3].reduce((sum, bit) => sum + (frequent.has(4 * at + bit) ? 1 << bit : 0), 0).toString(16),
  );
  return `const marks = "${marks.join("")}", text = ${JSON.stringify(text)};
export function compile() {
  const values = [[], []], bytes = [];
  for (let byte = 0; byte < 256; byte++) values[1 - (parseInt(marks[byte >> 2], 16) >> (byte & 3) & 1)].push(byte);
  const all = values.flat();
  let pair = 0;
  for (const character of text) {
    const code = character.charCodeAt(), place = code - ${FIRST} - (code > ${BACKSLASH});
    if (pair || place < ${characters - PAIRS}) {
      bytes.push(all[pair + place]);
      pair = 0;
    } else pair = ${characters - PAIRS} + (place - ${characters - PAIRS}) * ${characters};
  }
  return new WebAssembly.Module(new Uint8Array(bytes));
}
`;
}

/** The host compiles the file beforehand and hands in a module. */
function handedIn(file) {
  return `import module from "${file}";\nexport function compile() {\n  return module;\n}\n`;
}

/** The program of a worker as text. */
async function inlineWorker() {
  const { code } = await transform(readFileSync("bindings/run/worker.js", "utf8"), { minify: true, target: "es2022" });
  for (const folder of ["dist/kernels", "build/debug"])
    writeFileSync(`${folder}/worker.js`, `export const worker = ${JSON.stringify(code)};\n`);
}

/** Under `moduleResolution: nodenext` a declaration finds another one by its file name only. */
function nameFilesInDeclarations(folder) {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".d.ts")) continue;
    const text = readFileSync(join(folder, name), "utf8");
    writeFileSync(join(folder, name), text.replace(/((?:from |import\()"\.{1,2}\/[^"]+)"/g, '$1.js"'));
  }
}

/** Imports of binaries before all others: bundlers then put them first, and the rest, side by side, within the 32 kB in which gzip finds what is repeated. */
function importKernelsFirst(folder) {
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(".js")) continue;
    const lines = readFileSync(join(folder, name), "utf8").split("\n");
    const isKernel = (line) => /^import .*["']#kernels\//.test(line);
    if (lines.some(isKernel))
      writeFileSync(join(folder, name), [...lines.filter(isKernel), ...lines.filter((line) => !isKernel(line))].join("\n"));
  }
}

rmSync("dist", { recursive: true, force: true });
rmSync("build", { recursive: true, force: true });
compileKernels("release", "dist/kernels");
compileKernels("debug", "build/debug");
await inlineWorker();

await build({
  entry: {
    index: "bindings/index.ts",
    generator: "bindings/generator.ts",
    io: "bindings/io.ts",
    diagnose: "bindings/diagnose.ts",
    report: "bindings/report.ts",
    lane: "bindings/lane.ts",
    cli: "cli/main.ts",
  },
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
  noExternal: ["papaparse", /^@observablehq/],
});
importKernelsFirst("dist");
chmodSync("dist/cli.js", 0o755);
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
for (const [outfile, format] of Object.entries({ "dist/browser.js": "iife", "dist/browser.mjs": "esm" })) {
  await bundle({
    entryPoints: ["bindings/browser.ts"],
    outfile,
    format,
    globalName: "counterpoise",
    target: "es2022",
    bundle: true,
    minify: true,
    // one file has no other beside it to start a lane from
    define: { "import.meta.url": '""' },
    banner: { js: `/*! counterpoise ${version}, MIT License; parts of AssemblyScript, Apache License 2.0: see NOTICE */` },
    logLevel: "warning",
  });
}
run("typescript/bin/tsc", "-p", "tsconfig.build.json");
nameFilesInDeclarations("dist/types");
