import type { Numbers } from "../../../test/support/numbers";
import type { Block, Make, Sample } from "./squared";

/* The simulated designs of Ma and Zhang, with the parameters of their code. */

function block(count: number, d: number, row: () => ArrayLike<number>): Block {
  const values = new Float64Array(count * d);
  for (let i = 0; i < count; i++) values.set(row(), i * d);
  return { d, values };
}

/** Isotropic noise with covariance 1 of design A. */
export const NOISES = {
  cube: (d: number, numbers: Numbers): number[] => Array.from({ length: d }, () => Math.sqrt(3) * (2 * numbers.unit() - 1)),
  rademacher: (d: number, numbers: Numbers): number[] => Array.from({ length: d }, () => (numbers.unit() < 0.5 ? -1 : 1)),
  sphere: (d: number, numbers: Numbers): number[] => {
    const row = Array.from({ length: d }, () => numbers.normal());
    const by = Math.sqrt(d / row.reduce((sum, x) => sum + x * x, 0));
    return row.map((x) => by * x);
  },
};
export type Noise = keyof typeof NOISES;

/** A: classes at ±e₁ with the same noise, squared loss about −1 and 1: both pull alike. */
export const A = {
  d: 20,
  counts: [2000, 100] as const,
  /** θ* = e₁ / 2, and the risk there. */
  best: 0.5,
  noise(noise: Noise, count: number, numbers: Numbers, shift = 0): Block {
    return block(count, 20, () => {
      const row = NOISES[noise](20, numbers);
      row[0]! += shift;
      return row;
    });
  },
  sample(noise: Noise, numbers: Numbers): Sample {
    return { zeros: this.noise(noise, 2000, numbers, -1), ones: this.noise(noise, 100, numbers, 1), targets: [-1, 1] };
  },
  excess(theta: Float64Array): number {
    return (1 - theta[0]!) ** 2 + theta.reduce((sum, entry) => sum + entry * entry, 0) - this.best;
  },
};

/** B and C: two columns, classes at 0 and e₁ with targets 0 and 1, rows made at (mean, 0) or anywhere else. */
export const B = {
  normal(count: number, numbers: Numbers, mean: readonly [number, number] = [0, 0]): Block {
    return block(count, 2, () => [mean[0] + numbers.normal(), mean[1] + numbers.normal()]);
  },
  sample(n1: number, kappa: number, numbers: Numbers): Sample {
    return { zeros: this.normal(n1 * kappa, numbers), ones: this.normal(n1, numbers, [1, 0]), targets: [0, 1] };
  },
  making(mean: readonly [number, number]): Make {
    return (_seeds, count, numbers) => this.normal(count, numbers, mean);
  },
  /** θ* = (1/3, 0), where the risk is 1/3. */
  excess(theta: Float64Array): number {
    return theta[0]! ** 2 + theta[1]! ** 2 + (theta[0]! - 1) ** 2 / 2 - 1 / 3;
  },
};

/** A2: log odds are x₁ with no intercept; α makes the mean score of each class vanish there. */
export const A2 = {
  d: 20,
  rows: 5000,
  sample(count: number, numbers: Numbers): { X: Block; y: Uint8Array } {
    const bend = (t: number): number => 1 / (1 + Math.exp(-t)) / (1 + Math.exp(t));
    const alpha = bend(1) / (5 * bend(5) + bend(1));
    const y = new Uint8Array(count);
    let i = 0;
    const X = block(count, 20, () => {
      const t = numbers.unit() < alpha ? -5 : 1;
      y[i++] = numbers.unit() < 1 / (1 + Math.exp(-t)) ? 1 : 0;
      return [t, ...Array.from({ length: 19 }, (_, c) => numbers.normal() + (c < 3 ? (numbers.unit() < 0.5 ? -2.5 : 2.5) : 0))];
    });
    return { X, y };
  },
};

/** D1: one normal cloud against a mixture of two, beside it. */
export const D1 = {
  d: 5,
  counts: [4000, 200] as const,
  zeros: (count: number, numbers: Numbers): Block => block(count, 5, () => Array.from({ length: 5 }, () => numbers.normal())),
  ones: (count: number, numbers: Numbers): Block =>
    block(count, 5, () => {
      const side = numbers.unit() < 0.5 ? -1.75 : 1.75;
      return Array.from({ length: 5 }, (_, c) => numbers.normal() + (c === 0 ? 2 : c === 1 ? side : 0));
    }),
};

/** D2: a correlated cloud, part of it shifted, against a thin ring in the plane of the first two columns: the others have its noise alone, which is what brings the published curve. */
export const D2 = {
  d: 5,
  counts: [4000, 200] as const,
  zeros: (count: number, numbers: Numbers): Block =>
    block(count, 5, () => {
      const [a, b] = [numbers.normal(), numbers.normal()];
      const shift = numbers.unit() < 0.3 ? 1.5 : 0;
      return [a + shift, 0.5 * a + Math.sqrt(0.75) * b, numbers.normal(), numbers.normal(), numbers.normal()];
    }),
  ones: (count: number, numbers: Numbers): Block =>
    block(count, 5, () => {
      const angle = 2 * Math.PI * numbers.unit();
      const radius = 2.2 + 0.12 * numbers.normal();
      return [
        4.8 + radius * Math.cos(angle) + 0.08 * numbers.normal(),
        radius * Math.sin(angle) + 0.08 * numbers.normal(),
        ...Array.from({ length: 3 }, () => 0.08 * numbers.normal()),
      ];
    }),
};

/** E: classes that pull alike at one shift exactly; scores 2x(θᵀx − y + ½). */
export const E = {
  alike: (5 - Math.sqrt(21)) / 2,
  sample(d: number, n1: number, kappa: number, shift: number, numbers: Numbers): Sample {
    const rows = (count: number, at: number, stretch: number): Block =>
      block(count, d, () => {
        const row = NOISES.cube(d, numbers);
        row[0] = stretch * row[0]! + at;
        return row;
      });
    return { zeros: rows(n1 * kappa, -1, 2), ones: rows(n1, shift, 1), targets: [-0.5, 0.5] };
  },
  /** First entry of g at a shift. */
  pull: (shift: number): number => (2 * (5 * shift - 1 - shift * shift)) / (6 + shift * shift),
};
