import { checkKnown, show } from "../check";
import type { Progress, Run } from "../contracts";
import { InputError } from "../errors";

/**
 * Counted work of one call. Kernels run on blocks of it; between blocks a call looks at its signal, tells how far it is and, now and then, lets the host do
 * other things. The unit is one multiply-add; about 1e10 go into a second.
 */
export interface Work {
  /** Says that `amount` was done. Throws `signal.reason` when aborted; resolves later when the host is due a turn. */
  step(amount: number): Promise<void> | undefined;
  /** How the call is to run, and what the caller can do while workers begin. */
  readonly run: Working | undefined;
}

export interface Working extends Run {
  readonly meanwhile?: () => unknown;
  readonly [LEND]?: Lend | undefined;
}

/** Under which a call of ours is handed memory for a result that nobody keeps. */
export const LEND: unique symbol = Symbol();

/** So many numbers, of which any may be anything. */
export type Lend = (length: number) => Float64Array;

/** About 5 ms of arithmetic: V8 does not replace a running WebAssembly loop, so no kernel call should be much longer. */
export const BLOCK = 5e7;
/** The first blocks are short, so that the compiler sees the kernels return early on. */
const FIRST_BLOCK = 1e6;
/** Work between two turns of the host. */
const TURN = 1e8;

export const RUN_OPTIONS = ["signal", "onProgress", "threads"] as const;
export const RESAMPLE_OPTIONS = ["signal", "onProgress", "threads", "only", "protect", "ranking"] as const;

export function checkRun(where: string, run: unknown, options: readonly string[] = RUN_OPTIONS): void {
  checkKnown(where, run, options);
  const { signal, onProgress } = (run ?? {}) as Run;
  if (signal !== undefined && !(typeof signal === "object" && signal !== null && "aborted" in signal)) {
    throw new InputError("OPTION", `signal is ${show(signal)}, but needs an AbortSignal.`);
  }
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new InputError("OPTION", `onProgress is ${show(onProgress)}, but needs a function.`);
  }
}

/** Begins a call that will count up to `total`. */
export function startWork(run: Working | undefined, total: number): Work {
  const { signal, onProgress } = run ?? {};
  let done = 0;
  let sinceTurn = 0;
  const watch = (): void => {
    signal?.throwIfAborted();
    onProgress?.({ done, total });
  };
  watch();
  return {
    run,
    step(amount) {
      done = Math.min(done + amount, total);
      sinceTurn += amount;
      watch();
      if (sinceTurn < TURN) return undefined;
      sinceTurn = 0;
      return hostTurn().then(() => signal?.throwIfAborted());
    },
  };
}

/**
 * A part of a call's work whose amount is not known before: it counts up to `budget`, and `finish` counts what is left of that, so that progress ends where it should.
 */
export function estimated(work: Work, budget: number): Work & { finish(): Promise<void> | undefined } {
  let left = budget;
  const step = (amount: number): Promise<void> | undefined => {
    const counted = Math.min(amount, left);
    left -= counted;
    return work.step(counted);
  };
  return { run: work.run, step, finish: () => step(left) };
}

/** How a step of a call, or a share of it, runs, whose progress is a part of all: how much work the other steps are is not known. */
export function partOf(run: Run | undefined, step: number, steps: number, share = 1): Run {
  const { signal, onProgress, threads } = run ?? {};
  const told =
    onProgress && (({ done, total }: Progress) => onProgress({ done: step + share * (total > 0 ? done / total : 0), total: steps }));
  return { signal, threads, onProgress: told };
}

/** Sizes of blocks: short ones first, then about 5 ms each. */
export function blockSizes(): () => number {
  let size = FIRST_BLOCK / 2;
  return () => (size = Math.min(2 * size, BLOCK));
}

/** Calls a kernel on blocks of `count` units, of which one takes `cost`. */
export async function inBlocks(
  work: Pick<Work, "step">,
  count: number,
  cost: number,
  kernel: (from: number, to: number) => void,
  size = blockSizes(),
): Promise<void> {
  for (let from = 0; from < count;) {
    const to = Math.min(count, from + Math.max(1, Math.floor(size() / cost)));
    kernel(from, to);
    const turn = work.step((to - from) * cost);
    if (turn) await turn;
    from = to;
  }
}

/** Resolves after the host has run what was waiting: timers, messages, painting. */
export function hostTurn(): Promise<void> {
  const host = globalThis as { setImmediate?: (then: () => void) => void; scheduler?: { yield?: () => Promise<void> } };
  if (host.scheduler?.yield) return host.scheduler.yield();
  return new Promise((resolve) => void (host.setImmediate ?? setTimeout)(resolve));
}
