import { builtin } from "./host";

/** What a lane answers: that it is there, or what came of a part. */
export type Reply =
  | { readonly ready: true }
  | { readonly id: number; readonly place: number; readonly result: unknown }
  | { readonly id: number; readonly place: number; readonly failure: Failure };

/** First what all parts of an errand need, then parts, one by one. */
export type Order =
  | { readonly id: number; readonly name: string; readonly shared: object }
  | { readonly id: number; readonly place: number; readonly part: unknown };

/** An error as plain data. */
export interface Failure {
  readonly message: string;
  /** Of our errors. */
  readonly code?: string | undefined;
  readonly input?: boolean | undefined;
}

/** A worker that has the whole library in it: dist/lane.js. */
export interface Lane {
  ready: boolean;
  ended: boolean;
  post(order: Order): void;
  /** Whether a process is to wait for it. */
  hold(needed: boolean): void;
  end(): void;
  onReply: (reply: Exclude<Reply, { readonly ready: true }>) => void;
  onReady: () => void;
  onGone: (why: string) => void;
}

interface NodeWorker {
  on(event: string, listener: (value: unknown) => void): void;
  postMessage(message: object): void;
  terminate(): unknown;
  ref(): void;
  unref(): void;
}

type NodeThreads = { readonly Worker: new (file: URL, options: { execArgv: string[] }) => NodeWorker };

const IDLE_MILLISECONDS = 10_000;

const idle: Lane[] = [];
let closing: ReturnType<typeof setTimeout> | undefined;

/** Whether one failed to start: a bundler left its file out, or a policy forbids it, and it is no use to try again. */
let missing = false;

/** Lanes that wait for something to do. */
export function idleLanes(): number {
  return idle.length;
}

/** Lanes, as many as are to be had; those that are new are not ready yet. */
export function hireLanes(count: number): Lane[] {
  const lanes: Lane[] = [];
  while (lanes.length < count) {
    const lane = idle.pop() ?? startLane();
    if (!lane) break;
    lane.hold(true);
    lanes.push(lane);
  }
  return lanes;
}

/** Keeps lanes for the next call, for a while. */
export function restLanes(lanes: readonly Lane[]): void {
  for (const lane of lanes) {
    if (lane.ended) continue;
    lane.hold(false);
    lane.onReply = lane.onReady = (): void => undefined;
    lane.onGone = () => void (idle.includes(lane) && idle.splice(idle.indexOf(lane), 1));
    idle.push(lane);
  }
  clearTimeout(closing);
  closing = setTimeout(() => {
    for (const lane of idle.splice(0)) lane.end();
  }, IDLE_MILLISECONDS);
  (closing as { unref?: () => void }).unref?.();
}

function startLane(): Lane | undefined {
  if (missing) return undefined;
  const nothing = (): void => undefined;
  const lane: Lane = {
    ready: false,
    ended: false,
    post: nothing,
    hold: nothing,
    end: nothing,
    onReply: nothing,
    onReady: nothing,
    onGone: nothing,
  };
  try {
    const threads = builtin<NodeThreads>("node:worker_threads");
    if (threads) startNode(threads, lane);
    else startWeb(lane);
    return lane;
  } catch {
    missing = true;
    return undefined;
  }
}

function heard(lane: Lane, reply: Reply): void {
  if (!("ready" in reply)) return lane.onReply(reply);
  lane.ready = true;
  lane.onReady();
}

function gone(lane: Lane, why: string): void {
  if (!lane.ready && !lane.ended) missing = true;
  lane.ready = false;
  lane.ended = true;
  lane.onGone(why);
}

function startNode({ Worker }: NodeThreads, lane: Lane): void {
  // not as bundlers write it, who would take the file along for where it is no use
  const worker = new Worker(new URL(import.meta.url.replace(/[^/]*$/, "lane.js")), { execArgv: [] });
  worker.unref();
  worker.on("message", (reply) => heard(lane, reply as Reply));
  worker.on("error", (error) => gone(lane, String(error)));
  worker.on("exit", (code) => gone(lane, `it ended with code ${String(code)}`));
  lane.post = (order) => worker.postMessage(order);
  lane.hold = (needed) => (needed ? worker.ref() : worker.unref());
  lane.end = () => {
    lane.ended = true;
    void worker.terminate();
  };
}

function startWeb(lane: Lane): void {
  const worker = new Worker(new URL("./lane.js", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }) => heard(lane, data as Reply);
  worker.onerror = (event) => {
    event.preventDefault?.();
    gone(lane, event.message || "it could not start");
  };
  lane.post = (order) => worker.postMessage(order);
  lane.end = () => {
    lane.ended = true;
    worker.terminate();
  };
}
