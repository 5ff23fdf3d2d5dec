/** A smooth function of `size` numbers. */
export interface Objective {
  readonly size: number;
  evaluate(at: Float64Array): Promise<{ value: number; gradient: Float64Array }>;
  /** Learns the second derivatives, or what stands for them, where it was last evaluated. */
  bend(at: Float64Array): Promise<unknown>;
  /** A positive definite matrix near those second derivatives, inverted, times a vector. */
  solve(vector: Float64Array): Float64Array;
}

export interface MinimizeOptions {
  /** Ends when no entry of the gradient is larger. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** Iterations after which second derivatives are learned anew: 1 makes it Newton's method. */
  readonly renew: number;
  /** Share of the value that sums round off. Default 1e-13. */
  readonly rounding?: number;
}

export interface Minimum {
  readonly at: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Steps that limited memory keeps. */
const MEMORY = 10;
/** No entry moves further in one step: log odds per standard deviation, far beyond what a finite optimum needs. */
const LONGEST = 20;
/** Share of the promised fall that a step has to bring (Armijo). */
const ENOUGH = 1e-4;

/**
 * Goes down by Newton's method where second derivatives are renewed at every step, and in between by limited memory about the last known ones (L-BFGS: Liu, Nocedal, Mathematical
 * Programming 45, 1989). Steps are halved until they bring a share of what the slope promises. `known`: what was last evaluated, if that was the start.
 */
export async function minimize(
  objective: Objective,
  start: Float64Array,
  options: MinimizeOptions,
  known?: { readonly value: number; readonly gradient: Float64Array },
): Promise<Minimum> {
  const { tolerance, maxIterations, renew, rounding = 1e-13 } = options;
  let at = start;
  let { value, gradient } = known ?? (await objective.evaluate(at));
  let memory: Pair[] = [];
  for (let iteration = 0; ; iteration++) {
    const converged = largestOf(gradient) <= tolerance;
    if (converged || iteration === maxIterations) return { at, value, gradient, iterations: iteration, converged };
    if (iteration % renew === 0) {
      await objective.bend(at);
      memory = [];
    }
    let direction = towards(gradient, memory, objective);
    let slope = dot(direction, gradient);
    if (!(slope < 0)) {
      memory = [];
      direction = towards(gradient, memory, objective);
      slope = dot(direction, gradient);
    }
    const found = await search(objective, at, value + rounding * Math.abs(value), direction, slope);
    if (!found) return { at, value, gradient, iterations: iteration, converged };
    const change = moved(found.gradient, -1, gradient);
    const step = moved(found.at, -1, at);
    const curve = dot(step, change);
    // without curvature along the step, as weights below 0 may have it, nothing is learned from it
    if (curve > 1e-10 * Math.sqrt(dot(step, step) * dot(change, change))) memory = [...memory.slice(1 - MEMORY), { step, change, curve }];
    ({ at, value, gradient } = found);
  }
}

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly curve: number;
}

/** −(second derivatives)⁻¹ · gradient, with what the steps in memory taught of them. */
function towards(gradient: Float64Array, memory: readonly Pair[], objective: Objective): Float64Array {
  let rest = moved(new Float64Array(gradient.length), -1, gradient);
  const shares = memory.map(() => 0);
  for (let i = memory.length - 1; i >= 0; i--) {
    const { step, change, curve } = memory[i]!;
    shares[i] = dot(step, rest) / curve;
    for (let c = 0; c < rest.length; c++) rest[c]! -= shares[i]! * change[c]!;
  }
  rest = objective.solve(rest);
  memory.forEach(({ step, change, curve }, i) => {
    const more = shares[i]! - dot(change, rest) / curve;
    for (let c = 0; c < rest.length; c++) rest[c]! += more * step[c]!;
  });
  return rest;
}

/** The first of the steps 1, ½, ¼ … that brings enough; undefined if rounding leaves none. */
async function search(
  objective: Objective,
  from: Float64Array,
  before: number,
  direction: Float64Array,
  slope: number,
): Promise<{ at: Float64Array; value: number; gradient: Float64Array } | undefined> {
  const longest = largestOf(direction);
  for (let length = Math.min(1, LONGEST / longest); length > 1e-9; length /= 2) {
    const at = moved(from, length, direction);
    const { value, gradient } = await objective.evaluate(at);
    if (value <= before + ENOUGH * length * slope) return { at, value, gradient };
  }
  return undefined;
}

/** from + length · direction. */
function moved(from: Float64Array, length: number, direction: Float64Array): Float64Array {
  const to = new Float64Array(from.length);
  for (let c = 0; c < to.length; c++) to[c] = from[c]! + length * direction[c]!;
  return to;
}

export function largestOf(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let c = 0; c < a.length; c++) sum += a[c]! * b[c]!;
  return sum;
}
