/** Distributions and generators of the study of bias correction; its tests use them too. */

/** Uniform and normal numbers from a seed (mulberry32). */
export function numbersOf(seed) {
  let state = seed >>> 0 || 1;
  const unit = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
  return { unit, normal, exponential: () => -Math.log(1 - unit()) };
}

/** Columns of every design. */
export const COLUMNS = 5;

/** One cell of each class, column c: the larger class 0, the smaller class 1. */
export const DESIGNS = {
  gauss: (label, c, { normal }) => normal() + (label && c === 0 ? 1.5 : 0),
  skew: (label, c, { exponential }) => exponential() + (label && c === 0 ? 1.5 : 0),
  hetero: (label, c, { normal }) => (label ? 0.6 * normal() + (c === 0 ? 1.5 : 0) : normal()),
  // the classes are mirror images, so no map of location and scale takes one to the other
  mirror: (label, c, { exponential }) => (label ? 1 : -1) * (exponential() - 1 + (c === 0 ? 0.75 : 0)),
};

/** n0 rows of class 0, then n1 of class 1. */
export function drawRows(design, n0, n1, seed) {
  const numbers = numbersOf(seed);
  const X = new Float64Array((n0 + n1) * COLUMNS);
  for (let at = 0; at < X.length; at++) X[at] = DESIGNS[design](at >= n0 * COLUMNS, at % COLUMNS, numbers);
  return { X, y: Array.from({ length: n0 + n1 }, (_, i) => +(i >= n0)), columns: COLUMNS };
}

/** Flat rows of a class. */
export function rowsOf({ X, y, columns }, label) {
  return y.flatMap((own, i) => (own === label ? [X.subarray(i * columns, (i + 1) * columns)] : []));
}

/**
 * An oversampler of class 1 made of a law: learn(rows) returns (t, numbers) → a row. Row t has numbers of its own, so it does not depend on how many are asked for.
 */
export function generatorOf(name, learn, seed = 0) {
  return {
    name,
    options: { seed },
    async fit(data) {
      const { y, columns } = data;
      const rows = rowsOf(data, 1);
      const law = learn(rows, columns);
      const first = y.indexOf(1);
      const sample = async (_label, from, to) => {
        const m = to - from;
        const X = new Float64Array(m * columns);
        const base = new Uint32Array(m);
        for (let i = 0; i < m; i++) {
          X.set(law(from + i, numbersOf(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(from + i + 1, 0x85ebca6b))), i * columns);
          base[i] = first + ((from + i) % rows.length);
        }
        const origins = {
          kind: new Uint8Array(m).fill(1),
          base,
          neighbor: new Int32Array(m).fill(-1),
          gap: new Float64Array(m),
          parents: (i) => [base[i]],
        };
        return { data: { X, y: new Array(m).fill(1), columns }, origins };
      };
      return { method: name, labels: [1], counts: new Map([[1, y.length - 2 * rows.length]]), notes: [], sample, toJSON: () => ({}) };
    },
  };
}

/** Row t of a bootstrap: rows in turn, then moved by the law. */
const bootstrap = (move) => (rows) => (t, numbers) => rows[t % rows.length].map((value, c) => move(value, c, numbers));

export const jitter = (seed) =>
  generatorOf(
    "jitter",
    bootstrap((value, _c, { normal }) => value + normal()),
    seed,
  );
export const shift = (seed) =>
  generatorOf(
    "shift",
    bootstrap((value, c) => value - (c === 0 ? 0.7 : 0)),
    seed,
  );
export const duplicates = (seed) =>
  generatorOf(
    "duplicates",
    bootstrap((value) => value),
    seed,
  );

/** Normal rows with the mean of the class and `share` of its covariance. */
export const gaussianFit = (seed, share = 0.5, ridge = 1e-9) =>
  generatorOf(
    "gaussianFit",
    (rows, d) => {
      const mean = Array.from({ length: d }, (_, c) => rows.reduce((sum, row) => sum + row[c], 0) / rows.length);
      const root = Array.from({ length: d }, () => new Float64Array(d));
      for (let i = 0; i < d; i++) {
        for (let j = 0; j <= i; j++) {
          let sum = rows.reduce((before, row) => before + (row[i] - mean[i]) * (row[j] - mean[j]), 0) / rows.length + (i === j ? ridge : 0);
          for (let k = 0; k < j; k++) sum -= root[i][k] * root[j][k];
          root[i][j] = i === j ? Math.sqrt(Math.max(sum, 0)) : root[j][j] ? sum / root[j][j] : 0;
        }
      }
      return (_t, { normal }) => {
        const z = Array.from({ length: d }, normal);
        return mean.map((value, i) => value + Math.sqrt(share) * root[i].reduce((sum, own, k) => (k <= i ? sum + own * z[k] : sum), 0));
      };
    },
    seed,
  );
