import { show } from "../check";
import type { Coefficients } from "../contracts";
import type { LearnExports } from "../engine/exports";
import { withInstance, type Instance } from "../engine/lease";
import { learn } from "../engine/learn";
import { estimated, startWork, type Work } from "../run/work";
import type { Task } from "./learner";
import { curvatureWork, likelihood, passWork, placedBytes, placeRows, type Placed } from "./likelihood";
import { largestOf, minimize, type Minimum, type Objective } from "./minimize";
import { LEAST, ROUGH, roughBytes, roughly } from "./rough";
import { movesOf, standardMoves, type Input, type Moves } from "./preprocess";

/** Log odds = intercept + Σ value · column, columns in the units of the data. */
export interface Line {
  /** f64 (columns) */
  readonly values: Float64Array;
  readonly intercept: number;
}

/** What is to be solved, and how closely. */
export interface LogisticProblem {
  readonly inputs: readonly Input[];
  /** f64 (n, inputs) */
  readonly cells: Float64Array;
  /** f64 (n) */
  readonly weights: Float64Array;
  readonly scale: "none" | "standard";
  readonly C: number;
  readonly penalty: "l2" | "none";
  readonly tolerance: number;
  readonly maxIterations: number;
}

/** Beyond so many parameters their second derivatives are not worth their time and room. */
export const MOST_DENSE = 400;
/** Rows whose second derivatives stand for those of all: as many, or so many times the parameters. */
export const SAMPLE = 4096;
const SAMPLE_TIMES = 40;
/** Iterations after which second derivatives are learned anew: they cost as much as two iterations or three, and those in between tell how they change. */
const RENEW = 12;
/** And where few rows tell roughly where to begin, once. */
const RENEW_ROUGHLY = 5;
/** The gradient of the mean loss at which the optimum of the sample is near enough: about what the choice of its rows makes out. */
export const ROUGHLY = 5e-3;
/** An optimum that is still a step of so many log odds per deviation away is none. */
const ADRIFT = 0.01;

/**
 * The lines of a logistic regression, one for two classes, else one for each. Inside, all columns have mean 0 and deviation 1, which the ridge takes into account: where the optimum is does not
 * change, and large offsets and unequal units cost neither digits nor steps.
 */
export async function solveLogistic(task: Task, problem: LogisticProblem): Promise<Line[]> {
  const { data, labels, run } = task;
  const { inputs } = problem;
  const lines = labels.length === 2 ? 1 : labels.length;
  const d = inputs.length;
  const stride = strideOf(inputs);
  const sample = Math.max(SAMPLE, SAMPLE_TIMES * lines * stride);
  const dense = lines * stride <= MOST_DENSE;
  const total = 12 * passWork(data.n, stride, lines) + (dense ? 8 * curvatureWork(Math.min(data.n, sample), stride, lines) : 0);
  const work = estimated(startWork(run, total), total);
  return withInstance(learn, (instance) => {
    const bytes =
      placedBytes(data.n, stride, lines, dense) +
      (dense
        ? placedBytes(Math.min(data.n, 2 * sample), stride, lines, dense) +
          roughBytes(data.n, stride) +
          roughBytes(Math.min(data.n, 2 * sample), stride)
        : 0);
    instance.arena.reserve(bytes, `Logistic regression of ${data.n} rows of ${d} columns`);
    return instance.arena.during(async () => {
      const placed = place(instance, task, problem, stride, lines);
      const found = await solve(instance, work, placed, task, problem, sample);
      await work.finish();
      return linesOf(found.at, placed, problem);
    });
  });
}

/** Numbers of a row in the arena: its columns, a one, and zeros up to an even number. */
export function strideOf(inputs: readonly Input[]): number {
  return 2 * Math.ceil((inputs.length + 1) / 2);
}

/** The task in the arena. */
export function place(
  instance: Instance<LearnExports>,
  { data, codes }: Pick<Task, "data" | "codes">,
  { inputs, cells, weights }: LogisticProblem,
  stride: number,
  lines: number,
): Placed {
  const placed = placeRows(instance, data.n, stride, lines);
  const { arena } = instance;
  arena.scope(() => moveInto(instance, placed, cells, inputs.length, standardMoves(inputs)));
  arena.view(Float64Array, placed.weights, data.n).set(weights);
  arena.view(Uint32Array, placed.codes, data.n).set(codes);
  arena.view(Float64Array, placed.targets, data.n).set(codes);
  return placed;
}

/** Rows that are moved at once: few enough to stay in the cache between being copied in and being moved. */
export const MOVED = 512;

/** The rows of `placed` ← cells, moved: twice as fast as in TypeScript. */
export function moveInto(
  { arena, kernels }: Instance<LearnExports>,
  { rows, n, stride }: Pick<Placed, "rows" | "n" | "stride">,
  cells: Float64Array,
  width: number,
  moves: Moves,
): void {
  const [shifts, factors] = [arena.put(moves.shifts), arena.put(moves.factors)];
  const stage = arena.room(Float64Array, MOVED * width);
  const staged = arena.view(Float64Array, stage, MOVED * width);
  for (let from = 0; from < n; from += MOVED) {
    const m = Math.min(MOVED, n - from);
    staged.set(cells.subarray(from * width, (from + m) * width));
    kernels.move_cells((rows + 8 * from * stride) as typeof rows, stage, shifts, factors, width, stride, 0, m);
  }
}

async function solve(
  instance: Instance<LearnExports>,
  work: Work,
  placed: Placed,
  { labels, codes, before, note }: Task,
  problem: LogisticProblem,
  sample: number,
): Promise<Minimum> {
  const { weights, maxIterations, penalty } = problem;
  const { n, lines } = placed;
  const { mass, sum } = massOf(weights);
  const ridge = ridgeOf(problem, placed, mass);
  const tolerance = problem.tolerance * mass;
  const options = { tolerance, maxIterations };
  const whole = likelihood(instance, work, placed, ridge);
  const dense = whole.size <= MOST_DENSE;
  let start: Float64Array = new Float64Array(whole.size);
  // what another model learned is used if it is better than nothing: from far out, where all chances are 0 or 1, the way back is long
  const known = before?.coefficients && startFrom(before.coefficients, placed, problem, labels);
  const there = known && (await whole.evaluate(known));
  const warm = there && there.value < sum * instance.kernels.log(Math.max(lines, 2));
  if (known && warm) start = known;
  // most of the way in f32, but where that says nothing: with weights below 0, and of softmax
  const near = lines === 1 && sum === mass && dense && n > sample / 2;
  if (near) {
    const rough = roughly(instance, work, placed, ridge)();
    if (!warm) start = await pilotOptimum(instance, work, placed, codes, problem, ridge, mass, sample / 2, RENEW_ROUGHLY);
    start = (await minimize(rough, start, { ...ROUGH, tolerance: Math.max(tolerance, LEAST * mass), maxIterations, renew: RENEW })).at;
  }
  let objective: Objective = whole;
  let renew = 1;
  if (!dense) {
    objective = { ...whole, ...diagonal(ridge, mass, placed) };
    renew = Infinity;
  } else if (n > 2 * sample) {
    let part: Objective | undefined;
    const sampled = (): Objective => (part ??= likelihood(instance, work, placeSample(instance, placed, codes, weights, sample), ridge));
    // the optimum of the sample is near that of all rows, and costs little
    if (!warm && !near) start = (await minimize(sampled(), start, { tolerance: ROUGHLY * mass, maxIterations: 20, renew: 1 })).at;
    const bend = async (at: Float64Array): Promise<void> => {
      await sampled().evaluate(at);
      await sampled().bend(at);
    };
    objective = { ...whole, bend, solve: (vector) => sampled().solve(vector) };
    renew = RENEW;
  }
  const found = await minimize(objective, start, { ...options, renew }, warm && !near ? there : undefined);
  if (!found.converged) {
    note(
      `The coefficients are not yet at an optimum after ${found.iterations} iterations: an entry of the gradient of the mean loss is ${show(largestOf(found.gradient) / mass)}; raise maxIterations, or C is too large.`,
    );
  } else if (penalty === "none" && dense && (await isAdrift(objective, found))) {
    note(
      'The classes are separated by a plane, or nearly so: coefficients grow without end and were left where the loss hardly changes; use penalty: "l2".',
    );
  }
  return found;
}

/** The optimum of a few of the rows of two classes, which is near that of all, and costs little. */
export async function pilotOptimum(
  instance: Instance<LearnExports>,
  work: Work,
  placed: Placed,
  codes: Uint32Array,
  { weights }: LogisticProblem,
  ridge: Float64Array,
  mass: number,
  rows: number,
  renew = 1,
): Promise<Float64Array> {
  return instance.arena.during(async () => {
    const pilot = roughly(instance, work, placeSample(instance, placed, codes, weights, rows), ridge)();
    return (await minimize(pilot, new Float64Array(pilot.size), { ...ROUGH, tolerance: ROUGHLY * mass, maxIterations: 20, renew })).at;
  });
}

/** Whether Newton's method would still go on from here. */
async function isAdrift(objective: Objective, { at }: Minimum): Promise<boolean> {
  const { gradient } = await objective.evaluate(at);
  await objective.bend(at);
  return largestOf(objective.solve(gradient)) > ADRIFT;
}

/** f64 (lines · stride): what a coefficient's square counts for. Of intercepts nothing; of columns without any deviation something, so that they stay 0. */
export function ridgeOf(
  { inputs, penalty, C, scale, weights }: LogisticProblem,
  { stride, lines }: Placed,
  idle: number = massOf(weights).mass,
): Float64Array {
  const { factors } = movesOf(inputs, scale);
  return Float64Array.from({ length: lines * stride }, (_, at) => {
    const c = at % stride;
    if (c === inputs.length) return 0;
    const unit = (inputs[c]?.deviation ?? 0) * (factors[c] ?? 0);
    if (unit === 0) return idle;
    return penalty === "none" ? 0 : Math.min(1 / C / unit / unit, LARGEST_RIDGE);
  });
}

/** Σ |weight| and Σ weight. */
export function massOf(weights: Float64Array): { mass: number; sum: number } {
  let [mass, sum] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    mass += Math.abs(weights[i]!);
    sum += weights[i]!;
  }
  return { mass, sum };
}

/** The sum of each class. */
export function sumsByClass(weights: Float64Array, codes: Uint32Array, classes: number): Float64Array {
  const sums = new Float64Array(classes);
  let [code, sum] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    // while the class stays the same, sums need not be fetched and put back
    if (codes[i] !== code) {
      sums[code]! += sum;
      sum = 0;
      code = codes[i]!;
    }
    sum += weights[i]!;
  }
  sums[code]! += sum;
  return sums;
}

/** Its square is still a number. */
const LARGEST_RIDGE = 1e150;

/** Second derivatives without those between columns: of deviation 1, they have as much as the classes vary. */
function diagonal(ridge: Float64Array, mass: number, { lines }: Placed): Pick<Objective, "bend" | "solve"> {
  const share = Math.max(lines, 2);
  const bend = mass * (1 / share) * (1 - 1 / share);
  return { bend: async () => undefined, solve: (vector) => vector.map((entry, c) => entry / (bend + ridge[c]!)) };
}

/** Some of the rows, and what each stands for. */
export interface Sampled extends Placed {
  readonly chosen: Uint32Array;
  readonly steps: Uint32Array;
}

/** Weighs a sample as the rows it is of. */
export function weighSample({ arena }: Instance<LearnExports>, { weights: at, chosen, steps }: Sampled, weights: Float64Array): void {
  const own = arena.view(Float64Array, at, chosen.length);
  for (let t = 0; t < chosen.length; t++) own[t] = weights[chosen[t]!]! * steps[t]!;
}

/** Rows at even distances, as many of each class, or of each of twice as many strata, with weights that make up for those left out. */
export function placeSample(
  instance: Instance<LearnExports>,
  placed: Placed,
  codes: Uint32Array,
  weights: Float64Array,
  sample: number,
  strata: Uint32Array = codes,
): Sampled {
  const { n, stride, lines } = placed;
  const { arena } = instance;
  const classes = Math.max(lines, 2);
  const counts = new Uint32Array(2 * classes);
  for (let i = 0; i < n; i++) counts[strata[i]!]!++;
  const steps = counts.map((count) => Math.max(1, Math.floor((count * classes) / sample)));
  const chosen = everyOf(strata, steps, counts);
  const part = placeRows(instance, chosen.length, stride, lines);
  const from = arena.view(Float64Array, placed.rows, n * stride);
  const to = arena.view(Float64Array, part.rows, chosen.length * stride);
  const target = arena.view(Float64Array, part.targets, chosen.length);
  const code = arena.view(Uint32Array, part.codes, chosen.length);
  const own = new Uint32Array(chosen.length);
  for (let t = 0; t < chosen.length; t++) {
    const i = chosen[t]!;
    for (let c = 0; c < stride; c++) to[t * stride + c] = from[i * stride + c]!;
    target[t] = code[t] = codes[i]!;
    own[t] = steps[strata[i]!]!;
  }
  const sampled = { ...part, chosen, steps: own };
  weighSample(instance, sampled, weights);
  return sampled;
}

/** Of each class the first row, and then one of as many as its step says. */
function everyOf(codes: Uint32Array, steps: Uint32Array, counts: Uint32Array): Uint32Array {
  const waiting = new Uint32Array(steps.length);
  const rows = new Uint32Array(counts.reduce((sum, count, code) => sum + Math.ceil(count / steps[code]!), 0));
  let m = 0;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (waiting[code] === 0) {
      rows[m++] = i;
      waiting[code] = steps[code]!;
    }
    waiting[code]!--;
  }
  return rows;
}

/** Parameters inside ← coefficients of another model, where names and classes are the same; undefined where they are other classes. */
function startFrom(known: Coefficients, placed: Placed, problem: LogisticProblem, labels: readonly unknown[]): Float64Array | undefined {
  const wanted = placed.lines === 1 ? labels.slice(1) : labels;
  if (wanted.length !== known.labels.length || wanted.some((label, k) => label !== known.labels[k])) return undefined;
  return inside(known, placed, problem);
}

/** Coefficients as parameters of columns of mean 0 and deviation 1; of columns that they do not name 0. */
export function inside(known: Coefficients, { stride, lines }: Placed, { inputs }: LogisticProblem): Float64Array {
  const places = new Map(known.names.map((name, c) => [name, c]));
  const start = new Float64Array(lines * stride);
  for (let k = 0; k < lines; k++) {
    start[k * stride + inputs.length] = known.intercepts[k]!;
    inputs.forEach(({ name, mean, deviation }, c) => {
      const value = known.values[k * known.names.length + (places.get(name) ?? NaN)] ?? 0;
      start[k * stride + c] = value * deviation;
      start[k * stride + inputs.length]! += value * mean;
    });
  }
  return start;
}

/** Parameters inside as coefficients in the units of the data. Softmax does not see what all classes have in common: intercepts are given without it, and coefficients that are not held back. */
export function linesOf(at: Float64Array, { stride, lines }: Placed, { inputs, penalty }: LogisticProblem): Line[] {
  const own = Float64Array.from(at);
  for (let c = 0; c <= inputs.length; c++) {
    if (lines === 1 || (penalty === "l2" && c < inputs.length)) continue;
    let mean = 0;
    for (let k = 0; k < lines; k++) mean += own[k * stride + c]! / lines;
    for (let k = 0; k < lines; k++) own[k * stride + c]! -= mean;
  }
  return Array.from({ length: lines }, (_, k) => {
    const values = Float64Array.from(inputs, ({ deviation }, c) => (deviation > 0 ? own[k * stride + c]! / deviation : 0));
    return { values, intercept: inputs.reduce((sum, { mean }, c) => sum - values[c]! * mean, own[k * stride + inputs.length]!) };
  });
}
