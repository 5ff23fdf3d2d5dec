/**
 * node bench/studies/gk-smote/run.js [--write]: GK-SMOTE beside SMOTE, Borderline-SMOTE and ADASYN on real tables whose training labels are turned, as its paper does. Tables of KEEL are read from
 * COUNTERPOISE_DATA; with --write the Markdown goes to docs/studies/gk-smote.md, as it came out.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { adasyn, borderlineSmote, folds, gkSmote, kNN, logistic, smote, wilcoxon } from "../../../dist/index.js";
import { uniform } from "../../data.js";
import { matrices, measures, rounded, rows, ROOT, shown, table } from "../tables.js";

const METHODS = {
  "no rows added": undefined,
  SMOTE: (seed) => smote({ seed, onTooFew: "copy" }),
  Borderline: (seed) => borderlineSmote({ seed, onTooFew: "copy", onNoDanger: "all" }),
  ADASYN: (seed) => adasyn({ seed, onTooFew: "copy" }),
  "GK, repository": (seed) => gkSmote({ seed, mode: "repository", onTooFew: "copy" }),
  "GK, intent": (seed) => gkSmote({ seed, onTooFew: "copy" }),
};
const LEARNERS = [logistic(), kNN({ kNeighbors: 5 }), kNN({ kNeighbors: 1 })];
const NOISES = [
  ["none", 0],
  ["uniform", 0.1],
  ["uniform", 0.2],
  ["paired", 0.1],
  ["paired", 0.3],
];
const MEASURES = ["Matthews correlation", "balanced accuracy", "average precision"];
const LIMIT = 7 * 60_000;

/** Labels with some turned: `uniform` each with probability rate; `paired` rate times the rarer class of either class, so that sizes stay. */
function turned(y, kind, rate, unit) {
  if (kind === "uniform") return y.map((label) => (unit() < rate ? 1 - label : label));
  const result = y.slice();
  const count = Math.round(rate * y.filter((label) => label === 1).length);
  for (const label of [0, 1]) {
    const members = [...y.keys()].filter((i) => y[i] === label);
    for (let t = 0; t < count && members.length; t++) result[members.splice(Math.floor(unit() * members.length), 1)[0]] = 1 - label;
  }
  return result;
}

const began = performance.now();
const found = new Map();
const known = matrices((entry) => entry.rows < 1100 && entry.features < 25);
const done = [];
for (const { name, X, y } of known) {
  if (performance.now() - began > LIMIT) break;
  const parts = folds({ X, y }, { folds: 5, seed: 1 });
  for (const [kind, rate] of NOISES) {
    const sums = new Map();
    for (const [f, { train, test }] of parts.entries()) {
      const labels = turned(rows(y, train), kind, rate, uniform(f + 100 * rate));
      const [data, asked, truth] = [{ X: rows(X, train), y: labels }, { X: rows(X, test) }, rows(y, test)];
      if (Math.min(labels.filter(Boolean).length, labels.filter((label) => !label).length) < 2) continue;
      for (const [method, make] of Object.entries(METHODS)) {
        const grown = make ? (await make(f).resample(data)).data : data;
        for (const learner of LEARNERS) {
          const model = await learner.fit({ X: grown.X, y: grown.y });
          const { labels: classes, probabilities } = await model.predictProbability(asked);
          const chances = truth.map((_, i) => probabilities[i * classes.length + classes.indexOf(1)]);
          measures(truth, chances).forEach((value, m) => {
            const key = `${method}|${m}`;
            sums.set(key, [...(sums.get(key) ?? []), value]);
          });
        }
      }
    }
    for (const [key, values] of sums) {
      const whole = `${kind} ${rate}|${key}`;
      found.set(whole, [...(found.get(whole) ?? []), values.reduce((a, b) => a + b, 0) / values.length]);
    }
  }
  done.push(name);
  console.log(name, Math.round((performance.now() - began) / 1000), "s");
}

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
const sections = MEASURES.map((measure, m) => {
  const line = ([kind, rate]) => {
    const own = found.get(`${kind} ${rate}|GK, intent|${m}`);
    const cells = Object.keys(METHODS).map((method) => {
      const values = found.get(`${kind} ${rate}|${method}|${m}`);
      const p = method === "GK, intent" ? "" : ` (${shown(wilcoxon(rounded(own), rounded(values)).pValue)})`;
      return mean(values).toFixed(3) + p;
    });
    return [rate ? `${kind} ${rate}` : "none", ...cells];
  };
  return `## ${measure}\n\n${table(["labels turned", ...Object.keys(METHODS)], NOISES.map(line))}`;
});
const text = `# GK-SMOTE among others, on tables with turned labels

\`node bench/studies/gk-smote/run.js --write\`: ${done.length} tables of KEEL with fewer than 1100 rows and two classes, standardized; five folds by class, labels turned in the training rows only;
means over tables, folds and three learners (logistic regression, five nearest neighbors, the nearest neighbor), defaults throughout. \`uniform\` turns each label with that probability, so that with few rows of a class most of its labels
are wrong; \`paired\` turns that share of the rarer class and as many of the other. In parentheses: the two-sided p of Wilcoxon's signed ranks over tables against GK-SMOTE in mode intent, not corrected for
their number. As it came out.

${sections.join("\n\n")}

Tables: ${done.join(", ")}.
`;
console.log(text);
if (process.argv.includes("--write")) writeFileSync(join(ROOT, "docs/studies/gk-smote.md"), text);
