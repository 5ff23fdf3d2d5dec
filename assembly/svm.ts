import { f32At, f64At, putF32, putF64, putU32, u32At } from "./lanes";
import { squares_to_pairs } from "./pairs";
import { exp } from "./special";

/**
 * A support vector classifier with a Gaussian kernel in its dual: minimize ½ Σ α_i α_j y_i y_j K_ij − Σ α_i with 0 ≤ α_i ≤ C_i and Σ y_i α_i = 0. K_ij = exp(−gamma ‖x_i − x_j‖²),
 * held in f32 as libsvm does. Solved two α at a time (Platt 1998), chosen by second-order information (Fan, Chen, Lin: Working set selection using second order
 * information for training support vector machines, JMLR 6, 2005).
 */
@unmanaged
export class Machine {
  /** f64 (n): α, the gradient Σ Q α − 1, and its upper limits. */
  alphas: usize;
  gradient: usize;
  limits: usize;
  /** f64 (n): 1 or −1. */
  signs: usize;
  rows: usize;
  packed: usize;
  /** f64 (n, rounded up to even): scratch. */
  squares: usize;
  /** f32 (slots, n): rows of the kernel at hand, least recently used ones first to go. */
  cache: usize;
  /** u32 (n): slot of each row or NONE; u32 (slots): row in each slot or NONE; u32 (slots): when it was last used. */
  slotOf: usize;
  rowIn: usize;
  used: usize;
  n: i32;
  d: i32;
  slots: i32;
  now: u32;
  gamma: f64;
  tolerance: f64;
  /** How far the two worst α are from agreeing; solved below the tolerance. */
  gap: f64;
}

const NONE: u32 = 0xffffffff;
/** A direction without curvature, as between equal rows, is given this much. */
const FLAT: f64 = 1e-12;

export function machine_bytes(): usize {
  return offsetof<Machine>();
}

/** machine ← a problem at α = 0, nothing in its cache. */
export function set_machine(
  at: usize,
  alphas: usize,
  gradient: usize,
  limits: usize,
  signs: usize,
  rows: usize,
  packed: usize,
  squares: usize,
  cache: usize,
  slotOf: usize,
  rowIn: usize,
  used: usize,
  n: i32,
  d: i32,
  slots: i32,
  gamma: f64,
  tolerance: f64,
): void {
  assert(slots >= 2, "set_machine: two rows are needed at a time");
  const m = changetype<Machine>(at);
  m.alphas = alphas;
  m.gradient = gradient;
  m.limits = limits;
  m.signs = signs;
  m.rows = rows;
  m.packed = packed;
  m.squares = squares;
  m.cache = cache;
  m.slotOf = slotOf;
  m.rowIn = rowIn;
  m.used = used;
  m.n = n;
  m.d = d;
  m.slots = slots;
  m.now = 0;
  m.gamma = gamma;
  m.tolerance = tolerance;
  m.gap = Infinity;
  for (let i = 0; i < n; i++) {
    putF64(alphas, i, 0);
    putF64(gradient, i, -1);
  }
  memory.fill(slotOf, 0xff, (<usize>n) << 2);
  memory.fill(rowIn, 0xff, (<usize>slots) << 2);
  memory.fill(used, 0, (<usize>slots) << 2);
}

export function machine_gap(at: usize): f64 {
  return changetype<Machine>(at).gap;
}

/** out f32 (m) ← kernel of one row (d) with m packed rows; squares: scratch (m, rounded up to even). */
export function kernel_row(out: usize, row: usize, packed: usize, squares: usize, m: i32, d: i32, gamma: f64): void {
  squares_to_pairs(squares, row, packed, (m + 1) >> 1, d);
  for (let j = 0; j < m; j++) putF32(out, j, <f32>exp(-gamma * f64At(squares, j)));
}

/** out f64 (m) ← bias + Σ coefficients (n) · kernel with n packed rows, for queries [from, to) of (m, d); squares: scratch (n, rounded up to even). */
export function decide_rows(
  out: usize,
  queries: usize,
  packed: usize,
  coefficients: usize,
  squares: usize,
  n: i32,
  d: i32,
  gamma: f64,
  bias: f64,
  from: i32,
  to: i32,
): void {
  for (let i = from; i < to; i++) {
    squares_to_pairs(squares, queries + ((<usize>i * d) << 3), packed, (n + 1) >> 1, d);
    let sum: f64 = 0;
    for (let j = 0; j < n; j++) sum += f64At(coefficients, j) * exp(-gamma * f64At(squares, j));
    putF64(out, i, sum + bias);
  }
}

/** Where the kernel's row i is, computed if it is not at hand. */
function rowOf(m: Machine, i: i32): usize {
  let slot = u32At(m.slotOf, i);
  if (slot == NONE) {
    slot = 0;
    for (let s = 1; s < m.slots; s++) if (u32At(m.used, s) < u32At(m.used, slot)) slot = s;
    const before = u32At(m.rowIn, slot);
    if (before != NONE) putU32(m.slotOf, before, NONE);
    putU32(m.slotOf, i, slot);
    putU32(m.rowIn, slot, i);
    kernel_row(m.cache + ((<usize>slot * m.n) << 2), m.rows + ((<usize>i * m.d) << 3), m.packed, m.squares, m.n, m.d, m.gamma);
  }
  putU32(m.used, slot, ++m.now);
  return m.cache + ((<usize>slot * m.n) << 2);
}

/** The alphas ← up to `most` steps nearer to the solution; returns how many, fewer if it is reached. */
export function solve_machine(at: usize, most: i32): i32 {
  const m = changetype<Machine>(at);
  for (let step = 0; step < most; step++) if (!improve(m)) return step;
  return most;
}

/** One step: the pair that promises the most goes to the minimum along its line. False if there is none left. */
function improve(m: Machine): bool {
  const n = m.n,
    alphas = m.alphas,
    gradient = m.gradient,
    signs = m.signs,
    limits = m.limits;
  // i: of all α that may move upwards along y, the one that gains the most by it
  let i = -1,
    highest: f64 = -Infinity;
  for (let t = 0; t < n; t++) {
    const sign = f64At(signs, t),
      alpha = f64At(alphas, t);
    if (sign > 0 ? alpha >= f64At(limits, t) : alpha <= 0) continue;
    const gain = -sign * f64At(gradient, t);
    if (gain > highest) {
      highest = gain;
      i = t;
    }
  }
  if (i < 0) {
    m.gap = 0;
    return false;
  }
  const row = rowOf(m, i);
  // j: of those that may move downwards, the one with which the objective falls the most
  let j = -1,
    lowest: f64 = Infinity,
    best: f64 = 0;
  for (let t = 0; t < n; t++) {
    const sign = f64At(signs, t),
      alpha = f64At(alphas, t);
    if (sign > 0 ? alpha <= 0 : alpha >= f64At(limits, t)) continue;
    const gain = -sign * f64At(gradient, t),
      apart = highest - gain;
    lowest = min(lowest, gain);
    if (apart <= 0) continue;
    const fall = (apart * apart) / max(2 - 2 * <f64>f32At(row, t), FLAT);
    if (fall > best) {
      best = fall;
      j = t;
    }
  }
  m.gap = max(highest - lowest, 0);
  if (j < 0 || m.gap < m.tolerance) return false;
  move(m, i, j, row, rowOf(m, j), highest);
  return true;
}

/** α_i goes up along y, α_j down, by the same amount, as far as the objective falls and the limits allow. */
function move(m: Machine, i: i32, j: i32, row: usize, other: usize, highest: f64): void {
  const alphas = m.alphas,
    gradient = m.gradient,
    signs = m.signs;
  const up = f64At(signs, i),
    down = f64At(signs, j);
  const before = f64At(alphas, i),
    otherBefore = f64At(alphas, j);
  const room = up > 0 ? f64At(m.limits, i) - before : before,
    otherRoom = down > 0 ? otherBefore : f64At(m.limits, j) - otherBefore;
  const wanted = (highest + down * f64At(gradient, j)) / max(2 - 2 * <f64>f32At(row, j), FLAT);
  const by = min(wanted, min(room, otherRoom));
  // what reaches a limit is exactly there, or it would be taken for free
  const after = by == room ? (up > 0 ? f64At(m.limits, i) : 0) : before + up * by,
    otherAfter = by == otherRoom ? (down > 0 ? 0 : f64At(m.limits, j)) : otherBefore - down * by;
  putF64(alphas, i, after);
  putF64(alphas, j, otherAfter);
  const own = up * (after - before),
    others = down * (otherAfter - otherBefore);
  for (let t = 0; t < m.n; t++) {
    putF64(gradient, t, f64At(gradient, t) + f64At(signs, t) * (own * <f64>f32At(row, t) + others * <f64>f32At(other, t)));
  }
}
