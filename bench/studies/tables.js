/** Real tables as numbers, measures of predictions, and what studies say of them. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import Papa from "papaparse";
import { averagePrecision, balancedAccuracy, matthewsCorrelation, table as read, toMatrix } from "../../dist/index.js";

export const ROOT = resolve(import.meta.dirname, "../..");
const DATA = process.env.COUNTERPOISE_DATA ?? resolve(ROOT, "../shared/data");

/** Tables of KEEL of two classes, 1 the rarer one: complete, standardized. */
export function matrices(wanted) {
  const entries = JSON.parse(readFileSync(join(DATA, "keel/manifest.json"), "utf8"));
  return entries
    .filter((entry) => Object.keys(entry.counts).length === 2 && wanted(entry))
    .map(({ name, nominal, target, minority }) => {
      const { data } = Papa.parse(readFileSync(join(DATA, `keel/${name}.csv`), "utf8"), { header: true, skipEmptyLines: true });
      const kinds = Object.fromEntries(nominal.map((column) => [column, "nominal"]));
      const columns = Object.fromEntries(Object.keys(data[0]).map((field) => [field, data.map((row) => row[field])]));
      const { X, columns: d, rows: n } = toMatrix(read(columns, { target, kinds, parseNumbers: true }), { missing: "impute" });
      const matrix = Array.from({ length: n }, (_, i) => Array.from(X.subarray(i * d, i * d + d)));
      return { name, X: standardized(matrix), y: data.map((row) => Number(row[target] === minority)) };
    });
}

function standardized(X) {
  const moments = X[0].map((_, c) => {
    const mean = X.reduce((sum, row) => sum + row[c], 0) / X.length;
    return [mean, Math.sqrt(X.reduce((sum, row) => sum + (row[c] - mean) ** 2, 0) / X.length) || 1];
  });
  return X.map((row) => row.map((value, c) => (value - moments[c][0]) / moments[c][1]));
}

export function rows(values, numbers) {
  return Array.from(numbers, (i) => values[i]);
}

/** Matthews correlation and balanced accuracy at ½, average precision. */
export function measures(truth, chances) {
  const said = chances.map((chance) => Number(chance > 0.5));
  return [
    matthewsCorrelation(truth, said),
    balancedAccuracy(truth, said),
    averagePrecision(truth, Float64Array.from(chances), { positive: 1 }),
  ];
}

/** Scores without what sums round off, so that equal ones are ties. */
export function rounded(scores) {
  return scores.map((score) => Math.round(1e9 * score) / 1e9);
}

/** A p as it is printed. */
export function shown(p) {
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

export function table(head, lines) {
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
