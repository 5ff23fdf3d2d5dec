import { chain, type Resampler } from "../bindings/index";
import { numberOf, strategyOf, UsageError, type Words } from "./arguments";
import { kebab, METHODS, METHOD_FLAGS } from "./catalogue";
import type { Flag, Offered } from "./offered";

/** A method with the options that the words give. */
export interface Asked {
  readonly method: Resampler;
  /** Whose rows it has to see. */
  readonly sees: Offered["sees"];
}

/** The method, or the chain of methods, that the words ask for. */
export function methodOf(words: Words): Asked {
  if (words.chain !== undefined && words.method !== undefined) {
    throw new UsageError(`--chain names all methods, so --method ${words.method} is one too many; leave one of the two out.`);
  }
  const steps = stepsOf(words);
  for (const { flag } of METHOD_FLAGS) {
    if (words[flag] === undefined || steps.some(({ flags }) => flags.some((known) => known.flag === flag))) continue;
    const asked = steps.map(({ name }) => kebab(name)).join(", ");
    throw new UsageError(`--${flag} belongs to --method ${takersOf(flag).join(" or ")}, but the method is ${asked}.`);
  }
  for (const option of GENERAL) {
    if (words[option] === undefined || steps.some(({ general = GENERAL }) => general.includes(option))) continue;
    throw new UsageError(`--${option} means nothing to ${steps.map(({ name }) => kebab(name)).join(", ")}; leave it out.`);
  }
  const made = steps.map((step, s) => step.make(optionsOf(step, words, s === 0) as Readonly<Record<string, never>>));
  if (words.chain === undefined) return { method: made[0]!, sees: steps[0]!.sees };
  return { method: chain(...made), sees: "all" };
}

/** What the words name: the steps of a chain, or one method. */
export function stepsOf({ chain: steps, method = "smote" }: Pick<Words, "chain" | "method">): Offered[] {
  return steps === undefined ? [offeredBy(method, "method")] : steps.split(",").map((name) => offeredBy(name.trim(), "chain"));
}

function offeredBy(asked: string, option: string): Offered {
  const plain = asked.replaceAll("-", "").toLowerCase();
  // "kde" is kdeOversample, "random" is randomOversample
  const offered = METHODS.find(({ name }) => [plain, `${plain}oversample`].includes(name.toLowerCase()));
  if (!offered) throw new UsageError(`--${option} is "${asked}", but needs one of ${METHODS.map(({ name }) => kebab(name)).join(", ")}.`);
  return offered;
}

const GENERAL = ["strategy", "seed", "draws"] as const;

/** What the words say of a step; the strategy is that of the first. */
function optionsOf({ flags, general = GENERAL }: Offered, words: Words, first: boolean): object {
  const common = {
    strategy: words.strategy === undefined || !first ? undefined : strategyOf(words.strategy),
    seed: words.seed === undefined ? undefined : numberOf("seed", words.seed),
    draws: words.draws,
  };
  for (const option of GENERAL) if (!general.includes(option)) delete common[option];
  return { ...common, ...Object.fromEntries(flags.map((flag) => [flag.option, valueOf(flag, words)])) };
}

/** What the words say of a flag. */
export function valueOf({ flag, reads }: Flag, words: Words): unknown {
  const word = words[flag];
  if (word === undefined) return word;
  const isNumber = reads === "number" || (reads === "either" && Number.isFinite(Number(word)));
  return isNumber ? numberOf(flag, word as string) : word;
}

/** Names of the methods that take a flag, with these words of help or any. */
export function takersOf(flag: string, help?: string): string[] {
  return METHODS.filter(({ flags }) => flags.some((known) => known.flag === flag && (help ?? known.help) === known.help)).map(({ name }) =>
    kebab(name),
  );
}

/** counterpoise methods. */
export function methods(words: Words): string {
  if (words.json) return `${JSON.stringify(METHODS.map(told), null, 2)}\n`;
  return `${METHODS.map(paragraph).join("\n\n")}\n`;
}

/** The entry as JSON: under its name on the command line, with that of the function beside it. */
function told({ name, flags, ...rest }: Offered): object {
  return { name: kebab(name), function: name, ...rest, options: flags.map((flag) => ({ ...flag, flag: `--${flag.flag}` })) };
}

function paragraph({ name, kind, tier, what, source, flags }: Offered): string {
  return [`${kebab(name)} (${kind}, ${tier})`, `  ${what}`, `  ${source}`, ...flags.map((flag) => `  ${usageOf(flag)}`)].join("\n");
}

/** A flag and what it does, in two columns. */
export function usageOf({ flag, value, help }: Flag): string {
  return `--${flag}${value ? ` ${value}` : ""}`.padEnd(24) + ` ${help}`;
}
