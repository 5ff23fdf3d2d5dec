import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { TableOptions } from "../bindings/index";
import type { ReportParts } from "../bindings/report";
import type { Words } from "./arguments";
import { formatOf } from "./tables";

/** The version of the package. */
export function version(): string {
  return (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }).version;
}

/** A piece of a program, and the names that it imports. */
export class Code {
  readonly names: readonly string[];
  readonly text: string;

  constructor(text: string, names: readonly string[] = []) {
    this.text = text;
    this.names = names;
  }
}

/** The table, as programs call it. */
export const DATA = new Code("data");

/** A call of one of the library's functions; options of which none says anything are left out. */
export function call(name: string, ...given: readonly unknown[]): Code {
  const names = new Set([name]);
  const known = given.map((value) => (isPlain(value) ? told(value) : value));
  const texts = known.flatMap((value) => (isPlain(value) && Object.keys(value).length === 0 ? [] : [literal(value, names)]));
  return new Code(`${name}(${texts.join(", ")})`, [...names]);
}

/** This command line, as a shell takes it, and a program that does the same. */
export function callsOf({ format }: Words, input: string, options: TableOptions, result: Code): ReportParts["calls"] {
  const from = input === "-" ? "standard input" : basename(input);
  // texts in JSON are meant as texts
  const parseNumbers = formatOf(from, format) === "jsonl" ? undefined : options.parseNumbers;
  const reading = call("table", new Code("rows"), { ...options, parseNumbers });
  const names = [...new Set([...result.names, ...reading.names])].sort();
  const js = [
    `import { ${names.join(", ")} } from "counterpoise"; // ${version()}`,
    "",
    `// rows: the records of ${from}`,
    `const data = ${reading.text};`,
    `const result = await ${result.text};`,
  ];
  return { js: js.join("\n"), shell: shellCall() };
}

/** This command line, as a shell takes it. */
export function shellCall(): string {
  return ["npx", `counterpoise@${version()}`, ...process.argv.slice(2)].map(quoted).join(" ");
}

/** Entries that say something. */
function told(options: object): object {
  const empty = (value: unknown): boolean => isPlain(value) && Object.keys(value).length === 0;
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined && !empty(value)));
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && !(value instanceof Code) && !Array.isArray(value);
}

/** Letters of an object on one line. */
const LINE = 80;

/** A value as a program writes it; adds the names that are imported. */
function literal(value: unknown, names: Set<string>): string {
  if (value instanceof Code) {
    value.names.forEach((name) => names.add(name));
    return value.text;
  }
  if (Array.isArray(value)) return `[${value.map((entry) => literal(entry, names)).join(", ")}]`;
  if (!isPlain(value)) return typeof value === "string" ? JSON.stringify(value) : String(value);
  const entries = Object.entries(told(value)).map(
    ([key, entry]) => `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)}: ${literal(entry, names)}`,
  );
  const line = `{ ${entries.join(", ")} }`;
  return line.length <= LINE ? line : `{\n${entries.map((entry) => `  ${entry.replaceAll("\n", "\n  ")},\n`).join("")}}`;
}

/** A word as a POSIX shell takes it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
