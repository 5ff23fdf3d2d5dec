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
  post(message: object, transfer: ArrayBuffer[]): void;
  /** Ends it; whoever waits for it hears that it is gone. */
  end(): void;
  onAnswer: (answer: Answer) => void;
  onGone: (why: string) => void;
}

interface NodeWorker {
  on(event: string, listener: (value: unknown) => void): void;
  postMessage(message: object, transfer: readonly unknown[]): void;
  terminate(): void;
  unref(): void;
}

type NodeThreads = { readonly Worker: new (source: string, options: { eval: boolean }) => NodeWorker };

/** Starts a worker, or undefined where there are none or a policy forbids them. */
export function startWorker(): WorkerHandle | undefined {
  const handle: WorkerHandle = { post: () => undefined, end: () => undefined, onAnswer: () => undefined, onGone: () => undefined };
  try {
    const threads = nodeThreads();
    return threads ? startNode(threads, handle) : startWeb(handle);
  } catch {
    return undefined;
  }
}

/** Node's threads; Deno and Bun have Web Workers too, and use those. */
function nodeThreads(): NodeThreads | undefined {
  const host = globalThis as { Deno?: object; Bun?: object };
  return host.Deno || host.Bun ? undefined : builtin<NodeThreads>("node:worker_threads");
}

function startNode({ Worker }: NodeThreads, handle: WorkerHandle): WorkerHandle {
  const worker = new Worker(`var port=process.getBuiltinModule("node:worker_threads").parentPort;${program}`, { eval: true });
  worker.unref();
  worker.on("message", (answer) => handle.onAnswer(answer as Answer));
  worker.on("error", (error) => handle.onGone(String(error)));
  worker.on("exit", (code) => handle.onGone(`it ended with code ${String(code)}`));
  handle.post = (message, transfer) => worker.postMessage(message, transfer);
  handle.end = () => worker.terminate();
  return handle;
}

function startWeb(handle: WorkerHandle): WorkerHandle | undefined {
  if (typeof Worker === "undefined" || typeof Blob === "undefined" || typeof URL?.createObjectURL !== "function") return undefined;
  const url = URL.createObjectURL(new Blob(["var port=self;", program], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  (worker as { unref?: () => void }).unref?.();
  worker.onmessage = ({ data }) => {
    URL.revokeObjectURL(url);
    handle.onAnswer(data as Answer);
  };
  worker.onerror = (event) => {
    event.preventDefault?.();
    handle.onGone(event.message || "it could not start");
  };
  handle.post = (message, transfer) => worker.postMessage(message, transfer);
  handle.end = () => {
    worker.terminate();
    handle.onGone("it was ended");
  };
  return handle;
}
