/** node bench/adult.js FILE: milliseconds of smote on a mixed table, twice, and the peak memory of this process. */
import { readFileSync } from "node:fs";
import Papa from "papaparse";
import { smote, table } from "../dist/index.js";

const { data, meta } = Papa.parse(readFileSync(process.argv[2], "utf8"), { header: true, skipEmptyLines: true });
const target = meta.fields.at(-1);
const columns = Object.fromEntries(meta.fields.map((field) => [field, data.map((row) => row[field])]));
const time = async () => {
  const start = performance.now();
  await smote({ scale: "none" }).resample(table(columns, { target, parseNumbers: true }));
  return performance.now() - start;
};
const [first, second] = [await time(), await time()];
console.log(JSON.stringify({ first, second, megabytes: process.resourceUsage().maxRSS / 1024 }));
