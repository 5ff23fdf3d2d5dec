import { f64At, putF64, putU32, u32At } from "../lanes";
import { raise_powers } from "./powers";
import { place_query, product_exponents } from "./products";
import { exponents } from "./tiles";

/** Queries that go through the leaves together: a leaf is read from afar once for them all. */
const TOGETHER: i32 = 16;

/**
 * shifts, sums (m) ← of queries [from, to) of (m, d) the shift and the sum whose product 2^−shift · sum is Σ 2^−exponent over all rows in leaves of tiles. boxes (leaves, 2, d): lowest and highest cells; floors
 * (leaves, 2): least scale and bias; starts (leaves + 1): first tile; products, bounds: of `center_tiles`, or 0 for none. `own` (m): place of each query among the packed rows, which is left out, or 0 for none. A leaf is
 * left out if no term of it reaches 2^−bits of the sum so far. scratch: 144 + 16 d bytes and twice the largest leaf.
 *
 * The shift is near the least exponent met so far, so the sum is at least 1 however far a query is from everything.
 */
export function log_sums(
  shifts: usize,
  sums: usize,
  queries: usize,
  own: usize,
  packed: usize,
  products: usize,
  boxes: usize,
  floors: usize,
  bounds: usize,
  starts: usize,
  scratch: usize,
  leaves: i32,
  d: i32,
  laplacian: bool,
  bits: f64,
  from: i32,
  to: i32,
): void {
  // `addLeaf` writes up to 64 bytes before what it adds
  const placed = scratch + ((<usize>TOGETHER) << 2),
    room = placed + ((<usize>d + 1) << 4) + 64;
  for (; from < to; from += TOGETHER) {
    const last = min(from + TOGETHER, to);
    // each query begins with its nearest leaf, whose terms tell which others matter
    for (let i = from; i < last; i++) {
      const query = queries + ((<usize>i * d) << 3),
        nearest = nearestLeaf(query, boxes, floors, leaves, d, laplacian),
        first = u32At(starts, nearest),
        tiles = <i32>(u32At(starts, nearest + 1) - first);
      putF64(shifts, i, Infinity);
      putF64(sums, i, 0);
      putU32(scratch, i - from, nearest);
      exponents(room, query, packed + ((<usize>first * (d + 2)) << 6), tiles, d, laplacian);
      addLeaf(shifts, sums, own, room, first, tiles, i, -Infinity);
    }
    for (let leaf = 0; leaf < leaves; leaf++) {
      const first = u32At(starts, leaf),
        tiles = <i32>(u32At(starts, leaf + 1) - first),
        other = room + ((<usize>tiles) << 6),
        rows = packed + ((<usize>first * (d + 2)) << 6),
        centered = products + ((<usize>first * (d + 1)) << 6);
      // a query that waits for another, with which it shares what is read of the leaf
      let waiting = -1,
        waitingFloor: f64 = 0;
      for (let i = from; i < last; i++) {
        if (u32At(scratch, i - from) == leaf) continue;
        const query = queries + ((<usize>i * d) << 3);
        // ⌊log₂ sum⌋ is its exponent
        const reach = f64At(shifts, i) + bits - <f64>(<i32>(reinterpret<i64>(f64At(sums, i)) >> 52) - 1023);
        const floor = floorOf(query, boxes, floors, leaf, d, laplacian);
        if (floor >= reach && f64At(sums, i) != 0) continue;
        if (!products || !place_query(placed, <i32>(waiting >= 0), query, bounds + ((<usize>leaf * (d + 2)) << 3), d)) {
          exponents(room, query, rows, tiles, d, laplacian);
          addLeaf(shifts, sums, own, room, first, tiles, i, floor);
        } else if (waiting < 0) {
          waiting = i;
          waitingFloor = floor;
        } else {
          product_exponents(room, other, placed, centered, rows, tiles, d);
          addLeaf(shifts, sums, own, room, first, tiles, waiting, waitingFloor);
          addLeaf(shifts, sums, own, other, first, tiles, i, floor);
          waiting = -1;
        }
      }
      if (waiting < 0) continue;
      product_exponents(room, other, placed, centered, rows, tiles, d);
      addLeaf(shifts, sums, own, room, first, tiles, waiting, waitingFloor);
    }
  }
}

function nearestLeaf(query: usize, boxes: usize, floors: usize, leaves: i32, d: i32, laplacian: bool): i32 {
  let nearest = 0,
    least: f64 = Infinity;
  for (let leaf = 0; leaf < leaves; leaf++) {
    const floor = floorOf(query, boxes, floors, leaf, d, laplacian);
    if (floor >= least) continue;
    least = floor;
    nearest = leaf;
  }
  return nearest;
}

/** An exponent that none of a leaf's is below. */
function floorOf(query: usize, boxes: usize, floors: usize, leaf: i32, d: i32, laplacian: bool): f64 {
  const high = (<usize>d) << 3,
    end = query + high;
  let low = boxes + ((<usize>leaf) << 1) * high,
    sums = f64x2.splat(0);
  // an odd last column is loaded with a zero beside it
  for (; query < end; query += 16, low += 16) {
    const single = query + 8 == end,
      x = single ? v128.load64_zero(query) : v128.load(query),
      below = single ? v128.load64_zero(low) : v128.load(low),
      above = single ? v128.load64_zero(low + high) : v128.load(low + high);
    const apart = f64x2.pmax(f64x2.pmax(f64x2.sub(below, x), f64x2.sub(x, above)), f64x2.splat(0));
    sums = f64x2.add(sums, laplacian ? apart : f64x2.mul(apart, apart));
  }
  return (f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)) * f64At(floors, 2 * leaf) + f64At(floors, 2 * leaf + 1);
}

/** Adds the exponents (8 · tiles) of query i with a leaf that begins at tile `first`, none of them below `floor`. What lies before them is written to. */
function addLeaf(shifts: usize, sums: usize, own: usize, scratch: usize, first: u32, tiles: i32, i: i32, floor: f64): void {
  const end = scratch + ((<usize>tiles) << 6);
  if (own) {
    const place = u32At(own, i) - (first << 3);
    if (place < (<u32>tiles) << 3) putF64(scratch, place, Infinity);
  }
  let shift = f64At(shifts, i),
    sum = f64At(sums, i);
  // powers of up to 2⁵¹² are as good as those below 1: no shift changes where they are not exceeded
  if (floor < shift - 512) {
    let least = v128.load(scratch);
    for (let at = scratch + 16; at < end; at += 16) least = f64x2.pmin(least, v128.load(at));
    const low = min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1));
    if (low == Infinity) return;
    if (low < shift) {
      putF64(scratch, -8, shift);
      raise_powers(scratch - 64, 1, low);
      sum *= f64At(scratch, -8);
      shift = low;
      putF64(shifts, i, shift);
    }
  }
  putF64(sums, i, sum + raise_powers(scratch, tiles, shift));
}

/**
 * out (m) ← Σ weight · 2^−exponent of queries [from, to) of (m, d) with packed tiles; `triangle`: query i with the rows behind place i only. weights (tiles · 8). scratch: tiles · 8.
 */
export function weigh_kernels(
  out: usize,
  queries: usize,
  packed: usize,
  weights: usize,
  scratch: usize,
  tiles: i32,
  d: i32,
  laplacian: bool,
  triangle: bool,
  from: i32,
  to: i32,
): void {
  for (let i = from; i < to; i++) {
    const first = triangle ? i >> 3 : 0,
      skipped = (<usize>first) << 6;
    exponents(scratch, queries + ((<usize>i * d) << 3), packed + skipped * (d + 2), tiles - first, d, laplacian);
    if (triangle) for (let p = first << 3; p <= i; p++) putF64(scratch, p - (first << 3), Infinity);
    raise_powers(scratch, tiles - first, 0);
    let s = f64x2.splat(0),
      t = s;
    for (let at: usize = 0, end = (<usize>(tiles - first)) << 6; at < end; at += 32) {
      const weight = weights + skipped + at;
      s = f64x2.add(s, f64x2.mul(v128.load(weight), v128.load(scratch + at)));
      t = f64x2.add(t, f64x2.mul(v128.load(weight, 16), v128.load(scratch + at, 16)));
    }
    s = f64x2.add(s, t);
    putF64(out, i, f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1));
  }
}

/** out (m, 8 · tiles) ← itself and 2^−exponent of queries [from, to) of (m, d) with packed tiles; returns the largest sum of what was added to a row. scratch: tiles · 8. */
export function add_kernels(
  out: usize,
  queries: usize,
  packed: usize,
  scratch: usize,
  tiles: i32,
  d: i32,
  laplacian: bool,
  from: i32,
  to: i32,
): f64 {
  const width = (<usize>tiles) << 6;
  let most: f64 = 0;
  for (let i = from; i < to; i++) {
    exponents(scratch, queries + ((<usize>i * d) << 3), packed, tiles, d, laplacian);
    most = max(most, raise_powers(scratch, tiles, 0));
    const row = out + <usize>i * width;
    for (let at: usize = 0; at < width; at += 16) v128.store(row + at, f64x2.add(v128.load(row + at), v128.load(scratch + at)));
  }
  return most;
}

/**
 * out (m, d) ← gradients, by the query, of Σ weight · 2^−exponent, for queries [from, to) of (m, d) with packed tiles. The absolute value's is 0 at 0. weights (tiles · 8). scratch: tiles · 8.
 */
export function kernel_gradients(
  out: usize,
  queries: usize,
  packed: usize,
  weights: usize,
  scratch: usize,
  tiles: i32,
  d: i32,
  laplacian: bool,
  from: i32,
  to: i32,
): void {
  for (let i = from; i < to; i++) {
    const query = queries + ((<usize>i * d) << 3);
    exponents(scratch, query, packed, tiles, d, laplacian);
    raise_powers(scratch, tiles, 0);
    for (let c = 0; c < d; c++) putF64(out, i * d + c, 0);
    for (let place = 0; place < tiles << 3; place++) {
      const tile = packed + ((<usize>(place >> 3) * (d + 2)) << 6) + ((<usize>(place & 7)) << 3),
        factor = -0.6931471805599453 * f64At(weights, place) * f64At(scratch, place) * f64At(tile, d << 3);
      for (let c = 0; c < d; c++) {
        const apart = f64At(query, c) - f64At(tile, c << 3);
        putF64(out, i * d + c, f64At(out, i * d + c) + factor * (laplacian ? sign(apart) : 2 * apart));
      }
    }
  }
}

function sign(x: f64): f64 {
  return x > 0 ? 1 : x < 0 ? -1 : 0;
}
