import { describe, expect, it } from "vitest";
import { compareScores, crossValidate, kNN, logistic, smote, table } from "../../bindings/index";
import { Numbers } from "../support/numbers";
import { PENGUINS, workplace } from "../support/command";

const { file, run, runWith } = workplace();

const numbers = new Numbers(2);
const rows = Array.from({ length: 120 }, (_, i) => ({
  a: Number((numbers.normal() + (i % 5 ? 0 : 1)).toFixed(3)),
  b: ["x", "y", "z"][numbers.below(3)]!,
  who: `p${i % 30}`,
  day: i,
  y: i % 5 ? "no" : "yes",
}));
const csv = (): string => file("few.csv", `a,b,who,day,y\n${rows.map((row) => Object.values(row).join(",")).join("\n")}\n`);
const base = ["--target", "y", "--carry", "who", "--carry", "day"];

interface Told {
  metrics: string[];
  positive: unknown;
  folds: { train: number; test: number }[];
  candidates: {
    name: string;
    learner: string;
    resampler: string | null;
    mean: Record<string, number>;
    scores: Record<string, number[]>;
    intervals: Record<string, [number, number]>;
    thresholds: (number | null)[];
    errors: (string | null)[];
  }[];
  differences: Record<string, { name: string; mean: number; adjusted: number }[]>;
  notes: string[];
}

async function told(...words: string[]): Promise<Told> {
  const { code, stdout, stderr } = await run("evaluate", csv(), "--json", ...words);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout) as Told;
}

describe("counterpoise evaluate", () => {
  it("tells what the library tells", async () => {
    const data = table(rows, { target: "y", carry: ["who", "day"] });
    const learners = { logistic: logistic({ C: 0.5 }), knn: kNN({ kNeighbors: 3 }) };
    const resampler = smote({ kNeighbors: 4, seed: 7, onTooFew: "reduce" });
    const candidates = Object.fromEntries(
      Object.entries(learners).flatMap(([name, learner]) => [
        [`untouched ${name}`, { learner }],
        [`smote ${name}`, { learner, resampler }],
      ]),
    );
    const metrics = ["rocAuc", "brier"] as const;
    const expected = await crossValidate(data, { candidates, folds: 3, repeats: 2, seed: 7, metrics });
    const words = ["--learner", "logistic,knn", "--C", "0.5", "--k-neighbors", "3", "--k", "4", "--seed", "7"];
    const found = await told(...base, ...words, "--folds", "3", "--repeats", "2", "--metric", "rocAuc, brier");
    expect(found.metrics).toEqual(["rocAuc", "brier"]);
    expect(found.positive).toBe("yes");
    expect(found.candidates.map(({ name, scores, mean }) => ({ name, scores, mean }))).toEqual(
      expected.candidates.map(({ name, scores, mean }) => ({ name, scores, mean })),
    );
    expect(found.differences["brier"]).toEqual(compareScores(expected, { metric: "brier" }).candidates);
    for (const { mean, intervals } of found.candidates) {
      expect(intervals["brier"]![0]).toBeLessThan(mean["brier"]!);
      expect(intervals["brier"]![1]).toBeGreaterThan(mean["brier"]!);
    }
  });

  it("sets the table untouched beside every method, each with its own options", async () => {
    const found = await told(...base, "--method", "smote,random-undersample", "--k", "3", "--replacement", "--metric", "gMean");
    expect(found.candidates.map(({ name, resampler }) => [name, resampler])).toEqual([
      ["untouched", null],
      ["smote", "smote"],
      ["random-undersample", "randomUndersample"],
    ]);
    const chained = await told(...base, "--chain", "smote,tomek-links", "--metric", "gMean");
    expect(chained.candidates.map(({ name, resampler }) => [name, resampler])).toEqual([
      ["untouched", null],
      ["smote,tomek-links", "chain"],
    ]);
  });

  it("keeps groups together, judges on later rows, looks for a class, chooses thresholds", async () => {
    const grouped = await told("--target", "y", "--group", "who", "--carry", "day", "--folds", "3", "--metric", "brier");
    expect(grouped.folds.map(({ train, test }) => train + test)).toEqual([120, 120, 120]);
    expect(grouped.folds.every(({ test }) => test % 4 === 0)).toBe(true);
    const later = await told("--target", "y", "--time", "day", "--carry", "who", "--folds", "3", "--metric", "brier");
    expect(later.folds.map(({ train }) => train)).toEqual([30, 60, 90]);
    const chosen = await told(...base, "--positive", "no", "--choose-threshold", "f1", "--metric", "fBeta");
    expect(chosen.positive).toBe("no");
    expect(chosen.candidates[0]!.thresholds.every((threshold) => typeof threshold === "number")).toBe(true);
  });

  it("prints a table, quiet on standard error in a pipe, the same for any number of threads", async () => {
    const words = ["evaluate", PENGUINS, "--target", "species", "--metric", "balancedAccuracy,logLoss", "--threads"];
    const [one, two] = [await run(...words, "1"), await run(...words, "2")];
    expect([one.code, one.stderr]).toEqual([0, ""]);
    expect(one.stdout).toBe(two.stdout);
    const lines = one.stdout.split("\n");
    expect(lines[0]).toBe("penguins.csv: 344 rows, target species, 3 classes");
    expect(lines[1]).toBe("5 folds; mean ± half of its 95 % interval");
    expect(lines[3]).toMatch(/^ +untouched +smote$/);
    expect(lines[4]).toMatch(/^ {2}balancedAccuracy {2}0\.\d{4} ± 0\.\d{4} {2}0\.\d{4} ± 0\.\d{4}$/);
    expect(lines[7]).toMatch(/^smote less untouched, balancedAccuracy: [+-]0\.\d{4} \([+-]0\.\d{4} to [+-]0\.\d{4}\), p = \d\.\d{4}$/);
    expect(one.stdout).toMatch(/note: Column "body_mass_g" lacks 2 values/);
  });

  it("tells of a candidate that fails, and reads standard input", async () => {
    const input = `a,y\n${Array.from({ length: 24 }, (_, i) => `${i},${i % 4 ? "no" : "yes"}`).join("\n")}\n`;
    const words = ["evaluate", "-", "--target", "y", "--folds", "2", "--metric", "rocAuc"];
    const { code, stdout } = await runWith({ input }, ...words, "--on-too-few", "error", "--kind", "a=numeric");
    expect(code).toBe(0);
    expect(stdout).toMatch(/rocAuc +\d\.\d+ ± \d\.\d+ +failed/);
    expect(stdout).toMatch(/note: "smote" failed in every fold: --k is 5 but class "yes" has 3 rows/);
    expect(stdout).toMatch(/smote less untouched, rocAuc: no two folds to compare/);
    // by default neighbors are fewer where a part has few rows
    expect((await runWith({ input }, ...words)).stdout).not.toMatch(/failed/);
  });

  it.each([
    [["--learner", "forest"], /--learner is "forest", but needs one of logistic, knn, kotaro, constant\./],
    [["--k-neighbors", "3"], /--k-neighbors belongs to --learner knn, which is not asked for; leave it out\./],
    [["--C", "many"], /--C is "many", but needs a number\./],
    [["--C", "0"], /C is 0, but needs a number above 0/],
    [["--metric", "auc"], /metric is "auc", but needs one of "balancedAccuracy"/],
    [["--m", "3"], /--m belongs to --method/],
    [["--output", "x.csv"], /--output is no option of evaluate; see counterpoise evaluate --help\./],
    [["--folds", "70"], /folds is 70, but class "yes" has 24 rows/],
    [["--positive", "maybe"], /positive is "maybe", but the classes are "no" and "yes"/],
    [["--learnr", "knn"], /There is no option --learnr; did you mean --learner\?/],
  ])("refuses %j in one sentence", async (words, sentence) => {
    const { code, stdout, stderr } = await run("evaluate", csv(), ...base, ...words);
    expect([code === 1 || code === 2, stdout]).toEqual([true, ""]);
    expect(stderr).toMatch(/^counterpoise: [^\n]+\n$/);
    expect(stderr).toMatch(sentence);
  });

  it("leaves its options to itself", async () => {
    const { code, stderr } = await run("balance", csv(), "--target", "y", "--learner", "knn");
    expect([code, stderr]).toEqual([2, "counterpoise: --learner is no option of balance; see counterpoise balance --help.\n"]);
  });
});
