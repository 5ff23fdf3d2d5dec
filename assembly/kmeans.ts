import { f64At, putF32, putF64, putU32, u32At } from "./lanes";
import { pack_pairs, squaredDistance, squares_to_pairs } from "./pairs";

/**
 * potentials (m) ← themselves and Σ weight · min(closest, squared distance to each of m packed candidates) over rows [from, to). weights (n) or 0; squares:
 * scratch (m, rounded up to even).
 */
export function try_seeds(
  potentials: usize,
  closest: usize,
  rows: usize,
  weights: usize,
  packed: usize,
  squares: usize,
  d: i32,
  m: i32,
  from: i32,
  to: i32,
): void {
  for (let i = from; i < to; i++) {
    squares_to_pairs(squares, rows + ((<usize>i * d) << 3), packed, (m + 1) >> 1, d);
    const near = f64At(closest, i),
      weight = weights ? f64At(weights, i) : 1;
    for (let j = 0; j < m; j++) putF64(potentials, j, f64At(potentials, j) + weight * min(near, f64At(squares, j)));
  }
}

/** closest (n) ← min(itself, squared distance to one seed (d)), rows [from, to). */
export function take_seed(closest: usize, rows: usize, seed: usize, d: i32, from: i32, to: i32): void {
  for (let i = from; i < to; i++) {
    putF64(closest, i, min(f64At(closest, i), squaredDistance(rows + ((<usize>i * d) << 3), seed, d)));
  }
}

/**
 * Rows, centers and what is known of their distances. `narrow` and `narrowCenters` hold the rows (n, d) and the centers in f32, relative to an origin; the centers eight by eight, column by
 * column: (⌈k ÷ 8⌉, d, 8).
 */
@unmanaged
export class Clustering {
  /** u32 (n): nearest center. */
  labels: usize;
  /** f64 (n): bounds of the distance to it, from above, and to all others, from below. */
  uppers: usize;
  lowers: usize;
  rows: usize;
  narrow: usize;
  /** f64 (n): distances of the rows from the origin. */
  lengths: usize;
  centers: usize;
  packed: usize;
  narrowCenters: usize;
  /** f32 (k, rounded up to eights): half the squared distance of each center from the origin; Infinity where there is none. */
  starts: usize;
  /** f64 (k): how far each center moved since the bounds were taken, and half its distance to the nearest other one. */
  shifts: usize;
  halves: usize;
  /** f64 (k, rounded up to even): scratch. */
  squares: usize;
  origin: usize;
  d: i32;
  k: i32;
  /** The largest distance of a center from the origin. */
  reach: f64;
  /** What the last row looked at found. */
  first: f64;
  second: f64;
}

export function clustering_bytes(): usize {
  return offsetof<Clustering>();
}

export function set_clustering(
  at: usize,
  labels: usize,
  uppers: usize,
  lowers: usize,
  rows: usize,
  narrow: usize,
  lengths: usize,
  centers: usize,
  packed: usize,
  narrowCenters: usize,
  starts: usize,
  shifts: usize,
  halves: usize,
  squares: usize,
  origin: usize,
  d: i32,
  k: i32,
): void {
  const board = changetype<Clustering>(at);
  board.labels = labels;
  board.uppers = uppers;
  board.lowers = lowers;
  board.rows = rows;
  board.narrow = narrow;
  board.lengths = lengths;
  board.centers = centers;
  board.packed = packed;
  board.narrowCenters = narrowCenters;
  board.starts = starts;
  board.shifts = shifts;
  board.halves = halves;
  board.squares = squares;
  board.origin = origin;
  board.d = d;
  board.k = k;
}

/** narrow (n, d), lengths (n) ← rows (n, d) relative to the origin (d), rows [from, to). */
export function narrow_rows(narrow: usize, lengths: usize, rows: usize, origin: usize, d: i32, from: i32, to: i32): void {
  for (let i = from; i < to; i++) {
    const row = rows + ((<usize>i * d) << 3),
      own = narrow + ((<usize>i * d) << 2);
    let sum: f64 = 0;
    for (let c = 0; c < d; c++) {
      const value = f64At(row, c) - f64At(origin, c);
      putF32(own, c, <f32>value);
      sum += value * value;
    }
    putF64(lengths, i, sqrt(sum));
  }
}

/** What the clustering keeps of its centers ← the centers (k, d) where they are now. */
export function place_centers(at: usize): void {
  const board = changetype<Clustering>(at),
    d = board.d,
    k = board.k,
    squares = board.squares;
  pack_pairs(board.packed, board.centers, k, d);
  board.reach = 0;
  memory.fill(board.narrowCenters, 0, (<usize>((k + 7) >> 3) * d) << 5);
  for (let j = k; j < ((k + 7) & ~7); j++) putF32(board.starts, j, Infinity);
  for (let a = 0; a < k; a++) {
    const center = board.centers + ((<usize>a * d) << 3),
      narrow = board.narrowCenters + ((<usize>(a >> 3) * d) << 5) + ((<usize>(a & 7)) << 2);
    let sum: f64 = 0;
    for (let c = 0; c < d; c++) {
      const value = f64At(center, c) - f64At(board.origin, c);
      putF32(narrow, c << 3, <f32>value);
      sum += value * value;
    }
    putF32(board.starts, a, <f32>(sum / 2));
    board.reach = max(board.reach, sqrt(sum));
    squares_to_pairs(squares, center, board.packed, (k + 1) >> 1, d);
    let nearest = Infinity;
    for (let b = 0; b < k; b++) if (b != a) nearest = min(nearest, f64At(squares, b));
    putF64(board.halves, a, 0.5 * sqrt(nearest));
  }
}

/** Rounding of one sum or product of bounds, and more. */
const ULP: f64 = 4.5e-16;
/** Twice that of f32. */
const NARROW_ULP: f64 = 1.1920928955078125e-7;

/**
 * labels ← the nearest center of each row of [from, to), by (squared f64 distance summed in column order, number); returns how many changed. What is certain is not
 * computed: a row stays without any distance while its bounds allow no other center (Hamerly: Making k-means even faster, SDM 2010); else scores in f32 decide, if the two best
 * differ by more than f32 can round off; only the rest is compared in f64. All bounds are widened by what may be rounded off, so the labels are those of comparing
 * everything. (100 000 × 20, k = 8, all rows: 2.2 ms, in f64 alone 5.6; among settled centers 1.0.)
 */
export function assign_rows(at: usize, from: i32, to: i32): i32 {
  const board = changetype<Clustering>(at),
    d = board.d,
    k = board.k,
    shifts = board.shifts;
  // the center that moved farthest, and how far any other did
  let mover = 0,
    second: f64 = 0;
  for (let j = 1; j < k; j++) {
    if (f64At(shifts, j) > f64At(shifts, mover)) {
      second = f64At(shifts, mover);
      mover = j;
    } else second = max(second, f64At(shifts, j));
  }
  const largest = f64At(shifts, mover);
  // a computed squared distance is within (d + 3) ulps of the true one
  const doubt = <f64>(d + 8) * ULP,
    above = 1 + doubt,
    below = 1 - doubt;
  // what f32 may hide of a squared distance, for a row and a center one apart from the origin together
  const hidden = <f64>(d + 12) * (NARROW_ULP / 2);
  let changed = 0;
  for (let i = from; i < to; i++) {
    const own = u32At(board.labels, i);
    const upper = (f64At(board.uppers, i) + f64At(shifts, own) * above) * (1 + ULP);
    const lower = (f64At(board.lowers, i) - (own == mover ? second : largest) * above) * (1 - ULP);
    if (upper * above < max(lower, f64At(board.halves, own)) * below) {
      putF64(board.uppers, i, upper);
      putF64(board.lowers, i, lower);
      continue;
    }
    const length = f64At(board.lengths, i),
      widest = length + board.reach,
      error = hidden * widest * widest + 1e-30;
    let best = scoreRow(board, board.narrow + ((<usize>i * d) << 2));
    const two = f64x2.sqrt(
      f64x2.pmax(f64x2(length * length + board.first + error, length * length + board.second - error), f64x2.splat(0)),
    );
    let near = f64x2.extract_lane(two, 0) * above,
      far = f64x2.extract_lane(two, 1) * below;
    if (!(near * above < far * below)) {
      best = nearestOf(board, board.rows + ((<usize>i * d) << 3));
      near = sqrt(board.first) * above;
      far = sqrt(board.second) * below;
    }
    putF64(board.uppers, i, near);
    putF64(board.lowers, i, far);
    if (best == own) continue;
    putU32(board.labels, i, best);
    changed++;
  }
  return changed;
}

/**
 * The center with the least score = half its squared length − its product with the row, in f32: half a squared distance, less half of the row's own. Two columns at
 * a time, for sums that do not wait. first, second ← twice the two least.
 */
function scoreRow(board: Clustering, row: usize): u32 {
  const k = board.k,
    d = board.d;
  let centers = board.narrowCenters,
    starts = board.starts;
  let best = f32x4.splat(Infinity),
    second = f32x4.splat(Infinity),
    which = i32x4.splat(0),
    number = i32x4(0, 1, 2, 3);
  const four = i32x4.splat(4);
  for (let j = 0; j < k; j += 8, starts += 32) {
    let a = f32x4.splat(0),
      b = f32x4.splat(0),
      a1 = f32x4.splat(0),
      b1 = f32x4.splat(0),
      x = row,
      c = 0;
    for (; c + 2 <= d; c += 2, x += 8, centers += 64) {
      const v = v128.load32_splat(x),
        w = v128.load32_splat(x, 4);
      a = f32x4.add(a, f32x4.mul(v, v128.load(centers)));
      b = f32x4.add(b, f32x4.mul(v, v128.load(centers, 16)));
      a1 = f32x4.add(a1, f32x4.mul(w, v128.load(centers, 32)));
      b1 = f32x4.add(b1, f32x4.mul(w, v128.load(centers, 48)));
    }
    if (c < d) {
      const v = v128.load32_splat(x);
      a = f32x4.add(a, f32x4.mul(v, v128.load(centers)));
      b = f32x4.add(b, f32x4.mul(v, v128.load(centers, 16)));
      centers += 32;
    }
    a = f32x4.sub(v128.load(starts), f32x4.add(a, a1));
    b = f32x4.sub(v128.load(starts, 16), f32x4.add(b, b1));
    second = f32x4.pmin(second, f32x4.pmax(best, a));
    which = v128.bitselect(number, which, f32x4.lt(a, best));
    best = f32x4.pmin(best, a);
    number = i32x4.add(number, four);
    second = f32x4.pmin(second, f32x4.pmax(best, b));
    which = v128.bitselect(number, which, f32x4.lt(b, best));
    best = f32x4.pmin(best, b);
    number = i32x4.add(number, four);
  }
  // the two least of four lanes: of halves, then of neighbors
  let other = i32x4.shuffle(best, best, 2, 3, 0, 1);
  let low = f32x4.pmin(best, other);
  second = f32x4.pmin(f32x4.pmax(best, other), f32x4.pmin(second, i32x4.shuffle(second, second, 2, 3, 0, 1)));
  other = i32x4.shuffle(low, low, 1, 0, 3, 2);
  second = f32x4.pmin(f32x4.pmax(low, other), f32x4.pmin(second, i32x4.shuffle(second, second, 1, 0, 3, 2)));
  low = f32x4.pmin(low, other);
  board.first = 2 * <f64>f32x4.extract_lane(low, 0);
  board.second = 2 * <f64>f32x4.extract_lane(second, 0);
  // equal ones are told apart in f64
  const lane = ctz(i32x4.bitmask(f32x4.eq(best, low)));
  const pair = lane & 2 ? i64x2.extract_lane(which, 1) : i64x2.extract_lane(which, 0);
  return <u32>(lane & 1 ? pair >> 32 : pair);
}

/** The nearest center by f64 distances. first, second ← the two least squares. */
function nearestOf(board: Clustering, row: usize): u32 {
  const squares = board.squares;
  squares_to_pairs(squares, row, board.packed, (board.k + 1) >> 1, board.d);
  let best: u32 = 0,
    first = f64At(squares, 0),
    second = Infinity;
  for (let j = 1; j < board.k; j++) {
    const square = f64At(squares, j);
    if (square < first) {
      second = first;
      first = square;
      best = j;
    } else second = min(second, square);
  }
  board.first = first;
  board.second = second;
  return best;
}

/**
 * sums (k, d), masses (k) ← themselves and, for the rows [from, to) of each label, their offset from its center and 1, times their weights (n) if not 0. Rows are
 * added one after the other, however they are cut; offsets keep their digits where values are large and close together.
 */
export function sum_members(
  sums: usize,
  masses: usize,
  rows: usize,
  weights: usize,
  labels: usize,
  centers: usize,
  d: i32,
  from: i32,
  to: i32,
): void {
  for (let i = from; i < to; i++) {
    const label = u32At(labels, i),
      weight = weights ? f64At(weights, i) : 1;
    const row = rows + ((<usize>i * d) << 3),
      shift = (<usize>label * d) << 3,
      sum = sums + shift,
      center = centers + shift;
    putF64(masses, label, f64At(masses, label) + weight);
    const both = f64x2.splat(weight);
    let c = 0;
    for (; c + 2 <= d; c += 2) {
      const at = (<usize>c) << 3;
      const apart = f64x2.sub(v128.load(row + at), v128.load(center + at));
      v128.store(sum + at, f64x2.add(v128.load(sum + at), f64x2.mul(both, apart)));
    }
    if (c < d) putF64(sum, c, f64At(sum, c) + weight * (f64At(row, c) - f64At(center, c)));
  }
}

/** squares (n) ← squared distance of each row of [from, to) to the center of its label, summed in column order. */
export function own_squares(squares: usize, rows: usize, centers: usize, labels: usize, d: i32, from: i32, to: i32): void {
  for (let i = from; i < to; i++) {
    putF64(squares, i, squaredDistance(rows + ((<usize>i * d) << 3), centers + ((<usize>u32At(labels, i) * d) << 3), d));
  }
}
