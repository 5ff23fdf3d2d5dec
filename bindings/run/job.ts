import { checkInteger } from "../check";
import type { Run } from "../contracts";
import type { CoreExports } from "../engine/exports";
import type { Instance } from "../engine/lease";
import { blockSizes, hostTurn, type Work } from "./work";
import { hardwareThreads } from "./host";
import { canShare, share, threads as pool } from "./share";
import { hire, rest } from "./workers";

/** A kernel that works on a range of units: (at, from, to, budget) → units done. */
type RangeKernel = "walk_tree" | "search_pairs" | "search_leaves";

/** Units of work on lists of k neighbors of n queries, any range of which any instance can do; its lists are merged in the end. */
export interface Job {
  readonly instance: Instance<CoreExports>;
  readonly work: Work;
  /** Work to be counted in all. */
  readonly total: number;
  readonly kernel: RangeKernel;
  /** What the kernel is given, and the search whose lists it fills. */
  readonly at: number;
  readonly search: number;
  readonly units: number;
  /** Units that have to be done before the rest is begun. */
  readonly first: number;
  /** About how many nanoseconds one thread takes. */
  readonly cost: number;
  readonly lists: { readonly indices: number; readonly distances: number; readonly n: number; readonly k: number };
  /** f32: bounds that any thread may lower. */
  readonly reaches?: { readonly at: number; readonly length: number };
}

/**
 * Costs in nanoseconds below which threads are not worth it: of all jobs since there were workers, for which they have to start, and of one job, of which they have to be told.
 * Tests lower them.
 */
export const WORTH = { cold: 1.2e8, warm: 1e6 };

/** What jobs have cost that workers would have shared, had there been any. */
let demand = 0;

/** Packets for each thread: enough to end at about the same time, and no more, because between packets threads tell each other what they know. */
const PACKETS = 16;

/** More threads than these share little more work: memory is the limit. */
const AUTO_THREADS = 8;

const MOST_THREADS = 256;

/** Refuses what is no number of threads. */
export function checkThreads(run: Run | undefined): void {
  const { threads = "auto" } = run ?? {};
  if (threads !== "auto") checkInteger("threads", threads, 1, MOST_THREADS);
}

/**
 * Does a job, on threads where that pays. The same lists come out however it is shared. Nobody waits for a worker to start: the caller goes on alone until one has.
 */
export async function runJob(job: Job): Promise<void> {
  const { instance, kernel, at, units, first, cost, total, work } = job;
  const { threads = "auto" } = work.run ?? {};
  const allowed = threads === "auto" ? Math.min(hardwareThreads(), AUTO_THREADS) : threads;
  const packets = PACKETS * allowed;
  const small = Math.max(1, Math.ceil(first / packets));
  const packet = Math.max(1, Math.ceil((units - first) / packets));
  const helpers = Math.min(allowed, Math.ceil((units - first) / packet)) - 1;
  const workers = helpers > 0 && isWorthIt(cost) ? hire(pool, helpers) : [];
  const budget = blockSizes();
  try {
    for (let from = 0; from < units;) {
      const ready = from < first && !canShare() ? [] : workers.filter((worker) => worker.ready);
      if (ready.length) return await share({ ...job, begin: from, first: Math.max(from, first), small, size: packet }, ready);
      const done = instance.kernels[kernel](at, from, from < first ? first : units, budget());
      from += done;
      await work.step((done / units) * total);
      if (workers.length) await hostTurn();
    }
  } finally {
    rest(pool, workers);
  }
}

/** Whether workers should have a part in a job of this cost. Many small jobs are worth their start as one large job is. */
function isWorthIt(cost: number): boolean {
  if (cost < WORTH.warm || pool.idle.length) return cost >= WORTH.warm;
  demand += cost;
  if (demand < WORTH.cold) return false;
  demand = 0;
  return true;
}
