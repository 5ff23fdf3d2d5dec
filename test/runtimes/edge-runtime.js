/** @edge-runtime/vm, which Next.js runs edge functions in. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkRefusal } from "./judge.js";
import { tool, versionIn } from "./tools.js";

/** As on Vercel, code may not be compiled, and `import module from "x.wasm?module"` gives a module. */
export function edge({ folder }) {
  const version = () => versionIn(tool("@edge-runtime/vm"));
  const bundle = async (conditions) => {
    const { build } = await import("esbuild");
    const entryPoints = [join(folder, "edge.mjs")];
    const { outputFiles } = await build({ entryPoints, bundle: true, write: false, format: "iife", conditions, plugins: [wasmModules] });
    return outputFiles[0].text;
  };
  const enter = async (code) => {
    const { EdgeVM } = await import("@edge-runtime/vm");
    const extend = (context) => Object.assign(context, { compiled: (hex) => new WebAssembly.Module(Buffer.from(hex, "hex")) });
    const vm = new EdgeVM({ codeGeneration: { strings: false, wasm: false }, extend });
    vm.evaluate(code);
    return vm.evaluate("counterpoiseTest");
  };
  return [
    {
      runtime: "@edge-runtime/vm",
      run: async () => ({ version: version(), report: await (await enter(await bundle(["edge-light", "browser"]))).probe() }),
    },
    {
      runtime: "@edge-runtime/vm, not bundled for it",
      run: async () => {
        const rejections = await (await enter(await bundle(["browser"]))).refusal();
        return { version: version(), result: checkRefusal(rejections, "WASM_BLOCKED", "Content-Security-Policy") };
      },
    },
  ];
}

/** What Vercel's bundler does with "x.wasm?module", for esbuild: the host compiles the file. */
const wasmModules = {
  name: "wasm modules",
  setup(build) {
    build.onResolve({ filter: /\.wasm\?module$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace(/\?module$/, "")),
      namespace: "wasm",
    }));
    build.onLoad({ filter: /.*/, namespace: "wasm" }, ({ path }) => ({
      contents: `export default compiled(${JSON.stringify(readFileSync(path).toString("hex"))});`,
    }));
  },
};
