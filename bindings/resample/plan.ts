import { PURPOSE, rowAt, units, type Draws } from "../draw";
import type { SamplingExports } from "../engine/exports";
import type { Instance } from "../engine/lease";
import type { Bases, Choices } from "./choices";

/** Rows [from, from + m) of a stream as data: what each is made of. */
export interface Plan {
  readonly from: number;
  readonly m: number;
  /** u32 (m): rows of the choices. */
  readonly bases: Uint32Array;
  /** u32 (m); the base itself where the rule needs no neighbor. */
  readonly neighbors: Uint32Array;
  /** f64 (m), each in the span of its pair. */
  readonly gaps: Float64Array;
}

/** Plans rows [from, to). Each entry depends on its own number alone, so any range can be planned at any time. */
export function plan(instance: Instance<SamplingExports>, choices: Choices, seed: number, from: number, to: number): Plan {
  const m = to - from;
  const draws: Draws = { seed, label: choices.label };
  const bases = planBases(instance, choices.bases, choices.lists.length / 2, draws, from, m);
  const { neighbors: table, lists, spans } = choices;
  if (!table.length) return { from, m, bases, neighbors: bases, gaps: new Float64Array(m) };
  const which = units(instance, draws, PURPOSE.neighbor, from, m);
  const gaps = units(instance, draws, PURPOSE.gap, from, m);
  const neighbors = bases.map((base, t) => {
    const entry = lists[2 * base]! + Math.floor(which[t]! * lists[2 * base + 1]!);
    const span = (2 * entry) % spans.length;
    if (choices.gaps) gaps[t] = halved(Math.floor((2 * (from + t)) / lists.length) + 1);
    gaps[t] = spans[span]! + gaps[t]! * (spans[span + 1]! - spans[span]!);
    return table[entry]!;
  });
  return { from, m, bases, neighbors, gaps };
}

function planBases(instance: Instance<SamplingExports>, bases: Bases, n: number, draws: Draws, from: number, m: number): Uint32Array {
  const cumulative = bases.shares && cumulate(bases.shares);
  if (bases.draws === "independent") {
    return Uint32Array.from(units(instance, draws, PURPOSE.base, from, m), (unit) => (cumulative ? rowAt(cumulative, unit * n) : unit * n));
  }
  const [turn, start] = Uint32Array.from(units(instance, draws, PURPOSE.base, 0, 2), (unit) => unit * 4294967296);
  const stride = strideOf(n);
  const planned = new Uint32Array(m);
  for (let t = 0; t < m; t++) {
    const round = Math.floor((from + t) / n);
    const cell = ((from + t - round * n) * stride + (start! % n)) % n;
    planned[t] = cumulative ? rowAt(cumulative, cell + ((turn! + Math.imul(round, GOLDEN)) >>> 0) / 4294967296) : cell;
  }
  return planned;
}

/** The i-th fraction of 1/2, 1/4, 3/4, 1/8, 5/8, 3/8, 7/8, … (van der Corput): after 2^p − 1 of them, all multiples of 2^−p. */
function halved(i: number): number {
  let fraction = 0;
  for (let place = 0.5; i; place /= 2, i = Math.floor(i / 2)) fraction += place * (i % 2);
  return fraction;
}

/** 2^32 divided by the golden ratio. */
const GOLDEN = 0x9e3779b9;

/**
 * Row t of a stream falls into cell t · stride of n equal cells, and into that cell at a place that moves by the golden ratio from round to round: every n
 * rows visit every cell once, and any run of rows is spread evenly over cells and places. The stride is the whole number nearest to n times the golden
 * ratio that has no divisor in common with n.
 */
export function strideOf(n: number): number {
  const golden = Math.floor((n * GOLDEN) / 4294967296);
  for (let apart = 0; ; apart++) {
    for (const stride of [golden + apart, golden - apart]) if (stride > 0 && divisor(stride, n) === 1) return stride;
  }
}

function divisor(a: number, b: number): number {
  while (b) [a, b] = [b, a % b];
  return a;
}

/** Running sums of the shares, brought to a total of n. */
function cumulate(shares: Float64Array): Float64Array {
  const sums = new Float64Array(shares.length);
  let sum = 0;
  shares.forEach((share, i) => (sums[i] = sum += share));
  return sums.map((value) => value * (shares.length / sum));
}
