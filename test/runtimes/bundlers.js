/** The app of app/bundle.mjs, bundled by each bundler as it comes and run in Chromium. */
import { join } from "node:path";
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
    const output = { path: folder, filename: "webpack.js", library: { type: "module" } };
    const stats = await promisify(webpack)({ mode: "production", target: "web", entry, output, experiments: { outputModule: true } });
    if (stats.hasErrors() || stats.hasWarnings()) refuse(stats.toString());
  },
  async vite(entry, folder) {
    const { build } = await import("vite");
    const lib = { entry, formats: ["es"], fileName: () => "vite.js" };
    await build({ root: join(folder, ".."), configFile: false, logLevel: "error", build: { outDir: folder, emptyOutDir: false, lib } });
  },
};

export function bundlers(place) {
  return Object.entries(BUNDLERS).map(([name, bundle]) => ({
    runtime: `${name} bundle, Chromium`,
    run: async () => {
      await bundle(join(place.folder, "bundle.mjs"), join(place.folder, "bundles"));
      const { version, report } = await reported("chromium", place, `/page.html#bundle=${name}`);
      return { version: `${versionIn(tool(name))}, ${version}`, report };
    },
  }));
}

/** A warning is a failure: nobody should have to read one. */
function refuse(warning) {
  throw new Error(`the bundler warned: ${warning.message ?? warning}`);
}
