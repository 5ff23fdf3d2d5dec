import { isRecord, show } from "../check";
import type { Columns, Data, Matrix, Row } from "../contracts";
import type { Schema } from "../data/dataset";
import { written } from "../data/write";
import { InputError } from "../errors";

/** Whether a row, in the layout of the data, is as rows have to be: a record, or an array of numbers. */
export type Rule = (row: never) => boolean;

/** Rows that break a rule of the caller's. */
export interface BrokenRule {
  readonly rule: string;
  readonly real: number;
  readonly synthetic: number;
}

export function checkRules(rules: unknown): [string, Rule][] {
  if (rules === undefined) return [];
  const entries = isRecord(rules) ? Object.entries(rules) : [];
  if (entries.length > 0 && entries.every(([, rule]) => typeof rule === "function")) return entries as [string, Rule][];
  throw new InputError("OPTION", `rules is ${show(rules)}, but needs functions by name: { adult: (row) => row.age >= 18 }.`);
}

/** How many of the rows break each rule. */
export function broken(rules: readonly [string, Rule][], data: Data, schema: Schema, rows: Uint32Array): number[] {
  const rowOf = reader(data, schema);
  return rules.map(([name, rule]) => {
    let count = 0;
    for (const row of rows) {
      const holds: unknown = rule(rowOf(row) as never);
      if (typeof holds !== "boolean")
        throw new InputError("OPTION", `Rule ${show(name)} returned ${show(holds)}, but needs true or false.`);
      if (!holds) count++;
    }
    return count;
  });
}

function reader(data: Data, { layout, columns }: Schema): (row: number) => unknown {
  const content = written(data);
  if (layout === "rows") return (row) => (content as readonly Row[])[row];
  if (layout === "columns") {
    const cells = Object.entries(content as Columns);
    return (row) => Object.fromEntries(cells.map(([name, column]) => [name, column[row]]));
  }
  const { X } = content as Matrix;
  const width = columns.length;
  return (row) => (layout === "flat" ? Array.from((X as Float64Array).subarray(row * width, (row + 1) * width)) : X[row]);
}
