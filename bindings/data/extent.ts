import { InputError } from "../errors";

/**
 * The power of two that brings the widest column of f64 (n, d) near 1, so that squared distances of the rows neither overflow nor vanish.
 * @throws {InputError} when two values of a column are too far apart for their difference to be a number.
 */
export function unitScale(values: Float64Array, d: number): number {
  const lows = new Float64Array(d).fill(Infinity);
  const highs = new Float64Array(d).fill(-Infinity);
  for (let at = 0, c = 0; at < values.length; at++, c = c + 1 === d ? 0 : c + 1) {
    const value = values[at]!;
    if (value < lows[c]!) lows[c] = value;
    if (value > highs[c]!) highs[c] = value;
  }
  const extent = lows.reduce((most, low, c) => Math.max(most, highs[c]! - low), 0);
  if (!(extent < Infinity)) {
    throw new InputError(
      "OVERFLOW",
      "A column spans more than the range of numbers, so its rows have no distances; divide it by ten first.",
    );
  }
  let scale = 1;
  while (extent * scale > 1) scale /= 2;
  if (extent > 0) while (extent * scale <= 0.5 && scale < LARGEST_SCALE) scale *= 2;
  return scale;
}

/** out ← values × factor. A loop with nothing around it: inside of an async function it takes five times as long. */
export function scaleInto(out: Float64Array, values: Float64Array, factor: number): void {
  for (let at = 0; at < out.length; at++) out[at] = values[at]! * factor;
}

/** About 2^500: its square, times any squared distance left, is still a number. */
const LARGEST_SCALE = 3e150;
