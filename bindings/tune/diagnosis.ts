import { checkInteger, checkNumber, checkOptions, show } from "../check";
import type { Data, Learner, Model, Oversampler, Run, Strategy } from "../contracts";
import { allRows, countsOf, type Dataset } from "../data/dataset";
import { checkUnmarked } from "../data/marks";
import { cutter } from "../data/some";
import { read } from "../data/read";
import { chiSquared, chiSquaredQuantile } from "../evaluate/distributions";
import { folds } from "../evaluate/folds";
import { InputError } from "../errors";
import { passWork } from "../learn/likelihood";
import { rowsToAdd } from "../resample/strategy";
import { checkLearner } from "../learn/doors";
import { checkOversampler } from "../resample/doors";
import { checkThreads } from "../run/job";
import { checkRun, estimated, startWork, type Work } from "../run/work";
import { candidatesFor, theoryTarget } from "./candidates";
import { combined, dot } from "./matrix";
import { gramWork, momentsOf, type Group } from "./moments";
import { bendsOf, chancesOf, fitBalanced, groupOf } from "./pilot";
import { qualityOf, type FoldMoments, type Quality } from "./quality";
import { testSymmetry, type WaldStatistic } from "./symmetry";
import { viewOf, type View } from "./view";

export interface DiagnoseOptions {
  readonly oversampler: Oversampler;
  /** Fits linear models of the log odds, or models with such a last layer, and takes row weights: `logistic()`. */
  readonly learner: Learner;
  /** Default 0. */
  readonly seed?: number | undefined;
  /** Folds in which the generator is judged; fewer where a class has not two rows for each. Default 3. */
  readonly folds?: number | undefined;
  /** Share of symmetric cases that the test calls asymmetric. Default 0.05. */
  readonly alpha?: number | undefined;
  /** Debiased quality score above which a generator counts as biased. Default 10. */
  readonly threshold?: number | undefined;
}

/** A test of local symmetry. */
export interface SymmetryTest {
  /** Wald statistic, chi-squared of `df` degrees of freedom under symmetry. */
  readonly tSym: number;
  /** Beyond it, symmetry is rejected. */
  readonly cutoff: number;
  readonly df: number;
  readonly pValue: number;
}

/** What a diagnosis says; all of it advice. */
export interface Diagnosed extends SymmetryTest {
  readonly skipped?: undefined;
  /**
   * What imbalance does to the model: `"symmetric"`: nothing; `"intercept"`: it moves the intercept alone, which a prior shift undoes without any row; `"asymmetric"`: slopes too.
   * `tSym`, `cutoff`, `df` and `pValue` are those of the test with the intercept profiled out.
   */
  readonly regime: "symmetric" | "intercept" | "asymmetric";
  /** The test as published, intercept included. */
  readonly raw: SymmetryTest;
  readonly generator: "realistic" | "biased" | "not evaluated";
  /** Generator quality score: squared bias over variance of a balanced fit. Null, as what follows, where it was not evaluated. */
  readonly gqs: number | null;
  /** Less what a perfect generator scores on so few rows: `floor`. */
  readonly gqsDebiased: number | null;
  readonly floor: number | null;
  /** ‖g_φ‖, the shift between the classes, and ‖g_ψ‖, the generator's mismatch, in columns of deviation 1. */
  readonly gPhiNorm: number;
  readonly gPsiNorm: number | null;
  /** Of the angle between them. */
  readonly cosine: number | null;
  /** 1 − 2 (‖g_ψ‖ / ‖g_φ‖) cosine; above 0 there is a target. */
  readonly denominator: number | null;
  /** The size that theory aims at, in the same unit as `candidates`. */
  readonly theoryGamma: number | null;
  /** Sizes worth trying, as multiples of the rows that the oversampler's strategy asks for; 0 and 1 are always among them. */
  readonly candidates: readonly number[];
  readonly notes: readonly string[];
}

/** A diagnosis, or why there is none. */
export type Diagnosis = Diagnosed | { readonly skipped: string };

/** Beyond so many columns sums of their products take too long, and too many rows to mean anything. */
const MOST_COLUMNS = 256;

/**
 * Says, for two classes and a linear last layer, what imbalance does to the model, how far the generator's rows are from real ones, and which sizes are worth trying: TG-VTSS. A fit with balanced weights
 * is the pilot. Advice only: theory is of first order and wrong where mismatch and shift point elsewhere, so validation decides.
 *
 * Source: Ma, Zhang, Synthetic Augmentation in Imbalanced Learning, arXiv 2601.16120 (2026), and its code. Ours: the intercept is profiled out of the test, which otherwise rejects nearly always
 * (`raw`); the quality score is judged less its floor; the target is at most 5 times balance; columns that are sums of others are left out; 0 and 1 are always candidates. What
 * a penalty does to the pilot is taken off to first order. The test rejects too often where the smaller class has few rows for each column, which a note tells.
 *
 * @throws {InputError} for unknown options or values, and for data that a method returned.
 */
export async function diagnose(data: Data, options: DiagnoseOptions, run?: Run): Promise<Diagnosis> {
  checkOptions("diagnose", options, ["oversampler", "learner", "seed", "folds", "alpha", "threshold"]);
  checkRun("diagnose", run);
  checkThreads(run);
  const { oversampler, learner } = options;
  checkOversampler(oversampler);
  checkLearner("learner", learner);
  const chosen: Chosen = {
    seed: checkInteger("seed", options.seed ?? 0, 0),
    folds: checkInteger("folds", options.folds ?? 3, 2),
    alpha: checkNumber("alpha", options.alpha ?? 0.05, 0, 1),
    threshold: checkNumber("threshold", options.threshold ?? 10, 0, Infinity),
  };
  checkUnmarked(data, "diagnose");
  const dataset = read(data);
  const sides = sidesOf(dataset, learner);
  if (typeof sides === "string") return { skipped: sides };
  const strategy = (oversampler.options["strategy"] ?? "auto") as Strategy;
  const asked = rowsToAdd(strategy, dataset.schema.classes, countsOf(dataset)).get(sides.codes[1]);
  if (!asked) return { skipped: `The strategy of ${oversampler.name} adds no rows to the smaller class, so there is no size to choose.` };
  return diagnosed({ data, dataset, oversampler, learner, asked, ...sides }, chosen, run);
}

interface Chosen {
  readonly seed: number;
  readonly folds: number;
  readonly alpha: number;
  readonly threshold: number;
}

/** Codes of the larger and the smaller class, and their rows. */
interface Sides {
  readonly codes: readonly [larger: number, smaller: number];
  readonly counts: readonly [larger: number, smaller: number];
}

interface Case extends Sides {
  readonly data: Data;
  readonly dataset: Dataset;
  readonly oversampler: Oversampler;
  readonly learner: Learner;
  /** Rows of the smaller class that the strategy asks for. */
  readonly asked: number;
}

/** Larger and smaller class, or why there is nothing to diagnose. */
function sidesOf(dataset: Dataset, learner: Learner): Sides | string {
  const { labels, weights, schema } = dataset;
  // rows that weigh nothing are none
  const counts = countsOf({ schema, labels: weights ? labels.filter((_, i) => weights[i]! > 0) : labels });
  const present = [...counts.keys()].filter((code) => counts[code]! > 0).sort((a, b) => counts[b]! - counts[a]! || a - b);
  const [larger, smaller] = present as [number, number];
  if (present.length !== 2) return `The diagnosis is of two classes, and there are ${present.length}; validation alone decides.`;
  if (counts[larger] === counts[smaller]) return "Both classes have as many rows, so there is nothing to balance.";
  if (counts[smaller]! < 4)
    return `Class ${show(schema.classes[smaller])} has ${counts[smaller]} rows, and a diagnosis takes 4; validation alone decides.`;
  if (learner.takes?.weights === false)
    return `${learner.name} takes no row weights, so it has no balanced fit to diagnose; validation alone decides.`;
  return { codes: [larger, smaller], counts: [counts[larger]!, counts[smaller]!] };
}

async function diagnosed(given: Case, chosen: Chosen, run: Run | undefined): Promise<Diagnosis> {
  const { data, dataset, learner, counts, codes } = given;
  const { n } = dataset;
  const quiet: Run = { signal: run?.signal, threads: run?.threads };
  const pilot = await fitBalanced(learner, data, dataset, allRows(n), quiet);
  if (!pilot.features) return { skipped: `Models of ${learner.name} have no linear last layer to look at; validation alone decides.` };
  const layer = pilot.features(data);
  const width = layer.names.length;
  if (width > MOST_COLUMNS)
    return { skipped: `The last layer has ${width} columns, and a diagnosis takes ${MOST_COLUMNS} at most; validation alone decides.` };
  const k = Math.min(chosen.folds, Math.floor(counts[1] / 2));
  const total = gramWork(12 * n + 2 * k * (counts[0] - counts[1]), width + 2, 1) + k * fitWork(n, width);
  const work = estimated(startWork(run, total), total);
  const view = await viewOf(layer, work);
  if (view.p === 1) return { skipped: "No column varies, so the model is an intercept and nothing else." };
  const seen: Seen = { view, z: view.place(layer.values), pilot, work, quiet };
  const groups = await groupsOf(given, seen, pilot, data, allRows(n));
  const moments = [await momentsOf(groups[0], work), await momentsOf(groups[1], work)] as const;
  const own = judged(await testSymmetry(groups, moments, [bendsOf(groups[0]), bendsOf(groups[1])], work), chosen.alpha);
  const raw = judged(await testSymmetry(groups, moments, undefined, work), chosen.alpha);
  const regime = raw.tSym <= raw.cutoff ? "symmetric" : own.tSym <= own.cutoff ? "intercept" : "asymmetric";
  const notes = [...pilot.notes];
  if (counts[1] < FEW_ROWS * view.p)
    notes.push(`The smaller class has ${counts[1]} rows for ${view.p} columns, so the test calls too much asymmetric.`);
  if (regime === "intercept")
    notes.push("Imbalance moves the intercept and little else: a prior shift, class weights or a threshold do what rows would.");
  if (k < chosen.folds)
    notes.push(`The generator was judged in ${k} folds, so that each has two rows of class ${show(dataset.schema.classes[codes[1]])}.`);
  let quality: Quality | undefined;
  try {
    if (regime !== "symmetric") quality = await crossFitted(given, seen, k, chosen.seed);
  } catch (fault) {
    if (!(fault instanceof InputError)) throw fault;
    notes.push(`The generator was not evaluated: ${fault.message}`);
  }
  await work.finish();
  const shift = combined([1, moments[0].score], [-1, moments[1].score]);
  return { regime, ...own, raw, ...adviceOf(given, chosen, regime, shift, quality), notes };
}

/** Fewer rows of the smaller class for each column are few. */
const FEW_ROWS = 20;

function fitWork(n: number, width: number): number {
  return 12 * passWork(n, width + 2, 1);
}

/** Rows as the pilot sees them. */
interface Seen {
  readonly view: View;
  readonly z: Float64Array;
  readonly pilot: Model;
  readonly work: Work;
  readonly quiet: Run;
}

/** These rows of the data, which are `part`, in groups by class, as a model judges them. */
async function groupsOf(
  { dataset, codes }: Case,
  { view, z, quiet }: Seen,
  model: Model,
  part: Data,
  rows: Uint32Array,
): Promise<readonly [Group, Group]> {
  const { labels, weights, schema } = dataset;
  const chances = await chancesOf(model, part, schema.classes[codes[1]]!, quiet);
  const group = (target: 0 | 1): Group => {
    const its = [...rows.keys()].filter((t) => labels[rows[t]!] === codes[target]);
    const placed = new Float64Array(its.length * view.stride);
    its.forEach((t, at) => placed.set(z.subarray(rows[t]! * view.stride, (rows[t]! + 1) * view.stride), at * view.stride));
    return groupOf(
      view,
      placed,
      Float64Array.from(its, (t) => chances[t]!),
      target,
      weights ? Float64Array.from(its, (t) => weights[rows[t]!]!) : undefined,
    );
  };
  const groups = [group(0), group(1)] as const;
  if (groups.every(({ size }) => size > 1)) return groups;
  throw new InputError("TOO_FEW_ROWS", "A class has fewer than two rows that weigh something, so nothing is known of how its rows differ.");
}

/** The generator as rows it has not seen judge it. Features are those of the pilot in all folds: scores of different layers have no mean. */
async function crossFitted(given: Case, seen: Seen, k: number, seed: number): Promise<Quality> {
  const { data, dataset, oversampler, learner, counts, codes } = given;
  const { view, pilot, work, quiet } = seen;
  const label = dataset.schema.classes[codes[1]]!;
  // a variance takes two
  const count = Math.max(counts[0] - counts[1], 2);
  const part = cutter(data, dataset);
  const found: FoldMoments[] = [];
  for (const { train, test } of folds(data, { folds: k, seed, by: "class" })) {
    const learned = part(train);
    const model = await fitBalanced(learner, learned, dataset, train, quiet);
    await work.step(fitWork(dataset.n, view.p));
    const generator = await oversampler.fit(learned, quiet);
    const made = (await generator.sample(label, 0, count, quiet)).data;
    const [larger, smaller] = await groupsOf(given, seen, model, part(test), test);
    const synthetic = groupOf(view, view.place(pilot.features!(made).values), await chancesOf(model, made, label, quiet), 1);
    found.push({
      majority: await momentsOf(larger, work),
      minority: await momentsOf(smaller, work),
      synthetic: await momentsOf(synthetic, work),
    });
  }
  return qualityOf(found, ...counts, k * count);
}

function judged({ statistic, df }: WaldStatistic, alpha: number): SymmetryTest {
  return { tSym: statistic, cutoff: chiSquaredQuantile(1 - alpha, df), df, pValue: chiSquared(statistic, df).above };
}

/** What shift and mismatch say of sizes. */
function adviceOf(
  { counts, asked }: Case,
  { threshold }: Chosen,
  regime: Diagnosed["regime"],
  shift: Float64Array,
  quality: Quality | undefined,
): Omit<Diagnosed, keyof SymmetryTest | "regime" | "raw" | "notes"> {
  const gPhiNorm = Math.sqrt(dot(shift, shift));
  const unit = (counts[0] - counts[1]) / asked;
  const symmetric = regime === "symmetric";
  if (!quality) {
    const generator = "not evaluated";
    const nothing = { gqs: null, gqsDebiased: null, floor: null, gPsiNorm: null, cosine: null, denominator: null, theoryGamma: null };
    return { generator, gPhiNorm, ...nothing, candidates: candidatesFor({ symmetric, generator, theoryGamma: null }, unit) };
  }
  const { mismatch, gqs, floor } = quality;
  const gqsDebiased = gqs - floor;
  const generator = gqsDebiased <= threshold ? "realistic" : "biased";
  const gPsiNorm = Math.sqrt(dot(mismatch, mismatch));
  const cosine = Math.min(Math.max(dot(shift, mismatch) / (gPhiNorm * gPsiNorm || 1), -1), 1);
  const { denominator, theoryGamma } = theoryTarget(gPhiNorm, gPsiNorm, cosine);
  return {
    generator,
    gqs,
    gqsDebiased,
    floor,
    gPhiNorm,
    gPsiNorm,
    cosine,
    denominator,
    theoryGamma: theoryGamma && theoryGamma * unit,
    candidates: candidatesFor({ symmetric, generator, theoryGamma }, unit),
  };
}
