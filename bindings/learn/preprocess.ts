import { show } from "../check";
import { featuresOf, headOf, type Column, type Dataset, type Schema } from "../data/dataset";
import { InputError } from "../errors";
import { median } from "../search/statistics";

/** One column of numbers made of a feature; plain data. Means and deviations are those of the rows it was fitted on. */
export interface Input {
  /** That of the feature, with "=level" for one of its levels, " missing" for whether it is missing. */
  readonly name: string;
  readonly from: "numeric" | "level" | "missing";
  /** Whether the feature is a nominal one, and its place in its block. */
  readonly nominal: boolean;
  readonly place: number;
  /** Of a level: its code. */
  readonly code: number;
  /** What a missing cell becomes: a number, or 1 for the level that it is taken for. */
  readonly fill: number;
  readonly mean: number;
  /** Population standard deviation; 0 for a column without any. */
  readonly deviation: number;
}

/** 4 GiB as doubles. */
const MOST_CELLS = 1 << 29;

/**
 * How rows become numbers, learned from the first `real` rows and no others: numeric, integer and ordinal cells (ranks) as they are, a column of 0 and 1 for each level that occurs. A missing number
 * becomes the median, a missing level the most frequent one, of equally frequent ones the first; where any was missing, a column of 0 and 1 tells. Numbers missing later where none was
 * become the mean. Other levels become zeros.
 */
export function fitInputs(all: Dataset, real: number, note: (sentence: string) => void): { inputs: Input[]; cells: Float64Array } {
  const data = headOf(all, real);
  const { schema, numeric } = data;
  const { d, q } = schema;
  // cells as they are: where a mean is a number, nothing is missing, and that need not be looked for
  const moments = q === 0 && d > 0 ? momentsOf(numeric, d) : undefined;
  const whole = moments?.means.every((mean) => mean === mean);
  const lacking = whole ? new Uint32Array(d) : missingCounts(numeric, d);
  const inputs = [
    ...featuresOf(schema, "numeric").flatMap((column) => numericInputs(data, column, lacking[column.place]!, note)),
    ...featuresOf(schema, "nominal").flatMap((column) => levelInputs(data, column, note)),
  ];
  if (inputs.length * all.n > MOST_CELLS) {
    throw new InputError(
      "DATA",
      `${all.n} rows of ${inputs.length} columns, levels counted, are more than ${MOST_CELLS} numbers; carry columns with many levels.`,
    );
  }
  // what moments tell of the real rows need not be counted again
  const rest = (): Uint32Array => missingCounts(whole ? all.numeric.subarray(real * d) : all.numeric, d);
  const cells = cellsOf(inputs, all, all === data ? lacking : rest());
  const seen = whole ? moments! : momentsOf(cells.subarray(0, real * inputs.length), inputs.length);
  return { inputs: withMoments(inputs, seen), cells };
}

/** Missing cells of each of d columns. */
function missingCounts(values: Float64Array, d: number): Uint32Array {
  const counts = new Uint32Array(d);
  let [sum, other] = [0, 0];
  // finite numbers less themselves are 0, so a sum tells whether there is anything to count
  for (let at = 1; at < values.length; at += 2) {
    sum += values[at]! - values[at]!;
    other += values[at - 1]! - values[at - 1]!;
  }
  if (sum + other !== 0 || values.length % 2) values.forEach((value, at) => Number.isNaN(value) && counts[at % d]!++);
  return counts;
}

function numericInputs(
  { schema, numeric, n }: Dataset,
  { name, place }: Column,
  missing: number,
  note: (sentence: string) => void,
): Input[] {
  if (missing === n) {
    note(`Column ${show(name)} has no value in the rows learned from, and is left out.`);
    return [];
  }
  const own = { nominal: false, place, code: 0, mean: 0, deviation: 0 };
  if (missing === 0) return [{ ...own, name, from: "numeric", fill: NaN }];
  const cells = Float64Array.from({ length: n }, (_, i) => numeric[i * schema.d + place]!);
  const fill = median(cells.filter((value) => !Number.isNaN(value)));
  return [
    { ...own, name, from: "numeric", fill },
    { ...own, name: `${name} missing`, from: "missing", fill: 0 },
  ];
}

function levelInputs({ schema, nominal, n }: Dataset, { name, place, levels }: Column, note: (sentence: string) => void): Input[] {
  const counts = new Uint32Array(levels!.length + 1);
  for (let i = 0; i < n; i++) counts[nominal[i * schema.q + place]!]!++;
  if (counts[0] === n) {
    note(`Column ${show(name)} has no value in the rows learned from, and is left out.`);
    return [];
  }
  const own = { nominal: true, place, mean: 0, deviation: 0 };
  let mode = 1;
  counts.forEach((count, code) => code > 0 && count > counts[mode]! && (mode = code));
  const inputs = levels!.flatMap((level, at): Input[] => {
    const code = at + 1;
    return counts[code] ? [{ ...own, name: `${name}=${String(level)}`, from: "level", code, fill: code === mode ? 1 : 0 }] : [];
  });
  return counts[0] ? [...inputs, { ...own, name: `${name} missing`, from: "missing", code: 0, fill: 0 }] : inputs;
}

/** f64 (width) each. */
interface Moments {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/**
 * Means and deviations of the columns, in one pass: offsets from the first row, so that large values that are close together keep their digits and constant columns have none. Where the first row is
 * so far out that squares would cancel, a second pass.
 */
function momentsOf(cells: Float64Array, width: number): Moments {
  const n = width ? cells.length / width : 0;
  const first = cells.slice(0, width);
  const [sums, squares] = [new Float64Array(width), new Float64Array(width)];
  let at = 0;
  // four rows at a time: half the time, because sums are fetched and put back once for them all
  for (const most = width ? cells.length - 4 * width : -1; at <= most; at += 4 * width) {
    for (let c = 0, x = at; c < width; c++, x++) {
      const start = first[c]!;
      const a = cells[x]! - start;
      const b = cells[x + width]! - start;
      const e = cells[x + 2 * width]! - start;
      const f = cells[x + 3 * width]! - start;
      sums[c] = sums[c]! + (a + b + (e + f));
      squares[c] = squares[c]! + (a * a + b * b + (e * e + f * f));
    }
  }
  for (let c = 0; at < cells.length; at++, c = c + 1 === width ? 0 : c + 1) {
    const apart = cells[at]! - first[c]!;
    sums[c]! += apart;
    squares[c]! += apart * apart;
  }
  const means = sums.map((sum, c) => first[c]! + sum / n);
  const deviations = squares.map((square, c) => {
    let own = square - (sums[c]! / n) * sums[c]!;
    if (own < square / 100) {
      own = 0;
      for (let cell = c; cell < cells.length; cell += width) own += (cells[cell]! - means[c]!) * (cells[cell]! - means[c]!);
    }
    return Math.sqrt(own / n);
  });
  return { means, deviations };
}

function withMoments(inputs: Input[], { means, deviations }: Moments): Input[] {
  return inputs.map((input, c) => {
    if (!(deviations[c]! < Infinity)) {
      throw new InputError("OVERFLOW", `Column ${show(input.name)} holds numbers too large to be squared; divide it first.`);
    }
    return { ...input, mean: means[c]!, deviation: deviations[c]!, fill: Number.isNaN(input.fill) ? means[c]! : input.fill };
  });
}

/** f64 (n, inputs) ← the rows as numbers; the block of the data itself where that is what it holds. */
export function cellsOf(
  inputs: readonly Input[],
  { schema, numeric, nominal, n }: Dataset,
  lacking: Uint32Array = missingCounts(numeric, schema.d),
): Float64Array {
  const { d, q } = schema;
  const width = inputs.length;
  const plain = width === d && inputs.every(({ from, nominal: coded }) => from === "numeric" && !coded);
  if (plain && lacking.every((count) => count === 0)) return numeric;
  const cells = new Float64Array(n * width);
  inputs.forEach(({ from, nominal: coded, place, code, fill }, c) => {
    for (let i = 0, at = c; i < n; i++, at += width) {
      const cell = coded ? nominal[i * q + place]! : numeric[i * d + place]!;
      const missing = coded ? cell === 0 : Number.isNaN(cell);
      if (from === "missing") cells[at] = missing ? 1 : 0;
      else if (missing) cells[at] = fill;
      else cells[at] = coded ? (cell === code ? 1 : 0) : cell;
    }
  });
  return cells;
}

/** How a written column is moved: (value − shift) · factor. */
export interface Moves {
  readonly shifts: Float64Array;
  readonly factors: Float64Array;
}

/** Numbers divided by their standard deviations, about their means, as wanted of numeric columns; columns of 0 and 1 stay. */
export function movesOf(inputs: readonly Input[], scale: "none" | "standard"): Moves {
  const moved = ({ from, deviation }: Input): boolean => scale === "standard" && from === "numeric" && deviation > 0;
  return {
    shifts: Float64Array.from(inputs, (input) => (moved(input) ? input.mean : 0)),
    factors: Float64Array.from(inputs, (input) => (moved(input) ? 1 / input.deviation : 1)),
  };
}

/** Every column about its mean with deviation 1; constant ones 0. */
export function standardMoves(inputs: readonly Input[]): Moves {
  return {
    shifts: Float64Array.from(inputs, ({ mean }) => mean),
    factors: Float64Array.from(inputs, ({ deviation }) => (deviation > 0 ? 1 / deviation : 0)),
  };
}

/** out (n, stride) ← cells (n, width), moved; beyond them, where the stride leaves room, a one and zeros. */
export function moveCells(out: Float64Array, stride: number, cells: Float64Array, { shifts, factors }: Moves): void {
  const width = shifts.length;
  for (let at = 0, from = 0; at < out.length; at += stride, from += width) {
    for (let c = 0; c < width; c++) out[at + c] = (cells[from + c]! - shifts[c]!) * factors[c]!;
    for (let c = width; c < stride; c++) out[at + c] = c === width ? 1 : 0;
  }
}

/** Says what the inputs do not know of: levels that did not occur, and cells missing where none was. Returned: missing cells of each numeric column. */
export function noteUnknown(inputs: readonly Input[], data: Dataset, note: (sentence: string) => void): Uint32Array {
  const { schema, n, numeric, nominal } = data;
  const lacking = missingCounts(numeric, schema.d);
  const told = (nominalBlock: boolean, place: number): boolean =>
    inputs.some((input) => input.from === "missing" && input.nominal === nominalBlock && input.place === place);
  for (const { name, place } of featuresOf(schema, "numeric")) {
    if (told(false, place) || !inputs.some((input) => !input.nominal && input.place === place)) continue;
    const missing = lacking[place];
    if (missing) note(`Column ${show(name)} lacks ${missing} values, but none where the model learned; its mean stands in for them.`);
  }
  for (const { name, place, levels } of featuresOf(schema, "nominal")) {
    const known = new Set(inputs.filter((input) => input.nominal && input.place === place).map(({ code }) => code));
    if (known.size === 0) continue;
    let [missing, unknown, example] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const code = nominal[i * schema.q + place]!;
      if (code === 0) missing++;
      else if (!known.has(code) && unknown++ === 0) example = code;
    }
    if (missing && !told(true, place)) {
      note(`Column ${show(name)} lacks ${missing} values, but none where the model learned; its most frequent level stands in for them.`);
    }
    if (unknown) {
      const level = levels![example - 1];
      const such = level === undefined ? "" : `, ${show(level)} for one`;
      note(`Column ${show(name)} has ${unknown} cells of levels that the model did not learn${such}; they count as none of its levels.`);
    }
  }
  return lacking;
}

/** Whether an input is one of the features of the schema. */
export function belongs({ d, q, columns }: Schema, input: Input): boolean {
  const { name, from, nominal, place, code, fill, mean, deviation } = input;
  const numbers = [place, code, fill, mean, deviation].every((value) => Number.isFinite(value));
  const levels = columns.find((column) => (column.kind === "nominal") === nominal && column.place === place)?.levels;
  const known = from !== "level" || (nominal && code >= 1 && code <= (levels?.length ?? 0));
  return (
    typeof name === "string" &&
    ["numeric", "level", "missing"].includes(from) &&
    numbers &&
    known &&
    place >= 0 &&
    place < (nominal ? q : d)
  );
}
