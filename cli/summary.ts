import type { ColumnTable, Oversampler, Resampled } from "../bindings/index";
import type { Csv } from "./csv";
import { inFlags } from "./sentence";

/** What there is to tell of one run. */
export interface Facts {
  readonly input: string;
  readonly csv: Csv;
  readonly data: ColumnTable;
  readonly result: Resampled<ColumnTable>;
  readonly method: Oversampler;
  readonly output: string | undefined;
}

const BAR = 24;

/** Classes before and after, what the columns were taken for, notes, and where the table went; for people. */
export function summary({ input, csv, data, result, method, output }: Facts): string {
  const counts = [...result.counts];
  const most = Math.max(...counts.map(([, { after }]) => after));
  const bar = (rows: number, mark: string): string => mark.repeat(Math.round((rows / most) * BAR));
  const added = counts.reduce((sum, [, count]) => sum + count.added, 0);
  const lines = [
    `${input}: ${csv.rows} rows, ${csv.header.length} columns, target ${data.target}`,
    "",
    ...aligned([
      ["class", "before", "added", "after", ""],
      ...counts.map(([label, { before, added: more, after }]) => [String(label), before, more, after, bar(before, "█") + bar(more, "░")]),
    ]),
    "",
    ...aligned([
      ["column", "taken as", "because"],
      ...data.description
        .filter(({ role }) => role !== "target")
        .map(({ name, kind, role, why, missing }) => [name, kind ?? role, missing ? `${why}, ${missing} missing` : why]),
    ]),
    "",
    ...[...data.notes, ...result.notes].map((note) => `note: ${inFlags(note)}`),
    `${method.name} added ${added} rows${output === undefined ? "." : `; ${csv.rows + added} in all, written to ${output}.`}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** Columns side by side, two spaces apart: texts to the left, numbers to the right. */
function aligned(rows: readonly (readonly (string | number)[])[]): string[] {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => String(row[c]).length)));
  const numbers = rows[0]!.map((_, c) => typeof rows[rows.length - 1]![c] === "number");
  return rows.map((row) =>
    `  ${row.map((cell, c) => (numbers[c] ? String(cell).padStart(widths[c]!) : String(cell).padEnd(widths[c]!))).join("  ")}`.trimEnd(),
  );
}
