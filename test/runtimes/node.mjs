/** node test/runtimes/node.mjs: prints the fingerprint of the built package. */
import * as generator from "../../dist/generator.js";
import * as main from "../../dist/index.js";
import { fingerprint } from "./fingerprint.mjs";

console.log(await fingerprint({ ...main, ...generator }));
