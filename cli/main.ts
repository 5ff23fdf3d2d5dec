#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { InputError } from "../bindings/index";
import { LEARNER_WORDS, OPTIONS, parse, TABLE_WORDS, TUNING_WORDS, UsageError, type Words } from "./arguments";
import { ADVISE_WORDS, adviseOn } from "./advise";
import { balance } from "./balance";
import { EVALUATE_WORDS, evaluate } from "./evaluate";
import { removeUnfinished } from "./files";
import { helpOf } from "./help";
import { inspectFile } from "./inspect";
import { methods } from "./methods";
import { progressBar, type Bar } from "./progress";
import { sentence } from "./sentence";
import { tune, TUNE_WORDS } from "./tune";

type Printed = { stdout: string; stderr: string };

interface Command {
  /** Options it takes. */
  readonly takes: readonly string[];
  readonly reads: boolean;
  readonly run: (words: Words, input: string, signal: AbortSignal, bar: Bar) => Promise<Printed>;
}

const printed = (stdout: string): Printed => ({ stdout, stderr: "" });

const COMMANDS: Readonly<Record<string, Command>> = {
  balance: {
    reads: true,
    takes: Object.keys(OPTIONS).filter((option) => ![...LEARNER_WORDS, ...TUNING_WORDS].includes(option)),
    run: balance,
  },
  evaluate: { reads: true, takes: EVALUATE_WORDS, run: evaluate },
  tune: { reads: true, takes: TUNE_WORDS, run: tune },
  advise: { reads: true, takes: ADVISE_WORDS, run: adviseOn },
  inspect: {
    reads: true,
    takes: [...TABLE_WORDS, "json"],
    run: async (words, input, _, bar) => printed(await inspectFile(words, input, bar)),
  },
  methods: { reads: false, takes: ["json"], run: async (words) => printed(methods(words)) },
};

try {
  // texts of cells die young; without this their nursery grows: 395 instead of 238 MB at the peak for a CSV of 1 GB, and no slower
  setFlagsFromString("--semi-space-growth-factor=1");
} catch {
  // not V8
}

const abort = new AbortController();
const bar = progressBar();
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.once(signal, () => {
    bar.clear();
    abort.abort();
    removeUnfinished();
    process.exit(code);
  });
}
process.once("exit", removeUnfinished);
// whoever reads the output may stop early, as head does
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

try {
  const { stdout, stderr } = await main(process.argv.slice(2));
  process.stderr.write(stderr);
  process.stdout.write(stdout);
} catch (error) {
  bar.clear();
  removeUnfinished();
  process.stderr.write(`counterpoise: ${sentence(error as Error)}\n`);
  process.exitCode = error instanceof UsageError || (error instanceof InputError && ["OPTION", "STRATEGY"].includes(error.code)) ? 2 : 1;
}

async function main(args: readonly string[]): Promise<Printed> {
  const { values, positionals } = parse(args);
  const [name, ...files] = positionals;
  if (values.version) {
    const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
    return printed(`${version}\n`);
  }
  if (values.help || args.length === 0) return printed(helpOf(name));
  const command = name === undefined ? undefined : COMMANDS[name];
  if (!command) {
    throw new UsageError(
      `${name === undefined ? "There is no command" : `"${name}" is no command`}; use ${Object.keys(COMMANDS).join(", ")}, or --help.`,
    );
  }
  const { takes } = command;
  const foreign = Object.keys(values).find((option) => !takes.includes(option));
  if (foreign) {
    const known = takes.length > 20 ? `see counterpoise ${name} --help` : `it takes ${takes.map((option) => `--${option}`).join(", ")}`;
    throw new UsageError(`--${foreign} is no option of ${name}; ${known}.`);
  }
  if (!command.reads && files.length) throw new UsageError(`${name} reads no file, but was given ${files[0]}.`);
  return command.run(values, command.reads ? inputOf(name!, files) : "", abort.signal, bar);
}

/** The one file to read, or - for standard input. */
function inputOf(name: string, [input, ...more]: readonly string[]): string {
  if (more.length) throw new UsageError(`${name} takes one file, but was given ${more.length + 1}; quote names that hold spaces.`);
  if (input !== undefined) return input;
  throw new UsageError(`${name} needs a table to read: counterpoise ${name} IN.csv --target COLUMN, or - for standard input.`);
}
