import { marked } from "../data/marks";
import { checkInteger, checkNumber, checkOneOf, checkOptions, show } from "../check";
import type { Label, LastLayer, Learner, PerLabel } from "../contracts";
import type { Dataset, Schema } from "../data/dataset";
import { perLabel } from "../data/labels";
import { fromText, toText } from "../data/plain";
import { withInstance, type Instance } from "../engine/lease";
import type { LearnExports } from "../engine/exports";
import { learn } from "../engine/learn";
import { InputError } from "../errors";
import { BLOCK, estimated, startWork, type Work } from "../run/work";
import { learnerOf, type Fitted, type Refit, type Task } from "./learner";
import { MOVED, moveInto, solveLogistic, strideOf, sumsByClass, type Line } from "./newton";
import { belongs, cellsOf, fitInputs, moveCells, movesOf, noteUnknown, type Input } from "./preprocess";
import { withRefits } from "./refit";

export interface LogisticOptions {
  /** How little coefficients are held back: the summed losses of the rows stand against ‖coefficients‖² / 2C. Above 0; default 1. */
  readonly C?: number | undefined;
  /** `"none"`: coefficients are not held back at all. Default `"l2"`. */
  readonly penalty?: "l2" | "none" | undefined;
  /** What rows of a class count for, times their own weight: `"balanced"`: as much in sum as those of every other class; or a number for each label, 1 where nothing is said. */
  readonly classWeight?: "balanced" | PerLabel | undefined;
  /**
   * `"real rows"`: weights are rescaled to sum to the number of rows, or to `realRows` of the call, so that C means the same whatever rows are weighed and added. `"as given"`: as in scikit-learn.
   * Default `"real rows"`.
   */
  readonly weightScale?: "real rows" | "as given" | undefined;
  /** `"standard"`: numeric columns are divided by their standard deviation before coefficients are held back. Default `"none"` for `{ X, y }`, `"standard"` for a table. */
  readonly scale?: "none" | "standard" | undefined;
  /** Ends when no entry of the gradient of the mean loss is larger, columns brought to deviation 1. Default 1e-6. */
  readonly tolerance?: number | undefined;
  /** Default 100. */
  readonly maxIterations?: number | undefined;
}

/** Options with their defaults. */
interface Chosen {
  readonly C: number;
  readonly penalty: "l2" | "none";
  readonly classWeight: LogisticOptions["classWeight"] | null;
  readonly weightScale: "real rows" | "as given";
  readonly scale: "none" | "standard" | null;
  readonly tolerance: number;
  readonly maxIterations: number;
}

const OPTIONS = ["C", "penalty", "classWeight", "weightScale", "scale", "tolerance", "maxIterations"] as const;

/**
 * Logistic regression of two classes, or of more by softmax, with a ridge: the smallest Σ weight · loss + ‖coefficients‖² / 2C, intercepts free, as in scikit-learn. Nominal columns become one
 * column of 0 and 1 for each level, missing cells medians or the most frequent level with a column that tells; all of it is learned from the rows given alone.
 *
 * Newton's method with a line search. With many rows its second derivatives are those of some of them and the rest is learned on the way (L-BFGS); two classes come near the optimum in single precision and are finished in double. All
 * that changes the time and not the optimum; beyond 400 parameters it goes without. Weights below 0 are taken: second derivatives are then mended so that steps still lead down, and a note tells where no optimum was reached. Classes that
 * a plane separates have no finite optimum without a penalty: coefficients are then those at which the gradient fell below the tolerance, and a note says so. The sum of the weights has to be above 0.
 *
 * A model that is easy to check, gives probabilities, and is hard to beat by tuning how many rows to add: try it first.
 *
 * @throws {InputError} for unknown options or values; when used, for data or weights that do not allow it.
 */
export function logistic(options: LogisticOptions = {}): Learner {
  checkOptions("logistic", options, OPTIONS);
  const { C = 1, classWeight = null, tolerance = 1e-6, scale = null } = options;
  if (!(typeof C === "number" && C > 0 && C < Infinity)) {
    throw new InputError("OPTION", `C is ${show(C)}, but needs a number above 0; use penalty: "none" to hold nothing back.`);
  }
  if (typeof classWeight === "string") checkOneOf("classWeight", classWeight, ["balanced"]);
  const chosen: Chosen = {
    C,
    penalty: checkOneOf("penalty", options.penalty ?? "l2", ["l2", "none"]),
    classWeight,
    weightScale: checkOneOf("weightScale", options.weightScale ?? "real rows", ["real rows", "as given"]),
    scale: scale && checkOneOf("scale", scale, ["none", "standard"] as const),
    tolerance: checkNumber("tolerance", tolerance, 0, 1),
    maxIterations: checkInteger("maxIterations", options.maxIterations ?? 100, 1),
  };
  return marked(
    learnerOf({
      name: "logistic",
      options: { ...chosen },
      takes: { weights: true, signedWeights: true, nominal: true, missing: true },
      contains: "what was learned",
      train: (task) => train(task, chosen),
      refits: (task, use) => refits(task, chosen, use),
      revive,
    }),
    {},
  );
}

async function train(task: Task, options: Chosen): Promise<Fitted> {
  const { data, labels, note, realRows } = task;
  const { inputs, cells } = fitInputs(data, realRows, note);
  const scale = options.scale ?? data.scale;
  // those of the task are its own
  const weights = scaledWeights(task, options, task.weights);
  const lines = await solveLogistic(task, { ...options, inputs, cells, weights, scale });
  return linear({ inputs, scale, lines }, labels);
}

function refits<T>(task: Task, options: Chosen, use: (refit: Refit) => Promise<T>): Promise<T> {
  const { inputs, cells } = fitInputs(task.data, task.realRows, task.note);
  const scale = options.scale ?? task.data.scale;
  const problem = { ...options, inputs, cells, weights: scaledWeights(task, options), scale };
  return withRefits(task, problem, (refit) =>
    use(async (weights, note) => {
      const lines = await refit(scaledWeights({ ...task, weights }, options), note);
      return linear({ inputs, scale, lines }, task.labels);
    }),
  );
}

/** What rows count for: their weight, times that of their class, brought to the sum that is wanted; in `scaled`. */
function scaledWeights(
  { data, codes, labels, weights, realRows }: Task,
  { classWeight, weightScale }: Chosen,
  scaled: Float64Array = new Float64Array(weights.length),
): Float64Array {
  const n = weights.length;
  const sums = sumsByClass(weights, codes, labels.length);
  const total = sums.reduce((sum, one) => sum + one, 0);
  const { classes } = data.schema;
  const given = classWeight !== null && classWeight !== "balanced" ? perLabel("OPTION", classWeight, "classWeight", classes) : undefined;
  const factors = labels.map((label, k) => {
    if (classWeight === "balanced") {
      if (sums[k]! > 0) return total / (labels.length * sums[k]!);
      throw new InputError(
        "OPTION",
        `The rows of class ${show(label)} weigh ${sums[k]} in sum, which cannot be balanced; use another classWeight.`,
      );
    }
    const factor = given?.get(classes.indexOf(label)) ?? 1;
    if (factor > 0 && factor < Infinity) return factor;
    throw new InputError("OPTION", `classWeight of class ${show(label)} is ${factor}, but needs a number above 0; leave rows out instead.`);
  });
  const sum = factors.reduce((before, factor, k) => before + factor * sums[k]!, 0);
  if (!(sum > 0 && sum < Infinity))
    throw new InputError("OPTION", `The weights of rows and classes sum to ${sum}, but need a finite sum above 0.`);
  const scale = weightScale === "as given" ? 1 : realRows / sum;
  const all = Float64Array.from(factors, (factor) => factor * scale);
  for (let i = 0; i < n; i++) scaled[i] = weights[i]! * all[codes[i]!]!;
  return scaled;
}

interface Learned {
  readonly inputs: readonly Input[];
  readonly scale: "none" | "standard";
  /** One for two classes, else one for each. */
  readonly lines: readonly Line[];
}

function linear({ inputs, scale, lines }: Learned, labels: readonly Label[]): Fitted {
  const d = inputs.length;
  const names = inputs.map(({ name }) => name);
  const values = new Float64Array(lines.length * d);
  lines.forEach((line, k) => values.set(line.values, k * d));
  const features = (rows: Dataset): LastLayer => {
    const written = new Float64Array(rows.n * d);
    moveCells(written, d, cellsOf(inputs, rows), movesOf(inputs, scale));
    return { names, values: written };
  };
  return {
    coefficients: {
      names,
      labels: lines.length === 1 ? labels.slice(1) : labels,
      values,
      intercepts: Float64Array.from(lines, ({ intercept }) => intercept),
    },
    async probabilities(rows, run, note) {
      const lacking = noteUnknown(inputs, rows, note);
      const total = rows.n * lines.length * (d + 40);
      const work = estimated(startWork(run, total), total);
      const found = await withInstance(learn, (instance) =>
        (lines.length === 1 ? chancesOfTwo : chancesOf)(instance, work, inputs, lines, cellsOf(inputs, rows, lacking), rows.n),
      );
      await work.finish();
      return found;
    },
    features,
    plain: () => ({
      scale,
      inputs,
      lines: lines.map(({ values: own, intercept }) => ({ values: toText(own), intercept: toText(Float64Array.of(intercept)) })),
    }),
  };
}

/** Log odds at the means of the columns. */
function atMeans({ values, intercept }: Line, means: Float64Array): number {
  return values.reduce((sum, value, c) => sum + value * means[c]!, intercept);
}

/** As `chancesOf`, of two classes. */
async function chancesOfTwo(
  instance: Instance<LearnExports>,
  work: Work,
  inputs: readonly Input[],
  [line]: readonly Line[],
  cells: Float64Array,
  n: number,
): Promise<Float64Array> {
  const { arena, kernels } = instance;
  const d = inputs.length;
  const stride = strideOf(inputs);
  const moves = { shifts: Float64Array.from(inputs, ({ mean }) => mean), factors: new Float64Array(d).fill(1) };
  const found = new Float64Array(2 * n);
  return arena.during(async () => {
    const [rows, chances, theta] = [(MOVED + 1) * stride, 2 * MOVED + 2, stride].map((length) => arena.room(Float64Array, length));
    const factors = arena.view(Float64Array, theta!, stride);
    factors.set(line!.values);
    factors.fill(0, d).set([atMeans(line!, moves.shifts)], d);
    for (let from = 0; from < n; from += MOVED) {
      const m = Math.min(MOVED, n - from);
      arena.scope(() => moveInto(instance, { rows: rows!, n: m, stride }, cells.subarray(from * d, (from + m) * d), d, moves));
      kernels.logistic_chances(chances!, rows!, theta!, stride, 0, m);
      found.set(arena.view(Float64Array, chances!, 2 * m), 2 * from);
      const turn = work.step(m * (d + 40));
      if (turn) await turn;
    }
    return found;
  });
}

/** f64 (m, classes) ← probabilities, columns taken about their means so that large values that are close together keep their digits. */
async function chancesOf(
  { kernels }: Instance<LearnExports>,
  work: Work,
  inputs: readonly Input[],
  lines: readonly Line[],
  cells: Float64Array,
  n: number,
): Promise<Float64Array> {
  const d = inputs.length;
  const shifts = Float64Array.from(inputs, ({ mean }) => mean);
  const at = lines.map((line) => atMeans(line, shifts));
  const classes = lines.length;
  const chances = new Float64Array(n * classes);
  const odds = new Float64Array(classes);
  // not a kernel: about ten times as slow as the unit of work
  const block = Math.max(1, Math.floor(BLOCK / 10 / classes / (d + 40)));
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < classes; k++) {
      const { values } = lines[k]!;
      let sum = at[k]!;
      for (let c = 0; c < d; c++) sum += values[c]! * (cells[i * d + c]! - shifts[c]!);
      odds[k] = sum;
    }
    let highest = odds[0]!;
    for (let k = 1; k < classes; k++) highest = Math.max(highest, odds[k]!);
    let total = 0;
    for (let k = 0; k < classes; k++) total += chances[i * classes + k] = kernels.exp(odds[k]! - highest);
    for (let k = 0; k < classes; k++) chances[i * classes + k]! /= total;
    if ((i + 1) % block === 0) await work.step(block * classes * (d + 40));
  }
  return chances;
}

function revive(plain: Record<string, unknown>, schema: Schema, labels: readonly Label[]): Fitted {
  const { scale, inputs, lines } = plain as unknown as {
    scale: "none" | "standard";
    inputs: Input[];
    lines: { values: string; intercept: string }[];
  };
  const known = lines.map((line): Line => ({
    values: fromText(Float64Array, line.values),
    intercept: fromText(Float64Array, line.intercept)[0]!,
  }));
  const finite = known.every(
    ({ values, intercept }) => Number.isFinite(intercept) && values.length === inputs.length && values.every(Number.isFinite),
  );
  const whole = known.length === (labels.length === 2 ? 1 : labels.length) && inputs.every((input) => belongs(schema, input));
  if (!finite || !whole) throw new Error();
  return linear({ inputs, scale: checkOneOf("scale", scale, ["none", "standard"]), lines: known }, labels);
}
