import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { LeakReport, PrivacyReport, QualityReport } from "../../bindings/diagnose";
import { PENGUINS, workplace } from "../support/command";

const { path, file, run } = workplace();

async function balanced(name: string, ...words: string[]): Promise<string> {
  const out = path(name);
  expect(await run("balance", PENGUINS, "--target", "species", "-o", out, ...words)).toMatchObject({ code: 0 });
  return out;
}

const diagnosed = async (...words: string[]): Promise<{ quality: QualityReport; privacy: PrivacyReport }> =>
  JSON.parse((await run("diagnose", PENGUINS, ...words, "--target", "species", "--json")).stdout) as never;

describe("counterpoise diagnose", () => {
  it("tells what balance added, originals and columns of origins left out", async () => {
    const out = await balanced("out.csv", "--origins");
    const { code, stdout, stderr } = await run("diagnose", PENGUINS, out, "--target", "species");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/class Chinstrap: 84 synthetic rows, 68 real\n +column +taken as +distance/);
    expect(stdout).toMatch(/\nquality\n +Class "Chinstrap": 84 synthetic rows/);
    expect(stdout).toMatch(/\nprivacy\n.*\n.* raises no alarm/);
    expect(stdout).toMatch(/lie on the segment between two real rows.*\n.*not anonymization/);
  });

  it("new rows alone, hold-out rows, JSON", async () => {
    const whole = await diagnosed(await balanced("whole.csv"), "--holdout", PENGUINS);
    const alone = await diagnosed(await balanced("alone.csv", "--only-synthetic"), "--only-synthetic", "--holdout", PENGUINS);
    expect(alone.quality).toEqual(whole.quality);
    expect(alone.privacy).toEqual(whole.privacy);
    expect(whole.privacy.rows).toEqual({ synthetic: 112, holdout: 192 });
    expect(whole.privacy.copies.holdout).toBe(1);
    const copies = await diagnosed(await balanced("copies.csv", "--method", "random-oversample"));
    expect([copies.privacy.rows.synthetic, copies.privacy.copies.synthetic]).toEqual([112, 1]);
  });

  it("fractions of an integer column are told, not refused", async () => {
    const [header, ...rows] = readFileSync(PENGUINS, "utf8").trim().split(/\r?\n/);
    const place = header!.split(",").indexOf("body_mass_g");
    const halves = rows
      .filter((row) => row.startsWith("Gentoo"))
      .map((row) =>
        row
          .split(",")
          .map((cell, c) => (c === place && cell ? String(Number(cell) + 0.5) : cell))
          .join(","),
      );
    const { quality } = await diagnosed(file("halves.csv", [header, ...halves].join("\n")));
    expect(quality.classes[0]!.columns.find(({ name }) => name === "body_mass_g")).toMatchObject({ kind: "integer", invalid: 123 });
  });

  it("finds leaks between two files", async () => {
    const [header, ...rows] = readFileSync(await balanced("before.csv"), "utf8")
      .trim()
      .split(/\r?\n/);
    const part = (name: string, holds: (i: number) => boolean) => file(name, [header, ...rows.filter((_, i) => holds(i))].join("\n"));
    const words = ["--train", part("train.csv", (i) => i % 4 > 0), "--test", part("test.csv", (i) => i % 4 === 0), "--target", "species"];
    const { code, stdout } = await run("diagnose", ...words);
    expect([code, stdout.split("\n")[0]]).toEqual([0, expect.stringMatching(/test\.csv beside .*train\.csv: leaks$/)]);
    const report = JSON.parse((await run("diagnose", ...words, "--json", "--group", "island")).stdout) as LeakReport;
    expect(report.resampledBefore.verdict).toBe("yes");
    expect(report.groups!.testRows).toBe(114);
  });

  it.each([
    [["diagnose", PENGUINS, "--target", "species"], /was given 1 files/],
    [["diagnose", "--train", PENGUINS, "--target", "species"], /--train and --test go together/],
    [["diagnose", PENGUINS, "--train", PENGUINS, "--test", PENGUINS, "--target", "species"], /take no .*penguins\.csv/],
    [["diagnose", PENGUINS, PENGUINS, "--target", "species", "--method", "smote"], /--method is no option of diagnose/],
    [["balance", PENGUINS, "--target", "species", "--holdout", PENGUINS], /--holdout is no option of balance/],
  ])("refuses %j in one sentence", async (words, message) => {
    const { code, stderr } = await run(...words);
    expect([code, stderr.trim().split("\n").length]).toEqual([2, 1]);
    expect(stderr).toMatch(message);
  });

  it("says when no row was added", async () => {
    const { code, stderr } = await run("diagnose", PENGUINS, PENGUINS, "--target", "species");
    expect([code, stderr]).toEqual([1, expect.stringMatching(/no row that a method made/)]);
  });

  it("has help", async () => {
    const { code, stdout } = await run("diagnose", "--help");
    expect(code).toBe(0);
    for (const option of ["--holdout", "--train", "--test", "--only-synthetic", "--group", "--time", "--json"])
      expect(stdout).toContain(option);
  });
});
