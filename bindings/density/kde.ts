import { checkInteger, checkNumber, checkOneOf, checkOptions } from "../check";
import type { Features, Run, Scale } from "../contracts";
import { alignTo } from "../data/align";
import { checkComplete } from "../data/complete";
import { namesOf, type Dataset } from "../data/dataset";
import { fromText, toText } from "../data/plain";
import { packRows, unpackRows } from "../data/stored";
import { storedAs } from "../data/storedAs";
import { rowAt, units } from "../draw";
import { core } from "../engine/core";
import { density } from "../engine/density";
import { withInstance, withInstanceNow } from "../engine/lease";
import { InputError } from "../errors";
import { checkThreads } from "../run/job";
import { checkRun, startWork, type Work } from "../run/work";
import { readFeatures } from "../search/nearest";
import { checkScale, divisorsOf, statisticsOfAll, tooLarge } from "../search/space";
import { centersOf, checkBandwidth, widthsOf, widthsWork, type Bandwidth, type KernelName } from "./bandwidths";
import { mayExpand, nearLogSums } from "./expansions";
import { DENSITY, noiseOf } from "./noise";
import { sharedLogSums } from "./shared";
import { centersBytes, kernelWork, placeLeaves, type Centers } from "./sums";

export interface KdeOptions {
  /** Default `"scott"`. */
  readonly bandwidth?: Bandwidth | undefined;
  /** `"gaussian"` (default), or `"laplacian"`: exp(−Σ |differences| / bandwidth), a product over columns too. */
  readonly kernel?: KernelName | undefined;
  /** How columns are made comparable: a kernel is `bandwidth` times this wide in each. Default `"none"` for `{ X, y }`, `"standard"` for a table. */
  readonly scale?: Scale | undefined;
  /** Largest relative error of a density; default 0: what rounding makes. More is faster: far faster from 1e-9 on with one bandwidth in one or two columns, faster in three. */
  readonly tolerance?: number | undefined;
  /** Of `sample`. Default 0. */
  readonly seed?: number | undefined;
}

/** Densities, to be estimated. */
export interface Kde {
  readonly options: Readonly<Record<string, unknown>>;
  /** @throws {InputError} for nominal columns and missing cells: `toMatrix` turns them into numbers. */
  fit(data: Features, run?: Run): Promise<Density>;
  /** The density that `toJSON` was called on. */
  restore(stored: unknown): Density;
}

/** An estimated density. It contains the rows, and so does what `toJSON` returns. */
export interface Density {
  /** One for all rows, or f64 (n), one for each; in scaled columns. */
  readonly bandwidth: number | Float64Array;
  readonly notes: readonly string[];
  /** f64 (m): natural logarithms of the densities at m rows, in the units of the data; −Infinity beyond declared bounds. */
  logDensity(data: Features, run?: Run): Promise<Float64Array>;
  /** f64 (n, d), row-major: n rows drawn from it, in the units of the data. The first of them do not depend on n. */
  sample(n: number): Float64Array;
  toJSON(): StoredDensity;
}

/** A density as plain data. */
export interface StoredDensity {
  readonly format: "counterpoise density";
  readonly version: 1;
  readonly contains: "real rows";
  readonly [key: string]: unknown;
}

const FORMAT = "counterpoise density";

/** What a density is made of. */
interface Content extends Pick<Density, "bandwidth" | "notes"> {
  readonly data: Dataset;
  readonly kernel: KernelName;
  readonly divisors: Float64Array;
  readonly tolerance: number;
  readonly seed: number;
}

/**
 * Kernel density estimation: the mean of kernels around the rows. Labels are not looked at and may be left out; a table's weight column says what rows count for. Columns with declared bounds keep
 * their mass within them: what a kernel has beyond a bound is reflected (Schuster 1985).
 *
 * Parzen: On estimation of a probability density function and mode (1962). Bandwidths by Scott (1992), Silverman (1986), by leave-one-out likelihood (Habbema, Hermans, van den Broek 1974), by
 * the local density (Abramson 1982) and by neighbors (Breiman, Meisel, Purcell 1977). With a number and `scale: "none"` it equals scikit-learn's, whose `"exponential"` kernel of Euclidean distances
 * is not offered. Its kernel has no covariance of its own: scale columns, or rotate them first.
 *
 * @throws {InputError} for unknown options or values.
 */
export function kde(options: KdeOptions = {}): Kde {
  checkOptions("kde", options, ["bandwidth", "kernel", "scale", "tolerance", "seed"]);
  const bandwidth = checkBandwidth(options.bandwidth ?? "scott");
  const kernel = checkOneOf("kernel", options.kernel ?? "gaussian", ["gaussian", "laplacian"]);
  const scale = checkScale(options.scale);
  const tolerance = checkNumber("tolerance", options.tolerance ?? 0, 0, 0.5);
  const seed = checkInteger("seed", options.seed ?? 0, 0);
  return Object.freeze({
    options: Object.freeze({ bandwidth, kernel, scale: scale ?? "auto", tolerance, seed }),
    async fit(given: Features, run?: Run): Promise<Density> {
      checkRun("fit", run);
      checkThreads(run);
      const read = readFeatures(given);
      checkComplete("A density", read);
      const { schema, n } = read;
      const { d } = schema;
      if (d === 0) throw new InputError("DATA", "The data has no feature columns, so it has no density; describe a numeric one.");
      const statistics = withInstanceNow(core, (instance) => statisticsOfAll(instance, read));
      const divisors = divisorsOf(schema, scale ?? read.scale, () => statistics);
      statistics.highs.forEach((high, c) => {
        if (!((high - statistics.lows[c]!) / divisors[c]! < 1e140)) throw tooLarge(namesOf(schema, "numeric")[c]!);
      });
      if (read.weights?.every((weight) => weight === 0)) {
        throw new InputError("DATA", "All weights are 0, so there is nothing to estimate; leave the weight column out.");
      }
      const notes: string[] = [];
      const work = startWork(run, widthsWork(bandwidth, n, d));
      const columns = schema.columns.filter(({ role }) => role === "feature");
      const bare = { ...schema, columns, classes: [0], carried: 0, weighted: false, extra: {} };
      // the caller may go on to change what was handed in
      const data = { ...read, schema: bare, numeric: read.numeric.slice(), labels: new Uint32Array(n), carried: [] };
      const points = { values: scaled(data, divisors), n, d, laplacian: kernel === "laplacian", weights: read.weights };
      const width = await withInstance(density, async (instance) => {
        instance.arena.reserve(centersBytes(n, d), `A density of ${n} rows`);
        return widthsOf(instance, work, points, bandwidth, (sentence) => notes.push(sentence));
      });
      return densityOf({ data, kernel, divisors, bandwidth: width, tolerance, seed, notes });
    },
    restore: (stored: unknown) => restore(stored, tolerance, seed),
  });
}

/** f64 (n, d) ← the rows as they are compared. */
function scaled({ numeric }: Pick<Dataset, "numeric">, divisors: Float64Array): Float64Array {
  const d = divisors.length;
  return numeric.map((value, at) => value / divisors[at % d]!);
}

function densityOf(content: Content): Density {
  const { data, kernel, divisors, bandwidth, tolerance, notes } = content;
  const { schema, n } = data;
  const { d } = schema;
  const laplacian = kernel === "laplacian";
  const limits = Array.from({ length: d }, () => [-Infinity, Infinity] as readonly [number, number]);
  for (const { role, kind, bounds, place } of schema.columns) if (role === "feature" && kind && bounds) limits[place] = bounds;
  const points = { values: scaled(data, divisors), n, d, laplacian, weights: data.weights };
  return Object.freeze({
    bandwidth,
    notes,
    async logDensity(given: Features, run?: Run): Promise<Float64Array> {
      checkRun("logDensity", run);
      checkThreads(run);
      const asked = alignTo(schema, readFeatures(given));
      checkComplete("A density", asked);
      const images = imagesOf(asked.numeric, limits);
      const work = startWork(run, images.length * asked.n * kernelWork(n, d));
      const centers = centersOf(points, bandwidth);
      let all: Float64Array | undefined;
      for (const image of images) {
        const logs = await logSumsAt(centers, scaled({ numeric: image }, divisors), tolerance, work);
        all = all ? sumOfPowers(all, logs) : logs;
      }
      return withInstanceNow(core, ({ kernels: { log } }) => {
        // of each kernel the integral is 1
        const whole = divisors.reduce((sum, divisor) => sum + log(divisor), d * log(laplacian ? 2 : Math.sqrt(6.283185307179586)));
        return all!.map((value, i) => (isWithin(asked.numeric, i, limits) ? value / Math.LOG2E - whole : -Infinity));
      });
    },
    sample: (m: number) => sample(content, limits, checkInteger("n", m, 0)),
    toJSON: (): StoredDensity => ({
      format: FORMAT,
      version: 1,
      contains: "real rows",
      kernel,
      divisors: toText(divisors),
      bandwidth: typeof bandwidth === "number" ? bandwidth : toText(bandwidth),
      weights: data.weights && toText(data.weights),
      notes,
      ...packRows(data),
    }),
  });
}

/** Of some points, the binary logarithms of the sums of kernels: by expansions where they apply, which are soon done, or on as many threads as pay. */
function logSumsAt(centers: Centers, queries: Float64Array, tolerance: number, work: Work): Promise<Float64Array> {
  if (!mayExpand(centers, tolerance)) return sharedLogSums(work, centers, queries, tolerance);
  const { n, d } = centers;
  return withInstance(density, (instance) => {
    instance.arena.reserve(centersBytes(n, d) + 8 * queries.length, `Densities by ${n} rows`);
    return instance.arena.during(() => nearLogSums(instance, work, () => placeLeaves(instance, centers), centers, queries, { tolerance }));
  });
}

/** Most images of a row in its bounds. */
const MOST_IMAGES = 256;

type Limits = readonly (readonly [low: number, high: number])[];

/** Blocks of rows (m, d): the rows themselves, and their mirror images in the bounds of the columns that have any. A kernel's mass beyond a bound is its mass at the image. */
function imagesOf(rows: Float64Array, limits: Limits): Float64Array[] {
  const d = limits.length;
  let images = [rows];
  limits.forEach((bounds, c) => {
    const mirrors = bounds.filter((bound) => Math.abs(bound) < Infinity);
    images = images.flatMap((image) => [
      image,
      ...mirrors.map((bound) => image.map((value, at) => (at % d === c ? bound + (bound - value) : value))),
    ]);
    if (images.length > MOST_IMAGES) {
      throw new InputError(
        "DATA",
        "Densities within bounds of more than some five columns take too long; declare bounds where they matter.",
      );
    }
  });
  return images;
}

function isWithin(rows: Float64Array, i: number, limits: Limits): boolean {
  return limits.every(([low, high], c) => rows[i * limits.length + c]! >= low && rows[i * limits.length + c]! <= high);
}

/** log₂(2^a + 2^b), value by value. */
function sumOfPowers(a: Float64Array, b: Float64Array): Float64Array {
  return withInstanceNow(core, ({ kernels: { exp, log } }) =>
    a.map((x, i) => {
      const [high, low] = [Math.max(x, b[i]!), Math.min(x, b[i]!)];
      return high === -Infinity ? high : high + log(1 + exp((low - high) / Math.LOG2E)) * Math.LOG2E;
    }),
  );
}

/** Rows drawn by weight, each with noise of its kernel, mirrored at bounds. */
function sample({ data, kernel, divisors, bandwidth, seed }: Content, limits: Limits, m: number): Float64Array {
  const { n, numeric, weights } = data;
  const d = divisors.length;
  const draws = { seed, label: 0 };
  const noise = kernel === "gaussian" ? noiseOf({ seed, label: 1 }, DENSITY, m, d) : new Float64Array(m * d);
  return withInstanceNow(core, (instance) => {
    const { log } = instance.kernels;
    if (kernel === "laplacian") {
      const drawn = units(instance, { seed, label: 1 }, DENSITY, 0, m * d);
      drawn.forEach((unit, at) => (noise[at] = unit < 0.5 ? log(1 - 2 * unit) : -log(2 * unit - 1 || HALF_STEP)));
    }
    const drawn = units(instance, draws, DENSITY, 0, m);
    let sum = 0;
    const cumulative = weights?.map((weight) => (sum += weight));
    const bases = Uint32Array.from(drawn, (unit) => (cumulative ? rowAt(cumulative, unit * sum) : unit * n));
    return noise.map((apart, at) => {
      const [c, base] = [at % d, bases[Math.floor(at / d)]!];
      const width = typeof bandwidth === "number" ? bandwidth : bandwidth[base]!;
      return mirrored(numeric[base * d + c]! + apart * width * divisors[c]!, limits[c]!);
    });
  });
}

/** In place of 0: half of the smallest difference between two uniform numbers. */
const HALF_STEP = 5.551115123125783e-17;

function mirrored(value: number, [low, high]: readonly [number, number]): number {
  const once = value < low ? low + (low - value) : value > high ? high - (value - high) : value;
  return Math.min(Math.max(once, low), high);
}

function restore(stored: unknown, tolerance: number, seed: number): Density {
  const given = storedAs(FORMAT, "density", "restore", stored);
  const content = contentOf(given);
  if (!content) throw new InputError("DATA", "The stored density is damaged; store it again with toJSON().");
  return densityOf({ ...content, tolerance, seed });
}

/** What was stored, if its parts fit together. */
function contentOf(given: Record<string, unknown>): Omit<Content, "tolerance" | "seed"> | undefined {
  try {
    const rows = unpackRows(given);
    const divisors = fromText(Float64Array, given["divisors"] as string);
    const weights = fromText(Float64Array, given["weights"] as string | null);
    const { bandwidth: width, notes } = given as { bandwidth: number | string; notes: string[] };
    const bandwidth = typeof width === "number" ? width : fromText(Float64Array, width);
    const kernel = checkOneOf("kernel", given["kernel"] as KernelName, ["gaussian", "laplacian"]);
    if (!rows || !Array.isArray(notes)) return undefined;
    const { n, schema } = rows;
    const widths = typeof bandwidth === "number" ? [bandwidth] : bandwidth;
    const fits =
      schema.q === 0 &&
      schema.d > 0 &&
      divisors.length === schema.d &&
      widths.length === (typeof bandwidth === "number" ? 1 : n) &&
      [...divisors, ...widths].every((value) => value > 0 && value < Infinity) &&
      (!weights || (weights.length === n && weights.every((weight) => weight >= 0) && weights.some((weight) => weight > 0)));
    checkComplete("", rows);
    return fits ? { data: { ...rows, weights }, divisors, bandwidth, kernel, notes } : undefined;
  } catch {
    return undefined;
  }
}
