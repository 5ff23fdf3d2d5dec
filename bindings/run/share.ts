import { core } from "../engine/core";
import { environmentError } from "../errors";
import { startWorker, type Answer, type WorkerHandle } from "./workers";
import type { Job } from "./job";
import { hostTurn } from "./work";

const IDLE_MILLISECONDS = 10_000;

const idle: WorkerHandle[] = [];
let closing: ReturnType<typeof setTimeout> | undefined;
let jobs = 0;

/** Whether workers are waiting for something to do. */
export function areIdle(): boolean {
  return idle.length > 0;
}

/** As many workers as are to be had, at most `helpers`. */
export function hire(helpers: number): WorkerHandle[] {
  const workers = Array.from({ length: helpers }, () => idle.pop() ?? startWorker()).filter((worker) => worker !== undefined);
  for (const worker of workers) worker.hold(true);
  return workers;
}

/** Does the units from `first` on together with the workers. */
export async function share(job: Job, workers: WorkerHandle[]): Promise<void> {
  const shared = typeof SharedArrayBuffer === "function";
  const id = ++jobs;
  const packets = { counter: shared ? new SharedArrayBuffer(8) : undefined, stride: workers.length + 1 };
  const { reaches } = job;
  const known = shared && reaches ? new SharedArrayBuffer(4 * reaches.length) : undefined;
  if (known) new Float32Array(known).fill(Infinity);
  const failed = failure();
  const signal = job.work.run?.signal;
  const stop = (): void => failed.fail("it was told to");
  signal?.addEventListener("abort", stop, { once: true });
  const answers = workers.map((worker, w) => {
    const answer = new Promise<Answer>((resolve) => {
      worker.onAnswer = (given) => (given.job === id ? resolve(given) : undefined);
      worker.onGone = failed.fail;
    });
    const state = w === 0 || !shared ? snapshot(job, shared) : undefined;
    return { worker, answer, state };
  });
  try {
    for (const [w, { worker, state }] of answers.entries()) {
      const bytes = state ?? answers[0]!.state!;
      worker.post({ ...messageOf(job), id, state: bytes, ...packets, first: w + 1, shared: known }, shared ? [] : [bytes as ArrayBuffer]);
    }
    await Promise.race([failed.promise, doOwnShare(job, packets, known)]);
    // who has not taken a packet by now will find none left
    const begun = packets.counter ? Atomics.load(new Int32Array(packets.counter), 1) : workers.length;
    const answered = collect(
      job,
      answers.map(({ answer }) => answer),
      begun,
    );
    await Promise.race([failed.promise, answered]);
  } catch (error) {
    for (const worker of workers) worker.end();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
    signal?.throwIfAborted();
  }
}

/** All that is allocated, for an instance that is to go on from here. */
function snapshot({ instance: { arena } }: Job, shared: boolean): ArrayBuffer | SharedArrayBuffer {
  const bytes = arena.top - arena.base;
  const copy = shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  new Uint8Array(copy).set(arena.view(Uint8Array, arena.base, bytes));
  return copy;
}

function messageOf({ instance, kernel, at, search, units, first, packet, lists, reaches }: Job): object {
  const { indices, distances, n, k } = lists;
  const evaluated = instance.kernels.search_evaluated(search);
  const module = (core.module ??= core.compile());
  return {
    module,
    base: instance.arena.base,
    kernel,
    at,
    search,
    units,
    begin: first,
    size: packet,
    indices,
    distances,
    entries: n * k,
    evaluated,
    reaches: reaches?.at ?? 0,
  };
}

/** What the calling thread does meanwhile. */
async function doOwnShare(
  { instance, work, kernel, at, units, first, packet: size, total, reaches }: Job,
  { counter, stride }: { readonly counter: SharedArrayBuffer | undefined; readonly stride: number },
  known: SharedArrayBuffer | undefined,
): Promise<void> {
  const { kernels, arena } = instance;
  const next = counter && new Int32Array(counter);
  let counted = 0;
  for (
    let packet = next ? Atomics.add(next, 0, 1) : 0;
    first + packet * size < units;
    packet = next ? Atomics.add(next, 0, 1) : packet + stride
  ) {
    if (known && reaches) lower(arena.view(Float32Array, reaches.at, reaches.length), new Float32Array(known));
    const to = Math.min(first + (packet + 1) * size, units);
    for (let from = first + packet * size; from < to;) from += kernels[kernel](at, from, to, Infinity);
    const reached = ((to - first) / units) * total;
    await work.step(Math.max(0, reached - counted));
    counted = Math.max(counted, reached);
    // answers, failures and aborts come as events
    await hostTurn();
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
async function collect({ instance, lists, search }: Job, answers: readonly Promise<Answer>[], begun: number): Promise<void> {
  const { kernels, arena } = instance;
  let [waiting, left] = [begun, answers.length];
  if (waiting === 0) return;
  await new Promise<void>((done, fail) => {
    for (const answer of answers) {
      void answer.then(({ failure: why, taken, indices, distances, evaluated }) => {
        left--;
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

/** Keeps workers that live for the next job, for a while. */
export function rest(workers: readonly WorkerHandle[]): void {
  if (workers.length === 0) return;
  for (const worker of workers) {
    if (worker.ended) continue;
    worker.hold(false);
    worker.onAnswer = () => undefined;
    worker.onGone = () => void (idle.includes(worker) && idle.splice(idle.indexOf(worker), 1));
    idle.push(worker);
  }
  clearTimeout(closing);
  closing = setTimeout(() => {
    for (const worker of idle.splice(0)) worker.end();
  }, IDLE_MILLISECONDS);
  (closing as { unref?: () => void }).unref?.();
}

function failure(): { readonly promise: Promise<never>; readonly fail: (why: string) => void } {
  let fail: (why: string) => void = () => undefined;
  const promise = new Promise<never>((_, reject) => (fail = (why) => reject(workerFailed(why))));
  promise.catch(() => undefined);
  return { promise, fail };
}

function workerFailed(why: string): Error {
  return environmentError("WORKER_FAILED", `A worker thread stopped (${why}); call again, or with threads: 1.`, why);
}
