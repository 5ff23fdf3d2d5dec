import type { Pointer, LearnExports } from "../engine/exports";
import type { Instance } from "../engine/lease";
import type { Work } from "../run/work";
import { BEHIND, blocksOver, factor, passWork, solved, withRidge, type Placed } from "./likelihood";
import type { Objective } from "./minimize";

/** What f32 rounds off of the loss, in sum. */
export const ROUGH = { rounding: 1e-6 };
/** Gradient of the mean loss below which f32 says nothing more. */
export const LEAST = 5e-7;
/** Rows whose sums go into f64, and those whose products do, as in the kernels. */
const [CHUNK, NEAR] = [256, 128];
/** Second derivatives are of so many rows that bend the loss most, and of a sample of the others. */
const BENT = 8192;
/** Share of the largest second derivative that is added to all: what f32 rounds off is less. */
const FLOOR = 1e-5;

/** Bytes of what `roughly` allocates. */
export function roughBytes(n: number, stride: number): number {
  const width = widthOf(stride);
  return 4 * (n + BEHIND) * (width + 1) + 8 * (width * width + stride * stride) + 4 * NEAR * width + 100 * width + 1e3;
}

function widthOf(stride: number): number {
  return 8 * Math.ceil(stride / 8);
}

/**
 * The loss of two classes in f32, its gradient in two fifths of the time of `likelihood`, its second derivatives in half: for the way to an optimum. Weights are not below 0: what rounds off could then look like a way down.
 * Later `placed` may have other weights, and fewer rows.
 */
export function roughly(instance: Instance<LearnExports>, work: Work, placed: Placed, ridge: Float64Array): (n?: number) => Objective {
  const { arena, kernels } = instance;
  const { stride, targets, weights } = placed;
  const width = widthOf(stride);
  const room = (length: number): Pointer<Float32Array> => arena.room(Float32Array, length);
  const rows = room((placed.n + BEHIND) * width);
  kernels.narrow_cells(rows, placed.rows, stride, width, 0, placed.n + BEHIND);
  const [curvatures, sums, theta, picked] = [room(placed.n + BEHIND), room(width + 8), room(width), room(NEAR * width)];
  const [value, left, gradient] = [arena.room(Float64Array, 2), arena.room(Float64Array, 1), arena.room(Float64Array, width)];
  const [gram, factored] = [arena.room(Float64Array, width * width), arena.room(Float64Array, stride * stride)];
  arena.view(Float32Array, theta, width).fill(0);
  const cost = passWork(1, stride, 1) / 2;
  return (n = placed.n) => {
    const blocks = blocksOver(work, n, CHUNK);
    return {
      size: stride,
      async evaluate(at) {
        arena.view(Float32Array, theta, stride).set(at);
        arena.view(Float64Array, value, 2).fill(0);
        arena.view(Float64Array, gradient, width).fill(0);
        await blocks(cost, (from, to) =>
          kernels.rough_pass(value, gradient, curvatures, sums, rows, targets, weights, theta, width, from, to),
        );
        return withRidge(arena.view(Float64Array, value, 1)[0]!, arena.take(Float64Array, gradient, stride), at, ridge);
      },
      async bend() {
        arena.view(Float64Array, gram, width * width).fill(0);
        arena.view(Float64Array, left, 1).fill(0);
        const least = arena.view(Float64Array, value, 2)[1]! / BENT;
        await blocks((stride * stride) / 4, (from, to) => kernels.rough_gram(gram, left, picked, rows, curvatures, width, least, from, to));
        const half = arena.view(Float64Array, gram, width * width);
        let largest = 0;
        for (let c = 0; c < stride; c++) largest = Math.max(largest, half[c * width + c]!);
        const whole = new Float64Array(stride * stride);
        for (let a = 0; a < stride; a++) {
          for (let b = a; b < stride; b++) whole[a * stride + b] = whole[b * stride + a] = half[a * width + b]!;
          whole[a * stride + a]! += ridge[a]! + FLOOR * largest;
        }
        factor(instance, factored, whole, stride);
      },
      solve: (vector) => solved(instance, factored, vector),
    };
  };
}
