import { InputError } from "../bindings/index";
import { UsageError } from "./arguments";
import { METHOD_FLAGS } from "./catalogue";
import { FileError } from "./source";

/** One sentence about a failure, never a stack. */
export function sentence(error: Error & { code?: string; path?: string }): string {
  if (error instanceof InputError) {
    // people count rows of a file from 1
    const counted = error.message.replace(/\brow (\d+)/g, (_, row: string) => `row ${Number(row) + 1}`);
    return inFlags(counted);
  }
  if (error instanceof UsageError || error instanceof FileError) return error.message;
  const { code } = error;
  const path = error.path?.replace(/\.\d+\.part$/, "");
  if (code === "ENOENT") return `${path} does not exist; check the name and its folder.`;
  if (code === "EISDIR") return `${path ?? "That"} is a folder, not a file; name a file.`;
  if (code === "EACCES" || code === "EPERM") return `${path} may not be opened; check its permissions.`;
  return error.message;
}

/** A sentence of the library with its options in the words of the command line. */
export function inFlags(text: string): string {
  return FLAGS.reduce((said, [words, flag]) => said.replace(words, flag), text);
}

/** The library's words for its options, in the words of the command line. */
const FLAGS: readonly (readonly [RegExp, string])[] = [
  [/kinds: \{ "([^"]*)": "(\w+)" \}/g, '--kind "$1=$2"'],
  [/carry: \["([^"]*)"\]/g, '--carry "$1"'],
  [/levels: \{ "([^"]*)": \[lowest, …, highest\] \}/g, '--levels "$1=LOWEST,…,HIGHEST"'],
  [/the option missing/g, "--missing"],
  ...METHOD_FLAGS.flatMap(({ flag, option }): [RegExp, string][] => [
    [new RegExp(`\\b${option}: "?([\\w.-]+)"?`, "g"), `--${flag} $1`],
    // a name of one word may be a word of the sentence
    [new RegExp(/[A-Z]/.test(option) ? `\\b${option}\\b` : `\\b${option}(?= is\\b)`, "g"), `--${flag}`],
  ]),
  [/\bthreads is\b/g, "--threads is"],
  [/parseNumbers: true or /g, ""],
  [/\bkinds\b/g, "--kind"],
];
