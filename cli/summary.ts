import type { Inspection, Label, Resampler } from "../bindings/index";
import { painter } from "./progress";
import { inFlags } from "./sentence";
import type { ReadTable } from "./tables";

/** What there is to tell of one run of balance. */
export interface Facts {
  readonly input: string;
  readonly read: ReadTable;
  readonly method: Pick<Resampler, "name" | "options">;
  /** Rows that each class gained and lost. */
  readonly changes: ReadonlyMap<Label, Change>;
  readonly notes: readonly string[];
  readonly output: string | undefined;
}

export interface Change {
  readonly added: number;
  readonly removed: number;
}

interface Count extends Change {
  readonly label: Label;
  readonly before: number;
  readonly after: number;
}

const BAR = 24;

/** Classes before and after, what the columns were taken for, notes, and where the table went; for people. */
export function balanceSummary(facts: Facts, stream: NodeJS.WriteStream): string {
  const { input, read, method, output } = facts;
  const paint = painter(stream);
  const counts = countsOf(facts);
  const most = Math.max(...counts.map(({ before, added }) => before + added));
  const bar = (rows: number, mark: string): string => mark.repeat(Math.round((rows / most) * BAR));
  const [added, removed] = (["added", "removed"] as const).map((what) => counts.reduce((sum, count) => sum + count[what], 0)) as [
    number,
    number,
  ];
  const change = `added ${added} rows${removed ? ` and removed ${removed}` : ""}`;
  const lines = [
    paint("bold", `${input}: ${read.rows} rows, ${read.names.length} columns, target ${read.data.target}`),
    "",
    ...aligned([
      ["class", "before", "added", ...(removed ? ["removed"] : []), "after", ""],
      ...counts.map(({ label, before, added: more, removed: less, after }) => [
        String(label),
        before,
        more,
        ...(removed ? [less] : []),
        after,
        bar(before - less, "█") + bar(less, "·") + paint("cyan", bar(more, "░")),
      ]),
    ]),
    "",
    ...aligned([
      ["column", "taken as", "because"],
      ...read.data.description
        .filter(({ role }) => role !== "target")
        .map(({ name, kind, role, why, missing }) => [name, kind ?? role, missing ? `${why}, ${missing} missing` : why]),
    ]),
    "",
    ...notesOf(facts).map((note) => `${paint("yellow", "note:")} ${inFlags(note)}`),
    `${method.name} ${change}${output === undefined ? "." : `; ${read.rows + added - removed} in all, written to ${output}.`}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** The same for programs. */
export function balanceJson(facts: Facts): string {
  const { input, read, method, output } = facts;
  const told = {
    input,
    output,
    method: method.name,
    options: method.options,
    rows: read.rows,
    counts: countsOf(facts),
    columns: read.data.description,
    notes: notesOf(facts),
  };
  return `${JSON.stringify(told, null, 2)}\n`;
}

/** What inspect found, for people. */
export function inspectionSummary(input: string, target: string, found: Inspection, stream: NodeJS.WriteStream): string {
  const paint = painter(stream);
  const most = Math.max(...found.classes.map(({ rows }) => rows));
  const range = (low: number | undefined, high: number | undefined): string =>
    low === undefined ? "" : low === high ? `${low}` : `${low} to ${high}`;
  const { missing, constant, duplicates, conflicts } = found;
  const lines = [
    paint("bold", `${input}: ${found.rows} rows, ${found.columns.length + 1} columns, target ${target}`),
    "",
    ...aligned([
      ["class", "rows", "share", ""],
      ...found.classes.map(({ label, rows, share }) => [
        String(label),
        rows,
        `${(100 * share).toFixed(1)} %`,
        "█".repeat(Math.max(1, Math.round((rows / most) * BAR))),
      ]),
    ]),
    "",
    `imbalance ratio   ${found.imbalanceRatio.toFixed(2)} rows of the largest class to one of the smallest`,
    `missing           ${missing.cells ? `${missing.cells} cells, in ${missing.rows} rows` : "no cell"}`,
    `constant columns  ${constant.length ? constant.join(", ") : "none"}`,
    `duplicates        ${duplicates ? `${duplicates} rows repeat an earlier one` : "none"}`,
    `conflicts         ${conflicts ? `${conflicts} rows equal a row of another class in every feature` : "none"}`,
    "",
    ...aligned([
      ["column", "taken as", "because", "missing", "values", "range"],
      ...found.columns.map(({ name, kind, role, why, missing: absent, distinct, lowest, highest }) => [
        name,
        kind ?? role,
        why,
        String(absent || ""),
        String(distinct ?? ""),
        range(lowest, highest),
      ]),
    ]),
    ...(found.notes.length ? ["", ...found.notes.map((note) => `${paint("yellow", "note:")} ${inFlags(note)}`)] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function countsOf({ read, changes }: Facts): Count[] {
  return read.classes.map(({ label, rows }) => {
    const { added, removed } = changes.get(label) ?? { added: 0, removed: 0 };
    return { label, before: rows, added, removed, after: rows + added - removed };
  });
}

function notesOf({ read, notes }: Facts): string[] {
  return [...read.data.notes, ...notes];
}

/** Columns side by side, two spaces apart: texts to the left, numbers to the right. */
export function aligned(rows: readonly (readonly (string | number)[])[]): string[] {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => String(row[c]).length)));
  const numbers = rows[0]!.map((_, c) => typeof rows[rows.length - 1]![c] === "number");
  return rows.map((row) =>
    `  ${row.map((cell, c) => (numbers[c] ? String(cell).padStart(widths[c]!) : String(cell).padEnd(widths[c]!))).join("  ")}`.trimEnd(),
  );
}
