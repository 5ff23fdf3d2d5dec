import { power, withMath } from "../engine/math";

/** Boxes between which a Gaussian is a polynomial, and how well. */
export interface Shape {
  /** The polynomial's degree in each column is below p, a multiple of 4. */
  readonly p: number;
  /** The Gaussian of two points z sides apart is exp(−spread · z²). */
  readonly spread: number;
  /** How many boxes further, in a column, others matter. */
  readonly reach: number;
}

/** From the coefficients of a box to those of a box that lies so many further back, −reach to reach. */
export interface Translations {
  /** f64 (2 · reach + 1, p, p). */
  readonly matrices: Float64Array;
  /** What a translation can make of a sum of 1 at most, and what it may be off by then. */
  readonly sizes: Float64Array;
  readonly errors: Float64Array;
}

/** Half a unit of the last place of 1. */
export const ROUNDING = 1.1102230246251565e-16;

/** Cramér's bound of Hermite functions. */
const CRAMER = 1.0865;
/** Bound of 1 + Lebesgue's constant, 1 + 2/π · log p, of up to 32 of Chebyshev's points. */
const TWICE = 4.3;

/**
 * A translation may be off by a fraction of the tolerance, because a sum is mostly less than the weights of the boxes around: that is what serves all but some queries in a thousand of normal rows. Sides
 * that make the degree low or the boxes few both cost time; these are measured ones.
 */
export function shapeOf(tolerance: number, n: number, d: number): Shape {
  const share = tolerance / (d < 3 ? 200 : 4000);
  const side = d < 3 ? 1.5 : 3;
  let [p, root, spread] = [0, 1, 0];
  while (2 * spread < side * side) {
    for (let j = 0; j < 4; j++) root *= Math.sqrt(++p);
    spread = 8 * power((share * root) / (2 * CRAMER * TWICE), 2 / p);
  }
  // all that is beyond adds up to less than a hundredth of what a sum of 1 may be off by
  const reach = withMath(({ log }) => Math.ceil(Math.sqrt(log((100 * n) / tolerance) / spread)));
  return { p, spread, reach };
}

/**
 * Between u in one box and v in one k further, both from −1 to 1, the Gaussian is g = exp(−spread · ((u − v) / 2 − k)²). A row of a matrix is a coefficient of T(v), a column one of T(u).
 *
 * Error of interpolating in u: 2^(1 − p) / p! times the p-th derivative, which is (√spread / 2)^p times a Hermite function, by Cramér's inequality at most CRAMER · 2^(p/2) · √p! · exp(−spread · z² / 2), z sides from the nearest
 * of the other box. Interpolating in v adds as much, times Lebesgue's constant. `places` is the largest of the box's numbers, by which places are rounded.
 */
export function translationsOf({ p, spread, reach }: Shape, places: number): Translations {
  const length = 2 * reach + 1;
  const matrices = new Float64Array(length * p * p);
  const [sizes, errors] = [new Float64Array(length), new Float64Array(length)];
  const table = polynomials(p);
  let base = 2 * CRAMER * TWICE;
  for (let j = 1; j <= p; j++) base *= Math.sqrt(spread / 8 / j);
  // the Gaussian's slope, by the same inequality, times what places are off by
  base += 2 * CRAMER * Math.sqrt(spread) * (4 * places + 8) * ROUNDING;
  return withMath(({ exp }) => {
    for (let at = 0; at < length; at++) {
      const k = at - reach;
      const values = Float64Array.from({ length: p * p }, (_, place) => {
        const [v, u] = [table[p * Math.floor(place / p) + 1]!, table[p * (place % p) + 1]!];
        const apart = (u - v) / 2 - k;
        return exp(-spread * apart * apart);
      });
      const matrix = turned(turned(values, table, p), table, p);
      let size = 0;
      for (const value of matrix) size += Math.abs(value);
      matrices.set(matrix, at * p * p);
      sizes[at] = size;
      const far = Math.abs(k) + 1;
      const gap = Math.max(0, far - 2);
      // rounding: of exponents and of sums of p terms, whose mean the first coefficient is; then of polynomials (1.5 p² each) and of sums of p terms of each box within reach
      const rounded = 4 * p * p * matrix[0]! * (2 * p + 40 + 4 * spread * far * far) + size * (2 * p * p + length * p + 64);
      errors[at] = base * exp((-spread * gap * gap) / 2) + rounded * ROUNDING;
    }
    return { matrices, sizes, errors };
  });
}

/** f64 (p, p) ← T_a at the m-th of Chebyshev's points, cos((2m + 1) π / 2p), in row m. */
function polynomials(p: number): Float64Array {
  return Float64Array.from({ length: p * p }, (_, at) => {
    // in units of a full turn / 4p, from −2p to 2p
    const angle = ((((at % p) * (2 * Math.floor(at / p) + 1) + 2 * p) % (4 * p)) - 2 * p) * (Math.PI / (2 * p));
    let sum = 1;
    // Taylor's series: what is left out is below 2⁻⁵³ of half a turn
    for (let k = 36; k > 0; k -= 2) sum = 1 - ((angle * angle) / (k * (k - 1))) * sum;
    return sum;
  });
}

/** (a, m) ← coefficients of T_a of the polynomials with the values (m, l) at points l. */
function turned(values: Float64Array, table: Float64Array, p: number): Float64Array {
  return Float64Array.from({ length: p * p }, (_, at) => {
    const [a, m] = [Math.floor(at / p), at % p];
    let sum = 0;
    for (let l = 0; l < p; l++) sum += values[m * p + l]! * table[l * p + a]!;
    return (sum * (a ? 2 : 1)) / p;
  });
}
