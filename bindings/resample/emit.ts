import type { Column, Made, Schema } from "../data/dataset";
import { PURPOSE, stream } from "../draw";
import type { Pointer, SamplingExports } from "../engine/exports";
import type { Instance } from "../engine/lease";
import { environmentError } from "../errors";
import type { Lend } from "../run/work";
import type { Choices } from "./choices";
import type { Plan } from "./plan";

/** The rows of a stream's choices in the arena, from which any number of plans can be carried out. */
export interface Source {
  readonly choices: Choices;
  readonly values: Pointer<Float64Array>;
  readonly codes: Pointer<Uint32Array>;
  readonly table: Pointer<Uint32Array>;
  /** u32 (b, 2): first entry and length of each base's list in the table. */
  readonly lists: Pointer<Uint32Array>;
  /** Masks of 64 bits (d): all ones for columns that hold whole numbers. */
  readonly whole: Pointer<Int32Array>;
  readonly lows: Pointer<Float64Array>;
  readonly highs: Pointer<Float64Array>;
}

export function placeSource({ arena }: Instance<SamplingExports>, schema: Schema, choices: Choices): Source {
  const { columns, lows, highs } = limitsOf(schema);
  return {
    choices,
    values: arena.put(choices.numeric),
    codes: arena.put(choices.nominal),
    table: arena.put(choices.neighbors),
    lists: arena.put(choices.lists),
    whole: arena.put(Int32Array.from(columns.flatMap(({ kind }) => (kind === "numeric" ? [0, 0] : [-1, -1])))),
    lows: arena.put(lows),
    highs: arena.put(highs),
  };
}

/** The numeric columns in order of their places, and the lowest and highest value each may have. */
export function limitsOf(schema: Schema): { columns: Column[]; lows: Float64Array; highs: Float64Array } {
  const columns: Column[] = [];
  for (const column of schema.columns) if (column.role === "feature" && column.kind !== "nominal") columns[column.place] = column;
  const limits = (end: 0 | 1, none: number): Float64Array =>
    Float64Array.from(columns, ({ bounds, levels }) => (levels ? end && levels.length - 1 : (bounds?.[end] ?? none)));
  return { columns, lows: limits(0, -Infinity), highs: limits(1, Infinity) };
}

/** Carries out a plan: numeric and nominal cells of its rows into `into`, from row `at` on. */
export function emit(
  instance: Instance<SamplingExports>,
  schema: Schema,
  source: Source,
  plan: Plan,
  seed: number,
  into: Made,
  at: number,
): void {
  const { kernels, arena } = instance;
  const { choices, values, codes, table, lists, whole, lows, highs } = source;
  const { rule, label } = choices;
  const { m, from } = plan;
  const n = choices.rows.length;
  const { d, q } = schema;
  arena.scope(() => {
    // one more, as lerp_rows needs
    const numeric = arena.room(Float64Array, m * d + 1);
    const nominal = arena.room(Uint32Array, m * q);
    const bases = arena.put(plan.bases);
    const neighbors = arena.put(plan.neighbors);
    const gaps = arena.put(plan.gaps);
    if (rule.name === "lerp") kernels.lerp_rows(numeric, values, bases, neighbors, gaps, whole, m, n, d);
    else if (rule.name !== "copy") {
      const spreads = arena.put(rule.spreads);
      const { truncation, keep } = rule;
      const draws = stream({ seed, label }, PURPOSE.jitter);
      kernels.scatter_rows(numeric, gaps, values, bases, neighbors, spreads, whole, lows, highs, m, n, d, truncation, keep, ...draws, from);
      plan.gaps.set(arena.view(Float64Array, gaps, m));
    }
    kernels.vote_codes(nominal, codes, bases, table, lists, m, n, q, rule.withBase, ...stream({ seed, label }, PURPOSE.vote), from);
    into.numeric.set(arena.view(Float64Array, numeric, m * d), at * d);
    into.nominal.set(arena.view(Uint32Array, nominal, m * q), at * q);
  });
  into.labels.fill(label, at, at + m);
  const { weights, carried } = choices;
  if (rule.nominal === "vote" && !weights && !carried.length) return;
  for (let t = 0; t < m; t++) {
    const base = plan.bases[t]!;
    const neighbor = plan.neighbors[t]!;
    const gap = Math.abs(plan.gaps[t]!);
    if (rule.name === "copy") into.numeric.set(choices.numeric.subarray(base * d, base * d + d), (at + t) * d);
    for (let c = 0; rule.nominal === "parent" && c < q; c++) {
      const own = choices.nominal[base * q + c]!;
      const other = choices.nominal[neighbor * q + c]!;
      into.nominal[(at + t) * q + c] = gap < 0.5 || !own || !other ? own : other;
    }
    if (weights) into.weights![at + t] = weights[base]! + gap * (weights[neighbor]! - weights[base]!);
    carried.forEach((cells, c) => ((into.carried[c] as unknown[])[at + t] = cells[base]));
  }
}

/**
 * Room for m rows, of new numbers unless told.
 * @throws when the machine cannot give it.
 */
export function makeRoom(schema: Schema, m: number, numbers: Lend = (length) => new Float64Array(length)): Made {
  try {
    return {
      m,
      numeric: numbers(m * schema.d),
      nominal: new Uint32Array(m * schema.q),
      labels: new Uint32Array(m),
      weights: schema.weighted ? new Float64Array(m) : null,
      carried: Array.from({ length: schema.carried }, () => []),
    };
  } catch (cause) {
    throw environmentError("OUT_OF_MEMORY", `${m} rows of ${schema.columns.length} columns do not fit in memory; sample in parts.`, cause);
  }
}
