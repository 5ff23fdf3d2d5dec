/** workerd on this machine, and what wrangler would send to Cloudflare. */
import { join, parse } from "node:path";
import { run, tool } from "./tools.js";

/** Older than any switch that lets a worker compile. */
export const COMPATIBILITY_DATE = "2024-01-01";

/** What `wrangler deploy` would send, into the folder `out`: of a script, or of the folder's wrangler.toml. Gives the path of the worker. */
export async function deploy(cwd, script, out = "deployed") {
  const args = script ? [script, "--name", "test", "--compatibility-date", COMPATIBILITY_DATE] : [];
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_LOG_PATH: join(cwd, "logs"), CI: "1" };
  await run(process.execPath, [tool("wrangler/bin/wrangler.js"), "deploy", ...args, "--dry-run", "--outdir", out], { cwd, env });
  return join(cwd, out, `${parse(script ?? "worker.js").name}.js`);
}

/** Starts workerd with a script and gives what `use` makes of it; `get` sends a request and gives [status, JSON]. */
export async function answer(script, use) {
  const { Miniflare } = await import("miniflare");
  const modulesRules = [
    { type: "ESModule", include: ["**/*.js"] },
    { type: "CompiledWasm", include: ["**/*.wasm"] },
  ];
  const options = {
    modules: true,
    modulesRules,
    scriptPath: script,
    modulesRoot: join(script, ".."),
    compatibilityDate: COMPATIBILITY_DATE,
  };
  const server = new Miniflare(options);
  try {
    await server.ready;
    return await use(async (path) => {
      const response = await server.dispatchFetch(`http://localhost${path}`);
      if (response.status >= 500) throw new Error(`${path} gave ${response.status}: ${await response.text()}`);
      return [response.status, await response.json()];
    });
  } finally {
    await server.dispose();
  }
}
