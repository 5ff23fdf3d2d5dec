/**
 * Sums of kernels 2^−‖x − y‖² in f32, eight rows at a time, for what need not be exact: which rows may matter to a support vector classifier. Narrow rows are packed in tiles
 * of eight, column by column: f32 (⌈n ÷ 8⌉, d, 8).
 */

/** How many terms are added in f32. */
const CHUNK = 32;

/** sums f64 (8 · tiles) ← themselves and Σ coefficients f32 (s) · kernel with support f32 (s, d), for tiles [from, to) of narrow rows; squares: scratch f32 (32, 8). */
export function sum_narrow(
  sums: usize,
  narrow: usize,
  support: usize,
  coefficients: usize,
  squares: usize,
  s: i32,
  d: i32,
  from: i32,
  to: i32,
): void {
  const width = (<usize>d) << 2;
  for (let t = from; t < to; t++) {
    const tile = narrow + <usize>t * (width << 3),
      at = sums + ((<usize>t) << 6);
    for (let first = 0; first < s; first += CHUNK) {
      const terms = min(CHUNK, s - first),
        by = coefficients + ((<usize>first) << 2);
      squaresOf(squares, tile, support + <usize>first * width, terms, width);
      addPowers(at, squares, by, terms);
      addPowers(at + 32, squares + 16, by, terms);
    }
  }
}

/** squares f32 (terms, 8) ← squared distances of the tile's rows to some of the support. */
function squaresOf(squares: usize, tile: usize, x: usize, terms: i32, width: usize): void {
  for (const last = squares + ((<usize>terms) << 5); squares < last; squares += 32) {
    let a = f32x4.splat(0),
      b = f32x4.splat(0),
      cells = tile;
    for (const end = x + width; x < end; x += 4, cells += 32) {
      const value = v128.load32_splat(x),
        low = f32x4.sub(v128.load(cells), value),
        high = f32x4.sub(v128.load(cells, 16), value);
      a = f32x4.add(a, f32x4.mul(low, low));
      b = f32x4.add(b, f32x4.mul(high, high));
    }
    v128.store(squares, a);
    v128.store(squares, b, 16);
  }
}

/**
 * Four sums ← themselves and Σ coefficients · 2^−square, for squares eight apart. A polynomial that meets 2^r at six Chebyshev points of |r| ≤ ½ is off by 2.4e-7; not less than 2⁻¹²⁶.
 */
function addPowers(sums: usize, squares: usize, coefficients: usize, terms: i32): void {
  const magic = f32x4.splat(12582912), // 1.5 · 2²³: what is added to it is rounded to a whole number, which is left in the low bits
    most = f32x4.splat(126);
  let all = f32x4.splat(0);
  for (const end = coefficients + ((<usize>terms) << 2); coefficients < end; coefficients += 4, squares += 32) {
    const square = f32x4.pmin(v128.load(squares), most),
      whole = f32x4.sub(magic, square),
      r = f32x4.sub(f32x4.sub(magic, whole), square);
    let power = f32x4.add(f32x4.mul(f32x4.splat(0.0013390863314270973), r), f32x4.splat(0.009676031768321991));
    power = f32x4.add(f32x4.mul(power, r), f32x4.splat(0.055503569543361664));
    power = f32x4.add(f32x4.mul(power, r), f32x4.splat(0.2402210682630539));
    power = f32x4.add(f32x4.mul(power, r), f32x4.splat(0.6931471824645996));
    power = i32x4.add(f32x4.add(f32x4.mul(power, r), f32x4.splat(1.0000001192092896)), i32x4.shl(whole, 23));
    all = f32x4.add(all, f32x4.mul(v128.load32_splat(coefficients), power));
  }
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(all)));
  v128.store(sums, f64x2.add(v128.load(sums, 16), f64x2.promote_low_f32x4(i32x4.shuffle(all, all, 2, 3, 2, 3))), 16);
}
