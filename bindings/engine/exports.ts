/** The typed mirror of assembly/generator.ts, assembly/core.ts, assembly/stats.ts, assembly/learn.ts and assembly/density.ts. Pointers are numbers that say what they point at. */

declare const pointsAt: unique symbol;
/** Address of an array of T in the memory of one instance; 0 for none. */
export type Pointer<T> = number & { readonly [pointsAt]?: T };

type F64 = Pointer<Float64Array>;
type F32 = Pointer<Float32Array>;
type U32 = Pointer<Uint32Array>;
type Masks = Pointer<Int32Array>;

/** A seed, a purpose and a class: whose random numbers. */
type Stream = [seedLow: number, seedHigh: number, purpose: number, label: number];

/** What every binary has. */
export interface MemoryExports {
  readonly memory: WebAssembly.Memory;
  readonly heap_base: WebAssembly.Global;
}

/** What every binary has that draws. */
export interface KernelExports extends MemoryExports {
  draw_units(units: F64, m: number, ...rest: [...Stream, from: number]): void;
}

export interface SamplingExports extends KernelExports {
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
  add_columns(counts: F64, means: F64, squares: F64, lows: F64, highs: F64, values: F64, n: number, d: number): void;
  divide_columns(values: F64, divisors: F64, n: number, d: number): void;
  fill_missing(values: F64, spreads: F64, means: F64, variances: F64, n: number, d: number): void;
  group_leaves(order: U32, starts: U32, values: F64, sample: F64, n: number, d: number, leaf: number): number;
  rows_bytes(): number;
  set_rows(at: RowsPointer, values: F64, spreads: F64, codes: U32): void;
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

/** A clustering, and a support vector problem: structures only kernels look into. */
export type ClusteringPointer = Pointer<"clustering">;
export type MachinePointer = Pointer<"machine">;

export interface StatsExports extends KernelExports {
  pack_pairs(packed: F64, rows: F64, m: number, d: number): void;
  squares_to_pairs(squares: F64, row: F64, packed: F64, pairs: number, d: number): void;
  sum_distances(sums: F64, rows: F64, packed: F64, squares: F64, m: number, d: number, from: number, to: number): void;
  try_seeds(
    potentials: F64,
    closest: F64,
    rows: F64,
    weights: F64,
    packed: F64,
    squares: F64,
    d: number,
    m: number,
    from: number,
    to: number,
  ): void;
  take_seed(closest: F64, rows: F64, seed: F64, d: number, from: number, to: number): void;
  clustering_bytes(): number;
  set_clustering(
    at: ClusteringPointer,
    labels: U32,
    uppers: F64,
    lowers: F64,
    rows: F64,
    narrow: F32,
    lengths: F64,
    centers: F64,
    packed: F64,
    narrowCenters: F32,
    starts: F32,
    shifts: F64,
    halves: F64,
    squares: F64,
    origin: F64,
    d: number,
    k: number,
  ): void;
  narrow_rows(narrow: F32, lengths: F64, rows: F64, origin: F64, d: number, from: number, to: number): void;
  place_centers(at: ClusteringPointer): void;
  assign_rows(at: ClusteringPointer, from: number, to: number): number;
  sum_members(sums: F64, masses: F64, rows: F64, weights: F64, labels: U32, centers: F64, d: number, from: number, to: number): void;
  own_squares(squares: F64, rows: F64, centers: F64, labels: U32, d: number, from: number, to: number): void;
  machine_bytes(): number;
  set_machine(
    at: MachinePointer,
    alphas: F64,
    limits: F64,
    signs: F64,
    gains: F64,
    ups: F64,
    downs: F64,
    rows: F64,
    packed: F64,
    squares: F64,
    cache: F32,
    slotOf: U32,
    rowIn: U32,
    used: U32,
    n: number,
    d: number,
    slots: number,
    tolerance: number,
  ): void;
  machine_gap(at: MachinePointer): number;
  kernel_row(kernels: F32, row: F64, packed: F64, squares: F64, m: number, d: number): void;
  sum_kernels(
    out: F64,
    queries: F64,
    packed: F64,
    coefficients: F64,
    kernels: F32,
    squares: F64,
    n: number,
    d: number,
    from: number,
    to: number,
  ): void;
  solve_machine(at: MachinePointer, most: number): number;
  sum_narrow(sums: F64, narrow: F32, support: F32, coefficients: F32, squares: F32, s: number, d: number, from: number, to: number): void;
}

export interface LearnExports extends MemoryExports {
  exp(x: number): number;
  log(x: number): number;
  move_cells(out: F64, cells: F64, shifts: F64, factors: F64, width: number, stride: number, from: number, to: number): void;
  logistic_pass(
    value: F64,
    gradient: F64,
    chances: F64,
    rows: F64,
    targets: F64,
    weights: F64,
    theta: F64,
    stride: number,
    from: number,
    to: number,
  ): void;
  logistic_chances(chances: F64, rows: F64, theta: F64, stride: number, from: number, to: number): void;
  softmax_pass(
    value: F64,
    gradient: F64,
    chances: F64,
    rows: F64,
    codes: U32,
    weights: F64,
    theta: F64,
    classes: number,
    stride: number,
    from: number,
    to: number,
  ): void;
  narrow_cells(out: F32, rows: F64, stride: number, width: number, from: number, to: number): void;
  rough_pass(
    value: F64,
    gradient: F64,
    curvatures: F32,
    sums: F32,
    rows: F32,
    targets: F64,
    weights: F64,
    theta: F32,
    width: number,
    from: number,
    to: number,
  ): void;
  rough_gram(gram: F64, left: F64, picked: F32, rows: F32, curvatures: F32, width: number, least: number, from: number, to: number): void;
  curvature_factors(factors: F64, chances: F64, weights: F64, columns: number, k: number, l: number, from: number, to: number): void;
  add_gram(gram: F64, rows: F64, factors: F64, stride: number, from: number, to: number): void;
  factor_cholesky(matrix: F64, n: number): number;
  solve_cholesky(x: F64, matrix: F64, n: number): void;
}

export interface DensityExports extends MemoryExports {
  raise_powers(values: F64, tiles: number, shift: number): number;
  pack_tiles(packed: F64, rows: F64, scales: F64, biases: F64, order: U32, tiles: number, d: number): void;
  center_tiles(products: F64, bounds: F64, packed: F64, boxes: F64, starts: U32, leaves: number, d: number): void;
  log_sums(
    shifts: F64,
    sums: F64,
    queries: F64,
    own: U32,
    packed: F64,
    products: F64,
    boxes: F64,
    floors: F64,
    bounds: F64,
    starts: U32,
    scratch: F64,
    leaves: number,
    d: number,
    laplacian: boolean,
    bits: number,
    from: number,
    to: number,
  ): void;
  add_moments(
    moments: F64,
    rows: F64,
    weights: F64,
    origins: F64,
    scratch: F64,
    at: U32,
    d: number,
    p: number,
    rest: number,
    side: number,
    from: number,
    to: number,
  ): void;
  translate(out: F64, boxes: F64, matrices: F64, edges: U32, p: number, rest: number, from: number, to: number): void;
  expand(
    out: F64,
    expansions: F64,
    queries: F64,
    origins: F64,
    scratch: F64,
    at: U32,
    d: number,
    p: number,
    rest: number,
    side: number,
    from: number,
    to: number,
  ): void;
  weigh_kernels(
    out: F64,
    queries: F64,
    packed: F64,
    weights: F64,
    scratch: F64,
    tiles: number,
    d: number,
    laplacian: boolean,
    triangle: boolean,
    from: number,
    to: number,
  ): void;
  add_kernels(
    out: F64,
    queries: F64,
    packed: F64,
    scratch: F64,
    tiles: number,
    d: number,
    laplacian: boolean,
    from: number,
    to: number,
  ): number;
  kernel_gradients(
    out: F64,
    queries: F64,
    packed: F64,
    weights: F64,
    scratch: F64,
    tiles: number,
    d: number,
    laplacian: boolean,
    from: number,
    to: number,
  ): void;
  sum_groupings(sums: F64, matrix: F64, members: F64, n: number, stride: number, from: number, to: number): void;
  add_waves(sums: F64, rows: F64, frequencies: F64, k: number, d: number, from: number, to: number): void;
  factor_panel(matrix: F64, pivots: U32, scratch: F64, n: number, stride: number, from: number): number;
  solve_rows(matrix: F64, packed: F64, scratch: F64, stride: number, first: number, deep: number, from: number, to: number): void;
  update_rows(
    matrix: F64,
    packed: F64,
    scratch: F64,
    stride: number,
    first: number,
    deep: number,
    from: number,
    to: number,
    begin: number,
    end: number,
  ): void;
  solve_lu(x: F64, matrix: F64, pivots: U32, n: number, stride: number): void;
  invert_rows(matrix: F64, scratch: F64, n: number, stride: number, from: number, to: number): void;
  inverse_diagonal(diagonal: F64, matrix: F64, pivots: U32, where: U32, n: number, stride: number): void;
}
