/** The tables that are searched: made ones of every shape and size, and real ones where they are found. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import Papa from "papaparse";
import { clustered, gaussian, rank5 } from "../data.js";
import { readRows } from "../rows.js";

const DATA = process.env.COUNTERPOISE_DATA ?? resolve(import.meta.dirname, "../../../shared/data");
const SHAPES = { Gaussian: gaussian, clustered, "rank 5": rank5 };
const REAL = { "page-blocks0": "keel/page-blocks0.csv", adult: "mixed/adult.csv", bank: "mixed/bank.csv" };

/** Every cell: { name, shape, make }, `tenth` names the cell with a tenth of its rows, and make gives { X, columns }, or undefined where a real table is not at hand. */
export function allCells() {
  const made = Object.keys(SHAPES).flatMap((shape) => [1e3, 1e4, 1e5].flatMap((n) => [2, 10, 50].map((d) => madeCell(shape, n, d))));
  const real = Object.entries(REAL).map(([name, path]) => ({ name, shape: "real", make: () => numericColumns(join(DATA, path)) }));
  return [...made, ...real, { name: "digits", shape: "real", make: digits }];
}

/** One cell beyond what peers are asked. */
export function hugeCell() {
  return madeCell("rank 5", 1e6, 10);
}

function madeCell(shape, n, columns) {
  const name = (rows) => `${shape} ${rows} × ${columns}`;
  return { name: name(n), shape, tenth: name(n / 10), make: () => ({ X: SHAPES[shape](n, columns), columns }) };
}

/** Columns of a CSV file whose every cell is a number, without the last, the target; undefined where the file is not. */
function numericColumns(file) {
  if (!existsSync(file)) return undefined;
  const [header, ...rows] = Papa.parse(readFileSync(file, "utf8"), { skipEmptyLines: true }).data;
  const isNumber = (text) => text.trim() !== "" && Number.isFinite(Number(text));
  const numeric = header.flatMap((_, c) => (c < header.length - 1 && rows.every((row) => isNumber(row[c])) ? [c] : []));
  return { X: Float64Array.from(rows.flatMap((row) => numeric.map((c) => Number(row[c])))), columns: numeric.length };
}

/** scikit-learn's handwritten digits, from the process that measures scikit-learn. */
async function digits(crew, file) {
  const peer = await crew.get("scikit-learn");
  if (!peer) return undefined;
  const { columns } = await peer.ask({ task: "digits", file });
  return { X: readRows(file), columns };
}
