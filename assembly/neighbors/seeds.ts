import { f32At, putF32 } from "../lanes";

/** Seeding keeps k scores a row in scratch and sorts them by insertion. */
export const MOST_SEEDS: i32 = 32;

/** best (count, k), descending ← itself and scores (count, 8) of the columns from `column` on; a row's score with itself does not count. */
export function keepSeeds(best: usize, scores: usize, count: i32, column: i32, k: i32): void {
  for (let i = 0; i < count; i++) {
    const seeds = best + ((<usize>i * k) << 2);
    const least = v128.load32_splat(seeds + ((<usize>(k - 1)) << 2));
    const row = scores + ((<usize>i) << 5);
    // not "greater": also true while there is no seed yet
    let mask = ~(i32x4.bitmask(f32x4.le(v128.load(row), least)) | (i32x4.bitmask(f32x4.le(v128.load(row, 16), least)) << 4)) & 255;
    for (; mask; mask &= mask - 1) {
      const j = ctz(mask);
      if (column + j == i) continue;
      const score = f32At(row, j);
      let place = k - 1;
      if (score <= f32At(seeds, place)) continue;
      for (; place > 0 && !(f32At(seeds, place - 1) >= score); place--) putF32(seeds, place, f32At(seeds, place - 1));
      putF32(seeds, place, score);
    }
  }
}

/**
 * Lowers reaches (count) to what the k-th seed allows: a score s promises a distance of at most √(−2s + 2 · rounded) + hidden, so k rows of the leaf are that
 * near.
 */
export function limitBySeeds(reaches: usize, best: usize, count: i32, k: i32, hidden: f32, rounded: f32): void {
  for (let i = 0; i < count; i++) {
    const seed = f32At(best, i * k + k - 1);
    if (!(seed > -Infinity)) continue;
    const shown: f32 = 2 * (rounded - seed);
    const reach: f32 = ((shown > 0 ? sqrt(shown) : 0) + hidden) * 1.000001;
    if (reach < f32At(reaches, i)) putF32(reaches, i, reach);
  }
}
