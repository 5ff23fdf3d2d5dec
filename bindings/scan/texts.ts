import { numberFromText } from "../data/cells";

/** Some rows of a table of texts: cell c of row r of a table of `width` columns is text.slice(starts[r · width + c], ends[r · width + c]). */
export interface TextPart {
  readonly text: string;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly rows: number;
}

const POWERS_OF_TEN = Float64Array.from({ length: 16 }, (_, exponent) => Number(`1e${exponent}`));
const [PLUS, MINUS, POINT, ZERO, NINE] = [43, 45, 46, 48, 57];

/**
 * The number that text from start to end spells, or NaN: as `numberFromText`, without making a text of its own. Up to 15 digits are an exact integer, and it over a
 * power of ten is rounded once; all else is left to that function.
 */
export function numberAt(text: string, start: number, end: number): number {
  const sign = text.charCodeAt(start);
  const first = sign === MINUS || sign === PLUS ? start + 1 : start;
  let [digits, point, mantissa] = [0, -1, 0];
  for (let at = first; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code >= ZERO && code <= NINE) {
      mantissa = mantissa * 10 + (code - ZERO);
      digits++;
    } else if (code === POINT && point < 0 && at > first) point = at;
    else return numberFromText(text.slice(start, end));
  }
  const leadingZero = digits > 1 && text.charCodeAt(first) === ZERO && point !== first + 1;
  if (digits === 0 || digits > 15 || leadingZero) return numberFromText(text.slice(start, end));
  const value = point < 0 ? mantissa : mantissa / POWERS_OF_TEN[end - point - 1]!;
  return sign === MINUS ? -value : value;
}

/** A copy that does not keep the text it was cut from in memory. */
export function ownText(text: string): string {
  return text.length < 13 ? text : ` ${text}`.slice(1);
}

/** Whether the text from start to end means a missing cell. Most cells are told by their first letter. */
export function missingTextTest(
  isMissing: (cell: string) => boolean,
  named: readonly string[],
): (text: string, start: number, end: number) => boolean {
  const suspects = new Uint8Array(65536);
  for (let code = 0; code < 65536; code++) if (String.fromCharCode(code).trim() === "") suspects[code] = 1;
  for (const word of named) if (word) suspects[word.charCodeAt(0)] = 1;
  return (text, start, end) => start === end || (suspects[text.charCodeAt(start)] === 1 && isMissing(text.slice(start, end)));
}
