import { f64At, putF64, putU32, u32At } from "./lanes";
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

/** packed ← centers (k, d); halves (k) ← half the distance of each to the nearest other one. squares: scratch (k, rounded up to even). */
export function place_centers(packed: usize, halves: usize, centers: usize, squares: usize, k: i32, d: i32): void {
  pack_pairs(packed, centers, k, d);
  for (let a = 0; a < k; a++) {
    squares_to_pairs(squares, centers + ((<usize>a * d) << 3), packed, (k + 1) >> 1, d);
    let nearest = Infinity;
    for (let b = 0; b < k; b++) if (b != a) nearest = min(nearest, f64At(squares, b));
    putF64(halves, a, 0.5 * sqrt(nearest));
  }
}

/** Rounding of one sum or product of bounds, and more. */
const ULP: f64 = 4.5e-16;

/**
 * labels (n) ← the nearest of k packed centers, by (squared distance summed in column order, number), rows [from, to); returns how many changed. A row is left
 * where it is without a distance when its center is certainly the nearest (Hamerly: Making k-means even faster, SDM 2010): uppers (n) bound its distance to
 * its own center from above, lowers (n) that to all others from below, and centers moved by at most `shifts` (k) since. All bounds are widened by what f64 can
 * round off, so the labels are those of comparing everything. squares: scratch (k, rounded up to even).
 */
export function assign_rows(
  labels: usize,
  uppers: usize,
  lowers: usize,
  rows: usize,
  packed: usize,
  centers: usize,
  shifts: usize,
  halves: usize,
  squares: usize,
  d: i32,
  k: i32,
  from: i32,
  to: i32,
): i32 {
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
  const pairs = (k + 1) >> 1;
  let changed = 0;
  for (let i = from; i < to; i++) {
    const own = u32At(labels, i),
      row = rows + ((<usize>i * d) << 3);
    let upper = (f64At(uppers, i) + f64At(shifts, own) * above) * (1 + ULP);
    const lower = (f64At(lowers, i) - (own == mover ? second : largest) * above) * (1 - ULP);
    const limit = max(lower, f64At(halves, own)) * below;
    if (upper * above >= limit) {
      // with many centers it pays to ask for the own one first
      if (pairs > 4) upper = sqrt(squaredDistance(row, centers + ((<usize>own * d) << 3), d));
      if (pairs <= 4 || upper * above >= limit) {
        squares_to_pairs(squares, row, packed, pairs, d);
        let best = 0,
          nearest = f64At(squares, 0),
          next = Infinity;
        for (let j = 1; j < k; j++) {
          const square = f64At(squares, j);
          if (square < nearest) {
            next = nearest;
            nearest = square;
            best = j;
          } else next = min(next, square);
        }
        putF64(uppers, i, sqrt(nearest) * above);
        putF64(lowers, i, sqrt(next) * below);
        if (best == <i32>own) continue;
        putU32(labels, i, best);
        changed++;
        continue;
      }
      upper *= above;
    }
    putF64(uppers, i, upper);
    putF64(lowers, i, lower);
  }
  return changed;
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
