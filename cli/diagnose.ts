import { basename } from "node:path";
import { leakReport, privacyReport, qualityReport, type LeakReport, type QualityReport } from "../bindings/diagnose";
import type { ReportParts } from "../bindings/report";
import type { Kind, Progress, Run, TableOptions } from "../bindings/index";
import { DIAGNOSIS_WORDS, numberOf, tableOptions, TABLE_WORDS, threadsOf, UsageError, type Words } from "./arguments";
import { painter, type Bar } from "./progress";
import { openPage } from "./report";
import { shellCall } from "./reproduce";
import { inFlags } from "./sentence";
import { openSource } from "./source";
import { aligned } from "./summary";
import { openTable, ORIGIN_COLUMNS, type Table } from "./tables";

export const DIAGNOSE_WORDS: readonly string[] = [
  ...TABLE_WORDS,
  ...DIAGNOSIS_WORDS,
  ...["group", "time", "only-synthetic", "seed", "threads", "json", "report"],
];

/** counterpoise diagnose: added rows beside real ones, or test rows beside training rows; returns what to print. */
export async function diagnose(
  words: Words,
  files: readonly string[],
  signal: AbortSignal,
  bar: Bar,
): Promise<{ stdout: string; stderr: string }> {
  const seed = words.seed === undefined ? undefined : numberOf("seed", words.seed);
  const runOf = (stage: string): Run => ({
    signal,
    threads: threadsOf(words.threads, "auto"),
    onProgress: ({ done, total }: Progress) => bar.show(stage, done, total),
  });
  const leaking = checked(words, files);
  const page = openPage(words, files[0] ?? words.train!);
  const told = leaking
    ? await leaks(words, seed, runOf("looking for leaks"), bar)
    : await added(words, files as [string, string], seed, [runOf("quality"), runOf("privacy")], bar);
  const where = await page?.write(async () => ({ ...told.parts, calls: { ...told.parts.calls, shell: shellCall() } }));
  bar.clear();
  return { stdout: words.json ? `${JSON.stringify(told.json, null, 2)}\n` : `${told.text}${where ? `\n${where}` : ""}`, stderr: "" };
}

/** Whether leaks are asked for; refuses what is neither that nor two files. */
function checked(words: Words, files: readonly string[]): boolean {
  const { train, test, holdout } = words;
  if (train !== undefined || test !== undefined) {
    const foreign = files[0] ?? (holdout && "--holdout") ?? (words["only-synthetic"] && "--only-synthetic");
    if (foreign) throw new UsageError(`--train and --test look for leaks between two files, and take no ${foreign}.`);
    if (train === undefined || test === undefined) throw new UsageError("--train and --test go together; name a file for each.");
    return true;
  }
  if (files.length === 2) return false;
  throw new UsageError(
    `diagnose takes a real and a balanced table, or --train and --test, but was given ${files.length} files; see counterpoise diagnose --help.`,
  );
}

interface Told {
  readonly json: unknown;
  readonly text: string;
  readonly parts: ReportParts;
}

async function leaks(words: Words, seed: number | undefined, run: Run, bar: Bar): Promise<Told> {
  const [train, test] = await readAlike(words, [words.train!, words.test!], bar);
  const report: LeakReport = await leakReport(train!, test!, { seed }, run);
  const paint = painter(process.stdout);
  const title = paint("bold", `${words.test} beside ${words.train}: ${report.leak ? "leaks" : "no leak found"}`);
  return {
    json: { train: words.train, test: words.test, ...report },
    text: `${title}\n\n${said(report.summary)}`,
    parts: {
      title: `${basename(words.test!)} beside ${basename(words.train!)}`,
      leaks: report,
      calls: {
        js: `import { leakReport } from "counterpoise/diagnose";\n\n// train, test: tables of the two files\nconst leaks = await leakReport(train, test${seedOf(seed, [])});`,
      },
    },
  };
}

async function added(
  words: Words,
  files: readonly [string, string],
  seed: number | undefined,
  [first, second]: readonly [Run, Run],
  bar: Bar,
): Promise<Told> {
  const names = words.holdout === undefined ? files : [...files, words.holdout];
  const [real, balanced, holdout] = (await readAlike(words, names, bar)) as [Table, Table, Table | undefined];
  const includesReal = !words["only-synthetic"];
  const quality = await qualityReport(real, balanced, { includesReal, seed }, first);
  const privacy = await privacyReport(real, balanced, { includesReal, seed, holdout }, second);
  const paint = painter(process.stdout);
  const parts = [
    paint("bold", `${files[1]} beside ${files[0]}`),
    "",
    ...quality.classes.flatMap(classLines),
    `${paint("bold", "quality")}\n${said([...quality.summary, ...quality.notes])}`,
    `${paint("bold", "privacy")}\n${said(privacy.summary)}`,
  ];
  return {
    json: { real: files[0], balanced: files[1], quality, privacy },
    text: parts.join("\n"),
    parts: {
      title: `${basename(files[1])} beside ${basename(files[0])}`,
      quality,
      privacy,
      calls: {
        js: `import { privacyReport, qualityReport } from "counterpoise/diagnose";

// real, balanced${holdout ? ", holdout" : ""}: tables of the files
const quality = await qualityReport(real, balanced${seedOf(seed, [`includesReal: ${includesReal}`])});
const privacy = await privacyReport(real, balanced${seedOf(seed, [`includesReal: ${includesReal}`, ...(holdout ? ["holdout"] : [])])});`,
      },
    },
  };
}

/** Options as a program writes them, the seed among them if one was told. */
function seedOf(seed: number | undefined, others: readonly string[]): string {
  const options = [...others, ...(seed === undefined ? [] : [`seed: ${seed}`])];
  return options.length ? `, { ${options.join(", ")} }` : "";
}

function said(sentences: readonly string[]): string {
  return sentences.map((sentence) => `  ${inFlags(sentence)}\n`).join("");
}

function classLines({ label, rows, columns }: QualityReport["classes"][number]): string[] {
  const figure = (value: number | null): string => value?.toFixed(3) ?? "";
  return [
    `class ${String(label)}: ${rows.synthetic} synthetic rows, ${rows.real} real`,
    ...aligned([
      ["column", "taken as", "distance", "missing", "of real", "out of range", "invalid"],
      ...columns.map(({ name, kind, distance, missing, outOfRange, invalid }) => [
        name,
        kind,
        figure(distance),
        figure(missing.synthetic),
        figure(missing.real),
        String(outOfRange || ""),
        String(invalid || ""),
      ]),
    ]),
    "",
  ];
}

/** The tables of some files, the columns of all taken as those of the first. */
async function readAlike(words: Words, files: readonly string[], bar: Bar): Promise<Table[]> {
  const tables: Table[] = [];
  for (const file of files) {
    const opened = await openTable(await openSource(file), words);
    const options = tableOptions(words, opened.names);
    tables.push(await opened.readAll(tables.length ? asIn(tables[0]!, options, opened.names) : options, bar.show));
  }
  return tables;
}

/** Options by which other cells of the same columns are read: an integer may have become a fraction, which is for the report to tell. */
function asIn({ description }: Table, options: TableOptions, names: readonly string[]): TableOptions {
  const there = description.filter(({ name }) => names.includes(name));
  const kinds = there.flatMap(({ name, kind }): [string, Kind][] => (kind ? [[name, kind === "integer" ? "numeric" : kind]] : []));
  const carried = there.flatMap(({ name, role }) => (role === "carry" ? [name] : []));
  const { bounds: _, ...others } = options;
  return { ...others, kinds: Object.fromEntries(kinds), carry: [...carried, ...names.filter((name) => ORIGIN_COLUMNS.includes(name))] };
}
