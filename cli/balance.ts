import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { randomOversample, smote, table, type ColumnTable, type Oversampler, type Resampled } from "../bindings/index";
import { kindOf, numberOf, pairsOf, rangeOf, strategyOf, UsageError, type Words } from "./arguments";
import { readCsv, writeRecords, type Csv } from "./csv";
import { writeWhole } from "./files";
import { summary, type Facts } from "./summary";

/** Options that only some methods take, by name on the command line. */
const METHODS: Readonly<Record<string, { readonly make: (words: Words) => Oversampler; readonly takes: readonly (keyof Words)[] }>> = {
  smote: {
    takes: ["k", "scale", "nominal", "on-too-few"],
    make: (words) =>
      smote({
        ...common(words),
        kNeighbors: words.k === undefined ? undefined : numberOf("k", words.k),
        scale: words.scale as "standard",
        nominal: words.nominal as "vote",
        onTooFew: words["on-too-few"] as "reduce",
      }),
  },
  randomOversample: {
    takes: ["shrinkage"],
    make: (words) =>
      randomOversample({ ...common(words), shrinkage: words.shrinkage === undefined ? undefined : numberOf("shrinkage", words.shrinkage) }),
  },
};

const ORIGIN_COLUMNS = ["_origin", "_base", "_neighbor", "_gap"];

/** counterpoise balance IN.csv: reads, resamples, writes; returns what to print where. */
export async function balance(
  words: Words,
  [input, ...more]: readonly string[],
  signal: AbortSignal,
): Promise<{ stdout: string; stderr: string }> {
  if (!input) throw new UsageError("balance needs a CSV file: counterpoise balance IN.csv --target COLUMN -o OUT.csv");
  if (more.length) throw new UsageError(`balance takes one file, but was given ${more.length + 1}; quote names that hold spaces.`);
  if (words.target === undefined) throw new UsageError("balance needs the column that holds the class: --target COLUMN");
  if (words.json && words.output === undefined) {
    throw new UsageError("--json prints on standard output, where the table goes too; name a file for the table with -o OUT.csv.");
  }
  const method = methodOf(words);
  const csv = readCsv(readFileSync(input), basename(input));
  if (words.origins) checkOriginNames(csv);
  const data = table(csv.columns, {
    target: words.target,
    kinds: pairsOf("kind", words.kind, kindOf),
    levels: pairsOf("levels", words.levels, (text) => text.split(",")),
    bounds: pairsOf("bounds", words.bounds, rangeOf),
    carry: words.carry,
    weight: words.weight,
    missing: words.missing,
    parseNumbers: true,
  });
  const result = await method.resample(data, { only: "synthetic", signal });
  const text = tableText(csv, result, words);
  const facts: Facts = { input, csv, data, result, method, output: words.output };
  if (words.output === undefined) return { stdout: text, stderr: summary(facts) };
  writeWhole(words.output, text);
  return { stdout: words.json ? json(facts) : summary(facts), stderr: "" };
}

function methodOf(words: Words): Oversampler {
  const name = Object.keys(METHODS).find((known) => known.toLowerCase() === words.method.replaceAll("-", "").toLowerCase());
  if (!name) throw new UsageError(`--method is "${words.method}", but needs one of ${Object.keys(METHODS).join(", ")}.`);
  const { make, takes } = METHODS[name]!;
  for (const other of Object.values(METHODS).flatMap((known) => known.takes)) {
    if (words[other] !== undefined && !takes.includes(other)) {
      const whose = Object.keys(METHODS).filter((known) => METHODS[known]!.takes.includes(other));
      throw new UsageError(`--${other} belongs to --method ${whose.join(" or ")}, but the method is ${name}.`);
    }
  }
  return make(words);
}

function common(words: Words) {
  return {
    strategy: words.strategy === undefined ? undefined : strategyOf(words.strategy),
    seed: words.seed === undefined ? undefined : numberOf("seed", words.seed),
    draws: words.draws as "even" | undefined,
  };
}

function checkOriginNames({ header }: Csv): void {
  const taken = ORIGIN_COLUMNS.find((name) => header.includes(name));
  if (taken) throw new UsageError(`--origins adds a column ${taken}, which the table has already; rename it first.`);
}

/** The originals as they were written, then the synthetic rows. */
function tableText(csv: Csv, { data, origins }: Resampled<ColumnTable>, words: Words): string {
  const count = data.columns[csv.header[0]!]!.length;
  const synthetic = Array.from({ length: count }, (_, i) => csv.header.map((name) => data.columns[name]![i]));
  if (!words.origins) {
    const above = words["only-synthetic"] ? csv.headerText + csv.newline : csv.text;
    return above + writeRecords(csv, synthetic);
  }
  const beside = (text: string, cells: readonly unknown[]): string => text + csv.delimiter + writeRecords(csv, [cells]);
  const originals = words["only-synthetic"] ? 0 : csv.rows;
  const lines = [beside(csv.headerText, ORIGIN_COLUMNS)];
  for (let i = 0; i < originals; i++) lines.push(beside(csv.rowText(i), ["original", i + 1, "", ""]));
  synthetic.forEach((cells, i) => {
    const neighbor = origins.neighbor[i]!;
    cells.push("synthetic", origins.base[i]! + 1, neighbor < 0 ? "" : neighbor + 1, neighbor < 0 ? "" : origins.gap[i]!);
  });
  return lines.join("") + writeRecords(csv, synthetic);
}

function json({ input, csv, data, result, method, output }: Facts): string {
  const facts = {
    input,
    output,
    method: method.name,
    options: method.options,
    rows: csv.rows,
    counts: [...result.counts].map(([label, count]) => ({ label, ...count })),
    columns: data.description,
    notes: [...data.notes, ...result.notes],
  };
  return `${JSON.stringify(facts, null, 2)}\n`;
}
