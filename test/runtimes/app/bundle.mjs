/** What bundlers bundle: an app of both entries, and a worker for folds. */
import { configure, crossValidate, logistic, smote } from "counterpoise";

export * as generator from "counterpoise/generator";
export * as main from "counterpoise";

/** How many folds lanes did, and whether what they found is what one thread finds. */
export async function lanes() {
  const replies = [];
  const faults = [];
  configure({
    lane: () => {
      const worker = new Worker(new URL("./lane.mjs", import.meta.url), { type: "module" });
      worker.addEventListener("message", ({ data }) => "result" in data && replies.push(data));
      worker.addEventListener("error", ({ message }) => faults.push(message));
      return worker;
    },
  });
  const y = Array.from({ length: 12_000 }, (_, i) => (i % 5 === 0 ? 1 : 0));
  const X = Float64Array.from({ length: 120_000 }, (_, at) => ((at * 7919) % 1000) / 500 + y[Math.floor(at / 10)]);
  const scores = async (threads) => {
    const { candidates } = await crossValidate({ X, y, columns: 10 }, { learner: logistic(), resampler: smote(), repeats: 3 }, { threads });
    return JSON.stringify(candidates[0].scores);
  };
  const alone = await scores(1);
  const equal = [];
  // lanes start beside the first calls
  for (let times = 0; times < 12 && replies.length === 0; times++) equal.push((await scores(2)) === alone);
  return { working: replies.length, faults, equal: equal.every(Boolean) };
}
