import { checkOneOf, checkOptions, show } from "../check";
import type { Data, Label, Learner, Model, Oversampler, Resampled, ResampleRun, Run, Training } from "../contracts";
import { countsOf } from "../data/dataset";
import { read } from "../data/read";
import { InputError } from "../errors";
import type { Fold, FoldsOptions } from "../evaluate/folds";
import { resampledClassifier } from "../evaluate/calibration/resampled";
import { checkLearner } from "../learn/doors";
import { checkOversampler } from "../resample/doors";
import { checkThreads } from "../run/job";
import { checkRun, startWork } from "../run/work";
import { baselinesOf, type Baseline } from "./baselines";
import { correctionOf } from "./correction";
import { curveOf, eachClass } from "./curve";
import { diagnose, type Diagnosis } from "./diagnosis";
import { divisionsOf, leastHeldOut } from "./divisions";
import { beyond, choose, gridOf, LARGEST, meanOf, ruleOf, standardError, type CurvePoint, type SizeRule } from "./grid";
import { judgeOf } from "./losses";
import { costOf, type Setup } from "./setup";
import { strengths, type Corrections } from "./strengths";
import { rowsFor, sized } from "./sized";
import { summaryOf } from "./summary";
import type { Plan, Setting } from "./trials";

export interface TuneOptions {
  /** Whose rows are added; its strategy says what a multiple of 1 means. */
  readonly oversampler: Oversampler;
  readonly learner: Learner;
  /** Multiples of what the strategy asks for, from 0. Default: 14 from 0 to 2. */
  readonly grid?: readonly number[] | undefined;
  /** Whether larger multiples follow, up to 6, where the best is the largest of the grid. Default true. */
  readonly expand?: boolean | undefined;
  /** How rows are held out: options of `folds`, by default 5 folds three times, or what `folds` returned. */
  readonly validation?: Omit<FoldsOptions, "seed"> | readonly Fold[] | undefined;
  /**
   * `"argmin"`: the multiple of the lowest mean loss. `{ oneSE }`: of those whose loss is within one standard error of it, the one nearest to `"balance"` (1), to `"zero"`, or the `"smallest"`. Default `"argmin"`.
   */
  readonly rule?: SizeRule | undefined;
  /** Tune each class on its own, from the best common multiple on. Default false. */
  readonly perClass?: boolean | undefined;
  /**
   * `"per real row"`: rows learned from count for as much in sum as the real ones, so that adding rows does not weaken a penalty, and means and deviations of columns are those of real rows.
   * `"as published"`: every row counts for 1. Default `"per real row"`.
   */
  readonly penalty?: Setting["penalty"] | undefined;
  /**
   * Whether to try, at the best multiple and at 1, to take ¼, ½, ¾ or all of the rows' bias away, see `biasCorrect`; takes a learner with `takes.signedWeights`, such as `logistic()`. Default false.
   */
  readonly biasCorrection?: boolean | undefined;
  /**
   * Whether to diagnose first what imbalance does to the model and how good the rows are, see `diagnose`; what it suggests is tried besides the grid. Two classes, and learners with coefficients. Default false.
   */
  readonly guided?: boolean | undefined;
  /** Whether to judge, on the same divisions, what needs no synthetic rows. Default true. */
  readonly baselines?: boolean | undefined;
  /** Of the divisions. Default 0. */
  readonly seed?: number | undefined;
}

export interface TunedSize {
  /** The multiple of what the strategy asks for; 0 says to add none. With `perClass` that of the common curve. */
  readonly gamma: number;
  /** By label. */
  readonly gammas: ReadonlyMap<Label, number>;
  /** Rows to add to the data handed in, by label. */
  readonly counts: ReadonlyMap<Label, number>;
  /** Least and largest multiple that cannot be told from the best by one standard error. */
  readonly range: readonly [number, number];
  readonly curve: readonly CurvePoint[];
  readonly baselines: readonly Baseline[];
  /** What was tried to take bias away, if asked: the strength, and the mean loss of every try. */
  readonly correction: Corrections | null;
  /** If asked. */
  readonly diagnosis: Diagnosis | null;
  /** Whether the best is the largest multiple tried, so that a larger one may be better. */
  readonly edgeHit: boolean;
  /** What the curve and the baselines say, in sentences. */
  readonly summary: string;
  readonly notes: readonly string[];
  /** The oversampler that adds so many rows. */
  readonly oversampler: Oversampler;
  /**
   * Learns from the data with so many rows added, and gives probabilities as frequent as classes are in the data; `predict` takes the class whose probability is largest relative to its share. See `resampledClassifier`. With a bias
   * correction it is the model of the corrected rows, whose probabilities are those of balanced classes.
   */
  fit(data: Data, training?: Pick<Training, "warmStart">, run?: Run): Promise<Model>;
  resample<D extends Data>(data: D, run?: ResampleRun): Promise<Resampled<D>>;
}

const OPTIONS = [
  "oversampler",
  "learner",
  "grid",
  "expand",
  "validation",
  "rule",
  "perClass",
  "penalty",
  "biasCorrection",
  "guided",
  "baselines",
  "seed",
] as const;
/** Fewer rows of a class held out make losses that say little. */
const FEW_HELD_OUT = 10;

/**
 * How many synthetic rows to add, by validation: the multiple of what the oversampler's strategy asks for whose models have the lowest balanced log loss on real rows held out. 0 is among the candidates, and often the answer.
 *
 * In each division rows are made of the training part alone, once: smaller sizes are the first rows of larger ones, so sizes differ by their size and not by luck. A multiple is the same in all divisions, whatever their class counts.
 * What needs no rows at all is judged on the same divisions: nothing, moving the prior, class weights, the threshold.
 *
 * Source: Ma, Zhang, Synthetic Augmentation in Imbalanced Learning: When It Helps, When It Hurts, and How Much to Add, arXiv 2601.16120, 2026 (the rule, the curve, a grid about the balanced size). Ours: repeated folds by default, the range, the edge, several classes, weights that keep a penalty as it is, the baselines and the adjusted curve.
 *
 * @throws {InputError} for unknown options or values, data that a method made, or classes too small to be held out. Aborts with `signal.reason`.
 */
export async function tuneSyntheticSize(data: Data, options: TuneOptions, run?: Run): Promise<TunedSize> {
  const { rule, expand, perClass, biasCorrection, baselines: wanted, ...chosen } = checked(options, run);
  const own: Run = { signal: run?.signal, threads: run?.threads };
  const { setup, grid, perRepeat, diagnosis, notes } = await prepared(
    data,
    options,
    { ...chosen, expand, perClass, baselines: wanted },
    run,
  );
  const { setting } = setup;
  const { schema, labels } = read(data);
  const common = (gamma: number): Plan => ({ gammas: schema.classes.map(() => gamma) });

  const curve = await curveOf(setup, grid, common);
  for (let next = expand ? beyond(grid.at(-1)!) : undefined; next !== undefined; next = beyond(next)) {
    if (choose(curve, perRepeat, "argmin").lowest < curve.length - 1) break;
    curve.push(...(await curveOf(setup, [next], common)));
  }
  const { lowest, chosen: place, range } = choose(curve, perRepeat, rule);
  const correction = biasCorrection ? await strengths(setup, curve, curve[place]!.gamma, perRepeat) : null;
  const { gamma } = correction ?? curve[place]!;
  const codes = perClass
    ? await eachClass(
        setup,
        curve.map((point) => point.gamma),
        gamma,
        perRepeat,
      )
    : common(gamma).gammas;
  const gammas = new Map(schema.classes.map((label, code) => [label, codes[code]!]));
  const oversampler = sized(setting.oversampler, gammas);
  const asked = codes.some((each) => each > 0) ? (await setting.oversampler.fit(data, own)).counts : new Map<Label, number>();
  const counts = new Map([...gammas].map(([label, each]) => [label, rowsFor(each, asked.get(label) ?? 0)]));
  const edgeHit = lowest === curve.length - 1 && gamma > 0;
  if (edgeHit)
    notes.push(
      `The lowest loss is at the largest multiple tried, ${show(gamma)}; a larger one may be better${gamma < LARGEST ? ": extend the grid" : ", but so many rows say that the generator, not the size, is to be changed"}.`,
    );
  const baselines = wanted ? await baselinesOf(setup, perRepeat, codes) : [];
  const points = curve.map((point): CurvePoint => ({
    ...point,
    mean: meanOf(point.perSplit),
    se: standardError(point.perSplit, perRepeat),
    adjusted: meanOf(point.adjustedPerSplit),
  }));
  await setup.work.step(Infinity);
  return Object.freeze({
    gamma,
    gammas,
    counts,
    range,
    curve: points,
    baselines,
    correction,
    diagnosis,
    edgeHit,
    summary: summaryOf({ gamma, range, curve: points, counts, rows: countsOf({ schema, labels }), perRepeat }),
    notes,
    oversampler,
    async fit(rows: Data, training: Pick<Training, "warmStart"> = {}, fitting?: Run): Promise<Model> {
      if (correction?.lambda) {
        const made = (await correctionOf(rows, { oversampler: setting.oversampler, gamma }, fitting)).at(correction.lambda);
        return setting.learner.fit(made.data, { ...training, realRows: read(rows).n }, fitting);
      }
      return resampledClassifier(oversampler, setting.learner).fit(rows, training, fitting);
    },
    resample: oversampler.resample,
  });
}

/** What a search needs, and the multiples it begins with; the work counts up to what all its parts may take. */
async function prepared(
  data: Data,
  options: TuneOptions,
  { setting, guided, expand, perClass, baselines, ...given }: Omit<Checked, "rule" | "biasCorrection">,
  run: Run | undefined,
): Promise<{
  readonly setup: Setup;
  readonly grid: readonly number[];
  readonly perRepeat: number;
  readonly diagnosis: Diagnosis | null;
  readonly notes: string[];
}> {
  const { oversampler, learner } = setting;
  const dataset = read(data);
  const divisions = divisionsOf("tuneSyntheticSize", data, options.validation, options.seed, 3);
  const notes: string[] = [];
  const least = leastHeldOut(data, divisions);
  if (least < FEW_HELD_OUT) {
    notes.push(
      `A validation part holds as few as ${least} ${least === 1 ? "row" : "rows"} of a class; with fewer than ${FEW_HELD_OUT} its loss says little: use fewer folds, and look at the range.`,
    );
  }
  const quiet: Run = { signal: run?.signal, threads: run?.threads };
  const diagnosis = guided ? await diagnose(data, { oversampler, learner, seed: options.seed }, quiet) : null;
  if (diagnosis?.skipped) notes.push(diagnosis.skipped);
  const suggested = diagnosis?.skipped === undefined ? (diagnosis?.candidates ?? []) : [];
  const grid = gridOf([...given.grid, ...suggested.map((gamma) => Math.round(1000 * gamma) / 1000)]);
  const steps = grid.length + (expand ? 5 : 0) + (perClass ? 2 * grid.length * dataset.schema.classes.length : 0) + (baselines ? 60 : 0);
  const work = startWork(run, steps * costOf(data) * divisions.length);
  return {
    setup: { data, divisions, judges: divisions.map(({ test }) => judgeOf(dataset, test)), setting, work },
    grid,
    perRepeat: divisions.filter(({ repeat }) => repeat === divisions[0]!.repeat).length,
    diagnosis,
    notes,
  };
}

type Checked = ReturnType<typeof checked>;

function checked(options: TuneOptions, run: Run | undefined) {
  checkOptions("tuneSyntheticSize", options, OPTIONS);
  checkRun("tuneSyntheticSize", run);
  checkThreads(run);
  const { oversampler, learner } = options;
  checkOversampler(oversampler);
  checkLearner("learner", learner);
  const flag = (name: "expand" | "perClass" | "biasCorrection" | "guided" | "baselines", missing: boolean): boolean => {
    const given = options[name] ?? missing;
    if (typeof given === "boolean") return given;
    throw new InputError("OPTION", `${name} is ${show(given)}, but needs true or false.`);
  };
  const [perClass, biasCorrection] = [flag("perClass", false), flag("biasCorrection", false)];
  if (biasCorrection && perClass) throw new InputError("OPTION", "biasCorrection takes one multiple for all classes; leave perClass out.");
  if (biasCorrection && !learner.takes?.signedWeights) {
    throw new InputError(
      "OPTION",
      `${show(learner.name)} takes no weights below 0, but bias correction makes some; use logistic(), or biasOneStep.`,
    );
  }
  return {
    setting: { oversampler, learner, penalty: checkOneOf("penalty", options.penalty ?? "per real row", ["per real row", "as published"]) },
    grid: gridOf(options.grid),
    rule: ruleOf(options.rule),
    expand: flag("expand", true),
    perClass,
    biasCorrection,
    guided: flag("guided", false),
    baselines: flag("baselines", true),
  };
}
