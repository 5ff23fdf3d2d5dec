import { checkInteger, checkOneOf, checkOptions, show } from "../../check";
import type { Oversampler } from "../../contracts";
import type { Dataset } from "../../data/dataset";
import { unitScale } from "../../data/extent";
import { PURPOSE, units } from "../../draw";
import type { CoreExports } from "../../engine/exports";
import { withInstance, type Instance } from "../../engine/lease";
import { stats } from "../../engine/stats";
import { InputError } from "../../errors";
import { scaleGamma, supportVectors, supportWork } from "../../learn/svm";
import { estimated } from "../../run/work";
import { embed } from "../../search/embed";
import { searchWork } from "../../search/neighbors";
import { divisorsOf } from "../../search/space";
import { everyRow, growFromNone, surroundingsOf, type NonePolicy } from "../surroundings";
import { leanSomeOnClass, mirrorsOf } from "../companions";
import { comparison, NEIGHBOR_OPTIONS, neighborOptions, type CheckedNeighborOptions, type NeighborOptions } from "../kin";
import { enoughNeighbors } from "../neighborhood";
import { COMMON_OPTIONS, commonOptions, oversampler, type CommonOptions, type Decided, type Scene } from "../oversample";

export interface SvmSmoteOptions extends CommonOptions, NeighborOptions {
  /** Neighbors of any class that tell where a support vector stands, m. Default 10. */
  readonly mNeighbors?: number | undefined;
  /** How far beyond a safe support vector a new row may lie, as a share of the distance to its neighbor, 0 to 1. Default 0.5. */
  readonly outStep?: number | undefined;
  /** What a row on the wrong side of its margin costs the classifier, C. Default 1. */
  readonly cost?: number | undefined;
  /** Of the kernel exp(−gamma · squared distance). Default `"scale"`: 1 / (columns · variance of all cells). */
  readonly gamma?: "scale" | number | undefined;
  /** Solved when no two rows violate the conditions of an optimum by more. Default 0.001. */
  readonly tolerance?: number | undefined;
  /**
   * What to do when all support vectors of a class are noise: among others only. Default `"error"`; `"all"`: grow from all of its rows, as SMOTE does; `"skip"`: leave it
   * as it is. A note says what was done.
   */
  readonly onAllNoise?: "error" | "all" | "skip" | undefined;
  /**
   * As for every oversampler; here also the share of that library: a draw of Beta(10, 10) says how much is made from support vectors in danger, the rest is made from safe ones. The total is
   * what was asked for.
   */
  readonly compat?: "imbalanced-learn" | undefined;
}

/** What is particular to the method, checked. */
interface Border {
  readonly mNeighbors: number;
  readonly outStep: number;
  readonly cost: number;
  readonly gamma: "scale" | number;
  readonly tolerance: number;
  readonly onAllNoise: NonePolicy;
}

/** Steps after which a classifier is taken as it is; libsvm's limit. */
const MOST_STEPS = 1e7;

/**
 * SVM-SMOTE: grows a class along the border that a support vector classifier finds, from its support vectors. One with at least half of its m neighbors from other classes is in danger, and new rows
 * lie between it and its neighbors of the class; around the others there is room, and new rows lie beyond them, away from the neighbors; those among others only are noise and left out. For
 * classes whose border, not whose middle, lacks rows. The classifier takes time with the rows times its support vectors.
 *
 * Nguyen, Cooper, Kamei: Borderline over-sampling for imbalanced data classification, IJKESDP 3 (2011). As there, every support vector gets an equal share; imbalanced-learn
 * draws the share of those in danger (`compat`), and makes fewer rows than asked for where all or none are. Support vectors are those of the classifiers of the class against each other class, with a Gaussian
 * kernel, as libsvm has it, over numeric columns and one coordinate for each nominal value, at the distances of SMOTE-NC, missing numbers at the mean. New rows
 * stay within declared bounds.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them, and by default when all support vectors are noise.
 */
export function svmSmote(options: SvmSmoteOptions = {}): Oversampler {
  checkOptions("svmSmote", options, [
    ...COMMON_OPTIONS,
    ...NEIGHBOR_OPTIONS,
    "mNeighbors",
    "outStep",
    "cost",
    "gamma",
    "tolerance",
    "onAllNoise",
  ]);
  const common = commonOptions(options);
  const leaning = neighborOptions(options);
  const own: Border = {
    mNeighbors: checkInteger("mNeighbors", options.mNeighbors ?? 10, 1),
    outStep: positive("outStep", options.outStep ?? 0.5, 1),
    cost: positive("cost", options.cost ?? 1, Infinity),
    gamma: options.gamma === undefined || options.gamma === "scale" ? "scale" : positive("gamma", options.gamma, Infinity),
    tolerance: positive("tolerance", options.tolerance ?? 1e-3, 1),
    onAllNoise: checkOneOf("onAllNoise", options.onAllNoise ?? "error", ["error", "all", "skip"]),
  };
  const work = ({ schema, n: all }: Dataset, n: number): number =>
    supportWork(all, schema.d + schema.q) + searchWork(schema, n, all, false) + searchWork(schema, n, n, false);
  return oversampler({
    name: "svmSmote",
    options: { ...common, ...leaning, ...own },
    workFor: work,
    async choose(scene) {
      const counted = estimated(scene.work, work(scene.data, scene.rows.length));
      const decided = await growAtBorder({ ...scene, work: counted }, own, leaning, common);
      await counted.finish();
      return decided;
    },
  });
}

function positive(name: string, value: unknown, most: number): number {
  if (typeof value === "number" && value > 0 && value <= most && value < Infinity) return value;
  throw new InputError("OPTION", `${name} is ${show(value)}, but needs a number above 0${most < Infinity ? ` and at most ${most}` : ""}.`);
}

async function growAtBorder(
  scene: Scene,
  own: Border,
  leaning: CheckedNeighborOptions,
  { draws, seed, compat }: ReturnType<typeof commonOptions>,
): Promise<Decided | null> {
  const k = enoughNeighbors(scene, leaning.kNeighbors, leaning.onTooFew);
  if (k === null) return null;
  if (k === 0) return { bases: { draws, shares: null }, neighbors: new Uint32Array(0), k, rule: { name: "copy" } };
  const support = await supportOf(scene, own, leaning);
  const { foreign, counted } = await surroundingsOf({ ...scene, rows: support }, "mNeighbors", own.mNeighbors, leaning);
  const bases = support.filter((_, t) => foreign[t]! < counted);
  if (bases.length === 0) {
    const rows = growFromNone(scene, "no support vector with a neighbor of the class: all are noise", "onAllNoise", own.onAllNoise);
    const kin = rows && (await leanSomeOnClass(scene, leaning, rows, k));
    return kin && { ...kin, bases: { draws, shares: new Float64Array(scene.rows.length).fill(1) } };
  }
  const kin = await leanSomeOnClass(scene, leaning, bases, k);
  const inDanger = foreign.filter((count) => count < counted).map((count) => Number(2 * count >= counted));
  const shares = compat ? sharesByDraw(scene.instance, inDanger, seed, scene.code) : new Float64Array(bases.length).fill(1);
  return kin && { ...kin, ...beyond(scene.data, kin, inDanger, own.outStep), bases: { draws, shares } };
}

/** Lets safe bases lean away from their neighbors, to points beyond them. */
function beyond(
  data: Dataset,
  { rows, neighbors, k }: Omit<Decided, "bases">,
  inDanger: Uint32Array,
  outStep: number,
): Partial<Pick<Decided, "neighbors" | "points" | "spans">> {
  const safe = Uint32Array.from(neighbors.keys()).filter((entry) => !inDanger[Math.floor(entry / k)]);
  if (safe.length === 0) return {};
  const points = mirrorsOf(
    data,
    safe.map((entry) => rows![Math.floor(entry / k)]!),
    safe.map((entry) => rows![neighbors[entry]!]!),
  );
  const away = neighbors.slice();
  const spans = Float64Array.from({ length: 2 * neighbors.length }, (_, at) => at % 2);
  safe.forEach((entry, p) => {
    away[entry] = rows!.length + p;
    spans[2 * entry + 1] = -outStep;
  });
  return { neighbors: away, points, spans };
}

/** Shares of the bases by the draw of imbalanced-learn: Beta(10, 10) of all for those in danger, or all where there is one kind only. */
function sharesByDraw(instance: Instance<CoreExports>, inDanger: Uint32Array, seed: number, label: number): Float64Array {
  const danger = inDanger.reduce((sum, one) => sum + one, 0);
  // the sum of ten exponential deviates is of Gamma(10), and its share of two such sums of Beta(10, 10)
  const exponentials = units(instance, { seed, label }, PURPOSE.beta, 0, 20).map((unit) => -instance.kernels.log(1 - unit));
  const sum = (part: Float64Array): number => part.reduce((all, one) => all + one, 0);
  const [one, other] = [sum(exponentials.subarray(0, 10)), sum(exponentials.subarray(10))];
  const fraction = danger === inDanger.length ? 1 : danger === 0 ? 0 : one / (one + other);
  return Float64Array.from(inDanger, (is) => (is ? fraction / danger : (1 - fraction) / (inDanger.length - danger)));
}

/** Rows of the class that are support vectors of a classifier against any other class, ascending. */
export async function supportOf(
  { instance, work, data, code, rows, name, statistics, note }: Scene,
  { cost, gamma, tolerance }: Pick<Border, "cost" | "gamma" | "tolerance">,
  leaning: CheckedNeighborOptions,
): Promise<Uint32Array> {
  const all = everyRow(data);
  const { values, width } = embed(
    instance,
    data,
    all,
    divisorsOf(data.schema, comparison({ data }, leaning).scale, statistics),
    statistics(),
  );
  const scale = unitScale(values, width);
  const scaled = values.map((value) => value * scale);
  const ofScaled = gamma === "scale" ? scaleGamma(scaled, width) : gamma / scale / scale;
  const found = new Set<number>();
  await withInstance(stats, async (own) => {
    for (const other of data.schema.classes.keys()) {
      const both = other === code ? all.subarray(0, 0) : all.filter((i) => data.labels[i] === code || data.labels[i] === other);
      // a class without rows here is against nobody
      if (both.length <= rows.length) continue;
      const block = new Float64Array(both.length * width);
      both.forEach((row, t) => block.set(scaled.subarray(row * width, row * width + width), t * width));
      const signs = Float64Array.from(both, (row) => (data.labels[row] === code ? 1 : -1));
      const { supportIndices, gap } = await supportVectors(
        own,
        work,
        { values: block, n: both.length, d: width, signs },
        { costs: [cost, cost], gamma: ofScaled, tolerance, maxIterations: MOST_STEPS },
      );
      if (gap >= tolerance)
        note(`The classifier of class ${name} was left ${gap.toPrecision(2)} from its optimum after ${MOST_STEPS} steps.`);
      for (const t of supportIndices) if (signs[t]! > 0) found.add(both[t]!);
    }
  });
  return Uint32Array.from(found).sort();
}
