/** workerd: how long examples/edge takes from importing it to its first answer. The clock stands still between events, so reading it waits for one. */
const now = () => new Promise((resolve) => setTimeout(() => resolve(performance.now()), 0));

export default {
  async fetch(request) {
    const from = await now();
    const { default: worker } = await import("./examples/edge/worker.js");
    const response = await worker.fetch(request);
    const rows = await response.json();
    return Response.json({ ms: (await now()) - from, rows: rows.length });
  },
};
