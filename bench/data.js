/** Seeded data for benches. */

/** Uniform on [0, 1): mulberry32. */
export function uniform(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Standard normal: Box and Muller's cosine half. */
function normal(seed) {
  const unit = uniform(seed);
  return () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
}

/** n rows of d independent standard normal numbers, row after row. */
export function gaussian(n, d, seed = 1) {
  return Float64Array.from({ length: n * d }, normal(seed));
}

/** n rows of d columns around 50 centers 5 apart, in no order: the largest cluster has 50 times the rows of the smallest, and the widest 20 times its spread. */
export function clustered(n, d, seed = 1) {
  const clusters = 50;
  const [unit, deviate] = [uniform(seed), normal(seed + 1)];
  const centers = Float64Array.from({ length: clusters * d }, () => 5 * deviate());
  const spreads = Float64Array.from({ length: clusters }, () => 0.1 * 20 ** unit());
  const shares = Array.from({ length: clusters }, (_, c) => (c + 1) / ((clusters * (clusters + 1)) / 2));
  const X = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    let c = 0;
    for (let left = unit() - shares[0]; left > 0 && c < clusters - 1; left -= shares[c]) c++;
    for (let j = 0; j < d; j++) X[i * d + j] = centers[c * d + j] + spreads[c] * deviate();
  }
  return X;
}

/** n rows of d columns that are mixtures of min(5, d) hidden ones, with 5 % noise: many columns, few directions, as real tables often are. */
export function rank5(n, d, seed = 1) {
  const rank = Math.min(5, d);
  const deviate = normal(seed);
  const mixture = Float64Array.from({ length: rank * d }, () => deviate() / Math.sqrt(rank));
  const hidden = new Float64Array(rank);
  const X = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    for (let h = 0; h < rank; h++) hidden[h] = deviate();
    for (let j = 0; j < d; j++) {
      let sum = 0.05 * deviate();
      for (let h = 0; h < rank; h++) sum += hidden[h] * mixture[h * d + j];
      X[i * d + j] = sum;
    }
  }
  return X;
}

/** Rows of cells with some nominal columns and missing numbers, as a table's columns. */
export function people(n, seed = 1) {
  const unit = uniform(seed);
  const column = (make) => Array.from({ length: n }, make);
  return {
    age: column(() => 18 + Math.floor(60 * unit())),
    income: column(() => (unit() < 0.1 ? null : 1000 * Math.exp(unit() + unit()))),
    city: column(() => ["Bern", "Basel", "Chur", "Thun"][Math.floor(4 * unit())]),
    left: column(() => (unit() < 0.2 ? "yes" : "no")),
  };
}

/** Gaussian columns; 5 % are in the smaller class: those highest in the sum of three columns and noise. */
export function rareHigh(n, columns) {
  const X = gaussian(n, columns);
  const unit = uniform(7);
  const scores = Float64Array.from({ length: n }, (_, i) => X[i * columns] + X[i * columns + 1] - X[i * columns + 2] + 3 * unit());
  const border = scores.toSorted()[Math.floor(0.95 * n)];
  return { X, columns, y: Uint8Array.from(scores, (score) => Number(score >= border)) };
}
