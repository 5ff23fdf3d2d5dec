import { show } from "../check";
import type { Dataset } from "../data/dataset";
import { InputError } from "../errors";

/* What decides which rows go together: cells that name groups or tell times, and flags. */

/** n cells, of a column or given in its place, and what they are called. */
export interface Order {
  readonly name: string;
  readonly cells: ArrayLike<unknown>;
}

/** Groups and times of those who have no table, or another wish than its columns. */
export interface OrderOptions {
  /** n cells that say which rows stay together; in place of the table's group and time columns. */
  readonly groups?: ArrayLike<unknown> | undefined;
  /** n dates, numbers or texts that sort; in place of the table's group and time columns. */
  readonly times?: ArrayLike<unknown> | undefined;
}

/** Groups or times: those given, else those of the table's columns; no way of dividing rows respects both. */
export function ordersOf(
  data: Dataset,
  { groups, times }: OrderOptions,
  who: string,
): { readonly group: Order | undefined; readonly time: Order | undefined } {
  const given = groups !== undefined || times !== undefined;
  const [group, time] = given
    ? [givenOrder(data, "groups", groups), givenOrder(data, "times", times)]
    : [columnOrder(data, "group"), columnOrder(data, "time")];
  if (!group || !time) return { group, time };
  throw new InputError(
    "OPTION",
    given
      ? `${who} was given groups and times, but goes by one; leave one of them out.`
      : `The table has a group column (${show(group.name)}) and a time column (${show(time.name)}); ${who} goes by one, so carry the other.`,
  );
}

/** The one asked for, given or of the table's column. */
export function orderOf(data: Dataset, role: "group" | "time", options: OrderOptions): Order | undefined {
  const name = `${role}s` as const;
  return givenOrder(data, name, options[name]) ?? columnOrder(data, role);
}

function columnOrder({ schema, carried }: Dataset, role: "group" | "time"): Order | undefined {
  const column = schema.columns.find((own) => own.role === role);
  return column && { name: column.name, cells: carried[column.place]! };
}

function givenOrder({ n }: Dataset, name: "groups" | "times", cells: ArrayLike<unknown> | undefined): Order | undefined {
  if (cells === undefined) return undefined;
  const isArray = Array.isArray(cells) || (ArrayBuffer.isView(cells) && "length" in cells);
  if (!isArray || cells.length !== n) throw new InputError("OPTION", `${name} is ${show(cells)}, but needs ${n} cells, one for each row.`);
  return { name, cells };
}

/** Rows with the same cell, groups and rows in order of appearance. */
export function groupsOf({ cells }: Order): number[][] {
  const groups = new Map<unknown, number[]>();
  for (let i = 0; i < cells.length; i++) {
    const key = cells[i] instanceof Date ? (cells[i] as Date).getTime() : cells[i];
    const rows = groups.get(key);
    if (rows) rows.push(i);
    else groups.set(key, [i]);
  }
  return [...groups.values()];
}

/** A time for each row, and the rows from the earliest to the latest, ties by row. */
export function byTime({ name, cells }: Order): { times: (number | bigint | string)[]; order: number[] } {
  const times = Array.from(cells, (cell, i) => {
    const value = cell instanceof Date ? cell.getTime() : cell;
    if ((typeof value === "number" && value === value) || typeof value === "bigint" || (typeof value === "string" && value !== ""))
      return value;
    throw new InputError(
      "COLUMN",
      `The time in row ${i} of ${show(name)} is ${show(cell)}, but needs a date, a number or a text that sorts.`,
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
