/** A web server on this machine for the pages of one row. */
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".csv": "text/csv" };
/** Path → content policy; everything is also served below these. */
const POLICIES = { "/blocked/": "script-src 'self'", "/allowed/": "script-src 'self' 'wasm-unsafe-eval'" };

/** Serves `folders`, [path, folder] pairs of which the first that has the file answers. Gives the address and a function that stops. */
export async function serve(folders) {
  const server = createServer((request, response) => {
    let path = normalize(new URL(request.url, "http://localhost").pathname);
    const guarded = Object.keys(POLICIES).find((prefix) => path.startsWith(prefix));
    if (guarded) path = path.slice(guarded.length - 1);
    const file = folders
      .filter(([prefix]) => path.startsWith(prefix))
      .map(([prefix, folder]) => join(folder, path.slice(prefix.length)))
      .find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile());
    if (!file) return void response.writeHead(404).end();
    const policy = guarded && { "content-security-policy": POLICIES[guarded] };
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "cache-control": "no-store", ...policy });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => (server.closeAllConnections(), server.close());
  return { url: `http://127.0.0.1:${server.address().port}`, stop };
}

/** What pages/page.js loads: the installed package, the probe, and bundles if there are any. */
export function sitesOf({ folder, installed }) {
  return [
    ["/dist/", join(installed, "dist")],
    ["/bundles/", join(folder, "bundles")],
    ["/examples/", join(folder, "examples")],
    ["/", join(import.meta.dirname, "pages")],
    ["/", folder],
  ];
}
