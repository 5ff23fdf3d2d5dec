import { environmentError } from "../errors";
import { builtin } from "./host";

/** A worker of any runtime, which says { ready } once it has started, and then answers. */
export interface WorkerHandle<Answer> {
  readonly program: Program;
  /** It has started, and can be given something to do. */
  ready: boolean;
  /** It is gone, or was told to go. */
  ended: boolean;
  post(message: object, transfer?: ArrayBuffer[]): void;
  /** Whether a process is to wait for it. */
  hold(needed: boolean): void;
  /** Ends it; whoever waits for it hears that it is gone. */
  end(): void;
  onReady(): void;
  onAnswer(answer: Answer): void;
  onGone(why: string): void;
}

/** What is used of a worker of node:worker_threads. */
export interface NodeWorker {
  on(event: string, listener: (value: unknown) => void): void;
  postMessage(message: object, transfer?: readonly unknown[]): void;
  terminate(): unknown;
  ref(): void;
  unref(): void;
}

export type NodeThreads = { readonly Worker: new (program: string | URL, options: object) => NodeWorker };

/** What a worker runs. */
export interface Program {
  readonly node: (threads: NodeThreads) => NodeWorker | Worker;
  readonly web: () => NodeWorker | Worker;
  /** Whether a worker once failed to start: a policy forbids it, or a bundler left its file out, and it is no use to try again. */
  forbidden?: boolean;
}

/** Starts a worker; undefined where there are none or a policy forbids them. */
export function startWorker<Answer>(program: Program): WorkerHandle<Answer> | undefined {
  if (program.forbidden) return undefined;
  const nothing = (): void => undefined;
  const handle: WorkerHandle<Answer> = {
    program,
    ready: false,
    ended: false,
    post: nothing,
    hold: nothing,
    end: nothing,
    onReady: nothing,
    onAnswer: nothing,
    onGone: nothing,
  };
  try {
    const threads = builtin<NodeThreads>("node:worker_threads");
    const worker = threads ? program.node(threads) : program.web();
    if ("on" in worker) {
      worker.unref();
      worker.on("message", (message) => heard(handle, message as Answer));
      worker.on("error", (error) => gone(handle, String(error)));
      worker.on("exit", (code) => gone(handle, `code ${String(code)}`));
      handle.hold = (needed) => (needed ? worker.ref() : worker.unref());
    } else {
      worker.onmessage = ({ data }) => heard(handle, data as Answer);
      worker.onerror = (event) => {
        event.preventDefault?.();
        gone(handle, event.message || "it could not start");
      };
    }
    handle.post = (message, transfer = []) => worker.postMessage(message, transfer as never);
    handle.end = () => {
      void worker.terminate();
      handle.ended = true;
      gone(handle, "ended");
    };
    return handle;
  } catch {
    program.forbidden = true;
    return undefined;
  }
}

/* Functions of their own: within the one above, the bundler takes what a handle begins with for what it always does. */

function heard<Answer>(handle: WorkerHandle<Answer>, message: Answer): void {
  if (handle.ready) return handle.onAnswer(message);
  handle.ready = true;
  handle.onReady();
}

function gone<Answer>(handle: WorkerHandle<Answer>, why: string): void {
  if (!handle.ready && !handle.ended) handle.program.forbidden = true;
  handle.ready = false;
  handle.ended = true;
  handle.onGone(why);
}

/** Workers that wait for something to do, for a while. */
export interface Pool<Answer> {
  readonly program: Program;
  readonly idle: WorkerHandle<Answer>[];
  closing?: ReturnType<typeof setTimeout>;
  /** What goes with them. */
  closed?(): void;
}

const IDLE_MILLISECONDS = 10_000;

/** As many workers as are to be had, at most `count`; those that are new are not ready yet. */
export function hire<Answer>({ program, idle }: Pool<Answer>, count: number): WorkerHandle<Answer>[] {
  const workers: WorkerHandle<Answer>[] = [];
  while (workers.length < count) {
    const worker = idle.pop() ?? startWorker<Answer>(program);
    if (!worker) break;
    if (worker.ended) continue;
    worker.hold(true);
    workers.push(worker);
  }
  return workers;
}

/** Keeps workers that live for the next call, for a while. */
export function rest<Answer>(pool: Pool<Answer>, workers: readonly WorkerHandle<Answer>[]): void {
  if (workers.length === 0) return;
  const { idle } = pool;
  for (const worker of workers) {
    if (worker.ended) continue;
    worker.hold(false);
    worker.onAnswer = worker.onReady = worker.onGone = () => undefined;
    idle.push(worker);
  }
  clearTimeout(pool.closing);
  pool.closing = setTimeout(() => {
    for (const worker of idle.splice(0)) worker.end();
    pool.closed?.();
  }, IDLE_MILLISECONDS);
  (pool.closing as { unref?: () => void }).unref?.();
}

export function workerFailed(why: string): Error {
  return environmentError("WORKER_FAILED", `A worker thread stopped (${why}); call again, or with threads: 1.`, why);
}
