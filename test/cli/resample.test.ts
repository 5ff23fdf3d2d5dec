import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { chain, clusterCentroids, randomUndersample, smote, table, tomekLinks, type Resampler } from "../../bindings/index";
import { PENGUINS, workplace } from "../support/command";

const { path, run } = workplace();
const lines = readFileSync(PENGUINS, "utf8").trim().split(/\r?\n/);
const header = lines[0]!.split(",");
const columns = Object.fromEntries(header.map((name, c) => [name, lines.slice(1).map((line) => line.split(",")[c]!)]));
const penguins = table(columns, { target: "species", parseNumbers: true });

/** What the command line wrote, line by line. */
async function written(...words: string[]): Promise<string[]> {
  const out = path("out.csv");
  expect(await run("balance", PENGUINS, "--target", "species", "-o", out, ...words)).toMatchObject({ code: 0 });
  return readFileSync(out, "utf8").trim().split(/\r?\n/);
}

describe("methods that remove rows", () => {
  const cases: [string, Resampler, string[]][] = [
    ["tomekLinks", tomekLinks(), ["--method", "tomek-links"]],
    [
      "randomUndersample, drawn again",
      randomUndersample({ seed: 4, replacement: true }),
      ["--method", "random-undersample", "--seed", "4", "--replacement"],
    ],
    ["clusterCentroids", clusterCentroids({ voting: "soft" }), ["--method", "cluster-centroids", "--voting", "soft"]],
    ["a chain", chain(smote({ seed: 2 }), tomekLinks()), ["--chain", "smote,tomek-links", "--seed", "2"]],
  ];
  it.each(cases)("%s leaves the originals that stay as they were, and tells where rows come from", async (_, method, words) => {
    const { origins, data } = await method.resample(penguins);
    const [heading, ...rows] = await written(...words);
    expect(heading).toBe(lines[0]);
    expect(rows).toHaveLength(origins.kind.length);
    origins.kind.forEach((made, i) => {
      if (!made) expect(rows[i]).toBe(lines[1 + origins.base[i]!]);
      else expect(rows[i]!.split(",")[0]).toBe(data.columns["species"]![i]);
    });
    const [, ...told] = await written(...words, "--origins");
    told.forEach((line, i) => {
      const [origin, base] = line.split(",").slice(header.length);
      expect([origin, Number(base)]).toEqual([origins.kind[i] ? "synthetic" : "original", origins.base[i]! + 1]);
    });
  });

  it("JSON Lines too", async () => {
    const file = path("few.jsonl");
    const rows = Array.from({ length: 30 }, (_, i) => ({ a: i % 7, b: (i * 5) % 11, y: i % 3 ? "no" : "yes" }));
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    const { stdout } = await run("balance", file, "--target", "y", "--method", "random-undersample", "--origins");
    const told = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { a: number; y: string; _origin: string; _base: number });
    expect(told).toHaveLength(20);
    for (const { _origin, _base, ...row } of told) expect([_origin, row]).toEqual(["original", rows[_base - 1]]);
  });

  it.each([
    [["--chain", "smote,tomek-links", "--method", "smote"], /leave one of the two out/],
    [["--chain", "smote,tomek"], /--chain is "tomek", but needs one of smote, /],
    [["--method", "tomek-links", "--draws", "even"], /--draws means nothing to tomek-links; leave it out/],
    [["--method", "tomek-links", "--k", "3"], /--k belongs to --method .* but the method is tomek-links/],
    [["--method", "near-miss", "--m", "3"], /only version 3 asks for it/],
  ])("refuses %j in one sentence", async (words, message) => {
    const { code, stderr } = await run("balance", PENGUINS, "--target", "species", ...words);
    expect([code, stderr.trim().split("\n").length]).toEqual([2, 1]);
    expect(stderr).toMatch(message);
  });
});
