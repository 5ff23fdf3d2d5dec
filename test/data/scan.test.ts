import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  InputError,
  randomOversample,
  smote,
  table,
  type ColumnTable,
  type Oversampler,
  type Strategy,
  type TableOptions,
} from "../../bindings/index";
import { numberFromText } from "../../bindings/data/cells";
import { COMPARED } from "../../bindings/data/look";
import { Collector } from "../../bindings/scan/collect";
import { TextScan } from "../../bindings/scan/scan";
import { readNumber, type TextPart } from "../../bindings/scan/texts";
import { Numbers } from "../support/numbers";

type Texts = Record<string, string[]>;

/** Rows [from, to) as a part, cells side by side in one text. */
function partOf(columns: Texts, rows: readonly number[]): TextPart {
  const names = Object.keys(columns);
  const cells = rows.flatMap((r) => names.map((name) => columns[name]![r]!));
  const ends = Int32Array.from(cells);
  let at = 0;
  cells.forEach((cell, place) => (ends[place] = at += cell.length));
  return { text: cells.join(""), starts: Int32Array.from(ends, (_, place) => (place ? ends[place - 1]! : 0)), ends, rows: rows.length };
}

function* partsOf(columns: Texts, size: number, wants: (row: number) => boolean = () => true): Generator<TextPart> {
  const n = Object.values(columns)[0]!.length;
  for (let from = 0; from < n; from += size) {
    yield partOf(columns, Array.from({ length: Math.min(size, n - from) }, (_, r) => from + r).filter(wants));
  }
}

/** The table as the command line reads it for a strategy, or for a method that has to see all rows. */
function inParts(columns: Texts, options: TableOptions, size: number, wanted: Strategy | "all rows" = "auto"): ColumnTable {
  const scan = new TextScan(Object.keys(columns), options);
  do for (const part of partsOf(columns, size)) scan.add(part);
  while (scan.again());
  const collector = new Collector(scan.finish(), wanted);
  for (const part of partsOf(columns, size, collector.wants)) collector.add(part);
  return collector.finish();
}

/** What a method makes of a table in memory, and what is told of it. */
async function toldOfWhole(data: ColumnTable, method: Oversampler): Promise<unknown> {
  const { data: made, origins, notes } = await method.resample(data, { only: "synthetic" });
  const { base, neighbor, gap } = origins;
  return { made: made.columns, base, neighbor, gap, description: data.description, notes: [...data.notes, ...notes] };
}

/** The same of what the command line keeps of it. */
async function toldOfParts(data: ColumnTable, method: Oversampler): Promise<unknown> {
  const generator = await method.fit(data);
  const made = Object.fromEntries(data.description.map(({ name }) => [name, [] as unknown[]]));
  const [base, neighbor, gap]: [number[], number[], number[]] = [[], [], []];
  for (const [label, count] of generator.counts) {
    const { data: part, origins } = await generator.sample(label, 0, count);
    for (const [name, cells] of Object.entries(part.columns)) made[name]!.push(...Array.from(cells));
    base.push(...origins.base);
    neighbor.push(...origins.neighbor);
    gap.push(...origins.gap);
  }
  const notes = base.length ? generator.notes : [...generator.notes, "No rows were added: the strategy asks for none."];
  return {
    made,
    base: Uint32Array.from(base),
    neighbor: Int32Array.from(neighbor),
    gap: Float64Array.from(gap),
    description: data.description,
    notes: [...data.notes, ...notes],
  };
}

const failure = (error: unknown): unknown => {
  expect(error).toBeInstanceOf(InputError);
  return (error as Error).message;
};

const cell = fc.oneof(
  fc.constantFrom("", "1", "2.5", "-7", "0", "1e3", "12"),
  fc.constantFrom("", "1", "2", "3"),
  fc.constantFrom("red", "green", "blue", "NA", " "),
);
const source = fc.integer({ min: 14, max: 40 }).chain((n) =>
  fc.record({
    a: fc.array(fc.double({ min: -5, max: 5, noNaN: true }).map(String), { minLength: n, maxLength: n }),
    b: fc
      .constantFrom(["1", "2", ""], ["x", "y", "NA"], ["3", "4.5", "z"], ["007", "1"])
      .chain((texts) => fc.array(fc.constantFrom(...texts), { minLength: n, maxLength: n })),
    c: fc.array(cell, { minLength: n, maxLength: n }),
    size: fc.array(fc.constantFrom("S", "M", "L"), { minLength: n, maxLength: n }),
    y: fc.array(fc.constantFrom("u", "u", "u", "v", "w", "w"), { minLength: n, maxLength: n }),
  }),
);
const optionsOf = fc.constantFrom<TableOptions[]>(
  { target: "y" },
  { target: "y", missing: ["NA"], carry: ["c"] },
  { target: "y", kinds: { size: "ordinal", c: "nominal" }, levels: { size: ["S", "M", "L"] } },
  { target: "y", kinds: { a: "nominal", b: "nominal", c: "nominal" } },
  { target: "y", kinds: { b: "integer" }, missing: ["NA", "z"], bounds: { a: [-5, 4] } },
  { target: "y", weight: "a" },
  { target: "y", kinds: { size: "ordinal" }, levels: { size: ["S", "M"] } },
);

describe("a table read in parts", () => {
  it("is told of, balanced and refused as one in memory", () =>
    fc.assert(
      fc.asyncProperty(
        source,
        optionsOf,
        fc.integer({ min: 1, max: 50 }),
        fc.boolean(),
        fc.constantFrom("auto", "all rows" as const),
        async (columns, options, size, noisy, wanted) => {
          const method = noisy
            ? randomOversample({ seed: 2, compat: "imbalanced-learn", shrinkage: 0.3 })
            : smote({ onTooFew: "reduce", seed: 4 });
          const attempt = (run: () => Promise<unknown>): Promise<unknown> => Promise.resolve().then(run).catch(failure);
          const whole = await attempt(() => toldOfWhole(table(columns, { ...options, parseNumbers: true }), method));
          expect(await attempt(() => toldOfParts(inParts(columns, options, size, wanted), method))).toEqual(whole);
        },
      ),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 600) },
    ));

  it("has the same statistics over many blocks, and a column that turns out to be texts late", async () => {
    const numbers = new Numbers(4);
    const n = 40_000;
    const columns: Texts = {
      id: Array.from({ length: n }, (_, i) => `row${i}`),
      x: Array.from({ length: n }, () => (numbers.unit() < 0.05 ? "" : String(1e6 + numbers.normal()))),
      z: Array.from({ length: n }, () => (100 * numbers.unit()).toFixed(2)),
      late: Array.from({ length: n }, (_, i) => (i === 30_000 ? "?" : String(i % 7))),
      y: Array.from({ length: n }, (_, i) => (i % 100 ? "no" : "yes")),
    };
    const method = smote({ strategy: 0.05 });
    expect(await toldOfParts(inParts(columns, { target: "y" }, 3000, 0.05), method)).toEqual(
      await toldOfWhole(table(columns, { target: "y", parseNumbers: true }), method),
    );
  });

  it("takes texts that are all different among the first 100 000 for identifiers, whole or in parts", async () => {
    const n = COMPARED + 3000;
    const columns: Texts = {
      id: Array.from({ length: n }, (_, i) => `row${Math.min(i, COMPARED)}`),
      x: Array.from({ length: n }, (_, i) => String(i % 17)),
      y: Array.from({ length: n }, (_, i) => (i % 1000 ? "no" : "yes")),
    };
    const method = smote({ strategy: 0.002 });
    const whole = table(columns, { target: "y", parseNumbers: true });
    expect(whole.description[0]).toMatchObject({ role: "carry", why: "every text is different" });
    expect(await toldOfParts(inParts(columns, { target: "y" }, 9000, 0.002), method)).toEqual(await toldOfWhole(whole, method));
  });
});

it("readNumber reads what numberFromText reads, digit for digit", () => {
  const text = fc.oneof(
    fc.double().map(String),
    fc.float({ noNaN: true }).map((value) => value.toFixed(4)),
    fc.integer().map(String),
    fc.stringMatching(/^[+-]?[0-9]{0,18}\.?[0-9]{0,18}$/),
    fc.stringMatching(/^[ 0-9.eE+x-]{0,8}$/),
    fc.constantFrom(
      "007",
      "0",
      "-0",
      "00",
      "0.5",
      ".5",
      "5.",
      "-.5",
      "+1",
      "1e5",
      "Infinity",
      "NaN",
      "",
      " 1 ",
      "1_000",
      "0x10",
      "123456789012345.6",
    ),
  );
  const out = new Float64Array(1);
  fc.assert(
    fc.property(text, fc.string(), fc.string(), (spelled, before, after) => {
      readNumber(out, 0, before + spelled + after, before.length, before.length + spelled.length);
      expect(out[0]).toBe(numberFromText(spelled));
    }),
    { numRuns: 5000 },
  );
});
