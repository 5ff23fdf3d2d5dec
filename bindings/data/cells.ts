import type { MissingCell } from "./dataset";

/** Cells that mean "not known": null, undefined, NaN, texts of nothing but spaces, and the texts the caller named. */
export type IsMissing = (cell: unknown) => boolean;

export function missingTest(texts: readonly string[] = []): IsMissing {
  const named = new Set(texts);
  return (cell) =>
    typeof cell === "string" ? named.has(cell) || cell.trim() === "" : cell === null || cell === undefined || cell !== cell;
}

/** How this missing cell is written, as plain data. */
export function missingForm(cell: unknown): MissingCell {
  return cell === null ? "null" : cell === undefined ? "undefined" : typeof cell === "string" ? `text:${cell}` : "NaN";
}

/** Decimal numbers as people and programs write them. A leading zero ("007") marks a code, not a number. */
const NUMBER_TEXT = /^[+-]?(?:0|[1-9]\d*|(?=\.\d))(?:\.\d*)?(?:[eE][+-]?\d+)?$/;

/** The number that a text spells, or NaN if it spells none. */
export function numberFromText(text: string): number {
  const trimmed = text.trim();
  return NUMBER_TEXT.test(trimmed) ? Number(trimmed) : NaN;
}
