import { checkOneOf, list, show } from "../../check";
import type { Label, Labels } from "../../contracts";
import { InputError } from "../../errors";
import type { Average } from "./average";
import { checkLength, checkList, readLabels, readNumbers, type Actual, type MetricOptions } from "./given";
import { positiveCode, type PositiveOption } from "./positive";

/**
 * What a model says of n rows: n numbers, for the positive class; or one number for each class, in n rows or row after row (n · classes). Columns are in the
 * order of `classes`, by default sorted by number or by code unit.
 */
export type Scores = ArrayLike<number> | readonly ArrayLike<number>[];

export interface ScoreOptions extends MetricOptions, PositiveOption {}

/** Scores as they were read: of one class, or (n, classes). */
export interface Scored extends Actual {
  readonly n: number;
  /** Of the positive class alone. */
  readonly single: Float64Array | null;
  /** (n, classes) */
  readonly rows: Float64Array | null;
}

/** A class against the rest, and how much each row looks like it. */
export interface Contest {
  readonly code: number;
  readonly scores: Float64Array;
}

const FORMS = "n numbers for the positive class, or n rows of one number for each class";

/** Checks labels and any finite scores. `high`: 1 for probabilities. */
export function readScores(
  where: string,
  labels: Labels,
  scores: Scores,
  options: ScoreOptions,
  known: readonly string[],
  high = Infinity,
): Scored {
  const actual = readLabels(where, labels, options, ["positive", ...known]);
  const name = high === 1 ? "probabilities" : "scores";
  const low = high === 1 ? 0 : -Infinity;
  checkList(`${name} of ${where}`, scores, FORMS);
  const [n, c] = [actual.codes.length, actual.classes.length];
  const nested = typeof scores[0] === "object" && scores[0] !== null;
  if (nested) {
    checkLength(`rows of ${name}`, scores.length, n);
    const rows = new Float64Array(n * c);
    for (let i = 0; i < n; i++) rows.set(readRow(name, (scores as readonly ArrayLike<number>[])[i], i, actual.classes, low, high), i * c);
    return { ...actual, n, single: null, rows };
  }
  const numbers = scores as ArrayLike<number>;
  if (c > 1 && numbers.length === n * c) return { ...actual, n, single: null, rows: readNumbers(name, numbers, low, high) };
  checkLength(name, numbers.length, n);
  return { ...actual, n, single: readNumbers(name, numbers, low, high), rows: null };
}

/** As `readScores`; numbers from 0 to 1, and rows that add up to 1. */
export function readProbabilities(
  where: string,
  labels: Labels,
  probabilities: Scores,
  options: ScoreOptions,
  known: readonly string[],
): Scored {
  const scored = readScores(where, labels, probabilities, options, known, 1);
  const { rows, classes } = scored;
  if (!rows) return scored;
  checkSums(rows, classes.length);
  return scored;
}

/** Rows of c probabilities have to add up to 1. */
export function checkSums(rows: Float64Array, c: number): void {
  for (let i = 0; i < rows.length / c; i++) {
    let sum = 0;
    for (let k = 0; k < c; k++) sum += rows[i * c + k]!;
    // probabilities in single precision add up to 1 within about 1e−7 for each class
    if (Math.abs(sum - 1) > 1e-5) {
      throw new InputError("DATA", `probabilities[${i}] adds up to ${sum}, but the probabilities of all classes need to add up to 1.`);
    }
  }
}

/** The one contest these scores are about, or that of every class. */
export function contestsOf(where: string, scored: Scored, positive: Label | undefined, average: Average | undefined): Contest[] {
  const { classes, rows, single } = scored;
  if (average !== undefined) {
    checkOneOf("average", average, ["macro", "micro", "weighted"]);
    if (positive !== undefined || !rows) {
      const why = rows ? `positive: ${show(positive)} asks for one class` : "there is one number for each row";
      throw new InputError(
        "OPTION",
        `average: "${average}" needs scores of every class and no positive one, but ${why}; leave average out.`,
      );
    }
  }
  if (rows && average === undefined && (positive !== undefined || classes.length <= 2)) return [onlyContest(where, scored, positive)];
  if (single) return [onlyContest(where, scored, positive)];
  return classes.map((_, code) => ({ code, scores: columnOf(scored, code) }));
}

/** The positive class and its scores. */
export function onlyContest(where: string, scored: Scored, positive: Label | undefined): Contest {
  const code = positiveCode(where, scored, positive);
  if (scored.single) return { code, scores: scored.single };
  if (code >= scored.classes.length) {
    throw new InputError(
      "OPTION",
      `There are probabilities in rows of ${scored.classes.length}, and none is of ${show(positive)}; name all classes in classes.`,
    );
  }
  return { code, scores: columnOf(scored, code) };
}

/** 1 for the rows of a class. */
export function isOf({ codes }: Pick<Actual, "codes">, code: number): Uint8Array {
  const flags = new Uint8Array(codes.length);
  for (let i = 0; i < codes.length; i++) if (codes[i] === code) flags[i] = 1;
  return flags;
}

function columnOf({ rows, n, classes }: Scored, code: number): Float64Array {
  const column = new Float64Array(n);
  for (let i = 0; i < n; i++) column[i] = rows![i * classes.length + code]!;
  return column;
}

export function readRow(
  name: string,
  row: ArrayLike<number> | undefined,
  i: number,
  classes: readonly Label[],
  low: number,
  high: number,
): Float64Array {
  checkList(`${name}[${i}]`, row, "a row of numbers, one for each class");
  if (row!.length !== classes.length) {
    throw new InputError(
      "DATA",
      `${name}[${i}] has ${row!.length} numbers, but the classes are ${list(classes.slice(0, 9))}; name in classes what each column is of.`,
    );
  }
  return readNumbers(`${name}[${i}]`, row!, low, high);
}
