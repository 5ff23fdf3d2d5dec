#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { InputError } from "../bindings/index";
import { parse, UsageError } from "./arguments";
import { balance } from "./balance";
import { removeUnfinished } from "./files";
import { HELP } from "./help";
import { sentence } from "./sentence";

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
