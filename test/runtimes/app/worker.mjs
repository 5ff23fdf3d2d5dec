/** workerd: answers a request with the report. The clock stands still between events, so reading it waits for one. */
import { probe } from "./probe.mjs";

const now = () => new Promise((resolve) => setTimeout(() => resolve(performance.now()), 0));

export default {
  async fetch() {
    const load = { main: () => import("counterpoise"), generator: () => import("counterpoise/generator") };
    return Response.json(await probe(load, { now }));
  },
};
