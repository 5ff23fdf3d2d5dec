import { checkOneOf, checkOptions, show } from "../../check";
import type { Label, Oversampler } from "../../contracts";
import { InputError } from "../../errors";
import { searchWork } from "../../search/neighbors";
import { comparison, leanOnClass, NEIGHBOR_OPTIONS, neighborOptions, type NeighborOptions, type WithinOptions } from "../kin";
import { COMMON_OPTIONS, commonOptions, oversampler, type CommonOptions } from "../oversample";
import { judgeOf, sift } from "../sift";

/** How often a row of the stream is tried. */
const ATTEMPTS = 64;

export interface LeeSmoteOptions extends CommonOptions, NeighborOptions, WithinOptions {
  /** A candidate is rejected if at least this share of its k nearest rows is of other classes; above 0, up to 1. Default 0.5. */
  readonly rejection?: number | undefined;
  /** When no candidate for a row is accepted. Default `"best"`: the one with the fewest rows of other classes around it, with a note in the result; or `"error"`. */
  readonly onRejected?: "best" | "error" | undefined;
}

/**
 * SMOTE with rejection: a new row is kept only if fewer than half of its k nearest rows, of all rows, are of other classes; otherwise another one is drawn in its place. For
 * classes whose rows lie among others, where SMOTE would put new rows into the others' midst. Every candidate is searched for, so it is slower than SMOTE.
 *
 * Lee, Kim, Lee: An over-sampling technique with rejection for imbalanced class learning, IMCOM 2015. Ours: every column kind and missing cells, as in `smote`; each row of the stream is tried up to
 * 64 times with draws of its own, so it does not depend on the others, where smote_variants raises the level for all rows after some vain rounds. A generator needs all rows
 * to judge by: it samples where it was fitted, and `toJSON` is an error.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function leeSmote(options: LeeSmoteOptions = {}): Oversampler {
  checkOptions("leeSmote", options, [...COMMON_OPTIONS, ...NEIGHBOR_OPTIONS, "within", "rejection", "onRejected"]);
  const common = commonOptions(options);
  const leaning = neighborOptions(options);
  const rejection = checkRejection(options.rejection ?? 0.5);
  const onRejected = checkOneOf("onRejected", options.onRejected ?? "best", ["best", "error"]);
  return oversampler({
    name: "leeSmote",
    options: { ...common, ...leaning, rejection, onRejected },
    workFor: ({ schema }, n) => searchWork(schema, n, n, true),
    async choose(scene) {
      const kin = await leanOnClass(scene, leaning);
      return kin && { bases: { draws: common.draws, shares: null }, ...kin };
    },
    store() {
      throw new InputError(
        "GENERATOR",
        "A generator of leeSmote looks at all rows it was fitted on, so it cannot be stored; sample it where it is.",
      );
    },
    makerFor: (data) =>
      sift({
        attempts: ATTEMPTS,
        judge: (instance, work) => judgeOf(instance, work, data, Math.min(leaning.kNeighbors, data.n), comparison({ data }, leaning)),
        limit: rejection * Math.min(leaning.kNeighbors, data.n),
        onRejected(label, t) {
          if (onRejected === "best") return;
          throw none(data.schema.classes[label]!, t, rejection);
        },
      }),
  });
}

function none(label: Label, t: number, rejection: number): InputError {
  return new InputError(
    "DATA",
    `Row ${t} of class ${JSON.stringify(label)} had ${ATTEMPTS} candidates, all with a share of ${rejection} or more of other classes around them; raise rejection, or use onRejected: "best".`,
  );
}

function checkRejection(rejection: unknown): number {
  if (typeof rejection === "number" && rejection > 0 && rejection <= 1) return rejection;
  throw new InputError("OPTION", `rejection is ${show(rejection)}, but needs a number above 0, up to 1.`);
}
