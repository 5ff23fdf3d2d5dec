import { list, show } from "../check";
import type { Label } from "../contracts";
import { InputError, type InputErrorCode } from "../errors";

/** Labels as codes: the place of each label among the classes, which are sorted by number or by code unit. */
export interface EncodedLabels {
  readonly classes: readonly Label[];
  readonly codes: Uint32Array;
}

/** A numeric target with fractions and more distinct values than this is taken for a measurement. */
const MOST_FRACTIONAL_CLASSES = 20;

/**
 * Encodes n labels. `known`: the classes of the table this one was cut from, so that parts agree.
 * @throws {InputError} for missing, mixed, non-scalar or continuous labels.
 */
export function encodeLabels(labels: ArrayLike<unknown>, where: string, known?: readonly Label[]): EncodedLabels {
  const seen = new Map<unknown, number>();
  const order = new Uint32Array(labels.length);
  const type = typeof labels[0];
  let last: unknown;
  let place: number | undefined;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    // most rows have the label of the row before
    if (label !== last || i === 0) place = seen.get((last = label));
    if (place === undefined) {
      checkLabel(label, i, type, where);
      place = seen.size;
      seen.set(label, place);
    }
    order[i] = place;
  }
  const classes = known ?? sortLabels([...seen.keys()] as Label[]);
  if (classes.length > MOST_FRACTIONAL_CLASSES && classes.some((label) => typeof label === "number" && !Number.isInteger(label))) {
    throw new InputError(
      "LABEL",
      `${where} holds ${classes.length} different numbers with fractions, which is a regression target; this library balances classes; bin it.`,
    );
  }
  const codeOf = new Map(classes.map((label, code) => [label, code]));
  const codes = [...seen.keys()].map((label) => codeOf.get(label as Label)!);
  for (let i = 0; i < order.length; i++) order[i] = codes[order[i]!]!;
  return { classes, codes: order };
}

/** Sorted by number, or by code unit: the same everywhere, which `localeCompare` is not. */
export function sortLabels(labels: Label[]): Label[] {
  return labels.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function checkLabel(label: unknown, i: number, type: string, where: string): void {
  if (label === null || label === undefined || label === "" || Number.isNaN(label)) {
    throw new InputError("LABEL", `${where} has no label in row ${i}; drop rows without a label first.`);
  }
  if (typeof label === "object") {
    throw new InputError(
      "LABEL",
      `${where} holds ${show(label)} in row ${i}, but needs one label per row; several targets are not supported.`,
    );
  }
  if (!["string", "number", "boolean"].includes(typeof label)) {
    throw new InputError(
      "LABEL",
      `${where} holds a ${typeof label} in row ${i}, but labels are strings, numbers or booleans; try String(label).`,
    );
  }
  if (label === Infinity || label === -Infinity) {
    throw new InputError("LABEL", `${where} holds ${label} in row ${i}; a label is a finite number.`);
  }
  if (typeof label !== type) {
    throw new InputError("LABEL", `${where} mixes ${type}s and ${typeof label}s (row ${i}: ${show(label)}); use one type of label.`);
  }
}

/** Numbers by class code, in sorted order, from an object or a Map keyed by label. */
export function perLabel(fault: InputErrorCode, given: unknown, where: string, classes: readonly Label[]): Map<number, number> {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new InputError(fault, `${where} is ${show(given)}, but needs a number for each label: an object or a Map.`);
  }
  const entries: [unknown, unknown][] = given instanceof Map ? [...given] : Object.entries(given);
  if (entries.length === 0) throw new InputError(fault, `${where} names no class; the data has ${list(classes.slice(0, 12))}.`);
  const byCode = new Map<number, number>();
  for (const [key, value] of entries) {
    const code = given instanceof Map ? classes.indexOf(key as Label) : classes.findIndex((label) => String(label) === key);
    if (code < 0) {
      throw new InputError(
        fault,
        `${where} names class ${show(key)}, which the data does not have; it has ${list(classes.slice(0, 12))}${classes.length > 12 ? " …" : ""}.`,
      );
    }
    if (typeof value !== "number") throw new InputError(fault, `${where} gives class ${show(key)} ${show(value)}, but needs a number.`);
    byCode.set(code, value);
  }
  return new Map([...byCode].sort(([a], [b]) => a - b));
}
