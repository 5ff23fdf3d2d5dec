import { allRows, featuresOf, type ColumnStatistics, type Dataset } from "../data/dataset";
import type { CoreExports } from "../engine/exports";
import type { Instance } from "../engine/lease";
import { environmentError } from "../errors";
import { placeReference, scaleOf } from "./space";

/** What one coordinate of an embedded row stands for: a numeric column, or a nominal column's one code. Places count as in the Dataset; code 0 is a missing cell. */
export type Coordinate =
  { readonly kind: "numeric"; readonly place: number } | { readonly kind: "nominal"; readonly place: number; readonly code: number };

/** Rows as points of a vector space. */
export interface Embedded {
  readonly n: number;
  /** Coordinates of a row. */
  readonly width: number;
  /** f64 (n, width), row after row. */
  readonly values: Float64Array;
  /** What each coordinate stands for: numeric columns in the order of their block, then the codes that occur, column by column. */
  readonly coordinates: readonly Coordinate[];
  /** The power of two that brings the largest part of any distance near 1. */
  readonly scale: number;
}

/**
 * Rows of the data as points whose squared Euclidean distances are those of the mixed metric (`placeReference`), for methods that need sums and means of rows
 * and not only distances. Numeric columns are divided by `divisors`; a nominal column becomes one coordinate for each code that occurs, at height med / √2 or 0, so that a
 * mismatch adds med², with med the median of the standard deviations, or 1 without numeric columns (Chawla et al. 2002, SMOTE-NC). Missing numeric cells lie
 * at the column's mean: the variance that the metric adds for them has no place in a vector space.
 *
 * Means and deviations are those of the rows given, or of `all`.
 * @throws {InputError} when a squared distance could exceed what f64 holds; an error when the machine has no room for the points.
 */
export function embed(
  instance: Instance<CoreExports>,
  data: Dataset,
  rows: Uint32Array,
  divisors: Float64Array,
  all?: ColumnStatistics,
): Embedded {
  const { arena } = instance;
  const { d, q } = data.schema;
  const n = rows.length;
  const codes = codesOf(data, rows);
  const coordinates: Coordinate[] = [
    ...numericOf(d),
    ...codes.flatMap((present, place) => present.map((code) => ({ kind: "nominal" as const, place, code }))),
  ];
  const width = coordinates.length;
  const values = pointsFor(n, width);
  const scale = arena.scope(() => {
    const { space, placed } = placeReference(instance, data, rows, divisors, { metric: "euclidean", missing: "expected" }, all);
    const factor = scaleOf(data.schema, space, [placed]);
    const numeric = arena.view(Float64Array, placed.values, n * d);
    const height = Math.sqrt(space.weight / 2);
    // where each code of a column stands among the coordinates
    let first = d;
    const stands = codes.map((present) => new Map(present.map((code) => [code, first++])));
    for (let t = 0; t < n; t++) {
      const at = t * width;
      for (let c = 0; c < d; c++) values[at + c] = numeric[t * d + c]!;
      for (let c = 0; c < q; c++) values[at + stands[c]!.get(data.nominal[rows[t]! * q + c]!)!] = height;
    }
    return factor;
  });
  return { n, width, values, coordinates, scale };
}

/** As `embed`, of every row of the data, whose statistics are given. Where the points are the rows as they are, they are not copied: nobody may write to them. */
export function embedAll(instance: Instance<CoreExports>, data: Dataset, divisors: Float64Array, statistics: ColumnStatistics): Embedded {
  const { n, schema, numeric } = data;
  const { d, q } = schema;
  if (q > 0 || divisors.some((divisor) => divisor !== 1) || statistics.counts.some((count) => count < n)) {
    return embed(instance, data, allRows(n), divisors, statistics);
  }
  const variances = statistics.deviations.map((deviation) => deviation * deviation);
  const scale = scaleOf(schema, { divisors, variances, weight: 0, q }, [statistics]);
  return { n, width: d, values: numeric, coordinates: numericOf(d), scale };
}

function numericOf(d: number): Coordinate[] {
  return Array.from({ length: d }, (_, place) => ({ kind: "numeric" as const, place }));
}

/** The codes of each nominal column that occur in the rows, ascending. */
function codesOf({ schema, nominal }: Dataset, rows: Uint32Array): number[][] {
  return featuresOf(schema, "nominal").map(({ place }) => {
    const present = new Set<number>();
    for (const i of rows) present.add(nominal[i * schema.q + place]!);
    return [...present].sort((a, b) => a - b);
  });
}

function pointsFor(n: number, width: number): Float64Array {
  try {
    return new Float64Array(n * width);
  } catch (cause) {
    throw environmentError(
      "OUT_OF_MEMORY",
      `${n} rows as points of ${width} coordinates do not fit into memory; carry nominal columns of many values instead.`,
      cause,
    );
  }
}
