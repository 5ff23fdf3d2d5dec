import { fromText, toText } from "../../data/plain";
import { fitIsotonic, risingAt, type Rising } from "./isotonic";
import { fitPlatt, plattOf, type Platt } from "./platt";

/** What models said of rows that they had not learned from. */
export interface HeldOut {
  /** f64 (n, classes) */
  readonly probabilities: Float64Array;
  /** u32 (n): class of each row. */
  readonly codes: Uint32Array;
  /** f64 (n), none negative. */
  readonly weights: Float64Array;
  readonly classes: number;
}

/** How probabilities are calibrated; of `"isotonic"` a function for each class, of two classes for the second alone. Plain data. */
export type Calibration = Platt | { readonly method: "isotonic"; readonly rising: readonly { readonly xs: string; readonly ys: string }[] };

export type CalibrationMethod = Calibration["method"];

export async function fitCalibration(method: CalibrationMethod, held: HeldOut): Promise<Calibration> {
  if (method === "platt") return fitPlatt(held);
  const { probabilities, codes, weights, classes: c } = held;
  const rising = Array.from({ length: c === 2 ? 1 : c }, (_, line) => {
    const k = c === 2 ? 1 : line;
    const { xs, ys } = fitIsotonic(
      Float64Array.from(codes, (_code, i) => probabilities[i * c + k]!),
      Array.from(codes, (code) => Number(code === k)),
      weights,
    );
    return { xs: toText(xs), ys: toText(ys) };
  });
  return { method, rising };
}

/** Checks a calibration of c classes that was stored, and makes of it a function of probabilities, (m, classes) ← (m, classes). */
export function calibrating(calibration: Calibration, c: number): (probabilities: Float64Array) => Float64Array {
  if (calibration.method === "platt") {
    const { line, least } = calibration;
    if (line.length !== c || !line.every(Number.isFinite) || !(least > 0 && least <= 0.5)) throw new Error();
    return (probabilities) => plattOf(probabilities, calibration);
  }
  const rising = calibration.rising.map(({ xs, ys }): Rising => ({ xs: fromText(Float64Array, xs), ys: fromText(Float64Array, ys) }));
  if (rising.length !== (c === 2 ? 1 : c) || !rising.every(({ xs, ys }) => xs.length > 0 && xs.length === ys.length)) throw new Error();
  return (probabilities) => {
    const out = new Float64Array(probabilities.length);
    for (let at = 0; at < out.length; at += c) {
      if (c === 2) {
        out[at + 1] = risingAt(rising[0]!, probabilities[at + 1]!);
        out[at] = 1 - out[at + 1]!;
        continue;
      }
      let sum = 0;
      for (let k = 0; k < c; k++) sum += out[at + k] = risingAt(rising[k]!, probabilities[at + k]!);
      // where no class is left, what was said before stays
      for (let k = 0; k < c; k++) out[at + k] = sum > 0 ? out[at + k]! / sum : probabilities[at + k]!;
    }
    return out;
  };
}
