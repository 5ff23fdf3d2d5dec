/**
 * The four choices a synthetic row is made of, as data: where it may grow from, what it may lean towards, how far, and what is done with them. This is all
 * that a stream of rows needs; a stored generator holds nothing else.
 */
export interface Choices {
  /** Class code of the rows made. */
  readonly label: number;
  /** Row of the fitted data behind each of the n rows here. */
  readonly rows: Uint32Array;
  /** f64 (n, d), NaN is missing. */
  readonly numeric: Float64Array;
  /** u32 (n, q), 0 is missing. */
  readonly nominal: Uint32Array;
  /** f64 (n) or null. */
  readonly weights: Float64Array | null;
  /** Carried columns, n cells each. */
  readonly carried: readonly (readonly unknown[])[];
  readonly bases: Bases;
  /** u32 (n, k): rows here that a base may lean towards. Without any, k is 0. */
  readonly neighbors: Uint32Array;
  readonly k: number;
  readonly rule: Rule;
}

/** Which rows are grown from. */
export interface Bases {
  /** `even`: every share of rows gets its share of children, within O(log m); `independent`: drawn with replacement. */
  readonly draws: "even" | "independent";
  /** f64 (n): relative weights of the rows; null: all alike. */
  readonly shares: Float64Array | null;
}

/** What is done with base, neighbor and gap; without `nominal`, nominal values are the base's. */
export type Rule =
  | { readonly name: "copy"; readonly nominal?: undefined }
  /** A point between the two. */
  | ({ readonly name: "lerp" } & Nominal)
  /** Normal noise around the base: `spreads` f64 (d) are its standard deviations. */
  | {
      readonly name: "jitter";
      readonly spreads: Float64Array;
      readonly nominal?: undefined;
      readonly truncation?: undefined;
      readonly keep?: undefined;
    }
  /**
   * A point of the ball around the base whose surface the neighbor lies on, in columns divided by `spreads`: one that lies too far on one side of the base is mirrored
   * (`truncation`, −1 to 1), and of what is across the axis a share `keep` remains. The gap drawn is not used; how far along the axis the point lies takes its place.
   */
  | ({ readonly name: "ball"; readonly spreads: Float64Array; readonly truncation: number; readonly keep: number } & Nominal);

/** Nominal values by vote among the k neighbors, with the base if `withBase`, or from the nearer parent. */
interface Nominal {
  readonly nominal: "vote" | "parent";
  readonly withBase: boolean;
}
