/**
 * Scores of all pairs of two leaves, 4 rows against 8 columns at a time: score = rowStart + columnStart + unit · Σ x·y + Σ weight·(codes equal), which is −half
 * of a squared distance as the packed integers show it; the sum of products is exact. hits (u32) ← row · 8 + column of the pairs above the limit of their row
 * or of their column; a tile without one is dropped by one vector test. `rows` of the first leaf, 8 columns of the second; returns the number of hits.
 * With `all` (rows, 8) the scores themselves go there and nothing is tested.
 */
export function score_leaves(
  hits: usize,
  rowPanels: usize,
  rowCodes: usize,
  rowStart: usize,
  rowLimits: usize,
  columnPanels: usize,
  columnCodes: usize,
  columnStart: usize,
  columnLimits: usize,
  all: usize,
  rows: i32,
  pairs: i32,
  q: i32,
  unit: f32,
  weight: f32,
): i32 {
  assert((rows & 3) == 0, "score_leaves: rows come in fours");
  let found = 0;
  const w = f32x4.splat(weight),
    u = f32x4.splat(unit);
  const start0 = v128.load(columnStart),
    start1 = v128.load(columnStart, 16);
  // without limits of their own the columns are never asked about
  const limit0 = columnLimits ? v128.load(columnLimits) : f32x4.splat(Infinity),
    limit1 = columnLimits ? v128.load(columnLimits, 16) : f32x4.splat(Infinity);
  for (let i = 0; i < rows; i += 4) {
    let a = rowPanels + (((<usize>(i >> 3) * pairs) << 5) | ((i & 4) << 2));
    let b = columnPanels;
    let c00 = i32x4.splat(0),
      c01 = i32x4.splat(0),
      c10 = i32x4.splat(0),
      c11 = i32x4.splat(0),
      c20 = i32x4.splat(0),
      c21 = i32x4.splat(0),
      c30 = i32x4.splat(0),
      c31 = i32x4.splat(0);
    // two columns a step: twice as fast as in f32 (54 against 30 thousand million products a second at 64 columns)
    for (const end = b + ((<usize>pairs) << 5); b < end; a += 32, b += 32) {
      const b0 = v128.load(b),
        b1 = v128.load(b, 16);
      let x = v128.load32_splat(a);
      c00 = i32x4.add(c00, i32x4.dot_i16x8_s(x, b0));
      c01 = i32x4.add(c01, i32x4.dot_i16x8_s(x, b1));
      x = v128.load32_splat(a, 4);
      c10 = i32x4.add(c10, i32x4.dot_i16x8_s(x, b0));
      c11 = i32x4.add(c11, i32x4.dot_i16x8_s(x, b1));
      x = v128.load32_splat(a, 8);
      c20 = i32x4.add(c20, i32x4.dot_i16x8_s(x, b0));
      c21 = i32x4.add(c21, i32x4.dot_i16x8_s(x, b1));
      x = v128.load32_splat(a, 12);
      c30 = i32x4.add(c30, i32x4.dot_i16x8_s(x, b0));
      c31 = i32x4.add(c31, i32x4.dot_i16x8_s(x, b1));
    }
    const start = rowStart + ((<usize>i) << 2);
    let s = v128.load32_splat(start);
    c00 = f32x4.add(f32x4.add(s, start0), f32x4.mul(u, f32x4.convert_i32x4_s(c00)));
    c01 = f32x4.add(f32x4.add(s, start1), f32x4.mul(u, f32x4.convert_i32x4_s(c01)));
    s = v128.load32_splat(start, 4);
    c10 = f32x4.add(f32x4.add(s, start0), f32x4.mul(u, f32x4.convert_i32x4_s(c10)));
    c11 = f32x4.add(f32x4.add(s, start1), f32x4.mul(u, f32x4.convert_i32x4_s(c11)));
    s = v128.load32_splat(start, 8);
    c20 = f32x4.add(f32x4.add(s, start0), f32x4.mul(u, f32x4.convert_i32x4_s(c20)));
    c21 = f32x4.add(f32x4.add(s, start1), f32x4.mul(u, f32x4.convert_i32x4_s(c21)));
    s = v128.load32_splat(start, 12);
    c30 = f32x4.add(f32x4.add(s, start0), f32x4.mul(u, f32x4.convert_i32x4_s(c30)));
    c31 = f32x4.add(f32x4.add(s, start1), f32x4.mul(u, f32x4.convert_i32x4_s(c31)));
    if (q) {
      a = rowCodes + (((<usize>(i >> 3) * q) << 5) | ((i & 4) << 2));
      b = columnCodes;
      for (const end = b + ((<usize>q) << 5); b < end; a += 32, b += 32) {
        const b0 = v128.load(b),
          b1 = v128.load(b, 16);
        let x = v128.load32_splat(a);
        c00 = f32x4.add(c00, v128.and(w, i32x4.eq(x, b0)));
        c01 = f32x4.add(c01, v128.and(w, i32x4.eq(x, b1)));
        x = v128.load32_splat(a, 4);
        c10 = f32x4.add(c10, v128.and(w, i32x4.eq(x, b0)));
        c11 = f32x4.add(c11, v128.and(w, i32x4.eq(x, b1)));
        x = v128.load32_splat(a, 8);
        c20 = f32x4.add(c20, v128.and(w, i32x4.eq(x, b0)));
        c21 = f32x4.add(c21, v128.and(w, i32x4.eq(x, b1)));
        x = v128.load32_splat(a, 12);
        c30 = f32x4.add(c30, v128.and(w, i32x4.eq(x, b0)));
        c31 = f32x4.add(c31, v128.and(w, i32x4.eq(x, b1)));
      }
    }
    if (all) {
      const scores = all + ((<usize>i) << 5);
      v128.store(scores, c00);
      v128.store(scores, c01, 16);
      v128.store(scores, c10, 32);
      v128.store(scores, c11, 48);
      v128.store(scores, c20, 64);
      v128.store(scores, c21, 80);
      v128.store(scores, c30, 96);
      v128.store(scores, c31, 112);
      continue;
    }
    const limits = rowLimits + ((<usize>i) << 2);
    let rowLimit = v128.load(limits);
    rowLimit = f32x4.pmin(rowLimit, v128.shuffle<i32>(rowLimit, rowLimit, 2, 3, 0, 1));
    rowLimit = f32x4.pmin(rowLimit, v128.shuffle<i32>(rowLimit, rowLimit, 1, 0, 3, 2));
    const best0 = f32x4.pmax(f32x4.pmax(c00, c10), f32x4.pmax(c20, c30));
    const best1 = f32x4.pmax(f32x4.pmax(c01, c11), f32x4.pmax(c21, c31));
    const near = v128.or(f32x4.gt(best0, f32x4.pmin(rowLimit, limit0)), f32x4.gt(best1, f32x4.pmin(rowLimit, limit1)));
    if (!v128.any_true(near)) continue;
    found = note(hits, found, c00, c01, limits, limit0, limit1, i);
    found = note(hits, found, c10, c11, limits + 4, limit0, limit1, i + 1);
    found = note(hits, found, c20, c21, limits + 8, limit0, limit1, i + 2);
    found = note(hits, found, c30, c31, limits + 12, limit0, limit1, i + 3);
  }
  return found;
}

/** Appends the pairs of one row whose score is above the limit of the row or of their column. */
function note(hits: usize, found: i32, scores0: v128, scores1: v128, limit: usize, limit0: v128, limit1: v128, row: i32): i32 {
  const own = v128.load32_splat(limit);
  let mask = i32x4.bitmask(f32x4.gt(scores0, f32x4.pmin(own, limit0))) | (i32x4.bitmask(f32x4.gt(scores1, f32x4.pmin(own, limit1))) << 4);
  for (; mask; mask &= mask - 1, found++) store<u32>(hits + ((<usize>found) << 2), (row << 3) | ctz(mask));
  return found;
}
