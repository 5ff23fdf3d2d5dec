import { InputError } from "./errors";

/** Refuses what is not an object of known options, and names the nearest known one. */
export function checkOptions(where: string, given: unknown, known: readonly string[]): void {
  checkKnown(where, given, known, nearest);
}

/** As `checkOptions`; without `suggest`, which takes room in the smallest entry, all known options are named. */
export function checkKnown(where: string, given: unknown, known: readonly string[], suggest?: typeof nearest): void {
  if (given === undefined) return;
  if (!isRecord(given)) {
    throw new InputError("OPTION", `${where} takes an object of options, but was given ${show(given)}; try { ${known[0]}: … }.`);
  }
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    const near = suggest?.(key, known);
    throw new InputError("OPTION", `${where} has no option ${show(key)}; ${near ? `did you mean "${near}"?` : `it takes ${list(known)}.`}`);
  }
}

/** A whole number from low to high. */
export function checkInteger(name: string, value: unknown, low: number, high = Number.MAX_SAFE_INTEGER): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= low && value <= high) return value;
  const range = high === Number.MAX_SAFE_INTEGER ? `of at least ${low}` : `from ${low} to ${high}`;
  throw new InputError("OPTION", `${name} is ${show(value)}, but needs a whole number ${range}.`);
}

/** A number from low to high. */
export function checkNumber(name: string, value: unknown, low: number, high: number): number {
  if (typeof value === "number" && value >= low && value <= high) return value;
  throw new InputError("OPTION", `${name} is ${show(value)}, but needs a number from ${low} to ${high}.`);
}

export function checkOneOf<T extends string>(name: string, value: unknown, allowed: readonly T[]): T {
  if (allowed.includes(value as T)) return value as T;
  throw new InputError("OPTION", `${name} is ${show(value)}, but needs one of ${list(allowed)}.`);
}

/** Whether this is an object written with braces: entries by name and nothing else. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

/** A value as it would be written in code, shortened. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) {
    const keys = Object.keys(value);
    return keys.length ? `an object with ${list(keys.slice(0, 4))}${keys.length > 4 ? " …" : ""}` : "an empty object";
  }
  return String(value);
}

/** "a", "b" and "c". */
export function list(words: readonly unknown[], last = "and"): string {
  const quoted = words.map((word) => (typeof word === "string" ? `"${word}"` : String(word)));
  return quoted.length < 2 ? (quoted[0] ?? "nothing") : `${quoted.slice(0, -1).join(", ")} ${last} ${quoted[quoted.length - 1]}`;
}

/** The known word that shares the most pairs of letters with this one, if it shares a third of them. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const pairs = (text: string): string[] => Array.from(text, (_, i) => `^${text.toLowerCase()}`.slice(i, i + 2));
  let best: string | undefined;
  let most = 1 / 3;
  for (const other of known) {
    const [own, its] = [pairs(word), pairs(other)];
    const share = (2 * own.filter((pair) => its.includes(pair)).length) / (own.length + its.length);
    if (share > most) [most, best] = [share, other];
  }
  return best;
}
