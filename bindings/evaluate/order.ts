import { show } from "../check";
import type { Column, Dataset } from "../data/dataset";
import { InputError } from "../errors";

/* What decides which rows go together: a column that names groups, one that tells times, and flags. */

export function columnOf({ schema }: Dataset, role: "group" | "time"): Column | undefined {
  return schema.columns.find((column) => column.role === role);
}

/** The group and time columns; no way of dividing rows respects both. */
export function orderColumns(data: Dataset, who: string): { group: Column | undefined; time: Column | undefined } {
  const [group, time] = [columnOf(data, "group"), columnOf(data, "time")];
  if (!group || !time) return { group, time };
  throw new InputError(
    "OPTION",
    `The table has a group column (${show(group.name)}) and a time column (${show(time.name)}); ${who} goes by one, so carry the other.`,
  );
}

/** Rows with the same cell, groups and rows in order of appearance. */
export function groupsOf(data: Dataset, column: Column): number[][] {
  const cells = data.carried[column.place]!;
  const groups = new Map<unknown, number[]>();
  for (let i = 0; i < data.n; i++) {
    const key = cells[i] instanceof Date ? (cells[i] as Date).getTime() : cells[i];
    const rows = groups.get(key);
    if (rows) rows.push(i);
    else groups.set(key, [i]);
  }
  return [...groups.values()];
}

/** A time for each row, and the rows from the earliest to the latest, ties by row. */
export function byTime(data: Dataset, column: Column): { times: (number | bigint | string)[]; order: number[] } {
  const cells = data.carried[column.place]!;
  const times = Array.from(cells, (cell, i) => {
    const value = cell instanceof Date ? cell.getTime() : cell;
    if ((typeof value === "number" && value === value) || typeof value === "bigint" || (typeof value === "string" && value !== ""))
      return value;
    throw new InputError(
      "COLUMN",
      `Time column ${show(column.name)} is ${show(cell)} in row ${i}, but needs a date, a number or a text that sorts.`,
    );
  });
  const order = times.map((_, i) => i).sort((a, b) => (times[a]! < times[b]! ? -1 : times[a]! > times[b]! ? 1 : a - b));
  return { times, order };
}

/** Row numbers of the cells that are wanted. */
export function rowsWhere(cells: ArrayLike<number>, wanted: (cell: number) => boolean): Uint32Array {
  const rows: number[] = [];
  for (let i = 0; i < cells.length; i++) if (wanted(cells[i]!)) rows.push(i);
  return Uint32Array.from(rows);
}
