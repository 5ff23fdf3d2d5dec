import { show } from "../check";
import type { LearnExports } from "../engine/exports";
import { withInstance, type Instance } from "../engine/lease";
import { learn } from "../engine/learn";
import { startWork, type Work } from "../run/work";
import type { Task } from "./learner";
import { likelihood, placedBytes, type Placed } from "./likelihood";
import { largestOf, minimize, type Minimum, type MinimizeOptions } from "./minimize";
import {
  linesOf,
  MOST_DENSE,
  pilotOptimum,
  place,
  placeSample,
  ridgeOf,
  ROUGHLY,
  SAMPLE,
  solveLogistic,
  strideOf,
  sumsByClass,
  weighSample,
  type Line,
  type LogisticProblem,
} from "./newton";
import { ROUGH, roughBytes, roughly } from "./rough";

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
/** Log odds per deviation up to which f32 comes so close. */
const LARGE = 30;

/**
 * Logistic regressions of the same rows with other weights, one after the other, to a tolerance of 1e-5 at least and many times as fast as one by one: rows are placed once, each begins where the ones before lead to,
 * and second derivatives serve until they no longer do.
 */
export async function withRefits<T>(task: Task, problem: LogisticProblem, use: (refit: RefitLines) => Promise<T>): Promise<T> {
  const { data, labels, codes, run } = task;
  const lines = labels.length === 2 ? 1 : labels.length;
  const stride = strideOf(problem.inputs);
  const anew: RefitLines = (weights, note) => solveLogistic({ ...task, weights, note }, { ...problem, weights });
  if (lines * stride > MOST_DENSE) return use(anew);
  return withInstance(learn, (instance) => {
    const { arena } = instance;
    const sample = Math.max(SAMPLE, 40 * lines * stride);
    const few = placedBytes(Math.min(data.n, 2 * sample), stride, lines, true);
    const own =
      lines === 1 ? roughBytes(data.n, stride) + few + roughBytes(2 * sample, stride) : placedBytes(data.n, stride, lines, false) + few;
    arena.reserve(8 * data.n * (stride + 4) + own, `Logistic regressions of ${data.n} rows`);
    return arena.during(async () => {
      const work = startWork(run && { signal: run.signal }, Infinity);
      const placed = place(instance, task, problem, stride, lines);
      const ridge = new Float64Array(lines * stride);
      const solve = await (lines === 1 ? inHalf : bySample)({ instance, work, placed, task, problem, ridge, sample });
      let path: Step[] = [];
      return use(async (weights, note) => {
        arena.view(Float64Array, placed.weights, data.n).set(weights);
        const extent = extentOf(weights, codes, Math.max(lines, 2));
        const { rows, mass, sums } = extent;
        ridge.set(ridgeOf({ ...problem, weights }, placed, mass));
        const logs = Float64Array.from(sums, (sum) => (sum > 0 ? instance.kernels.log(sum) : 0));
        const known = ahead(path, rows);
        // what more rows of a class do first is to move its intercept, by the logarithm of its weight
        const moved = (at: Float64Array, sign: number): Float64Array =>
          at.map((entry, c) =>
            c % stride === problem.inputs.length ? entry + sign * priorOf(logs, Math.floor(c / stride), lines) : entry,
          );
        const found = await solve(weights, extent, known && moved(known, 1));
        if (!found) return anew(weights, note);
        path = [...path.slice(-2), { mass: rows, at: moved(found.at, -1) }];
        if (!found.converged) {
          note(
            `The coefficients are not yet at an optimum: an entry of the gradient of the mean loss is ${show(largestOf(found.gradient) / mass)}.`,
          );
        }
        return linesOf(found.at, placed, problem);
      });
    });
  });
}

/** What fits share. */
interface Shared {
  readonly instance: Instance<LearnExports>;
  readonly work: Work;
  readonly placed: Placed;
  readonly task: Task;
  readonly problem: LogisticProblem;
  readonly ridge: Float64Array;
  readonly sample: number;
}

/** One fit of weights that are in place, from a start if there is one; undefined where it is better to begin anew. */
type Solve = (weights: Float64Array, extent: Extent, start: Float64Array | undefined) => Promise<Minimum | undefined>;

/** Iterations that leave second derivatives as they are. */
function kept({ tolerance, maxIterations }: LogisticProblem, mass: number): MinimizeOptions {
  return { tolerance: Math.max(tolerance, CLOSE) * mass, maxIterations, renew: 1 << 30 };
}

/** Of two classes, in f32, which comes as near as is asked. */
async function inHalf({ instance, work, placed, task, problem, ridge, sample }: Shared): Promise<Solve> {
  const rough = roughly(instance, work, placed, ridge);
  let bent = false;
  return async (weights, { mass, sum, last }, start) => {
    if (mass !== sum) return undefined;
    const all = rough(last + 1);
    const bend = async (at: Float64Array): Promise<unknown> => bent || all.bend(at);
    const from = start ?? (await pilotOptimum(instance, work, placed, task.codes, { ...problem, weights }, ridge, mass, sample / 2));
    const found = await minimize({ ...all, bend }, from, { ...kept(problem, mass), ...ROUGH });
    bent = found.iterations < STALE;
    return found.converged && largestOf(found.at) < LARGE ? found : undefined;
  };
}

/** Of more classes, with second derivatives of a sample. */
async function bySample({ instance, work, placed, task, problem, ridge, sample }: Shared): Promise<Solve> {
  const { arena } = instance;
  const { codes, realRows } = task;
  // real rows and others apart: of the smaller class there are few real ones, which at small sizes are nearly all
  const strata = codes.map((code, i) => (i < realRows ? code : code + placed.lines));
  const part = placeSample(instance, placed, codes, problem.weights, sample, strata);
  const curved = likelihood(instance, work, part, ridge);
  const zero = new Float64Array(ridge.length);
  // makes room for second derivatives below what each fit needs
  await curved.bend(zero);
  let bent = false;
  return (weights, { mass, last }, start) =>
    arena.during(async () => {
      weighSample(instance, part, weights);
      // the optimum of the sample is near enough to begin with
      const from = start ?? (await minimize(curved, zero, { tolerance: ROUGHLY * mass, maxIterations: 20, renew: 1 })).at;
      const whole = likelihood(instance, work, { ...placed, n: last + 1 }, ridge);
      const bend = async (at: Float64Array): Promise<void> => {
        if (bent) return;
        await curved.evaluate(at);
        await curved.bend(at);
      };
      const found = await minimize({ ...whole, bend, solve: (vector) => curved.solve(vector) }, from, kept(problem, mass));
      bent = found.iterations < STALE;
      return found;
    });
}

/** What weights amount to. */
interface Extent {
  /** Rows that count, and the last of them. */
  readonly rows: number;
  readonly last: number;
  /** Σ |weight|, Σ weight, and that of each class. */
  readonly mass: number;
  readonly sum: number;
  readonly sums: Float64Array;
}

function extentOf(weights: Float64Array, codes: Uint32Array, classes: number): Extent {
  let [rows, last, below] = [0, 0, 0];
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    rows++;
    last = i;
    if (weight < 0) below += weight;
  }
  const sums = sumsByClass(weights, codes, classes);
  const sum = sums.reduce((total, own) => total + own, 0);
  return { rows, last, mass: sum - 2 * below, sum, sums };
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
