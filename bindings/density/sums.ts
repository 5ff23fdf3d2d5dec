import { core } from "../engine/core";
import type { DensityExports, Pointer } from "../engine/exports";
import { withInstanceNow, type Instance } from "../engine/lease";
import { inBlocks, type Work } from "../run/work";

type F64 = Pointer<Float64Array>;

/** Points whose kernels are summed. The kernel of point i at x is 2^−(scale_i · Σ (x − y)² + bias_i), with |x − y| in place of the square if it is Laplacian. */
export interface Centers {
  /** f64 (n, d), complete. */
  readonly values: Float64Array;
  readonly n: number;
  readonly d: number;
  readonly laplacian: boolean;
  /** f64 (n). */
  readonly scales: Float64Array;
  readonly biases: Float64Array;
}

/** Points in the arena, eight by eight. */
export interface Tiles {
  readonly packed: F64;
  readonly tiles: number;
  /** f64 (8 · tiles): room to work in. */
  readonly scratch: F64;
}

/** Points in the arena, in leaves of points that are close together. */
export interface Leaves extends Tiles {
  readonly boxes: F64;
  readonly floors: F64;
  /** The points about the middle of their leaf, and how far products may be trusted; 0 where differences are taken. */
  readonly products: F64;
  readonly bounds: F64;
  readonly starts: Pointer<Uint32Array>;
  readonly leaves: number;
  /** u32 (n): place of each point among the packed ones. */
  readonly places: Uint32Array;
}

/** Points of a leaf: few are ruled out more closely; in many columns, where hardly any are, each test should speak of many. */
function leafSize(d: number): number {
  return Math.min(256, 64 * Math.ceil(d / 4));
}

/** Columns from which on squared distances are had by products. */
const PRODUCTS = 8;

const NONE = 0xffffffff;

/** Work of the kernels between one query and n points. */
export function kernelWork(n: number, d: number): number {
  return n * (d + 16);
}

/** Bytes that n points take. */
export function centersBytes(n: number, d: number): number {
  return (n + 8 * Math.ceil(n / 16)) * (16 * d + 48) + n * (8 * d + 16) + 16 * d + 8192;
}

/** The points in their order. */
export function placeTiles(instance: Instance<DensityExports>, centers: Centers): Tiles {
  const tiles = Math.ceil(centers.n / 8);
  return packed(
    instance,
    centers,
    Uint32Array.from({ length: 8 * tiles }, (_, p) => (p < centers.n ? p : NONE)),
  );
}

function packed({ kernels, arena }: Instance<DensityExports>, { values, d, scales, biases }: Centers, order: Uint32Array): Tiles {
  const tiles = order.length / 8;
  // beside the tiles two queries are placed in it, and two leaves of up to 256 points
  const [at, scratch] = [arena.room(Float64Array, order.length * (d + 2)), arena.room(Float64Array, order.length + 2 * d + 512)];
  arena.scope(() => kernels.pack_tiles(at, arena.put(values), arena.put(scales), arena.put(biases), arena.put(order), tiles, d));
  return { packed: at, tiles, scratch };
}

/** The points in leaves, so that those too far from a query to matter are left out together. */
export function placeLeaves(instance: Instance<DensityExports>, centers: Centers): Leaves {
  const { arena } = instance;
  const { values, n, d, laplacian, scales, biases } = centers;
  const { order, starts } = withInstanceNow(core, ({ kernels, arena: room }) =>
    room.scope(() => {
      const [rows, cuts] = [room.room(Uint32Array, n), room.room(Uint32Array, n + 1)];
      const leaves = kernels.group_leaves(rows, cuts, room.put(values), room.room(Float64Array, 128), n, d, leafSize(d));
      return { order: room.take(Uint32Array, rows, n), starts: room.take(Uint32Array, cuts, leaves + 1) };
    }),
  );
  const leaves = starts.length - 1;
  const places = new Uint32Array(n);
  const padded: number[] = [];
  const boxes = new Float64Array(2 * leaves * d);
  const floors = new Float64Array(2 * leaves).fill(Infinity);
  const first = starts.map((_, leaf) => {
    if (leaf === leaves) return padded.length / 8;
    const tile = padded.length / 8;
    const [low, high] = [2 * leaf * d, (2 * leaf + 1) * d];
    boxes.fill(Infinity, low, high).fill(-Infinity, high, high + d);
    for (let t = starts[leaf]!; t < starts[leaf + 1]!; t++) {
      const i = order[t]!;
      places[i] = padded.push(i) - 1;
      for (let c = 0; c < d; c++) {
        const value = values[i * d + c]!;
        boxes[low + c] = Math.min(boxes[low + c]!, value);
        boxes[high + c] = Math.max(boxes[high + c]!, value);
      }
      floors[2 * leaf] = Math.min(floors[2 * leaf]!, scales[i]!);
      floors[2 * leaf + 1] = Math.min(floors[2 * leaf + 1]!, biases[i]!);
    }
    while (padded.length % 8) padded.push(NONE);
    return tile;
  });
  const tiles = packed(instance, centers, Uint32Array.from(padded));
  const placed = { ...tiles, boxes: arena.put(boxes), floors: arena.put(floors), starts: arena.put(first), leaves, places };
  // in few columns powers take most of the time
  if (laplacian || d < PRODUCTS) return { ...placed, products: 0, bounds: 0 };
  const [products, bounds] = [arena.room(Float64Array, padded.length * (d + 1)), arena.room(Float64Array, (d + 2) * leaves)];
  instance.kernels.center_tiles(products, bounds, placed.packed, placed.boxes, placed.starts, leaves, d);
  return { ...placed, products, bounds };
}

/** Of m queries, f64 (m): binary logarithms of the sums of kernels, −Infinity of none. */
export async function logSums(
  instance: Instance<DensityExports>,
  work: Work,
  placed: Leaves,
  { n, d, laplacian }: Pick<Centers, "n" | "d" | "laplacian">,
  queries: Float64Array,
  options: {
    /** u32 (m): a point for each query that is left out of its sum. */
    readonly own?: Uint32Array;
    /** Largest relative error of a sum; 0: no more than rounding makes. */
    readonly tolerance: number;
  },
): Promise<Float64Array> {
  const { arena, kernels } = instance;
  const { packed: rows, products, boxes, floors, bounds, starts, scratch, leaves, places } = placed;
  const m = queries.length / d;
  // without a tolerance what is left out is what f64 would not add: below half a unit of the last place of the sum
  const bits = options.tolerance > 0 ? Math.ceil(binaryLog(n / options.tolerance)) : 54;
  return arena.during(async () => {
    const [shifts, sums] = [arena.room(Float64Array, m), arena.room(Float64Array, m)];
    const own = options.own ? arena.put(options.own.map((i) => places[i]!)) : 0;
    const asked = arena.put(queries);
    const cost = kernelWork(n, d);
    await inBlocks(work, m, cost, (from, to) =>
      kernels.log_sums(
        shifts,
        sums,
        asked,
        own,
        rows,
        products,
        boxes,
        floors,
        bounds,
        starts,
        scratch,
        leaves,
        d,
        laplacian,
        bits,
        from,
        to,
      ),
    );
    const found = arena.view(Float64Array, shifts, m);
    const scaled = arena.view(Float64Array, sums, m);
    return withInstanceNow(core, ({ kernels: { log } }) => found.map((shift, i) => log(scaled[i]!) * Math.LOG2E - (scaled[i] ? shift : 0)));
  });
}

/** The logarithm to the base 2. */
export function binaryLog(x: number): number {
  return withInstanceNow(core, ({ kernels }) => kernels.log(x)) * Math.LOG2E;
}
