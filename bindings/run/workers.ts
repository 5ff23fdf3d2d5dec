import { builtin } from "./host";
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

/** A worker of any runtime. */
export interface WorkerHandle {
  /** It has started, and can be given a job. */
  ready: boolean;
  /** It is gone, or was told to go. */
  ended: boolean;
  post(message: object, transfer: ArrayBuffer[]): void;
  /** Whether a process is to wait for it. */
  hold(needed: boolean): void;
  /** Ends it; whoever waits for it hears that it is gone. */
  end(): void;
  onAnswer: (answer: Answer) => void;
  onGone: (why: string) => void;
}

interface NodeWorker {
  on(event: string, listener: (value: unknown) => void): void;
  postMessage(message: object, transfer: readonly unknown[]): void;
  terminate(): unknown;
  ref(): void;
  unref(): void;
}

type NodeThreads = { readonly Worker: new (source: string, options: { eval: boolean }) => NodeWorker };

/** Whether a worker once failed to start: a policy forbids them, and it is no use to try again. */
let forbidden = false;

/** Starts a worker; undefined where there are none or a policy forbids them. */
export function startWorker(): WorkerHandle | undefined {
  if (forbidden) return undefined;
  const nothing = (): void => undefined;
  const handle: WorkerHandle = {
    ready: false,
    ended: false,
    post: nothing,
    hold: nothing,
    end: nothing,
    onAnswer: nothing,
    onGone: nothing,
  };
  try {
    const threads = builtin<NodeThreads>("node:worker_threads");
    return threads ? startNode(threads, handle) : startWeb(handle);
  } catch {
    forbidden = true;
    return undefined;
  }
}

function heard(handle: WorkerHandle, message: Answer | { readonly ready: boolean }): void {
  if ("ready" in message) handle.ready = true;
  else handle.onAnswer(message);
}

function gone(handle: WorkerHandle, why: string): void {
  if (!handle.ready && !handle.ended) forbidden = true;
  handle.ready = false;
  handle.ended = true;
  handle.onGone(why);
}

function startNode({ Worker }: NodeThreads, handle: WorkerHandle): WorkerHandle {
  const worker = new Worker(`var port=process.getBuiltinModule("node:worker_threads").parentPort;${program}`, { eval: true });
  worker.unref();
  worker.on("message", (message) => heard(handle, message as Answer));
  worker.on("error", (error) => gone(handle, String(error)));
  worker.on("exit", (code) => gone(handle, `it ended with code ${String(code)}`));
  handle.post = (message, transfer) => worker.postMessage(message, transfer);
  handle.hold = (needed) => (needed ? worker.ref() : worker.unref());
  handle.end = () => {
    handle.ended = true;
    void worker.terminate();
  };
  return handle;
}

function startWeb(handle: WorkerHandle): WorkerHandle {
  const url = URL.createObjectURL(new Blob(["var port=self;", program], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  worker.onmessage = ({ data }) => {
    URL.revokeObjectURL(url);
    heard(handle, data as Answer);
  };
  worker.onerror = (event) => {
    event.preventDefault?.();
    gone(handle, event.message || "it could not start");
  };
  handle.post = (message, transfer) => worker.postMessage(message, transfer);
  handle.end = () => {
    worker.terminate();
    gone(handle, "it was ended");
  };
  return handle;
}
