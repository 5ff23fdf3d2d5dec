import type { Pool, WorkerHandle } from "./workers";

/** First what all parts of an errand need, then parts, one by one. */
export type Order =
  | { readonly id: number; readonly name: string; readonly shared: object }
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

export const lanes: Pool<Reply> = {
  idle: [],
  program: {
    // not as bundlers look for it, who would take the file along for where it is no use
    node: ({ Worker }) => new Worker(new URL(import.meta.url.replace(/[^/]*$/, "lane.js")), { execArgv: [] }),
    web: () => new Worker(new URL("./lane.js", import.meta.url), { type: "module" }),
  },
};
