import { f64At, putF64 } from "./lanes";

/**
 * Rows are taken in chunks of 1024, and the chunks in order. The chunk is part of the result: callers hand in rows so that cuts fall on
 * multiples of it.
 */
const CHUNK: i32 = 1024;

/**
 * counts, means, squares, lows, highs (d) ← themselves and the values present in `values` (n, d); NaN is missing. squares: Σ (value − mean)². Each chunk is summed
 * about its own mean and joined to what came before (Chan, Golub, LeVeque 1983), so one pass over the rows is enough: a chunk of many columns stays in the cache.
 */
export function add_columns(counts: usize, means: usize, squares: usize, lows: usize, highs: usize, values: usize, n: i32, d: i32): void {
  for (let from = 0; from < n; from += CHUNK) {
    const rows = values + ((<usize>from * d) << 3),
      count = min(n - from, CHUNK);
    for (let c = 0; c < d; c++) {
      let present: f64 = 0,
        sum: f64 = 0,
        low: f64 = Infinity,
        high: f64 = -Infinity;
      for (let i = 0; i < count; i++) {
        const value = f64At(rows, i * d + c);
        if (value != value) continue;
        present += 1;
        sum += value;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      if (present == 0) continue;
      // a constant column is its own mean, whatever its sum was rounded to
      const mean = low == high ? low : sum / present;
      const before = f64At(counts, c),
        apart = mean - f64At(means, c),
        share = present / (before + present);
      putF64(counts, c, before + present);
      putF64(means, c, before == 0 ? mean : f64At(means, c) + apart * share);
      putF64(squares, c, f64At(squares, c) + squaresOf(rows, mean, c, count, d) + (before == 0 ? 0 : apart * apart * (before * share)));
      putF64(lows, c, min(f64At(lows, c), low));
      putF64(highs, c, max(f64At(highs, c), high));
    }
  }
}

function squaresOf(values: usize, mean: f64, column: i32, n: i32, d: i32): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) {
    const apart = f64At(values, i * d + column) - mean;
    if (apart == apart) sum += apart * apart;
  }
  return sum;
}

/** values (n, d) ← values ÷ divisors (d), in place. */
export function divide_columns(values: usize, divisors: usize, n: i32, d: i32): void {
  for (let i = 0; i < n; i++) {
    const row = values + ((<usize>i * d) << 3);
    for (let c = 0; c < d; c++) putF64(row, c, f64At(row, c) / f64At(divisors, c));
  }
}

/** values (n, d) ← means (d) where missing; spreads (n, d) ← variances (d) there, 0 elsewhere. */
export function fill_missing(values: usize, spreads: usize, means: usize, variances: usize, n: i32, d: i32): void {
  for (let i = 0; i < n; i++) {
    const row = values + ((<usize>i * d) << 3),
      spread = spreads + ((<usize>i * d) << 3);
    for (let c = 0; c < d; c++) {
      const missing = f64At(row, c) != f64At(row, c);
      if (missing) putF64(row, c, f64At(means, c));
      putF64(spread, c, missing ? f64At(variances, c) : 0);
    }
  }
}
