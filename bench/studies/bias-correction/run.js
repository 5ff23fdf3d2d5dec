/**
 * npm run study:bias-correction [-- --write] [--repeats R] [--fresh]: 24 settings and two pairs of digits, bias correction beside naive augmentation and class weights, of the built package. What was computed is kept in
 * build/studies, so that a run that was stopped goes on; with --write, the Markdown also goes to docs/studies/bias-correction.md.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { balancedAccuracy, balancedLogLoss, biasCorrect, logistic, smote } from "../../../dist/index.js";
import { COLUMNS, DESIGNS, drawRows, duplicates, gaussianFit, jitter, numbersOf, shift } from "./designs.js";
import { digitsReport, settingsReport } from "./report.js";

const { values: options } = parseArgs({
  options: { write: { type: "boolean" }, fresh: { type: "boolean" }, repeats: { type: "string", default: "30" } },
});
const ROOT = resolve(import.meta.dirname, "../../..");
const STORE = resolve(ROOT, "build/studies/bias-correction.json");
const REPEATS = Number(options.repeats);
const [N0, N1, TEST] = [1000, 50, 20_000];

const GENERATORS = {
  "SMOTE k = 5": (seed) => smote({ seed }),
  // all neighbors there are, in folds too
  "SMOTE all": (seed) => smote({ seed, kNeighbors: N1 - 1, onTooFew: "reduce" }),
  "jitter σ = 1": jitter,
  "Gaussian fit × ½": gaussianFit,
  "shift −0.7": shift,
  duplicates,
};

if (options.fresh) rmSync(STORE, { force: true });
const known = existsSync(STORE) ? JSON.parse(readFileSync(STORE, "utf8")) : {};
mkdirSync(dirname(STORE), { recursive: true });

/** Computes once what has this name. */
async function once(name, compute) {
  if (!(name in known)) {
    known[name] = await compute();
    writeFileSync(STORE, JSON.stringify(known));
  }
  return known[name];
}

const lossOf = async (model, { X, y, columns }) => {
  const { probabilities } = await model.predictProbability({ X, columns });
  return balancedLogLoss(y, probabilities);
};

/** Balanced log loss of every way on the test rows. */
async function ways(train, test, oversampler, learner, weighted, seed) {
  const by = async (more) => {
    const { model, lambda } = await biasCorrect(train, { oversampler, learner, seed, ...more });
    return { loss: await lossOf(model, test), lambda, model };
  };
  const [naive, translate, diag, tuned] = [
    await by({ lambda: 0 }),
    await by({ lambda: 1, transfer: "translate" }),
    await by({ lambda: 1 }),
    await by({}),
  ];
  const reweighted = { model: await weighted.fit(train) };
  reweighted.loss = await lossOf(reweighted.model, test);
  return { naive, translate, diag, tuned, reweighted };
}

const started = performance.now();
for (const design of Object.keys(DESIGNS)) {
  const learner = logistic({ C: 500 });
  const test = drawRows(design, TEST, TEST, 4_000_000);
  const best = await once(`${design} best`, async () => lossOf(await learner.fit(test), test));
  for (let r = 1; r <= REPEATS; r++) {
    for (const [generator, make] of Object.entries(GENERATORS)) {
      await once(`${design}, ${generator}, ${r}`, async () => {
        const train = drawRows(design, N0, N1, r);
        const found = await ways(train, test, make(r), learner, logistic({ C: 500, classWeight: "balanced" }), r);
        return { ...Object.fromEntries(Object.entries(found).map(([way, { loss }]) => [way, loss - best])), lambda: found.tuned.lambda };
      });
    }
    console.log(`${design} ${r} of ${REPEATS}, ${Math.round((performance.now() - started) / 1000)} s`);
  }
}

const { rows: DIGITS } = JSON.parse(readFileSync(resolve(ROOT, "test/golden/digits.json"), "utf8"));
const PAIRS = [
  [3, 8],
  [4, 9],
];
/** Rows to learn from: 20 of the first digit for each of the second. */
const [MAJORITY, MINORITY] = [120, 6];

function digits([one, other], seed) {
  const { unit } = numbersOf(seed);
  const parts = [one, other].map((digit) => {
    const rows = DIGITS[digit].map((row) => Float64Array.from(row, (pixel) => Number.parseInt(pixel, 17) / 16));
    return rows.map((row) => [unit(), row]).toSorted(([a], [b]) => a - b);
  });
  const matrix = (lists) => ({
    X: Float64Array.from(lists.flatMap((rows) => rows.flatMap(([, row]) => [...row]))),
    y: lists.flatMap((rows, label) => rows.map(() => label)),
    columns: 64,
  });
  const cuts = [MAJORITY, MINORITY];
  return {
    train: matrix(parts.map((rows, label) => rows.slice(0, cuts[label]))),
    test: matrix(parts.map((rows, label) => rows.slice(cuts[label]))),
  };
}

for (const pair of PAIRS) {
  for (let r = 1; r <= REPEATS; r++) {
    const { train, test } = digits(pair, r);
    const generators = { SMOTE: smote({ seed: r, onTooFew: "reduce" }), "Gaussian fit × ½": gaussianFit(r, 0.5, 1e-4) };
    for (const [generator, oversampler] of Object.entries(generators)) {
      await once(`${pair.join("/")}, ${generator}, ${r}`, async () => {
        const found = await ways(train, test, oversampler, logistic(), logistic({ classWeight: "balanced" }), r);
        const accuracies = {};
        for (const [way, { model }] of Object.entries(found)) {
          accuracies[way] = balancedAccuracy(test.y, await model.predict({ X: test.X, columns: 64 }));
        }
        const losses = Object.fromEntries(Object.entries(found).map(([way, { loss }]) => [way, loss]));
        return { ...losses, lambda: found.tuned.lambda, accuracies };
      });
    }
  }
  console.log(`digits ${pair.join("/")}, ${Math.round((performance.now() - started) / 1000)} s`);
}

const repeated = (name) => Array.from({ length: REPEATS }, (_, r) => known[`${name}, ${r + 1}`]);
const names = (left, right) => left.flatMap((one) => right.map((other) => [one, other, repeated(`${one}, ${other}`)]));
const text = [
  settingsReport(names(Object.keys(DESIGNS), Object.keys(GENERATORS)), { REPEATS, N0, N1, COLUMNS }),
  digitsReport(
    names(
      PAIRS.map((pair) => pair.join("/")),
      ["SMOTE", "Gaussian fit × ½"],
    ),
    { REPEATS, MAJORITY, MINORITY },
  ),
].join("\n");
console.log(text);
if (options.write) {
  const page = resolve(ROOT, "docs/studies/bias-correction.md");
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(page, `${text.trimEnd()}\n`);
}
