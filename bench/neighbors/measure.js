/** Times everybody on the rows of one cell. */
import { setTimeout as pause } from "node:timers/promises";
import { readIndices, readRows } from "../rows.js";
import { median } from "../summary.js";
import { assertNearest, distancesOf, recallOf } from "./exact.js";

export const K = 5;
/** Pools of other libraries wait busily for some milliseconds after their turn. */
const REST_MS = 30;
/** A first call on some of the rows, so that no one is measured while it is compiled or paged in. */
const WARM = { ours: { rows: 1000, repeats: 20 }, peers: { rows: 300, repeats: 3 } };

/**
 * Outcomes by contender: { times, recall, peak, before } or why there are none: missing, late, leftOut (ms it would take at least). `table` is { name, X, columns, file }, in use by
 * the crew. One call each, then up to `turns` of a few, in order and back; the first call counts only if fewer than three follow. `tenth` are the outcomes with a tenth of the rows.
 */
export async function measureCell(table, contenders, crew, { tenth, turns = 5 }) {
  const outcomes = {};
  const exact = {};
  for (const contender of contenders) {
    const best = bestOfColumn(contender, contenders, outcomes);
    outcomes[contender.id] = await firstCall(table, contender, crew, { best, least: leastTime(contender, tenth), exact });
  }
  for (let turn = 0; turn < turns; turn++) {
    for (const contender of turn % 2 ? contenders : contenders.toReversed()) {
      const outcome = outcomes[contender.id];
      if (outcome.first === undefined || turn >= turnsAfter(outcome.first, contender.ours && !contender.variant)) continue;
      const repeats = Math.max(1, Math.min(9, Math.floor(100 / outcome.first)));
      const { times } = await ask(crew, contender, { repeats });
      outcome.times.push(...times);
    }
  }
  for (const outcome of Object.values(outcomes)) if (outcome.times?.length > 3) outcome.times.shift();
  return outcomes;
}

/** How many turns are worth their time after a first call of so many milliseconds. Every ratio has ours in it, so ours has at least one. */
function turnsAfter(first, ours) {
  if (first < 100) return 5;
  if (first < 400) return ours ? 3 : 2;
  return Number(ours || first < 800);
}

async function firstCall(table, contender, crew, { best, least, exact }) {
  if (!(await crew.get(contender.process))) return { missing: true };
  if (table.n > contender.mostRows) return { leftOut: least };
  if (least > Math.min(contender.limit, best)) return { leftOut: least };
  await ask(crew, contender, WARM[contender.ours ? "ours" : "peers"]);
  const out = `${table.file}.found`;
  const answer = await ask(crew, contender, { repeats: 1, out }, contender.limit);
  if (!answer) return { late: contender.limit };
  const { times, peak, before } = answer;
  return { first: times[0], times, peak, before, recall: judge(table, contender, out, exact) };
}

function ask(crew, { process, method, threads }, job, limit) {
  return pause(REST_MS).then(() => crew.ask(process, { task: "time", method, threads, k: K, ...job }, limit));
}

/** Milliseconds below which nobody stays who took so long with a tenth of the rows. */
function leastTime({ id, growth }, tenth) {
  const outcome = tenth?.[id];
  if (!outcome) return 0;
  return outcome.times ? growth * median(outcome.times) : 10 * (outcome.late ?? outcome.leftOut ?? 0);
}

/** Least time of the contenders that share a column, of which only the best is shown. */
function bestOfColumn({ column }, contenders, outcomes) {
  return Math.min(...contenders.filter((other) => other.column === column).map(({ id }) => outcomes[id]?.first ?? Infinity));
}

/** Recall of what was found. Ours, which come first, must be nearest of all. */
function judge(table, contender, out, exact) {
  const distances = distancesOf(table, readIndices(out), K);
  const { name, n } = table;
  if (contender.ours) {
    assertNearest(name, distances, readRows(`${out}.distances`), "its own list", K, true);
    if (exact.distances) assertNearest(name, distances, exact.distances, "ours before", K, true);
    exact.distances ??= distances;
  }
  // others may round and miss one; a thousand moderate rows leave no room for it in double precision
  const same = contender.method === "brute" && n === 1000;
  assertNearest(name, exact.distances, distances, contender.id, K, same);
  return recallOf(exact.distances, distances, K);
}
