/** The typed mirror of assembly/generator.ts and assembly/core.ts. Pointers are numbers that say what they point at. */

declare const pointsAt: unique symbol;
/** Address of an array of T in the memory of one instance; 0 for none. */
export type Pointer<T> = number & { readonly [pointsAt]?: T };

type F64 = Pointer<Float64Array>;
type F32 = Pointer<Float32Array>;
type U32 = Pointer<Uint32Array>;
type Masks = Pointer<Int32Array>;

/** A seed, a purpose and a class: whose random numbers. */
type Stream = [seedLow: number, seedHigh: number, purpose: number, label: number];

export interface SamplingExports {
  readonly memory: WebAssembly.Memory;
  readonly heap_base: WebAssembly.Global;
  draw_units(units: F64, m: number, ...rest: [...Stream, from: number]): void;
  lerp_rows(out: F64, values: F64, bases: U32, neighbors: U32, gaps: F64, whole: Masks, m: number, n: number, d: number): void;
  scatter_rows(
    out: F64,
    gaps: F64,
    values: F64,
    bases: U32,
    neighbors: U32,
    spreads: F64,
    whole: Masks,
    lows: F64,
    highs: F64,
    m: number,
    n: number,
    d: number,
    truncation: number | undefined,
    keep: number | undefined,
    ...rest: [...Stream, from: number]
  ): void;
  vote_codes(
    out: U32,
    codes: U32,
    bases: U32,
    table: U32,
    lists: U32,
    m: number,
    n: number,
    q: number,
    withBase: boolean | undefined,
    ...rest: [...Stream, from: number]
  ): void;
}

/** Rows as searches read them, and one search: structures only kernels look into. */
export type RowsPointer = Pointer<"rows">;
export type SearchPointer = Pointer<"search">;
export type TreePointer = Pointer<"tree">;
export type WalkPointer = Pointer<"walk">;

export interface CoreExports extends SamplingExports {
  philox(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number, half: number): bigint;
  exp(x: number): number;
  log(x: number): number;
  add_columns(counts: F64, means: F64, squares: F64, lows: F64, highs: F64, values: F64, chunk: F64, n: number, d: number): void;
  divide_columns(values: F64, divisors: F64, n: number, d: number): void;
  fill_missing(values: F64, spreads: F64, means: F64, variances: F64, n: number, d: number): void;
  group_leaves(order: U32, starts: U32, values: F64, sample: F64, n: number, d: number, leaf: number): number;
  rows_bytes(): number;
  set_rows(at: RowsPointer, values: F64, spreads: F64, codes: U32): void;
  packed_slots(starts: U32, leaves: number): number;
  packed_bytes(slots: number, leaves: number, d: number, q: number): number;
  pack_rows(
    at: RowsPointer,
    source: RowsPointer,
    order: U32,
    starts: U32,
    slots: number,
    leaves: number,
    d: number,
    q: number,
    scale: number,
  ): void;
  clear_lists(indices: U32, distances: F64, n: number, k: number): void;
  merge_lists(indices: U32, distances: F64, otherIndices: U32, otherDistances: F64, k: number, from: number, to: number): void;
  sort_lists(indices: U32, distances: F64, k: number, from: number, to: number): void;
  order_key(
    x: RowsPointer,
    y: RowsPointer,
    i: number,
    j: number,
    d: number,
    q: number,
    metric: number,
    weight: number,
    table: number,
  ): number;
  search_bytes(): number;
  search_scratch_bytes(d: number, leaf: number): number;
  set_search(
    at: SearchPointer,
    indices: U32,
    distances: F64,
    reaches: F32,
    scratch: number,
    queries: RowsPointer,
    reference: RowsPointer,
    table: number,
    k: number,
    d: number,
    q: number,
    metric: number,
    weight: number,
    scale: number,
  ): void;
  search_evaluated(at: SearchPointer): number;
  add_evaluated(at: SearchPointer, evaluated: number): void;
  search_pairs(at: SearchPointer, from: number, to: number, budget: number): number;
  search_leaves(at: SearchPointer, from: number, to: number, budget: number): number;
  leaf_distance(x: RowsPointer, a: number, y: RowsPointer, b: number, d: number, scale: number): number;
  tree_bytes(n: number, r: number): number;
  project_rows(out: F64, values: F64, axes: F64, center: F64, n: number, d: number, r: number, scale: number): void;
  build_tree(at: TreePointer, coordinates: F64, sample: F64, n: number, r: number): void;
  walk_bytes(r: number): number;
  set_walk(at: WalkPointer, search: SearchPointer, queries: TreePointer, reference: TreePointer): void;
  walk_query(at: WalkPointer, place: number): number;
  walk_scanned(at: WalkPointer): number;
  walk_tree(at: WalkPointer, from: number, to: number, budget: number): number;
  search_direct(at: SearchPointer, m: number, self: number, from: number, to: number): void;
}
