import { blockSizes } from "../run/work";
import type { Task } from "./neighbors";

/** One comparison at a time takes about eight times as long as in a tile. */
export const DIRECT = 8;

/** Search by f64 distances alone, for metrics that nothing bounds. Returns how many it computed. */
export async function searchDirect({ instance, work, space, queries, reference, self, k, scale, total, ...lists }: Task): Promise<number> {
  const { arena, kernels } = instance;
  const { d, q, metric, weight, table } = space;
  const { n } = queries;
  const m = reference.n;
  const at = arena.allocate<"search">(kernels.search_bytes());
  kernels.set_search(at, lists.indices, lists.distances, 0, 0, queries.at, reference.at, table, k, d, q, metric, weight, scale);
  const size = blockSizes();
  for (let from = 0; from < n;) {
    const perRow = DIRECT * (self ? m - from : m) * (d + q + 2);
    const to = Math.min(n, from + Math.max(1, Math.floor(size() / perRow)));
    kernels.search_direct(at, m, Number(self), from, to);
    const pairs = self ? ((to - from) * (2 * n - from - to)) / (n * n) : (to - from) / n;
    from = to;
    await work.step(pairs * total);
  }
  return kernels.search_evaluated(at);
}
