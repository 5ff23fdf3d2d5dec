/** By what our functions returned, what it works with: the methods of a chain, the learner that another one asks. */
const insides = new WeakMap<object, readonly object[] | undefined>();

/** Freezes a method or a learner, and remembers that one of our functions made it of its `options` and of others. A copy of it, or what a caller built alike, is none of ours. */
export function ours<T extends object>(thing: T, of?: readonly object[]): T {
  insides.set(thing, of);
  return Object.freeze(thing);
}

/** A method or a learner as plain data, of which the function of that name makes another that does the same. */
export interface Described {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly inside: readonly Described[];
}

/** Undefined of what is none of ours, or has options that are no plain data. */
export function describe(thing: object): Described | undefined {
  if (!insides.has(thing)) return undefined;
  const { name, options } = thing as Described;
  const inside = (insides.get(thing) ?? []).flatMap((one) => describe(one) ?? []);
  if (inside.length < (insides.get(thing)?.length ?? 0)) return undefined;
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
