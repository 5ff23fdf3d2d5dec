import { randomOversample, smote, type Oversampler } from "../bindings/index";

/**
 * Every method, in the order in which people meet them. From here `counterpoise methods` prints, `balance` parses and helps, and `npm run docs` writes the table in
 * README.md and the whole of docs/methods.md, pictures included: a new method is one entry in METHODS.
 */
export interface Offered {
  /** The library's function; in kebab-case what --method takes. */
  readonly name: string;
  readonly make: (options: Readonly<Record<string, never>>) => Oversampler;
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
  /** Options of each picture; one picture of the defaults if left out. */
  readonly shown?: readonly Readonly<Record<string, unknown>>[];
}

/** An option of the library as the command line takes it. */
export interface Flag {
  readonly flag: string;
  readonly option: string;
  readonly reads: "number" | "text" | "switch";
  /** What stands for its value in help; a switch has none. */
  readonly value?: string;
  readonly help: string;
}

const K: Flag = { flag: "k", option: "kNeighbors", reads: "number", value: "N", help: "neighbors, default 5" };
const SCALE: Flag = {
  flag: "scale",
  option: "scale",
  reads: "text",
  value: "HOW",
  help: "standard (default) or none: how columns are made comparable in distances",
};
const NOMINAL: Flag = {
  flag: "nominal",
  option: "nominal",
  reads: "text",
  value: "HOW",
  help: "vote (default) or parent: where a nominal value comes from",
};
const ON_TOO_FEW: Flag = {
  flag: "on-too-few",
  option: "onTooFew",
  reads: "text",
  value: "WHAT",
  help: "a class of k rows or fewer: error (default), reduce, copy or skip",
};

export const METHODS: readonly Offered[] = [
  {
    name: "smote",
    make: smote,
    kind: "oversampler",
    tier: "stable",
    sees: "growing",
    what: "new rows between a row and one of its k nearest of the class; any kinds of columns (SMOTE, SMOTE-NC, SMOTE-N)",
    source: "Chawla, Bowyer, Hall, Kegelmeyer 2002",
    when: "The place to begin, and the one to beat: it fills the space between neighbors of a class evenly and knows nothing of the other classes. An outlier draws a bridge of new rows through them; if that shows, try a method that looks at the border.",
    ours: "Exact neighbors with ties by row number, every row an equal share of children, missing cells, whole numbers rounded; each class has random numbers of its own.",
    flags: [K, SCALE, NOMINAL, ON_TOO_FEW],
  },
  {
    name: "randomOversample",
    make: randomOversample,
    kind: "oversampler",
    tier: "stable",
    sees: "growing",
    what: "copies of rows; with shrinkage, copies with noise (ROSE)",
    source: "Menardi, Torelli 2014",
    when: "Copies are the baseline: the same as weighing the class more, for learners that take no weights, and right for columns between which nothing can lie. With shrinkage each copy gets normal noise, which blurs the class by the same width everywhere.",
    ours: "The bandwidth counts the rows of the class; values are reflected at declared bounds, and whole numbers rounded.",
    flags: [
      { flag: "shrinkage", option: "shrinkage", reads: "number", value: "X", help: "0 (default) copies rows; above 0 adds noise (ROSE)" },
    ],
    shown: [{}, { shrinkage: 0.5 }],
  },
];

/** The method's name on the command line. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Every flag of any method, once; where methods give one flag different words, those of the first. */
export const METHOD_FLAGS: readonly Flag[] = METHODS.flatMap(({ flags }) => flags).filter(
  ({ flag }, at, all) => all.findIndex((other) => other.flag === flag) === at,
);
