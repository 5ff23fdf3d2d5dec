import { checkOptions, show } from "../../check";
import type { Label, Labels } from "../../contracts";
import { encodeLabels, sortLabels } from "../../data/labels";
import { InputError } from "../../errors";
import { once } from "./settled";

/** What every metric takes besides labels and predictions. */
export interface MetricOptions {
  /**
   * Every label there can be, also those that none of these rows has; probabilities in rows have one column for each, in this order. Default: the labels
   * that occur, sorted by number or by code unit.
   */
  readonly classes?: readonly Label[] | undefined;
  /** n weights of rows, none negative, not all 0: a row of weight 3 counts as three rows. Default 1 each. */
  readonly weights?: ArrayLike<number> | undefined;
}

/** Labels as codes: the place of each among the classes. */
export interface Actual {
  readonly classes: readonly Label[];
  readonly codes: Uint32Array;
  /** One per row; null: 1 each. */
  readonly weights: Float64Array | null;
}

/** Labels and predicted labels. */
export interface Pairs extends Actual {
  readonly predicted: Uint32Array;
}

const labelsOf = /* @__PURE__ */ once((labels: Labels) => encodeLabels(labels, "labels"));
const predictionsOf = /* @__PURE__ */ once((predictions: Labels) => encodeLabels(predictions, "predictions"));

/** Checks options, labels and weights. */
export function readLabels(where: string, labels: Labels, options: MetricOptions, known: readonly string[]): Actual {
  checkOptions(where, options, ["classes", "weights", ...known]);
  checkList(`labels of ${where}`, labels, "an array of labels");
  if (labels.length === 0) throw new InputError("DATA", `${where} was given no labels; at least one row is needed.`);
  const own = labelsOf(labels);
  const classes = options.classes === undefined ? own.classes : checkClasses(options.classes);
  return { classes, codes: placed("labels", own, classes), weights: readWeights(options.weights, labels.length) };
}

/** Checks options, labels, predicted labels and weights. */
export function readPairs(where: string, labels: Labels, predictions: Labels, options: MetricOptions, known: readonly string[]): Pairs {
  const { classes: present, codes, weights } = readLabels(where, labels, options, known);
  checkList(`predictions of ${where}`, predictions, "an array of labels");
  checkLength("predictions", predictions.length, labels.length);
  const own = predictionsOf(predictions);
  if (typeof own.classes[0] !== typeof present[0]) {
    throw new InputError(
      "LABEL",
      `labels are ${typeof present[0]}s but predictions are ${typeof own.classes[0]}s; give both as the same type, such as labels.map(String).`,
    );
  }
  if (options.classes !== undefined) return { classes: present, codes, weights, predicted: placed("predictions", own, present) };
  const classes = sortLabels([...new Set([...present, ...own.classes])]);
  return {
    classes,
    codes: placed("labels", { classes: present, codes }, classes),
    weights,
    predicted: placed("predictions", own, classes),
  };
}

/** Refuses what is neither an array nor a typed array. */
export function checkList(name: string, value: unknown, needed: string): void {
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value)) return;
  throw new InputError("DATA", `The ${name} are ${show(value)}, but need to be ${needed}.`);
}

export function checkLength(name: string, length: number, n: number): void {
  if (length !== n) throw new InputError("DATA", `There are ${n} labels but ${length} ${name}; give one for each row.`);
}

/** A column of n finite numbers, copied unless it can be taken as it is. */
export function readNumbers(name: string, values: ArrayLike<unknown>, low: number, high: number): Float64Array {
  const numbers = values instanceof Float64Array ? values : new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== "number" || !(value >= low && value <= high) || value - value !== 0) {
      const range = low === 0 ? (high === 1 ? "number from 0 to 1" : "finite number of at least 0") : "finite number";
      throw new InputError("DATA", `${name}[${i}] is ${show(value)}, but needs a ${range}.`);
    }
    numbers[i] = value;
  }
  return numbers;
}

/** The weight of all rows: added in row order. */
export function totalWeight({ codes, weights }: Pick<Actual, "codes" | "weights">): number {
  if (!weights) return codes.length;
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i]!;
  return total;
}

function readWeights(given: ArrayLike<number> | undefined, n: number): Float64Array | null {
  if (given === undefined) return null;
  checkList("weights", given, "an array of numbers");
  checkLength("weights", given.length, n);
  const weights = readNumbers("weights", given, 0, Infinity);
  const total = totalWeight({ codes: new Uint32Array(0), weights });
  if (!(total > 0 && total < Infinity)) {
    throw new InputError("DATA", `The weights add up to ${total}, but need a finite sum above 0; leave them out to count every row once.`);
  }
  return weights;
}

function checkClasses(classes: readonly Label[]): readonly Label[] {
  if (!Array.isArray(classes) || classes.length === 0) {
    throw new InputError("OPTION", `classes is ${show(classes)}, but needs an array of labels; leave it out to take those that occur.`);
  }
  const given = encodeLabels(classes, "classes");
  if (given.classes.length < classes.length) throw new InputError("OPTION", "classes names a label twice; give each once.");
  return classes;
}

/** Codes among `classes` ← codes among the labels' own. */
function placed(name: string, own: { classes: readonly Label[]; codes: Uint32Array }, classes: readonly Label[]): Uint32Array {
  const placeOf = new Map(classes.map((label, code) => [label, code]));
  const places = own.classes.map((label) => {
    const place = placeOf.get(label);
    if (place === undefined) {
      throw new InputError("LABEL", `${name} hold ${show(label)}, which classes leaves out; classes names every label there can be.`);
    }
    return place;
  });
  if (places.every((place, code) => place === code)) return own.codes;
  return own.codes.map((code) => places[code]!);
}
