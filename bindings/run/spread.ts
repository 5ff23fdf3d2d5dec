import type { Run } from "../contracts";
import { memoryLimitNow } from "../engine/lease";
import { environmentError, InputError, type InputErrorCode } from "../errors";
import { hardwareThreads } from "./host";
import { lanes as pool, type Failure, type Lane } from "./lanes";
import { hostTurn } from "./work";
import { hire, rest, workerFailed } from "./workers";

/** Parts of a call that know nothing of each other. Parts and results are plain data. */
export interface Errand<P, R> {
  /** Under which bindings/lane.ts knows what to do with a part. */
  readonly name: string;
  /** What all parts need, as plain data; undefined where it holds what cannot leave this thread, such as functions of the caller's. */
  readonly shared: () => object | undefined;
  readonly parts: readonly P[];
  /** About how many nanoseconds one thread takes for all. */
  readonly cost: number;
  /** About how many bytes a lane needs. */
  readonly bytes: number;
  /** Does a part here. */
  here(part: P, place: number, run: Run): Promise<R>;
  /** Hears what came of a part, in any order; `far`: a lane did it. */
  take(place: number, result: R, far: boolean): Promise<void> | void;
  /** Asked before each part, in their order, whether it is to be done; the first no is the last question. */
  goOn?(): boolean;
}

/** Costs below which lanes are not worth it: of all errands since there were lanes, for which they have to start, and of one errand, of which they have to be told. */
const WORTH = { cold: 2e8, warm: 5e6 };

/** What errands have cost that lanes would have shared, had there been any. */
let demand = 0;

const MOST_THREADS = 8;
/** Bytes of all lanes together. */
const MOST_BYTES = 1 << 30;

let errands = 0;

/**
 * Does all parts, on lanes where that pays: workers with the whole library, each of which does a part at a time, while this thread does parts too. Results are those of one thread. Progress counts parts.
 */
export async function spread<P, R>(errand: Errand<P, R>, run: Run | undefined): Promise<void> {
  const { parts, bytes, cost } = errand;
  const { threads = "auto", signal, onProgress } = run ?? {};
  const allowed = threads === "auto" ? Math.min(hardwareThreads(), MOST_THREADS) : threads;
  const helpers = Math.min(allowed, parts.length, 1 + Math.floor(MOST_BYTES / bytes)) - 1;
  const state = { next: 0, done: 0, total: parts.length };
  const shared = helpers > 0 && isWorthIt(cost) ? errand.shared() : undefined;
  const take = async (place: number, result: R, far: boolean): Promise<void> => {
    await errand.take(place, result, far);
    onProgress?.({ done: ++state.done, total: parts.length });
  };
  const claim = (): number | undefined => {
    if (state.next < state.total && errand.goOn?.() === false) state.total = state.next;
    return state.next < state.total ? state.next++ : undefined;
  };
  const crew = crewFor(errand.name, parts, state, claim, take);
  const stop = (): void => crew.fail(signal!.reason);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    signal?.throwIfAborted();
    if (shared) crew.hire(helpers, shared);
    for (let place = claim(); place !== undefined; place = claim()) {
      // with lanes beside it a part leaves the other threads to them
      const own: Run = { signal, threads: crew.size() ? 1 : threads, onProgress: fractionOf(run, state, parts.length) };
      await take(place, await Promise.race([crew.failed, errand.here(parts[place]!, place, own)]), false);
      // a part may be shorter than the work after which calls give the host a turn
      await messages();
      signal?.throwIfAborted();
    }
    await crew.finish();
  } finally {
    signal?.removeEventListener("abort", stop);
    crew.dismiss();
  }
}

/** Resolves after the messages that wait: of lanes that have started, or done something. In browsers turns of the host go before those. */
function messages(): Promise<void> {
  if ("setImmediate" in globalThis || typeof MessageChannel !== "function") return hostTurn();
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}

function isWorthIt(cost: number): boolean {
  if (cost < WORTH.warm || pool.idle.length) return cost >= WORTH.warm;
  demand += cost;
  if (demand < WORTH.cold) return false;
  demand = 0;
  return true;
}

interface Crew {
  readonly size: () => number;
  hire(count: number, shared: object): void;
  /** Rejects when a lane or a part of its failed. */
  readonly failed: Promise<never>;
  fail(reason: unknown): void;
  /** Resolves when nobody has anything to do any more. */
  finish(): Promise<void>;
  dismiss(): void;
}

/** The lanes of an errand. Each is handed a part more than it does, so that it need not wait for this thread to look up. */
function crewFor<P, R>(
  name: string,
  parts: readonly P[],
  state: { readonly next: number; readonly total: number },
  claim: () => number | undefined,
  take: (place: number, result: R, far: boolean) => Promise<void>,
): Crew {
  const id = ++errands;
  const waiting = new Map<Lane, number>();
  let lanes: Lane[] = [];
  let over = false;
  let fail: (reason: unknown) => void = () => undefined;
  let idle: () => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  const busy = (): boolean => [...waiting.values()].some((count) => count > 0);
  const feed = (lane: Lane): void => {
    const ahead = state.total - state.next > 2 * (lanes.length + 1) ? 2 : 1;
    while (waiting.get(lane)! < ahead) {
      const place = over ? undefined : claim();
      if (place === undefined) return;
      waiting.set(lane, waiting.get(lane)! + 1);
      lane.post({ id, place, part: parts[place] });
    }
  };
  const begin = (lane: Lane, shared: object): void => {
    if (over || state.next >= state.total) return;
    try {
      lane.post({ id, name, shared, memoryLimit: memoryLimitNow() });
    } catch {
      // a cell that cannot be sent: this thread does it all
      return;
    }
    feed(lane);
  };
  const done = async (lane: Lane, place: number, result: R): Promise<void> => {
    feed(lane);
    await take(place, result, true);
    waiting.set(lane, waiting.get(lane)! - 1);
    feed(lane);
    if (!busy()) idle();
  };
  return {
    size: () => lanes.length,
    failed,
    fail: (reason) => fail(reason),
    hire(count, shared) {
      lanes = hire(pool, Math.min(count, state.total - state.next));
      for (const lane of lanes) {
        waiting.set(lane, 0);
        lane.onReady = () => begin(lane, shared);
        lane.onGone = (why) => (waiting.get(lane)! > 0 ? fail(workerFailed(why)) : undefined);
        lane.onAnswer = (reply) => {
          if (reply.id !== id || over) return;
          if ("failure" in reply) fail(errorOf(reply.failure));
          else done(lane, reply.place, reply.result as R).catch(fail);
        };
        if (lane.ready) begin(lane, shared);
      }
    },
    async finish() {
      while (busy()) await Promise.race([failed, new Promise<void>((resolve) => (idle = resolve))]);
    },
    dismiss() {
      over = true;
      for (const lane of lanes) if (waiting.get(lane)! > 0) lane.end();
      rest(pool, lanes);
    },
  };
}

/** Progress of the part that is done here, added to the parts that are done. */
function fractionOf(run: Run | undefined, state: { readonly done: number }, parts: number): Run["onProgress"] {
  const told = run?.onProgress;
  return told && (({ done, total }) => (done < total ? told({ done: state.done + done / total, total: parts }) : undefined));
}

function errorOf({ message, code, input }: Failure): Error {
  if (!code) return new Error(message);
  return input ? new InputError(code as InputErrorCode, message) : environmentError(code, message);
}
