import { rowAt } from "../../draw";
import { descending } from "../metrics/ranking";

/** A rising function: straight between its points, level beyond them. */
export interface Rising {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
}

/**
 * The rising function nearest to y in squares, by pooling adjacent violators (Ayer, Brunk, Ewing, Reid, Silverman, Annals of Mathematical Statistics 26, 1955). Equal x are one point, of their mean. A row of weight 0 is
 * not there.
 */
export function fitIsotonic(x: Float64Array, y: ArrayLike<number>, weights: ArrayLike<number>): Rising {
  const pools: Pool[] = [];
  const order = descending(x).reverse();
  for (let from = 0, to = 0; from < order.length; from = to) {
    const at = x[order[from]!]!;
    let next: Pool = [at, at, 0, 0];
    for (; to < order.length && x[order[to]!] === at; to++) next = pooled(next, [at, at, y[order[to]!]!, weights[order[to]!]!]);
    if (next[3] === 0) continue;
    for (let last; (last = pools.at(-1)) && last[2] >= next[2]; pools.pop()) next = pooled(last, next);
    pools.push(next);
  }
  const points = pools.flatMap(([low, high, mean]) => (low < high ? [low, mean, high, mean] : [low, mean]));
  return { xs: Float64Array.from(points.filter((_, at) => at % 2 === 0)), ys: Float64Array.from(points.filter((_, at) => at % 2)) };
}

type Pool = readonly [lowestX: number, highestX: number, mean: number, weight: number];

function pooled([low, , mean, weight]: Pool, [, high, more, added]: Pool): Pool {
  const sum = weight + added;
  return [low, high, sum > 0 ? mean + (added / sum) * (more - mean) : 0, sum];
}

/** Its value at x. */
export function risingAt({ xs, ys }: Rising, x: number): number {
  const above = rowAt(xs, x);
  if (above === 0 || x >= xs[above]!) return ys[above]!;
  const share = (x - xs[above - 1]!) / (xs[above]! - xs[above - 1]!);
  return ys[above - 1]! + share * (ys[above]! - ys[above - 1]!);
}
