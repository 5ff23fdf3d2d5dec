/** @edge-runtime/vm: leaves the two things to do in a global. */
import { probe, refusal } from "./probe.mjs";

const load = { main: () => import("counterpoise"), generator: () => import("counterpoise/generator") };
globalThis.counterpoiseTest = { probe: () => probe(load), refusal: () => refusal(load) };
