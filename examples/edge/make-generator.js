/** node examples/edge/make-generator.js: fits SMOTE on the penguins and writes generator.json beside this file. It contains real rows; treat it like them. */
import { readFileSync, writeFileSync } from "node:fs";
import { smote, table } from "counterpoise";

const source = new URL("../penguins.csv", import.meta.url);
const [names, ...lines] = readFileSync(source, "utf8")
  .trim()
  .split("\n")
  .map((line) => line.split(",")); // no cell of this file has a comma in it
const cell = (text) => (text === "" ? null : Number.isNaN(Number(text)) ? text : Number(text));
const rows = lines.map((cells) => Object.fromEntries(names.map((name, i) => [name, cell(cells[i])])));

const generator = await smote({ seed: 42 }).fit(table(rows, { target: "species" }));
writeFileSync(new URL("generator.json", import.meta.url), JSON.stringify(generator));
console.log(`generator.json makes rows of ${generator.labels.join(" and ")}.`);
