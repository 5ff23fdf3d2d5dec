import type { Numbers } from "./numbers";

/** Rows to regress on. */
export interface Rows {
  readonly n: number;
  readonly d: number;
  readonly lines: number;
  /** (n, d), a column of ones behind them. */
  readonly X: Float64Array;
  readonly codes: Uint32Array;
  readonly weights: Float64Array;
}

export function rowsOf(numbers: Numbers, n: number, d: number, lines: number, signed = false): Rows {
  return {
    n,
    d,
    lines,
    X: numbers.block(n, d),
    codes: Uint32Array.from({ length: n }, () => numbers.below(lines === 1 ? 2 : lines)),
    weights: Float64Array.from({ length: n }, () => numbers.unit() * (signed && numbers.unit() < 0.3 ? -1 : 1)),
  };
}
