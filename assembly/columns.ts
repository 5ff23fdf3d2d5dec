import { f64At, putF64 } from "./lanes";

/**
 * Rows are summed in chunks of 1024, and the chunks in order. The chunk is part of the result: callers hand in rows so that cuts fall on
 * multiples of it.
 */
const CHUNK: i32 = 1024;

/** counts, sums, lows, highs (d) ← themselves and the values present in `values` (n, d); NaN is missing. chunk: scratch (d). */
export function add_columns(counts: usize, sums: usize, lows: usize, highs: usize, values: usize, chunk: usize, n: i32, d: i32): void {
  for (let from = 0; from < n; from += CHUNK) {
    memory.fill(chunk, 0, (<usize>d) << 3);
    for (let i = from, end = min(from + CHUNK, n); i < end; i++) {
      const row = values + ((<usize>i * d) << 3);
      for (let c = 0; c < d; c++) {
        const value = f64At(row, c);
        if (value != value) continue;
        putF64(counts, c, f64At(counts, c) + 1);
        putF64(chunk, c, f64At(chunk, c) + value);
        if (value < f64At(lows, c)) putF64(lows, c, value);
        if (value > f64At(highs, c)) putF64(highs, c, value);
      }
    }
    for (let c = 0; c < d; c++) putF64(sums, c, f64At(sums, c) + f64At(chunk, c));
  }
}

/** sums (d) ← themselves plus Σ (value − mean)² over the values present in `values` (n, d). chunk: scratch (d). */
export function add_squared_deviations(sums: usize, values: usize, means: usize, chunk: usize, n: i32, d: i32): void {
  for (let from = 0; from < n; from += CHUNK) {
    memory.fill(chunk, 0, (<usize>d) << 3);
    for (let i = from, end = min(from + CHUNK, n); i < end; i++) {
      const row = values + ((<usize>i * d) << 3);
      for (let c = 0; c < d; c++) {
        const apart = f64At(row, c) - f64At(means, c);
        if (apart == apart) putF64(chunk, c, f64At(chunk, c) + apart * apart);
      }
    }
    for (let c = 0; c < d; c++) putF64(sums, c, f64At(sums, c) + f64At(chunk, c));
  }
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
