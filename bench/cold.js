/** node bench/cold.js MINORITY COLUMNS: milliseconds from import to the first result and of the second call, in this new process. */
import { gaussian } from "./data.js";

const [minority, columns] = process.argv.slice(2).map(Number);
const n = minority === 500 ? 1000 : 3 * minority;
const X = gaussian(n, columns);
const y = new Uint8Array(n).fill(1, 0, Math.min(minority, n >> 1) - (minority === 500 ? 200 : 0));
const start = performance.now();
const { smote } = await import("../dist/index.js");
const imported = performance.now();
await smote().resample({ X, y, columns }, { threads: 1 });
const first = performance.now();
await smote().resample({ X, y, columns }, { threads: 1 });
console.log(JSON.stringify({ imported: imported - start, first: first - imported, second: performance.now() - first }));
