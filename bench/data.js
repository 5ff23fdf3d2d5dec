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

/** n rows of d independent standard normal numbers, row after row. */
export function gaussian(n, d, seed = 1) {
  const unit = uniform(seed);
  return Float64Array.from({ length: n * d }, () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()));
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
