import { checkInteger } from "../../check";
import type { Label, Labels } from "../../contracts";
import { InputError } from "../../errors";
import { checkZeroDivision, settled, type ZeroDivision } from "./average";
import { balanced, checkAlpha } from "./geometric";
import { readPairs, type MetricOptions } from "./given";
import { classCounts, fBetaOf, outcomesOf, precisionOf, sensitivityOf, specificityOf, type Outcomes } from "./outcomes";

export interface ReportOptions extends MetricOptions {
  /** Of the index balanced accuracy. Default 0.1. */
  readonly alpha?: number | undefined;
  /** Digits behind the point, in the text. Default 2. */
  readonly digits?: number | undefined;
  /** What a score is where its denominator is 0. Default 0. */
  readonly zeroDivision?: Exclude<ZeroDivision, "skip"> | undefined;
}

/** Scores of one class against the rest, or their means by support. */
export interface ClassReport {
  /** Precision. */
  readonly pre: number;
  /** Sensitivity, or recall. */
  readonly rec: number;
  readonly spe: number;
  readonly f1: number;
  /** √(rec · spe) */
  readonly geo: number;
  /** Index balanced accuracy of `geo`. */
  readonly iba: number;
  /** Support: rows, or their weight, with this label. */
  readonly sup: number;
}

export interface ClassificationReport {
  readonly classes: ReadonlyMap<Label, ClassReport>;
  readonly average: ClassReport;
  /** As a table of texts, a class a line. */
  readonly text: string;
}

const SCORES = ["pre", "rec", "spe", "f1", "geo", "iba"] as const;
const LAST = "avg / total";

/**
 * What a classifier does for every class, in the form of imbalanced-learn's `classification_report_imbalanced`.
 *
 * @param labels n true labels.
 * @param predictions n predicted labels.
 * @throws {InputError} when lengths differ or weights are negative or all 0.
 */
export function classificationReport(labels: Labels, predictions: Labels, options: ReportOptions = {}): ClassificationReport {
  const pairs = readPairs("classificationReport", labels, predictions, options, ["alpha", "digits", "zeroDivision"]);
  const alpha = checkAlpha(options.alpha);
  const digits = checkInteger("digits", options.digits ?? 2, 0, 15);
  const policy = checkZeroDivision(options.zeroDivision);
  if (policy === "skip") throw new InputError("OPTION", 'zeroDivision: "skip" leaves gaps in a report; use 0, 1 or "error".');
  const counts = classCounts(pairs);
  const classes = new Map(pairs.classes.map((label, code) => [label, classReport(label, outcomesOf(counts, code), alpha, policy)]));
  const all = [...classes.values()];
  const weighted = (of: (report: ClassReport) => number): number => all.reduce((sum, own) => sum + own.sup * of(own), 0) / counts.total;
  const means = Object.fromEntries(SCORES.map((name) => [name, weighted((own) => own[name])])) as Record<(typeof SCORES)[number], number>;
  const average = { ...means, sup: counts.total };
  return { classes, average, text: written(classes, average, digits) };
}

function classReport(label: Label, outcomes: Outcomes, alpha: number, policy: ZeroDivision): ClassReport {
  const score = (name: string, value: number): number => settled(name, value, policy, label);
  const [rec, spe] = [score("sensitivity", sensitivityOf(outcomes)), score("specificity", specificityOf(outcomes))];
  const geo = Math.sqrt(rec * spe);
  return {
    pre: score("precision", precisionOf(outcomes)),
    rec,
    spe,
    f1: score("f1", fBetaOf(outcomes, 1)),
    geo,
    iba: balanced(geo, rec - spe, alpha, true),
    sup: outcomes.truePositives + outcomes.falseNegatives,
  };
}

function written(classes: ReadonlyMap<Label, ClassReport>, average: ClassReport, digits: number): string {
  const width = [...classes.keys()].reduce<number>((most, label) => Math.max(most, String(label).length), LAST.length);
  const line = (name: string, cells: readonly string[]): string =>
    `${name.padStart(width)}  ${cells.map((cell) => cell.padStart(9)).join(" ")}\n`;
  const scores = (report: ClassReport): string[] => [...SCORES.map((name) => report[name].toFixed(digits)), String(report.sup)];
  const lines = [...classes].map(([label, report]) => line(String(label), scores(report)));
  return `${line("", [...SCORES, "sup"])}\n${lines.join("")}\n${line(LAST, scores(average))}`;
}
