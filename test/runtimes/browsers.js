/** Chromium and Firefox: the four ways into a page, content policies, no SIMD, and the example. */
import { browserExample } from "./browser-example.js";
import { visit } from "./drivers.js";
import { checkRefusal } from "./judge.js";
import { serve, sitesOf } from "./server.js";

const WAYS = {
  "module: browser.mjs": "/page.html#module",
  "script: browser.js": "/page.html#script",
  "module worker": "/page.html#worker",
  "service worker": "/page.html#service",
  "with 'wasm-unsafe-eval'": "/allowed/page.html#module",
};

export function chromium(place) {
  return [
    ...rowsOf("chromium", "Chromium", place),
    {
      runtime: "Chromium without SIMD",
      run: async () => {
        if (process.arch !== "x64") throw new Error("SIMD can be switched off on x64 only");
        const { version, found } = await outcome("chromium", place, "/page.html#refusal", ["--js-flags=--no-enable-sse4-1"]);
        return { version, result: checkRefusal(found, "NO_SIMD", "SIMD") };
      },
    },
    { runtime: "examples/browser, Chromium", run: () => browserExample("chromium", place) },
  ];
}

export function firefox(place) {
  return rowsOf("firefox", "Firefox", place);
}

function rowsOf(name, title, place) {
  return [
    ...Object.entries(WAYS).map(([way, path]) => ({ runtime: `${title}, ${way}`, run: () => reported(name, place, path) })),
    {
      runtime: `${title}, without 'wasm-unsafe-eval'`,
      run: async () => {
        const { version, found } = await outcome(name, place, "/blocked/page.html#refusal");
        return { version, result: checkRefusal(found, "WASM_BLOCKED", "Content-Security-Policy: script-src 'wasm-unsafe-eval'") };
      },
    },
  ];
}

/** The report of a page. */
export async function reported(name, place, path) {
  const { version, found } = await outcome(name, place, path);
  return { version, report: found };
}

async function outcome(name, place, path, flags) {
  const { url, stop } = await serve(sitesOf(place));
  try {
    return await visit(name, url + path, (page) => page.evaluate(`globalThis.outcome ?? { failure: "the page did not run" }`), flags);
  } finally {
    stop();
  }
}
