import { f64At, putF64 } from "../lanes";

/**
 * sums (2, k) ← themselves and the cosines and sines of 2π · row · frequency, over rows [from, to) of (n, d), for k frequencies (k, d): the features whose means two samples are compared by.
 */
export function add_waves(sums: usize, rows: usize, frequencies: usize, k: i32, d: i32, from: i32, to: i32): void {
  for (let i = from; i < to; i++) {
    const row = rows + ((<usize>i * d) << 3);
    for (let j = 0; j < k; j++) {
      let turns: f64 = 0;
      for (let c = 0; c < d; c++) turns += f64At(row, c) * f64At(frequencies, j * d + c);
      // a quarter turn q and what is left of it, at most an eighth of a turn to either side
      const quarter = nearest(4 * turns),
        left = 6.283185307179586 * (turns - quarter / 4),
        square = left * left,
        odd = left * series(square, 1),
        even = series(square, 0);
      const q = <i32>(quarter - 4 * floor(quarter / 4));
      putF64(sums, j, f64At(sums, j) + (q == 0 ? even : q == 1 ? -odd : q == 2 ? -even : odd));
      putF64(sums, k + j, f64At(sums, k + j) + (q == 0 ? odd : q == 1 ? even : q == 2 ? -odd : -even));
    }
  }
}

/** Taylor's series of the cosine, or, from 1 on, of the sine less its factor, in the squared angle: on π/4 the first term left out is below 2⁻⁵⁵. */
function series(square: f64, first: f64): f64 {
  let sum: f64 = 1;
  for (let k: f64 = 16 + first; k > 1; k -= 2) sum = 1 - (square / (k * (k - 1))) * sum;
  return sum;
}
