import { withMath } from "../../engine/math";
import { minimize } from "../../learn/minimize";
import type { HeldOut } from "./calibrator";

/** Probabilities become softmax(slope · log p + intercepts); plain data. */
export interface Platt {
  readonly method: "platt";
  /** The slope, then the intercepts of all classes but the first, whose is 0. */
  readonly line: readonly number[];
  /** Probabilities below count as this. */
  readonly least: number;
}

/**
 * The likeliest slope and intercepts. Of two classes that is Platt's sigmoid of the log odds (Advances in Large Margin Classifiers, 1999) with his smoothed targets, which keep it finite where the classes are
 * apart, by Newton's method (Lin, Lin, Weng, Machine Learning 68, 2007). Of more classes it is one slope for all and an intercept for each, so that one function keeps rows distributions (Alexandari, Kundaje,
 * Shrikumar, ICML 2020: bias-corrected temperature); smoothing more than two targets is ours.
 *
 * A probability of 0, as votes give it, has no logarithm: half of the smallest one above 0 stands for it, and for anything smaller.
 */
export async function fitPlatt({ probabilities, codes, weights, classes: c }: HeldOut): Promise<Platt> {
  let least = 1;
  for (const p of probabilities) if (p > 0 && p < least) least = p;
  least /= 2;
  const masses = new Float64Array(c);
  codes.forEach((code, i) => (masses[code]! += weights[i]!));
  const target = (i: number, k: number): number => {
    const code = codes[i]!;
    return (code === k ? masses[code]! + 1 : 1) / (masses[code]! + c);
  };
  const logs = logsOf(probabilities, least);
  const second = new Float64Array(c * c);
  const objective = {
    size: c,
    async evaluate(at: Float64Array): Promise<{ value: number; gradient: Float64Array }> {
      let value = 0;
      const gradient = new Float64Array(c);
      second.fill(0);
      const chances = softmax(logs, at, (i, loss) => {
        value += weights[i]! * loss;
        for (let k = 0; k < c; k++) value -= weights[i]! * target(i, k) * scoreOf(logs, at, i, k);
      });
      for (let i = 0; i < codes.length; i++) {
        let mean = 0;
        for (let k = 0; k < c; k++) mean += chances[i * c + k]! * logs[i * c + k]!;
        for (let k = 0; k < c; k++) {
          const [x, weight] = [logs[i * c + k]!, weights[i]!];
          const p = weight * chances[i * c + k]!;
          const residual = p - weight * target(i, k);
          gradient[0]! += residual * x;
          second[0]! += p * x * (x - mean);
          if (k === 0) continue;
          gradient[k]! += residual;
          second[k]! += p * (x - mean);
          for (let l = 1; l <= k; l++) second[l * c + k]! += p * (Number(k === l) - chances[i * c + l]!);
        }
      }
      return { value, gradient };
    },
    bend: async () => undefined,
    solve: (vector: Float64Array) => solved(second, vector),
  };
  const mass = masses.reduce((sum, own) => sum + own, 0);
  // from as they are; sums of many rows round what is left of a gradient at about 1e−13 of the mass
  const { at } = await minimize(objective, new Float64Array(c).fill(1, 0, 1), { tolerance: 1e-12 * mass, maxIterations: 200, renew: 1 });
  return { method: "platt", line: [...at], least };
}

/** (m, classes) ← calibrated. */
export function plattOf(probabilities: Float64Array, { line, least }: Platt): Float64Array {
  return softmax(logsOf(probabilities, least), line, () => undefined);
}

function logsOf(probabilities: Float64Array, least: number): Float64Array {
  return withMath(({ log }) => probabilities.map((p) => log(Math.max(p, least))));
}

function scoreOf(logs: Float64Array, line: ArrayLike<number>, i: number, k: number): number {
  return line[0]! * logs[i * line.length + k]! + (k > 0 ? line[k]! : 0);
}

/** (m, classes) ← softmax of the scores; tells the logarithm of each row's sum. */
function softmax(logs: Float64Array, line: ArrayLike<number>, tell: (i: number, sum: number) => void): Float64Array {
  const c = line.length;
  const chances = new Float64Array(logs.length);
  withMath(({ exp, log }) => {
    for (let i = 0; i < logs.length / c; i++) {
      let [highest, sum] = [-Infinity, 0];
      for (let k = 0; k < c; k++) highest = Math.max(highest, scoreOf(logs, line, i, k));
      for (let k = 0; k < c; k++) sum += chances[i * c + k] = exp(scoreOf(logs, line, i, k) - highest);
      for (let k = 0; k < c; k++) chances[i * c + k]! /= sum;
      tell(i, highest + log(sum));
    }
  });
  return chances;
}

/** matrix⁻¹ · vector, by elimination; of the matrix, symmetric, what is on and above the diagonal counts. */
function solved(matrix: Float64Array, vector: Float64Array): Float64Array {
  const c = vector.length;
  const [own, x] = [matrix.slice(), vector.slice()];
  // directions that make no difference, as of equal probabilities, stay where they are
  for (let k = 0; k < c; k++) own[k * c + k]! += 1e-12 * (own[0]! + own[c * c - 1]!) + 1e-300;
  for (let k = 0; k < c; k++) {
    for (let i = k + 1; i < c; i++) {
      const share = own[k * c + i]! / own[k * c + k]!;
      x[i]! -= share * x[k]!;
      for (let l = i; l < c; l++) own[i * c + l]! -= share * own[k * c + l]!;
    }
  }
  for (let k = c - 1; k >= 0; k--) {
    for (let l = k + 1; l < c; l++) x[k]! -= own[k * c + l]! * x[l]!;
    x[k]! /= own[k * c + k]!;
  }
  return x;
}
