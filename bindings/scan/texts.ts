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
 * numbers[place] ← the number that text from start to end spells, or NaN: as `numberFromText`, without making a text, nor a number, of its own. Up to 15 digits are an
 * exact integer, and it over a power of ten is rounded once; all else is left to that function.
 */
export function readNumber(numbers: Float64Array, place: number, text: string, start: number, end: number): void {
  const sign = text.charCodeAt(start);
  const first = sign === MINUS || sign === PLUS ? start + 1 : start;
  let digits = 0;
  let point = -1;
  let mantissa = 0;
  for (let at = first; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code >= ZERO && code <= NINE) {
      mantissa = mantissa * 10 + (code - ZERO);
      digits++;
    } else if (code === POINT && point < 0 && at > first) point = at;
    else {
      digits = 0;
      break;
    }
  }
  const leadingZero = digits > 1 && text.charCodeAt(first) === ZERO && point !== first + 1;
  if (digits === 0 || digits > 15 || leadingZero) numbers[place] = numberFromText(text.slice(start, end));
  else {
    const size = point < 0 ? mantissa : mantissa / POWERS_OF_TEN[end - point - 1]!;
    numbers[place] = sign === MINUS ? -size : size;
  }
}

/** A copy that does not keep the text it was cut from in memory. */
export function ownText(text: string): string {
  return text.length < 13 ? text : ` ${text}`.slice(1);
}

/** Places, 2^10: as many as the top bits of a hash that are used. */
const CACHED = 1024;

/**
 * Texts that occur again and again, each as one string that is known by its place and not made anew: finding what was just met is much cheaper than cutting it
 * out and hashing it. `onNew` hears of every string made, some of them more than once.
 */
export function textCache(onNew?: (made: string) => void): (text: string, start: number, end: number) => string {
  const known = new Array<string>(CACHED).fill("");
  return (text, start, end) => {
    const length = end - start;
    if (length === 0) return "";
    const letters = text.charCodeAt(start) | (text.charCodeAt(end - 1) << 8);
    const place = Math.imul(letters ^ (text.charCodeAt(start + (length >> 1)) << 16) ^ (length << 24), 0x9e3779b1) >>> 22;
    const guess = known[place]!;
    let same = guess.length === length ? 0 : -1;
    while (same >= 0 && same < length) same = guess.charCodeAt(same) === text.charCodeAt(start + same) ? same + 1 : -1;
    if (same === length) return guess;
    const made = ownText(text.slice(start, end));
    onNew?.(made);
    return (known[place] = made);
  };
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
