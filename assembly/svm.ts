import { f32At, f64At, putF64, putU32, u32At } from "./lanes";
import { squares_to_pairs } from "./pairs";

/**
 * A support vector classifier with a Gaussian kernel in its dual: minimize ½ Σ α_i α_j y_i y_j K_ij − Σ α_i with 0 ≤ α_i ≤ C_i and Σ y_i α_i = 0. Rows are scaled so that K_ij = 2^−‖x_i − x_j‖²,
 * held in f32 as libsvm does. Solved two α at a time (Platt 1998), chosen by second-order information (Fan, Chen, Lin: Working set selection using second order
 * information for training support vector machines, JMLR 6, 2005).
 */
@unmanaged
export class Machine {
  /** f64 (n): α, and its upper limits. */
  alphas: usize;
  limits: usize;
  /** f64 (n): 1 or −1. */
  signs: usize;
  /** f64 (wide): y − Σ α y K, what the objective falls by as α moves along y, at first. */
  gains: usize;
  /** f64 (wide): 0 where α may move along y, else −Infinity; 0 where it may move against it, else Infinity. */
  ups: usize;
  downs: usize;
  rows: usize;
  packed: usize;
  /** f64 (wide): scratch. */
  squares: usize;
  /** f32 (slots, wide): rows of the kernel at hand, least recently used ones first to go. */
  cache: usize;
  /** u32 (n): slot of each row or NONE; u32 (slots): row in each slot or NONE; u32 (slots): when it was last used. */
  slotOf: usize;
  rowIn: usize;
  used: usize;
  n: i32;
  /** n rounded up to eights. */
  wide: i32;
  d: i32;
  slots: i32;
  now: u32;
  tolerance: f64;
  /** Of all α that may move along y the one that gains the most, or −1, and its gain; the least gain of those that may move against it. */
  first: i32;
  highest: f64;
  lowest: f64;
}

const NONE: u32 = 0xffffffff;
/** A direction without curvature, as between equal rows, is given this much. */
const FLAT: f64 = 1e-12;

export function machine_bytes(): usize {
  return offsetof<Machine>();
}

/** machine ← a problem at some α and the gains there, nothing in its cache. */
export function set_machine(
  at: usize,
  alphas: usize,
  limits: usize,
  signs: usize,
  gains: usize,
  ups: usize,
  downs: usize,
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
  tolerance: f64,
): void {
  assert(slots >= 2, "set_machine: two rows are needed at a time");
  const m = changetype<Machine>(at);
  m.alphas = alphas;
  m.limits = limits;
  m.signs = signs;
  m.gains = gains;
  m.ups = ups;
  m.downs = downs;
  m.rows = rows;
  m.packed = packed;
  m.squares = squares;
  m.cache = cache;
  m.slotOf = slotOf;
  m.rowIn = rowIn;
  m.used = used;
  m.n = n;
  m.wide = (n + 7) & ~7;
  m.d = d;
  m.slots = slots;
  m.now = 0;
  m.tolerance = tolerance;
  m.lowest = -Infinity;
  for (let t = n; t < m.wide; t++) {
    putF64(gains, t, 0);
    putF64(squares, t, 0);
    putF64(ups, t, -Infinity);
    putF64(downs, t, Infinity);
  }
  for (let t = 0; t < n; t++) setLimits(m, t);
  memory.fill(slotOf, 0xff, (<usize>n) << 2);
  memory.fill(rowIn, 0xff, (<usize>slots) << 2);
  memory.fill(used, 0, (<usize>slots) << 2);
  memory.fill(cache, 0, (<usize>m.wide) << 2);
  moveGains(m, cache, cache, 0, 0);
}

/** How far the two worst α are from agreeing; solved below the tolerance. */
export function machine_gap(at: usize): f64 {
  const m = changetype<Machine>(at);
  return m.first < 0 ? 0 : max(m.highest - m.lowest, 0);
}

/**
 * kernels f32 (m, rounded up to eights) ← kernel of one row (d) with m packed rows; squares: scratch f64 (as many), what is behind the m at least 0. A polynomial that meets 2^r at ten Chebyshev points
 * of |r| ≤ ½ is off by 2e-14; not less than 2⁻¹⁰²⁰, which Infinity becomes.
 */
export function kernel_row(kernels: usize, row: usize, packed: usize, squares: usize, m: i32, d: i32): void {
  squares_to_pairs(squares, row, packed, (m + 1) >> 1, d);
  const magic = f64x2.splat(6755399441055744), // 1.5 · 2⁵²: what is added to it is rounded to a whole number, which is left in the low bits
    most = f64x2.splat(1020);
  for (const end = kernels + ((<usize>((m + 7) & ~7)) << 2); kernels < end; kernels += 8, squares += 16) {
    const value = f64x2.pmin(v128.load(squares), most),
      whole = f64x2.sub(magic, value),
      r = f64x2.sub(f64x2.sub(magic, whole), value);
    let sum = f64x2.add(f64x2.mul(f64x2.splat(1.0205905320493103e-7), r), f64x2.splat(1.3259645243929057e-6));
    sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.5252672925346873e-5));
    sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.5403433751254997e-4));
    sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.3333558200793719e-3));
    sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(9.618129193934304e-3));
    sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(0.05550410866465168));
    sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(0.2402265069564034));
    sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(0.6931471805599462));
    sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0000000000000135));
    v128.store64_lane(kernels, f32x4.demote_f64x2_zero(i64x2.add(sum, i64x2.shl(whole, 52))), 0);
  }
}

/** out f64 (m) ← Σ coefficients f64 (n) · kernel with n packed rows, for queries [from, to) of (m, d); kernels, squares: scratch as for `kernel_row`. */
export function sum_kernels(
  out: usize,
  queries: usize,
  packed: usize,
  coefficients: usize,
  kernels: usize,
  squares: usize,
  n: i32,
  d: i32,
  from: i32,
  to: i32,
): void {
  for (let i = from; i < to; i++) {
    kernel_row(kernels, queries + ((<usize>i * d) << 3), packed, squares, n, d);
    let sum: f64 = 0;
    for (let j = 0; j < n; j++) sum += f64At(coefficients, j) * <f64>f32At(kernels, j);
    putF64(out, i, sum);
  }
}

/** Where the kernel's row i is, computed if it is not at hand. */
function rowOf(m: Machine, i: i32): usize {
  let slot = u32At(m.slotOf, i);
  const bytes = (<usize>m.wide) << 2;
  if (slot == NONE) {
    slot = 0;
    for (let s = 1; s < m.slots; s++) if (u32At(m.used, s) < u32At(m.used, slot)) slot = s;
    const before = u32At(m.rowIn, slot);
    if (before != NONE) putU32(m.slotOf, before, NONE);
    putU32(m.slotOf, i, slot);
    putU32(m.rowIn, slot, i);
    kernel_row(m.cache + slot * bytes, m.rows + ((<usize>i * m.d) << 3), m.packed, m.squares, m.n, m.d);
  }
  putU32(m.used, slot, ++m.now);
  return m.cache + slot * bytes;
}

/** The alphas ← up to `most` steps nearer to the solution; returns how many, fewer if it is reached. */
export function solve_machine(at: usize, most: i32): i32 {
  const m = changetype<Machine>(at);
  for (let step = 0; step < most; step++) if (!improve(m)) return step;
  return most;
}

/** One step: the pair that promises the most goes to the minimum along its line. False if there is none left. */
function improve(m: Machine): bool {
  if (m.first < 0) return false;
  const row = rowOf(m, m.first),
    partner = partnerOf(m, row);
  if (partner < 0 || machine_gap(changetype<usize>(m)) < m.tolerance) return false;
  move(m, m.first, partner, row, rowOf(m, partner));
  return true;
}

/** Of those that may move against y, the α with which, and the first, the objective falls the most, or −1; of equal ones the first. */
function partnerOf(m: Machine, row: usize): i32 {
  const highest = f64x2.splat(m.highest),
    flat = f64x2.splat(FLAT),
    two = f64x2.splat(2),
    none = f64x2.splat(0);
  let gains = m.gains,
    downs = m.downs;
  let lowest = f64x2.splat(Infinity),
    best = none,
    which = i64x2.splat(-1),
    number = i64x2(0, 1);
  for (const end = gains + ((<usize>m.wide) << 3); gains < end; gains += 16, downs += 16, row += 8) {
    const gain = f64x2.add(v128.load(gains), v128.load(downs));
    lowest = f64x2.pmin(lowest, gain);
    const apart = f64x2.pmax(f64x2.sub(highest, gain), none),
      kernel = f64x2.promote_low_f32x4(v128.load64_zero(row)),
      fall = f64x2.div(f64x2.mul(apart, apart), f64x2.pmax(f64x2.sub(two, f64x2.add(kernel, kernel)), flat)),
      better = f64x2.gt(fall, best);
    best = f64x2.pmax(best, fall);
    which = v128.bitselect(number, which, better);
    number = i64x2.add(number, i64x2.splat(2));
  }
  m.lowest = min(f64x2.extract_lane(lowest, 0), f64x2.extract_lane(lowest, 1));
  const a = f64x2.extract_lane(best, 0),
    b = f64x2.extract_lane(best, 1);
  const even = <i32>i64x2.extract_lane(which, 0),
    odd = <i32>i64x2.extract_lane(which, 1);
  return a == b ? min(even, odd) : a > b ? even : odd;
}

/** α_i goes up along y, α_j down, by the same amount, as far as the objective falls and the limits allow. */
function move(m: Machine, i: i32, j: i32, row: usize, other: usize): void {
  const alphas = m.alphas,
    up = f64At(m.signs, i),
    down = f64At(m.signs, j);
  const before = f64At(alphas, i),
    otherBefore = f64At(alphas, j);
  const room = up > 0 ? f64At(m.limits, i) - before : before,
    otherRoom = down > 0 ? otherBefore : f64At(m.limits, j) - otherBefore;
  const wanted = (m.highest - f64At(m.gains, j)) / max(2 - 2 * <f64>f32At(row, j), FLAT);
  const by = min(wanted, min(room, otherRoom));
  // what reaches a limit is exactly there, or it would be taken for free
  const after = by == room ? (up > 0 ? f64At(m.limits, i) : 0) : before + up * by,
    otherAfter = by == otherRoom ? (down > 0 ? 0 : f64At(m.limits, j)) : otherBefore - down * by;
  putF64(alphas, i, after);
  putF64(alphas, j, otherAfter);
  setLimits(m, i);
  setLimits(m, j);
  moveGains(m, row, other, up * (after - before), down * (otherAfter - otherBefore));
}

/** Which ways α_t may go. */
function setLimits(m: Machine, t: i32): void {
  const alpha = f64At(m.alphas, t),
    more = alpha < f64At(m.limits, t),
    less = alpha > 0,
    positive = f64At(m.signs, t) > 0;
  putF64(m.ups, t, (positive ? more : less) ? 0 : -Infinity);
  putF64(m.downs, t, (positive ? less : more) ? 0 : Infinity);
}

/** gains ← themselves − own · row − others · other; highest, first ← the greatest of those that may move along y, and the first that is as great, or −1. */
function moveGains(m: Machine, row: usize, other: usize, own: f64, others: f64): void {
  const one = f64x2.splat(own),
    two = f64x2.splat(others);
  let gains = m.gains,
    ups = m.ups;
  let best = f64x2.splat(-Infinity);
  for (const end = gains + ((<usize>m.wide) << 3); gains < end; gains += 16, ups += 16, row += 8, other += 8) {
    const kernel = f64x2.promote_low_f32x4(v128.load64_zero(row)),
      second = f64x2.promote_low_f32x4(v128.load64_zero(other)),
      gain = f64x2.sub(v128.load(gains), f64x2.add(f64x2.mul(one, kernel), f64x2.mul(two, second)));
    v128.store(gains, gain);
    best = f64x2.pmax(best, f64x2.add(gain, v128.load(ups)));
  }
  const highest = max(f64x2.extract_lane(best, 0), f64x2.extract_lane(best, 1));
  m.highest = highest;
  m.first = -1;
  if (highest == -Infinity) return;
  // looked for afterwards, it costs half of what it would along the way
  let t = 0;
  while (f64At(m.gains, t) + f64At(m.ups, t) != highest) t++;
  m.first = t;
}
