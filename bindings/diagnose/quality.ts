import { checkInteger, checkOptions, show } from "../check";
import type { Data, Label, Run, Scale } from "../contracts";
import { allRows } from "../data/dataset";
import { read } from "../data/read";
import { checkThreads } from "../run/job";
import { checkRun, startWork } from "../run/work";
import { median } from "../search/statistics";
import { bothOf, codesOf, nearestWork, rowsOfClass, wantedRows, withDesk, type Both, type Desk } from "./both";
import { copiesOf } from "./copies";
import { dependenceOf, MOST_PAIRED, type DependenceQuality } from "./dependence";
import { fidelityOf, fidelityWork, type Fidelity } from "./fidelity";
import { columnsOf, type ColumnQuality } from "./marginals";
import { discrepancyOf, discrepancyWork, type DiscrepancyQuality } from "./discrepancy";
import { broken, checkRules, type BrokenRule, type Rule } from "./rules";
import { percent, plural, short } from "./say";
import { twoSampleOf, twoSampleWork, type TwoSample } from "./twoSample";
import { rowTypes, TYPE_NEIGHBORS, type RowTypes } from "./types";

export interface QualityOptions {
  /** Classes to look at. Default: all that synthetic rows have. */
  readonly labels?: readonly Label[] | undefined;
  /** What every row has to fulfil, by name: functions that are handed a row in the layout of the data, a record or an array of numbers. */
  readonly rules?: Readonly<Record<string, Rule>> | undefined;
  /** Whether the synthetic data set holds the real rows too, each once, which are then left out. Default false; of what a method returned it is known. */
  readonly includesReal?: boolean | undefined;
  /** How columns are made comparable. Default `"none"` for `{ X, y }`, `"standard"` for a table. */
  readonly scale?: Scale | undefined;
  /** Draws the rows that are looked at where there are many, and the folds of the classifiers. Default 0. */
  readonly seed?: number | undefined;
}

/** Synthetic rows of one class beside the real rows of the class. */
export interface ClassQuality {
  readonly label: Label;
  readonly rows: { readonly real: number; readonly synthetic: number };
  readonly columns: readonly ColumnQuality[];
  readonly dependence: DependenceQuality;
  /** The maximum mean discrepancy of columns of numbers and its p-value; null where none is complete, or with one row a side. */
  readonly mmd: DiscrepancyQuality | null;
  /** How well classifiers tell synthetic from real; null with fewer than five rows a side. */
  readonly twoSample: TwoSample | null;
  /** How far both reach into each other; null with five rows or fewer a side. */
  readonly fidelity: Fidelity | null;
  readonly duplicates: {
    /** Synthetic rows that equal a real row of any class in every feature, and those that repeat an earlier synthetic row of the class. */
    readonly ofReal: number;
    readonly amongSynthetic: number;
    /** Synthetic rows nearer to a real row of the class than a twentieth of the median distance between such neighbors, copies counted in. */
    readonly near: number;
  };
  /** Where synthetic rows lie among all real rows: shares of them. */
  readonly territory: {
    /** The nearest real row is of another class. */
    readonly nearestOther: number;
    /** Three of the five nearest are, or more. */
    readonly mostOther: number;
  };
  /** Kinds of rows: real ones among real ones, the same among all, and synthetic ones among real ones. */
  readonly types: { readonly before: RowTypes; readonly after: RowTypes; readonly synthetic: RowTypes };
}

export interface QualityReport {
  readonly classes: readonly ClassQuality[];
  readonly rules: readonly BrokenRule[];
  /** What was sampled or left out. */
  readonly notes: readonly string[];
  readonly summary: readonly string[];
}

/** Rows of a class that are asked for their neighbors, or compared cell by cell. */
const MOST_ASKED = 20000;
/** Of the median distance between real neighbors. */
const NEAR = 1 / 20;

/**
 * How good synthetic rows are, class by class: distributions of columns, dependence of pairs, whether classifiers tell them from real rows, whether they fill the region of the class and nothing else, copies,
 * whose territory they lie in, and what is impossible in them. Nothing here asks whether a model becomes better; that is what validation on real rows is for.
 *
 * Neighbors and pairs are those of at most 20 000 rows of a class, classifiers and balls of 2000, and the discrepancy of 500, drawn with the seed; notes say where. Statistics take rows for independent, which rows made of others are not.
 *
 * Sources: Lopez-Paz, Oquab, Revisiting classifier two-sample tests, 2017; Kynkäänniemi et al., Improved precision and recall metric, 2019; Naeem et al., Reliable fidelity and diversity metrics, 2020; Napierala,
 * Stefanowski, Types of minority class examples, 2016; Hassanat et al., Stop oversampling for class imbalance learning, 2022, for rows in the territory of other classes.
 *
 * @throws {InputError} when columns or labels do not go together, there is no synthetic row, or a rule is no function that returns true or false.
 */
export async function qualityReport(real: Data, synthetic: Data, options: QualityOptions = {}, run?: Run): Promise<QualityReport> {
  checkOptions("qualityReport", options, ["labels", "rules", "scale", "seed", "includesReal"]);
  checkRun("qualityReport", run);
  checkThreads(run);
  const seed = checkInteger("seed", options.seed ?? 0, 0);
  const rules = checkRules(options.rules);
  const both = bothOf(real, synthetic, "Synthetic rows", wantedRows(options.includesReal));
  const codes = codesOf(both, options.labels, "Synthetic rows");
  const total = codes.reduce((sum, code) => sum + workOf(both, code), 0);
  const work = startWork(run, total);
  const found = await withDesk(both, { scale: options.scale, seed }, work, async (desk) => {
    const classes: ClassQuality[] = [];
    for (const code of codes) classes.push(await classQuality(desk, code, seed));
    return classes;
  });
  const [ofReal, ofSynthetic] = [
    broken(rules, real, both.data.schema, allRows(both.n)),
    broken(rules, synthetic, read(synthetic).schema, both.rows),
  ];
  await work.step(total);
  const report = {
    classes: found,
    rules: rules.map(([rule], at) => ({ rule, real: ofReal[at]!, synthetic: ofSynthetic[at]! })),
    notes: notesOf(both, found),
  };
  return { ...report, summary: sentences(report) };
}

function workOf(both: Both, code: number): number {
  const { first, second } = rowsOfClass(both, code);
  const [n, m] = [Math.min(first.length, MOST_ASKED), Math.min(second.length, MOST_ASKED)];
  const all = both.data.n;
  const searches =
    nearestWork(both, n, first.length) +
    nearestWork(both, m, both.n) * 2 +
    nearestWork(both, m, first.length) +
    nearestWork(both, n, both.n) +
    nearestWork(both, n, all);
  return (
    searches +
    fidelityWork({ both }, first.length, second.length) +
    twoSampleWork({ both }, first.length, second.length) +
    discrepancyWork(first.length, second.length)
  );
}

async function classQuality(desk: Desk, code: number, seed: number): Promise<ClassQuality> {
  const { both } = desk;
  const { data, n } = both;
  const { first, second } = rowsOfClass(both, code);
  const [real, synthetic] = [desk.some(first, MOST_ASKED), desk.some(second, MOST_ASKED)];
  const realRows = allRows(n);
  const { of, firsts } = copiesOf(both);
  const apart = await desk.nearest(real, first, 1);
  const close = await desk.nearest(synthetic, first, 1);
  const usual = median(apart.distances);
  const near = await desk.nearest(synthetic, realRows, TYPE_NEIGHBORS);
  const others = (t: number, k: number): number =>
    near.indices.subarray(t * near.k, t * near.k + k).reduce((count, row) => count + Number(data.labels[row] !== code), 0);
  const share = (holds: (t: number) => boolean): number => Array.from(synthetic.keys()).filter(holds).length / synthetic.length;
  return {
    label: data.schema.classes[code]!,
    rows: { real: first.length, synthetic: second.length },
    columns: columnsOf(desk, first, second),
    dependence: dependenceOf(data, real, synthetic),
    mmd: await discrepancyOf(desk, first, second, seed),
    twoSample: await twoSampleOf(desk, first, second, seed),
    fidelity: await fidelityOf(desk, first, second),
    duplicates: {
      ofReal: second.filter((row) => of[row - n]! >= 0).length,
      amongSynthetic: second.length - new Set(Array.from(second, (row) => firsts[row])).size,
      near: Math.round((close.distances.filter((distance) => distance <= NEAR * usual).length / synthetic.length) * second.length),
    },
    territory: {
      nearestOther: share((t) => near.k > 0 && others(t, 1) > 0),
      mostOther: share((t) => near.k > 0 && 2 * others(t, near.k) > near.k),
    },
    types: {
      before: await rowTypes(desk, real, realRows),
      after: await rowTypes(desk, real, allRows(data.n)),
      synthetic: await rowTypes(desk, synthetic, realRows),
    },
  };
}

function notesOf({ data: { schema } }: Both, classes: readonly ClassQuality[]): string[] {
  const notes: string[] = [];
  const sampled = classes.filter(({ rows }) => Math.max(rows.real, rows.synthetic) > MOST_ASKED);
  if (sampled.length)
    notes.push(
      `Of class ${sampled.map(({ label }) => show(label)).join(", ")}, ${MOST_ASKED} rows a side were drawn for neighbors and pairs of columns; near copies are counted up from them.`,
    );
  const judged = classes.filter(
    ({ rows, twoSample }) => twoSample && twoSample.compared.real + twoSample.compared.synthetic < rows.real + rows.synthetic,
  );
  if (judged.length)
    notes.push(`Of class ${judged.map(({ label }) => show(label)).join(", ")}, 2000 rows a side were drawn for classifiers and balls.`);
  if (schema.d + schema.q > MOST_PAIRED) notes.push(`Pairs are those of the first ${MOST_PAIRED} columns, numbers first.`);
  return notes;
}

/** Areas and shares beyond which the summary speaks up. They are no tests. */
const [TELLING, LEANING, FAR, UNUSUAL] = [0.75, 0.35, 0.2, 0.1];

function sentences({ classes, rules }: Omit<QualityReport, "summary" | "notes">): string[] {
  const said = classes.flatMap((found) => classSentences(found));
  for (const { rule, real, synthetic } of rules) {
    if (synthetic) said.push(`${plural(synthetic, "synthetic row")} break the rule ${show(rule)}, and ${real} real ones.`);
  }
  said.push("Whether a model becomes better by these rows only validation on real rows tells.");
  return said;
}

function classSentences({ label, rows, columns, dependence, twoSample, fidelity, duplicates, territory, types }: ClassQuality): string[] {
  const said = [`Class ${show(label)}: ${plural(rows.synthetic, "synthetic row")} beside ${rows.real} real.`];
  const far = columns
    .flatMap(({ name, distance }) => (distance !== null && distance > FAR ? [{ name, distance }] : []))
    .sort((a, b) => b.distance - a.distance);
  if (far.length)
    said.push(
      `${plural(far.length, "column")} differ in distribution, most of all ${show(far[0]!.name)} (${short(far[0]!.distance)} of 1).`,
    );
  if (dependence.largestDifference > FAR) {
    const [{ columns: pair, measure, real, synthetic }] = dependence.most as [DependenceQuality["most"][number]];
    said.push(`The ${measure} of ${pair.map(show).join(" and ")} is ${short(synthetic)} instead of ${short(real)}.`);
  }
  if (twoSample) {
    const { kNN, logistic } = twoSample;
    const told = Math.max(kNN, logistic) > TELLING ? "tell" : "hardly tell";
    said.push(
      `Classifiers ${told} synthetic rows from real ones: area ${short(kNN)} by neighbors, ${short(logistic)} by logistic regression, where 0.5 is a guess.`,
    );
    if (kNN < LEANING)
      said.push("That neighbors guess worse than by chance comes of synthetic rows that sit next to the real ones they were made of.");
  }
  if (fidelity)
    said.push(
      `${percent(fidelity.precision)} of the synthetic rows lie where real ones do, and ${percent(fidelity.coverage)} of the real rows have a synthetic one near.`,
    );
  if (duplicates.ofReal || duplicates.near) {
    said.push(
      `${plural(duplicates.ofReal, "synthetic row")} equal a real row, and ${duplicates.near} lie as near to one of the class as copies do, or nearly.`,
    );
  }
  if (territory.nearestOther > UNUSUAL)
    said.push(
      `${percent(territory.nearestOther)} of the synthetic rows have a row of another class for their nearest: they lie in its territory.`,
    );
  const impossible = columns.reduce((sum, { outOfRange, invalid }) => sum + outOfRange + invalid, 0);
  if (impossible) said.push(`${plural(impossible, "synthetic cell")} are out of range or of no possible value.`);
  const all = types.before.safe + types.before.borderline + types.before.rare + types.before.outlier;
  if (all)
    said.push(
      `Of the real rows ${percent(types.before.safe / all)} are safe among real rows, and ${percent(types.after.safe / all)} among all.`,
    );
  return said;
}
