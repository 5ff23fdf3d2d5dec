/** The types rooms meet on. */

/** A class label. */
export type Label = string | number | boolean;

/**
 * How a feature is measured. `numeric` and `integer` are interpolated (integers rounded, halves to even), `ordinal` is interpolated on the ranks of its
 * levels, `nominal` values are voted for.
 */
export type Kind = "numeric" | "integer" | "ordinal" | "nominal";

/**
 * What a column is for. Only features enter distances. `carry`, `group` and `time` are copied from the base row of a synthetic row;
 * `weight` is interpolated like a numeric feature.
 */
export type Role = "feature" | "target" | "carry" | "group" | "time" | "weight";

/** Labels: a plain array, or a typed array of numbers. */
export type Labels =
  | readonly Label[]
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** Numbers and labels. `null`, `undefined` and `NaN` are missing cells. */
export interface Matrix {
  /** n rows of d numbers each, or n · d numbers row after row together with `columns`. */
  readonly X: readonly (readonly (number | null | undefined)[])[] | Float32Array | Float64Array;
  /** n labels. */
  readonly y: Labels;
  /** d; needed when X is one flat array. */
  readonly columns?: number | undefined;
  /** By column number; `numeric` where nothing is said. */
  readonly kinds?: readonly Kind[] | Readonly<Record<number, Kind>> | undefined;
  /** Lowest and highest allowed value by column number. */
  readonly bounds?: Readonly<Record<number, readonly [number, number]>> | undefined;
}

/** A record: column name → cell. */
export type Row = Readonly<Record<string, unknown>>;
/** Columns of equal length by name. */
export type Columns = Readonly<Record<string, ArrayLike<unknown>>>;

/** What is known of one column of a table. */
export interface ColumnDescription {
  readonly name: string;
  readonly role: Role;
  /** Features only. */
  readonly kind?: Kind | undefined;
  /** Why it has this kind and role, in a few words. */
  readonly why: string;
  readonly missing: number;
}

/** A table of records, made by `table`. */
export interface RowTable {
  readonly rows: readonly Row[];
  readonly target: string;
  readonly columns?: undefined;
  /** Every column in order, with its kind and role. */
  readonly description: readonly ColumnDescription[];
  /** What `table` decided and a careful user should know. */
  readonly notes: readonly string[];
}

/** A table of columns, made by `table`. */
export interface ColumnTable {
  readonly columns: Columns;
  readonly target: string;
  readonly rows?: undefined;
  readonly description: readonly ColumnDescription[];
  readonly notes: readonly string[];
}

/** What every method takes, and gives back in the same shape. */
export type Data = Matrix | RowTable | ColumnTable;

/**
 * How many rows each class is to have, relative to what it has.
 * - `"auto"` = `"not majority"`: every other class grows to the size of the largest; `"minority"`: only the smallest; `"not minority"`; `"all"`;
 * - a ratio r: every class smaller than r times the largest grows to that size;
 * - `{ counts }`: final rows per label; `{ ratios }`: final size relative to the largest class; `{ times }`: final size relative to its own;
 * - a function from the counts present to final counts.
 *
 * Labels are keys of an object or of a Map. Of equal sizes the class that sorts first is the smallest, or the largest. Products are rounded.
 */
export type Strategy =
  | "auto"
  | "minority"
  | "not minority"
  | "not majority"
  | "all"
  | number
  | { readonly counts: PerLabel }
  | { readonly ratios: PerLabel }
  | { readonly times: PerLabel }
  | ((counts: Map<Label, number>) => PerLabel);

/**
 * How many rows of each class stay.
 * - `"auto"` = `"not minority"`: every class but the smallest is cut to the size of the smallest; `"majority"`: only the largest; `"not majority"`; `"all"`;
 * - a ratio r: the smallest class has r rows for each row of any other, so classes larger than its size / r are cut to that;
 * - `{ counts }`: rows that stay per label; `{ ratios }`: relative to the smallest class; `{ times }`: relative to its own size;
 * - a function from the counts present to the counts that stay.
 *
 * Labels, ties and rounding as in `Strategy`. Classes without rows are no smallest class.
 */
export type UndersampleStrategy =
  | "auto"
  | "majority"
  | "not minority"
  | "not majority"
  | "all"
  | number
  | { readonly counts: PerLabel }
  | { readonly ratios: PerLabel }
  | { readonly times: PerLabel }
  | ((counts: Map<Label, number>) => PerLabel);

/**
 * Which classes may lose rows to a method that itself finds how many: `"auto"` = `"not minority"`: all but the smallest; `"majority"`: only the largest;
 * `"not majority"`; `"all"`; or an array of labels.
 */
export type CleaningStrategy = "auto" | "majority" | "not minority" | "not majority" | "all" | readonly Label[];

/** A number for each label. */
export type PerLabel = Readonly<Record<string, number>> | ReadonlyMap<Label, number>;

/**
 * How columns are made comparable, for distances only; rows come out in their own units. `"none"`: as they are; `"standard"`: divided by the standard
 * deviation over all rows; an object or array: divided by the numbers given, by column name or number, others as they are.
 */
export type Scale = "none" | "standard" | Readonly<Record<string, number>> | readonly number[];

/** How far a call has come, in counted work. */
export interface Progress {
  /** From 0 to `total`, never falling. */
  readonly done: number;
  readonly total: number;
}

/** How a call is to run; none of it changes a byte of the result. */
export interface Run {
  /** Rejects the call with `signal.reason`, within some milliseconds; nothing is left behind. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * How many threads a call may use, 1 to 256; default `"auto"`: as many as the machine has, at most 8. Searches are shared by range; folds, divisions and densities as a whole, where methods and learners are
   * those of this library and not functions of the caller's. Workers are started when there is enough to do, and end when they are idle; where there are none, one thread does it all.
   */
  readonly threads?: number | "auto" | undefined;
}

export interface ResampleRun extends Run {
  /** `"synthetic"`: return the new rows without copying the originals; oversamplers only. Default `"all"`. */
  readonly only?: "all" | "synthetic" | undefined;
  /** Numbers of rows that stay, whatever the method would remove. */
  readonly protect?: ArrayLike<number> | undefined;
  /**
   * Rows of each class by which the words of a strategy tell the smallest class and the largest; default: the rows there are. The steps of a chain are given those of its input, because
   * classes that were just made equal have no smallest.
   */
  readonly ranking?: PerLabel | undefined;
}

/** Where each row of a result comes from; one entry per row. */
export interface Origins {
  /** 0 original, 1 synthetic. */
  readonly kind: Uint8Array;
  /** Row of the input it grew from; an original: its own row. */
  readonly base: Uint32Array;
  /** Row of the input it leans towards, or −1; with a gap that is not 0, −1 is a point that is no row, such as a mean. */
  readonly neighbor: Int32Array;
  /**
   * How far it went from base to neighbor: 0 to 1, up to a half towards rows of other classes, below 0 away from the neighbor where a method does that. Of a row that lies
   * beside the line between the two (`geometricSmote`), how far along it.
   */
  readonly gap: Float64Array;
  /** The input rows that row i of the result was made of; none for an original. */
  parents(i: number): number[];
}

/** Rows of one class before and after. */
export interface ClassCount {
  readonly before: number;
  readonly added: number;
  readonly removed: number;
  readonly after: number;
}

export interface Resampled<D> {
  /** In the shape that came in: the originals that stay first, untouched and in their order, then the synthetic rows class by class. */
  readonly data: D;
  readonly origins: Origins;
  /** What any policy did and what a careful user should know, in sentences. */
  readonly notes: readonly string[];
  /** By label, in sorted order. */
  readonly counts: ReadonlyMap<Label, ClassCount>;
}

/** Changes which rows there are: adds some, removes some, or both. What has no stream of rows to ask for is this and no more. */
export interface Resampler {
  readonly name: string;
  /** The options in force, defaults included. */
  readonly options: Readonly<Record<string, unknown>>;
  /** @throws {InputError} when the data or options do not allow it. Aborts with `signal.reason`. */
  resample<D extends Data>(data: D, run?: ResampleRun): Promise<Resampled<D>>;
}

/** Adds rows, each from an endless stream of its class: row t does not depend on how many are asked for. */
export interface Oversampler extends Resampler {
  /** Prepares the stream of every class that the strategy names. */
  fit<D extends Data>(data: D, run?: Run): Promise<Generator<D>>;
}

/** Rows made by a generator; `origins` count the rows it was fitted on. */
export interface Sample<D> {
  readonly data: D;
  readonly origins: Origins;
}

/** A fitted oversampler. It contains real rows of the data it was fitted on, and so does what `toJSON` returns. */
export interface Generator<D> {
  readonly method: string;
  /** Labels it can make rows of. */
  readonly labels: readonly Label[];
  /** How many rows of each the strategy asked for. */
  readonly counts: ReadonlyMap<Label, number>;
  readonly notes: readonly string[];
  /** Rows [from, to) of the stream of class `label`. */
  sample(label: Label, from: number, to: number, run?: Run): Promise<Sample<D>>;
  /** Plain data for `restoreGenerator` of "counterpoise/generator". */
  toJSON(): StoredGenerator;
}

/** A generator as plain data. */
export interface StoredGenerator {
  readonly format: "counterpoise generator";
  readonly version: 1;
  readonly contains: "real rows";
  readonly method: string;
  readonly seed: number;
  readonly [key: string]: unknown;
}

/** Rows whose labels may be left out. */
export type Features = Data | Pick<Matrix, "X" | "columns" | "kinds">;

/** What a learner can take as it is; a call that would need more is refused, and never worked around silently. */
export interface LearnerTakes {
  /** Row weights that differ. */
  readonly weights: boolean;
  /** Row weights below 0, as bias correction makes them. */
  readonly signedWeights: boolean;
  readonly nominal: boolean;
  readonly missing: boolean;
}

/** What there is to know for learning besides the rows. */
export interface Training {
  /** n numbers: what each row counts for, times the table's weight column. Default: all alike. */
  readonly weights?: ArrayLike<number> | undefined;
  /**
   * How many rows, from the first on, are real; default: all. Built-in learners learn levels, medians and deviations of columns from these alone, and `logistic` rescales weights to their number.
   */
  readonly realRows?: number | undefined;
  /** A model of the same learner to begin from; changes how long it takes, not what is learned. */
  readonly warmStart?: Model | undefined;
}

/** Learns to tell classes apart. */
export interface Learner {
  readonly name: string;
  /** The options in force, defaults included. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly takes: LearnerTakes;
  /**
   * Learns from n rows. Whatever it has to know of columns (levels, means, medians) it learns from these rows alone.
   * @throws {InputError} when the data or weights do not allow it. Aborts with `signal.reason`.
   */
  fit(data: Data, training?: Training, run?: Run): Promise<Model>;
  /**
   * The model that `toJSON` was called on.
   * @throws {InputError} when it is something else, damaged, or of a later version.
   */
  restore(stored: unknown): Model;
}

/** What a model says of m rows. */
export interface Predicted {
  /** All classes of the data it was fitted on, sorted; a class without rows there has probability 0. */
  readonly labels: readonly Label[];
  /** f64 (m, classes), row-major. */
  readonly probabilities: Float64Array;
  /** What a careful user should know of these rows, in sentences. */
  readonly notes: readonly string[];
}

/** A linear model: log odds = intercept + Σ value · column, columns in the units of the data, nominal levels as 0 and 1. */
export interface Coefficients {
  /** Of the columns. */
  readonly names: readonly string[];
  /** One for each line of `values`: the class that it speaks for; of two classes only the second. */
  readonly labels: readonly Label[];
  /** f64 (labels, columns), row-major. */
  readonly values: Float64Array;
  /** f64 (labels). */
  readonly intercepts: Float64Array;
}

/** Rows as the last layer of a model sees them. */
export interface LastLayer {
  readonly names: readonly string[];
  /** f64 (m, names), row-major. */
  readonly values: Float64Array;
}

/** What was learned. */
export interface Model {
  /** Name of its learner. */
  readonly learner: string;
  /** All classes of the data it was fitted on, sorted. */
  readonly labels: readonly Label[];
  readonly notes: readonly string[];
  /** @throws {InputError} when columns are lacking or of another kind. */
  predictProbability(data: Features, run?: Run): Promise<Predicted>;
  /** The most probable class of each row, unless its notes say otherwise; of equally probable ones the first in sorted order. */
  predict(data: Features, run?: Run): Promise<Label[]>;
  readonly coefficients?: Coefficients | undefined;
  /** What the last layer of the model sees, for diagnostics. */
  features?(data: Features): LastLayer;
  /**
   * f64 (m): how far each row is on the side of the rarer class, above 0, or of the other; of more than two classes f64 (m, classes that occurred), row-major. Learners without it decide by
   * probabilities.
   */
  decisionFunction?(data: Features, run?: Run): Promise<Float64Array>;
  /** Plain data for `restore` of its learner. */
  toJSON(): StoredModel;
}

/** A model as plain data. */
export interface StoredModel {
  readonly format: "counterpoise model";
  readonly version: 1;
  readonly learner: string;
  /** Neighbors keep the rows themselves; other learners keep only what they learned, with the names of levels. */
  readonly contains: "real rows" | "what was learned";
  readonly [key: string]: unknown;
}
