/** A module service worker, in which import() is forbidden: the clock runs since the worker started. */
import * as counterpoise from "./dist/browser.mjs";
import { probe } from "./probe.mjs";

const load = () => counterpoise;
const report = probe({ main: load, generator: load }, { start: 0 }).catch((error) => ({ failure: String(error) }));
addEventListener("message", (event) => event.waitUntil(report.then((value) => event.source.postMessage(value))));
