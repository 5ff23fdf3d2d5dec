import type { Resampler } from "../bindings/index";

/**
 * A method as people meet it. From these `counterpoise methods` prints, `balance` parses and helps, and `npm run docs` writes the table in README.md and the whole of
 * docs/methods.md, pictures included: a new method is one entry in adders.ts or removers.ts.
 */
export interface Offered {
  /** The library's function; in kebab-case what --method takes. */
  readonly name: string;
  readonly make: (options: Readonly<Record<string, never>>) => Resampler;
  /** Adds rows from endless streams; changes the set of rows; or removes rows. */
  readonly kind: "oversampler" | "resampler" | "undersampler";
  /** What is stable changes its bytes only with a major version; what is experimental may with a minor one. */
  readonly tier: "stable" | "experimental";
  /** Whose rows it has to see: of the classes that grow, or of all. A file larger than memory is read accordingly. */
  readonly sees: "growing" | "all";
  /** One line for lists. */
  readonly what: string;
  readonly source: string;
  /** When to use it, and what differs from the source: sentences for docs/methods.md. */
  readonly when: string;
  readonly ours: string;
  readonly flags: readonly Flag[];
  /** Of the options that many methods have, those that this one takes; all if left out. */
  readonly general?: readonly ("strategy" | "seed" | "draws")[];
  /** Options of each picture; one picture of the defaults if left out. */
  readonly shown?: readonly Readonly<Record<string, unknown>>[];
}

/** An option of the library as the command line takes it. */
export interface Flag {
  readonly flag: string;
  readonly option: string;
  /** `"either"`: a number where it is one, else a word. */
  readonly reads: "number" | "text" | "either" | "switch";
  /** What stands for its value in help; a switch has none. */
  readonly value?: string;
  readonly help: string;
}

export const K: Flag = { flag: "k", option: "kNeighbors", reads: "number", value: "N", help: "neighbors, default 5" };
export const SCALE: Flag = {
  flag: "scale",
  option: "scale",
  reads: "text",
  value: "HOW",
  help: "standard (default) or none: how columns are made comparable in distances",
};
export const NOMINAL: Flag = {
  flag: "nominal",
  option: "nominal",
  reads: "text",
  value: "HOW",
  help: "vote (default) or parent: where a nominal value comes from",
};
export const ON_TOO_FEW: Flag = {
  flag: "on-too-few",
  option: "onTooFew",
  reads: "text",
  value: "WHAT",
  help: "a class of k rows or fewer: error (default), reduce, copy or skip",
};

/** Options of every method whose rows lean towards neighbors of their own class. */
export const NEIGHBORS: readonly Flag[] = [K, SCALE, NOMINAL, ON_TOO_FEW];

export const number = (flag: string, option: string, help: string): Flag => ({ flag, option, reads: "number", value: "N", help });
export const choice = (flag: string, option: string, help: string): Flag => ({ flag, option, reads: "text", value: "WHAT", help });
