import { ADDERS } from "./adders";
import type { Flag, Offered } from "./offered";
import { REMOVERS } from "./removers";

/** Every method, in the order in which people meet them. */
export const METHODS: readonly Offered[] = [...ADDERS, ...REMOVERS];

/** The method's name on the command line. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Every flag of any method, once; where methods give one flag different words, those of the first. */
export const METHOD_FLAGS: readonly Flag[] = METHODS.flatMap(({ flags }) => flags).filter(
  ({ flag }, at, all) => all.findIndex((other) => other.flag === flag) === at,
);
