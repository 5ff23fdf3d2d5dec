#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { InputError } from "../bindings/index";
import { parse, UsageError } from "./arguments";
import { balance } from "./balance";
import { CsvError } from "./csv";
import { removeUnfinished } from "./files";
import { HELP } from "./help";

const COMMANDS = ["balance"];

const abort = new AbortController();
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.once(signal, () => {
    abort.abort();
    removeUnfinished();
    process.exit(code);
  });
}
// whoever reads the output may stop early, as head does
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

try {
  const { stdout, stderr } = await main(process.argv.slice(2));
  process.stderr.write(stderr);
  process.stdout.write(stdout);
} catch (error) {
  process.stderr.write(`counterpoise: ${sentence(error as Error)}\n`);
  process.exitCode = error instanceof UsageError || (error instanceof InputError && ["OPTION", "STRATEGY"].includes(error.code)) ? 2 : 1;
}

async function main(args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const { values, positionals } = parse(args);
  const [command, ...files] = positionals;
  if (values.version) {
    const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
    return { stdout: `${version}\n`, stderr: "" };
  }
  if (values.help || args.length === 0) return { stdout: HELP, stderr: "" };
  if (command !== "balance") {
    throw new UsageError(
      `${command === undefined ? "There is no command" : `"${command}" is no command`}; use ${COMMANDS.join(", ")}, or --help.`,
    );
  }
  return balance(values, files, abort.signal);
}

/** The library's words for its options, in the words of the command line. */
const FLAGS: readonly (readonly [RegExp, string])[] = [
  [/kinds: \{ "([^"]*)": "(\w+)" \}/g, '--kind "$1=$2"'],
  [/carry: \["([^"]*)"\]/g, '--carry "$1"'],
  [/levels: \{ "([^"]*)": \[lowest, …, highest\] \}/g, '--levels "$1=LOWEST,…,HIGHEST"'],
  [/onTooFew: "(\w+)"/g, "--on-too-few $1"],
  [/scale: "(\w+)"/g, "--scale $1"],
  [/the option missing/g, "--missing"],
  [/\bkNeighbors\b/g, "--k"],
  [/\bkinds\b/g, "--kind"],
];

/** One sentence about a failure, never a stack. */
function sentence(error: Error & { code?: string; path?: string }): string {
  if (error instanceof InputError) return FLAGS.reduce((text, [words, flag]) => text.replace(words, flag), error.message);
  if (error instanceof UsageError || error instanceof CsvError) return error.message;
  const { code, path } = error;
  if (code === "ENOENT") return `${path} does not exist; check the name and its folder.`;
  if (code === "EISDIR") return `${path ?? "That"} is a folder, not a file; name a file.`;
  if (code === "EACCES" || code === "EPERM") return `${path} may not be opened; check its permissions.`;
  return error.message;
}
