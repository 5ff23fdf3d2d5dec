import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { smote, table, type Row } from "../../bindings/index";
import { painter, progressBar } from "../../cli/progress";
import { CLI, PENGUINS, workplace } from "../support/command";
import { Numbers } from "../support/numbers";

const { path, file, run, runWith } = workplace();
const penguins = readFileSync(PENGUINS, "utf8");
const rowsOf = (text: string): string[][] => Papa.parse<string[]>(text, { skipEmptyLines: true }).data;
const jsonRows = (text: string): Row[] =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);

const people: Row[] = Array.from({ length: 60 }, (_, i) => ({
  name: `p${i}`,
  age: i % 7 ? 20 + (i % 40) : null,
  income: 1000.5 + 13 * (i % 11),
  married: i % 3 === 0,
  ...(i % 10 ? { city: ["Rome", "Oslo"][i % 2] } : {}),
  left: i % 6 === 0 ? "yes" : "no",
}));
const jsonLines = people.map((row) => JSON.stringify(row)).join("\n");

describe("formats", () => {
  it("TSV by its name", async () => {
    const { code, stdout } = await run("balance", file("p.tsv", penguins.replaceAll(",", "\t")), "--target", "species");
    expect(code).toBe(0);
    expect(stdout.startsWith(penguins.replaceAll(",", "\t"))).toBe(true);
    expect((await run("balance", PENGUINS, "--target", "species")).stdout.replaceAll(",", "\t")).toBe(stdout);
  });

  it("other delimiters when told", async () => {
    const input = file("pipes.txt", penguins.replaceAll(",", "~"));
    const { stdout } = await run("balance", input, "--target", "species", "--delimiter", "~", "--only-synthetic");
    expect(stdout.split("\n")[1]!.split("~")).toHaveLength(8);
  });

  it("JSON Lines: originals byte for byte, new rows as the library makes them", async () => {
    const input = file("people.jsonl", jsonLines);
    const out = path("balanced.jsonl");
    const { code, stdout } = await run("balance", input, "--target", "left", "--carry", "name", "-o", out);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/yes +10 +40 +50/)]);
    const text = readFileSync(out, "utf8");
    expect(text.startsWith(`${jsonLines}\n`)).toBe(true);
    const { data } = await smote().resample(table(people, { target: "left", carry: ["name"] }), { only: "synthetic" });
    expect(jsonRows(text).slice(60)).toEqual(JSON.parse(JSON.stringify(data.rows)));
  });

  it("JSON Lines with origins", async () => {
    const { stdout } = await run("balance", file("o.ndjson", `${jsonLines}\n\n`), "--target", "left", "--carry", "name", "--origins");
    const rows = jsonRows(stdout);
    expect(rows).toHaveLength(100);
    expect(rows[1]).toEqual({ ...people[1], _origin: "original", _base: 2 });
    for (const row of rows.slice(60)) {
      expect(row).toMatchObject({ _origin: "synthetic", left: "yes" });
      expect(rows[(row["_base"] as number) - 1]!["name"]).toBe(row["name"]);
    }
  });

  it("gzip in and out, told by the bytes", async () => {
    const out = path("balanced.csv.gz");
    const plain = await run("balance", PENGUINS, "--target", "species");
    expect(await run("balance", file("zipped.csv", gzipSync(penguins)), "--target", "species", "-o", out)).toMatchObject({ code: 0 });
    expect(gunzipSync(readFileSync(out)).toString()).toBe(plain.stdout);
  });

  it("standard input and output", async () => {
    const plain = await run("balance", PENGUINS, "--target", "species");
    expect(await runWith({ input: penguins }, "balance", "-", "--target", "species")).toMatchObject({ code: 0, stdout: plain.stdout });
    expect(await runWith({ input: gzipSync(jsonLines) }, "inspect", "-", "--format", "jsonl", "--target", "left")).toMatchObject({
      code: 0,
    });
  });

  it("says nothing but the summary in a pipe", async () => {
    const { stderr } = await run("balance", PENGUINS, "--target", "species");
    for (const mark of ["\r", "\u001b"]) expect(stderr).not.toContain(mark);
  });

  const broken: [string, string | Uint8Array, string[], RegExp][] = [
    ["cut.csv.gz", gzipSync(penguins).subarray(0, 500), [], /cut\.csv\.gz is a damaged gzip file/],
    ["no.jsonl", "", [], /no\.jsonl has no records/],
    ["bad.jsonl", '{"left":"a"}\n{"left":\n', [], /bad\.jsonl: line 2 is no JSON/],
    ["list.jsonl", "[1,2]\n", [], /line 1 is \[1,2\], but each line needs one object/],
    ["nan.csv", "a,left\nx,yes\n", ["--format", "xml"], /--format is "xml", but needs one of csv, tsv, jsonl/],
    ["in.csv", "a,left\n1,yes\n", ["-o", "out.jsonl"], /out\.jsonl is named as jsonl, but the table is written as it was read, as csv/],
    ["none.csv", "a,b\n1,2\n", ["--carry", "a"], /target names "left", which is no column/],
  ];
  it.each(broken)("%s is one sentence", async (name, content, args, message) => {
    const ran = await run("balance", file(name, content), "--target", "left", ...args);
    expect(ran.stderr).toMatch(message);
    expect([ran.stdout, ran.stderr.split("\n").length, ran.code > 0]).toEqual(["", 2, true]);
  });
});

describe("inspect", () => {
  it("tells people what is in a table", async () => {
    const input = file(
      "dup.csv",
      `${penguins}Adelie,Torgersen,39.1,18.7,181,3750,male,2007\nGentoo,Torgersen,39.1,18.7,181,3750,male,2007\n`,
    );
    const { code, stdout } = await run("inspect", input, "--target", "species");
    expect(code).toBe(0);
    expect(stdout).toMatch(/346 rows, 8 columns, target species/);
    expect(stdout).toMatch(/Chinstrap +68 +19\.7 % +█+/);
    expect(stdout).toMatch(/imbalance ratio +2\.25/);
    expect(stdout).toMatch(/missing +19 cells, in 11 rows/);
    expect(stdout).toMatch(/constant columns +none/);
    expect(stdout).toMatch(/duplicates +1 rows repeat/);
    expect(stdout).toMatch(/conflicts +3 rows equal/);
    expect(stdout).toMatch(/sex +nominal +2 different texts +11 +2/);
    expect(stdout).toMatch(/body_mass_g +integer +whole numbers +2 +\d+ +2700 to 6300/);
  });

  it("tells programs with --json", async () => {
    const { stdout } = await run("inspect", PENGUINS, "--target", "species", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      input: "penguins.csv",
      target: "species",
      rows: 344,
      imbalanceRatio: 152 / 68,
      conflicts: 0,
    });
  });

  it.each([
    [["inspect", PENGUINS], /--target COLUMN must name the column that holds the class; there are species, island/],
    [["inspect", PENGUINS, "--target", "species", "--k", "3"], /--k is no option of inspect; it takes --target/],
    [["methods", PENGUINS], /methods reads no file/],
  ])("%j", async (args, message) => {
    const { code, stderr } = await run(...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});

it("methods lists what balance takes", async () => {
  const { stdout } = await run("methods");
  expect(stdout).toMatch(/smote \(oversampler, stable\)\n.*SMOTE-NC/);
  const all = JSON.parse((await run("methods", "--json")).stdout) as { name: string }[];
  expect(all.length).toBeGreaterThan(20);
  for (const { name } of all) {
    expect(await run("balance", PENGUINS, "--target", "species", "--method", name), name).toMatchObject({ code: 0 });
  }
});

describe("in a terminal", () => {
  const terminal = (isTTY: boolean) => {
    const written: string[] = [];
    return { written, stream: { isTTY, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream };
  };

  it("draws how far it is, and wipes it away", () => {
    const { written, stream } = terminal(true);
    const bar = progressBar(stream);
    bar.show("reading", 1, 4);
    bar.show("reading", 2, 4);
    bar.clear();
    expect(written).toEqual([expect.stringMatching(/█{8}░{22} {2}25 % reading/), "\r\u001b[2K"]);
  });

  it("draws nothing in a pipe, and paints nothing with NO_COLOR", () => {
    const { written, stream } = terminal(false);
    progressBar(stream).show("reading", 1, 2);
    expect([written, painter(stream)("bold", "x")]).toEqual([[], "x"]);
    expect(painter(terminal(true).stream)("bold", "x")).toBe("\u001b[1mx\u001b[22m");
    process.env["NO_COLOR"] = "1";
    expect(painter(terminal(true).stream)("bold", "x")).toBe("x");
    delete process.env["NO_COLOR"];
  });
});

describe("a table of many parts", () => {
  const numbers = new Numbers(3);
  const lines = Array.from(
    { length: 200_000 },
    (_, i) => `id${i},${numbers.normal().toFixed(4)},${numbers.below(90)},${["a", "b", "c"][numbers.below(3)]},${i % 50 ? "no" : "yes"}`,
  );
  const text = `id,x,n,c,y\n${lines.join("\n")}\n`;

  it("is written as it was, with the rows that the library makes of the whole", async () => {
    const input = file("many.csv", text);
    const { stdout } = await run("balance", input, "--target", "y", "--strategy", "0.1");
    expect(stdout.startsWith(text)).toBe(true);
    const [header, ...rows] = rowsOf(text);
    const columns = Object.fromEntries(header!.map((name, c) => [name, rows.map((row) => row[c]!)]));
    const { data } = await smote({ strategy: 0.1 }).resample(table(columns, { target: "y", parseNumbers: true }), { only: "synthetic" });
    const made = rowsOf(stdout.slice(text.length));
    expect(made).toHaveLength(15_600);
    expect(made).toEqual(made.map((_, i) => header!.map((name) => String((data.columns[name] as unknown[])[i]))));
  });

  it.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)("stopped half-way by %s leaves no output", async (signal) => {
    const input = file("stopped.csv", text + `${lines.join("\n")}\n`.repeat(6));
    const out = path("stopped-out.csv");
    const child = spawn(process.execPath, [CLI, "balance", input, "--target", "y", "-o", out], { stdio: "ignore" });
    const ended = new Promise<number | null>((done) => child.once("exit", done));
    await new Promise((later) => setTimeout(later, 400));
    expect(child.exitCode).toBe(null);
    child.kill(signal);
    const code = await ended;
    expect(existsSync(out)).toBe(false);
    if (signal === "SIGKILL") return;
    expect(code).toBe(signal === "SIGINT" ? 130 : 143);
    expect(readdirSync(path()).filter((name) => /stopped-out.*\.part$/.test(name))).toEqual([]);
  });
});
