/** What type checkers and package linters say of the tarball. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, tool, versionIn } from "./tools.js";

const RESOLUTIONS = { nodenext: "nodenext", bundler: "esnext" };

/** app/consumer.ts under the oldest and the newest TypeScript, declarations checked too. */
export function types(place) {
  const compilers = [tool("typescript5"), join(place.root, "node_modules/typescript")];
  return compilers.flatMap((compiler) =>
    Object.entries(RESOLUTIONS).map(([moduleResolution, module]) => ({
      runtime: `TypeScript, ${moduleResolution}`,
      run: async () => {
        const config = join(place.folder, `tsconfig.${moduleResolution}.json`);
        const lib = ["es2022", "dom"];
        const compilerOptions = { strict: true, noEmit: true, target: "es2022", lib, types: [], module, moduleResolution };
        writeFileSync(config, JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
        await run(process.execPath, [join(compiler, "bin/tsc"), "-p", config]);
        return { version: versionIn(compiler), result: "no errors" };
      },
    })),
  );
}

export function packaging({ tarball }) {
  const untyped = ["./browser.js", "./kernels.wasm", "./package.json"];
  return [
    {
      runtime: "publint",
      run: async () => {
        await run(process.execPath, [tool("publint/src/cli.js"), "run", tarball, "--strict"]);
        return { version: versionIn(tool("publint")), result: "clean" };
      },
    },
    {
      runtime: "attw, ESM only",
      run: async () => {
        const attw = tool("@arethetypeswrong/cli");
        await run(process.execPath, [join(attw, "dist/index.js"), tarball, "--profile", "esm-only", "--exclude-entrypoints", ...untyped]);
        return { version: versionIn(attw), result: "clean" };
      },
    },
  ];
}
