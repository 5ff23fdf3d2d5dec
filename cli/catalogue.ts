import {
  adasyn,
  borderlineSmote,
  geometricSmote,
  kmeansSmote,
  leeSmote,
  polynomFitSmote,
  prowsyn,
  randomOversample,
  safeLevelSmote,
  smote,
  smoteIpf,
  svmSmote,
  type Resampler,
} from "../bindings/index";

/**
 * Every method, in the order in which people meet them. From here `counterpoise methods` prints, `balance` parses and helps, and `npm run docs` writes the table in
 * README.md and the whole of docs/methods.md, pictures included: a new method is one entry in METHODS.
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

/** Options of every method whose rows lean towards neighbors of their own class. */
const NEIGHBORS: readonly Flag[] = [K, SCALE, NOMINAL, ON_TOO_FEW];

const number = (flag: string, option: string, help: string): Flag => ({ flag, option, reads: "number", value: "N", help });
const choice = (flag: string, option: string, help: string): Flag => ({ flag, option, reads: "text", value: "WHAT", help });

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
    flags: NEIGHBORS,
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
  {
    name: "borderlineSmote",
    make: borderlineSmote,
    kind: "oversampler",
    tier: "experimental",
    sees: "all",
    what: "SMOTE from the rows in danger alone: those with many rows of other classes near, but not only such",
    source: "Han, Wang, Mao 2005",
    when: "Where classes touch and a learner errs along the border; rows deep inside the class get no children, and outliers are taken for noise. Where classes are apart, no row is in danger. Kind 2 also leans halfway towards other classes.",
    ours: "Every column kind and missing cells; exact totals; a policy where no row is in danger, which imbalanced-learn passes over in silence; the gap towards other classes is uniform up to a half.",
    flags: [
      ...NEIGHBORS,
      number("borderline-kind", "kind", "1 (default), or 2: new rows lean towards other classes, too"),
      number("m", "mNeighbors", "nearest of all rows that tell whether a row is in danger, default 10"),
      choice("on-no-danger", "onNoDanger", "a class without rows in danger: error (default), all or skip"),
    ],
    shown: [{ kind: 1 }, { kind: 2 }],
  },
  {
    name: "adasyn",
    make: adasyn,
    kind: "oversampler",
    tier: "experimental",
    sees: "all",
    what: "SMOTE whose rows have children in proportion to the rows of other classes near them",
    source: "He, Bai, Garcia, Li 2008",
    when: "Where a class is hard to learn in some places and easy in others. It follows noise too: a row among others has the most children, so where labels are unsure prefer a method that keeps away.",
    ours: "Every column kind and missing cells; exact totals, which imbalanced-learn misses by rounding the count of each row.",
    flags: [...NEIGHBORS, choice("on-no-foreign", "onNoForeign", "a class with no row of another near: error (default), all or skip")],
  },
  {
    name: "safeLevelSmote",
    make: safeLevelSmote,
    kind: "oversampler",
    tier: "experimental",
    sees: "all",
    what: "SMOTE whose new rows keep to the safer of two rows, the one with more of its class near",
    source: "Bunkhumpornpat, Sinapiromsaran, Lursinsap 2009",
    when: "Where some rows of the class lie far inside others: bridges to them stay short, and between two of them nothing is made.",
    ours: "Every column kind and missing cells; one gap for all columns; exact totals, since pairs that make nothing are not drawn.",
    flags: [...NEIGHBORS, choice("on-no-safe", "onNoSafe", "a class without a safe pair: error (default), all or skip")],
  },
  {
    name: "leeSmote",
    make: leeSmote,
    kind: "oversampler",
    tier: "experimental",
    sees: "all",
    what: "SMOTE that draws again where half or more of the rows near a new one are of other classes",
    source: "Lee, Kim, Lee 2015",
    when: "Where the class lies among others and SMOTE would put new rows into their midst. Every candidate is searched for, so it is slower, and its generators cannot be stored.",
    ours: "Each row is tried up to 64 times with draws of its own and does not depend on the others; the source's code raises the level for all.",
    flags: [
      ...NEIGHBORS,
      number("rejection", "rejection", "share of rows of other classes from which on a new one is rejected, default 0.5"),
      choice("on-rejected", "onRejected", "a row whose every try was rejected: best (default) or error"),
    ],
  },
  {
    name: "prowsyn",
    make: prowsyn,
    kind: "oversampler",
    tier: "experimental",
    sees: "all",
    what: "new rows between any two rows of the same level of proximity to other classes, more in near levels",
    source: "Barua, Islam, Murase 2013",
    when: "For classes of one piece: pairs may be far apart. It ranked second in Kovács' comparison of 85 oversamplers (2019).",
    ours: "Every column kind and missing cells; as many levels as are asked for, where smote_variants has one more; no row is paired with itself.",
    flags: [
      K,
      SCALE,
      ON_TOO_FEW,
      number("proximity-levels", "levels", "levels of proximity, default 5"),
      number("theta", "theta", "how fast the weight of levels falls, default 1"),
    ],
  },
  {
    name: "kmeansSmote",
    make: kmeansSmote,
    kind: "oversampler",
    tier: "experimental",
    sees: "all",
    what: "SMOTE inside those k-means clusters of all rows where the class is at home, more where it is sparse",
    source: "Douzas, Bacao, Last 2018",
    when: "For classes in several groups: no row is made between groups that have others between them, nor around strays.",
    ours: "Exact k-means at the distances of SMOTE-NC; exact totals; equal weights where rows of clusters are equal, and a policy where no cluster has enough of the class.",
    flags: [
      { ...K, help: "neighbors in the cluster, default 2" },
      SCALE,
      NOMINAL,
      ON_TOO_FEW,
      number("clusters", "clusters", "clusters of all rows, default 8"),
      number("min-share", "minShare", "share of a cluster that must be of the class, default 1 / the number of classes"),
      number("density-exponent", "densityExponent", "how much more sparse clusters get, by default from the number of rows"),
      choice("on-no-cluster", "onNoCluster", "a class at home in no cluster: error (default), all or skip"),
    ],
  },
  {
    name: "svmSmote",
    make: svmSmote,
    kind: "oversampler",
    tier: "experimental",
    sees: "all",
    what: "SMOTE along the border that support vectors draw: between rows in danger, beyond the others",
    source: "Nguyen, Cooper, Kamei 2011",
    when: "Where the border of a class lacks rows rather than its middle. Fitting takes time with the square of the rows.",
    ours: "Every support vector has an equal share and totals are exact, where imbalanced-learn makes fewer rows if all or none are in danger; new rows stay within declared bounds.",
    flags: [
      ...NEIGHBORS,
      number("m", "mNeighbors", "nearest of all rows that tell whether a row is in danger, default 10"),
      number("out-step", "outStep", "how far beyond a support vector new rows may lie, default 0.5"),
      number("cost", "cost", "C of the classifier, default 1"),
      choice("on-all-noise", "onAllNoise", "a class whose every support vector is noise: error (default), all or skip"),
    ],
  },
  {
    name: "geometricSmote",
    make: geometricSmote,
    kind: "oversampler",
    tier: "experimental",
    sees: "all",
    what: "new rows in a ball around a row that reaches to a neighbor of the class or to the nearest other row",
    source: "Douzas, Bacao 2019",
    when: "For classes of few rows in few columns, between which segments leave most of the space empty. Truncation chooses a part of the ball, deformation narrows it towards the segment.",
    ours: "The ball is of numeric columns as they are compared; rows of other classes have no vote on nominal values.",
    flags: [
      ...NEIGHBORS,
      choice("selection", "selection", "what the ball reaches to: combined (default), minority or majority"),
      number("truncation", "truncation", "1 (default): the half towards the neighbor; 0: the whole ball; -1: the half away"),
      number("deformation", "deformation", "0 (default): a ball; 1: the segment"),
    ],
    shown: [{}, { selection: "minority" }, { truncation: 0 }, { deformation: 0.8 }],
  },
  {
    name: "polynomFitSmote",
    make: polynomFitSmote,
    kind: "oversampler",
    tier: "experimental",
    sees: "growing",
    what: "new rows on the lines from rows to their mean, to the next row, to any row, or on a fitted curve",
    source: "Gazzah, Ben Amara 2008",
    when: "For classes of one piece, and where speed counts: it searches for nothing. It ranked first in Kovács' comparison of 85 oversamplers (2019), whose first ten are close together.",
    ours: "Exact totals; the fractions of the way come in the order 1/2, 1/4, 3/4, …, so that rows do not depend on how many are asked for; all columns of a curve are taken at the same place.",
    flags: [
      choice("topology", "topology", "star (default), bus, mesh or poly"),
      number("degree", "degree", "of the polynomials of poly, 1 to 3, default 2"),
      { ...SCALE, help: "standard (default) or none: how columns are made comparable for the order of poly" },
      { ...ON_TOO_FEW, help: "a class of one row: error (default), copy or skip" },
    ],
    shown: [{ topology: "star" }, { topology: "bus" }, { topology: "mesh" }, { topology: "poly" }],
  },
  {
    name: "smoteIpf",
    make: smoteIpf,
    kind: "resampler",
    tier: "experimental",
    sees: "all",
    what: "SMOTE, and then a filter that takes away rows, new or old, which most models of parts of the rows give another class",
    source: "Sáez, Luengo, Stefanowski, Herrera 2015",
    when: "For noisy labels and classes that overlap. Counts are what the filter leaves; `protect` keeps originals.",
    ours: "The models are nearest neighbors unless a learner is given; a class never loses all of its rows.",
    flags: [],
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
