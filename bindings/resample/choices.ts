/**
 * The four choices a synthetic row is made of, as data: where it may grow from, what it may lean towards, how far, and what is done with them. This is all
 * that a stream of rows needs; a stored generator holds nothing else.
 */
export interface Choices {
  /** Class code of the rows made. */
  readonly label: number;
  /** Row of the fitted data behind each of the n rows here, those to grow from first; `NO_ROW` for a point that is none, such as a mean. */
  readonly rows: Uint32Array;
  /** f64 (n, d), NaN is missing. */
  readonly numeric: Float64Array;
  /** u32 (n, q), 0 is missing. Rows of other classes have none here: they may draw a row near, but have no vote. */
  readonly nominal: Uint32Array;
  /** f64 (n) or null. */
  readonly weights: Float64Array | null;
  /** Carried columns, a cell for each row to grow from. */
  readonly carried: readonly (readonly unknown[])[];
  readonly bases: Bases;
  /** Rows here that may be leaned towards, list after list; u32 (b, k) for the b rows to grow from where all lists have k. */
  readonly neighbors: Uint32Array;
  /** Length of every list; 0 where they differ, or there are none. */
  readonly k: number;
  /**
   * u32 (b, 2): where in `neighbors` the list of a base begins, and its length. Lists may overlap: of a pool that is written twice in a row, each member has all
   * others between its two places.
   */
  readonly lists: Uint32Array;
  /** f64 (1 or neighbors, 2): lowest and highest gap, for all or for each entry of `neighbors`. Below 0 is away from the neighbor. */
  readonly spans: Float64Array;
  /** Gaps are not drawn, but the same for each round of the bases: 1/2, 1/4, 3/4, 1/8, … */
  readonly gaps?: "halved";
  readonly rule: Rule;
}

/** In place of a row number: no row of the data. */
export const NO_ROW = 0xffffffff;

/** The span of gaps where nothing else is said. */
export const ALL_THE_WAY = Float64Array.of(0, 1);

/** The lists of b rows in a table (b, k). */
export function evenLists(b: number, k: number): Uint32Array {
  return new Uint32Array(2 * b).map((_, i) => (i % 2 ? k : (i / 2) * k));
}

/** Which rows are grown from. */
export interface Bases {
  /** `even`: every share of rows gets its share of children, within O(log m); `independent`: drawn with replacement. */
  readonly draws: "even" | "independent";
  /** f64 (b): relative weights of the first b rows, the only ones to grow from; null: all n rows alike, companions and points included. */
  readonly shares: Float64Array | null;
}

/** What is done with base, neighbor and gap; without `nominal`, nominal values are the base's. */
export type Rule =
  | ({ readonly name: "copy" } & Partial<Record<"nominal" | "withBase", undefined>>)
  /** A point between the two, or beyond the base. */
  | ({ readonly name: "lerp" } & Nominal)
  /** Normal noise around the base: `spreads` f64 (d) are its standard deviations. */
  | ({ readonly name: "jitter"; readonly spreads: Float64Array } & Partial<
      Record<"nominal" | "withBase" | "truncation" | "keep", undefined>
    >)
  /**
   * A point of the ball around the base whose surface the neighbor lies on, in columns divided by `spreads`: one that lies too far on one side of the base is mirrored
   * (`truncation`, −1 to 1), and of what is across the axis a share `keep` remains. The gap drawn is not used; how far along the axis the point lies takes its place.
   */
  | ({ readonly name: "ball"; readonly spreads: Float64Array; readonly truncation: number; readonly keep: number } & Nominal);

/** Nominal values by vote among all neighbors of the base, with the base if `withBase`, or from the nearer parent. */
interface Nominal {
  readonly nominal: "vote" | "parent";
  readonly withBase: boolean;
}
