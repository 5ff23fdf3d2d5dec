import { constant, kNN, kotaro, logistic, type Learner } from "../bindings/index";
import { choice, number, type Flag } from "./offered";

/** A learner as people meet it: `evaluate` parses and helps from these, and so does whatever else takes learners. */
export interface OfferedLearner {
  /** The library's function; in small letters what --learner takes. */
  readonly name: string;
  readonly make: (options: Readonly<Record<string, never>>) => Learner;
  /** One line for lists. */
  readonly what: string;
  readonly flags: readonly Flag[];
}

export const LEARNERS: readonly OfferedLearner[] = [
  {
    name: "logistic",
    make: logistic,
    what: "logistic regression with a ridge; the one to try first",
    flags: [
      number("C", "C", "how little coefficients are held back, default 1"),
      choice("penalty", "penalty", "l2 (default) or none"),
      choice("class-weight", "classWeight", "balanced: every class weighs the same"),
    ],
  },
  {
    name: "kNN",
    make: kNN,
    what: "the k nearest rows vote",
    flags: [number("k-neighbors", "kNeighbors", "rows that vote, default 5")],
  },
  {
    name: "kotaro",
    make: kotaro,
    what: "kernels as wide as rows are sparse, solved exactly: for few rows of a rare class",
    flags: [
      {
        flag: "kernel-neighbors",
        option: "kNeighbors",
        reads: "either",
        value: "N",
        help: "how near the row is that a kernel reaches, default 3; or tune",
      },
      { flag: "ridge", option: "ridge", reads: "either", value: "X", help: "added to the diagonal, default 0; or tune" },
      choice("kernel-width", "width", "scaled (default) or literal"),
    ],
  },
  { name: "constant", make: constant, what: "the shares of the classes, whatever the row: what must be beaten", flags: [] },
];

/** Every flag of any learner. */
export const LEARNER_FLAGS: readonly Flag[] = LEARNERS.flatMap(({ flags }) => flags);
