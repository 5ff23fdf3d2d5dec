import { stream, type Draws, type Purpose } from "../draw";
import { core } from "../engine/core";
import { withInstanceNow } from "../engine/lease";

/** Purposes of draws, beside those of draw.ts, which every bundle holds. */
export const DENSITY = 60;
export const PERMUTATION = 61;
export const FREQUENCY = 62;

/** Standard normal numbers, f64 (m, d): rows of a stream, by the kernel that scatters rows around others. */
export function noiseOf(draws: Draws, purpose: Purpose, m: number, d: number): Float64Array {
  return withInstanceNow(core, ({ arena, kernels }) =>
    arena.scope(() => {
      const [out, gaps] = [arena.room(Float64Array, m * d), arena.room(Float64Array, m)];
      const [whole, rows] = [arena.put(new Int32Array(2 * d)), arena.put(new Uint32Array(m))];
      const [zeros, ones, lows, highs] = [0, 1, -Infinity, Infinity].map((value) => arena.put(new Float64Array(d).fill(value))) as [
        number,
        number,
        number,
        number,
      ];
      kernels.scatter_rows(
        out,
        gaps,
        zeros,
        rows,
        rows,
        ones,
        whole,
        lows,
        highs,
        m,
        1,
        d,
        undefined,
        undefined,
        ...stream(draws, purpose),
        0,
      );
      return arena.take(Float64Array, out, m * d);
    }),
  );
}
