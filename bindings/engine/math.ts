import { core } from "./core";
import { withInstanceNow } from "./lease";

/** x^y for x > 0, the same digits everywhere; accurate to about y·ln x units of the last place. */
export function power(x: number, y: number): number {
  return withInstanceNow(core, ({ kernels }) => kernels.exp(y * kernels.log(x)));
}
