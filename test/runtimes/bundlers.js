/** The app of app/bundle.mjs, bundled by each bundler as it comes and run in Chromium. */
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { reported } from "./browsers.js";
import { tool, versionIn } from "./tools.js";

const BUNDLERS = {
  async esbuild(entry, folder) {
    const { build } = await import("esbuild");
    await build({
      entryPoints: [entry],
      outfile: join(folder, "esbuild.js"),
      bundle: true,
      minify: true,
      format: "esm",
      logLevel: "error",
    });
  },
  async rollup(entry, folder) {
    const { rollup } = await import("rollup");
    const { nodeResolve } = await import("@rollup/plugin-node-resolve");
    const bundle = await rollup({ input: entry, plugins: [nodeResolve({ browser: true })], onwarn: refuse });
    await bundle.write({ file: join(folder, "rollup.js"), format: "es" });
  },
  async webpack(entry, folder) {
    const { default: webpack } = await import("webpack");
    const common = { mode: "production", target: "web", experiments: { outputModule: true } };
    const run = async (config) => {
      const stats = await promisify(webpack)({ ...common, ...config });
      if (stats.hasErrors() || stats.hasWarnings()) refuse(stats.toString());
    };
    const output = (filename) => ({ path: folder, filename, library: { type: "module" } });
    // this app holds everything there is, of which webpack would say that it is large; an app of one method is held to its limit
    await run({ entry, output: output("webpack.js"), performance: { hints: false } });
    await run({
      entry: join(dirname(entry), "one.mjs"),
      output: output("webpack-one.js"),
      performance: { hints: "error", maxAssetSize: 100_000 },
    });
  },
  async vite(entry, folder) {
    const { build } = await import("vite");
    const lib = { entry, formats: ["es"], fileName: () => "vite.js" };
    await build({
      root: join(folder, ".."),
      base: "./",
      configFile: false,
      logLevel: "error",
      build: { outDir: folder, emptyOutDir: false, lib },
    });
  },
};

export function bundlers(place) {
  return Object.entries(BUNDLERS).map(([name, bundle]) => ({
    runtime: `${name} bundle, Chromium`,
    run: async () => {
      await bundle(join(place.folder, "bundle.mjs"), join(place.folder, "bundles"));
      const { version, report } = await reported("chromium", place, `/page.html#bundle=${name}`);
      checkLanes(name, report);
      return { version: `${versionIn(tool(name))}, ${version}`, report };
    },
  }));
}

/** Bundlers that bundle the file of a worker too. */
const WITH_LANES = ["webpack", "vite"];

function checkLanes(name, { lanes, failure }) {
  if (failure) return;
  if (!lanes.equal) throw new Error("folds on lanes found something else than one thread");
  if (WITH_LANES.includes(name) && lanes.working === 0) throw new Error(`no lane had a part in anything: ${lanes.faults}`);
}

/** A warning is a failure: nobody should have to read one. */
function refuse(warning) {
  throw new Error(`the bundler warned: ${warning.message ?? warning}`);
}
