import { parseArgs } from "node:util";
import { nearest } from "../bindings/check";
import type { Kind, Strategy, TableOptions } from "../bindings/index";
import { METHOD_FLAGS } from "./catalogue";
import { LEARNER_FLAGS } from "./learners";

/** The command line was used wrongly. */
export class UsageError extends Error {}

const GENERAL = {
  target: { type: "string" },
  method: { type: "string" },
  chain: { type: "string" },
  strategy: { type: "string" },
  seed: { type: "string" },
  kind: { type: "string", multiple: true },
  levels: { type: "string", multiple: true },
  bounds: { type: "string", multiple: true },
  carry: { type: "string", multiple: true },
  weight: { type: "string" },
  missing: { type: "string", multiple: true },
  draws: { type: "string" },
  threads: { type: "string" },
  learner: { type: "string" },
  folds: { type: "string" },
  repeats: { type: "string" },
  metric: { type: "string" },
  positive: { type: "string" },
  group: { type: "string" },
  time: { type: "string" },
  "choose-threshold": { type: "string" },
  grid: { type: "string" },
  rule: { type: "string" },
  "per-class": { type: "boolean" },
  margin: { type: "string" },
  "time-budget": { type: "string" },
  guided: { type: "boolean" },
  "bias-correction": { type: "boolean" },
  "only-synthetic": { type: "boolean" },
  origins: { type: "boolean" },
  format: { type: "string" },
  delimiter: { type: "string" },
  output: { type: "string", short: "o" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

/** What the command line takes: general options, and those of the methods and learners. */
export const OPTIONS = {
  ...GENERAL,
  ...Object.fromEntries(
    [...METHOD_FLAGS, ...LEARNER_FLAGS].map(({ flag, reads }) => [flag, { type: reads === "switch" ? "boolean" : "string" }] as const),
  ),
};

/** The words of a command line, by option; those of methods are texts, or true for a switch. */
export type Words = ReturnType<typeof parseArgs<{ options: typeof GENERAL }>>["values"] & {
  readonly [flag: string]: string | boolean | string[] | undefined;
};

export function parse(args: readonly string[]): { values: Words; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    const { message } = error as Error;
    const unknown = /Unknown option '(-+)([^'=]*)/.exec(message);
    if (!unknown) throw new UsageError(message.split("\n")[0]!);
    const near = nearest(unknown[2]!, Object.keys(OPTIONS));
    throw new UsageError(
      `There is no option ${unknown[1]}${unknown[2]}${near ? `; did you mean --${near}?` : "; see counterpoise --help."}`,
    );
  }
}

/** A number of an option, as written. */
export function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) throw new UsageError(`--${option} is ${JSON.stringify(text)}, but needs a number.`);
  return value;
}

/** COL=VALUE, repeated, as an object. A column name may hold "="; the value may not. */
export function pairsOf<T>(
  option: string,
  texts: readonly string[] | undefined,
  read: (value: string, column: string) => T,
): Record<string, T> {
  return Object.fromEntries(
    (texts ?? []).map((text) => {
      const at = text.lastIndexOf("=");
      if (at < 1) throw new UsageError(`--${option} is ${JSON.stringify(text)}, but needs COLUMN=VALUE.`);
      const column = text.slice(0, at);
      return [column, read(text.slice(at + 1), column)];
    }),
  );
}

/** "0..100" or "0.." */
export function rangeOf(text: string, column: string): [number, number] {
  const [low, high, ...rest] = text.split("..");
  if (high === undefined || rest.length)
    throw new UsageError(`--bounds ${column}=${text} needs LOWEST..HIGHEST, either left out if there is none.`);
  return [low ? numberOf("bounds", low) : -Infinity, high ? numberOf("bounds", high) : Infinity];
}

function kindOf(text: string): Kind {
  return text as Kind;
}

/** auto, 0.5, or counts:yes=500,no=300, or ratios:…, or times:… */
export function strategyOf(text: string): Strategy {
  const form = /^(counts|ratios|times):(.*)$/s.exec(text);
  if (!form) return /^[\d.+-]/.test(text) ? numberOf("strategy", text) : (text as Strategy);
  const numbers = pairsOf("strategy", form[2]!.split(","), (value) => numberOf("strategy", value));
  return { [form[1]!]: numbers } as unknown as Strategy;
}

/** Options of any command that reads a table. */
export const TABLE_WORDS = ["target", "kind", "levels", "bounds", "carry", "weight", "missing", "format", "delimiter"] as const;

/** Options of commands that learn, of which those that only change a table know nothing. */
export const LEARNER_WORDS: readonly string[] = [
  ...["learner", "repeats", "metric", "positive", "group", "time", "choose-threshold"],
  ...LEARNER_FLAGS.map(({ flag }) => flag),
];

/** Options of commands that tune. */
export const TUNING_WORDS = ["grid", "rule", "per-class", "margin", "time-budget", "guided", "bias-correction"] as const;

/** How the columns of a table are to be taken. */
export function tableOptions(words: Words, names: readonly string[]): TableOptions {
  if (words.target === undefined) {
    const shown = names.slice(0, 20).join(", ");
    throw new UsageError(`--target COLUMN must name the column that holds the class; there are ${shown}${names.length > 20 ? ", …" : ""}.`);
  }
  return {
    target: words.target,
    kinds: pairsOf("kind", words.kind, kindOf),
    levels: pairsOf("levels", words.levels, (text) => text.split(",")),
    bounds: pairsOf("bounds", words.bounds, rangeOf),
    carry: words.carry,
    weight: words.weight,
    group: words.group,
    time: words.time,
    missing: words.missing,
    parseNumbers: true,
  };
}

/** "auto" or a number of threads; for a file that may be large one unless told, because every other holds a copy of the rows that grow. */
export function threadsOf(text: string | undefined, unlessTold: number | "auto" = 1): number | "auto" {
  return text === undefined ? unlessTold : text === "auto" ? text : numberOf("threads", text);
}
