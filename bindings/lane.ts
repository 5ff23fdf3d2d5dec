import { InputError } from "./index";
import * as makers from "./makers";
import { limitMemory } from "./engine/lease";
import { pairsOf } from "./density/pairs";
import { sumsOf } from "./density/shared";
import { trialsOf } from "./evaluate/attempts";
import type { Described } from "./described";
import { builtin } from "./run/host";
import type { Failure, Order, Reply } from "./run/lanes";
import { contestsOf } from "./tune/contest";
import { plansOf } from "./tune/setup";

/*
 * The file that a lane runs (run/lanes.ts): the whole library, and what it does with the parts of an errand (run/spread.ts). It listens only where it was started as a lane.
 */

type Does = (part: never) => Promise<unknown>;
type Make = (described: Described) => never;

/** By name of an errand: of what all parts need, what does one. */
const ERRANDS: Readonly<Record<string, (shared: never, make: Make) => Does>> = {
  trials: trialsOf,
  plans: plansOf,
  contests: contestsOf,
  sums: sumsOf,
  pairs: pairsOf,
};

function make({ name, options, inside }: Described): never {
  const maker = (makers as unknown as Record<string, (...given: unknown[]) => never>)[name]!;
  return maker(...inside.map(make), options);
}

function failureOf(error: unknown): Failure {
  const { message, code } = error as Failure;
  return { message: error instanceof Error ? message : String(error), code, input: error instanceof InputError };
}

interface Port {
  onmessage: ((event: { readonly data: Order }) => void) | null;
  postMessage(reply: Reply | { readonly ready: true }): void;
}

function listen(port: Port): void {
  let [current, does]: [number, Does] = [0, () => Promise.reject(new Error("no errand"))];
  const receive = async (order: Order): Promise<void> => {
    const { id } = order;
    const place = "place" in order ? order.place : 0;
    try {
      if ("name" in order) {
        current = id;
        limitMemory(order.memoryLimit);
        does = ERRANDS[order.name]!(order.shared as never, make);
      } else if (id === current) port.postMessage({ id, place, result: await does(order.part as never) });
    } catch (error) {
      port.postMessage({ id, place, failure: failureOf(error) });
    }
  };
  // one part after the other, in the order in which they came
  let last = Promise.resolve();
  port.onmessage = ({ data }) => void (last = last.then(() => receive(data)));
  port.postMessage({ ready: true });
}

const threads = builtin<{ readonly parentPort: Port | null }>("node:worker_threads");
const port = threads ? threads.parentPort : "WorkerGlobalScope" in globalThis ? (globalThis as unknown as Port) : null;
if (port) listen(port);
