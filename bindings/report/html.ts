/** HTML as text. Whatever comes from data passes through `escaped`. */

/**
 * Text as it may stand between tags or in a quoted attribute. Control characters and halves of surrogate pairs, which a page must not hold, become the replacement
 * character.
 */
export function escaped(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/gu, (found) => (found === "\n" || found === "\t" ? found : "\ufffd"))
    .replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);
}

/** The text, or its beginning and a mark that there is more. */
export function shortened(text: string, most: number): string {
  const letters = Array.from(text);
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : text;
}

/** A number for people: four digits, whole numbers in full. */
export function digits(value: number): string {
  if (value !== value) return "–";
  const short = Number.isInteger(value) && Math.abs(value) < 1e15 ? value : Number(value.toPrecision(4));
  return String(short).replace("Infinity", "∞").replaceAll("-", "−");
}

/** A share as a percentage. */
export function percent(share: number): string {
  return share !== share ? "–" : `${digits(Math.round(share * 1000) / 10)} %`;
}

/** "1 row", "2 rows", "3 classes". */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : what.endsWith("s") ? "es" : "s"}`;
}

/** Rows of cells below their headings. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number | undefined)[])[];
}

/** Rows that a table on a page has at most. */
const MOST_ROWS = 100;
/** Letters that a cell has at most. */
const MOST_LETTERS = 120;
/** Letters from which on a cell has several lines. */
const LONG = 32;

/** A table; columns that begin with a number are set to the right. */
export function table({ head, rows }: Table): string {
  const number = head.map((_, c) => typeof rows[0]?.[c] === "number");
  const kind = (c: number, text: string): string => (number[c] ? ` class="n"` : text.length > LONG ? ` class="long"` : "");
  const cell = (tag: string, c: number, text: string): string => `<${tag}${kind(c, text)}>${escaped(text)}</${tag}>`;
  const written = (value: string | number | undefined): string =>
    value === undefined ? "" : typeof value === "number" ? digits(value) : shortened(value, MOST_LETTERS);
  const shown = rows.slice(0, MOST_ROWS).map((row) => `<tr>${row.map((value, c) => cell("td", c, written(value))).join("")}</tr>\n`);
  const more = rows.length - shown.length;
  return `<div class="wide" role="region" aria-label="table" tabindex="0"><table>
<thead><tr>${head.map((text, c) => cell("th", c, text).replace("<th", `<th scope="col"`)).join("")}</tr></thead>
<tbody>
${shown.join("")}</tbody>
</table></div>
${more > 0 ? `<p class="more">and ${counted(more, "more row")}</p>\n` : ""}`;
}

export function paragraph(text: string): string {
  return text && `<p>${escaped(text)}</p>\n`;
}

/** Sentences of a list at most, and letters of each. */
const MOST_SENTENCES = 60;
const MOST_SAID = 1000;

export function bullets(texts: readonly string[]): string {
  const more = texts.length - MOST_SENTENCES;
  const shown = texts.slice(0, MOST_SENTENCES).map((text) => `<li>${escaped(shortened(text, MOST_SAID))}</li>\n`);
  return texts.length ? `<ul>\n${shown.join("")}</ul>\n${more > 0 ? `<p class="more">and ${counted(more, "more note")}</p>\n` : ""}` : "";
}

/** A part of the page under its heading; nothing if it is empty. */
export function section(heading: string, content: string): string {
  return content && `<section>\n<h2>${escaped(heading)}</h2>\n${content}</section>\n`;
}
