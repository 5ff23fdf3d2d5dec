/**
 * npm run study:advise [-- --write]: advice on ten KEEL sets and on bank, with logistic regression and with nearest neighbors. Results go to bench/.cache/advise.jsonl as they are found, so a run that is ended goes on
 * where it was; delete the file to begin anew. With --write the page docs/studies/advise.md is written from what there is. Reads the tables in COUNTERPOISE_DATA.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import Papa from "papaparse";
import { advise, borderlineSmote, kNN, logistic, smote, table, tomekLinks } from "../../dist/index.js";

const ROOT = resolve(import.meta.dirname, "../..");
const DATA = process.env.COUNTERPOISE_DATA ?? resolve(ROOT, "../shared/data");
const CACHE = join(ROOT, "bench/.cache/advise.jsonl");
const SETS = ["abalone19", "ecoli3", "glass1", "page-blocks0", "pima", "vehicle1", "vowel0", "wisconsin", "yeast3", "yeast6"]
  .map((name) => `keel/${name}.csv`)
  .concat("mixed/bank.csv");
const LEARNERS = { logistic: logistic(), kNN: kNN() };

mkdirSync(join(ROOT, "bench/.cache"), { recursive: true });
const found = existsSync(CACHE)
  ? readFileSync(CACHE, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  : [];

for (const path of SETS) {
  const file = join(DATA, path);
  if (!existsSync(file)) {
    console.log(`${path} is not in ${DATA}, and is left out.`);
    continue;
  }
  const { data: rows, meta } = Papa.parse(readFileSync(file, "utf8").trim(), { header: true, skipEmptyLines: true });
  const target = meta.fields.at(-1);
  for (const [name, learner] of Object.entries(LEARNERS)) {
    if (found.some((one) => one.path === path && one.learner === name)) continue;
    const data = table(rows, { target, parseNumbers: true });
    const before = performance.now();
    const validation = { folds: 5, repeats: rows.length > 5000 ? 1 : 2 };
    const candidates = [smote({ onTooFew: "reduce" }), borderlineSmote({ onTooFew: "reduce" }), tomekLinks()];
    const advice = await advise(data, { learner, candidates, validation });
    const one = {
      path,
      learner: name,
      rows: rows.length,
      seconds: (performance.now() - before) / 1000,
      recommendation: advice.recommendation,
      summary: advice.summary,
      table: advice.rows.map(({ name: row, kind, means, gammas, against }) => ({
        row,
        kind,
        means,
        gammas,
        verdicts: against && Object.fromEntries(Object.entries(against).map(([metric, { verdict }]) => [metric, verdict])),
      })),
    };
    found.push(one);
    appendFileSync(CACHE, `${JSON.stringify(one)}\n`);
    console.log(`${path} ${name}: ${one.seconds.toFixed(1)} s, ${advice.recommendation}`);
  }
}

const METRICS = ["averagePrecision", "logLoss", "balancedAccuracy"];
const verdicts = found.flatMap(({ table: rows }) =>
  rows.filter(({ kind }) => kind === "candidate").flatMap(({ verdicts: own }) => METRICS.map((metric) => [metric, own[metric]])),
);
const count = (metric, verdict) => verdicts.filter(([own, told]) => own === metric && told === verdict).length;
const cells = (value) => (value === null ? "–" : value.toFixed(4));
const page = `# Advice on real tables

\`advise\` with SMOTE, Borderline-SMOTE and Tomek links as candidates, each oversampler at the size that inner folds chose, beside what costs nothing; 5 folds twice (once beyond 5000 rows), otherwise defaults. Written by \`npm run study:advise -- --write\`, as it came out.

How often a candidate was better, worse, as good (to within 0.01) as the best simple way, or could not be told from it:

| metric | better | worse | equivalent | cannot tell |
| --- | --- | --- | --- | --- |
${METRICS.map((metric) => `| ${metric} | ${["better", "worse", "equivalent", "cannot tell"].map((verdict) => count(metric, verdict)).join(" | ")} |`).join("\n")}

A simple way is the best of six on the same divisions, so it is a hard one to beat; and where a validation part holds fewer than ten rows of a class, nothing is told.

${found
  .map(
    ({ path, learner, rows, seconds, recommendation, table: ways }) => `## ${path.replace(/^.*\/|\.csv$/g, "")}, ${learner}

${rows} rows; by average precision: **${recommendation}**. ${seconds.toFixed(1)} s.

| way | average precision | log loss | balanced accuracy | sizes | verdicts |
| --- | --- | --- | --- | --- | --- |
${ways
  .map(({ row, means, gammas, verdicts: own }) => {
    const sizes = gammas.length ? `${Math.min(...gammas)} to ${Math.max(...gammas)}` : "";
    return `| ${row} | ${METRICS.map((metric) => cells(means[metric])).join(" | ")} | ${sizes} | ${own ? METRICS.map((metric) => own[metric]).join(", ") : ""} |`;
  })
  .join("\n")}
`,
  )
  .join("\n")}`;
if (process.argv.includes("--write")) writeFileSync(join(ROOT, "docs/studies/advise.md"), page);
