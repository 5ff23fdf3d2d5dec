import { checkInteger, checkOptions, show } from "../../check";
import type { Resampler, Scale } from "../../contracts";
import { allRows, countsOf, rowsByClass, type Dataset } from "../../data/dataset";
import { InputError } from "../../errors";
import { blockSizes } from "../../run/work";
import { noteDominant } from "../../search/dominant";
import { searchWork } from "../../search/neighbors";
import { pairsBytes, placePairs } from "../../search/pairs";
import { distancesOf, divisorsOf, type Space } from "../../search/space";
import { neighborsOf } from "../crosswise";
import { rowsToKeep } from "../reduction";
import { ascending, chosen, undersampler, type Scene } from "../undersample";
import { checkComparison, COMPARISON_OPTIONS, type Comparison } from "./nearest";
import { UNDERSAMPLE_OPTIONS, undersampleOptions, type UndersampleOptions } from "./random";
import { pairWork } from "./seeded";

export interface NearMissOptions extends UndersampleOptions {
  /**
   * Which rows stay. 1 (default): those with the smallest mean distance to their k nearest rows of the smallest class; 2: to their k farthest; 3: of the rows that are among the
   * `mNeighbors` nearest of some row of the smallest class, those with the largest mean distance to their k nearest.
   */
  readonly version?: 1 | 2 | 3 | undefined;
  /** Rows of the smallest class that a row is measured by, k. Default 3. */
  readonly kNeighbors?: number | undefined;
  /** Rows that each row of the smallest class brings into question; version 3 only. Default 3. */
  readonly mNeighbors?: number | undefined;
  /** How columns are made comparable. Default `"none"` for `{ X, y }`, `"standard"` for a table. */
  readonly scale?: Scale | undefined;
  /** What a missing number counts for between rows: see `smote`. Default `"expected"`. */
  readonly missing?: "expected" | "rescale" | undefined;
}

/**
 * NearMiss: of each class that the strategy names stay the rows nearest to the smallest class, by one of three measures. Versions 1 and 2 keep what lies at the border, outliers
 * of the smallest class draw rows to them in version 1; version 3 surrounds every row of the smallest class, and may keep fewer rows than it is told, which is noted.
 *
 * Zhang, Mani: kNN approach to unbalanced data distributions, ICML workshop on learning from imbalanced datasets (2003); as in imbalanced-learn. Ours: ties by row number, also among the nearest; a row
 * of the smallest class, where the strategy names it, is not measured by itself; a class that has no more rows than the strategy gives it is left as it is.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them, such as a smallest class of fewer than k rows.
 */
export function nearMiss(options: NearMissOptions = {}): Resampler {
  checkOptions("nearMiss", options, [...UNDERSAMPLE_OPTIONS, "version", "kNeighbors", "mNeighbors", ...COMPARISON_OPTIONS]);
  const common = undersampleOptions(options);
  const version = checkInteger("version", options.version ?? 1, 1, 3) as 1 | 2 | 3;
  const compare = checkComparison(options);
  const kNeighbors = checkInteger("kNeighbors", options.kNeighbors ?? 3, 1);
  const mNeighbors = checkInteger("mNeighbors", options.mNeighbors ?? 3, 1);
  if (version !== 3 && (options.mNeighbors ?? null) !== null) {
    throw new InputError("OPTION", `mNeighbors is ${mNeighbors}, but only version 3 asks for it; leave it out, or use version: 3.`);
  }
  return undersampler({
    name: "nearMiss",
    options: { ...common, version, kNeighbors, mNeighbors: version === 3 ? mNeighbors : null, ...compare, scale: compare.scale ?? "auto" },
    workFor: (data) => measuringWork(data, version),
    async select(scene) {
      const { data, standing, protect, note } = scene;
      const asked = rowsToKeep(common.strategy, standing);
      const byClass = rowsByClass(data);
      let told: Space | undefined;
      const kept: Uint32Array[] = [];
      for (const [code, rows] of byClass.entries()) {
        const count = asked.get(code) ?? rows.length;
        if (count === 0 || count >= rows.length) {
          kept.push(rows.subarray(0, count));
          continue;
        }
        const measure: Measure = { scene, code, smallest: byClass[standing.smallest]!, compare };
        const inQuestion = version === 3 ? await surrounding(measure, rows, mNeighbors) : rows;
        const { sums, space } = await (version === 2 ? farthestSums : nearestSums)(measure, inQuestion, kNeighbors);
        if (!told) noteDominant(data, allRows(data.n), space, "the data", note);
        told = space;
        if (inQuestion.length < count) {
          note(
            `Class ${show(standing.classes[code])} keeps ${inQuestion.length} rows instead of ${count}: no more are among the ${mNeighbors} nearest of a row of the smallest class.`,
          );
        }
        let [candidates, scores] = [rows, sums];
        if (version === 3) {
          const answers = new Map(Array.from(inQuestion, (row, t) => [row, -sums[t]!]));
          candidates = rows.filter((row) => answers.has(row) || protect[row]);
          scores = Float64Array.from(candidates, (row) => answers.get(row) ?? 0);
        }
        kept.push(chosen(scene, code, candidates, count, scores));
      }
      return { rows: ascending(kept) };
    },
  });
}

/** A class whose rows are measured by those of the smallest. */
interface Measure {
  readonly scene: Scene;
  readonly code: number;
  readonly smallest: Uint32Array;
  readonly compare: Comparison;
}

/** About. */
function measuringWork(data: Dataset, version: 1 | 2 | 3): number {
  const fewest = countsOf(data).reduce((least, count) => (count > 0 ? Math.min(least, count) : least), data.n);
  if (version === 2) return fewest * (data.n - fewest) * pairWork(data);
  return searchWork(data.schema, data.n - fewest, fewest, false) * (version === 3 ? 2 : 1);
}

function comparison({ scene, compare }: Measure): { scale: Scale; missing: Comparison["missing"] } {
  return { ...compare, scale: compare.scale ?? scene.data.scale };
}

/** Refuses more neighbors than there are: a row of the smallest class is not its own. */
function checkEnough({ scene: { standing }, code, smallest }: Measure, kNeighbors: number): void {
  const own = Number(code === standing.smallest);
  if (kNeighbors <= smallest.length - own) return;
  throw new InputError(
    "TOO_FEW_ROWS",
    `kNeighbors is ${kNeighbors} but class ${show(standing.classes[standing.smallest])}, the smallest, has ${smallest.length} ${smallest.length === 1 ? "row" : "rows"}${own ? ", the row itself among them" : ""}; use ${Math.max(1, smallest.length - own)} or less.`,
  );
}

/** Sums of the distances of some rows, f64 (rows), and how they were compared. */
interface Measured {
  readonly sums: Float64Array;
  readonly space: Space;
}

/** Of each row to its k nearest of the smallest class, nearest first. */
async function nearestSums(measure: Measure, rows: Uint32Array, k: number): Promise<Measured> {
  const { scene, smallest } = measure;
  checkEnough(measure, k);
  const { keys, space } = await neighborsOf(scene, rows, smallest, k, comparison(measure), scene.statistics());
  const distances = distancesOf(space, keys);
  const sums = new Float64Array(rows.length);
  for (let t = 0; t < rows.length; t++) for (let at = t * k; at < t * k + k; at++) sums[t]! += distances[at]!;
  return { sums, space };
}

/** Of each row to its k farthest, nearest of them first. Nothing rules out what is near, so all pairs are compared, row by row, and k of them are kept. */
async function farthestSums(measure: Measure, rows: Uint32Array, k: number): Promise<Measured> {
  const { scene, smallest } = measure;
  const { instance, data, statistics, work } = scene;
  checkEnough(measure, k);
  const { scale, ...compare } = comparison(measure);
  return instance.arena.during(async () => {
    instance.arena.reserve(pairsBytes(data), `Comparing ${rows.length} rows with ${smallest.length} others`);
    const { key, space } = placePairs(instance, data, divisorsOf(data.schema, scale, statistics), compare, statistics());
    const sums = new Float64Array(rows.length);
    const size = blockSizes();
    const perRow = smallest.length * pairWork(data);
    for (let from = 0; from < rows.length;) {
      const to = Math.min(rows.length, from + Math.max(1, Math.floor(size() / perRow)));
      for (let t = from; t < to; t++) {
        // ascending
        const far = new Float64Array(k).fill(-1);
        for (const other of smallest) {
          const apart = other === rows[t] ? -1 : key(rows[t]!, other);
          let place = 0;
          for (; place < k && far[place]! < apart; place++) if (place > 0) far[place - 1] = far[place]!;
          if (place > 0) far[place - 1] = apart;
        }
        sums[t] = distancesOf(space, far).reduce((sum, distance) => sum + distance, 0);
      }
      const turn = work.step((to - from) * perRow);
      if (turn) await turn;
      from = to;
    }
    return { sums, space };
  });
}

/** Rows among the m nearest in their class of some row of the smallest, ascending. */
async function surrounding(measure: Measure, rows: Uint32Array, m: number): Promise<Uint32Array> {
  const { scene, code, smallest } = measure;
  const { standing, statistics } = scene;
  const own = Number(code === standing.smallest);
  if (m > rows.length - own) {
    throw new InputError(
      "TOO_FEW_ROWS",
      `mNeighbors is ${m} but class ${show(standing.classes[code])} has ${rows.length} rows; use ${rows.length - own} or less.`,
    );
  }
  const { indices } = await neighborsOf(scene, smallest, rows, m, comparison(measure), statistics());
  return Uint32Array.from(new Set(indices), (place) => rows[place]!).sort();
}
