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
  pilotOptimum,
  placeSample,
  ridgeOf,
  ROUGHLY,
  solveLogistic,
  weighSample,
  type Line,
  type LogisticProblem,
} from "./newton";
import { ROUGH, roughly } from "./rough";

/** Learns from the rows with these weights; rows of weight 0 are as if they were not there. */
export type RefitLines = (weights: Float64Array, note: (sentence: string) => void) => Promise<Line[]>;

/** An optimum, its intercepts as if the classes weighed the same, and how many rows it is of. */
interface Step {
  readonly mass: number;
  readonly at: Float64Array;
}

/** Steps from which on second derivatives are learned anew. */
const STALE = 3;
/** Gradient of the mean loss below which the losses of other rows do not change in the digits that anyone looks at. */
const CLOSE = 1e-5;
/** Rows whose second derivatives stand for those of all. */
const SAMPLE = 4096;

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
      placedBytes(data.n, stride, lines, false) + 2 * 1e7 + placedBytes(Math.min(data.n, 2 * sample), stride, lines, true),
      `Logistic regressions of ${data.n} rows`,
    );
    return arena.during(async () => {
      const work = startWork(run && { signal: run.signal }, Infinity);
      const placed = place(instance, task, problem, stride, lines);
      // real rows and others apart: of the smaller class there are few real ones, which at small sizes are nearly all
      const strata = codes.map((code, i) => (i < task.realRows ? code : code + Math.max(lines, 2)));
      const part = placeSample(instance, placed, codes, problem.weights, sample, strata);
      const zero = new Float64Array(lines * stride);
      const ridge = new Float64Array(lines * stride);
      const curved = likelihood(instance, work, part, ridge);
      // makes room for second derivatives below what each fit needs
      await curved.bend(zero);
      const rough = lines === 1 ? roughly(instance, work, placed, ridge) : undefined;
      let bent = false;
      let path: Step[] = [];
      return use(async (weights, note) => {
        arena.view(Float64Array, placed.weights, data.n).set(weights);
        weighSample(instance, part, weights);
        const own = { ...problem, weights };
        const { mass, last, sums } = extentOf(weights, codes, Math.max(lines, 2));
        const { mass: bound, sum } = massOf(weights);
        ridge.set(ridgeOf(own, placed, bound));
        // the optimum of the sample is near enough to begin with
        const rough_ = { tolerance: ROUGHLY * bound, maxIterations: 20, renew: 1 };
        const logs = Float64Array.from(sums, (sum) => (sum > 0 ? instance.kernels.log(sum) : 0));
        const known = ahead(path, mass);
        // what more rows of a class do first is to move its intercept, by the logarithm of its weight
        const moved = (at: Float64Array, sign: number): Float64Array =>
          at.map((entry, c) =>
            c % stride === problem.inputs.length ? entry + sign * priorOf(logs, Math.floor(c / stride), lines) : entry,
          );
        const close = Math.max(tolerance, CLOSE) * bound;
        // in f32 what weighs nothing below 0 comes as near as is asked
        const even = rough !== undefined && bound === sum;
        const pilot = (): Promise<Float64Array> => pilotOptimum(instance, work, placed, codes, own, ridge, bound, sample / 2);
        const start = known ? moved(known, 1) : even ? await pilot() : (await minimize(curved, zero, rough_)).at;
        const found = await arena.during(async () => {
          const whole = likelihood(instance, work, { ...placed, n: last + 1 }, ridge);
          const to = { tolerance: close, maxIterations, renew: 1 << 30 };
          if (even) {
            const near = rough(last + 1);
            const lean = async (at: Float64Array): Promise<void> => {
              if (!bent) await near.bend(at);
            };
            const found = await minimize({ ...near, bend: lean }, start, { ...to, ...ROUGH });
            if (found.converged && tolerance <= close) return found;
          }
          const bend = async (at: Float64Array): Promise<void> => {
            if (bent) return;
            await curved.evaluate(at);
            await curved.bend(at);
          };
          return minimize({ ...whole, bend, solve: (vector) => curved.solve(vector) }, start, to);
        });
        bent = found.iterations < STALE;
        path = [...path.slice(-2), { mass, at: moved(found.at, -1) }];
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

/** How many rows count, the last of them, and the weight of each class. */
function extentOf(
  weights: Float64Array,
  codes: Uint32Array,
  classes: number,
): { readonly mass: number; readonly last: number; readonly sums: Float64Array } {
  let [mass, last] = [0, 0];
  const sums = new Float64Array(classes);
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    mass++;
    last = i;
    sums[codes[i]!]! += weights[i]!;
  }
  return { mass, last, sums };
}

/** Of a line, the log odds of its class by weight alone. */
function priorOf(logs: Float64Array, line: number, lines: number): number {
  return lines === 1 ? logs[1]! - logs[0]! : logs[line]!;
}

/** Where the last optima lead to as the number of rows goes on, by a parabola or a line; undefined without any. */
function ahead(path: readonly Step[], mass: number): Float64Array | undefined {
  const last = path.at(-1);
  const masses = path.map((step) => step.mass);
  const rising = masses.every((own, at) => at === 0 || own > masses[at - 1]!);
  // further ahead it leads nowhere
  if (path.length < 2 || !rising || !(mass > last!.mass && mass - last!.mass <= 2 * (last!.mass - masses.at(-2)!))) return last?.at;
  const shares = masses.map((own, at) =>
    masses.reduce((share, other, k) => (k === at ? share : (share * (mass - other)) / (own - other)), 1),
  );
  return last!.at.map((_, c) => path.reduce((sum, step, at) => sum + shares[at]! * step.at[c]!, 0));
}
