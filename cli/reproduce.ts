import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Resampler, TableOptions } from "../bindings/index";
import type { ReportParts } from "../bindings/report";
import type { Words } from "./arguments";
import { formatOf } from "./tables";

/** The version of the package. */
export function version(): string {
  return (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }).version;
}

/** This command line, as a shell takes it, and a program that does the same. `program` says what comes after the table. */
export function callsOf(
  { format }: Words,
  input: string,
  options: TableOptions,
  names: readonly string[],
  program: readonly string[],
): ReportParts["calls"] {
  const from = input === "-" ? "standard input" : basename(input);
  // texts in JSON are meant as texts
  const parseNumbers = formatOf(from, format) === "jsonl" ? undefined : options.parseNumbers;
  const js = [
    `import { ${[...new Set([...names, "table"])].sort().join(", ")} } from "counterpoise"; // ${version()}`,
    "",
    `// rows: the records of ${from}`,
    `const data = table(rows, ${literal(told({ ...options, parseNumbers }))});`,
    ...program,
  ];
  return { js: js.join("\n"), shell: ["npx", `counterpoise@${version()}`, ...process.argv.slice(2)].map(quoted).join(" ") };
}

/** Names that the call of a method needs, and the call. */
export function callOf({ name, options }: Pick<Resampler, "name" | "options">): { names: string[]; call: string } {
  const { steps, ...others } = told(options);
  if (!Array.isArray(steps)) return { names: [name], call: `${name}(${written(others)})` };
  const calls = (steps as Resampler[]).map(callOf);
  const last = written(others);
  return {
    names: [name, ...calls.flatMap(({ names }) => names)],
    call: `${name}(${[...calls.map(({ call }) => call), ...(last ? [last] : [])].join(", ")})`,
  };
}

/** Entries that say something. Methods show a scale that the data decide as "auto", which they do not take. */
function told(options: object): Record<string, unknown> {
  const empty = (value: unknown): boolean => typeof value === "object" && value !== null && Object.keys(value).length === 0;
  const entries = Object.entries(options).filter(([, value]) => value !== undefined && !empty(value));
  return Object.fromEntries(entries.filter(([option, value]) => !(option === "scale" && value === "auto")));
}

function written(options: object): string {
  return Object.keys(options).length ? literal(options) : "";
}

/** A value as a program writes it. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return typeof value === "string" ? JSON.stringify(value) : String(value);
  const entries = Object.entries(value).map(
    ([key, entry]) => `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)}: ${literal(entry)}`,
  );
  return `{ ${entries.join(", ")} }`;
}

/** A word as a POSIX shell takes it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
