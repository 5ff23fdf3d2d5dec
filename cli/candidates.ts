import type { Learner, Resampler } from "../bindings/index";
import { UsageError, type Words } from "./arguments";
import { kebab } from "./catalogue";
import { LEARNERS, LEARNER_FLAGS } from "./learners";
import { methodOf, stepsOf, valueOf } from "./methods";
import { ON_TOO_FEW } from "./offered";

/** The learners asked for, by name. */
export function learnersOf(words: Words): [string, Learner][] {
  const asked = (words.learner ?? "logistic").split(",").map((name) => {
    const offered = LEARNERS.find((own) => own.name.toLowerCase() === name.trim().toLowerCase());
    if (offered) return offered;
    throw new UsageError(`--learner is "${name}", but needs one of ${LEARNERS.map((own) => own.name.toLowerCase()).join(", ")}.`);
  });
  const foreign = LEARNER_FLAGS.find((flag) => words[flag.flag] !== undefined && !asked.some(({ flags }) => flags.includes(flag)));
  if (foreign) {
    const whose = LEARNERS.filter(({ flags }) => flags.includes(foreign)).map(({ name }) => name.toLowerCase());
    throw new UsageError(`--${foreign.flag} belongs to --learner ${whose.join(" or ")}, which is not asked for; leave it out.`);
  }
  return asked.map(({ name, make, flags }) => [
    name.toLowerCase(),
    make(Object.fromEntries(flags.map((flag) => [flag.option, valueOf(flag, words)])) as Readonly<Record<string, never>>),
  ]);
}

/** Each method asked for, or the one chain, with the options that are its own. */
export function methodsOf(words: Words): [string, Resampler][] {
  // the folds are those of the evaluation
  const { folds: _, ...own } = words;
  if (words.chain !== undefined) return [[words.chain, methodOf(reducing(own)).method]];
  const names = (words.method ?? "smote").split(",").map((name) => name.trim());
  const steps = names.map((method) => stepsOf({ method })[0]!);
  return names.map((method, at) => {
    const others = steps.filter((step) => step !== steps[at]).flatMap(({ flags }) => flags.map(({ flag }) => flag));
    const left = Object.entries(own).filter(([word]) => !(others.includes(word) && !steps[at]!.flags.some(({ flag }) => flag === word)));
    return [kebab(steps[at]!.name), methodOf(reducing({ ...Object.fromEntries(left), method })).method];
  });
}

/** Parts of a table may have too few rows where the whole has enough: neighbors are then fewer, unless told otherwise. */
function reducing(words: Words): Words {
  return words[ON_TOO_FEW.flag] === undefined && stepsOf(words).some(({ flags }) => flags.includes(ON_TOO_FEW))
    ? { ...words, [ON_TOO_FEW.flag]: "reduce" }
    : words;
}
