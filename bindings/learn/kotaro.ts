import { marked } from "../data/marks";
import { checkInteger, checkOneOf, checkOptions, show } from "../check";
import type { Learner } from "../contracts";
import type { Dataset, Schema } from "../data/dataset";
import { fromText, toText } from "../data/plain";
import { floorOf } from "../density/bandwidths";
import { factor, factorWork, inverseDiagonal, matrixBytes, solve } from "../density/solve";
import { centersBytes, kernelWork, placeTiles, type Centers } from "../density/sums";
import { core } from "../engine/core";
import { density } from "../engine/density";
import { withInstance, withInstanceNow } from "../engine/lease";
import { InputError } from "../errors";
import { estimated, inBlocks, startWork, type Work } from "../run/work";
import { nearestNeighbors } from "../search/nearest";
import { learnerOf, type Fitted, type Task } from "./learner";
import { belongs, cellsOf, fitInputs, moveCells, movesOf, noteUnknown, type Input } from "./preprocess";

export interface KotaroOptions {
  /** Each row's kernel is as wide as it is far to its k-th nearest row, of any class. Default 3; `"tune"`: 1, 2, 3, 5 or 10. */
  readonly kNeighbors?: number | "tune" | undefined;
  /** `"scaled"` (default): exp(−(distance / width)²), which no unit changes; `"literal"`: exp(−distance² / width), as the paper writes. */
  readonly width?: "scaled" | "literal" | undefined;
  /** Added to the diagonal; 0 (default) repeats every label, also a wrong one. `"tune"`: 0, 1e-6, 1e-3 or 0.1. */
  readonly ridge?: number | "tune" | undefined;
  /** Default `"standard"`: numeric columns about their means, divided by their deviations. */
  readonly scale?: "none" | "standard" | undefined;
  /** From which value on a row is of the class. Default 0; `"tune"`: where the leave-one-out values have the highest Matthews correlation. */
  readonly threshold?: number | "tune" | undefined;
  /** Rows beyond this are left out, evenly, from the largest classes. Default 4000: time grows with the cube, memory with the square. */
  readonly maxRows?: number | undefined;
}

interface Chosen {
  readonly kNeighbors: number | "tune";
  readonly width: "scaled" | "literal";
  readonly ridge: number | "tune";
  readonly scale: "none" | "standard";
  readonly threshold: number | "tune";
  readonly maxRows: number;
}

/** What is tried. */
const NEIGHBORS = [1, 2, 3, 5, 10];
const RIDGES = [0, 1e-6, 1e-3, 0.1];
/** Rows that options are tuned on. */
const TUNED_ON = 1000;

/**
 * KOTARO: a classifier for few rows of a rare class. A kernel around every row, as wide as the rows are sparse there, and weights that repeat the labels: f(x) = Σ w · k(x, row), solved
 * exactly. No class weights and no prior: its probabilities rank rows, and are not calibrated. Of two classes the rarer one is decided on; of more, each against the rest. What equals the
 * threshold is of the other class.
 *
 * Nishimura, Sakumura, Ikeda: KOTARO, arXiv 2510.04046 (2025), of which we know the formulas and not the protocol. Ours: the scaled width, because the literal one depends on the unit; equal rows are merged, with the mean of their
 * labels; no width is below a millionth of the median; a ridge where rows determine no weights; tuning by the closed form of leaving one out, f₋ᵢ(xᵢ) = yᵢ − wᵢ / (A⁻¹)ᵢᵢ, widths held. A model keeps the rows, and so does
 * what its `toJSON` returns.
 *
 * @throws {InputError} for unknown options or values; when used, for no more than k different rows.
 */
export function kotaro(options: KotaroOptions = {}): Learner {
  checkOptions("kotaro", options, ["kNeighbors", "width", "ridge", "scale", "threshold", "maxRows"]);
  const { kNeighbors = 3, ridge = 0, threshold = 0 } = options;
  const chosen: Chosen = {
    kNeighbors: kNeighbors === "tune" ? kNeighbors : checkInteger("kNeighbors", kNeighbors, 1),
    width: checkOneOf("width", options.width ?? "scaled", ["scaled", "literal"]),
    ridge: tuneOr("ridge", ridge, 0),
    scale: checkOneOf("scale", options.scale ?? "standard", ["none", "standard"]),
    threshold: tuneOr("threshold", threshold, -Infinity),
    maxRows: checkInteger("maxRows", options.maxRows ?? 4000, 2, 20_000),
  };
  return marked(
    learnerOf({
      name: "kotaro",
      options: { ...chosen },
      takes: { weights: false, signedWeights: false, nominal: true, missing: true },
      contains: "real rows",
      train: (task) => train(task, chosen),
      revive,
    }),
    {},
  );
}

function tuneOr(name: string, given: unknown, low: number): number | "tune" {
  if (given === "tune" || (typeof given === "number" && given >= low && Math.abs(given) < Infinity)) return given;
  throw new InputError("OPTION", `${name} is ${show(given)}, but needs "tune" or a number${low === 0 ? " of at least 0" : ""}.`);
}

/** What was learned: kernels and their weights for each machine, one of two classes, or one of each. */
interface Learned {
  readonly inputs: readonly Input[];
  readonly scale: "none" | "standard";
  /** Which of two classes is decided on. */
  readonly rare: number;
  readonly centers: Centers;
  /** f64 (n) each. */
  readonly weights: readonly Float64Array[];
  readonly thresholds: readonly number[];
}

async function train({ data, codes, labels, realRows, run, note }: Task, chosen: Chosen): Promise<Fitted> {
  const { inputs, cells } = fitInputs(data, realRows, note);
  const d = inputs.length;
  if (d === 0) throw new InputError("DATA", "No feature has a value to learn from; describe one.");
  const values = new Float64Array(data.n * d);
  moveCells(values, d, cells, movesOf(inputs, chosen.scale));
  const counts = labels.map((_, code) => codes.reduce((sum, own) => sum + Number(own === code), 0));
  const rare = counts[0]! < counts[1]! ? 0 : 1;
  const machines = labels.length === 2 ? [rare] : [...labels.keys()];
  const kept = capped(codes, counts, chosen.maxRows);
  if (kept.length < data.n) note(`${kept.length} of ${data.n} rows were learned from, as maxRows says: fewer of the largest classes.`);
  const points = merged(values, d, kept, codes, machines);
  if (points.n < kept.length) note(`${kept.length - points.n} rows that equal others were merged with them.`);
  const tuned = [chosen.kNeighbors, chosen.ridge, chosen.threshold].includes("tune");
  const small = tuned && points.n > TUNED_ON ? merged(values, d, capped(codes, counts, TUNED_ON), codes, machines) : points;
  const most = points.n - 1;
  const tries = (chosen.kNeighbors === "tune" ? NEIGHBORS.filter((k) => k === 1 || k <= most) : [chosen.kNeighbors]).flatMap((k) =>
    (chosen.ridge === "tune" ? RIDGES : [chosen.ridge]).map((ridge) => ({ k, ridge })),
  );
  const total = (tuned ? 3 * tries.length * factorWork(small.n) : 0) + factorWork(points.n) + 1;
  const work = estimated(startWork(run, total), total);
  let best = { ...tries[0]!, thresholds: machines.map(() => (chosen.threshold === "tune" ? 0 : chosen.threshold)), score: -Infinity };
  for (const attempt of tuned ? tries : []) {
    const { left } = await learnKernels(work, small, { ...attempt, width: chosen.width, leaveOneOut: true }, () => undefined);
    const found = left!.map((scores, machine) => choose(scores, small.targets[machine]!, chosen.threshold));
    const score = found.reduce((sum, { correlation }) => sum + correlation, 0);
    if (score > best.score) best = { ...attempt, thresholds: found.map(({ threshold }) => threshold), score };
  }
  if (tuned)
    note(
      `Leaving one out chose kNeighbors ${best.k}, ridge ${best.ridge} and threshold ${best.thresholds.map((t) => t.toPrecision(3)).join(", ")}.`,
    );
  const { centers, weights } = await learnKernels(work, points, { ...best, width: chosen.width, leaveOneOut: false }, note);
  await work.finish();
  return deciding({ inputs, scale: chosen.scale, rare, centers, weights, thresholds: best.thresholds }, labels.length);
}

/** Row numbers, at most `most`: of the largest classes every so many, as many of each. */
function capped(codes: Uint32Array, counts: readonly number[], most: number): number[] {
  let limit = Math.max(...counts);
  const total = (): number => counts.reduce((sum, count) => sum + Math.min(count, limit), 0);
  while (total() > most && limit > 1) limit--;
  const met = counts.map(() => 0);
  return Array.from(codes.keys()).filter((i) => {
    const [code, count] = [codes[i]!, counts[codes[i]!]!];
    const share = Math.min(1, limit / count);
    return Math.floor(++met[code]! * share) > Math.floor((met[code]! - 1) * share);
  });
}

/** Different rows, and what each machine is to say of them. */
export interface Distinct extends Pick<Centers, "values" | "n" | "d"> {
  /** f64 (n) for each machine: 1 of its class and −1 of others, or the mean of rows that are equal. */
  readonly targets: readonly Float64Array[];
}

function merged(values: Float64Array, d: number, rows: readonly number[], codes: Uint32Array, machines: readonly number[]): Distinct {
  const places = new Map<string, number>();
  const counts: number[] = [];
  const kept: number[] = [];
  const sums = machines.map((): number[] => []);
  for (const i of rows) {
    const row = values.subarray(i * d, i * d + d);
    const key = row.join();
    const place = places.get(key) ?? kept.push(i) - 1;
    places.set(key, place);
    counts[place] = (counts[place] ?? 0) + 1;
    machines.forEach((code, machine) => (sums[machine]![place] = (sums[machine]![place] ?? 0) + (codes[i] === code ? 1 : -1)));
  }
  const distinct = new Float64Array(kept.length * d);
  kept.forEach((i, t) => distinct.set(values.subarray(i * d, i * d + d), t * d));
  return { values: distinct, n: kept.length, d, targets: sums.map((sum) => Float64Array.from(sum, (value, t) => value / counts[t]!)) };
}

/** Weights of the kernels; with `leaveOneOut`, for each machine what the others say of each row. */
export async function learnKernels(
  work: Work,
  { values, n, d, targets }: Distinct,
  options: { readonly k: number; readonly width: "scaled" | "literal"; readonly ridge: number; readonly leaveOneOut: boolean },
  note: (sentence: string) => void,
): Promise<{ readonly centers: Centers; readonly weights: Float64Array[]; readonly left?: Float64Array[] }> {
  const { k, width } = options;
  const quiet = { signal: work.run?.signal, threads: work.run?.threads };
  const near = n > 1 ? await nearestNeighbors({ X: values, columns: d }, { kNeighbors: k, scale: "none" }, quiet) : undefined;
  const distances = Float64Array.from({ length: n }, (_, i) => (near ? near.distances[i * k + k - 1]! : 1));
  const { floor, floored } = floorOf(distances);
  if (floored) note(`${floored} rows are hardly apart from ${k} others; their width is a millionth of the median.`);
  const scales = distances.map(
    (distance) => Math.LOG2E / (width === "scaled" ? Math.max(distance, floor) * Math.max(distance, floor) : Math.max(distance, floor)),
  );
  const centers: Centers = { values, n, d, laplacian: false, scales, biases: new Float64Array(n) };
  return withInstance(density, async (instance) => {
    const { arena, kernels } = instance;
    const stride = 8 * Math.ceil(n / 8);
    arena.reserve(matrixBytes(n) + centersBytes(n, d), `The kernels between ${n} rows`);
    for (let ridge = options.ridge; ; ridge = Math.max(1e-12, 10 * ridge)) {
      const found = await arena.during(async () => {
        const matrix = arena.room(Float64Array, n * stride);
        let norm = 0;
        await arena.during(async () => {
          const { packed, tiles, scratch } = placeTiles(instance, centers);
          const queries = arena.put(values);
          await inBlocks({ step: () => work.step(0) }, n, kernelWork(n, d), (from, to) => {
            const cells = arena.view(Float64Array, matrix, to * stride).fill(0, from * stride);
            norm = Math.max(norm, ridge + kernels.add_kernels(matrix, queries, packed, scratch, tiles, d, false, from, to));
            for (let i = from; i < to; i++) cells[i * stride + i] = 1 + ridge;
          });
        });
        const factors = await factor(instance, work, matrix, n, stride);
        // a vector of signs is stretched by no more than the norm of the inverse, and some by nearly as much
        const signs = [1, 2, 3, 5, 7].map((turn) => Float64Array.from({ length: n }, (_, i) => (Math.floor((i * i) / turn) % 2 ? 1 : -1)));
        const solved = solve(instance, factors, [...targets, ...signs]);
        const weights = solved.slice(0, targets.length);
        if (!(factors.least > 1e-15) || weights.some((own) => !own.every(Number.isFinite))) return undefined;
        if (ridge > options.ridge) note(`The rows determine no weights by themselves; ${ridge} was added to the diagonal.`);
        const stretch = solved.slice(targets.length).reduce((most, own) => own.reduce((high, x) => Math.max(high, Math.abs(x)), most), 0);
        note(`The condition of the equations is about ${(norm * stretch).toPrecision(2)}.`);
        if (!options.leaveOneOut) return { centers, weights };
        const diagonal = await inverseDiagonal(instance, work, factors);
        return {
          centers,
          weights,
          left: weights.map((own, machine) => own.map((weight, i) => targets[machine]![i]! - weight / diagonal[i]!)),
        };
      });
      if (found) return found;
    }
  });
}

/** The threshold with the highest Matthews correlation of leave-one-out values with labels, or the one given, and the correlation. */
function choose(scores: Float64Array, targets: Float64Array, given: number | "tune"): { threshold: number; correlation: number } {
  const order = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
  const positives = targets.reduce((sum, target) => sum + Number(target > 0), 0);
  const negatives = targets.length - positives;
  let best = { threshold: given === "tune" ? 0 : given, correlation: -Infinity };
  let [right, wrong] = [0, 0];
  order.forEach((i, t) => {
    if (targets[i]! > 0) right++;
    else wrong++;
    const [value, next] = [scores[i]!, t + 1 < order.length ? scores[order[t + 1]!]! : -Infinity];
    if (value === next) return;
    const threshold = next === -Infinity ? value - 1 : (value + next) / 2;
    if (given !== "tune" && !(value > given && next <= given)) return;
    const product = Math.sqrt((right + wrong) * (targets.length - right - wrong) * positives * negatives);
    const correlation = product > 0 ? (right * negatives - wrong * positives) / product : 0;
    if (correlation > best.correlation) best = { threshold: given === "tune" ? threshold : given, correlation };
  });
  return best.correlation > -Infinity ? best : { ...best, correlation: 0 };
}

/** Below this a sum is nothing: a row so far from all others is of the more frequent class. */
const NOTHING = 1e-290;

function deciding(learned: Learned, classes: number): Fitted {
  const { inputs, scale, rare, centers, weights, thresholds } = learned;
  const { n, d } = centers;
  const machines = weights.length;
  const decide = async (rows: Dataset, run: Parameters<Fitted["probabilities"]>[1]): Promise<Float64Array> => {
    const queries = new Float64Array(rows.n * d);
    moveCells(queries, d, cellsOf(inputs, rows), movesOf(inputs, scale));
    const work = startWork(run, machines * rows.n * kernelWork(n, d));
    return withInstance(density, (instance) =>
      instance.arena.during(async () => {
        const { arena, kernels } = instance;
        arena.reserve(centersBytes(n, d) + 8 * rows.n * (d + machines), `Deciding on ${rows.n} rows by ${n} kernels`);
        const { packed, tiles, scratch } = placeTiles(instance, centers);
        const [asked, out] = [arena.put(queries), arena.room(Float64Array, rows.n)];
        const values = new Float64Array(rows.n * machines);
        for (const [machine, own] of weights.entries()) {
          const padded = new Float64Array(8 * tiles);
          padded.set(own);
          const by = arena.put(padded);
          await inBlocks(work, rows.n, kernelWork(n, d), (from, to) =>
            kernels.weigh_kernels(out, asked, packed, by, scratch, tiles, d, false, false, from, to),
          );
          arena.view(Float64Array, out, rows.n).forEach((sum, i) => {
            values[i * machines + machine] = (Math.abs(sum) < NOTHING ? 0 : sum) - thresholds[machine]!;
          });
        }
        return values;
      }),
    );
  };
  return {
    decide,
    async probabilities(rows, run, note) {
      noteUnknown(inputs, rows, note);
      const values = await decide(rows, run);
      const chances = new Float64Array(rows.n * classes);
      withInstanceNow(core, ({ kernels: { exp } }) => {
        for (let i = 0; i < rows.n; i++) {
          const own = Array.from(values.subarray(i * machines, (i + 1) * machines), (value) => 1 / (1 + exp(-2 * value)));
          if (machines === 1) {
            // what equals the threshold is of the other class
            const chance = values[i]! > 0 ? Math.max(own[0]!, ABOVE) : Math.min(own[0]!, BELOW);
            chances[2 * i + rare] = chance;
            chances[2 * i + 1 - rare] = 1 - chance;
          } else {
            const sum = own.reduce((all, one) => all + one, 0);
            own.forEach((one, c) => (chances[i * classes + c] = sum > 0 ? one / sum : 1 / classes));
          }
        }
      });
      return chances;
    },
    plain: () => ({
      inputs,
      scale,
      rare,
      values: toText(centers.values),
      scales: toText(centers.scales),
      weights: weights.map(toText),
      thresholds,
    }),
  };
}

/** The numbers next to ½. */
const ABOVE = 0.5000000000000001;
const BELOW = 0.49999999999999994;

function revive(plain: Record<string, unknown>, schema: Schema, labels: readonly unknown[]): Fitted {
  const { inputs, scale, rare, thresholds } = plain as unknown as Learned;
  const [values, scales] = [fromText(Float64Array, plain["values"] as string), fromText(Float64Array, plain["scales"] as string)];
  const weights = (plain["weights"] as string[]).map((text) => fromText(Float64Array, text));
  const [n, d] = [scales.length, inputs.length];
  const machines = labels.length === 2 ? 1 : labels.length;
  const whole =
    n > 0 &&
    values.length === n * d &&
    weights.length === machines &&
    thresholds.length === machines &&
    weights.every((own) => own.length === n) &&
    [values, ...weights, thresholds].every((numbers) => numbers.every(Number.isFinite)) &&
    scales.every((one) => one > 0 && one < Infinity) &&
    (rare === 0 || rare === 1) &&
    inputs.every((input) => belongs(schema, input));
  if (!whole) throw new Error();
  const centers: Centers = { values, n, d, laplacian: false, scales, biases: new Float64Array(n) };
  return deciding({ inputs, scale: checkOneOf("scale", scale, ["none", "standard"]), rare, centers, weights, thresholds }, labels.length);
}
