import type { NodeWorker, Pool, WorkerHandle } from "./workers";

/** First what all parts of an errand need, then parts, one by one. */
export type Order =
  | { readonly id: number; readonly name: string; readonly shared: object; readonly memoryLimit: number }
  | { readonly id: number; readonly place: number; readonly part: unknown };

/** What came of a part. */
export type Reply = { readonly id: number; readonly place: number } & ({ readonly result: unknown } | { readonly failure: Failure });

/** An error as plain data. */
export interface Failure {
  readonly message: string;
  /** Of our errors. */
  readonly code?: string | undefined;
  readonly input?: boolean | undefined;
}

/** A worker that has the whole library in it. */
export type Lane = WorkerHandle<Reply>;

/** What makes the worker of a lane where the file is not where the library looks for it. */
export type LaneMaker = () => object;

let maker: LaneMaker | undefined;
const made = (): Worker | NodeWorker | undefined => maker?.() as Worker | NodeWorker | undefined;

export const lanes: Pool<Reply> = {
  idle: [],
  program: {
    // not as bundlers look for it, who would take the file along for those who need none
    node: ({ Worker }) => made() ?? new Worker(new URL(import.meta.url.replace(/[^/]*$/, "lane.js")), { execArgv: [] }),
    web() {
      const worker = made();
      if (worker) return worker;
      throw new Error("nobody knows where the file is");
    },
  },
};

/** Has lanes made by the caller. */
export function makeLanesBy(given: LaneMaker): void {
  maker = given;
  lanes.program.forbidden = false;
}
