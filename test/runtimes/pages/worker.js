/** A module worker: posts the report, or what failed. */
import { probe } from "./probe.mjs";

const load = () => import("./dist/browser.mjs");
postMessage(await probe({ main: load, generator: load }).catch((error) => ({ failure: String(error) })));
