/** examples/edge as wrangler would deploy it, in workerd. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { run } from "./tools.js";
import { answer, deploy } from "./miniflare.js";

const STARTS = 5;
const QUERY = "/rows?label=Chinstrap&from=0&to=100";

/** Its answers, and the median time to the first of several starts, see app/first-answer.mjs. */
export async function edgeExample({ folder, installed }) {
  const example = join(folder, "examples/edge");
  await run(process.execPath, ["make-generator.js"], { cwd: example });
  await answer(await deploy(example), (get) => checkAnswers(get, example, installed));

  const timed = await deploy(folder, "first-answer.mjs", "timed");
  const times = [];
  while (times.length < STARTS) {
    const [, { ms, rows }] = await answer(timed, (get) => get(QUERY));
    strictEqual(rows, 100);
    times.push(ms);
  }
  return { result: "rows as in Node, 400, 404; first answer", cold: times.toSorted((a, b) => a - b)[STARTS >> 1] };
}

async function checkAnswers(get, example, installed) {
  const { restoreGenerator } = await import(pathToFileURL(join(installed, "dist/generator.js")));
  const generator = restoreGenerator(JSON.parse(readFileSync(join(example, "generator.json"), "utf8")));
  deepStrictEqual(await get(QUERY), [200, (await generator.sample("Chinstrap", 0, 100)).data]);
  for (const query of ["label=Emperor", "label=Chinstrap&from=ten", "label=Chinstrap&from=5&to=1", "label=Chinstrap&to=1e9", ""]) {
    const [status, { error }] = await get(`/rows?${query}`);
    strictEqual(status, 400, query);
    strictEqual(/^\S[^\n]+\.$/.test(error), true, `${query}: ${error}`);
  }
  strictEqual((await get("/"))[0], 404);
}
