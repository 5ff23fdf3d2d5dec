import fc from "fast-check";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { openCsv, recordWriter } from "../../cli/csv";
import { FileError, type Source } from "../../cli/source";

/** A file that comes some bytes at a time, in memory that is used again. */
function source(text: string | Uint8Array, size: number): Source {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return {
    name: "test.csv",
    size: bytes.length,
    async *bytes() {
      const chunk = new Uint8Array(size);
      for (let at = 0; at < bytes.length; at += size) {
        const part = bytes.subarray(at, at + size);
        chunk.set(part);
        yield chunk.subarray(0, part.length);
        chunk.fill(0x3f);
      }
    },
  };
}

/** Header, rows as cells and rows as written. */
async function readAll(text: string | Uint8Array, size: number, wants?: (row: number) => boolean) {
  const csv = await openCsv(source(text, size));
  const [rows, raws]: [string[][], string[]] = [[], []];
  for await (const piece of csv.pieces(() => undefined, wants)) {
    const width = csv.header.length;
    for (let r = 0; r < piece.rows; r++) {
      rows.push(csv.header.map((_, c) => piece.text.slice(piece.starts[r * width + c], piece.ends[r * width + c])));
      raws.push(piece.raw.slice(piece.rawStarts[r], piece.rawEnds[r]));
    }
  }
  return { csv, rows, raws };
}

const plain = fc.constantFrom("", "a", "bé", "12.5", "-3", "x y", "日本", "0");
const quoted = fc.constantFrom('"a,b"', '"line\nbreak"', '""', '"say ""hi"""', '"\r\n"', '"é;"');
const stray = fc.constantFrom('5" pipe', "'", "tab\there");
const file = fc
  .record({
    width: fc.integer({ min: 1, max: 4 }),
    newline: fc.constantFrom("\n", "\r\n"),
    delimiter: fc.constantFrom(",", ";", "\t"),
    mark: fc.boolean(),
    end: fc.boolean(),
    blank: fc.boolean(),
    ragged: fc.integer({ min: 0, max: 12 }),
    cells: fc.array(fc.oneof({ weight: 8, arbitrary: plain }, { weight: 1, arbitrary: quoted }, { weight: 1, arbitrary: stray }), {
      minLength: 0,
      maxLength: 60,
    }),
  })
  .map(({ width, newline, delimiter, mark, end, blank, ragged, cells }) => {
    const rows: string[][] = [Array.from({ length: width }, (_, c) => `col${c}`)];
    for (let at = 0; at + width <= cells.length; at += width)
      rows.push(cells.slice(at, at + width).map((cell) => cell.replaceAll(delimiter === "\t" ? "tab\there" : "\0", "t")));
    if (ragged === 1 && rows.length > 2) rows[2]!.push("more");
    const lines = rows.map((row) => row.join(delimiter));
    if (blank && lines.length > 2) lines.splice(2, 0, "");
    return (mark ? "\uFEFF" : "") + lines.join(newline) + (end ? newline : "");
  });

describe("CSV in parts", () => {
  it("gives the rows of papaparse, or one sentence", async () => {
    let [same, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(file, fc.integer({ min: 1, max: 40 }), async (text, size) => {
        const body = text.replace(/^\uFEFF/, "");
        try {
          const { csv, rows, raws } = await readAll(text, size);
          const { data, errors } = Papa.parse<string[]>(body, {
            delimiter: csv.delimiter,
            newline: csv.newline as "\n",
            skipEmptyLines: true,
          });
          expect(errors).toEqual([]);
          expect([csv.header, ...rows]).toEqual(data);
          for (const [r, raw] of raws.entries()) {
            expect(text).toContain(raw);
            // a lone empty cell is an empty line to papaparse
            if (raw) expect(Papa.parse<string[]>(raw, { delimiter: csv.delimiter, newline: csv.newline as "\n" }).data).toEqual([rows[r]]);
          }
          const third = await readAll(text, size, (row) => row % 3 === 1);
          expect(third.rows).toEqual(rows.filter((_, r) => r % 3 === 1));
          expect(third.raws).toEqual(raws.filter((_, r) => r % 3 === 1));
          same++;
        } catch (error) {
          expect(error).toBeInstanceOf(FileError);
          expect((error as Error).message).toMatch(/^[^\n]+[.]$/);
          refused++;
        }
      }),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 1500) },
    );
    expect(same).toBeGreaterThan(refused);
  });

  it("does not read a quote that never closes again and again", async () => {
    const text = `a,b\n1,"${"x,\n".repeat(100_000)}`;
    const start = performance.now();
    await expect(readAll(text, 1000)).rejects.toThrow(/record 2 has a quote that does not close/);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it("tells what is wrong with text that is not UTF-8", async () => {
    await expect(readAll(Uint8Array.of(97, 10, 0xe9, 10), 3)).rejects.toThrow(/not UTF-8 text/);
  });

  it("writes records that papaparse reads back", () => {
    const cells = fc.array(fc.oneof(plain, fc.string(), fc.constantFrom('"', "a,b", "\n", " lead", "1,5", "1e5", "-0.25")), {
      minLength: 2,
      maxLength: 5,
    });
    fc.assert(
      fc.property(cells, fc.constantFrom(",", ";", "\t", "."), (row, delimiter) => {
        const write = recordWriter(
          { delimiter, newline: "\n" },
          row.map((cell) => /^-?[\d.e]+$/.test(cell)),
        );
        const line = write(
          row.map((cell) => [cell]),
          0,
        );
        expect(Papa.parse<string[]>(line.slice(0, -1), { delimiter, newline: "\n" }).data).toEqual([row]);
      }),
    );
  });
});
