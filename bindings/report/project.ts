import { checkInteger, checkOptions } from "../check";
import type { Data, Label, Sample, Scale } from "../contracts";
import { alignTo } from "../data/align";
import { allRows, rowsByClass, type Dataset } from "../data/dataset";
import { read } from "../data/read";
import { core } from "../engine/core";
import { withInstanceNow, type Instance } from "../engine/lease";
import type { CoreExports } from "../engine/exports";
import { strideOf } from "../resample/plan";
import { principalAxes } from "../search/axes";
import { embed } from "../search/embed";
import { checkScale, divisorsOf, statisticsOfAll } from "../search/space";

export interface ProjectionOptions {
  /** How columns are made comparable; give what the method was given. Default: as methods do, `"standard"` for tables and `"none"` for a matrix. */
  readonly scale?: Scale | undefined;
  /** About how many rows of the data are drawn at most, as many of each class as there is room for and spread over all its rows; parents come on top. Default 500. */
  readonly rows?: number | undefined;
  /** How many synthetic rows are drawn at most. Default 160. */
  readonly synthetic?: number | undefined;
}

/** What a point of a projection is. */
export type PointKind = "original" | "removed" | "synthetic";

/** Rows as points of a plane, plain data. */
export interface Projection {
  /** Coordinates, f64 (points). */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** The class of each point. */
  readonly labels: readonly Label[];
  readonly kinds: readonly PointKind[];
  /** Row of the data, or of what was made, that each point is: u32 (points). */
  readonly rows: Uint32Array;
  /** Pairs of points, a synthetic one and a parent of it, one after the other: u32 (2 · links). */
  readonly links: Uint32Array;
  /** Shares of the variance of the drawn rows that lie along the two axes. */
  readonly shares: readonly [number, number];
  /** How many rows of each kind were given, drawn or not. */
  readonly totals: Readonly<Record<PointKind, number>>;
  /** Features that entered: numeric columns, and one for each value of a nominal column. */
  readonly coordinates: number;
}

/** Coordinates that enter at most, those that vary most: axes of more would take long and show no more. */
const MOST_COORDINATES = 512;
/** Cells that points take at most, before few rows of many columns are drawn. */
const MOST_CELLS = 2e7;

/**
 * Rows, and rows made of them, as points of the plane on which the drawn rows of the data differ most (principal component analysis), columns being compared as methods
 * compare them (SMOTE-NC): numeric ones divided by their scale, missing cells at the mean, a nominal column one coordinate for each value. Axes come from rows of the data alone,
 * as many of each class as there is room for, so that a small class is seen; coordinates more than three standard deviations from their mean count as three there, so that a few rows far
 * away do not take an axis for themselves (ours).
 *
 * @param made what a resampler returned, or samples of a generator that was fitted on the data; left out, the data are shown alone.
 * @throws {InputError} for data that no method would take, or columns too wide apart to be compared.
 */
export function projectRows<D extends Data>(
  data: D,
  made: Sample<D> | readonly Sample<D>[] = [],
  options: ProjectionOptions = {},
): Promise<Projection> {
  return Promise.resolve().then(() => {
    checkOptions("projectRows", options, ["scale", "rows", "synthetic"]);
    const most = checkInteger("rows", options.rows ?? 500, 2);
    const scale = checkScale(options.scale);
    const dataset = read(data);
    const room = Math.floor(MOST_CELLS / (dataset.schema.d + 4 * dataset.schema.q + 1));
    const samples = "origins" in made ? [made] : made;
    const drawn = drawSynthetic(dataset, samples, checkInteger("synthetic", options.synthetic ?? 160, 0, Math.max(2, room)));
    const originals = drawOriginals(
      dataset,
      drawn.flatMap(({ parents }) => parents),
      Math.min(most, room),
    );
    return withInstanceNow(core, (instance) => inPlane(instance, dataset, originals, drawn, scale ?? dataset.scale, samples));
  });
}

/** A synthetic row that is shown. */
interface Drawn {
  /** The data set it is a row of, in the codes of the data. */
  readonly from: Dataset;
  readonly row: number;
  readonly label: Label;
  readonly parents: readonly number[];
}

/** The first synthetic rows of each class: those of a stream are spread over all that it grows from. */
function drawSynthetic<D extends Data>(dataset: Dataset, samples: readonly Sample<D>[], most: number): Drawn[] {
  const byLabel = new Map<Label, Drawn[]>();
  for (const { data, origins } of samples) {
    if (!origins.kind.includes(1)) continue;
    const other = read(data);
    const from = alignTo(dataset.schema, other);
    for (let row = origins.kind.indexOf(1); row < other.n; row++) {
      const label = other.schema.classes[other.labels[row]!]!;
      const list = byLabel.get(label) ?? [];
      if (list.length < most && origins.kind[row]) list.push({ from, row, label, parents: origins.parents(row) });
      byLabel.set(label, list);
    }
  }
  const lists = [...byLabel.values()];
  const counts = evenly(
    lists.map((list) => list.length),
    most,
  );
  return lists.flatMap((list, at) => list.slice(0, counts[at]!));
}

/** The parents and, as far as there is room, as many rows of each class; ascending. */
function drawOriginals(dataset: Dataset, parents: readonly number[], most: number): number[] {
  const classes = rowsByClass(dataset);
  const counts = evenly(
    classes.map((rows) => rows.length),
    most,
  );
  const wanted = new Set(parents);
  classes.forEach((rows, code) => {
    const stride = strideOf(rows.length);
    for (let t = 0; t < counts[code]!; t++) wanted.add(rows[(t * stride) % rows.length]!);
  });
  return [...wanted].sort((a, b) => a - b);
}

/** Parts of at most `most` in all, as equal as the sizes allow. */
function evenly(sizes: readonly number[], most: number): number[] {
  const parts = sizes.map(() => 0);
  const order = sizes.map((_, at) => at).sort((a, b) => sizes[a]! - sizes[b]! || a - b);
  let left = most;
  order.forEach((at, done) => {
    parts[at] = Math.min(sizes[at]!, Math.floor(left / (order.length - done)));
    left -= parts[at]!;
  });
  return parts;
}

function inPlane<D extends Data>(
  instance: Instance<CoreExports>,
  dataset: Dataset,
  originals: readonly number[],
  drawn: readonly Drawn[],
  scale: Scale,
  samples: readonly Sample<D>[],
): Projection {
  const all = statisticsOfAll(instance, dataset);
  const divisors = divisorsOf(dataset.schema, scale, () => all);
  const shown = gathered(dataset, [...originals.map((row) => ({ from: dataset, row })), ...drawn]);
  const points = embed(instance, shown, allRows(shown.n), divisors, all);
  const { values, width } = mostVarying(points.values, points.width, originals.length);
  const total = variance(values, width, originals.length);
  const limited = limitedRows(values, width, originals.length);
  const [x, first] = alongAxis(values, limited, width);
  const [y, second] = alongAxis(values, limited, width);
  const place = new Map(originals.map((row, at) => [row, at]));
  const removed = removedRows(dataset.n, samples);
  const kinds = samples.reduce((sum, { origins }) => sum + origins.kind.reduce((count, kind) => count + kind, 0), 0);
  const gone = removed?.reduce((sum, flag) => sum + flag, 0) ?? 0;
  return {
    x,
    y,
    labels: [...originals.map((row) => dataset.schema.classes[dataset.labels[row]!]!), ...drawn.map(({ label }) => label)],
    kinds: [...originals.map((row): PointKind => (removed?.[row] ? "removed" : "original")), ...drawn.map((): PointKind => "synthetic")],
    rows: Uint32Array.from([...originals, ...drawn.map(({ row }) => row)]),
    links: Uint32Array.from(
      drawn.flatMap(({ parents }, at) => [...new Set(parents)].flatMap((parent) => [originals.length + at, place.get(parent)!])),
    ),
    shares: total > 0 ? [first / total, second / total] : [0, 0],
    totals: { original: dataset.n - gone, removed: gone, synthetic: kinds },
    coordinates: width,
  };
}

/** Some rows of some data sets as a data set of their own. */
function gathered(dataset: Dataset, rows: readonly { readonly from: Dataset; readonly row: number }[]): Dataset {
  const { d, q } = dataset.schema;
  const numeric = new Float64Array(rows.length * d);
  const nominal = new Uint32Array(rows.length * q);
  rows.forEach(({ from, row }, at) => {
    numeric.set(from.numeric.subarray(row * d, (row + 1) * d), at * d);
    nominal.set(from.nominal.subarray(row * q, (row + 1) * q), at * q);
  });
  return { ...dataset, n: rows.length, numeric, nominal };
}

/** Whether each row of the data is gone, or undefined where only synthetic rows are known. */
function removedRows<D extends Data>(n: number, samples: readonly Sample<D>[]): Uint8Array | undefined {
  const whole = samples.filter(({ origins }) => origins.kind.includes(0));
  if (whole.length === 0) return undefined;
  const removed = new Uint8Array(n).fill(1);
  for (const { origins } of whole) origins.kind.forEach((kind, i) => (kind ? undefined : (removed[origins.base[i]!] = 0)));
  return removed;
}

/** The coordinates that vary most among the first n points, in their order. */
function mostVarying(values: Float64Array, width: number, n: number): { values: Float64Array; width: number } {
  if (width <= MOST_COORDINATES) return { values, width };
  const spread = Array.from({ length: width }, (_, c) => variance(values, width, n, c, c + 1));
  const kept = spread
    .map((_, c) => c)
    .sort((a, b) => spread[b]! - spread[a]! || a - b)
    .slice(0, MOST_COORDINATES)
    .sort((a, b) => a - b);
  const narrow = new Float64Array((values.length / width) * kept.length);
  for (let i = 0, at = 0; i < values.length; i += width) for (const c of kept) narrow[at++] = values[i + c]!;
  return { values: narrow, width: kept.length };
}

/** Summed over coordinates [from, to) of the first n points. */
function variance(values: Float64Array, width: number, n: number, from = 0, to = width): number {
  let sum = 0;
  for (let c = from; c < to; c++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += values[i * width + c]! / n;
    for (let i = 0; i < n; i++) sum += ((values[i * width + c]! - mean) * (values[i * width + c]! - mean)) / n;
  }
  return sum;
}

/** The first n points with coordinates at most three standard deviations from their mean, so that a few rows far away do not take an axis for themselves. */
function limitedRows(values: Float64Array, width: number, n: number): Float64Array {
  const limited = values.slice(0, n * width);
  for (let c = 0; c < width; c++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += values[i * width + c]! / n;
    const reach = 3 * Math.sqrt(variance(values, width, n, c, c + 1));
    for (let at = c; at < limited.length; at += width) limited[at] = Math.min(mean + reach, Math.max(mean - reach, limited[at]!));
  }
  return limited;
}

/** Where points lie along the widest direction of the limited ones, and how much the first points vary there; both lose what lies along it. */
function alongAxis(values: Float64Array, limited: Float64Array, width: number): [Float64Array, number] {
  const n = limited.length / width;
  const axes = principalAxes(limited, n, width);
  if (!axes) return [new Float64Array(values.length / width), 0];
  const { directions, center } = axes;
  const axis = directions.subarray(0, width);
  // of two opposite directions the one whose largest part is positive
  const largest = axis.reduce((most, part) => (Math.abs(part) > Math.abs(most) ? part : most), 0);
  if (largest < 0) axis.forEach((part, c) => (axis[c] = -part));
  taken(limited, axis, center);
  const places = taken(values, axis, center);
  return [places, variance(places, 1, n)];
}

/** How far points are from the center along an axis; they lose it. */
function taken(values: Float64Array, axis: Float64Array, center: Float64Array): Float64Array {
  const width = axis.length;
  return Float64Array.from({ length: values.length / width }, (_, i) => {
    let along = 0;
    for (let c = 0; c < width; c++) along += axis[c]! * (values[i * width + c]! - center[c]!);
    for (let c = 0; c < width; c++) values[i * width + c]! -= along * axis[c]!;
    return along;
  });
}
