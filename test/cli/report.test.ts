import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as library from "../../bindings/index";
import { parse } from "../../cli/arguments";
import { kebab, METHODS } from "../../cli/catalogue";
import { methodOf } from "../../cli/methods";
import { callOf, callsOf } from "../../cli/reproduce";
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
    const nowhere = await run("inspect", PENGUINS, "--target", "species", "--report", "no/such/folder.html");
    expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringMatching(/no\/such\/folder\.html does not exist/)]);
    const few = await run("balance", file("few.csv", "a,y\n1,u\n2,u\n3,v\n"), "--target", "y", "-o", "few.out.csv", "--report", "few.html");
    expect(few.code).toBe(1);
    expect(existsSync(path("few.html"))).toBe(false);
    expect(readdirSync(path()).filter((name) => !before.includes(name))).toEqual(["few.csv"]);
    const foreign = await run("methods", "--report", "m.html");
    expect([foreign.code, foreign.stderr]).toEqual([2, expect.stringContaining("--report is no option of methods")]);
  });
});

describe("the call that does the same", () => {
  const evaluated = (code: string): library.Resampler =>
    new Function(...Object.keys(library), `return ${code}`)(...Object.values(library)) as library.Resampler;

  const asked = (...args: string[]): [library.Resampler, library.Resampler, string[]] => {
    const { values } = parse(["balance", ...args]);
    const { method, steps } = methodOf(values);
    const { names, call } = callOf({ steps }, values.chain !== undefined);
    return [evaluated(call), method, names];
  };

  it.each(METHODS.map((method) => [method.name, method] as const))("of %s gives the same method", (name, { flags, general }) => {
    const scale = flags.some(({ flag }) => flag === "scale") && name !== "polynomFitSmote" ? ["--scale", "none"] : [];
    const seed = (general ?? ["seed"]).includes("seed") ? ["--seed", "7"] : [];
    const [again, method, names] = asked("--method", kebab(name), ...scale, ...seed);
    expect([again.name, again.options]).toEqual([method.name, method.options]);
    expect(names).toEqual([name]);
  });

  it("of a chain, and of options of every form", () => {
    const [again, method, names] = asked(
      "--chain",
      "smote,tomek-links",
      "--strategy",
      "counts:it's=5,b=7",
      "--k",
      "3",
      "--nominal",
      "parent",
    );
    expect(again.options).toEqual(method.options);
    expect(names).toEqual(["chain", "smote", "tomekLinks"]);
  });

  it("quotes what a shell would take for more than a word", () => {
    const { argv } = process;
    process.argv = ["node", "cli", "inspect", "my table.csv", "--target", "it's", "--missing", "", "--bounds", "a=0..1"];
    try {
      const { js, shell } = callsOf({}, "my table.csv", { target: "it's", bounds: { "a b": [0, Infinity] }, parseNumbers: true }, [], [])!;
      expect(shell).toMatch(/^npx counterpoise@[\d.]+ inspect 'my table\.csv' --target 'it'\\''s' --missing '' --bounds a=0\.\.1$/);
      expect(js).toContain(`table(rows, { target: "it's", bounds: { "a b": [0, Infinity] }, parseNumbers: true });`);
    } finally {
      process.argv = argv;
    }
  });
});
