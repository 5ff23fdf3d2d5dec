import { show } from "../check";
import { withInstance } from "../engine/lease";
import { stats } from "../engine/stats";
import { startWork } from "../run/work";
import type { Task } from "./learner";
import { likelihood, placedBytes } from "./likelihood";
import { largestOf, minimize } from "./minimize";
import {
  linesOf,
  massOf,
  MOST_DENSE,
  place,
  placeSample,
  ridgeOf,
  ROUGHLY,
  solveLogistic,
  weighSample,
  type Line,
  type LogisticProblem,
} from "./newton";

/** Learns from the rows with these weights; rows of weight 0 are as if they were not there. */
export type RefitLines = (weights: Float64Array, note: (sentence: string) => void) => Promise<Line[]>;

/** An optimum, and how many rows it is of. */
interface Step {
  readonly mass: number;
  readonly at: Float64Array;
}

/** Steps beyond which second derivatives are learned anew. */
const STALE = 4;
/** Gradient of the mean loss below which the losses of other rows do not change in the digits that anyone looks at. */
const CLOSE = 1e-5;
/** Rows whose second derivatives stand for those of all. */
const SAMPLE = 2048;

/**
 * Logistic regressions of the same rows with other weights, one after the other, to a tolerance of 1e-5 at least and many times as fast as one by one: rows are placed once, each begins where the ones before lead to,
 * and second derivatives of a sample serve until they no longer do.
 */
export async function withRefits<T>(task: Task, problem: LogisticProblem, use: (refit: RefitLines) => Promise<T>): Promise<T> {
  const { data, labels, codes, run } = task;
  const { tolerance, maxIterations } = problem;
  const lines = labels.length === 2 ? 1 : labels.length;
  const stride = 2 * Math.ceil((problem.inputs.length + 1) / 2);
  if (lines * stride > MOST_DENSE) return use((weights, note) => solveLogistic({ ...task, weights, note }, { ...problem, weights }));
  return withInstance(stats, (instance) => {
    const { arena } = instance;
    const sample = Math.max(SAMPLE, 40 * lines * stride);
    arena.reserve(
      placedBytes(data.n, stride, lines, false) + placedBytes(Math.min(data.n, 2 * sample), stride, lines, true),
      `Logistic regressions of ${data.n} rows`,
    );
    return arena.during(async () => {
      const work = startWork(run && { signal: run.signal }, Infinity);
      const placed = place(instance, task, problem, stride, lines);
      const part = placeSample(instance, placed, codes, problem.weights, sample);
      const zero = new Float64Array(lines * stride);
      const ridge = new Float64Array(lines * stride);
      const curved = likelihood(instance, work, part, ridge);
      // makes room for second derivatives below what each fit needs
      await curved.bend(zero);
      let bent = false;
      let path: Step[] = [];
      return use(async (weights, note) => {
        arena.view(Float64Array, placed.weights, data.n).set(weights);
        weighSample(instance, part, weights);
        const own = { ...problem, weights };
        ridge.set(ridgeOf(own, placed));
        const { mass, last } = extentOf(weights);
        const bound = massOf(weights);
        // the optimum of the sample is near enough to begin with
        const rough = { tolerance: ROUGHLY * bound, maxIterations: 20, renew: 1 };
        const start = ahead(path, mass) ?? (await minimize(curved, zero, rough)).at;
        const found = await arena.during(() => {
          const whole = likelihood(instance, work, { ...placed, n: last + 1 }, ridge);
          const bend = async (at: Float64Array): Promise<void> => {
            if (bent) return;
            await curved.evaluate(at);
            await curved.bend(at);
          };
          return minimize({ ...whole, bend, solve: (vector) => curved.solve(vector) }, start, {
            tolerance: Math.max(tolerance, CLOSE) * bound,
            maxIterations,
            renew: 1 << 30,
          });
        });
        bent = found.iterations <= STALE;
        path = [...path.slice(-1), { mass, at: found.at }];
        if (!found.converged) {
          note(
            `The coefficients are not yet at an optimum: an entry of the gradient of the mean loss is ${show(largestOf(found.gradient) / bound)}.`,
          );
        }
        return linesOf(found.at, placed, own);
      });
    });
  });
}

/** How many rows count, and the last of them. */
function extentOf(weights: Float64Array): { readonly mass: number; readonly last: number } {
  let [mass, last] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    mass++;
    last = i;
  }
  return { mass, last };
}

/** Where the last two optima lead to as the number of rows goes on; undefined without any. */
function ahead(path: readonly Step[], mass: number): Float64Array | undefined {
  const [before, last] = path;
  if (!last || last.mass === before!.mass) return (last ?? before)?.at;
  const share = (mass - last.mass) / (last.mass - before!.mass);
  // further ahead a straight line leads nowhere
  if (!(share > 0 && share <= 2)) return last.at;
  return last.at.map((entry, c) => entry + share * (entry - before!.at[c]!));
}
