import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import Papa from "papaparse";
import { table, type ColumnTable, type TableOptions } from "../../bindings/index";

/** Folder of real tables; they are read in place and not part of the project. */
export const DATA = process.env["COUNTERPOISE_DATA"] ?? resolve(import.meta.dirname, "../../../shared/data");
export const HAS_DATA = existsSync(`${DATA}/keel/manifest.json`);
if (!HAS_DATA) console.warn(`Tests on real tables are skipped: ${DATA} does not exist; set COUNTERPOISE_DATA.`);

interface Entry {
  readonly name: string;
  readonly nominal: readonly string[];
  readonly target: string;
  readonly minority: string;
}

/** One of the real tables, nominal columns as its manifest says. */
export function realTable(folder: string, name: string, options: Partial<TableOptions> = {}): ColumnTable {
  const entries = JSON.parse(readFileSync(`${DATA}/${folder}/manifest.json`, "utf8")) as Entry[];
  const entry = entries.find((known) => known.name === name)!;
  const { data, meta } = Papa.parse<Record<string, string>>(readFileSync(`${DATA}/${folder}/${name}.csv`, "utf8"), {
    header: true,
    skipEmptyLines: true,
  });
  const columns = Object.fromEntries(meta.fields!.map((field) => [field, data.map((row) => row[field]!)]));
  const kinds = Object.fromEntries(entry.nominal.map((column) => [column, "nominal" as const]));
  return table(columns, { target: entry.target, kinds, parseNumbers: true, ...options });
}

/** A golden file of test/golden. */
export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(resolve(import.meta.dirname, `../golden/${name}`), "utf8")) as T;
}
