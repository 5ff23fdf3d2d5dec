/** workerd, which forbids compiling and is given compiled modules. */
import { join } from "node:path";
import { edgeExample } from "./edge-example.js";
import { answer, deploy } from "./miniflare.js";
import { tool, versionIn } from "./tools.js";

const CONDITIONS = ["workerd", "worker", "browser"];

export function workerd(place) {
  const bundle = async () => {
    const { build } = await import("esbuild");
    const outfile = join(place.folder, "workerd/worker.js");
    const loader = { ".wasm": "copy" };
    await build({ entryPoints: [join(place.folder, "worker.mjs")], outfile, bundle: true, format: "esm", conditions: CONDITIONS, loader });
    return outfile;
  };
  const reported = async (script) => {
    const [, report] = await answer(script, (get) => get("/"));
    return { report };
  };
  const ways = {
    "workerd, esbuild": async () => reported(await bundle()),
    "workerd, wrangler deploy": async () => reported(await deploy(place.folder, "worker.mjs")),
    "examples/edge, workerd": () => edgeExample(place),
  };
  return Object.entries(ways).map(([runtime, run]) => ({
    runtime,
    run: async () => ({ version: versionIn(tool("workerd")), ...(await run()) }),
  }));
}
