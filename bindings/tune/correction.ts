import { checkInteger, checkNumber, checkOneOf, show } from "../check";
import type { Data, Generator, Labels, Oversampler, Origins, Run } from "../contracts";
import { checkOversampler } from "../resample/doors";
import { alignTo } from "../data/align";
import type { Dataset, Made, Schema } from "../data/dataset";
import { checkUnmarked } from "../data/marks";
import { append, join, shaper, takeRows } from "../data/parts";
import { read } from "../data/read";
import { sealed } from "../data/weighted";
import { write, type Written } from "../data/write";
import { InputError } from "../errors";
import { OriginList } from "../resample/origins";
import { partOf, startWork, type Work } from "../run/work";
import { subsetsFor, tasksOf, type TaskRows } from "./donors";
import { rowsFor } from "./sized";
import { mapBetween, type Move, type Transfer } from "./transfer";

/** What rows a correction is made of. */
export interface CorrectionOptions {
  /** Whose bias is to be corrected: it makes the synthetic rows, and the pseudo-synthetic ones with the same settings. */
  readonly oversampler: Oversampler;
  /** Rows to add, as a multiple of those that the oversampler's strategy asks for. Default 1. */
  readonly gamma?: number | undefined;
  /** How rows of larger classes take the place of the smaller one. Default `"diag"`. */
  readonly transfer?: Transfer | undefined;
  /**
   * What pseudo-synthetic rows are compared with: `"seeds"`, the rows they were made from, which leaves the generator's bias and little noise; or `"heldout"`, all other rows of the larger class. Default
   * `"seeds"`.
   */
  readonly reference?: "seeds" | "heldout" | undefined;
  /** How many artificial minorities at most. Default: as many disjoint ones as the larger classes hold. */
  readonly subsets?: number | undefined;
  /** n labels, the task of each row: each task grows by itself, and the same class of a larger task lends to it. Default: one task. */
  readonly tasks?: Labels | undefined;
  /** Default 0; the oversampler has its own. */
  readonly seed?: number | undefined;
}

/** How much of the bias is taken away when that is tuned. */
export const STRENGTHS: readonly number[] = [0, 0.25, 0.5, 0.75, 1];

export const CORRECTION_OPTIONS = ["oversampler", "gamma", "transfer", "reference", "subsets", "tasks", "seed"] as const;

/** Where the parts of a corrected data set begin and, last, its number of rows: the real rows are before the synthetic ones. */
export interface CorrectionParts {
  readonly synthetic: number;
  readonly reference: number;
  readonly pseudo: number;
  readonly end: number;
}

/** Everything about a correction but its strength. */
export interface Correction<D extends Data> {
  readonly subsets: number;
  readonly notes: readonly string[];
  /** Rows, signed weights and origins at a strength; at 0 those of naive augmentation alone, each of weight 1. */
  at(lambda: number): CorrectedData<D>;
}

/** A corrected data set. */
export interface CorrectedData<D> {
  /**
   * Real rows, synthetic rows, reference rows and pseudo-synthetic rows, in the shape that came in, with signed weights: property `weights` of a matrix, a column of a table (`weight`). `fit` of learners and `toMatrix` take
   * the weights with it; everything else refuses it, because without them it says something else.
   */
  readonly data: D;
  /** f64 (rows). Their sum is the number of real and synthetic rows. */
  readonly weights: Float64Array;
  /** Of every row; reference and pseudo-synthetic ones grew from rows of larger classes. */
  readonly origins: Origins;
  readonly parts: CorrectionParts;
  readonly lambda: number;
}

/** Work of making a small subset, about: most is not arithmetic. */
const SUBSET_WORK = 1e7;

/** Rows that were made, what they grew from, and what each weighs at full strength. */
interface Piece extends Pick<Origins, "base" | "neighbor" | "gap"> {
  readonly cells: Pick<Made, "m" | "numeric" | "nominal"> & { readonly carried: readonly ArrayLike<unknown>[] };
  /** The class that they speak for. */
  readonly code: number;
  readonly weight: (t: number) => number;
}

/** What is the same for all classes. */
interface Maker extends Pick<CorrectionOptions, "oversampler"> {
  readonly transfer: Transfer;
  readonly reference: "seeds" | "heldout";
  readonly data: Data;
  readonly dataset: Dataset;
  readonly most: number;
  readonly seed: number;
  readonly quiet: Run;
  readonly work: Work;
  readonly notes: Set<string>;
  readonly synthetic: Piece[];
  readonly references: Piece[];
  readonly pseudo: Piece[];
}

/**
 * Makes what bias correction needs of some rows, those of a fold for one: `at(lambda).data` is what a learner is fitted on. Synthetic rows are the first of the oversampler's streams, so corrections of different
 * gamma share them.
 */
export async function correctionOf<D extends Data>(data: D, options: CorrectionOptions, run?: Run): Promise<Correction<D>> {
  const { oversampler, tasks, gamma = 1, subsets: most } = options;
  checkOversampler(oversampler);
  checkUnmarked(data, "biasCorrect");
  const dataset = read(data);
  const { schema, n } = dataset;
  if (dataset.weights) throw new InputError("OPTION", "The table has a weight column, but bias correction weighs rows itself; carry it.");
  if (tasks !== undefined && tasks?.length !== n) {
    throw new InputError("OPTION", `tasks is ${show(tasks)}, but needs ${n} labels, one for each row.`);
  }
  checkNumber("gamma", gamma, 0, 100);
  const maker: Maker = {
    data,
    dataset,
    oversampler,
    transfer: checkOneOf("transfer", options.transfer ?? "diag", ["diag", "translate", "affine", "own"]),
    reference: checkOneOf("reference", options.reference ?? "seeds", ["seeds", "heldout"]),
    most: most === undefined ? Infinity : checkInteger("subsets", most, 1),
    seed: checkInteger("seed", options.seed ?? 0, 0),
    quiet: { ...run, onProgress: undefined },
    // counts across the many small calls, which would never give the host a turn
    work: startWork({ signal: run?.signal }, Infinity),
    notes: new Set(),
    synthetic: [],
    references: [],
    pseudo: [],
  };
  const all = tasksOf(dataset, tasks);
  const total = all.length * schema.classes.length;
  let [subsets, step] = [0, 0];
  for (const task of all) {
    const part = shaper<Data>(data)(takeRows(data, schema, task.rows));
    const generator = await oversampler.fit(part, maker.quiet);
    for (const note of generator.notes) maker.notes.add(note);
    for (const label of generator.labels) {
      const count = rowsFor(gamma, generator.counts.get(label)!);
      const code = schema.classes.indexOf(label);
      if (count > 0) {
        maker.synthetic.push(await sampled(maker, generator, code, 0, count, task.rows));
        subsets += await borrow(maker, all, task, code, count, partOf(run, step, total).onProgress);
      }
      step++;
    }
  }
  run?.onProgress?.({ done: total, total });
  return { ...assembled<D>(maker), subsets };
}

/** Rows [from, to) of a stream; `rows`: number of each row that the generator was fitted on. */
async function sampled(
  { dataset: { schema }, quiet }: Maker,
  generator: Generator<Data>,
  code: number,
  from: number,
  to: number,
  rows: Uint32Array,
): Promise<Piece> {
  const { data, origins } = await generator.sample(schema.classes[code]!, from, to, quiet);
  const { n, numeric, nominal, carried } = alignTo(schema, read(data));
  return {
    cells: { m: n, numeric, nominal, carried },
    code,
    base: origins.base.map((row) => rows[row]!),
    neighbor: origins.neighbor.map((row) => (row < 0 ? row : rows[row]!)),
    gap: origins.gap,
    weight: () => -1,
  };
}

/**
 * What a class of a task borrows: artificial minorities put in its place, and what the oversampler makes of each. Subset m gives rows of part m of the stream, so that together they have the draws of the synthetic rows,
 * whose noise cancels. Returns how many there are.
 */
async function borrow(
  maker: Maker,
  tasks: readonly TaskRows[],
  task: TaskRows,
  code: number,
  count: number,
  onProgress: Run["onProgress"],
): Promise<number> {
  const { dataset, data, transfer, reference, notes, quiet } = maker;
  const { schema, labels } = dataset;
  const own = task.byClass[code]!;
  if (schema.d === 0 && transfer !== "own") {
    notes.add('No feature is numeric, so nothing can be transferred or corrected; use transfer: "own".');
    return 0;
  }
  const subsets = subsetsFor(dataset, tasks, task, code, maker.seed).slice(0, Math.min(maker.most, count));
  const share = count / subsets.length;
  if (subsets.length === 0) {
    notes.add(
      `Class ${show(schema.classes[code])} has ${own.length} rows and no other class has twice as many, so its bias is not corrected.`,
    );
  } else if (schema.q > 0 && transfer !== "own") notes.add("Nominal columns are left out of the correction: no map moves them.");
  const others = task.rows.filter((i) => labels[i] !== code);
  const rest = takeRows(data, schema, others);
  const numbers = new Uint32Array(others.length + own.length);
  numbers.set(others);
  const moves = new Map(subsets.map(({ pool }) => [pool, mapBetween(dataset, transfer, pool, own)]));
  for (const [m, { rows, pool, code: lender }] of subsets.entries()) {
    const move = moves.get(pool) ?? null;
    const seeds = placed(dataset, move, own, rows, code);
    const content = join(rest, written(schema, [seeds]), schema.layout);
    const generator = await maker.oversampler.fit(shaper<Data>(data)(content), quiet);
    const from = Math.floor(m * share);
    numbers.set(rows, others.length);
    const made = await sampled(maker, generator, code, from, Math.floor((m + 1) * share), numbers);
    if (move) copyNominal(dataset, made, (t) => own[(from + t) % own.length]!);
    const says = move ? code : lender;
    maker.pseudo.push({ ...made, code: says });
    if (reference === "seeds") maker.references.push({ ...seeds, code: says, weight: () => share / own.length });
    onProgress?.({ done: m + 1, total: subsets.length });
    await maker.work.step(SUBSET_WORK);
  }
  if (reference === "heldout") {
    for (const [pool, move] of moves) {
      const drawn = subsets.filter((subset) => subset.pool === pool);
      const inside = new Set(drawn.flatMap(({ rows }) => Array.from(rows)));
      // a row counts for every subset of its class but its own
      const weight = (t: number): number => (share / (pool.length - own.length)) * (drawn.length - +inside.has(pool[t]!));
      maker.references.push({ ...placed(dataset, move, own, pool, move ? code : drawn[0]!.code), weight });
    }
  }
  return subsets.length;
}

/** Some rows of a larger class in the place of the smaller one: numeric cells moved, nominal ones those of its rows in turn. */
function placed(dataset: Dataset, move: Move, own: Uint32Array, rows: Uint32Array, code: number): Piece {
  const { schema, numeric, carried } = dataset;
  const { d, q } = schema;
  const m = rows.length;
  const cells = {
    m,
    numeric: new Float64Array(m * d),
    nominal: new Uint32Array(m * q),
    carried: carried.map((column) => Array.from(rows, (i) => column[i])),
  };
  rows.forEach((i, t) => cells.numeric.set(move?.(i) ?? numeric.subarray(i * d, (i + 1) * d), t * d));
  const piece = { cells, code, base: rows, neighbor: new Int32Array(m).fill(-1), gap: new Float64Array(m), weight: () => 1 };
  copyNominal(dataset, piece, (t) => (move ? own[t % own.length]! : rows[t]!));
  return piece;
}

/** Gives made rows the nominal cells of rows of the data. */
function copyNominal({ nominal, schema: { q } }: Dataset, { cells }: Piece, from: (t: number) => number): void {
  for (let t = 0; t < cells.m; t++) for (let c = 0; c < q; c++) cells.nominal[t * q + c] = nominal[from(t) * q + c]!;
}

/** Rows of pieces in the caller's layout. */
function written(schema: Schema, pieces: readonly Piece[]): Written {
  const m = sizeOf(pieces);
  const made = {
    m,
    numeric: new Float64Array(m * schema.d),
    nominal: new Uint32Array(m * schema.q),
    labels: new Uint32Array(m),
    weights: null,
    carried: Array.from({ length: schema.carried }, (_, c) => pieces.flatMap(({ cells }) => Array.from(cells.carried[c]!))),
  };
  let at = 0;
  for (const { cells, code } of pieces) {
    made.numeric.set(cells.numeric, at * schema.d);
    made.nominal.set(cells.nominal, at * schema.q);
    made.labels.fill(code, at, (at += cells.m));
  }
  return write(schema, made);
}

function sizeOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { cells }) => sum + cells.m, 0);
}

function assembled<D extends Data>({
  data,
  dataset,
  oversampler,
  notes,
  synthetic,
  references,
  pseudo,
}: Maker): Omit<Correction<D>, "subsets"> {
  const { schema, n } = dataset;
  const reference = n + sizeOf(synthetic);
  return {
    notes: [...notes],
    at(lambda) {
      const pieces = lambda > 0 ? [...synthetic, ...references, ...pseudo] : synthetic;
      const more = sizeOf(pieces);
      const origins = new OriginList(n, more);
      const weights = new Float64Array(n + more).fill(1);
      let at = n;
      for (const { cells, base, neighbor, gap, weight } of pieces) {
        origins.base.set(base, at);
        origins.neighbor.set(neighbor, at);
        origins.gap.set(gap, at);
        for (let t = 0; t < cells.m; t++, at++) if (at >= reference) weights[at] = lambda * weight(t);
      }
      const content = append(data, schema, written(schema, pieces));
      const mark = { method: `biasCorrect of ${oversampler.name}`, origins };
      const parts = { synthetic: n, reference, pseudo: at - (lambda > 0 ? sizeOf(pseudo) : 0), end: at };
      return { data: sealed(data as D, schema, content, weights, mark), weights, origins, parts, lambda };
    },
  };
}
