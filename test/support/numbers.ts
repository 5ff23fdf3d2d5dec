/** Seeded numbers for tests; any decent generator will do, so long as it is not the library's own. */
export class Numbers {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }

  /** Uniform on [0, 1): mulberry32. */
  unit(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** Uniform on 0 … bound − 1. */
  below(bound: number): number {
    return Math.floor(this.unit() * bound);
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit());
  }

  /** n · d numbers made by `make(row, column)`. */
  block(n: number, d: number, make: (i: number, c: number) => number = () => this.normal()): Float64Array {
    const values = new Float64Array(n * d);
    for (let i = 0; i < n; i++) for (let c = 0; c < d; c++) values[i * d + c] = make(i, c);
    return values;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

/** Rows in some clusters: centers uniform in a box of 20, deviation `spread`. */
export function clustered(numbers: Numbers, n: number, d: number, clusters = 30, spread = 0.1): Float64Array {
  const centers = numbers.block(clusters, d, () => 20 * numbers.unit());
  const values = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    const cluster = numbers.below(clusters);
    for (let c = 0; c < d; c++) values[i * d + c] = centers[cluster * d + c]! + spread * numbers.normal();
  }
  return values;
}
