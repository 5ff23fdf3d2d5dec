import { checkInteger, checkOneOf, checkOptions } from "../../check";
import type { Oversampler, Scale } from "../../contracts";
import { namesOf, type ColumnStatistics, type Dataset } from "../../data/dataset";
import { InputError } from "../../errors";
import { checkScale, divisorsOf, tooLarge } from "../../search/space";
import { limitsOf } from "../emit";
import { enoughNeighbors, statisticsOfClass, type TooFewPolicy } from "../neighborhood";
import { COMMON_OPTIONS, commonOptions, oversampler, type CommonOptions, type Decided, type Scene } from "../oversample";

const TOPOLOGIES = ["star", "bus", "mesh", "poly"] as const;
type Topology = (typeof TOPOLOGIES)[number];

export interface PolynomFitSmoteOptions extends CommonOptions {
  /**
   * What new rows lie on. `"star"` (default): the lines from each row to the mean of the class; `"bus"`: those between rows that follow each other in the data; `"mesh"`: those
   * between any two rows; `"poly"`: a curve, each column a polynomial over the rows in the order of their means.
   */
  readonly topology?: Topology | undefined;
  /** Degree of the polynomials of `"poly"`, 1 to 3. Default 2. */
  readonly degree?: number | undefined;
  /** How columns are made comparable for the order of `"poly"`. Default `"none"` for `{ X, y }`, `"standard"` for a table. */
  readonly scale?: Scale | undefined;
  /** What to do with a class of one row. Default `"error"`. `"reduce"` and `"copy"`: repeat it; `"skip"`: leave it as it is. A note says so. */
  readonly onTooFew?: TooFewPolicy | undefined;
}

/**
 * Polynom-fit-SMOTE: new rows lie on simple figures that are fitted to a class, without any search for neighbors. As a star it draws the class together around its mean. It ranked
 * first in the comparison of Kovács (Applied Soft Computing 83, 2019). For classes of one piece; where a class is in several, the figures cross what lies between.
 *
 * Gazzah, Ben Amara: New oversampling approaches based on polynomial fitting for imbalanced data sets, DAS 2008; figures as in smote_variants. Ours: totals are exact; the
 * fractions of the way come in the order 1/2, 1/4, 3/4, 1/8, …, the same for all rows of a round, so that after 1, 3, 7, … rounds they are the even grid of the source, and rows do not
 * depend on how many are asked for. A row of the mesh is never paired with itself. The curve is one of rows: all columns are taken at the same place of it, between two rows that
 * follow each other, where smote_variants draws a place for each column, up to one row beyond the last; between two ranks it is straight. Missing cells are at the
 * mean in means and fits, and stay missing in what grows from the row. Nominal values are the nearer parent's, and with a mean the base's.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function polynomFitSmote(options: PolynomFitSmoteOptions = {}): Oversampler {
  checkOptions("polynomFitSmote", options, [...COMMON_OPTIONS, "topology", "degree", "scale", "onTooFew"]);
  const common = commonOptions(options);
  const topology = checkOneOf("topology", options.topology ?? "star", TOPOLOGIES);
  const degree = checkInteger("degree", options.degree ?? 2, 1, 3);
  const scale = checkScale(options.scale ?? undefined);
  const poly = topology === "poly";
  for (const name of ["degree", "scale"] as const) {
    if (poly || (options[name] ?? null) === null) continue;
    throw new InputError("OPTION", `${name} is of topology "poly", but the topology is "${topology}"; leave ${name} out.`);
  }
  const onTooFew = checkOneOf("onTooFew", options.onTooFew ?? "error", ["error", "reduce", "copy", "skip"]);
  return oversampler({
    name: "polynomFitSmote",
    options: { ...common, topology, degree: poly ? degree : null, scale: poly ? (scale ?? "auto") : null, onTooFew },
    workFor: ({ schema }, n) => n * schema.d * 8,
    async choose(scene) {
      const { draws } = common;
      const { d, q } = scene.data.schema;
      const enough = enoughNeighbors(scene, 1, onTooFew, "polynomFitSmote needs two rows of a class");
      if (enough === null) return null;
      if (enough === 0) return { bases: { draws, shares: null }, neighbors: new Uint32Array(0), k: 0, rule: { name: "copy" } };
      if (d + (topology === "star" || topology === "poly" ? 0 : q) === 0) {
        throw new InputError(
          "DATA",
          `The data has no ${q ? "numeric feature" : "feature"} columns for topology "${topology}"; ${q ? 'use "bus" or "mesh"' : "describe a feature"}, or use randomOversample.`,
        );
      }
      await scene.work.step(scene.rows.length * d * 8);
      const found = statisticsOfClass(scene);
      checkWidths(scene, found);
      const figure = topology === "poly" ? curve(scene, found, degree, scale ?? scene.data.scale) : FIGURES[topology](scene, found);
      const { b = scene.rows.length, ...choices } = figure;
      const rule = { name: "lerp", nominal: "parent", withBase: false } as const;
      return { bases: { draws, shares: new Float64Array(b).fill(1) }, gaps: "halved", rule, ...choices };
    },
  });
}

/** Sums of squares, and differences, have to be numbers. */
function checkWidths({ data }: Scene, { deviations, lows, highs }: ColumnStatistics): void {
  deviations.forEach((deviation, c) => {
    if (!(deviation < Infinity && highs[c]! - lows[c]! !== Infinity)) throw tooLarge(namesOf(data.schema, "numeric")[c]!);
  });
}

/** What is leaned towards by the first b rows, all unless told. */
type Figure = Omit<Decided, "bases" | "rule"> & { readonly b?: number };

const FIGURES: Readonly<Record<"star" | "bus" | "mesh", (scene: Scene, found: ColumnStatistics) => Figure>> = {
  star({ rows, data }, { means }) {
    const { weights } = data;
    const weight = weights ? rows.reduce((sum, i) => sum + weights[i]! / rows.length, 0) : 1;
    const mean = { numeric: means, nominal: new Uint32Array(data.schema.q), weights: Float64Array.of(weight) };
    return { neighbors: new Uint32Array(rows.length).fill(rows.length), k: 1, points: mean };
  },
  bus: ({ rows: { length: n } }) => ({ b: n - 1, neighbors: Uint32Array.from({ length: n - 1 }, (_, t) => t + 1), k: 1 }),
  mesh({ rows: { length: n } }) {
    // written twice in a row: behind its first place each row has all the others
    const neighbors = Uint32Array.from({ length: 2 * n }, (_, entry) => entry % n);
    return { neighbors, k: 0, lists: Uint32Array.from({ length: 2 * n }, (_, i) => (i % 2 ? n - 1 : i / 2 + 1)) };
  },
};

/** The rows of the class in order of the means of their columns, each moved to its place on the fitted curve. */
function curve({ data, rows, statistics }: Scene, { means }: ColumnStatistics, degree: number, scale: Scale): Figure {
  const { d } = data.schema;
  const divisors = divisorsOf(data.schema, scale, statistics);
  const apart = (i: number, c: number): number => {
    const value = data.numeric[i * d + c]!;
    return value === value ? value - means[c]! : 0;
  };
  const sums = new Map(Array.from(rows, (i) => [i, divisors.reduce((sum, divisor, c) => sum + apart(i, c) / divisor, 0)]));
  const order = rows.slice().sort((a, b) => sums.get(a)! - sums.get(b)! || a - b);
  const polynomials = orthogonal(order.length, degree);
  const { lows, highs } = limitsOf(data.schema);
  const points = new Float64Array(order.length * d);
  for (let c = 0; c < d; c++) {
    const left = Float64Array.from(order, (i) => apart(i, c));
    const fitted = new Float64Array(order.length).fill(means[c]!);
    for (const polynomial of polynomials) {
      const part = dot(left, polynomial) / dot(polynomial, polynomial);
      polynomial.forEach((value, t) => {
        left[t]! -= part * value;
        fitted[t]! += part * value;
      });
    }
    fitted.forEach((value, t) => (points[t * d + c] = Math.min(Math.max(value, lows[c]!), highs[c]!)));
  }
  return between(data, order, points);
}

/** Each of the rows but the last leans towards the next, both at the points given; what a row lacks is missing where it is the base. */
function between({ schema: { d, q }, numeric, nominal, weights }: Dataset, order: Uint32Array, points: Float64Array): Figure {
  const [bases, next] = [order.slice(0, -1), order.slice(1)];
  const codes = new Uint32Array(next.length * q);
  next.forEach((i, t) => codes.set(nominal.subarray(i * q, i * q + q), t * q));
  return {
    rows: bases,
    values: points.slice(0, bases.length * d).map((value, at) => {
      const cell = numeric[bases[Math.floor(at / d)]! * d + (at % d)]!;
      return cell === cell ? value : NaN;
    }),
    points: { numeric: points.slice(d), nominal: codes, weights: weights && Float64Array.from(next, (i) => weights[i]!), rows: next },
    neighbors: next.map((_, t) => bases.length + t),
    k: 1,
    b: bases.length,
  };
}

/** Polynomials of degree 0 to `degree` at n places evenly from −1 to 1, orthogonal there (Forsythe 1957); fewer where n is less than their number. */
function orthogonal(n: number, degree: number): Float64Array[] {
  const places = Float64Array.from({ length: n }, (_, t) => (2 * t) / (n - 1) - 1);
  const found = [new Float64Array(n).fill(1)];
  while (found.length <= Math.min(degree, n - 1)) {
    const [last, before] = [found[found.length - 1]!, found[found.length - 2]];
    const square = dot(last, last);
    const shift =
      dot(
        last.map((value, t) => value * places[t]!),
        last,
      ) / square;
    const share = before ? square / dot(before, before) : 0;
    found.push(last.map((value, t) => (places[t]! - shift) * value - share * (before?.[t] ?? 0)));
  }
  return found;
}

function dot(x: Float64Array, y: Float64Array): number {
  return x.reduce((sum, value, t) => sum + value * y[t]!, 0);
}
