import type { Oversampler, Strategy } from "../bindings/index";
import { numberOf, strategyOf, UsageError, type Words } from "./arguments";
import { kebab, METHODS, METHOD_FLAGS, OFFERED, type Flag, type Offered } from "./catalogue";

/** A method with the options that the words give. */
export interface Asked {
  readonly method: Oversampler & { readonly options: { readonly strategy: Strategy } };
  readonly offered: Offered;
}

/** The method that the words ask for. */
export function methodOf(words: Words): Asked {
  const asked = words.method ?? "smote";
  const offered = METHODS.find(({ name }) => name.toLowerCase() === asked.replaceAll("-", "").toLowerCase());
  if (offered && !OFFERED.includes(offered)) {
    throw new UsageError(
      `--method ${kebab(offered.name)} takes rows away too, which balance does not; use ${offered.name} of the library.`,
    );
  }
  if (!offered) throw new UsageError(`--method is "${asked}", but needs one of ${OFFERED.map(({ name }) => kebab(name)).join(", ")}.`);
  for (const { flag } of METHOD_FLAGS) {
    if (words[flag] === undefined || offered.flags.some((known) => known.flag === flag)) continue;
    throw new UsageError(`--${flag} belongs to --method ${takersOf(flag).join(" or ")}, but the method is ${kebab(offered.name)}.`);
  }
  const options = {
    strategy: words.strategy === undefined ? undefined : strategyOf(words.strategy),
    seed: words.seed === undefined ? undefined : numberOf("seed", words.seed),
    draws: words.draws,
    ...Object.fromEntries(offered.flags.map((flag) => [flag.option, valueOf(flag, words)])),
  };
  return { method: offered.make(options as object as Record<string, never>) as Asked["method"], offered };
}

function valueOf({ flag, reads }: Flag, words: Words): unknown {
  const word = words[flag];
  return reads === "number" && word !== undefined ? numberOf(flag, word as string) : word;
}

/** Names of the methods that take a flag, with these words of help or any. */
export function takersOf(flag: string, help?: string): string[] {
  return OFFERED.filter(({ flags }) => flags.some((known) => known.flag === flag && (help ?? known.help) === known.help)).map(({ name }) =>
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
  const where = kind === "oversampler" ? "" : ", from the library only";
  return [`${kebab(name)} (${kind}, ${tier}${where})`, `  ${what}`, `  ${source}`, ...flags.map((flag) => `  ${usageOf(flag)}`)].join("\n");
}

/** A flag and what it does, in two columns. */
export function usageOf({ flag, value, help }: Flag): string {
  return `--${flag}${value ? ` ${value}` : ""}`.padEnd(24) + ` ${help}`;
}
