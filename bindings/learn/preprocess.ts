import { show } from "../check";
import { featuresOf, type Column, type Dataset } from "../data/dataset";
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
 * How rows become numbers, learned from the rows given and no others: numeric, integer and ordinal cells (ranks) as they are, a column of 0 and 1 for each level that occurs. A missing number
 * becomes the median, a missing level the most frequent one, of equally frequent ones the first; where any was missing, a column of 0 and 1 tells. Other levels become zeros.
 */
export function fitInputs(data: Dataset, note: (sentence: string) => void): Input[] {
  const { schema } = data;
  const inputs = [
    ...featuresOf(schema, "numeric").flatMap((column) => numericInputs(data, column, note)),
    ...featuresOf(schema, "nominal").flatMap((column) => levelInputs(data, column, note)),
  ];
  if (inputs.length * data.n > MOST_CELLS) {
    throw new InputError(
      "DATA",
      `${data.n} rows of ${inputs.length} columns, levels counted, are more than ${MOST_CELLS} numbers; carry columns with many levels.`,
    );
  }
  return withMoments(inputs, data);
}

function numericInputs({ schema, numeric, n }: Dataset, { name, place }: Column, note: (sentence: string) => void): Input[] {
  let present = 0;
  for (let i = 0; i < n; i++) if (numeric[i * schema.d + place]! === numeric[i * schema.d + place]!) present++;
  if (present === 0) {
    note(`Column ${show(name)} has no value in the rows learned from, and is left out.`);
    return [];
  }
  const own = { nominal: false, place, code: 0, mean: 0, deviation: 0 };
  const fill = median(column(numeric, schema.d, place).filter((value) => value === value));
  const input: Input = { ...own, name, from: "numeric", fill };
  return present === n ? [input] : [input, { ...own, name: `${name} missing`, from: "missing", fill: 0 }];
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

function column(values: Float64Array, d: number, place: number): Float64Array {
  const cells = new Float64Array(values.length / d);
  for (let i = 0; i < cells.length; i++) cells[i] = values[i * d + place]!;
  return cells;
}

/** Means and deviations over the rows, as written: two passes, offsets from the first row first, so that large values that are close together keep their digits. */
function withMoments(inputs: Input[], data: Dataset): Input[] {
  const { n } = data;
  const width = inputs.length;
  const row = new Float64Array(width);
  const first = new Float64Array(width);
  const [sums, lows, highs, squares] = [0, Infinity, -Infinity, 0].map((value) => new Float64Array(width).fill(value)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const write = rowWriter(inputs, data);
  write(0, first, 0);
  for (let i = 0; i < n; i++) {
    write(i, row, 0);
    for (let c = 0; c < width; c++) {
      const value = row[c]!;
      sums[c]! += value - first[c]!;
      if (value < lows[c]!) lows[c] = value;
      if (value > highs[c]!) highs[c] = value;
    }
  }
  const means = sums.map((sum, c) => first[c]! + sum / n);
  for (let i = 0; i < n; i++) {
    write(i, row, 0);
    for (let c = 0; c < width; c++) {
      const apart = row[c]! - means[c]!;
      squares[c]! += apart * apart;
    }
  }
  return inputs.map((input, c) => {
    // a constant column has no deviation, whatever its sum was rounded to
    const deviation = lows[c] === highs[c] ? 0 : Math.sqrt(squares[c]! / n);
    if (!(deviation < Infinity)) {
      throw new InputError("OVERFLOW", `Column ${show(input.name)} holds numbers too large to be squared; divide it first.`);
    }
    return { ...input, mean: deviation === 0 ? first[c]! : means[c]!, deviation };
  });
}

/** Writes row i of the data as numbers into `out` from `at` on. */
function rowWriter(inputs: readonly Input[], { schema, numeric, nominal }: Dataset): (i: number, out: Float64Array, at: number) => void {
  const { d, q } = schema;
  const plain = inputs.length === d && inputs.every(({ from }) => from === "numeric");
  const places = Int32Array.from(inputs, ({ place }) => place);
  const fills = Float64Array.from(inputs, ({ fill }) => fill);
  if (plain) {
    return (i, out, at) => {
      for (let c = 0, cell = i * d; c < d; c++, cell++) {
        const value = numeric[cell]!;
        out[at + c] = value === value ? value : fills[c]!;
      }
    };
  }
  return (i, out, at) => {
    inputs.forEach(({ from, nominal: coded, code }, c) => {
      const cell = coded ? nominal[i * q + places[c]!]! : numeric[i * d + places[c]!]!;
      const missing = coded ? cell === 0 : cell !== cell;
      if (from === "missing") out[at + c] = missing ? 1 : 0;
      else if (missing) out[at + c] = fills[c]!;
      else out[at + c] = coded ? (cell === code ? 1 : 0) : cell;
    });
  };
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

/** out (n, stride), its first columns ← the rows of the data as numbers. */
export function writeInputs(out: Float64Array, stride: number, inputs: readonly Input[], data: Dataset, { shifts, factors }: Moves): void {
  const write = rowWriter(inputs, data);
  const width = inputs.length;
  for (let i = 0, at = 0; i < data.n; i++, at += stride) {
    write(i, out, at);
    for (let c = 0; c < width; c++) out[at + c] = (out[at + c]! - shifts[c]!) * factors[c]!;
  }
}

/** Says what the inputs do not know of: levels that did not occur, and cells missing where none was. */
export function noteUnknown(inputs: readonly Input[], data: Dataset, note: (sentence: string) => void): void {
  const { schema, n, numeric, nominal } = data;
  const told = (nominalBlock: boolean, place: number): boolean =>
    inputs.some((input) => input.from === "missing" && input.nominal === nominalBlock && input.place === place);
  for (const { name, place } of featuresOf(schema, "numeric")) {
    if (told(false, place) || !inputs.some((input) => !input.nominal && input.place === place)) continue;
    let missing = 0;
    for (let at = place; at < n * schema.d; at += schema.d) if (numeric[at]! !== numeric[at]!) missing++;
    if (missing) note(`Column ${show(name)} lacks ${missing} values, but none where the model learned; its median stands in for them.`);
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
}
