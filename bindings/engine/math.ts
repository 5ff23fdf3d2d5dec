import { core } from "./core";
import type { CoreExports } from "./exports";
import { withInstanceNow } from "./lease";

/** x^y for x > 0, the same digits everywhere; accurate to about y·ln x units of the last place. */
export function power(x: number, y: number): number {
  return withInstanceNow(core, ({ kernels }) => kernels.exp(y * kernels.log(x)));
}

/** exp and log on one instance, for loops. */
export function withMath<R>(work: (math: Pick<CoreExports, "exp" | "log">) => R): R {
  return withInstanceNow(core, ({ kernels }) => work(kernels));
}

/** The n-th root of the product of n numbers of at least 0. */
export function rootOfProduct(numbers: readonly number[]): number {
  if (numbers.length === 1) return numbers[0]!;
  if (numbers.length === 2) return Math.sqrt(numbers[0]! * numbers[1]!);
  if (numbers.includes(0)) return 0;
  return withMath(({ exp, log }) => exp(numbers.reduce((sum, x) => sum + log(x), 0) / numbers.length));
}
