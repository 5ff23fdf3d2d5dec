import { isRecord, list, show } from "../check";
import type { Scale } from "../contracts";
import { codeOffsets, countCodes, featuresOf, namesOf, type ColumnStatistics, type Dataset, type Schema } from "../data/dataset";
import type { CoreExports, Pointer, RowsPointer } from "../engine/exports";
import type { Instance } from "../engine/lease";
import { InputError } from "../errors";
import type { Prepared } from "./prepare";
import { median, statisticsAt, statisticsOf } from "./statistics";

/** As in assembly/neighbors/distance.ts: what is added up for a column, and whether missing cells are left out of it. */
export const METRIC = { mixed: 0, rescaled: 1, valueDifference: 2, manhattan: 4 } as const;

export interface SpaceOptions {
  readonly scale: Scale;
  /** What a missing numeric cell counts for: its expected squared difference, or, as in scikit-learn, nothing, with the rest scaled up. */
  readonly missing: "expected" | "rescale";
  /** Default: Euclidean, or the Value Difference Metric where all columns are nominal. */
  readonly metric?: "euclidean" | "manhattan" | "valueDifference" | undefined;
}

/**
 * How rows are compared. Numeric columns are divided by `divisors`; an unequal nominal value adds `weight` to the squared distance; a missing numeric cell
 * adds its expected squared difference, by `means` and `variances`.
 */
export interface Space {
  readonly d: number;
  readonly q: number;
  readonly metric: number;
  readonly weight: number;
  /** Class frequencies of nominal codes, in the arena; 0 unless the metric is valueDifference. */
  readonly table: number;
  readonly divisors: Float64Array;
  readonly means: Float64Array;
  readonly variances: Float64Array;
}

/** Rows in the arena, ready to be searched. */
export interface Placed {
  readonly at: RowsPointer;
  readonly n: number;
  readonly values: Pointer<Float64Array>;
  readonly lows: Float64Array;
  readonly highs: Float64Array;
  /** Made once for rows that are searched often. */
  readonly prepared?: Prepared;
}

/** Refuses what is no scale. */
export function checkScale(scale: Scale | "auto" | undefined): Scale | undefined {
  if (scale === "auto") return undefined;
  if (scale === undefined || scale === "none" || scale === "standard" || Array.isArray(scale) || isRecord(scale)) return scale;
  throw new InputError("OPTION", `scale is ${show(scale)}, but needs "none", "standard", or divisors by column: { income: 1000 }.`);
}

/** What columns are divided by before rows are compared, f64 (d). `all`: statistics of the whole data, wanted only for "standard". */
export function divisorsOf(schema: Schema, scale: Scale, all: () => ColumnStatistics): Float64Array {
  if (scale === "none") return new Float64Array(schema.d).fill(1);
  if (scale === "standard") {
    const names = namesOf(schema, "numeric");
    return all().deviations.map((deviation, c) => {
      if (!(deviation < Infinity)) throw tooLarge(names[c]!);
      return deviation || 1;
    });
  }
  const divisors = new Float64Array(schema.d).fill(1);
  const numeric = featuresOf(schema, "numeric");
  for (const [key, divisor] of Object.entries(scale)) {
    const column = numeric.find(({ name }) => name === key);
    if (!column)
      throw new InputError("OPTION", `scale names column ${show(key)}, but the numeric features are ${list(namesOf(schema, "numeric"))}.`);
    if (!(typeof divisor === "number" && divisor > 0 && divisor < Infinity))
      throw new InputError("OPTION", `scale of column ${show(key)} is ${show(divisor)}, but needs a positive number to divide by.`);
    divisors[column.place] = divisor;
  }
  return divisors;
}

/** Standard deviations of the whole data, for `divisorsOf`. */
export function statisticsOfAll(instance: Instance<CoreExports>, data: Dataset): ColumnStatistics {
  return data.whole?.statistics ?? statisticsOf(instance, data.numeric, data.n, data.schema.d);
}

/** Rows in the arena and how they are compared. */
export interface InSpace {
  readonly space: Space;
  readonly placed: Placed;
}

/**
 * Places the reference rows of a search and learns, from them or from `all` rows, how to compare: expected differences by means and variances, and a nominal
 * mismatch weighing the median of the standard deviations (Chawla et al. 2002, SMOTE-NC). The Value Difference Metric is over the labels of the whole data (SMOTE-N).
 */
export function placeReference(
  instance: Instance<CoreExports>,
  data: Dataset,
  rows: Uint32Array,
  divisors: Float64Array,
  { metric, missing }: Pick<SpaceOptions, "metric" | "missing">,
  all?: ColumnStatistics,
): InSpace {
  const { d, q } = data.schema;
  const values = gather(instance, data, rows, divisors);
  const own = statisticsAt(instance, values, rows.length, d);
  const deviations = all ? all.deviations.map((value, c) => value / divisors[c]!) : own.deviations;
  const means = all ? all.means.map((value, c) => value / divisors[c]!) : own.means;
  const byFrequencies = metric === "valueDifference" || (metric === undefined && d === 0);
  const deviation = d ? median(deviations) : 1;
  const form = byFrequencies ? METRIC.valueDifference : metric === "manhattan" ? METRIC.manhattan : METRIC.mixed;
  const space: Space = {
    d,
    q,
    metric: form | rescaling(missing, own, rows.length),
    weight: metric === "manhattan" ? deviation : deviation * deviation,
    table: byFrequencies && q ? classFrequencies(instance, data) : 0,
    divisors,
    means,
    variances: deviations.map((value) => value * value),
  };
  return { space, placed: place(instance, data, rows, space, values, own) };
}

/** Places other rows in a space, which becomes one that leaves out missing cells if they have any and are told to. */
export function placeQueries(
  instance: Instance<CoreExports>,
  data: Dataset,
  rows: Uint32Array,
  space: Space,
  missing: SpaceOptions["missing"],
): InSpace {
  const values = gather(instance, data, rows, space.divisors);
  const own = statisticsAt(instance, values, rows.length, space.d);
  const fitting = { ...space, metric: space.metric | rescaling(missing, own, rows.length) };
  return { space: fitting, placed: place(instance, data, rows, fitting, values, own) };
}

/** Distances from their order keys, in their place. */
export function distancesOf({ metric }: Space, keys: Float64Array): Float64Array {
  if (metric & METRIC.manhattan) return keys;
  // a loop of its own is four times as fast as map
  for (let at = 0; at < keys.length; at++) keys[at] = Math.sqrt(keys[at]!);
  return keys;
}

function rescaling(missing: SpaceOptions["missing"], { counts }: ColumnStatistics, n: number): number {
  return missing === "rescale" && counts.some((count) => count < n) ? METRIC.rescaled : 0;
}

function place(
  { kernels, arena }: Instance<CoreExports>,
  data: Dataset,
  rows: Uint32Array,
  space: Space,
  values: Pointer<Float64Array>,
  { counts, lows, highs }: ColumnStatistics,
): Placed {
  const { d, q } = space;
  const n = rows.length;
  let spreads: Pointer<Float64Array> = 0;
  if (!(space.metric & METRIC.rescaled) && counts.some((count) => count < n)) {
    spreads = arena.room(Float64Array, n * d);
    const [means, variances] = [arena.put(space.means), arena.put(space.variances)];
    kernels.fill_missing(values, spreads, means, variances, n, d);
    // a filled cell lies at the mean of the reference, which queries alone need not surround
    lows = lows.map((low, c) => Math.min(low, space.means[c]!));
    highs = highs.map((high, c) => Math.max(high, space.means[c]!));
  }
  const codes = arena.room(Uint32Array, n * q);
  const view = arena.view(Uint32Array, codes, n * q);
  for (let t = 0; t < n; t++) for (let c = 0; c < q; c++) view[t * q + c] = data.nominal[rows[t]! * q + c]!;
  const at = arena.allocate<"rows">(kernels.rows_bytes());
  kernels.set_rows(at, values, spreads, codes);
  return { at, n, values, lows, highs };
}

/** f64 (rows, d) in the arena ← rows of the data, divided. */
function gather(
  { kernels, arena }: Instance<CoreExports>,
  data: Dataset,
  rows: Uint32Array,
  divisors: Float64Array,
): Pointer<Float64Array> {
  const d = data.schema.d;
  const values = arena.room(Float64Array, rows.length * d);
  const view = arena.view(Float64Array, values, rows.length * d);
  // one copy of all rows takes a third of the time of one cell after the other
  if (rows.length === data.n && rows.every((row, t) => row === t)) view.set(data.numeric);
  else
    for (let t = 0; t < rows.length; t++) {
      for (let c = 0, from = rows[t]! * d; c < d; c++) view[t * d + c] = data.numeric[from + c]!;
    }
  if (divisors.some((divisor) => divisor !== 1)) {
    arena.scope(() => kernels.divide_columns(values, arena.put(divisors), rows.length, d));
  }
  return values;
}

/** P(class | code) for every code of every nominal column, in the arena, as the kernels read it. */
function classFrequencies({ arena }: Instance<CoreExports>, data: Dataset): number {
  const width = data.schema.classes.length;
  const { offsets, total } = codeOffsets(data.schema);
  const frequencies = new Float64Array(total * width);
  if (data.whole) frequencies.set(data.whole.codeCounts);
  else countCodes(frequencies, data);
  for (let at = 0; at < frequencies.length; at += width) {
    const counts = frequencies.subarray(at, at + width);
    const all = counts.reduce((sum, count) => sum + count, 0) || 1;
    counts.forEach((count, code) => (counts[code] = count / all));
  }
  const [probabilities, places] = [arena.put(frequencies), arena.put(offsets)];
  return arena.put(Uint32Array.of(probabilities, places, width));
}

/**
 * The power of two that brings the largest part of any distance near 1, so that f32 can hold them all.
 * @throws {InputError} when a squared distance could exceed what f64 holds.
 */
export function scaleOf(
  schema: Schema,
  { divisors, variances, weight, q }: Pick<Space, "divisors" | "variances" | "weight" | "q">,
  sets: readonly Pick<Placed, "lows" | "highs">[],
): number {
  const names = namesOf(schema, "numeric");
  let largest = q ? weight : 0;
  let squares = q * largest;
  let widest = 0;
  for (let c = 0; c < schema.d; c++) {
    const low = Math.min(...sets.map(({ lows }) => lows[c]!));
    const high = Math.max(...sets.map(({ highs }) => highs[c]!));
    const width = Math.max(0, high - low);
    squares += width * width + 2 * variances[c]!;
    // the difference itself, undivided, is what synthetic rows are made of
    if (!(width * width + variances[c]! < Infinity && width * divisors[c]! < Infinity)) throw tooLarge(names[c]!);
    if (width * width > largest) widest = c;
    largest = Math.max(largest, width * width, variances[c]!);
  }
  if (!(squares * schema.d < Infinity)) throw tooLarge(names[widest]!);
  const extent = Math.sqrt(largest);
  let scale = 1;
  while (extent * scale > 1) scale /= 2;
  while (extent * scale <= 0.5 && scale < LARGEST_SCALE) scale *= 2;
  return scale;
}

/** About 2^500: its square, times any squared distance left, is still a number. */
const LARGEST_SCALE = 3e150;

export function tooLarge(column: string): InputError {
  return new InputError(
    "OVERFLOW",
    `Column ${show(column)} spans numbers whose squared differences exceed 1.8e308; divide it by a power of ten first.`,
  );
}
