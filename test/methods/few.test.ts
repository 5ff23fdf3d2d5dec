import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { InputError, type ColumnTable, type Resampled } from "../../bindings/index";
import { METHODS } from "../../cli/catalogue";
import { DATA, HAS_DATA, realTable } from "../support/data";

interface Entry {
  readonly name: string;
  readonly target: string;
}

const entries = HAS_DATA ? (JSON.parse(readFileSync(`${DATA}/keel/manifest.json`, "utf8")) as Entry[]) : [];

function smallestClass(data: ColumnTable): number {
  const counts = new Map<unknown, number>();
  for (const label of data.columns[data.target] as unknown[]) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Math.min(...counts.values());
}

const tables = entries
  .filter(({ name }) => /led7digit|kddcup/.test(name) || smallestClass(realTable("keel", name)) <= 9)
  .map(({ name }) => name);

/** No number that is none, but where the table had a missing one. */
function expectNumbers(data: ColumnTable, { data: made, origins }: Resampled<ColumnTable>, what: string): void {
  for (const { name, kind, missing } of data.description) {
    if ((kind !== "numeric" && kind !== "integer") || missing) continue;
    const cells = made.columns[name] as ArrayLike<string>;
    origins.kind.forEach((synthetic, i) => {
      if (synthetic && !Number.isFinite(Number(cells[i]))) expect.fail(`${what}: column ${name} of row ${i} is ${cells[i]}`);
    });
  }
}

describe.skipIf(!HAS_DATA)("few rows, equal rows, constant columns: a result or a sentence from every method", () => {
  it("knows such tables", () => expect(tables.length).toBeGreaterThan(6));

  it.each(tables)("%s", async (name) => {
    const data = realTable("keel", name);
    for (const { name: method, make, flags } of METHODS) {
      const lenient = flags.some(({ option }) => option === "onTooFew") ? [{ onTooFew: "copy" }] : [];
      for (const options of [{}, ...lenient]) {
        const what = `${method}(${JSON.stringify(options)}) on ${name}`;
        try {
          expectNumbers(data, await make(options as never).resample(data), what);
        } catch (error) {
          if (!(error instanceof InputError)) throw new Error(what, { cause: error });
          expect(error.message, what).toMatch(/^.{20,400}\.$/);
        }
      }
    }
  });
});
