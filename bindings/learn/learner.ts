import { checkInteger, checkOptions, isRecord, list, show } from "../check";
import type {
  Coefficients,
  Data,
  Features,
  Label,
  LastLayer,
  Learner,
  LearnerTakes,
  Model,
  Predicted,
  Run,
  StoredModel,
  Training,
} from "../contracts";
import { alignTo } from "../data/align";
import { featuresOf, type Dataset, type Schema } from "../data/dataset";
import { isWhole, mapSchema, pack, unpack } from "../data/plain";
import { read } from "../data/read";
import { storedAs } from "../data/storedAs";
import { unsealed } from "../data/weighted";
import { InputError } from "../errors";
import { checkThreads } from "../run/job";
import { checkRun, LEND, type Lend, type Working } from "../run/work";
import { readFeatures } from "../search/nearest";

/** What a recipe is handed to learn from. */
export interface Task {
  readonly data: Dataset;
  /** Labels that occur, two or more. */
  readonly labels: readonly Label[];
  /** u32 (n): place of each row's label among them. Of a row of weight 0 whose label does not occur otherwise: 0. */
  readonly codes: Uint32Array;
  /** f64 (n), those of the table times those of the call; their sum is above 0. */
  readonly weights: Float64Array;
  readonly realRows: number;
  /** What the model to begin from learned. */
  readonly before: Fitted | undefined;
  readonly run: Run | undefined;
  note(sentence: string): void;
}

/** What a recipe learned. */
export interface Fitted {
  readonly coefficients?: Coefficients;
  /** A classifier of the caller's. */
  readonly inner?: unknown;
  /** f64 (m, labels that occurred) ← rows aligned to the schema of the training rows. */
  probabilities(rows: Dataset, run: Run | undefined, note: (sentence: string) => void): Promise<Float64Array>;
  features?(rows: Dataset): LastLayer;
  /** f64 (m), or (m, labels that occurred): see `Model`. */
  decide?(rows: Dataset, run: Run | undefined): Promise<Float64Array>;
  plain(): Record<string, unknown>;
}

/** What is particular to a learner. */
export interface Recipe {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly takes: LearnerTakes;
  readonly contains: StoredModel["contains"];
  train(task: Task): Promise<Fitted>;
  /** Learns from the rows of a task again and again with other weights, faster than one by one. */
  refits?<T>(task: Task, use: (refit: Refit) => Promise<T>): Promise<T>;
  /** What `plain` returned; anything it throws means damage. */
  revive?(plain: Record<string, unknown>, schema: Schema, labels: readonly Label[]): Fitted;
}

/** f64 (n) weights, 0 for rows that are to be as if they were not there. */
export type Refit = (weights: Float64Array, note: (sentence: string) => void) => Promise<Fitted>;

export const FORMAT = "counterpoise model";

/** By learner, its recipe. */
const recipes = new WeakMap<object, Recipe>();

/** By model, what it learned: nothing, where one class was present. */
const learned = new WeakMap<object, { readonly fitted: Fitted | null }>();

/** A learner of a recipe: checks, weights, classes that do not occur, alignment of other rows and storing exist here, once. */
export function learnerOf(recipe: Recipe): Learner {
  const { name, options, takes } = recipe;
  const learner = Object.freeze({
    name,
    options: Object.freeze({ ...options }),
    takes: Object.freeze({ ...takes }),
    async fit(data: Data, training: Training = {}, run?: Run): Promise<Model> {
      checkOptions("fit", training, ["weights", "realRows", "warmStart"]);
      checkRun("fit", run);
      checkThreads(run);
      const { data: rows, weights } = unsealed(data);
      if (weights && training.weights) throw new InputError("OPTION", "weights is given, but these data bring their own; leave it out.");
      const realRows = weights && Math.round(weights.reduce((sum, weight) => sum + weight));
      const { task, present, notes } = taskOf(recipe, read(rows), weights ? { realRows, ...training, weights } : training, run);
      run?.signal?.throwIfAborted();
      const fitted = present.length > 1 ? await recipe.train(task) : null;
      return modelOf(recipe, featureSchema(task.data.schema), present, notes, fitted);
    },
    restore: (stored: unknown) => restore(recipe, stored),
  });
  recipes.set(learner, recipe);
  return learner;
}

/** What a recipe is handed of the caller's data, the codes of the classes that occur, and where its notes go. */
function taskOf(
  recipe: Recipe,
  data: Dataset,
  training: Training,
  run: Run | undefined,
): { readonly task: Task; readonly present: readonly number[]; readonly notes: string[] } {
  checkTakes(recipe, data);
  const { classes } = data.schema;
  const weights = weightsOf(recipe, data, training.weights, (run as Working | undefined)?.[LEND]);
  const present = presentOf(data, weights);
  const notes: string[] = [];
  if (present.length < classes.length || present.length === 1) notes.push(absence(classes, present));
  const places = classes.map((_, code) => Math.max(present.indexOf(code), 0));
  const task: Task = {
    data,
    labels: present.map((code) => classes[code]!),
    codes: present.length === classes.length ? data.labels : data.labels.map((code) => places[code]!),
    weights,
    realRows: checkInteger("realRows", training.realRows ?? data.n, 1, data.n),
    before: knownOf(learned, recipe.name, training.warmStart)?.fitted ?? undefined,
    run,
    note: (sentence) => notes.push(sentence),
  };
  return { task, present, notes };
}

/** Learns with other weights, on top of those of the data, and says what the model thinks of the rows held out: f64 (m, classes). */
export type Retried = (weights: Float64Array) => Promise<Float64Array>;

/**
 * Lets a learner learn from the same rows again and again, each time with other weights; undefined where it has no faster way than `fit`, or not all classes occur. Models are those of `fit` to within a tolerance.
 */
export function refitting<T>(
  learner: Learner,
  data: Dataset,
  realRows: number,
  held: Dataset,
  run: Run | undefined,
  use: (retry: Retried) => Promise<T>,
): Promise<T> | undefined {
  const recipe = recipes.get(learner);
  if (!recipe?.refits) return undefined;
  const { task, present } = taskOf(recipe, data, { realRows }, run);
  if (present.length < data.schema.classes.length) return undefined;
  const rows = alignTo(featureSchema(data.schema), held);
  return recipe.refits(task, (refit) =>
    use(async (weights) => {
      if (data.weights) for (let i = 0; i < data.n; i++) weights[i]! *= task.weights[i]!;
      return (await refit(weights, task.note)).probabilities(rows, run, task.note);
    }),
  );
}

/** Codes of the classes that weigh anything. */
export function presentOf({ schema, labels }: Dataset, weights: Float64Array): number[] {
  const occurs = new Uint8Array(schema.classes.length);
  for (let i = 0; i < weights.length; i++) if (weights[i] !== 0) occurs[labels[i]!] = 1;
  return schema.classes.flatMap((_, code) => (occurs[code] ? [code] : []));
}

function absence(classes: readonly Label[], present: readonly number[]): string {
  if (present.length === 1) return `All rows are of class ${show(classes[present[0]!])}, which the model therefore always predicts.`;
  const absent = classes.filter((_, code) => !present.includes(code));
  return `No row is of class ${list(absent.slice(0, 6), "or")}, which therefore has probability 0.`;
}

function checkTakes({ name, takes }: Recipe, { schema, numeric, nominal }: Dataset): void {
  if (!takes.nominal && schema.q > 0) {
    throw new InputError(
      "COLUMN",
      `${name} takes no nominal columns, but ${show(featuresOf(schema, "nominal")[0]!.name)} is one; use toMatrix first.`,
    );
  }
  if (!takes.missing && (numeric.some((value) => value !== value) || nominal.includes(0))) {
    throw new InputError(
      "COLUMN",
      `${name} takes no missing cells, but the data have some; use toMatrix(data, { missing: "impute" }) first.`,
    );
  }
}

/** Row weights, checked: those of the data times those of the call. */
export function weightsOf(
  { name, takes }: Pick<Recipe, "name" | "takes">,
  { n, weights: own }: Dataset,
  given: Training["weights"],
  lend: Lend = (length) => new Float64Array(length),
): Float64Array {
  const weights = own ? own.slice() : lend(n).fill(1);
  if (given !== undefined) {
    if (typeof given !== "object" || given === null || given.length !== n) {
      throw new InputError("OPTION", `weights is ${show(given)}, but needs ${n} numbers, one for each row.`);
    }
    for (let i = 0; i < n; i++) {
      const weight = given[i]!;
      if (!(typeof weight === "number" && weight - weight === 0)) {
        throw new InputError("OPTION", `weights[${i}] is ${show(weight)}, but needs a finite number.`);
      }
      if (weight < 0 && !takes.signedWeights) {
        throw new InputError(
          "OPTION",
          `weights[${i}] is ${weight}, but ${name} takes none below 0; use logistic(), which does, or biasOneStep.`,
        );
      }
      weights[i]! *= weight;
    }
  }
  if (!takes.weights && weights.some((weight) => weight !== weights[0])) {
    throw new InputError(
      "OPTION",
      `${name} takes no row weights, but they differ here; use a learner that does, or carry the weight column.`,
    );
  }
  let sum = 0;
  for (let i = 0; i < n; i++) sum += weights[i]!;
  if (!(sum > 0 && sum < Infinity)) {
    throw new InputError("OPTION", `The row weights sum to ${sum}, but need a finite sum above 0; leave them out to count all rows alike.`);
  }
  return weights;
}

/** What is known of the model to begin from. */
export function knownOf<T>(known: WeakMap<object, T>, name: string, model: Model | undefined): T | undefined {
  if (model === undefined) return undefined;
  const own = known.get(model);
  if (own !== undefined && model.learner === name) return own;
  const given = typeof (model as Model | null)?.learner === "string" ? `a model of ${show(model.learner)}` : show(model);
  throw new InputError("OPTION", `warmStart is ${given}, but needs a model of ${show(name)}.`);
}

/** All that a model has to know of the data it was fitted on: its features and classes. */
function featureSchema(schema: Schema): Schema {
  return { ...schema, columns: schema.columns.filter(({ role }) => role === "feature"), carried: 0, weighted: false, extra: {} };
}

function modelOf(recipe: Recipe, schema: Schema, present: readonly number[], notes: readonly string[], fitted: Fitted | null): Model {
  const labels = schema.classes;
  const own = async (rows: Dataset, run: Run | undefined, note: (sentence: string) => void): Promise<Float64Array> =>
    fitted ? fitted.probabilities(rows, run, note) : new Float64Array(rows.n).fill(1);
  const predictProbability = async (data: Features, run?: Run): Promise<Predicted> => {
    checkRun("predictProbability", run);
    checkThreads(run);
    run?.signal?.throwIfAborted();
    const rows = alignTo(schema, readFeatures(data));
    checkTakes(recipe, rows);
    const said: string[] = [];
    const found = await own(rows, run, (sentence) => said.push(sentence));
    return { labels, probabilities: spread(found, rows.n, present, labels.length), notes: said };
  };
  const model: Model = Object.freeze({
    learner: recipe.name,
    labels,
    notes,
    predictProbability,
    async predict(data: Features, run?: Run): Promise<Label[]> {
      return mostLikely(await predictProbability(data, run));
    },
    ...(fitted?.coefficients && { coefficients: fitted.coefficients }),
    ...(fitted?.features && { features: (data: Features) => fitted.features!(alignTo(schema, readFeatures(data))) }),
    ...(fitted?.decide && {
      async decisionFunction(data: Features, run?: Run): Promise<Float64Array> {
        checkRun("decisionFunction", run);
        checkThreads(run);
        return fitted.decide!(alignTo(schema, readFeatures(data)), run);
      },
    }),
    toJSON: (): StoredModel => ({
      format: FORMAT,
      version: 1,
      learner: recipe.name,
      contains: recipe.contains,
      schema: mapSchema(schema, pack),
      present,
      notes,
      fitted: fitted && fitted.plain(),
    }),
  });
  learned.set(model, { fitted });
  return model;
}

/** Probabilities and predictions, without asking twice where one follows from the other. */
export async function foretell(model: Model, data: Features, run: Run | undefined): Promise<Predicted & { readonly predictions: Label[] }> {
  const predicted = await model.predictProbability(data, run);
  return { ...predicted, predictions: learned.has(model) ? mostLikely(predicted) : await model.predict(data, run) };
}

function mostLikely({ labels, probabilities }: Predicted): Label[] {
  const c = labels.length;
  const likely = new Array<Label>(probabilities.length / c);
  for (let i = 0; i < likely.length; i++) likely[i] = labels[largest(probabilities, i * c, c)]!;
  return likely;
}

/** (m, classes) ← (m, those that occurred). */
function spread(found: Float64Array, m: number, present: readonly number[], classes: number): Float64Array {
  if (present.length === classes) return found;
  const all = new Float64Array(m * classes);
  for (let i = 0; i < m; i++) present.forEach((code, k) => (all[i * classes + code] = found[i * present.length + k]!));
  return all;
}

/** Place of the largest of c numbers from `at` on, of equal ones the first. */
export function largest(values: Float64Array, at: number, c: number): number {
  let best = 0;
  for (let k = 1; k < c; k++) if (values[at + k]! > values[at + best]!) best = k;
  return best;
}

/** What a model of this learner stored, still to be looked at. */
export function storedBy(name: string, stored: unknown): Record<string, unknown> {
  const given = storedAs(FORMAT, "model", "restore", stored);
  if (given["learner"] === name) return given;
  throw new InputError("DATA", `This is a model of ${show(given["learner"])}, not of ${show(name)}; restore it with its own learner.`);
}

/** What was stored does not fit together. */
export function damaged(): InputError {
  return new InputError("DATA", "The stored model is damaged; store it again with toJSON().");
}

function restore(recipe: Recipe, stored: unknown): Model {
  const given = storedBy(recipe.name, stored);
  if (!recipe.revive)
    throw new InputError("OPTION", `${recipe.name} cannot restore models; give customLearner a restore: (stored) => ({ predict }).`);
  const model = revived(recipe, given);
  if (!model) throw damaged();
  return model;
}

/** What was stored, if its parts fit together. */
function revived(recipe: Recipe, given: Record<string, unknown>): Model | undefined {
  try {
    const schema = mapSchema(given["schema"] as Schema, unpack) as Schema;
    const { present, notes, fitted } = given as { present: number[]; notes: string[]; fitted: unknown };
    const ascending = present.every((code, k) => Number.isInteger(code) && code > (present[k - 1] ?? -1) && code < schema.classes.length);
    if (!isWhole(schema) || !ascending || present.length === 0 || !Array.isArray(notes)) return undefined;
    if (present.length === 1) return modelOf(recipe, schema, present, notes, null);
    if (!isRecord(fitted)) return undefined;
    const labels = present.map((code) => schema.classes[code]!);
    return modelOf(recipe, schema, present, notes, recipe.revive!(fitted, schema, labels));
  } catch {
    return undefined;
  }
}
