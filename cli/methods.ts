import { randomOversample, smote, type Oversampler, type Strategy } from "../bindings/index";
import { numberOf, strategyOf, UsageError, type Words } from "./arguments";

/** A method as the command line offers it. */
export interface Offered {
  readonly make: (words: Words) => Oversampler & { readonly options: { readonly strategy: Strategy } };
  /** Its own options, beside those that all methods have. */
  readonly takes: readonly (keyof Words)[];
  readonly source: string;
  readonly what: string;
}

export const METHODS: Readonly<Record<string, Offered>> = {
  smote: {
    what: "new rows between a row and one of its k nearest of the class; any kinds of columns (SMOTE, SMOTE-NC, SMOTE-N)",
    source: "Chawla et al. 2002",
    takes: ["k", "scale", "nominal", "on-too-few"],
    make: (words) =>
      smote({
        ...common(words),
        kNeighbors: words.k === undefined ? undefined : numberOf("k", words.k),
        scale: words.scale as "standard",
        nominal: words.nominal as "vote",
        onTooFew: words["on-too-few"] as "reduce",
      }) as ReturnType<Offered["make"]>,
  },
  randomOversample: {
    what: "copies of rows; with --shrinkage, copies with noise (ROSE)",
    source: "Menardi, Torelli 2014",
    takes: ["shrinkage"],
    make: (words) =>
      randomOversample({
        ...common(words),
        shrinkage: words.shrinkage === undefined ? undefined : numberOf("shrinkage", words.shrinkage),
      }) as ReturnType<Offered["make"]>,
  },
};

/** The method that the words ask for. */
export function methodOf(words: Words): ReturnType<Offered["make"]> {
  const asked = words.method ?? "smote";
  const name = Object.keys(METHODS).find((known) => known.toLowerCase() === asked.replaceAll("-", "").toLowerCase());
  if (!name) throw new UsageError(`--method is "${asked}", but needs one of ${Object.keys(METHODS).join(", ")}.`);
  const { make, takes } = METHODS[name]!;
  for (const other of Object.values(METHODS).flatMap((known) => known.takes)) {
    if (words[other] !== undefined && !takes.includes(other)) {
      const whose = Object.keys(METHODS).filter((known) => METHODS[known]!.takes.includes(other));
      throw new UsageError(`--${other} belongs to --method ${whose.join(" or ")}, but the method is ${name}.`);
    }
  }
  return make(words);
}

function common(words: Words) {
  return {
    strategy: words.strategy === undefined ? undefined : strategyOf(words.strategy),
    seed: words.seed === undefined ? undefined : numberOf("seed", words.seed),
    draws: words.draws as "even" | undefined,
  };
}

/** counterpoise methods. */
export function methods(words: Words): string {
  const all = Object.entries(METHODS).map(([name, { what, source, takes }]) => ({
    name,
    what,
    source,
    options: takes.map((option) => `--${option}`),
  }));
  if (words.json) return `${JSON.stringify(all, null, 2)}\n`;
  return `${all.map(({ name, what, source, options }) => `${name}\n  ${what}\n  ${source}; options ${options.join(", ")}`).join("\n\n")}\n`;
}
