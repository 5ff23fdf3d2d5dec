import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { TableOptions } from "../bindings/index";
import type { ReportParts } from "../bindings/report";
import type { Words } from "./arguments";
import type { Asked } from "./methods";
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

/** Names that the call of a method needs, and the call; `chained`, of several one after the other. */
export function callOf({ steps }: Pick<Asked, "steps">, chained: boolean): { names: string[]; call: string } {
  const calls = steps.map(({ name, options }) => `${name}(${written(told(options))})`).join(", ");
  const names = steps.map(({ name }) => name);
  return chained ? { names: ["chain", ...names], call: `chain(${calls})` } : { names, call: calls };
}

/** Entries that say something. */
function told(options: object): Record<string, unknown> {
  const empty = (value: unknown): boolean => typeof value === "object" && value !== null && Object.keys(value).length === 0;
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined && !empty(value)));
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
