import { checkOptions, list, show } from "../../check";
import type { Label, PerLabel } from "../../contracts";
import { perLabel, sortLabels } from "../../data/labels";
import { InputError } from "../../errors";
import { checkList, readNumbers } from "../metrics/given";
import { checkSums, readRow, type Scores } from "../metrics/scores";

/**
 * Shares of the classes, or rows of each, of which only proportions count: by label, or in the order of the columns. Of probabilities of one class alone: its share, a number between 0 and 1.
 */
export type Priors = PerLabel | ArrayLike<number> | number;

export interface CorrectPriorsOptions {
  /** Among the rows that the model learned from. */
  readonly trained: Priors;
  /** Where it is used. */
  readonly target: Priors;
  /** Labels in the order of the columns. Default: those that `trained` or `target` name, sorted by number or by code unit. */
  readonly classes?: readonly Label[] | undefined;
}

/**
 * What the probabilities would be if classes were as frequent as `target` says: each is multiplied by target / trained of its class, and each row brought back to a sum of 1. Exact as long as only the
 * shares differ and rows of a class do not, as after random over- and undersampling, and nearly after SMOTE; probabilities that were not calibrated before are not afterwards. 0 stays 0 and 1 stays 1.
 *
 * Sources: Saerens, Latinne, Decaestecker, Neural Computation 14 (2002), equation 2.4; Elkan, IJCAI (2001), theorem 2, for two classes.
 *
 * @param probabilities rows of one number for each class, nested or row after row; or, if both priors are numbers, one number a row.
 * @returns as many numbers, row after row.
 * @throws {InputError} for priors that do not fit, and for a row whose probability is all on classes that have no share.
 */
export function correctPriors(probabilities: Scores, options: CorrectPriorsOptions): Float64Array {
  checkOptions("correctPriors", options, ["trained", "target", "classes"]);
  checkList("probabilities of correctPriors", probabilities, "numbers, or rows of one number for each class");
  const { trained, target, classes: named } = options ?? ({} as Partial<CorrectPriorsOptions>);
  if (typeof trained === "number" && typeof target === "number") {
    const shares = [trained, target].map((share, t) => {
      if (share > 0 && share < 1) return [1 - share, share];
      throw new InputError("OPTION", `${t ? "target" : "trained"} is ${share}, but a share of one class lies between 0 and 1.`);
    });
    const numbers = readNumbers("probabilities", probabilities as ArrayLike<number>, 0, 1);
    const rows = new Float64Array(2 * numbers.length);
    numbers.forEach((p, i) => rows.set([1 - p, p], 2 * i));
    const found = shifted(rows, factorsOf(shares[0]!, shares[1]!));
    return numbers.map((_, i) => found[2 * i + 1]!);
  }
  const classes = named ?? classesOf(trained) ?? classesOf(target);
  const given = [sharesOf("trained", trained, classes), sharesOf("target", target, classes)] as const;
  const c = given[0].length;
  if (given[1].length !== c || c < 2) {
    throw new InputError("OPTION", `trained has ${c} shares and target ${given[1].length}, but both need one for each class.`);
  }
  const unlearned = given[0].findIndex((share, k) => share === 0 && given[1][k]! > 0);
  if (unlearned >= 0) {
    throw new InputError(
      "OPTION",
      `trained gives class ${show(classes?.[unlearned] ?? unlearned)} no share, so nothing was learned of it; its target has to be 0 too.`,
    );
  }
  const rows = flattened(probabilities, c, classes);
  checkSums(rows, c);
  return shifted(rows, factorsOf(...given));
}

/** What each class's probability is multiplied by. A class without rows to learn from has no probability that could be. */
export function factorsOf(trained: ArrayLike<number>, target: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: trained.length }, (_, k) => (trained[k]! > 0 ? target[k]! / trained[k]! : 0));
}

/** (m, classes) ← each row times the factors, brought to a sum of 1. */
export function shifted(rows: Float64Array, factors: Float64Array): Float64Array {
  const c = factors.length;
  const out = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at += c) {
    let sum = 0;
    for (let k = 0; k < c; k++) sum += out[at + k] = rows[at + k]! * factors[k]!;
    if (!(sum > 0 && sum < Infinity)) {
      throw new InputError("DATA", `Row ${at / c} has probability only for classes that have no share; check trained and target.`);
    }
    for (let k = 0; k < c; k++) out[at + k]! /= sum;
  }
  return out;
}

/** Labels that keys stand for. */
function classesOf(priors: unknown): Label[] | undefined {
  if (priors instanceof Map) return sortLabels([...(priors.keys() as Iterable<Label>)]);
  if (typeof priors !== "object" || priors === null || "length" in priors) return undefined;
  const keys = Object.keys(priors);
  if (!keys.every((key) => String(Number(key)) === key)) return sortLabels(keys);
  const [texts, numbers] = [sortLabels([...keys]), keys.map(Number).sort((a, b) => a - b)];
  if (texts.every((text, k) => text === String(numbers[k]))) return texts;
  throw new InputError(
    "OPTION",
    `Keys ${list(keys.slice(0, 6))} sort in one way as numbers and in another as texts; give the order of the columns in classes.`,
  );
}

/** Shares in the order of the columns. */
export function sharesOf(name: string, priors: unknown, classes: readonly Label[] | undefined): readonly number[] {
  const array = typeof priors === "object" && priors !== null && "length" in priors;
  const needed = `shares by label or in an array, or numbers for both if probabilities are of one class`;
  if (!array && (typeof priors !== "object" || !classes)) {
    throw new InputError("OPTION", `${name} is ${show(priors)}, but needs ${needed}.`);
  }
  const named = array ? undefined : perLabel("OPTION", priors, name, classes!);
  const shares: unknown[] = array ? Array.from(priors as ArrayLike<unknown>) : classes!.map((_, code) => named!.get(code));
  shares.forEach((share, k) => {
    if (typeof share === "number" && share >= 0 && share < Infinity) return;
    throw new InputError("OPTION", `${name} gives class ${show(classes?.[k] ?? k)} ${show(share)}, but needs a share of at least 0.`);
  });
  const sum = (shares as number[]).reduce((total, share) => total + share, 0);
  if (!(sum > 0 && sum < Infinity)) throw new InputError("OPTION", `${name} adds up to ${sum}, but needs a share for some class.`);
  return (shares as number[]).map((share) => share / sum);
}

function flattened(probabilities: Scores, c: number, classes: readonly Label[] | undefined): Float64Array {
  if (typeof probabilities[0] === "object") {
    const rows = probabilities as readonly ArrayLike<number>[];
    const flat = new Float64Array(rows.length * c);
    const names = classes ?? Array.from({ length: c }, (_, k) => k);
    for (let i = 0; i < rows.length; i++) flat.set(readRow("probabilities", rows[i], i, names, 0, 1), i * c);
    return flat;
  }
  if (probabilities.length % c) {
    throw new InputError("DATA", `There are ${probabilities.length} probabilities, which are no rows of ${c}; give one for each class.`);
  }
  return readNumbers("probabilities", probabilities as ArrayLike<number>, 0, 1);
}
