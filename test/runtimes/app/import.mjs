/** Node, Deno and Bun: prints the report, or with "refusal" what calls reject with. */
import { probe, refusal } from "./probe.mjs";

const load = { main: () => import("counterpoise"), generator: () => import("counterpoise/generator") };
console.log(JSON.stringify(await (process.argv[2] === "refusal" ? refusal : probe)(load)));
