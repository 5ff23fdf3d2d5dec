/** Edge runtimes: workerd, and @edge-runtime/vm. Both forbid compiling and are given a compiled module. */
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { edgeExample } from "./edge-example.js";
import { checkRefusal } from "./judge.js";
import { run, tool } from "./tools.js";

/** Older than any switch that lets a worker compile. */
export const COMPATIBILITY_DATE = "2024-01-01";

export function workerd(place) {
  const version = () => createRequire(import.meta.url)("workerd/package.json").version;
  const bundled = async () => {
    const { build } = await import("esbuild");
    const outdir = join(place.folder, "workerd");
    const loader = { ".wasm": "copy" };
    const conditions = ["workerd", "worker", "browser"];
    await build({ entryPoints: [join(place.folder, "worker.mjs")], outdir, bundle: true, format: "esm", conditions, loader });
    return { version: version(), report: await answer(join(outdir, "worker.js"), (get) => get("/").then((response) => response.json())) };
  };
  const deployed = async () => {
    const script = await deploy(place.folder, ["worker.mjs", "--name", "probe", "--compatibility-date", COMPATIBILITY_DATE]);
    return { version: version(), report: await answer(script, (get) => get("/").then((response) => response.json())) };
  };
  return [
    { runtime: "workerd, esbuild", run: bundled },
    { runtime: "workerd, wrangler deploy", run: deployed },
    { runtime: "examples/edge, workerd", run: async () => ({ version: version(), ...(await edgeExample(place)) }) },
  ];
}

/** What `wrangler deploy` would send: the path of the worker, its modules beside it. */
export async function deploy(cwd, args, out = "deployed") {
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_LOG_PATH: join(cwd, "logs"), CI: "1" };
  await run(process.execPath, [tool("wrangler/bin/wrangler.js"), "deploy", ...args, "--dry-run", "--outdir", out], { cwd, env });
  const [main] = args.filter((argument) => /\.m?js$/.test(argument));
  return join(cwd, out, (main ?? "worker.js").replace(/\.mjs$/, ".js"));
}

/** Starts workerd with a script and gives what `use` makes of it; `get` sends a request. */
export async function answer(script, use) {
  const { Miniflare } = await import("miniflare");
  const modulesRules = [
    { type: "ESModule", include: ["**/*.js"] },
    { type: "CompiledWasm", include: ["**/*.wasm"] },
  ];
  const options = { modules: true, modulesRules, scriptPath: script, modulesRoot: join(script, ".."), compatibilityDate: COMPATIBILITY_DATE };
  const server = new Miniflare(options);
  try {
    await server.ready;
    return await use(async (path) => {
      const response = await server.dispatchFetch(`http://localhost${path}`);
      if (response.status >= 500) throw new Error(`${path} gave ${response.status}: ${await response.text()}`);
      return response;
    });
  } finally {
    await server.dispose();
  }
}

/** As on Vercel, code may not be compiled, and `import module from "x.wasm?module"` gives a module. */
export function edge({ folder }) {
  const version = () => JSON.parse(readFileSync(tool("@edge-runtime/vm/package.json"), "utf8")).version;
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
        return { version: version(), result: checkRefusal(rejections, "WASM_BLOCKED", "configure({ module })") };
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
