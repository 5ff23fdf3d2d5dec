/** Seeding keeps k + 1 scores for each of 8 columns in scratch. */
export const MOST_SEEDS: i32 = 32;

/**
 * best (k + 1, 8), descending ← the best of scores (count, 8) of each column. Of every four rows only the best is looked at where there are enough of them, which leaves the last of
 * the k + 1 a hair lower: it is all the same the score of a row that k others match.
 */
export function keepSeeds(best: usize, scores: usize, count: i32, k: i32): void {
  const last = best + ((<usize>k) << 5),
    least = f32x4.splat(-Infinity),
    fours = 8 * (k + 1) <= count;
  for (let at = best; at <= last; at += 32) {
    v128.store(at, least);
    v128.store(at, least, 16);
  }
  for (const end = scores + ((<usize>count) << 5); scores < end; scores += 128) {
    const a0 = v128.load(scores),
      a1 = v128.load(scores, 16),
      b0 = v128.load(scores, 32),
      b1 = v128.load(scores, 48),
      c0 = v128.load(scores, 64),
      c1 = v128.load(scores, 80),
      d0 = v128.load(scores, 96),
      d1 = v128.load(scores, 112);
    if (fours) {
      insert(best, last, f32x4.pmax(f32x4.pmax(a0, b0), f32x4.pmax(c0, d0)), f32x4.pmax(f32x4.pmax(a1, b1), f32x4.pmax(c1, d1)));
    } else {
      insert(best, last, a0, a1);
      insert(best, last, b0, b1);
      insert(best, last, c0, c1);
      insert(best, last, d0, d1);
    }
  }
}

/** Puts a score of each column in its place; whatever falls out at the end is gone. */
function insert(best: usize, last: usize, score0: v128, score1: v128): void {
  for (; best <= last; best += 32) {
    const kept0 = v128.load(best),
      kept1 = v128.load(best, 16);
    v128.store(best, f32x4.pmax(kept0, score0));
    v128.store(best, f32x4.pmax(kept1, score1), 16);
    score0 = f32x4.pmin(score0, kept0);
    score1 = f32x4.pmin(score1, kept1);
  }
}

/**
 * Lowers reaches (8) to what seeds (8), each the score of a row that k others match or exceed, itself perhaps among them, allow: a score s promises a distance of at most
 * √(−2s + 2 · rounded) + hidden, so k other rows of the leaf are that near.
 */
export function limitBySeeds(reaches: usize, seeds: usize, hidden: f32, rounded: f32): void {
  for (let half: usize = 0; half < 32; half += 16) {
    const shown = f32x4.mul(f32x4.splat(2), f32x4.sub(f32x4.splat(rounded), v128.load(seeds + half)));
    const far = f32x4.add(f32x4.sqrt(f32x4.pmax(f32x4.splat(0), shown)), f32x4.splat(hidden));
    v128.store(reaches + half, f32x4.pmin(v128.load(reaches + half), f32x4.mul(far, f32x4.splat(1.000001))));
  }
}

/** hits (u32) ← row · 8 + column of the scores (count, 8) above the limit of their column; returns their number. */
export function noteColumns(hits: usize, scores: usize, limits: usize, count: i32): i32 {
  const limit0 = v128.load(limits),
    limit1 = v128.load(limits, 16);
  let found = 0;
  for (let i = 0; i < count; i++, scores += 32) {
    let mask = i32x4.bitmask(f32x4.gt(v128.load(scores), limit0)) | (i32x4.bitmask(f32x4.gt(v128.load(scores, 16), limit1)) << 4);
    for (; mask; mask &= mask - 1, found++) store<u32>(hits + ((<usize>found) << 2), (i << 3) | ctz(mask));
  }
  return found;
}
