import { checkOneOf, checkOptions, show } from "../check";
import type { Learner } from "../contracts";
import { InputError } from "../errors";
import { learnerOf, type Fitted, type Task } from "./learner";
import { cellsOf, fitInputs, movesOf, noteUnknown, type Input } from "./preprocess";

/** What a classifier is told besides rows and classes. */
export interface CustomTraining {
  /** One for each row. */
  readonly weights: readonly number[];
  /** Classes of the rows handed over: codes are 0 … classes − 1, and each occurs. */
  readonly classes: number;
  /** Of the columns. */
  readonly names: readonly string[];
  readonly signal: AbortSignal | undefined;
  /** What `fit` returned for the model that the caller begins from. */
  readonly warmStart: CustomModel | undefined;
}

/** What a classifier learned: one of the two is enough, and either may wait. */
export interface CustomModel {
  /** A class code for each row. */
  predict?(X: number[][]): ArrayLike<number> | PromiseLike<ArrayLike<number>>;
  /** One number for each class, for each row, or row after row. */
  predictProbability?(X: number[][]): ProbabilityRows | PromiseLike<ProbabilityRows>;
  /** Plain data for `restore`. */
  toJSON?(): unknown;
}

type ProbabilityRows = ArrayLike<number> | readonly ArrayLike<number>[];

export interface CustomLearner {
  readonly name: string;
  /** Learns from rows of complete numbers, levels as columns of 0 and 1, and a class code for each. */
  readonly fit: (X: number[][], y: number[], training: CustomTraining) => CustomModel | PromiseLike<CustomModel>;
  /** What `toJSON` of the model returned, as a model again. */
  readonly restore?: ((stored: unknown) => CustomModel) | undefined;
  /** Row weights that it heeds; a call with others is refused. Default `"none"`. */
  readonly weights?: "none" | "positive" | "signed" | undefined;
  /** `"standard"`: numeric columns come with mean 0 and deviation 1. Default `"none"` for `{ X, y }`, `"standard"` for a table. */
  readonly scale?: "none" | "standard" | undefined;
}

/**
 * A learner of any classifier. It is handed plain matrices: one-hot levels, missing cells filled in with a column that tells, all of it learned from the rows that it is fitted on alone, so that nothing leaks
 * from the rows it is judged by. Labels become codes 0, 1, … of the classes that occur; with one class it is not asked.
 *
 * @throws {InputError} for unknown options or values; when used, for what is not one code, or one probability for each class, per row.
 */
export function customLearner(options: CustomLearner): Learner {
  checkOptions("customLearner", options, ["name", "fit", "restore", "weights", "scale"]);
  const { name, fit, restore } = options;
  if (typeof name !== "string" || name === "") throw new InputError("OPTION", `name is ${show(name)}, but needs a text.`);
  if (typeof fit !== "function")
    throw new InputError("OPTION", `fit is ${show(fit)}, but needs a function (X, y, { weights }) => ({ predict }).`);
  if (restore !== undefined && typeof restore !== "function") {
    throw new InputError("OPTION", `restore is ${show(restore)}, but needs a function (stored) => ({ predict }).`);
  }
  const heeded = checkOneOf("weights", options.weights ?? "none", ["none", "positive", "signed"]);
  const scale = options.scale && checkOneOf("scale", options.scale, ["none", "standard"]);
  return learnerOf({
    name,
    options: { weights: heeded, scale: scale ?? null },
    takes: { weights: heeded !== "none", signedWeights: heeded === "signed", nominal: true, missing: true },
    contains: "what was learned",
    async train({ data, codes, labels, weights, realRows, before, run, note }: Task) {
      const { inputs, cells } = fitInputs(data, realRows, note);
      const own = scale ?? data.scale;
      const model = await fit(matrixOf(inputs, own, cells, data.n), Array.from(codes), {
        weights: Array.from(weights),
        classes: labels.length,
        names: inputs.map((input) => input.name),
        signal: run?.signal,
        warmStart: before?.inner as CustomModel | undefined,
      });
      run?.signal?.throwIfAborted();
      return asking(name, checkModel(name, model), inputs, own, labels.length);
    },
    ...(restore && {
      revive: (plain: Record<string, unknown>, _schema: unknown, labels: readonly unknown[]) => {
        const { inputs, scale: own, model } = plain as unknown as { inputs: Input[]; scale: "none" | "standard"; model: unknown };
        return asking(name, checkModel(name, restore(model)), inputs, own, labels.length);
      },
    }),
  });
}

function checkModel(name: string, model: CustomModel): CustomModel {
  if (typeof model?.predict === "function" || typeof model?.predictProbability === "function") return model;
  throw new InputError("OPTION", `fit of ${name} returned ${show(model)}, but needs an object with predict(X) or predictProbability(X).`);
}

/** Rows of numbers. */
function matrixOf(inputs: readonly Input[], scale: "none" | "standard", cells: Float64Array, n: number): number[][] {
  const { shifts, factors } = movesOf(inputs, scale);
  const d = inputs.length;
  return Array.from({ length: n }, (_, i) => Array.from({ length: d }, (_cell, c) => (cells[i * d + c]! - shifts[c]!) * factors[c]!));
}

function asking(name: string, model: CustomModel, inputs: readonly Input[], scale: "none" | "standard", classes: number): Fitted {
  return {
    inner: model,
    async probabilities(rows, run, note) {
      noteUnknown(inputs, rows, note);
      const X = matrixOf(inputs, scale, cellsOf(inputs, rows), rows.n);
      const said = model.predictProbability
        ? probabilitiesOf(name, await model.predictProbability(X), rows.n, classes)
        : certain(name, await model.predict!(X), rows.n, classes);
      run?.signal?.throwIfAborted();
      return said;
    },
    plain: () => {
      if (!model.toJSON) {
        throw new InputError(
          "DATA",
          `A model of ${show(name)} cannot be stored; let fit return a toJSON() too, and give customLearner a restore.`,
        );
      }
      return { inputs, scale, model: model.toJSON() };
    },
  };
}

/** (m, classes) ← 1 for the class code of each row. */
function certain(name: string, codes: ArrayLike<number>, m: number, classes: number): Float64Array {
  if (typeof codes !== "object" || codes === null || codes.length !== m) {
    throw new InputError("OPTION", `predict of ${name} returned ${show(codes)}, but needs ${m} class codes, one for each row.`);
  }
  const all = new Float64Array(m * classes);
  for (let i = 0; i < m; i++) {
    const code: unknown = codes[i];
    if (!(typeof code === "number" && Number.isInteger(code) && code >= 0 && code < classes)) {
      throw new InputError(
        "OPTION",
        `predict of ${name} returned ${show(code)} for row ${i}, but needs a class code from 0 to ${classes - 1}.`,
      );
    }
    all[i * classes + code] = 1;
  }
  return all;
}

/** (m, classes) ← rows of probabilities, each brought to a sum of 1. */
function probabilitiesOf(name: string, said: ProbabilityRows, m: number, classes: number): Float64Array {
  const flat = typeof said?.[0] === "number";
  if (typeof said !== "object" || said === null || said.length !== (flat ? m * classes : m)) {
    throw new InputError(
      "OPTION",
      `predictProbability of ${name} returned ${show(said)}, but needs ${m} rows of ${classes} probabilities.`,
    );
  }
  const all = new Float64Array(m * classes);
  for (let i = 0; i < m; i++) {
    const row = flat ? Array.from({ length: classes }, (_, k) => said[i * classes + k] as number) : (said[i] as ArrayLike<number>);
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      const share = row[k];
      if (row.length !== classes || !(typeof share === "number" && share >= 0 && share < Infinity)) {
        throw new InputError(
          "OPTION",
          `predictProbability of ${name} returned ${show(row)} for row ${i}, but needs ${classes} numbers of at least 0.`,
        );
      }
      sum += share;
    }
    if (!(sum > 0))
      throw new InputError("OPTION", `predictProbability of ${name} returned only zeros for row ${i}, but needs a share for some class.`);
    for (let k = 0; k < classes; k++) all[i * classes + k] = row[k]! / sum;
  }
  return all;
}
