import { PURPOSE, rowAt, units } from "../draw";
import { withMath } from "../engine/math";
import type { Board } from "./lloyd";

/**
 * Centers ← k rows drawn by k-means++ (Arthur, Vassilvitskii, SODA 2007): the first by weight, each further one by weight times squared distance to the nearest
 * center so far. Of 2 + ⌊ln k⌋ candidates the one is taken that leaves the smallest sum of them, as in scikit-learn. Run r has draws of its own.
 */
export async function seedCenters(board: Board, seed: number, run: number): Promise<void> {
  const { instance, n, d, k, rows, weights, centers, closest, blocks } = board;
  const { arena, kernels } = instance;
  const trials = 2 + Math.floor(withMath(({ log }) => log(k)));
  const draws = units(instance, { seed, label: run }, PURPOSE.cluster, 0, k * trials);
  const candidates = arena.room(Float64Array, trials * d);
  const room = arena.room(Float64Array, (trials + 1) * d);
  const sums = arena.room(Float64Array, trials + 1);

  const potentials = arena.room(Float64Array, trials);
  arena.view(Float64Array, closest, n).fill(Infinity);
  for (let j = 0; j < k; j++) {
    const [cumulative, total] = cumulate(board, j === 0);
    const drawn = Array.from({ length: j === 0 ? 1 : trials }, (_, t) => rowAt(cumulative, draws[j * trials + t]! * total));
    let best = 0;
    if (drawn.length > 1) {
      const [all, view] = [arena.view(Float64Array, rows, n * d), arena.view(Float64Array, candidates, trials * d)];
      drawn.forEach((i, t) => view.set(all.subarray(i * d, i * d + d), t * d));
      kernels.pack_pairs(room, candidates, trials, d);
      arena.view(Float64Array, potentials, trials).fill(0);
      await blocks(d * (trials / 4 + 1), (from, to) =>
        kernels.try_seeds(potentials, closest, rows, weights, room, sums, d, trials, from, to),
      );
      const left = arena.view(Float64Array, potentials, trials);
      best = left.indexOf(left.reduce((a, b) => Math.min(a, b)));
    }
    const all = arena.view(Float64Array, rows, n * d);
    const chosen = drawn[best]!;
    arena.view(Float64Array, centers, k * d).set(all.subarray(chosen * d, chosen * d + d), j * d);
    await blocks(d, (from, to) => kernels.take_seed(closest, rows, centers + 8 * j * d, d, from, to));
  }
}

/** Running sums of what each row is drawn by, and their total. */
function cumulate({ instance: { arena }, n, weights, closest }: Board, first: boolean): [sums: Float64Array, total: number] {
  const near = arena.view(Float64Array, closest, n);
  const weight = weights ? arena.view(Float64Array, weights, n) : null;
  const sums = new Float64Array(n);
  let sum = 0;
  for (let i = 0; i < n; i++) sums[i] = sum += (weight ? weight[i]! : 1) * (first ? 1 : near[i]!);
  return [sums, sum];
}
