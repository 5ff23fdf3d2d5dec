import { f64At, putF64 } from "./lanes";

/** A pivot below this share of its diagonal entry is rounding, not curvature. */
const LEAST_PIVOT: f64 = 1e-12;

/** matrix (n, n), symmetric ← L of L · Lᵀ in its lower triangle; false, and unusable, if it is not positive definite. */
export function factor_cholesky(matrix: usize, n: i32): bool {
  const width = (<usize>n) << 3;
  for (let i = 0; i < n; i++) {
    const row = matrix + <usize>i * width;
    for (let j = 0; j < i; j++) {
      const other = matrix + <usize>j * width;
      putF64(row, j, (f64At(row, j) - products(row, other, j)) / f64At(other, j));
    }
    const whole = f64At(row, i),
      pivot = whole - products(row, row, i);
    if (!(pivot > LEAST_PIVOT * whole)) return false;
    putF64(row, i, sqrt(pivot));
  }
  return true;
}

/** x (n) ← (L · Lᵀ)⁻¹ · x. */
export function solve_cholesky(x: usize, matrix: usize, n: i32): void {
  const width = (<usize>n) << 3;
  for (let i = 0; i < n; i++) {
    const row = matrix + <usize>i * width;
    putF64(x, i, (f64At(x, i) - products(row, x, i)) / f64At(row, i));
  }
  for (let i = n - 1; i >= 0; i--) {
    const row = matrix + <usize>i * width,
      value = f64At(x, i) / f64At(row, i);
    putF64(x, i, value);
    for (let j = 0; j < i; j++) putF64(x, j, f64At(x, j) - value * f64At(row, j));
  }
}

/** Σ of the first m products of two rows. */
function products(a: usize, b: usize, m: i32): f64 {
  let s = f64x2.splat(0),
    t = f64x2.splat(0),
    c = 0;
  for (; c + 4 <= m; c += 4, a += 32, b += 32) {
    s = f64x2.add(s, f64x2.mul(v128.load(a), v128.load(b)));
    t = f64x2.add(t, f64x2.mul(v128.load(a, 16), v128.load(b, 16)));
  }
  s = f64x2.add(s, t);
  let sum = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  for (; c < m; c++, a += 8, b += 8) sum += load<f64>(a) * load<f64>(b);
  return sum;
}
