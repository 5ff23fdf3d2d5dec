import { checkInteger, checkNumber, checkOneOf, show } from "../check";
import type { Data, Label, Labels, Oversampler, Origins, Run } from "../contracts";
import { alignTo } from "../data/align";
import type { Dataset, Made } from "../data/dataset";
import { checkUnmarked } from "../data/marks";
import { append, join, shaper, takeRows } from "../data/parts";
import { read } from "../data/read";
import { sealed } from "../data/weighted";
import { write, type Written } from "../data/write";
import { InputError } from "../errors";
import { OriginList } from "../resample/origins";
import { partOf } from "../run/work";
import { subsetsFor, tasksOf, type Subset, type TaskRows } from "./donors";
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
  readonly parts: CorrectionParts;
  readonly notes: readonly string[];
  /** Rows, signed weights and origins at a strength; at 0 those of naive augmentation alone, each of weight 1. */
  at(lambda: number): { readonly data: D; readonly weights: Float64Array; readonly origins: Origins };
}

/** Rows that were made: their cells, which class they speak for, what they grew from, and what they weigh at full strength. */
interface Piece {
  readonly cells: Pick<Made, "m" | "numeric" | "nominal"> & { readonly carried: readonly ArrayLike<unknown>[] };
  readonly code: number;
  readonly base: ArrayLike<number>;
  readonly neighbor: ArrayLike<number>;
  readonly gap: ArrayLike<number>;
  readonly weight: ArrayLike<number> | number;
}

/**
 * Makes what bias correction needs of some rows, those of a fold for one: `at(lambda).data` is what a learner is fitted on. Synthetic rows are the first of the oversampler's streams, so corrections of different
 * gamma share them.
 */
export async function correctionOf<D extends Data>(data: D, options: CorrectionOptions, run?: Run): Promise<Correction<D>> {
  const { oversampler, tasks } = options;
  if (typeof oversampler?.fit !== "function") {
    throw new InputError("OPTION", `oversampler is ${show(oversampler)}, but needs what smote() or another oversampler returns.`);
  }
  const dataset = read(data);
  const { schema, n } = dataset;
  checkUnmarked(data, "biasCorrect");
  if (dataset.weights) throw new InputError("OPTION", "The table has a weight column, but bias correction weighs rows itself; carry it.");
  if (tasks !== undefined && tasks?.length !== n) {
    throw new InputError("OPTION", `tasks is ${show(tasks)}, but needs ${n} labels, one for each row.`);
  }
  const maker: Maker<D> = {
    data,
    dataset,
    oversampler,
    gamma: checkNumber("gamma", options.gamma ?? 1, 0, 100),
    transfer: checkOneOf("transfer", options.transfer ?? "diag", ["diag", "translate", "affine", "own"]),
    reference: checkOneOf("reference", options.reference ?? "seeds", ["seeds", "heldout"]),
    most: options.subsets === undefined ? Infinity : checkInteger("subsets", options.subsets, 1),
    seed: checkInteger("seed", options.seed ?? 0, 0),
    notes: new Set(),
    run,
  };
  const all = tasksOf(dataset, tasks);
  const found: Record<"synthetic" | "reference" | "pseudo", Piece[]> = { synthetic: [], reference: [], pseudo: [] };
  const total = all.length * schema.classes.length;
  let subsets = 0;
  for (const [t, task] of all.entries()) {
    const part = shaper(data)(takeRows(data, schema, task.rows));
    const generator = await oversampler.fit(part, { ...run, onProgress: undefined });
    for (const note of generator.notes) maker.notes.add(note);
    for (const [l, label] of generator.labels.entries()) {
      const count = Math.round(maker.gamma * generator.counts.get(label)!);
      if (count === 0) continue;
      const code = schema.classes.indexOf(label);
      const inner = partOf(run, t * schema.classes.length + l, total);
      found.synthetic.push(await sampled(maker, generator, code, 0, count, task.rows));
      const lent = await borrow(maker, all, task, code, count, inner);
      subsets += lent.subsets;
      found.reference.push(...lent.reference);
      found.pseudo.push(...lent.pseudo);
    }
  }
  run?.onProgress?.({ done: total, total });
  return assembled(maker, found, subsets);
}

interface Maker<D extends Data> {
  readonly data: D;
  readonly dataset: Dataset;
  readonly oversampler: Oversampler;
  readonly gamma: number;
  readonly transfer: Transfer;
  readonly reference: "seeds" | "heldout";
  readonly most: number;
  readonly seed: number;
  readonly notes: Set<string>;
  readonly run: Run | undefined;
}

type Sampler = { sample(label: Label, from: number, to: number, run?: Run): Promise<{ data: Data; origins: Origins }> };

/** Rows [from, to) of a stream; `rows`: number of each row that the generator was fitted on. */
async function sampled<D extends Data>(
  { dataset: { schema }, run }: Maker<D>,
  generator: Sampler,
  code: number,
  from: number,
  to: number,
  rows: Uint32Array,
): Promise<Piece> {
  const { data, origins } = await generator.sample(schema.classes[code]!, from, to, { ...run, onProgress: undefined });
  const { n, numeric, nominal, carried } = alignTo(schema, read(data));
  return {
    cells: { m: n, numeric, nominal, carried },
    code,
    base: Array.from(origins.base, (row) => rows[row]!),
    neighbor: Array.from(origins.neighbor, (row) => (row < 0 ? row : rows[row]!)),
    gap: origins.gap,
    weight: -1,
  };
}

/**
 * What a class of a task borrows: artificial minorities put in its place, and what the oversampler makes of each. Subset m gives rows of part m of the stream, so that together they have the draws of the synthetic rows,
 * whose noise cancels.
 */
async function borrow<D extends Data>(
  maker: Maker<D>,
  tasks: readonly TaskRows[],
  task: TaskRows,
  code: number,
  count: number,
  onProgress: Run["onProgress"],
): Promise<{ subsets: number; reference: Piece[]; pseudo: Piece[] }> {
  const { dataset, data, transfer, most, seed, notes, oversampler, run } = maker;
  const { schema } = dataset;
  const own = task.byClass[code]!;
  const name = show(schema.classes[code]);
  const none = { subsets: 0, reference: [], pseudo: [] };
  if (schema.d === 0 && transfer !== "own") {
    notes.add('No feature is numeric, so nothing can be transferred or corrected; use transfer: "own".');
    return none;
  }
  const subsets = subsetsFor(dataset, tasks, task, code, seed).slice(0, Math.min(most, count));
  if (subsets.length === 0) {
    notes.add(`Class ${name} has ${own.length} rows and no other class has twice as many, so its bias is not corrected.`);
    return none;
  }
  if (schema.q > 0 && transfer !== "own") notes.add("Nominal columns are left out of the correction: no map moves them.");
  const rest = task.rows.filter((i) => dataset.labels[i] !== code);
  const reference: Piece[] = [];
  const pseudo: Piece[] = [];
  const moves = new Map(subsets.map(({ pool }) => [pool, mapBetween(dataset, transfer, pool, own)]));
  for (const [m, subset] of subsets.entries()) {
    const move = moves.get(subset.pool) ?? null;
    const seeds = placed(dataset, move, own, subset.rows, code);
    const lent = new Set(subset.rows);
    const others = move ? rest : rest.filter((i) => !lent.has(i));
    // without a map the two change labels, so that classes keep their sizes
    const swapped = move ? undefined : placed(dataset, move, own, own, subset.code);
    let content: Written = takeRows(data, schema, others);
    for (const piece of swapped ? [swapped, seeds] : [seeds]) content = join(content, written(maker, [piece]), schema.layout);
    const generator = await oversampler.fit(shaper<Data>(data)(content), { ...run, onProgress: undefined });
    const [from, to] = [m, m + 1].map((at) => Math.floor((at * count) / subsets.length)) as [number, number];
    const rows = Uint32Array.from([...others, ...(swapped ? own : []), ...subset.rows]);
    const made = await sampled(maker, generator, code, from, to, rows);
    if (move) withNominal(dataset, made, subset, own);
    const says = move ? code : subset.code;
    pseudo.push({ ...made, code: says });
    if (maker.reference === "seeds") reference.push({ ...seeds, code: says, weight: count / subsets.length / own.length });
    onProgress?.({ done: m + 1, total: subsets.length });
  }
  if (maker.reference === "heldout") reference.push(...heldOut(dataset, subsets, moves, own, code, count));
  return { subsets: subsets.length, reference, pseudo };
}

/** Some rows of a larger class in the place of the smaller one: numeric cells moved, nominal ones those of its rows in turn. */
function placed({ schema, numeric, nominal, carried }: Dataset, move: Move, own: Uint32Array, rows: Uint32Array, code: number): Piece {
  const { d, q } = schema;
  const cells = {
    m: rows.length,
    numeric: new Float64Array(rows.length * d),
    nominal: new Uint32Array(rows.length * q),
    carried: carried.map((column) => Array.from(rows, (i) => column[i])),
  };
  rows.forEach((i, t) => {
    cells.numeric.set(move?.(i) ?? numeric.subarray(i * d, (i + 1) * d), t * d);
    const like = move ? own[t % own.length]! : i;
    cells.nominal.set(nominal.subarray(like * q, (like + 1) * q), t * q);
  });
  return { cells, code, base: rows, neighbor: new Int32Array(rows.length).fill(-1), gap: new Float64Array(rows.length), weight: 1 };
}

/** Gives made rows the nominal cells of the rows they grew from, so that these make no difference. */
function withNominal({ nominal, schema: { q } }: Dataset, { base, cells }: Piece, { rows }: Subset, own: Uint32Array): void {
  if (q === 0) return;
  for (let t = 0; t < cells.m; t++) {
    const like = own[rows.indexOf(base[t]!)] ?? own[0]!;
    cells.nominal.set(nominal.subarray(like * q, (like + 1) * q), t * q);
  }
}

/** All rows of each larger class, each with what it counts for beside the subsets that it is not in. */
function heldOut(
  dataset: Dataset,
  subsets: readonly Subset[],
  moves: ReadonlyMap<Uint32Array, Move>,
  own: Uint32Array,
  code: number,
  count: number,
): Piece[] {
  return [...moves].map(([pool, move]) => {
    const drawn = subsets.filter((subset) => subset.pool === pool);
    const inside = new Set(drawn.flatMap(({ rows }) => Array.from(rows)));
    const share = count / subsets.length / (pool.length - own.length);
    const weight = Array.from(pool, (i) => share * (drawn.length - +inside.has(i)));
    return { ...placed(dataset, move, own, pool, move ? code : drawn[0]!.code), weight };
  });
}

/** Rows of pieces in the caller's layout. */
function written<D extends Data>({ dataset: { schema } }: Maker<D>, pieces: readonly Piece[]): Written {
  const { d, q } = schema;
  const m = pieces.reduce((sum, { cells }) => sum + cells.m, 0);
  const made = {
    m,
    numeric: new Float64Array(m * d),
    nominal: new Uint32Array(m * q),
    labels: new Uint32Array(m),
    weights: null,
    carried: Array.from({ length: schema.carried }, (_, c) => pieces.flatMap(({ cells }) => Array.from(cells.carried[c]!))),
  };
  let at = 0;
  for (const { cells, code } of pieces) {
    made.numeric.set(cells.numeric, at * d);
    made.nominal.set(cells.nominal, at * q);
    made.labels.fill(code, at, (at += cells.m));
  }
  return write(schema, made);
}

function assembled<D extends Data>(
  maker: Maker<D>,
  { synthetic, reference, pseudo }: Record<"synthetic" | "reference" | "pseudo", readonly Piece[]>,
  subsets: number,
): Correction<D> {
  const { data, dataset, oversampler, notes } = maker;
  const { schema, n } = dataset;
  const sizeOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, { cells }) => sum + cells.m, 0);
  const starts = { synthetic: n, reference: n + sizeOf(synthetic), pseudo: n + sizeOf(synthetic) + sizeOf(reference) };
  const parts = { ...starts, end: starts.pseudo + sizeOf(pseudo) };
  return {
    subsets,
    parts,
    notes: [...notes],
    at(lambda) {
      const pieces = lambda > 0 ? [...synthetic, ...reference, ...pseudo] : synthetic;
      const end = n + sizeOf(pieces);
      const origins = new OriginList(n, end - n);
      const weights = new Float64Array(end).fill(1);
      let at = n;
      for (const { cells, base, neighbor, gap, weight } of pieces) {
        origins.base.set(base, at);
        origins.neighbor.set(neighbor, at);
        origins.gap.set(gap, at);
        if (at >= starts.reference)
          for (let i = 0; i < cells.m; i++) weights[at + i] = lambda * (typeof weight === "number" ? weight : weight[i]!);
        at += cells.m;
      }
      const content = append(data, schema, written(maker, pieces));
      const mark = { method: `biasCorrect of ${oversampler.name}`, origins };
      return { data: sealed(data, schema, content, weights, mark), weights, origins };
    },
  };
}
