/** examples/browser, used as a person would: the sample, the download, a file of one's own, another column, and a wrong file. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { visit } from "./drivers.js";
import { serve, sitesOf } from "./server.js";

export async function browserExample(name, place) {
  const { url, stop } = await serve(sitesOf(place));
  try {
    const { version } = await visit(name, `${url}/examples/browser/index.html`, (page) => use(page, place));
    return { version, result: "sample, file, column, download" };
  } finally {
    stop();
  }
}

async function use(page, { folder }) {
  const figures = () => page.locator("#bars .figures").allTextContents();
  const balanced = (pattern) => page.locator("#status", { hasText: pattern }).waitFor({ timeout: 10_000 });

  await page.getByRole("button", { name: "Use made-up payments" }).click();
  await balanced(/600 rows balanced by "fraud"/);
  deepStrictEqual(await figures(), ["575", "25 + 550 = 575"]);
  const lines = await downloaded(page);
  strictEqual(lines.length, 1 + 600 + 550);
  strictEqual(lines.filter((line) => line.endsWith(",yes")).length, 575);

  await page.locator("#file").setInputFiles(join(folder, "examples/penguins.csv"));
  await balanced(/344 rows balanced by "species"/);
  deepStrictEqual(await figures(), ["152", "68 + 84 = 152", "124 + 28 = 152"]);
  const written = await downloaded(page);
  const original = readFileSync(join(folder, "examples/penguins.csv"), "utf8").trim().split(/\r?\n/);
  deepStrictEqual(written.slice(0, original.length), original);

  await page.locator("#target").selectOption("island");
  await balanced(/344 rows balanced by "island"/);
  await page.locator("#target").selectOption("sex"); // has empty cells
  await page.locator("#status.fault").waitFor({ timeout: 10_000 });
  strictEqual(await page.locator("#result").isHidden(), true);
  await page.locator("#file").setInputFiles({ name: "wrong.csv", mimeType: "text/csv", buffer: Buffer.from("a,b\n1\n") });
  await balanced(/^Row 1 has 1 cells/);
  match(await page.locator("#status").getAttribute("class"), /fault/);
}

async function downloaded(page) {
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download balanced.csv" }).click();
  return readFileSync(await (await download).path(), "utf8")
    .trim()
    .split("\r\n");
}
