/**
 * node bench/studies/kotaro/run.js [--write]: KOTARO beside the nearest neighbor and five of them: discs in the plane, whose densities and sizes are known, and real tables of KEEL from
 * COUNTERPOISE_DATA. With --write the Markdown goes to docs/studies/kotaro.md, as it came out.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { balancedAccuracy, folds, gMean, kNN, kotaro, logistic, matthewsCorrelation, sensitivity, wilcoxon } from "../../../dist/index.js";
import { uniform } from "../../data.js";
import { matrices, rows, ROOT, rounded, shown, table } from "../tables.js";

const LEARNERS = {
  "k 1, scaled": kotaro({ kNeighbors: 1 }),
  "k 3, scaled": kotaro({ kNeighbors: 3 }),
  "k 5, scaled": kotaro({ kNeighbors: 5 }),
  "k 1, literal": kotaro({ kNeighbors: 1, width: "literal" }),
  "k 3, literal": kotaro({ kNeighbors: 3, width: "literal" }),
  tuned: kotaro({ kNeighbors: "tune", ridge: "tune" }),
  "1 neighbor": kNN({ kNeighbors: 1 }),
  "5 neighbors": kNN({ kNeighbors: 5 }),
};
const REPEATS = 10;
const MAJORITY = 300;
const TEST = 2000;

/** A point of a disc. */
function inDisc(unit, x, y, radius) {
  for (;;) {
    const [u, v] = [2 * unit() - 1, 2 * unit() - 1];
    if (u * u + v * v <= 1) return [x + radius * u, y + radius * v];
  }
}

/** Where the two classes lie: two discs that overlap, of different densities; of equal density, side by side; the rarer one in a hole of the other. */
const DISCS = {
  density: (unit, rare) => inDisc(unit, rare ? 1.6 : 0, 0, 1),
  extent: (unit, rare, ratio) => (rare ? inDisc(unit, 1 + Math.sqrt(1 / ratio), 0, Math.sqrt(1 / ratio)) : inDisc(unit, 0, 0, 1)),
  enclosed(unit, rare) {
    if (rare) return inDisc(unit, 0, 0, 0.33);
    for (;;) {
      const point = inDisc(unit, 0, 0, 1);
      if (point[0] ** 2 + point[1] ** 2 > 0.09) return point;
    }
  },
};

function drawn(kind, unit, ratio, many) {
  const y = Array.from({ length: many + Math.round(many / ratio) }, (_, i) => Number(i >= many));
  return { X: y.map((label) => DISCS[kind](unit, label === 1, ratio)), y };
}

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
const measure = (truth, said) => [matthewsCorrelation(truth, said), gMean(truth, said), sensitivity(truth, said, { positive: 1 })];
const began = performance.now();

const lines = [];
for (const kind of Object.keys(DISCS)) {
  for (const ratio of [5, 50]) {
    const cells = new Map(Object.keys(LEARNERS).map((name) => [name, []]));
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const unit = uniform(1000 * ratio + repeat);
      const [train, test] = [drawn(kind, unit, ratio, MAJORITY), drawn(kind, unit, ratio, TEST)];
      for (const [name, learner] of Object.entries(LEARNERS)) {
        const model = await learner.fit(train);
        cells.get(name).push(measure(test.y, await model.predict({ X: test.X })));
      }
    }
    lines.push([
      `${kind}, 1 : ${ratio}`,
      ...[...cells.values()].map((all) => `${mean(all.map(([m]) => m)).toFixed(3)} / ${mean(all.map(([, g]) => g)).toFixed(3)}`),
    ]);
    console.log(lines.at(-1).join("  "), Math.round((performance.now() - began) / 1000), "s");
  }
}

const REAL = { ...LEARNERS, logistic: logistic() };
delete REAL["k 5, scaled"];
delete REAL["k 3, literal"];
const found = new Map(Object.keys(REAL).map((name) => [name, []]));
const done = [];
for (const { name, X, y } of matrices((entry) => entry.rows < 1000 && entry.features < 25)) {
  if (performance.now() - began > 7 * 60_000) break;
  const parts = folds({ X, y }, { folds: 5, seed: 1 });
  for (const [label, learner] of Object.entries(REAL)) {
    const values = [];
    for (const { train, test } of parts) {
      const model = await learner.fit({ X: rows(X, train), y: rows(y, train) });
      const [truth, said] = [rows(y, test), await model.predict({ X: rows(X, test) })];
      values.push([matthewsCorrelation(truth, said), balancedAccuracy(truth, said)]);
    }
    found.get(label).push([mean(values.map(([m]) => m)), mean(values.map(([, b]) => b))]);
  }
  done.push(name);
  console.log(name, Math.round((performance.now() - began) / 1000), "s");
}
const own = found.get("k 3, scaled");
const column = (values, m) => rounded(values.map((pair) => pair[m]));
const pOf = (values, m) => shown(wilcoxon(column(own, m), column(values, m)).pValue);
const real = Object.entries(Object.fromEntries(found)).map(([name, values]) => [
  name,
  mean(values.map(([m]) => m)).toFixed(3),
  name === "k 3, scaled" ? "" : pOf(values, 0),
  mean(values.map(([, b]) => b)).toFixed(3),
  name === "k 3, scaled" ? "" : pOf(values, 1),
]);

const text = `# KOTARO beside nearest neighbors

\`node bench/studies/kotaro/run.js --write\`, as it came out.

## Discs in the plane

${MAJORITY} rows of the larger class to learn from, ${TEST} to be told, means of ${REPEATS} drawings: Matthews correlation / root of the product of sensitivities. *density*: two discs of radius 1 whose centers are 1.6 apart, one as much sparser as the classes differ in size;
*extent*: discs of equal density side by side; *enclosed*: a disc of radius 0.33 in a hole of radius 0.3.

${table(["", ...Object.keys(LEARNERS)], lines)}

## Real tables

${done.length} tables of KEEL with fewer than 1000 rows and two classes, standardized, five folds by class; means over tables, and the two-sided p of Wilcoxon's signed ranks over tables against k 3, scaled, not corrected for their number.

${table(["", "Matthews correlation", "p", "balanced accuracy", "p"], real)}

Tables: ${done.join(", ")}.
`;
console.log(text);
if (process.argv.includes("--write")) writeFileSync(join(ROOT, "docs/studies/kotaro.md"), text);
