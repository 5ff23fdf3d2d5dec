import { checkNumber, checkOptions, show } from "../check";
import type { Data, Learner, Model, Run } from "../contracts";
import { countsOf, type Dataset } from "../data/dataset";
import { read } from "../data/read";
import { cutter } from "../data/some";
import { unsealed } from "../data/weighted";
import { InputError } from "../errors";
import { folds } from "../evaluate/folds";
import { aboutCoefficients, type Penalty } from "../learn/about";
import { logistic } from "../learn/logistic";
import { checkThreads } from "../run/job";
import { checkRun, hostTurn, partOf } from "../run/work";
import { judgeOf } from "./losses";
import { CORRECTION_OPTIONS, correctionOf, STRENGTHS, type CorrectedData, type CorrectionOptions } from "./correction";

export interface BiasCorrectOptions extends CorrectionOptions {
  /**
   * How much of the estimated bias is taken away, 0 (nothing: naive augmentation) to 1 (all of it). `"tune"`: of 0, ¼, ½, ¾ and 1 the one whose models have the least balanced log loss in cross-validation, in which
   * everything is made anew from the rows of each fold. Default `"tune"`.
   */
  readonly lambda?: number | "tune" | undefined;
  /** Takes weights below 0. Tunes lambda, and is fitted on the result for its diagnostics. Default `logistic()` to tune; with a number, none. */
  readonly learner?: Learner | undefined;
}

export interface BiasCorrected<D> extends CorrectedData<D> {
  /** The mean balanced log loss of each strength that was tried; infinite where it had no optimum. */
  readonly curve: readonly { readonly lambda: number; readonly loss: number }[];
  readonly diagnostics: {
    /** Artificial minorities used. */
    readonly subsets: number;
    /** ‖gradient of the estimated bias‖ at the learner's coefficients, columns brought to deviation 1; of linear learners. */
    readonly biasGradNorm?: number | undefined;
    /** Whether the corrected loss has an optimum there; of linear learners. */
    readonly hessianPositiveDefinite?: boolean | undefined;
  };
  /** The learner, fitted on the result, if there is one; from what it learns at lambda 0, since a loss with weights below 0 may have several optima. */
  readonly model?: Model | undefined;
  readonly notes: readonly string[];
}

const FOLDS = 5;
/** Parameters beyond which second derivatives are not looked at. */
const MOST_PARAMETERS = 400;

/**
 * Augmentation whose systematic error is measured and taken away. Synthetic rows do not have the distribution of the smaller class. How a generator errs is seen in the larger classes: disjoint subsets of the smaller
 * class's size are moved to its place, and the same generator grows each. What their synthetic rows say of a loss less what the rows they were made from say estimates the bias; the corrected loss is the augmented one less
 * lambda times that. It is a weighted sum over rows, some with weights below 0, so it takes a learner with `takes.signedWeights`, such as `logistic`; for others see `biasOneStep`.
 *
 * Every class that the oversampler's strategy grows is corrected, by all classes at least twice its size. Without such a class there is nothing to learn from: lambda is 0, and a note says so. Nominal columns have no
 * map and are not corrected unless `transfer` is `"own"`, which moves nothing and is right only where classes are mirror images: for a generator that shifts rows it doubles the error.
 *
 * Lyu, Ma, Zhang, Zhang: Bias-Corrected Data Synthesis for Imbalanced Learning, arXiv 2510.26046. A reconstruction consistent with the abstract, whose formulas were not at hand: subsets, maps, seeds as the reference and
 * the choice of lambda are ours. Class weights (`logistic({ classWeight: "balanced" })`) do as well in many cases and better where classes are skewed: compare.
 *
 * @throws {InputError} for unknown options, a learner without signed weights, data that a method returned, a table with a weight column, and what the oversampler throws.
 */
export async function biasCorrect<D extends Data>(data: D, options: BiasCorrectOptions, run?: Run): Promise<BiasCorrected<D>> {
  checkOptions("biasCorrect", options ?? null, [...CORRECTION_OPTIONS, "lambda", "learner"]);
  checkRun("biasCorrect", run);
  checkThreads(run);
  const { lambda: asked = "tune", ...making } = options;
  if (asked !== "tune") checkNumber("lambda", asked, 0, 1);
  const learner = options.learner ?? (asked === "tune" ? logistic() : undefined);
  if (learner && asked !== 0) checkSigned(learner);
  const dataset = read(data);
  const fewest = Math.min(...countsOf(dataset).filter((count) => count > 0));
  const tuned = asked === "tune" && fewest > 1;
  const k = Math.min(FOLDS, fewest);
  const steps = tuned ? k + 1 : 1;
  const correction = await correctionOf(data, making, partOf(run, 0, steps, 0.5));
  const notes = [...correction.notes];
  if (asked === "tune" && !tuned) notes.push("A class has one row, which leaves none to tune lambda by; it is 0.");
  const curve = tuned && correction.subsets > 0 ? await tune(data, dataset, learner!, making, k, run) : [];
  const best = curve.reduce((least, one) => (one.loss < least.loss ? one : least), { lambda: 0, loss: Infinity });
  let lambda = correction.subsets === 0 ? 0 : asked === "tune" ? best.lambda : asked;
  const quiet = { ...run, onProgress: undefined };
  const naive = await learner?.fit(correction.at(0).data, {}, quiet);
  for (;;) {
    const made = correction.at(lambda);
    // of several optima, which weights below 0 may bring, the one on the way from naive augmentation
    const model = lambda > 0 ? await learner?.fit(made.data, { warmStart: naive }, quiet) : naive;
    const seen = model && (await diagnosed(model, learner!, made, quiet));
    if (seen?.hessianPositiveDefinite === false) {
      if (asked === "tune" && lambda > 0) {
        lambda = STRENGTHS[STRENGTHS.indexOf(lambda) - 1]!;
        continue;
      }
      notes.push(`The corrected loss has no optimum at lambda ${lambda}; use a smaller one, or hold coefficients back.`);
    }
    run?.onProgress?.({ done: steps, total: steps });
    return {
      ...made,
      curve,
      diagnostics: { subsets: correction.subsets, ...seen },
      ...(model && { model }),
      notes,
    };
  }
}

function checkSigned({ name, takes }: Learner): void {
  if (takes?.signedWeights) return;
  throw new InputError("OPTION", `${show(name)} takes no weights below 0, but bias correction makes some; use logistic(), or biasOneStep.`);
}

/** The loss of each strength, everything made and fitted inside of folds. */
async function tune<D extends Data>(
  data: D,
  dataset: Dataset,
  learner: Learner,
  options: CorrectionOptions,
  k: number,
  run: Run | undefined,
): Promise<{ lambda: number; loss: number }[]> {
  const parts = folds(data, { folds: k, seed: options.seed });
  const losses = STRENGTHS.map(() => 0);
  const some = cutter(data, dataset);
  for (const [f, { train, test }] of parts.entries()) {
    const step = f + 0.5;
    const tasks = options.tasks && Array.from(train, (i) => options.tasks![i]!);
    const correction = await correctionOf(some(train), { ...options, tasks: tasks as never }, partOf(run, step, k + 1, 0.5));
    const judge = judgeOf(dataset, test);
    const held = some(test);
    let model: Model | undefined;
    for (const [s, lambda] of STRENGTHS.entries()) {
      const made = correction.at(lambda);
      model = await learner.fit(made.data, { warmStart: model }, partOf(run, step + 0.5 + s / 16, k + 1, 1 / 16));
      const seen = await diagnosed(model, learner, made, { ...run, onProgress: undefined });
      await hostTurn();
      const { probabilities } = await model.predictProbability(held, { ...run, onProgress: undefined });
      const loss = judge.loss(probabilities);
      losses[s]! += seen.hessianPositiveDefinite === false && lambda > 0 ? Infinity : loss / parts.length;
    }
  }
  return STRENGTHS.map((lambda, s) => ({ lambda, loss: losses[s]! }));
}

type Diagnosed = Omit<BiasCorrected<Data>["diagnostics"], "subsets">;

/** What can be told of a linear model of the corrected rows. */
async function diagnosed(
  { coefficients }: Model,
  learner: Learner,
  { data, weights, lambda, parts: { reference, synthetic } }: CorrectedData<Data>,
  run: Run,
): Promise<Diagnosed> {
  if (!coefficients || coefficients.values.length > MOST_PARAMETERS) return {};
  const rows = read(unsealed(data).data);
  const { gradient, definite } = await aboutCoefficients(rows, coefficients, weights, reference, "all", penaltyOf(learner, rows), run);
  // gradients of losses of bounded slopes: their squares are numbers
  const norm = Math.sqrt(gradient.reduce((sum, entry) => sum + entry * entry, 0));
  return {
    hessianPositiveDefinite: definite,
    ...(weights.length > reference && { biasGradNorm: norm / lambda / (reference - synthetic) }),
  };
}

/** How a learner holds coefficients back, if it is `logistic`. */
function penaltyOf({ name, options }: Learner, data: Dataset): Penalty {
  const { C, penalty, scale } = options as unknown as Penalty & { scale: Penalty["scale"] | null };
  return name === "logistic" ? { C, penalty, scale: scale ?? data.scale } : { C: 1, penalty: "none", scale: "none" };
}
