import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { geometricSmote, smote, table } from "../../bindings/index";
import { OPTIONS } from "../../cli/arguments";
import { PENGUINS, workplace } from "../support/command";

const { path, file, run } = workplace();

const records = (text: string): string[][] => Papa.parse<string[]>(text, { skipEmptyLines: true }).data;

describe("counterpoise balance", () => {
  it("balances the penguins: originals byte for byte, then new rows; says what it did", async () => {
    const out = path("balanced.csv");
    const { code, stdout, stderr } = await run("balance", PENGUINS, "--target", "species", "-o", out);
    expect([code, stderr]).toEqual([0, ""]);
    const text = readFileSync(out, "utf8");
    expect(text.startsWith(readFileSync(PENGUINS, "utf8"))).toBe(true);
    expect(records(text)).toHaveLength(457);
    expect(stdout).toMatch(/Chinstrap +68 +84 +152/);
    expect(stdout).toMatch(/bill_length_mm +numeric +numbers, 2 missing/);
    expect(stdout).toMatch(/sex +nominal +2 different texts, 11 missing/);
    expect(stdout).toMatch(/smote added 112 rows; 456 in all/);
    expect(readdirSync(path())).toEqual(["balanced.csv"]);
  });

  it("makes the rows that the library makes", async () => {
    const { data, meta } = Papa.parse<Record<string, string>>(readFileSync(PENGUINS, "utf8"), { header: true, skipEmptyLines: true });
    const columns = Object.fromEntries(meta.fields!.map((field) => [field, data.map((row) => row[field]!)]));
    const result = await smote({ kNeighbors: 3, seed: 11 }).resample(table(columns, { target: "species", parseNumbers: true }), {
      only: "synthetic",
    });
    const { stdout } = await run("balance", PENGUINS, "--target", "species", "--k", "3", "--seed", "11", "--only-synthetic");
    const expected = result.data.columns["species"] as string[];
    expect(records(stdout).slice(1)).toEqual(
      expected.map((_, i) => meta.fields!.map((field) => String((result.data.columns[field] as unknown[])[i]))),
    );
  });

  it("lets a method see the rows of all classes that looks at them", async () => {
    const { data, meta } = Papa.parse<Record<string, string>>(readFileSync(PENGUINS, "utf8"), { header: true, skipEmptyLines: true });
    const columns = Object.fromEntries(meta.fields!.map((field) => [field, data.map((row) => row[field]!)]));
    const penguins = table(columns, { target: "species", parseNumbers: true });
    const result = await geometricSmote({ strategy: "minority", truncation: 0.5 }).resample(penguins, { only: "synthetic" });
    const flags = ["--method", "geometric-smote", "--truncation", "0.5", "--strategy", "minority", "--only-synthetic"];
    const { stdout } = await run("balance", PENGUINS, "--target", "species", ...flags);
    const made = meta.fields!.map((field) => Array.from(result.data.columns[field] as ArrayLike<unknown>, String));
    expect(records(stdout).slice(1)).toEqual(made[0]!.map((_, i) => made.map((cells) => cells[i])));
  });

  it("writes the table to standard output and the summary to standard error without -o", async () => {
    const { code, stdout, stderr } = await run("balance", PENGUINS, "--target", "species");
    expect(code).toBe(0);
    expect(records(stdout)).toHaveLength(457);
    expect(stderr).toMatch(/Chinstrap/);
  });

  it("tells origins: rows count from 1", async () => {
    const { stdout } = await run("balance", PENGUINS, "--target", "species", "--origins");
    const [header, ...rows] = records(stdout);
    expect(header!.slice(-4)).toEqual(["_origin", "_base", "_neighbor", "_gap"]);
    expect(rows[0]!.slice(-4)).toEqual(["original", "1", "", ""]);
    const synthetic = rows.slice(344);
    for (const row of synthetic) {
      expect(row[8]).toBe("synthetic");
      expect(rows[Number(row[9]) - 1]![0]).toBe(row[0]);
      expect(rows[Number(row[10]) - 1]![0]).toBe(row[0]);
      expect(Number(row[11])).toBeLessThan(1);
    }
    expect(rows.slice(0, 344).map((row) => row.slice(0, 8))).toEqual(records(readFileSync(PENGUINS, "utf8")).slice(1));
  });

  it("prints JSON with --json", async () => {
    const out = path("json.csv");
    const { stdout } = await run(
      "balance",
      PENGUINS,
      "--target",
      "species",
      "-o",
      out,
      "--json",
      "--method",
      "random-oversample",
      "--shrinkage",
      "0.2",
    );
    const facts = JSON.parse(stdout) as { counts: unknown[]; method: string; columns: unknown[]; options: unknown };
    expect(facts.counts[1]).toEqual({ label: "Chinstrap", before: 68, added: 84, removed: 0, after: 152 });
    expect(facts).toMatchObject({ method: "randomOversample", options: { shrinkage: 0.2, seed: 0 }, output: out });
    expect(facts.columns).toHaveLength(8);
  });

  it("takes strategies, kinds, carried columns, missing texts and bounds", async () => {
    const rows = Array.from(
      { length: 40 },
      (_, i) => `p${i};${i % 5 ? i % 9 : "NA"};${["low", "mid", "high"][i % 3]};0${i % 4};${i < 10 ? "yes" : "no"}`,
    );
    const input = file("semicolons.csv", ["id;x;size;zip;y", ...rows].join("\r\n"));
    const { code, stdout, stderr } = await run(
      ...["balance", input, "--target", "y", "--carry", "id", "--missing", "NA", "--strategy", "counts:yes=25", "--kind", "size=ordinal"],
      ...[
        "--levels",
        "size=low,mid,high",
        "--bounds",
        "x=0..",
        "--kind",
        "zip=nominal",
        "--on-too-few",
        "reduce",
        "--scale",
        "none",
        "--nominal",
        "parent",
      ],
    );
    expect([code, stderr.includes("error")]).toEqual([0, false]);
    expect(stdout.startsWith(readFileSync(input, "utf8") + "\r\n")).toBe(true);
    const made = records(stdout).slice(41);
    expect(made).toHaveLength(15);
    for (const [id, x, size, zip, y] of made as [string, string, string, string, string][]) {
      expect([id.startsWith("p"), y, ["low", "mid", "high"].includes(size), /^0[0-3]$/.test(zip)]).toEqual([true, "yes", true, true]);
      expect(x).toMatch(/^(NA|\d)$/);
    }
  });

  it("keeps a byte order mark, quoted cells and line breaks inside cells", async () => {
    const input = file(
      "quoted.csv",
      `\uFEFFtext,"a,b",y\n${Array.from({ length: 12 }, (_, i) => `"line\n${i % 3}, ""q""",${i}.50,${i % 4 ? "u" : "v"}`).join("\n")}\n\n`,
    );
    const { code, stdout } = await run("balance", input, "--target", "y", "--k", "2");
    expect(code).toBe(0);
    expect(stdout.startsWith(readFileSync(input, "utf8"))).toBe(true);
    const made = records(stdout.slice(1)).slice(13);
    expect(made).toHaveLength(6);
    for (const [text, , y] of made) expect([/^line\n\d, "q"$/.test(text!), y]).toEqual([true, "v"]);
    const { stdout: origins } = await run("balance", input, "--target", "y", "--k", "2", "--origins");
    expect(records(origins)[1]).toEqual(['line\n0, "q"', "0.50", "v", "original", "1", "", ""]);
  });
});

describe("what the command line cannot do is one sentence", () => {
  const usage: [string[], RegExp][] = [
    [["balanse", "x.csv"], /"balanse" is no command; use balance/],
    [["balance"], /needs a table to read/],
    [["balance", PENGUINS], /--target COLUMN/],
    [["balance", PENGUINS, "--target", "specie"], /did you mean "species"\?/],
    [["balance", PENGUINS, "--targt", "species"], /There is no option --targt; did you mean --target\?/],
    [["balance", PENGUINS, "--target", "species", "--method", "smoot"], /--method is "smoot", but needs one of smote, random-oversample/],
    [
      ["balance", PENGUINS, "--target", "species", "--method", "tomek-links", "--only-synthetic"],
      /--only-synthetic leaves out what tomekLinks leaves of the originals/,
    ],
    [
      ["balance", PENGUINS, "--target", "species", "--method", "geometric-smote", "--truncation", "2"],
      /--truncation is 2, but needs a number/,
    ],
    [["balance", PENGUINS, "--target", "species", "--method", "polynom-fit-smote", "--degree", "2"], /--degree is of topology "poly"/],
    [["balance", PENGUINS, "--target", "species", "--k", "five"], /--k is "five", but needs a number/],
    [["balance", PENGUINS, "--target", "species", "--threads", "0"], /--threads is 0, but needs a whole number from 1 to 256/],
    [["balance", PENGUINS, "--target", "species", "--k", "0"], /--k is 0, but needs a whole number of at least 1/],
    [["balance", PENGUINS, "--target", "species", "--method", "randomOversample", "--k", "3"], /--k belongs to --method smote/],
    [["balance", PENGUINS, "--target", "species", "--strategy", "majority"], /did you mean "not majority"/],
    [["balance", PENGUINS, "--target", "species", "--strategy", "counts:Chinstrap"], /needs COLUMN=VALUE/],
    [["balance", PENGUINS, "--target", "species", "--kind", "island=text"], /--kind.island is "text"/],
    [["balance", PENGUINS, "--target", "species", "--json"], /name a file for the table with -o/],
    [["balance", PENGUINS, "other.csv", "--target", "species"], /takes one file, but was given 2/],
    [["balance", PENGUINS, "--target", "species", "--seed"], /argument missing|requires an? argument/i],
  ];
  it.each(usage)("%j exits with 2", async (args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect(stderr).toMatch(message);
    expect([code, stdout, stderr.split("\n").length]).toEqual([2, "", 2]);
  });

  const broken: [string, string | Uint8Array, RegExp][] = [
    ["empty.csv", "", /empty\.csv is empty/],
    ["header.csv", "a,b,y\n", /has a header but no rows/],
    ["ragged.csv", "a,y\n1,u\n2\n3,v\n", /row 2 has 1 cells but the header names 2 columns/],
    ["twice.csv", "a,a,y\n1,2,u\n", /names "a" twice/],
    ["unnamed.csv", "a,,y\n1,2,u\n", /column 2 has no name/],
    ["quote.csv", 'a,y\n"1,u\n2,v\n', /quote that does not close/],
    ["latin.csv", Uint8Array.of(97, 44, 121, 10, 0xe9, 44, 117, 10), /not UTF-8 text/],
    ["label.csv", "a,y\n1,u\n2,\n3,v\n", /has no label in row 2/],
    ["constant.csv", "a,y\n1,u\n2,u\n3,u\n", /Only class "u" is present/],
    ["one.csv", `y\n${"u\nv\n".repeat(6)}u\n`, /no feature columns/],
    ["few.csv", "a,y\n1,u\n2,u\n3,u\n4,v\n5,v\n", /--k is 5 but class "v" has 2 rows; use 1 or less, or --on-too-few reduce/],
  ];
  it.each(broken)("%s exits with 1 and writes nothing", async (name, text, message) => {
    const out = path(`out-${name}`);
    const { code, stdout, stderr } = await run("balance", file(name, text), "--target", "y", "-o", out);
    expect(stderr).toMatch(message);
    expect([code, stdout, stderr.split("\n").length]).toEqual([1, "", 2]);
    expect(existsSync(out)).toBe(false);
    expect(readdirSync(path()).filter((entry) => entry.endsWith(".part"))).toEqual([]);
  });

  it("files that cannot be read or written", async () => {
    expect(await run("balance", "nowhere.csv", "--target", "y")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/nowhere\.csv does not exist/),
    });
    expect(await run("balance", path(), "--target", "y")).toMatchObject({ code: 1, stderr: expect.stringMatching(/is a folder/) });
    expect(await run("balance", PENGUINS, "--target", "species", "-o", "no/such/folder.csv")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/does not exist/),
    });
  });

  it("notes speak in flags", async () => {
    const input = file(
      "ids.csv",
      ["name,a,y", ...Array.from({ length: 14 }, (_, i) => `n${i},${i * 1.5},${i < 6 ? "u" : "v"}`)].join("\n"),
    );
    const { stderr } = await run("balance", input, "--target", "y", "--k", "3");
    expect(stderr).toMatch(
      /note: Column "name" holds 14 different texts, none twice, and is carried from the base row; if it is a feature, say --kind "name=nominal"\./,
    );
  });

  it("texts that mean missing make a column of numbers one again", async () => {
    const input = file("question.csv", "a,b,y\n1.5,1,u\n?,2,u\n3,3,u\n?,1,v\n5,2,v\n7,4,v\n8,4,u\n");
    const { stderr } = await run("balance", input, "--target", "y", "--k", "1", "--missing", "?");
    expect(stderr).toMatch(/a +numeric +numbers, 2 missing/);
  });
});

it("an existing file is replaced whole or kept", async () => {
  const out = file("kept.csv", "precious\n");
  await run("balance", file("bad.csv", "a,y\n1\n"), "--target", "y", "-o", out);
  expect(readFileSync(out, "utf8")).toBe("precious\n");
});

it("prints its version, and help whose examples work", async () => {
  const { version } = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../package.json"), "utf8")) as { version: string };
  expect((await run("--version")).stdout).toBe(`${version}\n`);
  const { stdout: general } = await run("--help");
  expect((await run()).stdout).toBe(general);
  const helps = await Promise.all(
    ["balance", "evaluate", "tune", "advise", "diagnose", "inspect", "methods"].map(
      async (command) => (await run(command, "--help")).stdout,
    ),
  );
  for (const option of Object.keys(OPTIONS)) expect(helps.join() + general).toContain(`--${option}`);
  const examples = [general, ...helps].join("").match(/(?<=^ {2})counterpoise .*examples.*/gm)!;
  expect(examples.length).toBeGreaterThan(3);
  for (const example of examples.flatMap((line) => line.split(" && "))) {
    const words = example
      .split(" ")
      .slice(1)
      .map((word) => (word.startsWith("examples/") ? PENGUINS : word));
    expect(await run(...words), example).toMatchObject({ code: 0, stderr: "" });
  }
  expect(existsSync(path("balanced.csv"))).toBe(true);
});
