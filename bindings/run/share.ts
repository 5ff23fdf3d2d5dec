import { core } from "../engine/core";
import { workerFailed, type Pool, type WorkerHandle } from "./workers";
import type { Job } from "./job";
import { BLOCK, hostTurn } from "./work";
import { worker as program } from "#kernels/worker";

/** What a worker says of a job. */
export interface Answer {
  readonly job: number;
  /** Packets it worked on. */
  readonly taken: number;
  /** Lists of all queries, empty where it found nothing. */
  readonly indices?: ArrayBuffer;
  readonly distances?: ArrayBuffer;
  readonly evaluated?: number;
  readonly failure?: string;
}

/** Workers that run kernels. */
export const threads: Pool<Answer> = {
  idle: [],
  program: {
    node: ({ Worker }) => new Worker(`var port=process.getBuiltinModule("node:worker_threads").parentPort;${program}`, { eval: true }),
    web() {
      const url = URL.createObjectURL(new Blob(["var port=self;", program], { type: "text/javascript" }));
      const worker = new Worker(url, { type: "module" });
      worker.addEventListener("message", () => URL.revokeObjectURL(url), { once: true });
      return worker;
    },
  },
  closed: () => void (kept.length = 0),
};

let jobs = 0;

/** Whether threads can share memory. Where they cannot, packets are dealt out beforehand. */
export const canShare = (): boolean => typeof SharedArrayBuffer === "function";

/** A part of a job: its units from `begin` on, those before `first` by all threads before any goes on. */
export interface Part extends Job {
  readonly begin: number;
  /** Units of a packet before `first`, and after. */
  readonly small: number;
  readonly size: number;
}

/**
 * How threads agree on who does what. Packet p is `small` units from begin + p · small on, for the first `firsts` of them, and then `size` units. `counter`, i32: the next packet, workers that
 * have taken one, packets before `first` that are done; without it every thread takes every `stride`-th packet. `known`, f32: the least reaches of any thread.
 */
interface Agreement {
  readonly firsts: number;
  readonly counter: Int32Array | undefined;
  readonly stride: number;
  readonly known: Float32Array | undefined;
  /** It has failed; nobody is to go on. */
  over: boolean;
}

/** Does a part together with the workers. */
export async function share(job: Part, workers: WorkerHandle<Answer>[]): Promise<void> {
  const shared = canShare();
  const id = ++jobs;
  const { reaches } = job;
  const agreement: Agreement = {
    firsts: Math.ceil(Math.max(0, job.first - job.begin) / job.small),
    counter: shared ? new Int32Array(new SharedArrayBuffer(12)) : undefined,
    stride: workers.length + 1,
    known: shared && reaches ? new Float32Array(new SharedArrayBuffer(4 * reaches.length)).fill(Infinity) : undefined,
    over: false,
  };
  let fail: (why: string) => void;
  const failed = new Promise<never>((_, reject) => (fail = (why) => reject(workerFailed(why))));
  failed.catch(() => undefined);
  const { signal } = job.work.run ?? {};
  const stop = (): void => fail("aborted");
  signal?.addEventListener("abort", stop, { once: true });
  const answers = workers.map(
    (worker) =>
      new Promise<Answer>((resolve) => {
        worker.onAnswer = (given) => (given.job === id ? resolve(given) : undefined);
        worker.onGone = fail;
      }),
  );
  const state = snapshot(job, shared);
  try {
    for (const [w, worker] of workers.entries()) {
      // what is not shared is handed over, so each gets its own
      const bytes = shared || w === 0 ? state : snapshot(job, shared);
      worker.post({ ...messageOf(job, agreement), id, own: w + 1, state: bytes }, shared ? [] : [bytes as ArrayBuffer]);
    }
    job.work.run?.meanwhile?.();
    await Promise.race([failed, doOwnShare(job, agreement)]);
    // who has not taken a packet by now will find none left
    const begun = agreement.counter ? Atomics.load(agreement.counter, 1) : workers.length;
    await Promise.race([failed, collect(job, answers, begun, agreement)]);
    keep(state);
  } catch (error) {
    agreement.over = true;
    for (const worker of workers) worker.end();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
    signal?.throwIfAborted();
  }
}

/** Shared memory of the last jobs, for the next: new memory costs as much as filling it. */
const kept: SharedArrayBuffer[] = [];
const KEPT = 2;

/** Who is late to copy a state that is kept finds no packets left, whatever it copies. */
function keep(state: ArrayBuffer | SharedArrayBuffer): void {
  if (canShare() && state instanceof SharedArrayBuffer && kept.length < KEPT) kept.push(state);
}

/** All that is allocated but the lists, which everybody begins anew, for an instance that is to go on from here. */
function snapshot({ instance: { arena }, lists }: Job, shared: boolean): ArrayBuffer | SharedArrayBuffer {
  const [before, after] = [lists.indices - arena.base, endOf(lists)];
  const bytes = before + arena.top - after;
  const known = kept.pop();
  const copy = !shared ? new ArrayBuffer(bytes) : known && known.byteLength >= bytes ? known : new SharedArrayBuffer(bytes);
  const into = new Uint8Array(copy);
  into.set(arena.view(Uint8Array, arena.base, before));
  into.set(arena.view(Uint8Array, after, arena.top - after), before);
  return copy;
}

/** Where the lists end, which lie one behind the other. */
function endOf({ distances, n, k }: Job["lists"]): number {
  return distances + 16 * Math.ceil((n * k) / 2);
}

function messageOf(
  { instance, kernel, at, search, units, begin, first, small, size, lists, reaches }: Part,
  { firsts, counter, stride, known }: Agreement,
): object {
  const { indices, distances, n, k } = lists;
  const { base, top } = instance.arena;
  return {
    module: core.module,
    kernel,
    at,
    search,
    evaluated: instance.kernels.search_evaluated(search),
    units,
    begin,
    first,
    small,
    size,
    firsts,
    counter: counter?.buffer,
    stride,
    base,
    top,
    indices,
    distances,
    end: endOf(lists),
    entries: n * k,
    reaches: reaches?.at ?? 0,
    shared: known?.buffer,
  };
}

/** What the calling thread does meanwhile. */
async function doOwnShare(job: Part, agreement: Agreement): Promise<void> {
  const { instance, work, kernel, at, units, begin, first, small, size, total, reaches } = job;
  const { firsts, counter, stride, known } = agreement;
  const { kernels, arena } = instance;
  const lowerOwn = (): void => {
    if (known && reaches) lower(arena.view(Float32Array, reaches.at, reaches.length), known);
  };
  let counted = begin;
  for (let packet = 0; ; packet += stride) {
    if (counter) packet = Atomics.add(counter, 0, 1);
    const early = packet < firsts;
    const from = early ? begin + packet * small : first + (packet - firsts) * size;
    if (from >= units) return;
    const to = early ? Math.min(from + small, first) : Math.min(from + size, units);
    if (!early && counter) while (Atomics.load(counter, 2) < firsts && !agreement.over) await hostTurn();
    if (agreement.over) return;
    if (!early) lowerOwn();
    for (let unit = from; unit < to;) {
      unit += kernels[kernel](at, unit, to, BLOCK);
      await work.step((Math.max(0, unit - counted) / units) * total);
      counted = Math.max(counted, unit);
      // answers, failures and aborts come as events
      await hostTurn();
      if (agreement.over) return;
    }
    if (!early || !counter) continue;
    lowerOwn();
    Atomics.add(counter, 2, 1);
    Atomics.notify(counter, 2);
  }
}

/** Both ← the lesser of the two, value by value. */
function lower(own: Float32Array, shared: Float32Array): void {
  for (let i = 0; i < own.length; i++) {
    if (shared[i]! < own[i]!) own[i] = shared[i]!;
    else if (own[i]! < shared[i]!) shared[i] = own[i]!;
  }
}

/** Merges the lists of the workers that have begun, as they answer. */
async function collect(
  { instance, lists, search }: Job,
  answers: readonly Promise<Answer>[],
  begun: number,
  agreement: Agreement,
): Promise<void> {
  const { kernels, arena } = instance;
  let [waiting, left] = [begun, answers.length];
  if (waiting === 0) return;
  await new Promise<void>((done, fail) => {
    for (const answer of answers) {
      void answer.then(({ failure: why, taken, indices, distances, evaluated }) => {
        left--;
        if (agreement.over) return;
        if (why !== undefined) return fail(workerFailed(why));
        if (taken) {
          arena.scope(() => {
            const [near, far] = [arena.put(new Uint32Array(indices!)), arena.put(new Float64Array(distances!))];
            kernels.merge_lists(lists.indices, lists.distances, near, far, lists.k, 0, lists.n);
          });
          kernels.add_evaluated(search, evaluated!);
          waiting--;
        }
        if (waiting <= 0 || left === 0) done();
      });
    }
  });
}
