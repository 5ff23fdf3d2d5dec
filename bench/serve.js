/** The other end of peer.js, for programs in JavaScript; bench/peers/serve.py is its twin. */
import { createInterface } from "node:readline";

/** Tells versions, then answers jobs `{ task, … }` by the task's function until there are no more. */
export async function serve(versions, tasks) {
  console.log(JSON.stringify(versions));
  for await (const line of createInterface({ input: process.stdin })) {
    const job = JSON.parse(line);
    const answer = await Promise.resolve(job)
      .then(tasks[job.task])
      .catch((error) => ({ error: error.message }));
    console.log(JSON.stringify(answer));
  }
}

/** Milliseconds of each call, and what the last one returned. */
export async function timed(call, repeats) {
  const times = [];
  let result;
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    result = await call();
    times.push(performance.now() - start);
  }
  return { times, result };
}
