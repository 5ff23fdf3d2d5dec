import { countsOf } from "../data/dataset";
import { read } from "../data/read";
import { choose, type Losses } from "./grid";
import { atPrior } from "./losses";
import { onDivisions, type Setup } from "./setup";
import type { Plan } from "./trials";

/** A point before means are taken. */
export type Point = Losses & { readonly adjustedPerSplit: readonly number[] };

/** Losses of multiples, of all divisions. */
export async function curveOf(setup: Setup, grid: readonly number[], planOf: (gamma: number) => Plan): Promise<Point[]> {
  const points = grid.map((gamma) => ({ gamma, perSplit: [] as number[], adjustedPerSplit: [] as number[] }));
  const plans = grid.map(planOf);
  const parts = setup.divisions.map((division) => ({ division, plans }));
  await onDivisions(setup, parts, (s, place, trial) => {
    const { loss } = setup.judges[s]!;
    points[place]!.perSplit[s] = loss(trial.probabilities);
    points[place]!.adjustedPerSplit[s] = loss(atPrior(trial));
  });
  return points;
}

/** Multiples by class code: from the common one, class by class, the smallest first, twice at most. */
export async function eachClass(setup: Setup, grid: readonly number[], common: number, perRepeat: number): Promise<readonly number[]> {
  const { labels, schema } = read(setup.data);
  const sizes = countsOf({ schema, labels });
  const most = sizes.indexOf(Math.max(...sizes));
  const order = [...sizes.keys()].filter((code) => code !== most).sort((a, b) => sizes[a]! - sizes[b]! || a - b);
  const gammas = sizes.map(() => common);
  if (order.length < 2) return gammas;
  for (let sweep = 0; sweep < 2; sweep++) {
    let changed = false;
    for (const code of order) {
      const curve = await curveOf(setup, grid, (gamma) => ({ gammas: gammas.map((own, k) => (k === code ? gamma : own)) }));
      const { gamma } = curve[choose(curve, perRepeat, "argmin").chosen]!;
      if (gamma !== gammas[code]) changed = true;
      gammas[code] = gamma;
    }
    if (!changed) break;
  }
  return gammas;
}
