import { makingOf } from "./data/marks";

/** A method or a learner as plain data, of which the function of that name makes another that does the same. */
export interface Described {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly inside: readonly Described[];
}

/** Undefined of what is none of ours, or has options that are no plain data. */
export function describe(thing: object): Described | undefined {
  const making = makingOf(thing);
  if (!making) return undefined;
  const { name, options } = thing as Described;
  const inside = (making.inside ?? []).flatMap((one) => describe(one) ?? []);
  if (inside.length < (making.inside?.length ?? 0)) return undefined;
  // what it works with is told of there too
  const own = Object.entries(options).filter(([key]) => !inside.length || !/^(steps|resampler|learner)$/.test(key));
  return own.every(([, value]) => isPlain(value)) ? { name, options: Object.fromEntries(own), inside } : undefined;
}

/** Texts, numbers and the like, and lists, maps and records of them; whatever has options of its own is a method or a learner, or speaks of one. */
function isPlain(value: unknown): boolean {
  if (typeof value === "function" || typeof value === "symbol") return false;
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return true;
  if (value instanceof Map) return [...value.values()].every(isPlain);
  return !("options" in value) && Object.values(value).every(isPlain);
}
