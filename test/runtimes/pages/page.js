/** Loads the package in the way that the address names, after "#", and leaves the report in `outcome`. */
import { probe, refusal } from "./probe.mjs";

/** One file has both entries. */
function both(load) {
  let loaded;
  const once = () => (loaded ??= load());
  return { main: once, generator: once };
}

function bundled(name) {
  const entry = (key) => async () => (await import(`./bundles/${name}.js`))[key];
  return { main: entry("main"), generator: entry("generator") };
}

/** A plain script leaves its names in a global. */
function script(src) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement("script"), { src });
    element.addEventListener("load", () => resolve(globalThis.counterpoise));
    element.addEventListener("error", () => reject(new Error(`${src} did not load`)));
    document.head.append(element);
  });
}

function worker() {
  return new Promise((resolve, reject) => {
    const other = new Worker("worker.js", { type: "module" });
    other.addEventListener("message", ({ data }) => resolve(data));
    other.addEventListener("error", ({ message }) => reject(new Error(message || "the worker did not start")));
  });
}

async function serviceWorker() {
  await navigator.serviceWorker.register("service-worker.js", { type: "module" });
  const { active } = await navigator.serviceWorker.ready;
  return new Promise((resolve) => {
    navigator.serviceWorker.addEventListener("message", ({ data }) => resolve(data));
    navigator.serviceWorker.startMessages();
    active.postMessage("report");
  });
}

/** The probe, and folds on lanes where the bundler brings their file along. */
async function bundleReport(name) {
  const report = await probe(bundled(name));
  const { lanes } = await import(`./bundles/${name}.js`);
  return { ...report, lanes: await lanes() };
}

const WAYS = {
  bundle: bundleReport,
  module: () => probe(both(() => import("./dist/browser.mjs"))),
  refusal: () => refusal(both(() => import("./dist/browser.mjs"))),
  script: () => probe(both(() => script("dist/browser.js"))),
  service: serviceWorker,
  worker,
};
const [way, name] = location.hash.slice(1).split("=");
globalThis.outcome = WAYS[way](name).catch((error) => ({ failure: String(error) }));
