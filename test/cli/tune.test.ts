import { describe, expect, it } from "vitest";
import { advise, logistic, smote, table, tuneSyntheticSize } from "../../bindings/index";
import { Numbers } from "../support/numbers";
import { PENGUINS, workplace } from "../support/command";

const { file, run, runWith } = workplace();

const numbers = new Numbers(5);
const rows = Array.from({ length: 150 }, (_, i) => ({
  a: Number((numbers.normal() + (i % 5 ? 0 : 1)).toFixed(3)),
  b: Number(numbers.normal().toFixed(3)),
  y: i % 5 ? "no" : "yes",
}));
const csv = (): string => file("few.csv", `a,b,y\n${rows.map((row) => Object.values(row).join(",")).join("\n")}\n`);
const data = table(rows, { target: "y" });
const oversampler = smote({ kNeighbors: 4, seed: 3, onTooFew: "reduce" });

describe("counterpoise tune", () => {
  it("tells what the library tells", async () => {
    const expected = await tuneSyntheticSize(data, {
      oversampler,
      learner: logistic({ C: 0.5 }),
      grid: [0, 0.5, 1],
      rule: { oneSE: "smallest" },
      validation: { folds: 3, repeats: 2 },
      seed: 3,
    });
    const words = [
      "--k",
      "4",
      "--C",
      "0.5",
      "--grid",
      "0,0.5,1",
      "--rule",
      "one-se-smallest",
      "--folds",
      "3",
      "--repeats",
      "2",
      "--seed",
      "3",
    ];
    const { code, stdout, stderr } = await run("tune", csv(), "--target", "y", ...words, "--json");
    expect([code, stderr]).toEqual([0, ""]);
    const found = JSON.parse(stdout) as Record<string, unknown>;
    expect(found["gamma"]).toBe(expected.gamma);
    expect(found["curve"]).toEqual(JSON.parse(JSON.stringify(expected.curve)));
    expect(found["baselines"]).toEqual(JSON.parse(JSON.stringify(expected.baselines)));
    expect(found["counts"]).toEqual({ no: 0, yes: expected.counts.get("yes") });
    expect(found["summary"]).toBe(expected.summary);
  });

  it("draws the curve, and says what the size is and what needs no rows", async () => {
    const { code, stdout, stderr } = await run("tune", PENGUINS, "--target", "species", "--repeats", "1", "--guided", "--bias-correction");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^penguins\.csv: smote and logistic, target species\nsize /);
    expect(stdout.match(/●/g)!.length).toBeGreaterThan(14);
    expect(stdout.match(/◀ chosen/g)).toHaveLength(1);
    expect(stdout).toMatch(/none \+ prior shift +\d\.\d{4} ± \d\.\d{4}/);
    expect(stdout).toMatch(/bias taken away +size +balanced log loss/);
    expect(stdout).toMatch(/note: The diagnosis is of two classes, and there are 3/);
  });

  it.each([
    [["--method", "tomek-links"], 2, /oversampler is .*no stream of rows/],
    [["--method", "smote,adasyn"], 2, /tune takes one --method and one --learner/],
    [["--rule", "best"], 2, /--rule is "best", but needs one of argmin/],
    [["--grid", "0,x"], 2, /--grid is "x", but needs a number/],
    [["--folds", "40"], 1, /class "yes" has 30 rows/],
    [["--metric", "rocAuc"], 2, /--metric is no option of tune/],
  ])("refuses %j in one sentence", async (words, status, message) => {
    const { code, stdout, stderr } = await run("tune", csv(), "--target", "y", ...words);
    expect([code, stdout]).toEqual([status, ""]);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});

describe("counterpoise advise", () => {
  it("tells what the library tells", async () => {
    const expected = await advise(data, {
      learner: logistic(),
      candidates: { smote: oversampler },
      metric: "balancedAccuracy",
      grid: [0, 1],
      validation: { folds: 3, repeats: 1 },
      seed: 3,
    });
    const words = ["--k", "4", "--grid", "0,1", "--folds", "3", "--repeats", "1", "--seed", "3", "--metric", "balancedAccuracy"];
    const { code, stdout, stderr } = await run("advise", csv(), "--target", "y", ...words, "--json");
    expect([code, stderr]).toEqual([0, ""]);
    const found = JSON.parse(stdout) as Record<string, unknown>;
    expect(found["rows"]).toEqual(JSON.parse(JSON.stringify(expected.rows)));
    expect(found["recommendation"]).toBe(expected.recommendation);
  });

  it("prints a row for each way, and from standard input", async () => {
    const input = `a,b,y\n${rows.map((row) => Object.values(row).join(",")).join("\n")}\n`;
    const words = ["advise", "-", "--target", "y", "--method", "smote,tomek-links", "--repeats", "1", "--grid", "0,1", "--folds", "3"];
    const { code, stdout } = await runWith({ input }, ...words);
    expect(code).toBe(0);
    for (const name of [
      "untouched",
      "prior shift",
      "threshold",
      "class weights",
      "random oversampling",
      "random undersampling",
      "smote",
      "tomek-links",
    ])
      expect(stdout).toMatch(new RegExp(`\\n  ${name} +\\d\\.\\d{4}`, "u"));
    expect(stdout.match(/◀ use this/g)).toHaveLength(1);
    expect(stdout).toMatch(/3 validation parts, \d+ fits/);
  });
});

describe("help", () => {
  it.each(["tune", "advise"])("of %s names every option that it takes", async (command) => {
    const { stdout } = await run(command, "--help");
    for (const option of ["--method", "--learner", "--grid", "--folds", "--repeats", "--json", "--bias-correction"])
      expect(stdout).toContain(option);
  });
});
