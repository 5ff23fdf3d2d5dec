import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import * as library from "../../bindings/index";
import { parse } from "../../cli/arguments";
import { kebab, METHODS } from "../../cli/catalogue";
import { methodOf } from "../../cli/methods";
import { call, callsOf, DATA } from "../../cli/reproduce";
import { PENGUINS, workplace } from "../support/command";
import { pageOf } from "../support/page";

const { path, file, run } = workplace();
const headings = (name: string): string[] => {
  const page = pageOf(readFileSync(path(name), "utf8"));
  expect(page.faults).toEqual([]);
  return page.all("h3").map(page.text);
};

describe("--report", () => {
  it("of inspect and of balance, beside what they do without", async () => {
    const { stdout } = await run("inspect", PENGUINS, "--target", "species", "--report", "seen.html");
    expect(stdout).toMatch(/The report is in seen\.html\.\n$/);
    expect(headings("seen.html")).toEqual(["Rows of each class", "Rows of the data", "JavaScript", "Command line"]);
    const plain = await run("balance", PENGUINS, "--target", "species", "-o", "one.csv");
    const told = await run("balance", PENGUINS, "--target", "species", "-o", "two.csv", "--report", "made.html");
    expect(told.stdout.replaceAll("two.csv", "one.csv")).toBe(`${plain.stdout}The report is in made.html.\n`);
    expect(readFileSync(path("two.csv"), "utf8")).toBe(readFileSync(path("one.csv"), "utf8"));
    expect(headings("made.html")).toEqual([
      "Rows of each class, before and after",
      "Rows of the data",
      "New rows of class Chinstrap",
      "New rows of class Gentoo",
      "JavaScript",
      "Command line",
    ]);
  });

  it("is the same page each time, of JSON Lines too", async () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({ a: (i * 37) % 23, b: "uvw"[(i * 5) % 3], label: i < 40 ? "no" : "yes" }));
    const table = file("rows.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));
    const pages: string[] = [];
    for (let time = 0; time < 2; time++) {
      await run("balance", table, "--target", "label", "-o", "out.jsonl", "--report", "again.html");
      pages.push(readFileSync(path("again.html"), "utf8"));
    }
    expect(pages[1]).toBe(pages[0]);
  });

  it("of diagnose: what was added, what it gives away, and leaks", async () => {
    await run("balance", PENGUINS, "--target", "species", "-o", "more.csv");
    const told = await run("diagnose", PENGUINS, "more.csv", "--target", "species", "--report", "trust.html");
    expect(told.code).toBe(0);
    expect(told.stdout).toMatch(/The report is in trust\.html\.\n$/);
    const html = readFileSync(path("trust.html"), "utf8");
    expect(headings("trust.html").filter((heading) => heading.startsWith("Columns of class"))).toHaveLength(2);
    for (const heading of ["What was added", "What it gives away"]) expect(html).toContain(`>${heading}</h2>`);
    expect(html).toContain("on the segment between two real rows");
    const lines = readFileSync(path("more.csv"), "utf8").trim().split("\n");
    file("train.csv", lines.filter((_, i) => i === 0 || i % 3 > 0).join("\n"));
    file("test.csv", lines.filter((_, i) => i === 0 || i % 3 === 0).join("\n"));
    await run("diagnose", "--train", "train.csv", "--test", "test.csv", "--target", "species", "--report", "leaks.html");
    expect(readFileSync(path("leaks.html"), "utf8")).toContain("resampled before the split (by estimate)");
    headings("leaks.html");
  });

  it("of evaluate, tune and advise", async () => {
    const quick = ["--target", "species", "--folds", "2", "--repeats", "1"];
    const told = await run("evaluate", PENGUINS, ...quick, "--report", "e.html");
    expect(told.stdout).toMatch(/The report is in e\.html\.\n$/);
    expect(headings("e.html").slice(0, 6)).toEqual([
      "Rows of each class",
      "balancedAccuracy",
      "rocAuc",
      "averagePrecision",
      "logLoss",
      "Reliability",
    ]);
    await run("tune", PENGUINS, ...quick, "--grid", "0,1", "--report", "t.html");
    expect(headings("t.html")).toEqual(expect.arrayContaining(["Rows of the data", "Loss and size", "What else could be done: decisions"]));
    const { stdout } = await run("advise", PENGUINS, ...quick, "--grid", "0,1", "--report", "a.html", "--json");
    const { recommendation } = JSON.parse(stdout) as { recommendation: string };
    const page = pageOf(readFileSync(path("a.html"), "utf8"));
    const used = page
      .all("tr")
      .map((row) => row.childNodes.map((cell) => page.text(cell as never)))
      .filter((cells) => cells.at(-1) === "use this");
    expect(used.map(([name]) => name)).toEqual([recommendation]);
  });

  it("of a method that removes rows, and of a chain", async () => {
    await run("balance", PENGUINS, "--target", "species", "--chain", "smote,tomek-links", "-o", "c.csv", "--report", "c.html");
    expect(readFileSync(path("c.html"), "utf8")).toContain("hollow: removed");
    const page = pageOf(readFileSync(path("c.html"), "utf8"));
    expect(page.text(page.all("code")[0]!)).toMatch(/^import \{ chain, smote, table, tomekLinks \} from "counterpoise"/);
  });

  it("goes with --json and with standard output", async () => {
    const { stdout } = await run("balance", PENGUINS, "--target", "species", "-o", "j.csv", "--report", "j.html", "--json");
    expect((JSON.parse(stdout) as { method: string }).method).toBe("smote");
    const piped = await run("balance", PENGUINS, "--target", "species", "--report", "p.html");
    expect(piped.stderr).toContain("The report is in p.html.");
    expect(piped.stdout).toBe(readFileSync(path("j.csv"), "utf8"));
  });

  it("says why rows are not drawn", async () => {
    const rows = Array.from({ length: 12 }, (_, i) => `${i % 2 ? "1e308" : "-1e308"},${i < 8 ? "u" : "v"}`);
    await run("inspect", file("wide.csv", `a,y\n${rows.join("\n")}\n`), "--target", "y", "--report", "wide.html");
    expect(readFileSync(path("wide.html"), "utf8")).toMatch(/Rows are not drawn: Column .*spans numbers/);
  });

  it("refuses what cannot be written, and leaves nothing behind", async () => {
    const before = readdirSync(path());
    const same = await run("balance", PENGUINS, "--target", "species", "-o", "x.csv", "--report", "x.csv");
    expect([same.code, same.stderr]).toEqual([2, expect.stringContaining("--report and -o both name x.csv")]);
    const table = file("own.csv", "a,y\n1,u\n2,v\n");
    const own = await run("inspect", table, "--target", "y", "--report", table);
    expect([own.code, own.stderr]).toEqual([2, expect.stringContaining("which is the table to read")]);
    expect(readFileSync(table, "utf8")).toBe("a,y\n1,u\n2,v\n");
    const nowhere = await run("inspect", PENGUINS, "--target", "species", "--report", "no/such/folder.html");
    expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringMatching(/no\/such\/folder\.html does not exist/)]);
    const few = await run("balance", file("few.csv", "a,y\n1,u\n2,u\n3,v\n"), "--target", "y", "-o", "few.out.csv", "--report", "few.html");
    expect(few.code).toBe(1);
    expect(existsSync(path("few.html"))).toBe(false);
    expect(readdirSync(path()).filter((name) => !before.includes(name))).toEqual(["few.csv", "own.csv"]);
    const foreign = await run("methods", "--report", "m.html");
    expect([foreign.code, foreign.stderr]).toEqual([2, expect.stringContaining("--report is no option of methods")]);
  });
});

describe("the program that does the same", () => {
  const evaluated = ({ text }: { text: string }): library.Resampler =>
    new Function(...Object.keys(library), `return ${text}`)(...Object.values(library)) as library.Resampler;
  const asked = (...args: string[]): [library.Resampler, library.Resampler, readonly string[]] => {
    const { method, call: code } = methodOf(parse(["balance", ...args]).values);
    return [evaluated(code), method, code.names];
  };

  it.each(METHODS.map((method) => [method.name, method] as const))("of %s makes the same method", (name, { flags, general }) => {
    const scale = flags.some(({ flag }) => flag === "scale") && name !== "polynomFitSmote" ? ["--scale", "none"] : [];
    const seed = (general ?? ["seed"]).includes("seed") ? ["--seed", "7"] : [];
    const [again, method, names] = asked("--method", kebab(name), ...scale, ...seed);
    expect([again.name, again.options]).toEqual([method.name, method.options]);
    expect(names).toEqual([name]);
  });

  it("of a chain, and of options of every form", () => {
    const words = ["--strategy", "counts:it's=5,b=7", "--k", "3", "--nominal", "parent"];
    const [again, method, names] = asked("--chain", "smote,tomek-links", ...words);
    expect(again.options).toEqual(method.options);
    expect(names).toEqual(["chain", "smote", "tomekLinks"]);
  });

  /** What a page says in JavaScript, run on the same rows; prints `shown` of the result. */
  async function rerun(shown: string, command: string, ...args: string[]): Promise<unknown> {
    const { code, stderr } = await run(command, PENGUINS, "--target", "species", ...args, "--report", "page.html");
    expect([code, stderr]).toEqual([0, ""]);
    const page = pageOf(readFileSync(path("page.html"), "utf8"));
    const program = page.text(page.all("code")[0]!);
    const rows = Papa.parse(readFileSync(PENGUINS, "utf8"), { header: true, skipEmptyLines: true }).data;
    const place = resolve(import.meta.dirname, `../../build/rerun-${command}.mjs`);
    writeFileSync(place, `const rows = ${JSON.stringify(rows)};\n${program}\nprocess.stdout.write(JSON.stringify(${shown}));`);
    const printed = execFileSync(process.execPath, [place], { encoding: "utf8" });
    rmSync(place);
    return JSON.parse(printed) as unknown;
  }
  const json = async (command: string, ...args: string[]): Promise<Record<string, unknown>> =>
    JSON.parse((await run(command, PENGUINS, "--target", "species", ...args, "--json")).stdout) as Record<string, unknown>;

  it("of balance gives the same rows", async () => {
    const words = ["--method", "borderline-smote", "--on-no-danger", "skip", "--k", "3", "--seed", "9", "-o", "again.csv"];
    const rows = (await rerun("result.data.rows.map((row) => Object.values(row).join())", "balance", ...words)) as string[];
    expect(rows).toEqual(readFileSync(path("again.csv"), "utf8").trim().split("\n").slice(1));
  });

  it("of evaluate gives the same scores", async () => {
    const words = [
      "--method",
      "smote,random-undersample",
      "--learner",
      "logistic,knn",
      "--C",
      "0.5",
      "--folds",
      "3",
      "--metric",
      "brier,rocAuc",
    ];
    const means = await rerun("result.candidates.map(({ name, mean }) => [name, mean])", "evaluate", ...words);
    const { candidates } = (await json("evaluate", ...words)) as { candidates: { name: string; mean: unknown }[] };
    expect(candidates).toHaveLength(6);
    expect(means).toEqual(candidates.map(({ name, mean }) => [name, mean]));
  });

  it("of tune gives the same curve", async () => {
    const words = ["--grid", "0,1", "--folds", "3", "--repeats", "1", "--rule", "one-se-balance", "--seed", "2", "--method", "adasyn"];
    expect(await rerun("result.curve", "tune", ...words)).toEqual((await json("tune", ...words))["curve"]);
  });

  it("of advise gives the same rows", async () => {
    const words = [
      "--grid",
      "0,1",
      "--folds",
      "2",
      "--repeats",
      "1",
      "--chain",
      "smote,tomek-links",
      "--metric",
      "logLoss",
      "--margin",
      "0.1",
    ];
    expect(await rerun("result.rows", "advise", ...words)).toEqual((await json("advise", ...words))["rows"]);
  });

  it("quotes what a shell would take for more than a word", () => {
    const { argv } = process;
    process.argv = ["node", "cli", "inspect", "my table.csv", "--target", "it's", "--missing", "", "--bounds", "a=0..1"];
    try {
      const columns = { target: "it's", bounds: { "a b": [0, Infinity] }, parseNumbers: true } as const;
      const { js, shell } = callsOf({}, "my table.csv", columns, call("inspect", DATA))!;
      expect(shell).toMatch(/^npx counterpoise@[\d.]+ inspect 'my table\.csv' --target 'it'\\''s' --missing '' --bounds a=0\.\.1$/);
      expect(js).toContain(`table(rows, { target: "it's", bounds: { "a b": [0, Infinity] }, parseNumbers: true });`);
    } finally {
      process.argv = argv;
    }
  });
});
